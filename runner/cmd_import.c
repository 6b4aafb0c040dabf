/*
 * `wrkbook import`: past logs and CSV tables into a database.
 *
 * Files are stored in batches, each file whole or not at all; what ends the program costs at most
 * the batch that was open.
 */
#include <stdio.h>
#include <string.h>

#include "runner/commands.h"
#include "runner/import/dry_run.h"
#include "runner/import/field_value.h"
#include "runner/import/guess.h"
#include "runner/import/importer.h"
#include "runner/import/named_file.h"
#include "runner/import/printable.h"
#include "runner/import/told.h"
#include "runner/import/walk.h"
#include "runner/interrupt.h"

#define IMPORT_ERROR (g_quark_from_static_string("wb_cmd_import_error"))
enum { IMPORT_ERROR_USE, IMPORT_ERROR_FILES, IMPORT_ERROR_STRICT };

/* What the command line said. */
typedef struct {
    char *db, *labels_from, *manifest, *format, *campaign;
    char **labels, **settings, **paths;
    gboolean dry_run, guess, strict, version;
} Options;

static void clear_options(Options *o)
{
    g_free(o->db);
    g_free(o->labels_from);
    g_free(o->manifest);
    g_free(o->format);
    g_free(o->campaign);
    g_strfreev(o->labels);
    g_strfreev(o->settings);
    g_strfreev(o->paths);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, clear_options)

/* One call of the verb. */
typedef struct {
    Options options;
    WbLabels *labels;
    WbRun settings;
    WbPathTemplate *labels_from;
    WbStore *store;
    WbImporter *importer;
    WbImportOptions import;
    WbManifest *manifest;
    WbTold *told;
    WbDryRun *dry_run; /* NULL: no dry run */
    GError **error;
} Call;

static const char examples[] =
    "Examples:\n"
    "  wrkbook import --label host=blade7 logs/\n"
    "  wrkbook import --labels-from '{benchmark}/{server}__{framework}__run{run_no}.log' logs/\n"
    "  wrkbook import --guess logs/\n"
    "  wrkbook import --manifest logs/manifest.csv logs/\n"
    "  wrkbook import --label benchmark=hello --set timeout_ns=2s uwsgi.log\n"
    "  wrkbook import --label benchmark=data --set split=errors errors.csv\n"
    "\n"
    "What a file holds is found by its content: the output of wrk, wrk2, ab, hey, h2load, siege,\n"
    "vegeta, oha, k6, bombardier, autocannon, rewrk and plow, with whatever text around it, any\n"
    "number of runs in a file; JSON of wrk (samples/wrk/report.lua, with its histogram) and "
    "reports of\n"
    "autocannon, bombardier, oha, vegeta, k6 and fortio, alone, in lists or between other text;\n"
    "TechEmpower's raw.txt and results.json;\n"
    "CSV of hey, with every latency; a database of oha (--db-url), with every latency and slice;\n"
    "HdrHistogram's .hlog and .hgrm; Go benchmarks with req/s; or a CSV table. Below a folder all\n"
    "files are read, in the order of their names; names that begin with a dot are not. The text "
    "of\n"
    "each file is kept, and a file whose content is in the database already adds nothing.\n"
    "\n"
    "Labels: --labels-from is matched against the end of each path; {name} stands for a text\n"
    "without '/', {run_no} and other fields set that field, {_} is not kept. A file whose path\n"
    "does not fit is not imported. A CSV column wins over the path, the path over --label.\n"
    "--guess proposes a template: the template on standard output, what it takes beside it.\n"
    "\n"
    "CSV: a column is a field of run_facts (value is short for requests_per_s, min and max for\n"
    "window_min and window_max), state, split, because, or a label. A row with run_no, requests,\n"
    "error counts or latencies is a run; one with only a rate or a range is a published figure,\n"
    "which may be 'errors', 'n/a' or blank. 19.34k, 11.18ms and 1.25MB are read as rounded.\n"
    "\n"
    "Manifest: JSON, {\"hello/a.log\": {\"server\": \"gunicorn\", \"timeout_ns\": \"10s\"}}, or "
    "CSV with\n"
    "a column path. Paths are taken from the manifest's own folder on; a folder's labels hold for\n"
    "all files below it. A name that is a field of run_facts sets it, any other is a label. The\n"
    "manifest wins over the path; a file that it does not name is not imported.\n"
    "\n"
    "A run is dated by its log, else by started_at of manifest, path or --set, else by the time "
    "of\n"
    "its file; which of them is kept as started_from.\n"
    "Exit status: 2 if a file could not be imported (the others are); with --strict also if a\n"
    "line was not understood, a file held no run, or the manifest names what is not there.";

