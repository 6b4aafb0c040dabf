/*
 * The store's findings: rows of the view `findings` (schema/findings.sql), for the runs that a
 * filter leaves.
 *
 * Each rule reads all runs, so the whole of a large file is judged by all cores: each takes blocks
 * of run numbers with a connection of its own, and the blocks are put together in their order, so
 * that the result does not depend on how many there are.
 */
#include "schema/store_private.h"

#define BLOCK 16384 /* runs that a thread takes at a time */

#define COLUMNS "SELECT f.run_id, f.finding, f.sentence, f.advice FROM findings AS f "
#define ORDER   " ORDER BY f.run_id, f.finding"

/* The rows of a statement, behind those of `findings`; their texts go into `text`. */
static bool read_rows(WbStore *store, sqlite3_stmt *statement, GStringChunk *text, GArray *findings,
                      GError **error)
{
    int code;

    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const WbFindingRecord finding = {
            .run_id = sqlite3_column_int64(statement, 0),
            .finding = wb_store_column_text(statement, 1, text),
            .sentence = wb_store_column_text(statement, 2, text),
            .advice = wb_store_column_text(statement, 3, text),
        };

        g_array_append_val(findings, finding);
    }
    return code == SQLITE_DONE || wb_store_set_error(store, error);
}

static bool read_filtered(WbStore *store, const WbFilter *filter, const char *conditions,
                          GStringChunk *text, GArray *findings, GError **error)
{
    /* SQLite makes that list anew for each rule: of all runs it would be most of the work. */
    g_autofree char *sql =
        *conditions ? g_strconcat(COLUMNS "WHERE f.run_id IN (SELECT r.run_id FROM runs AS r "
                                          "JOIN cases AS k ON k.id = r.case_id WHERE 1 ",
                                  conditions, ")" ORDER, NULL)
                    : g_strdup(COLUMNS ORDER);
    g_autoptr(WbStatement) statement = wb_store_prepare(store, sql, error);

    if (!statement)
        return false;
    wb_filter_bind(filter, statement);
    return read_rows(store, statement, text, findings, error);
}

/* ---- all cores ----------------------------------------------------------------------------- */

/* What the threads share. */
typedef struct {
    const char *path;
    int64_t first;
    size_t blocks_n;
    GArray **blocks; /* [blocks_n] of WbFindingRecord */
    int next_block;  /* atomic */
} Job;

typedef struct {
    Job *job;
    GThread *thread;
    GStringChunk *text;
    GError *error;
} Worker;

static void *read_blocks(void *data)
{
    Worker *worker = data;
    Job *job = worker->job;
    g_autoptr(WbStore) store = wb_store_open_readonly(job->path, &worker->error);
    g_autoptr(WbStatement) statement =
        store ? wb_store_prepare(store, COLUMNS "WHERE f.run_id BETWEEN ?1 AND ?2" ORDER,
                                 &worker->error)
              : NULL;
    bool done = statement != NULL;

    while (done) {
        size_t at = (size_t)g_atomic_int_add(&job->next_block, 1);
        int64_t from = job->first + (int64_t)at * BLOCK;

        if (at >= job->blocks_n)
            break;
        sqlite3_reset(statement);
        sqlite3_bind_int64(statement, 1, from);
        sqlite3_bind_int64(statement, 2, from + BLOCK - 1);
        job->blocks[at] = g_array_new(FALSE, FALSE, sizeof(WbFindingRecord));
        done = read_rows(store, statement, worker->text, job->blocks[at], &worker->error);
    }
    return NULL;
}

/* One block behind the others; its texts move into the caller's chunk. */
static void take_block(GArray *block, GStringChunk *text, GArray *findings)
{
    for (guint i = 0; i < block->len; i++) {
        WbFindingRecord finding = g_array_index(block, WbFindingRecord, i);

        finding.finding = g_string_chunk_insert_const(text, finding.finding);
        if (finding.sentence)
            finding.sentence = g_string_chunk_insert_const(text, finding.sentence);
        finding.advice = g_string_chunk_insert_const(text, finding.advice);
        g_array_append_val(findings, finding);
    }
    g_array_unref(block);
}

static bool read_by_all(WbStore *store, int64_t first, int64_t last, GStringChunk *text,
                        GArray *findings, GError **error)
{
    Job job = {.path = store->path, .first = first};
    size_t cores;
    g_autofree Worker *workers = NULL;
    GError *problem = NULL;

    job.blocks_n = (size_t)((last - first) / BLOCK + 1);
    job.blocks = g_new0(GArray *, job.blocks_n);
    cores = MIN(g_get_num_processors(), job.blocks_n);
    workers = g_new0(Worker, cores);
    for (size_t i = 0; i < cores; i++) {
        workers[i] = (Worker){.job = &job, .text = g_string_chunk_new(4096)};
        workers[i].thread = g_thread_new("findings", read_blocks, &workers[i]);
    }
    for (size_t i = 0; i < cores; i++) {
        g_thread_join(workers[i].thread);
        if (workers[i].error && !problem)
            problem = g_steal_pointer(&workers[i].error);
        g_clear_error(&workers[i].error);
    }
    for (size_t i = 0; i < job.blocks_n; i++)
        if (job.blocks[i])
            take_block(job.blocks[i], text, findings);
    for (size_t i = 0; i < cores; i++)
        g_string_chunk_free(workers[i].text);
    g_free(job.blocks);
    if (problem)
        g_propagate_error(error, problem);
    return !problem;
}

/* Whether the file has so many runs that it pays; a span of numbers with few runs costs little. */
static bool is_large(WbStore *store, int64_t *out_first, int64_t *out_last)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store, "SELECT (SELECT min(run_id) FROM runs), (SELECT max(run_id) FROM runs)", NULL);

    if (!store->readonly || !statement || sqlite3_step(statement) != SQLITE_ROW)
        return false;
    *out_first = sqlite3_column_int64(statement, 0);
    *out_last = sqlite3_column_int64(statement, 1);
    return *out_last - *out_first >= 2 * BLOCK && *out_last - *out_first < INT32_MAX;
}

GArray *wb_store_load_findings(WbStore *store, const WbFilter *filter, GStringChunk *text,
                               GError **error)
{
    g_autoptr(GArray) findings = g_array_new(FALSE, FALSE, sizeof(WbFindingRecord));
    g_autoptr(GString) of_runs = g_string_new(NULL);
    g_autoptr(GString) of_published = g_string_new(NULL);
    int64_t first, last;
    bool done;

    if (!wb_filter_to_sql(store, filter, of_runs, of_published, error))
        return NULL;
    if (of_runs->len == 0 && g_get_num_processors() > 1 && is_large(store, &first, &last))
        done = read_by_all(store, first, last, text, findings, error);
    else
        done = read_filtered(store, filter, of_runs->str, text, findings, error);
    return done ? g_steal_pointer(&findings) : NULL;
}
