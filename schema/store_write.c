/*
 * The store, writing. Each public call is one savepoint: alone it is a transaction, within
 * wb_store_begin it is undone alone if it fails, so that a batch goes on with the next run.
 */
#include <string.h>

#include "schema/store_private.h"

typedef bool (*WriteFn)(WbStore *store, void *what, GError **error);

/* Calls `write` within a savepoint and undoes all of it if it fails. */
static bool write_whole(WbStore *store, WriteFn write, void *what, GError **error)
{
    if (!wb_store_exec(store, "SAVEPOINT record", error))
        return false;
    if (write(store, what, error) && wb_store_exec(store, "RELEASE record", error))
        return true;
    sqlite3_exec(store->db, "ROLLBACK TO record; RELEASE record", NULL, NULL, NULL);
    g_hash_table_remove_all(store->cases); /* a case of the lost savepoint is gone */
    return false;
}

void wb_store_bind_int(sqlite3_stmt *statement, int i, int64_t value)
{
    if (value != WB_NONE)
        sqlite3_bind_int64(statement, i, value);
}

void wb_store_bind_real(sqlite3_stmt *statement, int i, double value)
{
    if (!isnan(value))
        sqlite3_bind_double(statement, i, value);
}

/* ---- cases -------------------------------------------------------------------------------- */

/* A case that this store has seen. */
typedef struct {
    int64_t id;
    int64_t next_run_no;
    int64_t numbered_in; /* the transaction of the store in which next_run_no holds; 0: none */
} SeenCase;

/* The labels as a JSON object, written by SQLite so that it escapes them; freed by sqlite3. */
static char *labels_json(WbStore *store, const WbLabels *labels, GError **error)
{
    g_autoptr(GString) sql = g_string_new("SELECT json_object(");
    g_autoptr(WbStatement) statement = NULL;

    for (size_t i = 0; i < wb_labels_count(labels); i++)
        g_string_append(sql, i ? ",?,?" : "?,?");
    g_string_append(sql, ")");
    statement = wb_store_prepare(store, sql->str, error);
    if (!statement)
        return NULL;
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        wb_store_bind_text(statement, (int)(2 * i + 1), wb_labels_at(labels, i)->key);
        wb_store_bind_text(statement, (int)(2 * i + 2), wb_labels_at(labels, i)->value);
    }
    if (sqlite3_step(statement) != SQLITE_ROW) {
        wb_store_set_error(store, error);
        return NULL;
    }
    return sqlite3_mprintf("%s", sqlite3_column_text(statement, 0));
}

static bool add_case(WbStore *store, const WbLabels *labels, const char *json, int64_t *out_id,
                     GError **error)
{
    sqlite3_stmt *add = wb_store_statement(store, STATEMENT_ADD_CASE,
                                           "INSERT INTO cases (labels) VALUES (?1)", error);
    sqlite3_stmt *label = wb_store_statement(
        store, STATEMENT_ADD_CASE_LABEL,
        "INSERT INTO case_labels (case_id, key, value) VALUES (?1, ?2, ?3)", error);

    if (!add || !label)
        return false;
    wb_store_bind_text(add, 1, json);
    if (!wb_store_step_done(store, add, error))
        return false;
    *out_id = sqlite3_last_insert_rowid(store->db);
    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        sqlite3_bind_int64(label, 1, *out_id);
        wb_store_bind_text(label, 2, wb_labels_at(labels, i)->key);
        wb_store_bind_text(label, 3, wb_labels_at(labels, i)->value);
        if (!wb_store_step_done(store, label, error))
            return false;
    }
    return true;
}

/* Looks in the database; `json` as labels_json writes it. */
static bool look_up_case(WbStore *store, const char *json, int64_t *out_id, GError **error)
{
    sqlite3_stmt *find = wb_store_statement(store, STATEMENT_FIND_CASE,
                                            "SELECT id FROM cases WHERE labels = ?1", error);
    int code;

    if (!find)
        return false;
    wb_store_bind_text(find, 1, json);
    code = sqlite3_step(find);
    *out_id = code == SQLITE_ROW ? sqlite3_column_int64(find, 0) : 0;
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        wb_store_set_error(store, error);
    sqlite3_reset(find);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

bool wb_store_find_case(WbStore *store, const WbLabels *labels, int64_t *out_id, GError **error)
{
    char *json = labels_json(store, labels, error);
    bool ok = json && look_up_case(store, json, out_id, error);

    sqlite3_free(json);
    return ok;
}

/* The case with these labels as this store has seen it, made if it is new; NULL: *error is set. */
static SeenCase *find_or_add_case(WbStore *store, const WbLabels *labels, GError **error)
{
    SeenCase *seen = g_hash_table_lookup(store->cases, labels);
    int64_t id;
    char *json;
    bool ok;

    if (seen)
        return seen;
    if (wb_labels_count(labels) > WB_LABELS_MAX) {
        g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                    "a run has %zu labels; at most %d can be stored", wb_labels_count(labels),
                    WB_LABELS_MAX);
        return NULL;
    }
    json = labels_json(store, labels, error);
    ok = json && look_up_case(store, json, &id, error) &&
         (id != 0 || add_case(store, labels, json, &id, error));
    sqlite3_free(json);
    if (!ok)
        return NULL;
    seen = g_new0(SeenCase, 1);
    seen->id = id;
    g_hash_table_insert(store->cases, wb_labels_copy(labels), seen);
    return seen;
}