static bool parse_options(Options *o, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        wb_store_db_option(&o->db),
        {"label", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->labels,
         "Label of everything imported, as in server=gunicorn (repeatable)", "KEY=VALUE"},
        {"labels-from", 0, 0, G_OPTION_ARG_STRING, &o->labels_from,
         "Labels and fields from the end of each path", "TEMPLATE"},
        {"manifest", 0, 0, G_OPTION_ARG_FILENAME, &o->manifest,
         "Labels, start times and settings of each path, as JSON or CSV", "FILE"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->settings,
         "Field for each run that lacks it, as in timeout_ns=10s; split and because for published "
         "figures (repeatable)",
         "FIELD=VALUE"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o->format,
         "Read every file as of this kind (wrk, csv, hey, ...), whatever it looks like", "NAME"},
        {"campaign", 0, 0, G_OPTION_ARG_STRING, &o->campaign, "Name of this import", "NAME"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &o->dry_run,
         "Store nothing; print a table of what would be stored", NULL},
        {"guess", 0, 0, G_OPTION_ARG_NONE, &o->guess,
         "Import nothing; propose a --labels-from for the paths", NULL},
        {"strict", 0, 0, G_OPTION_ARG_NONE, &o->strict,
         "Exit status 2 if anything was not understood", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Show the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->paths, NULL, "FILE|FOLDER..."},
        {0},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("- read past logs and CSV tables into a database");

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, examples);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return false;
    if (o->version || (o->paths && o->paths[0]))
        return true;
    g_set_error_literal(error, IMPORT_ERROR, IMPORT_ERROR_USE,
                        "no file or folder named; see wrkbook import --help");
    return false;
}

/* ---- options into what the importer takes --------------------------------------------------- */

/* "field=value" of --set. */
static bool read_setting(Call *call, char *text, GError **error)
{
    char *equals = strchr(text, '=');
    const WbField *field;

    if (!equals || equals == text || !equals[1]) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_USE,
                    "--set '%s': write FIELD=VALUE, as in timeout_ns=10s", text);
        return false;
    }
    *equals = '\0';
    if (strcmp(text, "because") == 0) {
        call->import.because = equals + 1;
        return true;
    }
    if (strcmp(text, "split") == 0) {
        call->import.split = wb_field_parse_split(equals + 1);
        if (!call->import.split)
            g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_USE,
                        "--set split: '%s' is neither 'errors' nor 'no errors'", equals + 1);
        return call->import.split != NULL;
    }
    field = wb_field_find_settable(text);
    if (!field) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_USE,
                    "--set '%s': no such field; for a label write --label %s=%s", text, text,
                    equals + 1);
        return false;
    }
    if (wb_field_set_text(&call->settings, field, equals + 1, error))
        return true;
    g_prefix_error(error, "--set %s: ", text);
    return false;
}

static bool read_format(Call *call, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    size_t n;
    const WbParser *const *parsers = wb_parsers(&n);

    if (!call->options.format)
        return true;
    call->import.parser = wb_parser_find(call->options.format);
    if (call->import.parser)
        return true;
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", parsers[i]->name);
    g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_USE,
                "--format '%s': no such format; there are %s", call->options.format, names->str);
    return false;
}

