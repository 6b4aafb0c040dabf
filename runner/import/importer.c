/*
 * A text's first record opens, in this order and as far as needed: the transaction of the batch,
 * the campaign, the log. So a text without a record leaves nothing behind. Batches end with a text;
 * they are committed when they are large or old enough, and a batch that added nothing but the
 * campaign never is.
 *
 * A long text is read once and its digest known at its end. It has a transaction of its own, which
 * is taken back if the text is known already or was damaged; what there is to say of it waits
 * until then.
 */
#include "runner/import/importer.h"

#include <string.h>

#include "runner/import/named_file.h"
#include "runner/import/printable.h"
#include "runner/import/read_ahead.h"
#include "runner/interrupt.h"

#define BATCH_FILES 8192
#define BATCH_BYTES ((int64_t)64 << 20)
#define BATCH_US    1000000
#define LINE_CHARS  120 /* of a foreign line that are shown */
#define NAME_CHARS  500

/* Sentences that wait. */
typedef struct {
    int64_t count[WB_IMPORT_NOTES];
    GPtrArray *sentences[WB_IMPORT_NOTES]; /* the first of each kind; NULL: none */
} HeldNotes;

/* The text that is being stored. */
typedef struct {
    const WbNamedFile *file;
    char *shown; /* its path, for messages */
    bool is_begun;
    bool is_long;
    bool is_dropped;   /* nothing of it is to be stored */
    bool had_campaign; /* before it was begun */
    int64_t log_id;    /* WB_NONE until its first record */
    int64_t log_parts;
    int64_t items;
    int64_t bytes;
    int64_t runs;
    int64_t published;
    int64_t starts[WB_IMPORT_STARTS]; /* of `runs`, by where their start time is from */
    HeldNotes held;
} Storing;

struct WbImporter {
    WbImportOptions options;
    WbStore *store; /* NULL: not opened yet, or a dry run */
    WbReadAhead *ahead;
    WbImportCounts counts;
    bool has_campaign;
    struct {
        bool is_open;
        bool has_log; /* something was added to it */
        int files;
        int64_t bytes;
        int64_t begun_us;
    } batch; /* what lies between two commits */
    Storing storing;
};

/* ---- reading, on any thread ----------------------------------------------------------------- */

static void read_file(void *user_data, void *text, WbReader *reader, WbPartFn each, void *each_data)
{
    const WbImporter *importer = user_data;
    WbNamedFile *file = text;
    const WbImportOptions *options = &importer->options;
    bool has_fields = options->labels_from || options->manifest;
    char *why = NULL;
    WbPart *part;

    if (wb_named_file_describe(file, options->labels_from, options->manifest, &why)) {
        const WbKnown known = {.labels = file->labels,
                               .fields = has_fields ? &file->fields : NULL,
                               .started_from = file->started_from,
                               .settings = options->settings,
                               .split = options->split,
                               .because = options->because};

        wb_reader_read(reader, file->path, options->parser, &known, each, each_data);
        return;
    }
    part = wb_part_new();
    part->is_last = true;
    part->failed = WB_PART_UNLABELLED;
    part->why = why;
    each(each_data, part, false);
}

/* ---- notes ---------------------------------------------------------------------------------- */

/* Of a long text: kept until it is known whether it is stored. */
static void hold(HeldNotes *held, WbImportNote kind, const char *sentence)
{
    if (!held->sentences[kind])
        held->sentences[kind] = g_ptr_array_new_with_free_func(g_free);
    if (held->count[kind]++ < WB_IMPORT_NOTES_SHOWN)
        g_ptr_array_add(held->sentences[kind], g_strdup(sentence));
}

static void release(const WbImporter *importer, const HeldNotes *held)
{
    for (size_t kind = 0; kind < WB_IMPORT_NOTES; kind++)
        for (int64_t i = 0; i < held->count[kind]; i++)
            importer->options.note(importer->options.user_data, (WbImportNote)kind,
                                   i < WB_IMPORT_NOTES_SHOWN ? held->sentences[kind]->pdata[i]
                                                             : NULL);
}

G_GNUC_PRINTF(3, 4)
static void note(WbImporter *importer, WbImportNote kind, const char *format, ...)
{
    g_autofree char *sentence = NULL;
    va_list arguments;

    va_start(arguments, format);
    sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (importer->storing.is_long)
        hold(&importer->storing.held, kind, sentence);
    else
        importer->options.note(importer->options.user_data, kind, sentence);
}

static void note_known(WbImporter *importer, const char *known_as)
{
    g_autofree char *shown = wb_printable(known_as, NAME_CHARS);

    note(importer, WB_IMPORT_NOTE_KNOWN, "%s: already imported as '%s', nothing added",
         importer->storing.shown, shown);
}

