/*
 * The store, reading runs: the rows of table `runs` as WbRun. What the columns need beside the row
 * (cases, campaigns) is read once, before them, and not joined to each of them.
 *
 * The whole of a large file is read by all cores: each takes blocks of run numbers with a
 * connection of its own and writes each run where its number puts it, so the result does not depend
 * on how many there are. That needs no common snapshot: a stored run is never changed, and those up
 * to the largest number that the first connection saw are all there. Where numbers are missing (a
 * part of a database, a hand that deleted) or a filter chooses, one connection reads in order.
 *
 * A WbRunReader gives them one by one instead, and forgets each run's texts some runs later.
 */
#include <glib.h>

#include <string.h>

#include "schema/store_private.h"

#define BLOCK  16384      /* runs that a thread takes at a time */
#define FIRST  3          /* the SQL column with the first field */
#define STORED "r.run_id" /* the order in which runs were stored */
#define KEPT   1024       /* runs whose texts a WbRunReader keeps at most */

/* One column that is selected: into which member of WbRun it goes. */
typedef struct {
    WbFieldType type;
    bool is_unique; /* text: every run has its own */
    size_t offset;
    const char *last; /* text: of the row before; neighbours often have the same */
} Column;

/* One connection's way of reading. */
typedef struct {
    WbStore *store;
    const WbKnown *known;
    sqlite3_stmt *statement;
    GArray *columns; /* of Column, from SQL column FIRST on */
    GStringChunk *text;
    int64_t campaign_id; /* of the row before, and its uuid */
    const char *campaign;
    bool with_campaign;
} Reader;

static void reader_clear(Reader *reader)
{
    sqlite3_finalize(reader->statement);
    g_clear_pointer(&reader->columns, g_array_unref);
}

/* ---- what is asked for --------------------------------------------------------------------- */

/* Columns of table `runs` in this file, an older one perhaps. */
static GHashTable *columns_of_runs(WbStore *store, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "SELECT name FROM pragma_table_info('runs')", error);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!statement)
        return NULL;
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_hash_table_add(names, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    return g_steal_pointer(&names);
}

/* Asks for a column, if the file has it: else the member stays missing. */
static void add_column(Reader *reader, GString *sql, GHashTable *names, const char *name,
                       Column column)
{
    if (!g_hash_table_contains(names, name))
        return;
    g_string_append_printf(sql, ", r.%s", name);
    g_array_append_val(reader->columns, column);
}

static bool prepare_reader(Reader *reader, const char *const *wanted, const char *conditions,
                           const char *order, GError **error)
{
    g_autoptr(GHashTable) names = columns_of_runs(reader->store, error);
    g_autoptr(GString) sql = g_string_new("SELECT r.case_id, r.campaign_id, r.slice_ns");
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    if (!names)
        return false;
    reader->columns = g_array_new(FALSE, FALSE, sizeof(Column));
    for (size_t i = 0; i < n; i++) {
        const WbField *f = &fields[i];
        g_autofree char *half = g_strconcat(f->name, "_half", NULL);

        if (wanted && strcmp(f->name, "run_id") != 0 && !g_strv_contains(wanted, f->name))
            continue;
        if (strcmp(f->name, "campaign") == 0)
            reader->with_campaign = true;
        add_column(reader, sql, names, f->name, (Column){f->type, f->is_unique, f->offset, NULL});
        if (f->half_offset)
            add_column(reader, sql, names, half, (Column){f->type, false, f->half_offset, NULL});
    }
    g_string_append_printf(sql, " FROM runs AS r %s ORDER BY %s", conditions, order);
    reader->statement = wb_store_prepare(reader->store, sql->str, error);
    return reader->statement != NULL;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static const char *read_text(Reader *reader, Column *column, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    if (!column->last || strcmp(column->last, text) != 0)
        column->last = column->is_unique ? g_string_chunk_insert(reader->text, text)
                                         : g_string_chunk_insert_const(reader->text, text);
    return column->last;
}

static void read_column(Reader *reader, int i, Column *column, WbRun *run)
{
    /* One call a column; the connection belongs to this thread alone. */
    sqlite3_value *value = sqlite3_column_value(reader->statement, i);
    void *member = (char *)run + column->offset;

    if (sqlite3_value_type(value) == SQLITE_NULL)
        return;
    if (column->type == WB_FIELD_INT)
        *(int64_t *)member = sqlite3_value_int64(value);
    else if (column->type == WB_FIELD_REAL)
        *(double *)member = sqlite3_value_double(value);
    else
        *(const char **)member = read_text(reader, column, value);
}

/* The row that the statement stands on. */
static bool read_row(Reader *reader, const WbRun *blank, WbRun *run, GError **error)
{
    int64_t campaign_id = sqlite3_column_int64(reader->statement, 1);

    *run = *blank;
    for (guint i = 0; i < reader->columns->len; i++)
        read_column(reader, (int)i + FIRST, &g_array_index(reader->columns, Column, i), run);
    run->of_case = wb_known_case(reader->known, sqlite3_column_int64(reader->statement, 0));
    if (!run->of_case) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_DAMAGED,
                    "database '%s': run %" G_GINT64_FORMAT " belongs to no case",
                    reader->store->path, run->run_id);
        return false;
    }
    if (reader->with_campaign && (!reader->campaign || campaign_id != reader->campaign_id)) {
        reader->campaign_id = campaign_id;
        reader->campaign = wb_known_campaign(reader->known, campaign_id);
    }
    run->campaign = reader->campaign;
    return true;
}

