/*
 * `wrkbook logs`: what was imported, and each text again, byte for byte.
 *
 * The list is for people and programs; names and lines of logs are foreign text and are cleaned
 * for a terminal. A printed log is not: it is what the user asked for, and has to be exact.
 */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "runner/commands.h"
#include "runner/import/printable.h"
#include "schema/store.h"

#define LOGS_ERROR (g_quark_from_static_string("wb_cmd_logs_error"))
enum { LOGS_ERROR_USE, LOGS_ERROR_WRITE };

#define NAME_CHARS 500
#define LINE_CHARS 200

typedef struct {
    char *db, *format;
    char **which;
    gboolean unread, version;
} Options;

static void clear_options(Options *o)
{
    g_free(o->db);
    g_free(o->format);
    g_strfreev(o->which);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

static const char examples[] =
    "Examples:\n"
    "  wrkbook logs                     what was imported: number, size, runs, lines not "
    "understood\n"
    "  wrkbook logs 7 > uwsgi.log       the text of log 7, byte for byte, unpacked\n"
    "  wrkbook logs old/uwsgi.log       the same, by the name it was imported under\n"
    "  wrkbook logs --unread            every line that was not understood, as FILE:LINE\n"
    "  wrkbook logs --format json\n"
    "\n"
    "With several logs named their texts follow each other. In the list, packed is the size in\n"
    "the database; control characters of names and lines are shown as '?'.";

static bool parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        wb_store_db_option(&o->db),
        {"unread", 0, 0, G_OPTION_ARG_NONE, &o->unread,
         "List the lines that were not understood, of the logs named or of all", NULL},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o->format, "List as text (default) or json", "NAME"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Show the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->which, NULL, "[LOG...]"},
        {0},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("- list imported logs, or print one back");

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return false;
    if (!o->format || strcmp(o->format, "text") == 0 || strcmp(o->format, "json") == 0)
        return true;
    g_set_error(error, LOGS_ERROR, LOGS_ERROR_USE,
                "--format '%s': no such format; there are text and json", o->format);
    return false;
}

/* ---- the list ------------------------------------------------------------------------------- */

static void print_heading(void)
{
    printf("%6s %12s %10s %8s %9s %6s  %-20s  %s\n", "log", "bytes", "packed", "runs", "published",
           "unread", "imported", "name");
}

static void print_log(void *user_data, const WbLogRecord *log)
{
    int64_t *count = user_data;
    g_autofree char *name = wb_printable(log->name, NAME_CHARS);
    /* To the second: of "2026-01-02T03:04:05.678901Z" the first part. */
    g_autofree char *second = g_strndup(log->imported_at ? log->imported_at : "-", 19);
    g_autofree char *when = wb_printable(second, NAME_CHARS);

    if ((*count)++ == 0)
        print_heading();
    printf("%6" G_GINT64_FORMAT " %12" G_GINT64_FORMAT " %10" G_GINT64_FORMAT " %8" G_GINT64_FORMAT
           " %9" G_GINT64_FORMAT " %6" G_GINT64_FORMAT "  %-20s  %s\n",
           log->id, log->bytes, log->packed_bytes, log->runs, log->published, log->unread, when,
           name);
}

static void add_log_json(void *user_data, const WbLogRecord *log)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToArray(user_data, item);
    cJSON_AddNumberToObject(item, "log", (double)log->id);
    cJSON_AddStringToObject(item, "name", log->name);
    cJSON_AddStringToObject(item, "sha256", log->sha256);
    cJSON_AddNumberToObject(item, "bytes", (double)log->bytes);
    cJSON_AddNumberToObject(item, "packed_bytes", (double)log->packed_bytes);
    cJSON_AddNumberToObject(item, "runs", (double)log->runs);
    cJSON_AddNumberToObject(item, "published", (double)log->published);
    cJSON_AddNumberToObject(item, "unread_lines", (double)log->unread);
    cJSON_AddItemToObject(item, "imported_at",
                          log->imported_at ? cJSON_CreateString(log->imported_at)
                                           : cJSON_CreateNull());
    cJSON_AddItemToObject(item, "campaign",
                          log->campaign ? cJSON_CreateString(log->campaign) : cJSON_CreateNull());
}

