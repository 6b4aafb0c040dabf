/* Story, the test environment: hosts, campaigns, the commands of load and servers, exactly. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "report/case_name.h"
#include "report/clean.h"
#include "report/story_parts.h"

#define COMMANDS_MOST 60  /* of the servers; the database holds all */
#define SUITE_MOST    200 /* lines of a suite file; the database holds all */
#define MINUTE        16  /* bytes of "2026-11-26T16:48" */

/* ---- hosts ---------------------------------------------------------------------------------- */

static void append_text(GString *out, const cJSON *host, const char *key, const char *before)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(host, key);

    if (cJSON_IsString(item) && *item->valuestring)
        g_string_append_printf(out, "%s%s%s", out->len ? ", " : "", before, item->valuestring);
}

/* "AMD EPYC, 2 CPUs, 23.5 GiB, Linux 6.18, x86_64"; NULL: unknown. */
static char *host_of(const WbCampaignRecord *record)
{
    cJSON *host = record->host ? cJSON_Parse(record->host) : NULL;
    const cJSON *cpus = cJSON_GetObjectItemCaseSensitive(host, "cpus");
    const cJSON *memory = cJSON_GetObjectItemCaseSensitive(host, "memory_bytes");
    g_autoptr(GString) text = g_string_new(NULL);

    if (!host)
        return NULL;
    append_text(text, host, "cpu_model", "");
    if (cJSON_IsNumber(cpus))
        g_string_append_printf(text, "%s%.0f CPU%s", text->len ? ", " : "", cpus->valuedouble,
                               cpus->valuedouble == 1 ? "" : "s");
    if (cJSON_IsNumber(memory) && memory->valuedouble > 0) {
        g_autofree char *bytes = wb_units_format_bytes((int64_t)memory->valuedouble);

        g_string_append_printf(text, "%s%s of memory", text->len ? ", " : "", bytes);
    }
    append_text(text, host, "kernel", "Linux ");
    append_text(text, host, "machine", "");
    cJSON_Delete(host);
    return text->len ? wb_clean_whole(text->str) : NULL;
}

char *wb_story_hosts(const WbStory *story)
{
    g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < story->campaigns->len; i++) {
        char *host = host_of(&g_array_index(story->campaigns, WbCampaignRecord, i));

        if (!host || g_ptr_array_find_with_equal_func(hosts, host, g_str_equal, NULL))
            g_free(host);
        else
            g_ptr_array_add(hosts, host);
    }
    g_ptr_array_add(hosts, NULL);
    return hosts->len > 1 ? g_strjoinv("; ", (char **)hosts->pdata) : NULL;
}

/* ---- campaigns ------------------------------------------------------------------------------ */

static char *campaign_text(const WbCampaignRecord *record)
{
    g_autofree char *host = host_of(record);
    g_autofree char *at = g_strndup(record->started_at, MINUTE);
    g_autoptr(GString) text =
        g_string_new(strcmp(record->kind, "import") != 0 ? record->kind : "logs");

    if (strlen(at) > 10)
        at[10] = ' ';
    if (record->name)
        g_string_append_printf(text, " \xe2\x80\x9c%s\xe2\x80\x9d", record->name);
    g_string_append_printf(text, ", %s %s UTC",
                           strcmp(record->kind, "import") != 0 ? "begun" : "read", at);
    if (record->run_order)
        g_string_append_printf(text, ", %s", record->run_order);
    if (record->version)
        g_string_append_printf(text, ", by wrkbook %s", record->version);
    if (host)
        g_string_append_printf(text, ", on %s", host);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void tell_campaigns(WbTelling *t)
{
    GPtrArray *facts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < t->story->campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(t->story->campaigns, WbCampaignRecord, i);

        g_ptr_array_add(facts, g_strdup_printf("Campaign %" PRId64, record->id));
        g_ptr_array_add(facts, campaign_text(record));
    }
    wb_paper_add_facts(t->paper, facts);
}

/* ---- commands ------------------------------------------------------------------------------- */

/* Distinct texts as lines, the first COMMANDS_MOST of them. */
typedef struct {
    GString *lines;
    GHashTable *seen; /* owns the texts */
} Lines;

