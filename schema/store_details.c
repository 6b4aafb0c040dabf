/*
 * The store's details of a run: slices, histograms, faults, threads, samples; written within the
 * run's own savepoint, read run by run or for all runs at once.
 */
#include <string.h>

#include "schema/store_private.h"

/* ---- write -------------------------------------------------------------------------------- */

static bool insert_slices(WbStore *store, int64_t run_id, const WbRunDetails *details,
                          GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_SLICE,
                           "INSERT INTO slices VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    for (size_t i = 0; i < details->slices_n; i++) {
        const WbSliceRecord *s = &details->slices[i];
        const int64_t values[] = {(int64_t)i,        s->requests,     s->bytes,
                                  s->errors_connect, s->errors_read,  s->errors_write,
                                  s->errors_timeout, s->errors_status};

        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            sqlite3_bind_int64(statement, (int)v + 2, values[v]);
        if (!wb_store_step_done(store, statement, error))
            return false;
    }
    return true;
}

/* LEB128: seven bits a byte, lowest first, the high bit says that more follow. */
static void append_leb128(GByteArray *bytes, uint64_t value)
{
    do {
        uint8_t byte = value & 0x7f;

        value >>= 7;
        if (value)
            byte |= 0x80;
        g_byte_array_append(bytes, &byte, 1);
    } while (value);
}

static bool insert_hist(WbStore *store, int64_t run_id, const WbHistRecord *record, GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_ADD_HIST,
        "INSERT INTO histograms VALUES (?1, ?2, '" WB_HIST_LAYOUT "', ?3, ?4, ?5, ?6, ?7, ?8)",
        error);
    const WbHist *hist = record->hist;
    g_autoptr(GByteArray) counts = g_byte_array_new();
    int next = 0;

    if (!statement)
        return false;
    for (int i = 0; i < WB_HIST_SIZE; i++) {
        if (hist->counts[i] == 0)
            continue;
        append_leb128(counts, (uint64_t)(i - next));
        append_leb128(counts, (uint64_t)hist->counts[i]);
        next = i + 1;
    }
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, record->kind);
    sqlite3_bind_int64(statement, 3, hist->count);
    sqlite3_bind_int64(statement, 4, hist->min_ns);
    sqlite3_bind_int64(statement, 5, hist->max_ns);
    sqlite3_bind_int64(statement, 6, hist->sum_ns);
    sqlite3_bind_double(statement, 7, hist->sum_squares_ns2);
    /* An empty array has no data pointer, and a NULL blob would be NULL. */
    sqlite3_bind_blob(statement, 8, counts->len ? counts->data : (const void *)"", (int)counts->len,
                      SQLITE_STATIC);
    return wb_store_step_done(store, statement, error);
}

static bool insert_fault(WbStore *store, int64_t run_id, const WbFaultRecord *fault, GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_FAULT,
                           "INSERT INTO faults VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                           "ON CONFLICT DO UPDATE SET count = count + excluded.count, "
                           "first_ns = min(first_ns, excluded.first_ns), "
                           "last_ns = max(last_ns, excluded.last_ns)",
                           error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, fault->phase);
    wb_store_bind_text(statement, 3, fault->error);
    sqlite3_bind_int64(statement, 4, fault->count);
    sqlite3_bind_int64(statement, 5, fault->first_ns);
    sqlite3_bind_int64(statement, 6, fault->last_ns);
    return wb_store_step_done(store, statement, error);
}

static bool insert_threads(WbStore *store, int64_t run_id, const WbRunDetails *details,
                           GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_THREAD,
                           "INSERT INTO run_threads VALUES (?1, ?2, ?3, ?4, ?5, ?6)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    for (size_t i = 0; i < details->threads_n; i++) {
        const WbThreadRecord *t = &details->threads[i];

        sqlite3_bind_int64(statement, 2, (int64_t)i);
        sqlite3_bind_int64(statement, 3, t->connections);
        sqlite3_bind_int64(statement, 4, t->requests);
        sqlite3_bind_int64(statement, 5, t->cpu_user_ns);
        sqlite3_bind_int64(statement, 6, t->cpu_system_ns);
        if (!wb_store_step_done(store, statement, error))
            return false;
    }
    return true;
}