static bool read_values(Call *call, GError **error)
{
    const Options *o = &call->options;

    for (size_t i = 0; o->labels && o->labels[i]; i++)
        if (!wb_labels_parse(call->labels, o->labels[i], error)) {
            g_prefix_error(error, "--label: ");
            return false;
        }
    for (size_t i = 0; o->settings && o->settings[i]; i++)
        if (!read_setting(call, o->settings[i], error))
            return false;
    if (o->labels_from) {
        call->labels_from = wb_path_template_new(o->labels_from, error);
        if (!call->labels_from)
            return false;
    }
    if (o->manifest) {
        call->manifest = wb_manifest_load(o->manifest, error);
        if (!call->manifest)
            return false;
    }
    return read_format(call, error);
}

/* ---- what the user is told ------------------------------------------------------------------ */

static void keep_note(void *user_data, WbImportNote kind, const char *sentence)
{
    const Call *call = user_data;

    wb_told_add(call->told, kind, sentence);
}

static void keep_record(void *user_data, const char *path, const WbRun *run,
                        const WbPublished *published, const WbLabels *labels)
{
    const Call *call = user_data;

    wb_dry_run_add(call->dry_run, path, run, published, labels);
}

static void show_progress(void *user_data)
{
    const Call *call = user_data;

    if (call->importer)
        wb_told_progress(call->told, wb_importer_counts(call->importer));
}

static void note_unused(const Call *call)
{
    g_autoptr(GPtrArray) unused = call->manifest ? wb_manifest_unused(call->manifest) : NULL;

    for (guint i = 0; unused && i < unused->len; i++) {
        g_autofree char *shown = wb_printable(unused->pdata[i], 500);

        wb_told_add(call->told, WB_IMPORT_NOTE_UNUSED, shown);
    }
}

static void print_last_words(Call *call)
{
    const bool is_dry = call->options.dry_run;

    g_clear_pointer(&call->dry_run, wb_dry_run_free);
    note_unused(call);
    wb_told_print(call->told, call->importer ? wb_importer_counts(call->importer) : NULL,
                  call->store && !is_dry ? wb_store_path(call->store) : NULL, is_dry);
}

/* ---- files ---------------------------------------------------------------------------------- */

static WbStore *open_store(void *user_data, GError **error)
{
    Call *call = user_data;

    call->store = wb_store_open(call->options.db, error);
    return call->store;
}

static bool on_file(void *user_data, const WbWalkFile *file)
{
    Call *call = user_data;

    if (wb_interrupt_signal())
        return false;
    if (call->manifest && wb_manifest_is_file(call->manifest, file->path))
        return true;
    if (file->state != WB_WALK_OK) {
        g_autofree char *shown = wb_printable(file->path, 500);
        g_autofree char *sentence = g_strdup_printf("%s: %s", shown, file->why);

        keep_note(call,
                  file->state == WB_WALK_FAILED ? WB_IMPORT_NOTE_FAILED : WB_IMPORT_NOTE_SKIPPED,
                  sentence);
        return true;
    }
    return wb_importer_add(call->importer, file->path, call->error);
}

static bool import_all(Call *call, GError **error)
{
    g_autoptr(GError) why = NULL;
    bool goes_on = true;

    call->error = &why;
    call->importer = wb_importer_new(&call->import);
    for (size_t i = 0; goes_on && call->options.paths[i]; i++)
        goes_on = wb_walk(call->options.paths[i], on_file, call);
    if (!why)
        wb_importer_finish(call->importer, &why);
    if (!why)
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* ---- guessing ------------------------------------------------------------------------------- */

static bool keep_path(void *user_data, const WbWalkFile *file)
{
    if (file->state == WB_WALK_OK) {
        char *unpacked = wb_named_file_unpacked(file->path);

        g_ptr_array_add(user_data, unpacked ? unpacked : g_strdup(file->path));
    } else if (file->state == WB_WALK_FAILED) {
        g_autofree char *shown = wb_printable(file->path, 500);

        fprintf(stderr, "%s: %s\n", shown, file->why);
    }
    return !wb_interrupt_signal();
}

/* The template alone goes to standard output: --labels-from "$(wrkbook import --guess logs)". */
static int guess_labels(const Call *call, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(WbPathTemplate) path_template = NULL;
    g_autofree char *text = NULL;
    g_autofree char *told = NULL;
    g_autofree char *quoted = NULL;

    for (size_t i = 0; call->options.paths[i]; i++)
        wb_walk(call->options.paths[i], keep_path, paths);
    if (paths->len == 0) {
        g_set_error_literal(error, IMPORT_ERROR, IMPORT_ERROR_FILES, "no file is there");
        return 2;
    }
    text = wb_guess_template(paths);
    path_template = text ? wb_path_template_new(text, error) : NULL;
    if (!path_template) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILES,
                    "the paths of the %u files follow no pattern that --labels-from could say; "
                    "name them in a --manifest, or all by --label",
                    paths->len);
        return 1;
    }
    told = wb_guess_describe(path_template, paths);
    quoted = g_shell_quote(text);
    puts(text);
    fprintf(stderr,
            "%sIf that is right, or once you have put better names between the braces:\n"
            "  wrkbook import --labels-from %s ...\n",
            told, quoted);
    return 0;
}

