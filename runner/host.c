/*
 * Host: read from uname and /proc, once a campaign.
 */
#include "runner/host.h"

#include <cjson/cJSON.h>
#include <glib.h>
#include <string.h>
#include <sys/utsname.h>

/* The value behind the first "KEY ... :" line of a /proc file, or NULL. */
static char *proc_value(const char *path, const char *key)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        const char *colon = strchr(lines[i], ':');

        if (colon && g_str_has_prefix(lines[i], key))
            return g_strstrip(g_strdup(colon + 1));
    }
    return NULL;
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

char *wb_host_facts(void)
{
    cJSON *facts = cJSON_CreateObject();
    g_autofree char *model = proc_value("/proc/cpuinfo", "model name");
    g_autofree char *memory = proc_value("/proc/meminfo", "MemTotal");
    struct utsname system;
    char *printed;
    char *text;

    add_text(facts, "name", g_get_host_name());
    if (uname(&system) == 0) {
        add_text(facts, "kernel", system.release);
        add_text(facts, "machine", system.machine);
    }
    add_text(facts, "cpu_model", model);
    cJSON_AddNumberToObject(facts, "cpus", g_get_num_processors());
    if (memory)
        cJSON_AddNumberToObject(facts, "memory_bytes",
                                (double)(g_ascii_strtoll(memory, NULL, 10) * 1024));
    printed = cJSON_PrintUnformatted(facts);
    text = g_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(facts);
    return text;
}