static bool read_in_order(WbStore *store, WbRunSet *set, const WbKnown *known,
                          const WbFilter *filter, const char *conditions, const char *const *wanted,
                          GError **error)
{
    Reader reader = {.store = store, .known = known, .text = set->text};
    bool done = prepare_reader(&reader, wanted, conditions, STORED, error);
    int code = SQLITE_DONE;
    WbRun blank, run;

    wb_run_init(&blank);
    if (done)
        wb_filter_bind(filter, reader.statement);
    while (done && (code = sqlite3_step(reader.statement)) == SQLITE_ROW) {
        done = read_row(&reader, &blank, &run, error);
        if (done)
            g_array_append_val(set->runs, run);
    }
    if (done && code != SQLITE_DONE)
        done = wb_store_set_error(store, error);
    reader_clear(&reader);
    return done;
}

/* ---- all cores ----------------------------------------------------------------------------- */

/* What the threads share. */
typedef struct {
    const char *path;
    const char *const *wanted;
    const WbKnown *known;
    WbRun *runs; /* [n]: those with the numbers from `first` on */
    int64_t first, n;
    int next_block; /* atomic */
} Job;

/* One of them, and what it leaves behind. */
typedef struct {
    Job *job;
    GThread *thread;
    GStringChunk *text;
    int64_t rows;
    GError *error;
} Worker;

static bool read_block(Reader *reader, const Job *job, int64_t from, int64_t to, int64_t *rows,
                       GError **error)
{
    WbRun blank;
    int code;

    wb_run_init(&blank);
    sqlite3_reset(reader->statement);
    sqlite3_bind_int64(reader->statement, 1, job->first + from);
    sqlite3_bind_int64(reader->statement, 2, job->first + to - 1);
    for (int64_t at = from; (code = sqlite3_step(reader->statement)) == SQLITE_ROW; at++) {
        if (at == to || !read_row(reader, &blank, &job->runs[at], error))
            return false;
        ++*rows;
    }
    return code == SQLITE_DONE || wb_store_set_error(reader->store, error);
}

static void *read_blocks(void *data)
{
    Worker *worker = data;
    Job *job = worker->job;
    g_autoptr(WbStore) store = wb_store_open_readonly(job->path, &worker->error);
    Reader reader = {.store = store, .known = job->known, .text = worker->text};
    bool done = store && prepare_reader(&reader, job->wanted, "WHERE r.run_id BETWEEN ?1 AND ?2",
                                        STORED, &worker->error);

    while (done) {
        int64_t from = (int64_t)g_atomic_int_add(&job->next_block, 1) * BLOCK;

        if (from >= job->n)
            break;
        done = read_block(&reader, job, from, MIN(from + BLOCK, job->n), &worker->rows,
                          &worker->error);
    }
    reader_clear(&reader);
    return NULL;
}

