/*
 * A file's first record opens, in this order and as far as needed: the transaction of the batch,
 * the campaign, the log. So a file without a record leaves nothing behind, and one whose text is
 * known is dropped at its first record. Batches end with a file; they are committed when they are
 * large or old enough, and a batch that added nothing but the campaign never is.
 */
#include "runner/import/importer.h"

#include <string.h>

#include "runner/import/field_value.h"
#include "runner/import/printable.h"

#define BATCH_FILES 256
#define BATCH_BYTES (32 << 20)
#define BATCH_US    1000000
#define LINE_CHARS  120 /* of a foreign line that are shown */
#define NAME_CHARS  500

/* Ends a parse without being an error: the text is in the database already. */
#define KNOWN_ERROR (g_quark_from_static_string("wb_importer_known_error"))

/* The batch: what lies between two commits. */
typedef struct {
    bool is_open;
    bool has_log; /* something was added to it */
    int files;
    size_t bytes;
    int64_t begun_us;
} Batch;

/* The text at hand. */
typedef struct {
    const char *path;
    char *shown; /* path for messages */
    const char *bytes;
    size_t len;
    bool is_trial;  /* parsed only to see whether it can be: nothing is stored or noted */
    int64_t log_id; /* WB_NONE until its first record */
    WbLabels *labels;
    WbRun run; /* the fields that the path gives */
    GStringChunk *text;
    char *started_at; /* NULL: not known from the file */
    int64_t runs;
    int64_t published;
    int64_t unread;
} File;

struct WbImporter {
    WbImportOptions options;
    WbImportCounts counts;
    bool has_campaign;
    Batch batch;
    File file;
};

WbImporter *wb_importer_new(const WbImportOptions *options)
{
    WbImporter *importer = g_new0(WbImporter, 1);

    importer->options = *options;
    return importer;
}

void wb_importer_free(WbImporter *importer)
{
    if (!importer)
        return;
    if (importer->batch.is_open)
        wb_store_rollback(importer->options.store);
    g_free(importer);
}

const WbImportCounts *wb_importer_counts(const WbImporter *importer)
{
    return &importer->counts;
}

G_GNUC_PRINTF(3, 4)
static void note(const WbImporter *importer, WbImportNote kind, const char *format, ...)
{
    g_autofree char *sentence = NULL;
    va_list arguments;

    va_start(arguments, format);
    sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    importer->options.note(importer->options.user_data, kind, sentence);
}

/* ---- batch, campaign, log ------------------------------------------------------------------- */

static bool commit(WbImporter *importer, GError **error)
{
    Batch *batch = &importer->batch;

    if (!batch->is_open)
        return true;
    if (!batch->has_log) {
        batch->is_open = false;
        wb_store_rollback(importer->options.store);
        return true;
    }
    if (!wb_store_commit(importer->options.store, error))
        return false;
    *batch = (Batch){0};
    return true;
}

static bool open_batch(WbImporter *importer, GError **error)
{
    const WbImportOptions *options = &importer->options;

    if (!importer->batch.is_open) {
        if (!wb_store_begin(options->store, error))
            return false;
        importer->batch = (Batch){.is_open = true, .begun_us = g_get_monotonic_time()};
    }
    if (!importer->has_campaign) {
        WbCampaign campaign = {
            .kind = g_strdup("import"),
            .name = g_strdup(options->campaign),
            .command = g_strdup(options->command),
        };

        importer->has_campaign = wb_store_add_campaign(options->store, &campaign, error);
        wb_campaign_clear(&campaign);
    }
    return importer->has_campaign;
}

/* Makes sure that the text at hand is stored; ends the parse with KNOWN_ERROR if it was before. */
static bool open_log(WbImporter *importer, GError **error)
{
    File *file = &importer->file;
    g_autofree char *known_as = NULL;
    g_autofree char *shown = NULL;
    bool is_known;

    if (!importer->options.store || file->is_trial || file->log_id != WB_NONE)
        return true;
    if (!open_batch(importer, error) ||
        !wb_store_add_log(importer->options.store, file->path, file->bytes, file->len,
                          &file->log_id, &is_known, &known_as, error))
        return false;
    if (!is_known) {
        importer->batch.has_log = true;
        return true;
    }
    shown = wb_printable(known_as, NAME_CHARS);
    note(importer, WB_IMPORT_NOTE_KNOWN, "%s: already imported as '%s', nothing added", file->shown,
         shown);
    g_set_error_literal(error, KNOWN_ERROR, 0, "known");
    return false;
}