static void lines_init(Lines *lines)
{
    lines->lines = g_string_new(NULL);
    lines->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* A comment line names what the first of equal commands is of. */
static void lines_add(Lines *lines, const char *comment, const char *command)
{
    g_autofree char *cleaned = wb_clean_whole(command);

    if (!*cleaned || !g_hash_table_add(lines->seen, g_strdup(cleaned)) ||
        g_hash_table_size(lines->seen) > COMMANDS_MOST)
        return;
    if (comment)
        g_string_append_printf(lines->lines, "# %s\n", comment);
    g_string_append_printf(lines->lines, "%s\n", cleaned);
}

static void lines_tell(Lines *lines, WbTelling *t, const char *intro)
{
    guint n = g_hash_table_size(lines->seen);

    if (n > COMMANDS_MOST)
        g_string_append_printf(lines->lines,
                               "# and %u more, in the database: SELECT DISTINCT "
                               "server_command FROM runs\n",
                               n - COMMANDS_MOST);
    if (n) {
        g_string_truncate(lines->lines, lines->lines->len - 1);
        wb_paper_add_text(t->paper, intro);
        wb_paper_add_code(t->paper, lines->lines->str);
    }
    g_string_free(lines->lines, TRUE);
    g_hash_table_destroy(lines->seen);
}

static void tell_load(WbTelling *t)
{
    const GArray *runs = t->story->query.set->runs;
    Lines lines;

    lines_init(&lines);
    for (guint i = 0; i < t->story->campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(t->story->campaigns, WbCampaignRecord, i);
        g_autofree char *command =
            record->command ? g_strconcat("wrkbook ", record->command, NULL) : NULL;

        if (command && strcmp(record->kind, "import") != 0)
            lines_add(&lines, NULL, command);
    }
    for (guint i = 0; i < runs->len; i++) {
        const WbRun *run = &g_array_index(runs, WbRun, i);

        if (run->command)
            lines_add(&lines, NULL, run->command);
    }
    lines_tell(&lines, t, "The load was made by:");
}

/* One command a case, that of its first run: from run to run only the port differs. */
static void tell_servers(WbTelling *t)
{
    const WbSummary *summary = t->story->query.summary;
    g_autoptr(GPtrArray) labels = g_ptr_array_new();
    g_autoptr(GPtrArray) keys = NULL;
    Lines lines;

    lines_init(&lines);
    for (size_t i = 0; i < summary->cases->len; i++)
        g_ptr_array_add(labels, wb_summary_at(summary, i)->of_case->labels);
    keys = wb_case_name_keys(labels, NULL, NULL);
    for (size_t i = 0; i < summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(summary, i);
        const WbRun *run = of->complete_n ? of->complete[0] : NULL;
        g_autofree char *name = NULL;
        g_autofree char *comment = NULL;

        if (!run || !run->server_command)
            continue;
        name = wb_case_name(of->of_case->labels, keys);
        comment = run->server_version ? g_strdup_printf("%s: %s", name, run->server_version)
                                      : g_strdup(name);
        lines_add(&lines, comment, run->server_command);
    }
    lines_tell(&lines, t, "The servers were started by, in the first run of each case:");
}

/* Line for line: what is cleaned is one line. */
static void append_suite(GString *out, const char *suite)
{
    g_auto(GStrv) lines = g_strsplit(suite, "\n", -1);
    guint n = g_strv_length(lines);

    while (n > 0 && !*lines[n - 1])
        n--;
    for (guint i = 0; i < MIN(n, SUITE_MOST); i++) {
        g_autofree char *cleaned = wb_clean_whole(lines[i]);

        g_string_append_printf(out, "%s%s", i ? "\n" : "", cleaned);
    }
    if (n > SUITE_MOST)
        g_string_append_printf(
            out, "\n# and %u more lines, in the database: SELECT suite FROM campaigns",
            n - SUITE_MOST);
}

/* What another host needs to measure the same: each file once. */
static void tell_suites(WbTelling *t)
{
    const GArray *campaigns = t->story->campaigns;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < campaigns->len; i++) {
        const char *suite = g_array_index(campaigns, WbCampaignRecord, i).suite;
        g_autoptr(GString) text = g_string_new(NULL);

        if (!suite || !g_hash_table_add(seen, (gpointer)suite))
            continue;
        append_suite(text, suite);
        wb_paper_add_text(t->paper, "The suite file, with all settings of load and servers:");
        wb_paper_add_code(t->paper, text->str);
    }
}

void wb_story_tell_environment(WbTelling *t)
{
    wb_paper_add_heading(t->paper, 1, "Test environment");
    tell_campaigns(t);
    tell_load(t);
    tell_servers(t);
    tell_suites(t);
}