static bool list_json(WbStore *store, GError **error)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *logs;
    char *text = NULL;
    bool ok;

    cJSON_AddStringToObject(document, "document", "wrkbook/logs");
    cJSON_AddNumberToObject(document, "version", 1);
    logs = cJSON_AddArrayToObject(document, "logs");
    ok = wb_store_each_log(store, add_log_json, logs, error);
    if (ok)
        text = cJSON_Print(document);
    if (text)
        puts(text);
    cJSON_free(text);
    cJSON_Delete(document);
    return ok;
}

static bool list(WbStore *store, const Options *o, GError **error)
{
    int64_t count = 0;

    if (o->format && strcmp(o->format, "json") == 0)
        return list_json(store, error);
    if (!wb_store_each_log(store, print_log, &count, error))
        return false;
    if (count == 0)
        fprintf(stderr, "no log was imported into %s\n", wb_store_path(store));
    return true;
}

static void print_unread(void *user_data, int64_t log_id, const char *name,
                         const WbUnreadLine *line)
{
    g_autofree char *shown = wb_printable(name, NAME_CHARS);
    g_autofree char *stripped = g_strstrip(g_strdup(line->text));
    g_autofree char *text = wb_printable(stripped, LINE_CHARS);

    (void)user_data;
    (void)log_id;
    printf("%s:%" G_GINT64_FORMAT ": %s (%s)\n", shown, line->line, text, line->reason);
}

/* ---- one log -------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    int64_t id;
} Search;

static void match_name(void *user_data, const WbLogRecord *log)
{
    Search *search = user_data;

    if (strcmp(log->name, search->name) == 0)
        search->id = log->id;
}

/* The number of the log that a word names: digits, else the newest log of that name. */
static bool find(WbStore *store, const char *word, int64_t *out_id, GError **error)
{
    Search search = {word, WB_NONE};
    g_autofree char *shown = NULL;

    if (g_ascii_string_to_signed(word, 10, 1, INT64_MAX, out_id, NULL))
        return true;
    if (!wb_store_each_log(store, match_name, &search, error))
        return false;
    *out_id = search.id;
    if (search.id != WB_NONE)
        return true;
    shown = wb_printable(word, NAME_CHARS);
    g_set_error(error, LOGS_ERROR, LOGS_ERROR_USE,
                "database '%s' has no log '%s'; `wrkbook logs` lists them", wb_store_path(store),
                shown);
    return false;
}

static bool write_text(void *user_data, const char *bytes, size_t len, GError **error)
{
    (void)user_data;
    if (fwrite(bytes, 1, len, stdout) == len)
        return true;
    g_set_error_literal(error, LOGS_ERROR, LOGS_ERROR_WRITE, "cannot write to standard output");
    return false;
}

static bool show(WbStore *store, const Options *o, GError **error)
{
    if (!o->which)
        return o->unread ? wb_store_each_unread(store, WB_NONE, print_unread, NULL, error)
                         : list(store, o, error);
    for (size_t i = 0; o->which[i]; i++) {
        int64_t id;

        if (!find(store, o->which[i], &id, error) ||
            !(o->unread ? wb_store_each_unread(store, id, print_unread, NULL, error)
                        : wb_store_read_log(store, id, write_text, NULL, error)))
            return false;
    }
    return true;
}

int wb_cmd_logs(int argc, char **argv, GError **error)
{
    g_auto(Options) options = {0};
    g_autoptr(WbStore) store = NULL;

    if (!parse_options(&options, argc, argv, error))
        return 2;
    if (options.version) {
        puts("wrkbook " WB_VERSION);
        return 0;
    }
    store = wb_store_open_readonly(options.db, error);
    return store && show(store, &options, error) ? 0 : 2;
}