/* *out_whole is false if some of the numbers had no run after all. */
static bool read_by_all(WbStore *store, WbRunSet *set, const WbKnown *known,
                        const char *const *wanted, int64_t first, guint n, bool *out_whole,
                        GError **error)
{
    guint cores = MIN(g_get_num_processors(), n / BLOCK + 1);
    g_autofree Worker *workers = g_new0(Worker, cores);
    Job job = {store->snapshot ? store->snapshot : store->path, wanted, known, NULL, first, n, 0};
    GError *problem = NULL;
    int64_t rows = 0;

    g_array_set_size(set->runs, n);
    job.runs = (WbRun *)(void *)set->runs->data;
    for (guint i = 0; i < cores; i++) {
        workers[i] = (Worker){.job = &job, .text = g_string_chunk_new(65536)};
        g_ptr_array_add(set->more_text, workers[i].text);
        workers[i].thread = g_thread_new("store", read_blocks, &workers[i]);
    }
    for (guint i = 0; i < cores; i++) {
        g_thread_join(workers[i].thread);
        rows += workers[i].rows;
        if (workers[i].error && !problem)
            problem = g_steal_pointer(&workers[i].error);
        g_clear_error(&workers[i].error);
    }
    *out_whole = rows == (int64_t)n;
    if (!*out_whole)
        g_array_set_size(set->runs, 0);
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

/* Whether the file's runs are many, and numbered without a gap. */
static bool is_dense(WbStore *store, int64_t *out_first, guint *out_n, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store, "SELECT (SELECT min(run_id) FROM runs), (SELECT max(run_id) FROM runs)", error);
    int64_t last, count;

    if (!statement || sqlite3_step(statement) != SQLITE_ROW)
        return false;
    *out_first = sqlite3_column_int64(statement, 0);
    last = sqlite3_column_int64(statement, 1);
    if (*out_first < 1 || last - *out_first < 2 * BLOCK || last - *out_first >= INT32_MAX)
        return false;
    *out_n = (guint)(last - *out_first + 1);
    return wb_store_read_int(store, "SELECT count(*) FROM runs", &count, error) &&
           count >= (int64_t)*out_n;
}

bool wb_store_read_runs(WbStore *store, WbRunSet *set, const WbKnown *known, const WbFilter *filter,
                        const char *conditions, const char *const *wanted, GError **error)
{
    g_autofree char *where =
        g_strconcat("JOIN cases AS k ON k.id = r.case_id WHERE 1 ", conditions, NULL);
    int64_t first;
    guint n;
    bool whole = false;

    if (!*conditions && store->readonly && g_get_num_processors() > 1 &&
        is_dense(store, &first, &n, NULL) &&
        !read_by_all(store, set, known, wanted, first, n, &whole, error))
        return false;
    return whole ||
           read_in_order(store, set, known, filter, *conditions ? where : "", wanted, error);
}

/* ---- one by one ---------------------------------------------------------------------------- */

struct WbRunReader {
    Reader reader;
    WbKnown *known;
    GStringChunk *uuids;                    /* of campaigns */
    bool is_transaction;                    /* its own: cases and runs are of one moment */
    int kept;                               /* runs whose texts lie in reader.text */
    sqlite3_stmt *slices_of, *resources_of; /* NULL: not asked for */
    GArray *slices, *resources;
    WbRunDetails details;
    WbRun blank, run;
};

static sqlite3_stmt *prepare_part(WbStore *store, bool is_wanted, const char *sql, bool *done,
                                  GError **error)
{
    sqlite3_stmt *statement = *done && is_wanted ? wb_store_prepare(store, sql, error) : NULL;

    *done &= statement || !is_wanted;
    return statement;
}

static bool open_reader(WbRunReader *r, const WbFilter *filter, const char *const *fields,
                        unsigned parts, GError **error)
{
    WbStore *store = r->reader.store;
    g_autoptr(GString) of_runs = g_string_new(NULL);
    g_autoptr(GString) of_published = g_string_new(NULL);
    g_autofree char *where = NULL;
    bool done = true;

    if (!wb_filter_to_sql(store, filter, of_runs, of_published, error) ||
        !(r->known = wb_known_load(store, r->uuids, error)))
        return false;
    where = g_strconcat("JOIN cases AS k ON k.id = r.case_id WHERE 1 ", of_runs->str, NULL);
    r->reader.known = r->known;
    if (!prepare_reader(&r->reader, fields, of_runs->len ? where : "",
                        parts & WB_RUN_BY_CASE ? "r.case_id, r.run_id" : STORED, error))
        return false;
    wb_filter_bind(filter, r->reader.statement);
    r->slices_of =
        prepare_part(store, parts & WB_RUN_SLICES,
                     "SELECT requests, bytes, errors_connect, errors_read, errors_write, "
                     "errors_timeout, errors_status FROM slices WHERE run_id = ?1 ORDER BY slice",
                     &done, error);
    r->resources_of =
        prepare_part(store, parts & WB_RUN_RESOURCES,
                     "SELECT server_cpu_ns, server_memory_bytes, server_processes, client_cpu_ns, "
                     "foreign_cpu_ns, steal_ns, pressure_cpu, pressure_memory, pressure_io "
                     "FROM resources WHERE run_id = ?1 ORDER BY second",
                     &done, error);
    return done;
}