static bool insert_sample(WbStore *store, int64_t run_id, const WbSampleRecord *sample,
                          GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_ADD_SAMPLE, "INSERT INTO samples VALUES (?1, ?2, ?3, ?4, ?5)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, sample->kind);
    wb_store_bind_text(statement, 3, sample->phase);
    wb_store_bind_text(statement, 4, sample->error);
    sqlite3_bind_blob(statement, 5, sample->len ? sample->bytes : "", (int)sample->len,
                      SQLITE_STATIC);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_insert_details(WbStore *store, int64_t run_id, const WbRunDetails *details,
                             GError **error)
{
    if (!insert_slices(store, run_id, details, error) ||
        !insert_threads(store, run_id, details, error) ||
        !wb_store_insert_evidence(store, run_id, details, error))
        return false;
    for (size_t i = 0; i < details->samples_n; i++)
        if (!insert_sample(store, run_id, &details->samples[i], error))
            return false;
    for (size_t i = 0; i < details->hists_n; i++)
        if (!insert_hist(store, run_id, &details->hists[i], error))
            return false;
    for (size_t i = 0; i < details->faults_n; i++)
        if (!insert_fault(store, run_id, &details->faults[i], error))
            return false;
    return true;
}

/* ---- slices ------------------------------------------------------------------------------- */

WbSliceRecord wb_store_read_slice(sqlite3_stmt *statement, int first)
{
    return (WbSliceRecord){
        .requests = sqlite3_column_int64(statement, first),
        .bytes = sqlite3_column_int64(statement, first + 1),
        .errors_connect = sqlite3_column_int64(statement, first + 2),
        .errors_read = sqlite3_column_int64(statement, first + 3),
        .errors_write = sqlite3_column_int64(statement, first + 4),
        .errors_timeout = sqlite3_column_int64(statement, first + 5),
        .errors_status = sqlite3_column_int64(statement, first + 6),
    };
}

#define SELECT_SLICES                                                                              \
    "SELECT s.run_id, r.slice_ns, s.requests, s.bytes, s.errors_connect, s.errors_read, "          \
    "s.errors_write, s.errors_timeout, s.errors_status "                                           \
    "FROM slices AS s JOIN runs AS r ON r.run_id = s.run_id "

/* Hands the slices of each run in the statement's rows, which come run by run, to `each`. */
static bool walk_slices(WbStore *store, sqlite3_stmt *statement, WbSlicesFn each, void *user_data,
                        GError **error)
{
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(WbSliceRecord));
    int64_t run_id = WB_NONE;
    int64_t slice_ns = 0;
    int code;

    do {
        code = sqlite3_step(statement);
        if (slices->len && (code != SQLITE_ROW || sqlite3_column_int64(statement, 0) != run_id)) {
            each(run_id, slice_ns, (const WbSliceRecord *)(void *)slices->data, slices->len,
                 user_data);
            g_array_set_size(slices, 0);
        }
        if (code == SQLITE_ROW) {
            WbSliceRecord slice = wb_store_read_slice(statement, 2);

            run_id = sqlite3_column_int64(statement, 0);
            slice_ns = sqlite3_column_int64(statement, 1);
            g_array_append_val(slices, slice);
        }
    } while (code == SQLITE_ROW);
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

bool wb_store_each_slices(WbStore *store, WbSlicesFn each, void *user_data, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, SELECT_SLICES "ORDER BY s.run_id, s.slice", error);

    return statement && walk_slices(store, statement, each, user_data, error);
}

/* What wb_store_load_slices keeps of a walk over one run. */
typedef struct {
    GArray *slices;
    int64_t slice_ns;
} LoadedSlices;

static void keep_slices(int64_t run_id, int64_t slice_ns, const WbSliceRecord *slices,
                        size_t slices_n, void *user_data)
{
    LoadedSlices *loaded = user_data;

    (void)run_id;
    loaded->slice_ns = slice_ns;
    g_array_append_vals(loaded->slices, slices, (guint)slices_n);
}

GArray *wb_store_load_slices(WbStore *store, int64_t run_id, int64_t *out_slice_ns, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store, SELECT_SLICES "WHERE s.run_id = ?1 ORDER BY s.run_id, s.slice", error);
    g_autoptr(GArray) slices = g_array_new(FALSE, FALSE, sizeof(WbSliceRecord));
    LoadedSlices loaded = {slices, 0};

    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, run_id);
    if (!walk_slices(store, statement, keep_slices, &loaded, error))
        return NULL;
    *out_slice_ns = loaded.slice_ns;
    return g_steal_pointer(&slices);
}