static bool write_case(WbStore *store, void *what, GError **error)
{
    return find_or_add_case(store, what, error) != NULL;
}

bool wb_store_add_case(WbStore *store, const WbLabels *labels, GError **error)
{
    return write_whole(store, write_case, (WbLabels *)(uintptr_t)labels, error);
}

/* ---- runs --------------------------------------------------------------------------------- */

/* "INSERT INTO runs (campaign_id, case_id, slice_ns, <fields and halves>) VALUES (...)": made
 * from wb_run_fields, in the order in which bind_run binds. */
static char *insert_run_sql(void)
{
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    g_autoptr(GString) values = g_string_new(") VALUES (?,?,?");
    GString *sql = g_string_new("INSERT INTO runs (campaign_id, case_id, slice_ns");

    for (size_t i = 0; i < n; i++) {
        if (!fields[i].stored)
            continue;
        g_string_append_printf(sql, ", %s", fields[i].name);
        g_string_append(values, ",?");
        if (fields[i].half_offset) {
            g_string_append_printf(sql, ", %s_half", fields[i].name);
            g_string_append(values, ",?");
        }
    }
    g_string_append(sql, values->str);
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}

/* Binds a field, and its half width if it has one; returns the next parameter's number. */
static int bind_field(sqlite3_stmt *statement, int i, const WbField *field, const WbRun *run)
{
    const char *base = (const char *)run;
    const void *member = base + field->offset;
    const void *half = base + field->half_offset;

    if (field->type == WB_FIELD_TEXT) {
        wb_store_bind_text(statement, i, *(const char *const *)member);
    } else if (field->type == WB_FIELD_REAL) {
        double value = *(const double *)member;

        wb_store_bind_real(statement, i, value);
        if (field->half_offset && !isnan(value))
            wb_store_bind_real(statement, i + 1, *(const double *)half);
    } else {
        int64_t value = *(const int64_t *)member;

        wb_store_bind_int(statement, i, value);
        if (field->half_offset && value != WB_NONE)
            wb_store_bind_int(statement, i + 1, *(const int64_t *)half);
    }
    return i + (field->half_offset ? 2 : 1);
}

/* The next number of a run of the case. In a transaction nobody else adds runs, and it is asked
 * for once. */
static bool next_run_no(WbStore *store, SeenCase *seen, int64_t *out, GError **error)
{
    sqlite3_stmt *statement;

    if (seen->numbered_in == 0 || seen->numbered_in != store->transaction) {
        statement = wb_store_statement(
            store, STATEMENT_NEXT_RUN_NO,
            "SELECT coalesce(max(run_no), 0) + 1 FROM runs WHERE case_id = ?1", error);
        if (!statement)
            return false;
        sqlite3_bind_int64(statement, 1, seen->id);
        if (sqlite3_step(statement) != SQLITE_ROW)
            return wb_store_set_error(store, error);
        seen->next_run_no = sqlite3_column_int64(statement, 0);
        seen->numbered_in = store->transaction;
        sqlite3_reset(statement);
    }
    *out = seen->next_run_no;
    return true;
}

/* Stands for the CHECK of the table, which this connection leaves out (wb_store_open). */
static bool check_status(const WbRun *run, GError **error)
{
    static const char *const statuses[] = {"complete", "partial", "failed", NULL};

    if (run->status && g_strv_contains(statuses, run->status))
        return true;
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                "a run's status is '%s'; it can be complete, partial or failed",
                run->status ? run->status : "");
    return false;
}