/* The exit status once everything that could be stored is. */
static int judge(const Call *call, GError **error)
{
    const WbTold *told = call->told;
    int64_t failed =
        wb_told_count(told, WB_IMPORT_NOTE_FAILED) + wb_told_count(told, WB_IMPORT_NOTE_UNLABELLED);
    int64_t doubtful = wb_told_count(told, WB_IMPORT_NOTE_UNREAD) +
                       wb_told_count(told, WB_IMPORT_NOTE_NO_RUN) +
                       wb_told_count(told, WB_IMPORT_NOTE_UNUSED);

    if (wb_interrupt_signal()) {
        fputs("stopped by a signal; what was read until then is stored\n", stderr);
        return 128 + wb_interrupt_signal();
    }
    if (failed > 0) {
        g_set_error(error, IMPORT_ERROR, IMPORT_ERROR_FILES,
                    "%" G_GINT64_FORMAT " file%s could not be imported; see above", failed,
                    failed == 1 ? "" : "s");
        return 2;
    }
    if (call->options.strict && doubtful > 0) {
        g_set_error_literal(error, IMPORT_ERROR, IMPORT_ERROR_STRICT,
                            "not everything was understood (--strict); see above");
        return 2;
    }
    return 0;
}

static void init_call(Call *call)
{
    call->labels = wb_labels_new();
    wb_run_init(&call->settings);
    call->told = wb_told_new();
}

static void clear_call(Call *call)
{
    wb_importer_free(call->importer);
    wb_store_free(call->store);
    wb_path_template_free(call->labels_from);
    wb_labels_free(call->labels);
    wb_manifest_free(call->manifest);
    wb_dry_run_free(call->dry_run);
    wb_told_free(call->told);
    clear_options(&call->options);
}

static int run_call(Call *call, GError **error)
{
    if (!read_values(call, error))
        return 2;
    if (call->options.guess)
        return guess_labels(call, error);
    call->import.labels = call->labels;
    call->import.labels_from = call->labels_from;
    call->import.manifest = call->manifest;
    call->import.settings = call->options.settings ? &call->settings : NULL;
    call->import.campaign = call->options.campaign;
    call->import.open_store = call->options.dry_run ? NULL : open_store;
    call->import.note = keep_note;
    call->import.progress = show_progress;
    call->import.would_store = keep_record;
    if (call->options.dry_run)
        call->dry_run = wb_dry_run_new();
    call->import.user_data = call;
    wb_interrupt_install();
    if (!import_all(call, error))
        return 2;
    print_last_words(call);
    return judge(call, error);
}

int wb_cmd_import(int argc, char **argv, GError **error)
{
    g_autofree char *words = g_strjoinv(" ", argv);
    g_autofree char *command = g_strconcat("wrkbook ", words, NULL);
    Call call = {0};
    int status = 2;

    init_call(&call);
    call.import.command = command;
    if (parse_options(&call.options, argc, argv, error)) {
        if (call.options.version)
            puts("wrkbook " WB_VERSION);
        status = call.options.version ? 0 : run_call(&call, error);
    }
    clear_call(&call);
    return status;
}