/* ---- records -------------------------------------------------------------------------------- */

/* Gives `run` each field that it lacks and `more` has, with its half width. */
static void fill_fields(WbRun *run, const WbRun *more)
{
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < n; i++) {
        const WbField *field = &fields[i];
        char *to = (char *)run;
        const char *from = (const char *)more;
        size_t size = field->type == WB_FIELD_TEXT   ? sizeof(char *)
                      : field->type == WB_FIELD_REAL ? sizeof(double)
                                                     : sizeof(int64_t);

        if (!wb_field_is_missing(run, field) || wb_field_is_missing(more, field))
            continue;
        memcpy(to + field->offset, from + field->offset, size);
        if (field->half_offset)
            memcpy(to + field->half_offset, from + field->half_offset, size);
    }
}

/* The labels of a record: the file's, with the text's own over them. Caller frees. */
static WbLabels *merged_labels(const File *file, const WbLabels *own, int64_t line, GError **error)
{
    g_autoptr(WbLabels) labels = wb_labels_copy(file->labels);

    if (own)
        wb_labels_merge(labels, own);
    if (wb_labels_count(labels) <= WB_LABELS_MAX)
        return g_steal_pointer(&labels);
    g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                "%" G_GINT64_FORMAT ": more than %d labels; remove some columns", line,
                WB_LABELS_MAX);
    return NULL;
}

static bool on_run(void *user_data, const WbRun *parsed, const WbLabels *own, GError **error)
{
    WbImporter *importer = user_data;
    const WbImportOptions *options = &importer->options;
    File *file = &importer->file;
    g_autoptr(WbLabels) labels = merged_labels(file, own, parsed->log_line, error);
    WbRun run = *parsed;

    if (!labels || !open_log(importer, error))
        return false;
    if (file->is_trial)
        return true;
    fill_fields(&run, &file->run);
    fill_fields(&run, options->settings);
    file->run.run_no = WB_NONE; /* the path names one run: the first of the text */
    if (!run.started_at)
        run.started_at = file->started_at;
    run.log_id = file->log_id;
    if (run.printed_mismatch)
        note(importer, WB_IMPORT_NOTE_MISMATCH, "%s:%" G_GINT64_FORMAT ": %s", file->shown,
             run.log_line, run.printed_mismatch);
    if (!options->store && options->would_store)
        options->would_store(options->user_data, file->shown, &run, NULL, labels);
    file->runs++;
    return !options->store || wb_store_add_run(options->store, &run, labels, NULL, error);
}

static bool on_published(void *user_data, const WbPublished *parsed, const WbLabels *own,
                         GError **error)
{
    WbImporter *importer = user_data;
    const WbImportOptions *options = &importer->options;
    File *file = &importer->file;
    g_autoptr(WbLabels) labels = merged_labels(file, own, parsed->log_line, error);
    WbPublished published = *parsed;

    if (!labels || !open_log(importer, error))
        return false;
    if (file->is_trial)
        return true;
    if (!published.split)
        published.split = options->split;
    if (!published.because)
        published.because = options->because;
    published.log_id = file->log_id;
    if (!options->store && options->would_store)
        options->would_store(options->user_data, file->shown, NULL, &published, labels);
    file->published++;
    return !options->store || wb_store_add_published(options->store, &published, labels, error);
}

static bool on_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    WbImporter *importer = user_data;
    File *file = &importer->file;
    g_autofree char *stripped = NULL;
    g_autofree char *text = NULL;

    if (!open_log(importer, error))
        return false;
    if (file->is_trial)
        return true;
    stripped = g_strstrip(g_strdup(line->text));
    text = wb_printable(stripped, LINE_CHARS);
    file->unread++;
    note(importer, WB_IMPORT_NOTE_UNREAD, "%s:%" G_GINT64_FORMAT ": %s (%s)", file->shown,
         line->line, text, line->reason);
    return !importer->options.store ||
           wb_store_add_unread(importer->options.store, file->log_id, line, error);
}