static bool insert_run(WbStore *store, WbRun *run, int64_t case_id, int64_t slice_ns,
                       GError **error)
{
    g_autofree char *sql = store->statements[STATEMENT_ADD_RUN] ? NULL : insert_run_sql();
    sqlite3_stmt *statement = wb_store_statement(store, STATEMENT_ADD_RUN, sql, error);
    size_t n;
    const WbField *fields = wb_run_fields(&n);
    int next = 4;

    if (!statement || !check_status(run, error))
        return false;
    sqlite3_bind_int64(statement, 1, store->campaign_id);
    sqlite3_bind_int64(statement, 2, case_id);
    if (slice_ns > 0)
        sqlite3_bind_int64(statement, 3, slice_ns);
    for (size_t i = 0; i < n; i++)
        if (fields[i].stored)
            next = bind_field(statement, next, &fields[i], run);
    if (!wb_store_step_done(store, statement, error))
        return false;
    run->run_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

typedef struct {
    WbRun *run;
    const WbLabels *labels;
    const WbRunDetails *details;
} RunToAdd;

static bool write_run_of(WbStore *store, const RunToAdd *add, SeenCase *seen, GError **error)
{
    const WbRunDetails *details = add->details;
    WbRun *run = add->run;

    if ((run->run_no == WB_NONE && !next_run_no(store, seen, &run->run_no, error)) ||
        !insert_run(store, run, seen->id, details ? details->slice_ns : 0, error))
        return false;
    seen->next_run_no = MAX(seen->next_run_no, run->run_no + 1);
    return !details || wb_store_insert_details(store, run->run_id, details, error);
}

static bool write_run(WbStore *store, void *what, GError **error)
{
    const RunToAdd *add = what;
    SeenCase *seen = find_or_add_case(store, add->labels, error);

    return seen && write_run_of(store, add, seen, error);
}

/* Adds a run whole or not at all: one that is a row alone, in a transaction that is open, needs no
 * savepoint for that. */
static bool add_run(WbStore *store, RunToAdd *add, GError **error)
{
    SeenCase *seen = g_hash_table_lookup(store->cases, add->labels);

    if (seen && !add->details && store->transaction)
        return write_run_of(store, add, seen, error);
    return write_whole(store, write_run, add, error);
}

/* What must hold for a campaign to have a run or a figure added. */
static bool check_campaign(const WbStore *store, GError **error)
{
    if (store->campaign_id)
        return true;
    g_set_error(error, WB_STORE_ERROR, WB_STORE_ERROR_INVALID,
                "database '%s': nothing can be added before its campaign", store->path);
    return false;
}

bool wb_store_add_run(WbStore *store, WbRun *run, const WbLabels *labels,
                      const WbRunDetails *details, GError **error)
{
    RunToAdd add = {run, labels, details};
    char uuid[WB_RUN_UUID_SIZE];
    int64_t run_no = run->run_no;
    bool ok;

    if (!check_campaign(store, error))
        return false;
    if (!run->run_uuid) {
        wb_run_uuid_make(&store->uuids, g_get_real_time() * 1000, uuid);
        run->run_uuid = uuid;
    }
    ok = add_run(store, &add, error);
    if (!ok)
        run->run_no = run_no;
    if (run->run_uuid == uuid)
        run->run_uuid = NULL; /* it lives in the database now, not beyond this call */
    return ok;
}

/* ---- published figures --------------------------------------------------------------------- */

typedef struct {
    const WbPublished *published;
    const WbLabels *labels;
} PublishedToAdd;

static bool write_published(WbStore *store, void *what, GError **error)
{
    const PublishedToAdd *add = what;
    const WbPublished *p = add->published;
    const SeenCase *seen = find_or_add_case(store, add->labels, error);
    sqlite3_stmt *statement;

    if (!seen)
        return false;
    statement = wb_store_statement(
        store, STATEMENT_ADD_PUBLISHED,
        "INSERT INTO published (campaign_id, case_id, state, split, because, requests_per_s, "
        "requests_per_s_half, window_ns, window_min, window_max, log_id, log_line) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        error);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, store->campaign_id);
    sqlite3_bind_int64(statement, 2, seen->id);
    wb_store_bind_text(statement, 3, wb_state_name(p->state));
    wb_store_bind_text(statement, 4, p->split);
    wb_store_bind_text(statement, 5, p->because);
    wb_store_bind_real(statement, 6, p->requests_per_s);
    if (!isnan(p->requests_per_s))
        wb_store_bind_real(statement, 7, p->requests_per_s_half);
    wb_store_bind_int(statement, 8, p->window_ns);
    wb_store_bind_real(statement, 9, p->window_min);
    wb_store_bind_real(statement, 10, p->window_max);
    wb_store_bind_int(statement, 11, p->log_id);
    wb_store_bind_int(statement, 12, p->log_line);
    return wb_store_step_done(store, statement, error);
}

bool wb_store_add_published(WbStore *store, const WbPublished *published, const WbLabels *labels,
                            GError **error)
{
    PublishedToAdd add = {published, labels};

    return check_campaign(store, error) && write_whole(store, write_published, &add, error);
}
