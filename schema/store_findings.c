/*
 * The store's findings: rows of the view `findings` (schema/findings.sql), for the runs that a
 * filter leaves.
 */
#include "schema/store_private.h"

GArray *wb_store_load_findings(WbStore *store, const WbFilter *filter, GStringChunk *text,
                               GError **error)
{
    g_autoptr(GArray) findings = g_array_new(FALSE, FALSE, sizeof(WbFindingRecord));
    g_autoptr(GString) of_runs = g_string_new(NULL);
    g_autoptr(GString) of_published = g_string_new(NULL);
    g_autoptr(GString) sql = NULL;
    g_autoptr(WbStatement) statement = NULL;
    int code;

    if (!wb_filter_to_sql(store, filter, of_runs, of_published, error))
        return NULL;
    sql = g_string_new("SELECT f.run_id, f.finding, f.sentence, f.advice FROM findings AS f ");
    /* SQLite makes that list anew for each rule: of all runs it would be most of the work. */
    if (of_runs->len)
        g_string_append_printf(sql,
                               "WHERE f.run_id IN (SELECT r.run_id FROM runs AS r "
                               "JOIN cases AS k ON k.id = r.case_id WHERE 1 %s) ",
                               of_runs->str);
    g_string_append(sql, "ORDER BY f.run_id, f.finding");
    statement = wb_store_prepare(store, sql->str, error);
    if (!statement)
        return NULL;
    wb_filter_bind(filter, statement);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const WbFindingRecord finding = {
            .run_id = sqlite3_column_int64(statement, 0),
            .finding = wb_store_column_text(statement, 1, text),
            .sentence = wb_store_column_text(statement, 2, text),
            .advice = wb_store_column_text(statement, 3, text),
        };

        g_array_append_val(findings, finding);
    }
    if (code != SQLITE_DONE) {
        wb_store_set_error(store, error);
        return NULL;
    }
    return g_steal_pointer(&findings);
}
