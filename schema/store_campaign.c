/*
 * The store's campaigns: begun, read, and for suites resumed and ended.
 */
#include <math.h>

#include "schema/store_private.h"

static char *now_utc(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    return g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.%fZ");
}

bool wb_store_add_campaign(WbStore *store, WbCampaign *campaign, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store,
        "INSERT INTO campaigns (uuid, kind, name, started_at, command, wrkbook_version, host, "
        "suite, seed, run_order, plan_sha256, planned_runs) "
        "VALUES (?1, ?2, ?3, ?4, ?5, '" WB_VERSION "', ?6, ?7, ?8, ?9, ?10, ?11)",
        error);

    if (!statement)
        return false;
    if (!campaign->uuid)
        campaign->uuid = g_uuid_string_random();
    if (!campaign->started_at)
        campaign->started_at = now_utc();
    wb_store_bind_text(statement, 1, campaign->uuid);
    wb_store_bind_text(statement, 2, campaign->kind);
    wb_store_bind_text(statement, 3, campaign->name);
    wb_store_bind_text(statement, 4, campaign->started_at);
    wb_store_bind_text(statement, 5, campaign->command);
    wb_store_bind_text(statement, 6, campaign->host);
    if (campaign->suite) {
        wb_store_bind_text(statement, 7, campaign->suite);
        sqlite3_bind_int64(statement, 8, (int64_t)campaign->seed);
        wb_store_bind_text(statement, 9, campaign->run_order);
        wb_store_bind_text(statement, 10, campaign->plan_sha256);
        sqlite3_bind_int64(statement, 11, campaign->planned_runs);
    }
    if (!wb_store_step_done(store, statement, error))
        return false;
    store->campaign_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

GArray *wb_store_load_campaigns(WbStore *store, GStringChunk *text, GError **error)
{
    g_autoptr(WbStatement) statement = wb_store_prepare(
        store,
        "SELECT id, uuid, kind, name, started_at, host, run_order, command, wrkbook_version, "
        "suite "
        "FROM campaigns ORDER BY id",
        error);
    g_autoptr(GArray) campaigns = g_array_new(FALSE, FALSE, sizeof(WbCampaignRecord));
    int code;

    if (!statement)
        return NULL;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        WbCampaignRecord record = {.id = sqlite3_column_int64(statement, 0),
                                   .uuid = wb_store_column_text(statement, 1, text),
                                   .kind = wb_store_column_text(statement, 2, text),
                                   .name = wb_store_column_text(statement, 3, text),
                                   .started_at = wb_store_column_text(statement, 4, text),
                                   .host = wb_store_column_text(statement, 5, text),
                                   .run_order = wb_store_column_text(statement, 6, text),
                                   .command = wb_store_column_text(statement, 7, text),
                                   .version = wb_store_column_text(statement, 8, text),
                                   .suite = wb_store_column_text(statement, 9, text)};

        g_array_append_val(campaigns, record);
    }
    if (code != SQLITE_DONE) {
        wb_store_set_error(store, error);
        return NULL;
    }
    return g_steal_pointer(&campaigns);
}

bool wb_store_resume_campaign(WbStore *store, const char *plan_sha256, uint64_t *out_seed,
                              GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store,
                         "SELECT id, seed FROM campaigns WHERE kind = 'suite' AND plan_sha256 = ?1 "
                         "AND ended_at IS NULL ORDER BY id DESC LIMIT 1",
                         error);
    int code;

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, plan_sha256);
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_NOT_FOUND,
                    "database '%s' holds no unfinished campaign of this suite with these settings",
                    store->path);
        return false;
    }
    if (code != SQLITE_ROW)
        return wb_store_set_error(store, error);
    store->campaign_id = sqlite3_column_int64(statement, 0);
    *out_seed = (uint64_t)sqlite3_column_int64(statement, 1);
    return true;
}

bool wb_store_end_campaign(WbStore *store, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "UPDATE campaigns SET ended_at = ?1 WHERE id = ?2", error);
    g_autofree char *now = now_utc();

    if (!statement)
        return false;
    wb_store_bind_text(statement, 1, now);
    sqlite3_bind_int64(statement, 2, store->campaign_id);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_last_server_start(WbStore *store, int64_t *out_start, GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store,
                         "SELECT max((SELECT coalesce(max(server_start), 0) FROM runs "
                         "WHERE campaign_id = ?1), (SELECT coalesce(max(server_start), 0) "
                         "FROM server_stops WHERE campaign_id = ?1))",
                         error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, store->campaign_id);
    if (sqlite3_step(statement) != SQLITE_ROW)
        return wb_store_set_error(store, error);
    *out_start = sqlite3_column_int64(statement, 0);
    return true;
}

bool wb_store_add_server_stop(WbStore *store, int64_t start, bool forced, const char *note,
                              GError **error)
{
    g_autoptr(WbStatement) statement =
        wb_store_prepare(store, "INSERT INTO server_stops VALUES (?1, ?2, ?3, ?4)", error);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, store->campaign_id);
    sqlite3_bind_int64(statement, 2, start);
    sqlite3_bind_int(statement, 3, forced);
    wb_store_bind_text(statement, 4, note);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_find_round(WbStore *store, const WbLabels *labels, int64_t round, bool *out_found,
                         double *out_rate_per_s, GError **error)
{
    g_autoptr(WbStatement) statement = NULL;
    int64_t case_id;

    if (!wb_store_find_case(store, labels, &case_id, error))
        return false;
    statement = wb_store_prepare(store,
                                 "SELECT CASE status WHEN 'complete' THEN requests_per_s END "
                                 "FROM runs WHERE campaign_id = ?1 AND case_id = ?2 "
                                 "AND round = ?3 AND status <> 'partial'",
                                 error);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, store->campaign_id);
    sqlite3_bind_int64(statement, 2, case_id);
    sqlite3_bind_int64(statement, 3, round);
    *out_found = false;
    *out_rate_per_s = NAN;
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        *out_found = true;
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
            *out_rate_per_s = sqlite3_column_double(statement, 0);
        return true;
    case SQLITE_DONE:
        return true;
    default:
        return wb_store_set_error(store, error);
    }
}