/* ---- histograms --------------------------------------------------------------------------- */

static const uint8_t *read_leb128(const uint8_t *p, const uint8_t *end, uint64_t *out)
{
    uint64_t value = 0;

    for (int shift = 0; p < end && shift < 64; shift += 7) {
        value |= (uint64_t)(*p & 0x7f) << shift;
        if (!(*p++ & 0x80)) {
            *out = value;
            return p;
        }
    }
    return NULL;
}

/* Adds the packed counts; false if they are not what insert_hist packs. */
static bool add_counts(const uint8_t *p, size_t len, WbHist *hist)
{
    const uint8_t *end = p + len;
    uint64_t index = 0;

    while (p < end) {
        uint64_t skip;
        uint64_t count;

        if (!(p = read_leb128(p, end, &skip)) || !(p = read_leb128(p, end, &count)) ||
            skip >= WB_HIST_SIZE || index + skip >= WB_HIST_SIZE || count > INT64_MAX)
            return false;
        index += skip;
        hist->counts[index++] += (int64_t)count;
    }
    return true;
}

/* The row that the statement stands on. */
static bool add_hist_row(WbStore *store, sqlite3_stmt *statement, int64_t run_id, const char *kind,
                         WbHist *hist, GError **error)
{
    int64_t count = sqlite3_column_int64(statement, 1);

    if (!sqlite3_column_int(statement, 0) ||
        !add_counts(sqlite3_column_blob(statement, 6), (size_t)sqlite3_column_bytes(statement, 6),
                    hist)) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_DAMAGED,
                    "database '%s': the %s histogram of run %" G_GINT64_FORMAT " cannot be read",
                    store->path, kind, run_id);
        return false;
    }
    if (count > 0) {
        int64_t min = sqlite3_column_int64(statement, 2);

        hist->min_ns = hist->count && hist->min_ns < min ? hist->min_ns : min;
        hist->max_ns = MAX(hist->max_ns, sqlite3_column_int64(statement, 3));
    }
    hist->count += count;
    hist->sum_ns += sqlite3_column_int64(statement, 4);
    hist->sum_squares_ns2 += sqlite3_column_double(statement, 5);
    return true;
}

bool wb_store_add_hist(WbStore *store, int64_t run_id, const char *kind, WbHist *hist,
                       GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_FIND_HIST,
        "SELECT layout = '" WB_HIST_LAYOUT "', count, min_ns, max_ns, sum_ns, "
        "sum_squares_ns2, counts FROM histograms WHERE run_id = ?1 AND kind = ?2",
        error);
    int code;
    bool done = false;

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, kind);
    code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        done = add_hist_row(store, statement, run_id, kind, hist, error);
    else if (code != SQLITE_DONE)
        wb_store_set_error(store, error);
    else
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND,
                    "database '%s': run %" G_GINT64_FORMAT " has no %s histogram", store->path,
                    run_id, kind);
    sqlite3_reset(statement); /* ends the read transaction, and frees `kind` */
    return done;
}

bool wb_store_add_latency_hist(WbStore *store, const WbRun *run, WbHist *hist, GError **error)
{
    return wb_store_add_hist(store, run->run_id, wb_latency_hist_kind(run->latency_kind), hist,
                             error);
}

/* ---- faults ------------------------------------------------------------------------------- */

GArray *wb_store_load_faults(WbStore *store, int64_t run_id, GStringChunk *text, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store,
                         "SELECT phase, error, count, first_ns, last_ns FROM faults "
                         "WHERE run_id = ?1 ORDER BY first_ns, phase, error",
                         error);
    g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(WbFaultRecord));
    int code;

    if (!statement)
        return NULL;
    sqlite3_bind_int64(statement, 1, run_id);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        WbFaultRecord fault = {
            .phase = wb_store_column_text(statement, 0, text),
            .error = wb_store_column_text(statement, 1, text),
            .count = sqlite3_column_int64(statement, 2),
            .first_ns = sqlite3_column_int64(statement, 3),
            .last_ns = sqlite3_column_int64(statement, 4),
        };

        g_array_append_val(faults, fault);
    }
    if (code != SQLITE_DONE) {
        wb_store_set_error(store, error);
        return NULL;
    }
    return g_steal_pointer(&faults);
}