static void note_failure(WbImporter *importer, const WbPart *part)
{
    const char *shown = importer->storing.shown;

    if (part->failed == WB_PART_REFUSED)
        note(importer, WB_IMPORT_NOTE_FAILED, "%s:%s", shown, part->why);
    else
        note(importer,
             part->failed == WB_PART_PASSED_OVER  ? WB_IMPORT_NOTE_SKIPPED
             : part->failed == WB_PART_UNLABELLED ? WB_IMPORT_NOTE_UNLABELLED
                                                  : WB_IMPORT_NOTE_FAILED,
             "%s: %s", shown, part->why);
}

/* ---- batch, campaign, log ------------------------------------------------------------------- */

/* Takes back the open batch; the campaign goes with it if it came with it. */
static void roll_back(WbImporter *importer, bool had_campaign)
{
    if (importer->batch.is_open)
        wb_store_rollback(importer->store);
    memset(&importer->batch, 0, sizeof importer->batch);
    importer->has_campaign = had_campaign;
}

static bool commit(WbImporter *importer, GError **error)
{
    if (!importer->batch.is_open)
        return true;
    if (!importer->batch.has_log) {
        roll_back(importer, false);
        return true;
    }
    if (!wb_store_commit(importer->store, error))
        return false;
    memset(&importer->batch, 0, sizeof importer->batch);
    return true;
}

static bool open_batch(WbImporter *importer, GError **error)
{
    if (!importer->batch.is_open) {
        if (!wb_store_begin(importer->store, error))
            return false;
        importer->batch.is_open = true;
        importer->batch.begun_us = g_get_monotonic_time();
    }
    if (!importer->has_campaign) {
        WbCampaign campaign = {
            .kind = g_strdup("import"),
            .name = g_strdup(importer->options.campaign),
            .command = g_strdup(importer->options.command),
        };

        importer->has_campaign = wb_store_add_campaign(importer->store, &campaign, error);
        wb_campaign_clear(&campaign);
    }
    return importer->has_campaign;
}

/* Stores the text at hand, or finds that it was stored before. */
static bool open_log(WbImporter *importer, const WbPart *part, GError **error)
{
    Storing *storing = &importer->storing;
    g_autofree char *known_as = NULL;

    if (!open_batch(importer, error) ||
        !wb_store_find_log(importer->store, part->sha256, &storing->log_id, &known_as, error))
        return false;
    if (storing->log_id != WB_NONE) {
        note_known(importer, known_as);
        storing->is_dropped = true;
        return true;
    }
    importer->batch.has_log = true;
    return wb_store_add_packed_log(importer->store, storing->file->path, part->sha256, &part->log,
                                   &storing->log_id, error);
}

/* ---- records -------------------------------------------------------------------------------- */

static const char *const start_names[WB_IMPORT_STARTS] = {
    [WB_IMPORT_START_LOG] = "log",   [WB_IMPORT_START_MANIFEST] = "manifest",
    [WB_IMPORT_START_PATH] = "path", [WB_IMPORT_START_OPTION] = "option",
    [WB_IMPORT_START_FILE] = "file",
};

static WbImportStart start_of(const WbRun *run)
{
    for (WbImportStart i = 0; run->started_from && i < WB_IMPORT_START_NONE; i++)
        if (strcmp(run->started_from, start_names[i]) == 0)
            return i;
    return WB_IMPORT_START_NONE;
}

static bool store_run(WbImporter *importer, const WbItem *item, GError **error)
{
    Storing *storing = &importer->storing;
    const WbLabels *labels = item->labels ? item->labels : storing->file->labels;
    WbRun run = item->run;

    run.log_id = storing->log_id;
    if (run.printed_mismatch)
        note(importer, WB_IMPORT_NOTE_MISMATCH, "%s:%" G_GINT64_FORMAT ": %s", storing->shown,
             run.log_line, run.printed_mismatch);
    storing->runs++;
    storing->starts[start_of(&run)]++;
    if (importer->store)
        return wb_store_add_run(importer->store, &run, labels, run.details, error);
    if (importer->options.would_store)
        importer->options.would_store(importer->options.user_data, storing->shown, &run, NULL,
                                      labels);
    return true;
}

static bool store_published(WbImporter *importer, const WbItem *item, GError **error)
{
    Storing *storing = &importer->storing;
    const WbLabels *labels = item->labels ? item->labels : storing->file->labels;
    WbPublished published = item->published;

    published.log_id = storing->log_id;
    storing->published++;
    if (importer->store)
        return wb_store_add_published(importer->store, &published, labels, error);
    if (importer->options.would_store)
        importer->options.would_store(importer->options.user_data, storing->shown, NULL, &published,
                                      labels);
    return true;
}

