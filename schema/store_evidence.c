/*
 * The store's evidence: what a suite saw beside a run; written within the run's own savepoint.
 */
#include "schema/store_private.h"

static bool insert_resources(WbStore *store, int64_t run_id, const WbRunDetails *details,
                             GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(
        store, STATEMENT_ADD_RESOURCE,
        "INSERT INTO resources VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", error);

    if (!statement)
        return false;
    for (size_t i = 0; i < details->resources_n; i++) {
        const WbResourceRecord *r = &details->resources[i];
        const int64_t counts[] = {r->server_cpu_ns, r->server_memory_bytes, r->server_processes,
                                  r->client_cpu_ns, r->foreign_cpu_ns,      r->steal_ns};
        const double shares[] = {r->pressure_cpu, r->pressure_memory, r->pressure_io};

        sqlite3_clear_bindings(statement);
        sqlite3_bind_int64(statement, 1, run_id);
        sqlite3_bind_int64(statement, 2, (int64_t)i);
        for (size_t v = 0; v < G_N_ELEMENTS(counts); v++)
            wb_store_bind_int(statement, (int)v + 3, counts[v]);
        for (size_t v = 0; v < G_N_ELEMENTS(shares); v++)
            wb_store_bind_real(statement, (int)v + 9, shares[v]);
        if (!wb_store_step_done(store, statement, error))
            return false;
    }
    return true;
}

static bool insert_counters(WbStore *store, int64_t run_id, const WbRunDetails *details,
                            GError **error)
{
    sqlite3_stmt *statement = wb_store_statement(store, STATEMENT_ADD_COUNTER,
                                                 "INSERT INTO counters VALUES (?1, ?2, ?3)", error);

    if (!statement)
        return false;
    for (size_t i = 0; i < details->counters_n; i++) {
        sqlite3_bind_int64(statement, 1, run_id);
        wb_store_bind_text(statement, 2, details->counters[i].name);
        sqlite3_bind_int64(statement, 3, details->counters[i].value);
        if (!wb_store_step_done(store, statement, error))
            return false;
    }
    return true;
}

static const char *text_or_null(const char *text)
{
    return *text ? text : NULL;
}

static bool insert_probe(WbStore *store, int64_t run_id, const WbProbeRecord *probe, GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_PROBE,
                           "INSERT INTO probes (run_id, moment, body_sha256, framing, failure, "
                           "status, reply_bytes, body_bytes, announced_close, reused, reply_ns, "
                           "close_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                           error);
    const int64_t values[] = {probe->status,          probe->reply_bytes, probe->body_bytes,
                              probe->announced_close, probe->reused,      probe->reply_ns,
                              probe->close_ns};

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, probe->moment);
    wb_store_bind_text(statement, 3, text_or_null(probe->body_sha256));
    wb_store_bind_text(statement, 4, text_or_null(probe->framing));
    wb_store_bind_text(statement, 5, text_or_null(probe->failure));
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        wb_store_bind_int(statement, (int)i + 6, values[i]);
    return wb_store_step_done(store, statement, error);
}

static bool insert_process(WbStore *store, int64_t run_id, const WbProcessRecord *process,
                           GError **error)
{
    sqlite3_stmt *statement =
        wb_store_statement(store, STATEMENT_ADD_PROCESS,
                           "INSERT OR IGNORE INTO processes VALUES (?1, ?2, ?3, ?4, ?5)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, run_id);
    wb_store_bind_text(statement, 2, process->moment);
    sqlite3_bind_int64(statement, 3, process->pid);
    sqlite3_bind_int64(statement, 4, process->start_ticks);
    wb_store_bind_text(statement, 5, process->name);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_insert_evidence(WbStore *store, int64_t run_id, const WbRunDetails *details,
                              GError **error)
{
    if (!insert_resources(store, run_id, details, error) ||
        !insert_counters(store, run_id, details, error))
        return false;
    for (size_t i = 0; i < details->probes_n; i++)
        if (!insert_probe(store, run_id, &details->probes[i], error))
            return false;
    for (size_t i = 0; i < details->processes_n; i++)
        if (!insert_process(store, run_id, &details->processes[i], error))
            return false;
    return true;
}

WbResourceRecord wb_store_read_resource(sqlite3_stmt *statement, int first)
{
    return (WbResourceRecord){
        .server_cpu_ns = wb_store_column_int(statement, first),
        .server_memory_bytes = wb_store_column_int(statement, first + 1),
        .server_processes = wb_store_column_int(statement, first + 2),
        .client_cpu_ns = wb_store_column_int(statement, first + 3),
        .foreign_cpu_ns = wb_store_column_int(statement, first + 4),
        .steal_ns = wb_store_column_int(statement, first + 5),
        .pressure_cpu = wb_store_column_real(statement, first + 6),
        .pressure_memory = wb_store_column_real(statement, first + 7),
        .pressure_io = wb_store_column_real(statement, first + 8),
    };
}