/* ---- files ---------------------------------------------------------------------------------- */

static char *iso_time(int64_t us)
{
    g_autoptr(GDateTime) second = g_date_time_new_from_unix_utc(us / 1000000);
    g_autoptr(GDateTime) time = second ? g_date_time_add(second, us % 1000000) : NULL;

    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;
}

/* The labels and fields of a path; *out_fits: whether it ends as the template says. */
static void read_path(WbImporter *importer, bool *out_fits)
{
    File *file = &importer->file;
    const WbPathTemplate *labels_from = importer->options.labels_from;
    g_autoptr(GError) error = NULL;
    bool fits = true;

    *out_fits = !labels_from || (wb_path_template_match(labels_from, file->path, file->labels,
                                                        &file->run, file->text, &fits, &error) &&
                                 fits);
    if (error)
        note(importer, WB_IMPORT_NOTE_UNLABELLED, "%s: %s", file->shown, error->message);
    else if (!fits)
        note(importer, WB_IMPORT_NOTE_UNLABELLED,
             "%s: its path does not end as --labels-from says; not imported", file->shown);
}

static bool parse(WbImporter *importer, const WbParser *parser, GError **error)
{
    const WbSink sink = {on_run, on_published, on_unread, importer};
    File *file = &importer->file;

    /* A text that can be refused is parsed twice, so that none of it is stored if it is. */
    if (parser->can_refuse) {
        file->is_trial = true;
        if (!parser->parse(file->bytes, file->len, &sink, error))
            return false;
        file->is_trial = false;
    }
    return parser->parse(file->bytes, file->len, &sink, error);
}

/* Parses the text at hand; false only for errors of the store. */
static bool import_text(WbImporter *importer, GError **error)
{
    File *file = &importer->file;
    const WbParser *parser = importer->options.parser;
    g_autoptr(GError) why = NULL;

    if (!parser)
        parser = wb_parser_for(file->bytes, file->len);
    if (parser && !parser->is_log)
        g_clear_pointer(&file->started_at, g_free);
    if (parser && !parse(importer, parser, &why)) {
        if (why->domain == KNOWN_ERROR)
            return true;
        if (why->domain != WB_PARSER_ERROR) {
            g_propagate_prefixed_error(error, g_steal_pointer(&why), "%s: ", file->shown);
            return false;
        }
        note(importer, WB_IMPORT_NOTE_FAILED, "%s:%s", file->shown, why->message);
        return true;
    }
    if (file->runs == 0 && file->published == 0)
        note(importer, WB_IMPORT_NOTE_NO_RUN, "%s: no run found in it", file->shown);
    importer->counts.runs += file->runs;
    importer->counts.published += file->published;
    return true;
}

/* Commits a batch that is large or old enough. */
static bool end_file(WbImporter *importer, GError **error)
{
    Batch *batch = &importer->batch;

    if (!batch->is_open || !batch->has_log)
        return true;
    batch->files++;
    batch->bytes += importer->file.len;
    if (batch->files < BATCH_FILES && batch->bytes < BATCH_BYTES &&
        g_get_monotonic_time() - batch->begun_us < BATCH_US)
        return true;
    return commit(importer, error);
}

bool wb_importer_add(WbImporter *importer, const char *path, const char *bytes, size_t len,
                     int64_t modified_us, GError **error)
{
    File *file = &importer->file;
    bool fits;
    bool ok;

    *file = (File){
        .path = path,
        .shown = wb_printable(path, NAME_CHARS),
        .bytes = bytes,
        .len = len,
        .log_id = WB_NONE,
        .labels = wb_labels_copy(importer->options.labels),
        .text = g_string_chunk_new(64),
        .started_at = iso_time(modified_us),
    };
    wb_run_init(&file->run);
    importer->counts.files++;
    read_path(importer, &fits);
    ok = !fits || (import_text(importer, error) && end_file(importer, error));
    g_free(file->shown);
    g_free(file->started_at);
    wb_labels_free(file->labels);
    g_string_chunk_free(file->text);
    return ok;
}

bool wb_importer_finish(WbImporter *importer, GError **error)
{
    return commit(importer, error);
}