static bool store_unread(WbImporter *importer, const WbItem *item, GError **error)
{
    Storing *storing = &importer->storing;
    g_autofree char *stripped = g_strstrip(g_strdup(item->unread.text));
    g_autofree char *text = wb_printable(stripped, LINE_CHARS);

    note(importer, WB_IMPORT_NOTE_UNREAD, "%s:%" G_GINT64_FORMAT ": %s (%s)", storing->shown,
         item->unread.line, text, item->unread.reason);
    return !importer->store ||
           wb_store_add_unread(importer->store, storing->log_id, &item->unread, error);
}

static bool store_items(WbImporter *importer, const WbPart *part, GError **error)
{
    static bool (*const store[])(WbImporter *, const WbItem *, GError **) = {
        [WB_ITEM_RUN] = store_run,
        [WB_ITEM_PUBLISHED] = store_published,
        [WB_ITEM_UNREAD] = store_unread,
    };

    importer->storing.items += part->items->len;
    for (guint i = 0; i < part->items->len; i++) {
        const WbItem *item = &g_array_index(part->items, WbItem, i);

        if (!store[item->kind](importer, item, error)) {
            g_prefix_error(error, "%s: ", importer->storing.shown);
            return false;
        }
    }
    return true;
}

/* ---- texts ---------------------------------------------------------------------------------- */

static bool begin_long(WbImporter *importer, GError **error)
{
    Storing *storing = &importer->storing;

    storing->is_long = true;
    if (!importer->store)
        return true;
    if (!commit(importer, error))
        return false;
    storing->had_campaign = importer->has_campaign;
    return open_batch(importer, error) &&
           wb_store_begin_log(importer->store, storing->file->path, &storing->log_id, error);
}

/* The first part of a text that can be stored. */
static bool begin_text(WbImporter *importer, bool is_long, GError **error)
{
    importer->storing.is_begun = true;
    importer->counts.files++;
    if (importer->options.open_store && !importer->store) {
        importer->store = importer->options.open_store(importer->options.user_data, error);
        if (!importer->store)
            return false;
    }
    return !is_long || begin_long(importer, error);
}

static bool store_part(WbImporter *importer, const WbPart *part, GError **error)
{
    Storing *storing = &importer->storing;

    storing->bytes += part->log.bytes;
    if (importer->store && storing->is_long && part->has_log &&
        !wb_store_add_log_part(importer->store, storing->log_id, storing->log_parts++, &part->log,
                               error))
        return false;
    if (importer->store && part->items->len > 0 && storing->log_id == WB_NONE &&
        !open_log(importer, part, error))
        return false;
    return storing->is_dropped || store_items(importer, part, error);
}

/* The last part of a long text was stored: the text is new, or all of it is taken back. */
static bool end_long(WbImporter *importer, const WbPart *part, GError **error)
{
    Storing *storing = &importer->storing;
    g_autofree char *known_as = NULL;
    int64_t known_id;

    if (!importer->store)
        return true;
    if (!wb_store_find_log(importer->store, part->sha256, &known_id, &known_as, error))
        return false;
    if (known_id == WB_NONE && storing->items > 0) {
        importer->batch.has_log = true;
        return wb_store_end_log(importer->store, storing->log_id, part->sha256, part->bytes,
                                error) &&
               commit(importer, error);
    }
    roll_back(importer, storing->had_campaign);
    storing->is_dropped = known_id != WB_NONE;
    if (storing->is_dropped) {
        storing->is_long = false;
        note_known(importer, known_as);
    }
    return true;
}

/* A text that failed: before its first part it left no trace, a long one is taken back. */
static void end_failed(WbImporter *importer, const WbPart *part)
{
    Storing *storing = &importer->storing;
    bool was_read = part->failed == WB_PART_REFUSED || part->failed == WB_PART_UNLABELLED;

    if (storing->is_long && importer->store)
        roll_back(importer, storing->had_campaign);
    storing->is_long = false;
    storing->is_dropped = true;
    importer->counts.files += (was_read ? 1 : 0) - (storing->is_begun ? 1 : 0);
    note_failure(importer, part);
}