WbRunReader *wb_run_reader_new(WbStore *store, const WbFilter *filter, const char *const *fields,
                               unsigned parts, GError **error)
{
    g_autoptr(WbRunReader) r = g_new0(WbRunReader, 1);

    r->reader.store = store;
    r->reader.text = g_string_chunk_new(65536);
    r->uuids = g_string_chunk_new(256);
    r->slices = g_array_new(FALSE, FALSE, sizeof(WbSliceRecord));
    r->resources = g_array_new(FALSE, FALSE, sizeof(WbResourceRecord));
    wb_run_init(&r->blank);
    if (sqlite3_get_autocommit(store->db)) {
        if (!wb_store_exec(store, "BEGIN", error))
            return NULL;
        r->is_transaction = true;
    }
    return open_reader(r, filter, fields, parts, error) ? g_steal_pointer(&r) : NULL;
}

void wb_run_reader_free(WbRunReader *r)
{
    if (!r)
        return;
    reader_clear(&r->reader);
    sqlite3_finalize(r->slices_of);
    sqlite3_finalize(r->resources_of);
    if (r->is_transaction)
        sqlite3_exec(r->reader.store->db, "COMMIT", NULL, NULL, NULL);
    wb_known_free(r->known);
    g_string_chunk_free(r->reader.text);
    g_string_chunk_free(r->uuids);
    g_array_unref(r->slices);
    g_array_unref(r->resources);
    g_free(r);
}

static void forget_texts(Reader *reader)
{
    g_string_chunk_clear(reader->text);
    for (guint i = 0; i < reader->columns->len; i++)
        g_array_index(reader->columns, Column, i).last = NULL;
}

static bool read_slices(WbRunReader *r, GError **error)
{
    int code;

    g_array_set_size(r->slices, 0);
    if (!r->slices_of || sqlite3_column_type(r->reader.statement, FIRST - 1) == SQLITE_NULL)
        return true;
    sqlite3_reset(r->slices_of);
    sqlite3_bind_int64(r->slices_of, 1, r->run.run_id);
    while ((code = sqlite3_step(r->slices_of)) == SQLITE_ROW) {
        WbSliceRecord slice = wb_store_read_slice(r->slices_of, 0);

        g_array_append_val(r->slices, slice);
    }
    r->details.slice_ns = sqlite3_column_int64(r->reader.statement, FIRST - 1);
    return code == SQLITE_DONE || wb_store_set_error(r->reader.store, error);
}

static bool read_resources(WbRunReader *r, GError **error)
{
    int code;

    g_array_set_size(r->resources, 0);
    if (!r->resources_of)
        return true;
    sqlite3_reset(r->resources_of);
    sqlite3_bind_int64(r->resources_of, 1, r->run.run_id);
    while ((code = sqlite3_step(r->resources_of)) == SQLITE_ROW) {
        WbResourceRecord resource = wb_store_read_resource(r->resources_of, 0);

        g_array_append_val(r->resources, resource);
    }
    return code == SQLITE_DONE || wb_store_set_error(r->reader.store, error);
}

bool wb_run_reader_next(WbRunReader *r, const WbRun **out_run, GError **error)
{
    int code = sqlite3_step(r->reader.statement);

    *out_run = NULL;
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE || wb_store_set_error(r->reader.store, error);
    if (r->kept++ == KEPT) {
        forget_texts(&r->reader);
        r->kept = 1;
    }
    r->details = (WbRunDetails){0};
    if (!read_row(&r->reader, &r->blank, &r->run, error) || !read_slices(r, error) ||
        !read_resources(r, error))
        return false;
    if (r->slices_of || r->resources_of) {
        r->details.slices = (const WbSliceRecord *)(void *)r->slices->data;
        r->details.slices_n = r->slices->len;
        r->details.resources = (const WbResourceRecord *)(void *)r->resources->data;
        r->details.resources_n = r->resources->len;
        r->run.details = &r->details;
    }
    *out_run = &r->run;
    return true;
}

GPtrArray *wb_run_reader_cases(const WbRunReader *r)
{
    GPtrArray *cases = g_ptr_array_new();

    wb_known_list_used(r->known, cases);
    return cases;
}