/* Counts a text that was read to its end; commits a batch that is large or old enough. */
static bool end_text(WbImporter *importer, const WbPart *part, GError **error)
{
    Storing *storing = &importer->storing;

    if (part->failed != WB_PART_OK) {
        end_failed(importer, part);
        return true;
    }
    if (storing->is_long && !end_long(importer, part, error))
        return false;
    if (storing->is_dropped)
        return true;
    if (storing->runs == 0 && storing->published == 0)
        note(importer, WB_IMPORT_NOTE_NO_RUN, "%s: no run found in it", storing->shown);
    if (storing->is_long)
        release(importer, &storing->held);
    importer->counts.runs += storing->runs;
    importer->counts.published += storing->published;
    for (size_t i = 0; i < WB_IMPORT_STARTS; i++)
        importer->counts.starts[i] += storing->starts[i];
    importer->counts.bytes += storing->bytes;
    if (!importer->batch.is_open || !importer->batch.has_log)
        return true;
    importer->batch.files++;
    importer->batch.bytes += storing->bytes;
    if (importer->batch.files < BATCH_FILES && importer->batch.bytes < BATCH_BYTES &&
        g_get_monotonic_time() - importer->batch.begun_us < BATCH_US)
        return true;
    return commit(importer, error);
}

static void clear_storing(WbImporter *importer)
{
    Storing *storing = &importer->storing;

    for (size_t i = 0; i < WB_IMPORT_NOTES; i++)
        if (storing->held.sentences[i])
            g_ptr_array_unref(storing->held.sentences[i]);
    g_free(storing->shown);
    memset(storing, 0, sizeof *storing);
}

/* Stores the parts of the oldest text; after a signal a long one is left unfinished. */
static bool store_parts(WbImporter *importer, GError **error)
{
    for (;;) {
        bool is_long;
        g_autoptr(WbPart) part = wb_read_ahead_part(importer->ahead, &is_long);

        if (importer->storing.is_long && wb_interrupt_signal()) {
            if (importer->store)
                roll_back(importer, importer->storing.had_campaign);
            importer->counts.files--;
            return true;
        }
        if (importer->options.progress)
            importer->options.progress(importer->options.user_data);
        if (part->failed == WB_PART_OK && !importer->storing.is_begun &&
            !begin_text(importer, is_long, error))
            return false;
        if (part->failed == WB_PART_OK && !importer->storing.is_dropped &&
            !store_part(importer, part, error))
            return false;
        if (part->is_last)
            return end_text(importer, part, error);
    }
}

/* Stores the oldest text that was pushed. */
static bool store_oldest(WbImporter *importer, const WbNamedFile *file, GError **error)
{
    bool ok;

    importer->storing.file = file;
    importer->storing.shown = wb_printable(file->path, NAME_CHARS);
    importer->storing.log_id = WB_NONE;
    ok = store_parts(importer, error);
    clear_storing(importer);
    return ok;
}

/* Stores until no more than `left` texts are pushed, or a signal came. */
static bool store_until(WbImporter *importer, unsigned left, GError **error)
{
    while (wb_read_ahead_count(importer->ahead) > left && !wb_interrupt_signal()) {
        const WbNamedFile *file = wb_read_ahead_text(importer->ahead);
        bool ok = store_oldest(importer, file, error);

        if (!ok || wb_interrupt_signal())
            return ok;
        wb_named_file_free(wb_read_ahead_pop(importer->ahead));
    }
    return true;
}

bool wb_importer_add(WbImporter *importer, const char *path, GError **error)
{
    wb_read_ahead_push(importer->ahead, wb_named_file_new(path, importer->options.labels));
    /* In gulps, so that threads are woken for many texts at once. */
    return wb_read_ahead_count(importer->ahead) < WB_READ_AHEAD_TEXTS ||
           store_until(importer, WB_READ_AHEAD_TEXTS / 2, error);
}

bool wb_importer_finish(WbImporter *importer, GError **error)
{
    return store_until(importer, 0, error) && commit(importer, error);
}

/* ---- life ----------------------------------------------------------------------------------- */

WbImporter *wb_importer_new(const WbImportOptions *options)
{
    WbImporter *importer = g_new0(WbImporter, 1);

    importer->options = *options;
    importer->ahead = wb_read_ahead_new(read_file, importer);
    return importer;
}

void wb_importer_free(WbImporter *importer)
{
    WbNamedFile *file;

    if (!importer)
        return;
    wb_read_ahead_stop(importer->ahead);
    while ((file = wb_read_ahead_pop(importer->ahead)))
        wb_named_file_free(file);
    wb_read_ahead_free(importer->ahead);
    if (importer->batch.is_open)
        wb_store_rollback(importer->store);
    g_free(importer);
}

const WbImportCounts *wb_importer_counts(const WbImporter *importer)
{
    return &importer->counts;
}
