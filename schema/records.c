/*
 * Records: the list of a run's fields, and the small types of the store's language.
 */
#include "schema/records.h"

#include <string.h>

G_DEFINE_QUARK(wb_record_error, wb_record_error)

/* ---- labels ---------------------------------------------------------------------------- */

static void clear_label(void *data)
{
    WbLabel *label = data;

    g_free(label->key);
    g_free(label->value);
}

WbLabels *wb_labels_new(void)
{
    WbLabels *labels = g_new0(WbLabels, 1);

    labels->items = g_array_new(FALSE, FALSE, sizeof(WbLabel));
    g_array_set_clear_func(labels->items, clear_label);
    return labels;
}

WbLabels *wb_labels_copy(const WbLabels *labels)
{
    WbLabels *copy = wb_labels_new();

    wb_labels_merge(copy, labels);
    return copy;
}

void wb_labels_free(WbLabels *labels)
{
    if (!labels)
        return;
    g_array_free(labels->items, TRUE);
    g_free(labels);
}

size_t wb_labels_count(const WbLabels *labels)
{
    return labels->items->len;
}

const WbLabel *wb_labels_at(const WbLabels *labels, size_t i)
{
    return &g_array_index(labels->items, WbLabel, i);
}

/* Place of `key`, or where it would have to stand. */
static size_t find_place(const WbLabels *labels, const char *key, bool *out_found)
{
    size_t i = 0;
    int order = 1;

    while (i < wb_labels_count(labels) && (order = strcmp(key, wb_labels_at(labels, i)->key)) > 0)
        i++;
    *out_found = i < wb_labels_count(labels) && order == 0;
    return i;
}

void wb_labels_set(WbLabels *labels, const char *key, const char *value)
{
    bool found;
    size_t i = find_place(labels, key, &found);

    if (found) {
        WbLabel *label = &g_array_index(labels->items, WbLabel, i);
        char *copy = g_strdup(value); /* first: `value` may be the old one */

        g_free(label->value);
        label->value = copy;
    } else {
        WbLabel label = {g_strdup(key), g_strdup(value)};

        g_array_insert_val(labels->items, (guint)i, label);
    }
}

const char *wb_labels_get(const WbLabels *labels, const char *key)
{
    bool found;
    size_t i = find_place(labels, key, &found);

    return found ? wb_labels_at(labels, i)->value : NULL;
}

void wb_labels_merge(WbLabels *labels, const WbLabels *more)
{
    for (size_t i = 0; i < wb_labels_count(more); i++)
        wb_labels_set(labels, wb_labels_at(more, i)->key, wb_labels_at(more, i)->value);
}

bool wb_labels_equal(const WbLabels *a, const WbLabels *b)
{
    if (wb_labels_count(a) != wb_labels_count(b))
        return false;
    for (size_t i = 0; i < wb_labels_count(a); i++)
        if (strcmp(wb_labels_at(a, i)->key, wb_labels_at(b, i)->key) != 0 ||
            strcmp(wb_labels_at(a, i)->value, wb_labels_at(b, i)->value) != 0)
            return false;
    return true;
}

guint wb_labels_hash(const WbLabels *labels)
{
    guint hash = 0;

    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        hash = 31 * hash + g_str_hash(wb_labels_at(labels, i)->key);
        hash = 31 * hash + g_str_hash(wb_labels_at(labels, i)->value);
    }
    return hash;
}

/* At most 80 bytes of a text, for a message: cut, it may end in the middle of a character. */
static char *shown_of(const char *text)
{
    return g_utf8_make_valid(text, (gssize)strnlen(text, 80));
}

bool wb_labels_check_key(const char *key, GError **error)
{
    g_autofree char *shown = NULL;
    size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    if (n > 0 && n <= 64 && key[n] == '\0' && !g_ascii_isdigit(key[0]))
        return true;
    shown = shown_of(key);
    g_set_error(error, WB_RECORD_ERROR, WB_RECORD_ERROR_LABEL,
                "'%s' cannot name a label: use 1 to 64 letters, digits, '_', '-' or '.', not "
                "beginning with a digit",
                shown);
    return false;
}

bool wb_labels_parse(WbLabels *labels, const char *text, GError **error)
{
    const char *equals = strchr(text, '=');
    g_autofree char *key = NULL;

    if (!equals) {
        g_autofree char *shown = shown_of(text);

        g_set_error(error, WB_RECORD_ERROR, WB_RECORD_ERROR_LABEL,
                    "'%s' is no label: write KEY=VALUE, as in server=gunicorn", shown);
        return false;
    }
    key = g_strndup(text, (size_t)(equals - text));
    if (!wb_labels_check_key(key, error))
        return false;
    if (strlen(equals + 1) > 1000 || !g_utf8_validate(equals + 1, -1, NULL)) {
        g_set_error(error, WB_RECORD_ERROR, WB_RECORD_ERROR_LABEL,
                    "the value of label '%s' is not UTF-8 text of at most 1000 bytes", key);
        return false;
    }
    wb_labels_set(labels, key, equals + 1);
    return true;
}

void wb_campaign_clear(WbCampaign *campaign)
{
    g_free(campaign->uuid);
    g_free(campaign->kind);
    g_free(campaign->name);
    g_free(campaign->started_at);
    g_free(campaign->command);
    g_free(campaign->host);
    g_free(campaign->suite);
    g_free(campaign->run_order);
    g_free(campaign->plan_sha256);
    memset(campaign, 0, sizeof *campaign);
}

/* ---- fields of a run ------------------------------------------------------------------- */

#define AT(member) offsetof(WbRun, member)

/* name, type, unit, member, half width, in run_facts, stored by wb_store_add_run */
#define INT(name, unit)                                                                            \
    {                                                                                              \
#name, WB_FIELD_INT, unit, AT(name), 0, true, true                                         \
    }
#define REAL(name, unit)                                                                           \
    {                                                                                              \
#name, WB_FIELD_REAL, unit, AT(name), 0, true, true                                        \
    }
#define TEXT(name)                                                                                 \
    {                                                                                              \
#name, WB_FIELD_TEXT, WB_UNIT_NONE, AT(name), 0, true, true                                \
    }
#define UNIQUE_TEXT(name)                                                                          \
    {                                                                                              \
#name, WB_FIELD_TEXT, WB_UNIT_NONE, AT(name), 0, true, true, true                          \
    }
#define ROUNDED_NS(name)                                                                           \
    {                                                                                              \
#name, WB_FIELD_INT, WB_UNIT_NS, AT(name), AT(name##_half), true, true                     \
    }
#define MADE(name, type)                                                                           \
    {                                                                                              \
#name, type, WB_UNIT_NONE, AT(name), 0, true, false                                        \
    }
#define ONLY(name, type, unit)                                                                     \
    {                                                                                              \
#name, type, unit, AT(name), 0, false, true                                                \
    }

static const WbField fields[] = {
    MADE(run_id, WB_FIELD_INT),
    UNIQUE_TEXT(run_uuid),
    MADE(campaign, WB_FIELD_TEXT),
    INT(run_no, WB_UNIT_NONE),
    TEXT(tool),
    TEXT(tool_version),
    TEXT(command),
    TEXT(url),
    INT(threads, WB_UNIT_COUNT),
    INT(connections, WB_UNIT_COUNT),
    REAL(rate_per_s, WB_UNIT_PER_S),
    INT(timeout_ns, WB_UNIT_NS),
    ROUNDED_NS(asked_duration_ns),
    ROUNDED_NS(elapsed_ns),
    UNIQUE_TEXT(started_at),
    TEXT(status),
    INT(requests, WB_UNIT_COUNT),
    {"bytes", WB_FIELD_INT, WB_UNIT_BYTES, AT(bytes), AT(bytes_half), true, true},
    {"requests_per_s", WB_FIELD_REAL, WB_UNIT_PER_S, AT(requests_per_s), AT(requests_per_s_half),
     true, true},
    INT(window_ns, WB_UNIT_NS),
    INT(windows, WB_UNIT_COUNT),
    REAL(window_min, WB_UNIT_PER_WINDOW),
    REAL(window_max, WB_UNIT_PER_WINDOW),
    INT(errors_connect, WB_UNIT_COUNT),
    INT(errors_read, WB_UNIT_COUNT),
    INT(errors_write, WB_UNIT_COUNT),
    INT(errors_timeout, WB_UNIT_COUNT),
    INT(errors_status, WB_UNIT_COUNT),
    ROUNDED_NS(latency_mean_ns),
    ROUNDED_NS(latency_stdev_ns),
    ROUNDED_NS(latency_max_ns),
    ROUNDED_NS(latency_p50_ns),
    ROUNDED_NS(latency_p75_ns),
    ROUNDED_NS(latency_p90_ns),
    ROUNDED_NS(latency_p99_ns),
    ROUNDED_NS(latency_p999_ns),
    TEXT(latency_kind),
    INT(connections_answered, WB_UNIT_COUNT),
    INT(sent, WB_UNIT_COUNT),
    INT(in_flight, WB_UNIT_COUNT),
    REAL(client_cpu_share, WB_UNIT_SHARE),
    TEXT(io),
    MADE(findings, WB_FIELD_TEXT),
    INT(pipeline, WB_UNIT_COUNT),
    INT(keepalive, WB_UNIT_NONE),
    INT(warmup_ns, WB_UNIT_NS),
    INT(asked_requests, WB_UNIT_COUNT),
    INT(errors_expect, WB_UNIT_COUNT),
    INT(failed, WB_UNIT_COUNT),
    INT(connections_opened, WB_UNIT_COUNT),
    INT(reconnects, WB_UNIT_COUNT),
    INT(closed_announced, WB_UNIT_COUNT),
    TEXT(tls),
    INT(tls_resumed, WB_UNIT_COUNT),
    INT(planned, WB_UNIT_COUNT),
    INT(unfinished, WB_UNIT_COUNT),
    INT(backlog_max, WB_UNIT_COUNT),
    INT(coalesced, WB_UNIT_NONE),
    INT(timer_slack_ns, WB_UNIT_NS),
    TEXT(io_note),
    REAL(in_flight_mean, WB_UNIT_COUNT),
    TEXT(warnings),
    INT(round, WB_UNIT_NONE),
    INT(order_no, WB_UNIT_NONE),
    TEXT(server_command),
    TEXT(server_version),
    INT(server_start, WB_UNIT_NONE),
    INT(server_ready_ns, WB_UNIT_NS),
    INT(server_cpu_ns, WB_UNIT_NS),
    INT(server_memory_bytes, WB_UNIT_BYTES),
    INT(server_processes, WB_UNIT_COUNT),
    TEXT(server_end),
    TEXT(server_output),
    TEXT(server_autogroup),
    TEXT(failure),
    INT(drain_ns, WB_UNIT_NS),
    INT(drain_cpu_ns, WB_UNIT_NS),
    INT(drained, WB_UNIT_NONE),
    INT(busy_before, WB_UNIT_NONE),
    REAL(foreign_cpu_share, WB_UNIT_SHARE),
    REAL(steal_share, WB_UNIT_SHARE),
    REAL(canary_per_s, WB_UNIT_PER_S),
    TEXT(started_from),
    ROUNDED_NS(latency_min_ns),
    ROUNDED_NS(latency_p95_ns),
    ONLY(log_id, WB_FIELD_INT, WB_UNIT_NONE),
    ONLY(log_line, WB_FIELD_INT, WB_UNIT_NONE),
    ONLY(req_sec_mean_per_s, WB_FIELD_REAL, WB_UNIT_PER_S),
    ONLY(req_sec_stdev_per_s, WB_FIELD_REAL, WB_UNIT_PER_S),
    ONLY(req_sec_max_per_s, WB_FIELD_REAL, WB_UNIT_PER_S),
    ONLY(req_sec_half, WB_FIELD_REAL, WB_UNIT_PER_S),
    ONLY(printed_mismatch, WB_FIELD_TEXT, WB_UNIT_NONE),
};

const WbField *wb_run_fields(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(fields);
    return fields;
}

const WbField *wb_run_field_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

const char *wb_latency_hist_kind(const char *latency_kind)
{
    return g_strcmp0(latency_kind, "corrected by wrk") == 0 ? "corrected latency" : "latency";
}

void wb_run_init(WbRun *run)
{
    char *base = (char *)run;

    memset(run, 0, sizeof *run);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].type == WB_FIELD_INT)
            *(int64_t *)(void *)(base + fields[i].offset) = WB_NONE;
        else if (fields[i].type == WB_FIELD_REAL)
            *(double *)(void *)(base + fields[i].offset) = NAN;
    }
}

bool wb_run_has_socket_errors(const WbRun *run)
{
    /* WB_NONE is below 0: a class that the log does not hold counts as none. */
    return run->errors_connect > 0 || run->errors_read > 0 || run->errors_write > 0 ||
           run->errors_timeout > 0;
}

/* ---- published figures ------------------------------------------------------------------ */

static const char *const state_names[] = {"ok", "errors", "n/a", "blank"};

const char *wb_state_name(WbState state)
{
    return state_names[state];
}

bool wb_state_parse(const char *text, WbState *out_state)
{
    if (*text == '\0') {
        *out_state = WB_STATE_BLANK;
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(state_names); i++)
        if (strcmp(text, state_names[i]) == 0) {
            *out_state = (WbState)i;
            return true;
        }
    return false;
}

void wb_published_init(WbPublished *published)
{
    *published = (WbPublished){
        .state = WB_STATE_BLANK,
        .requests_per_s = NAN,
        .window_ns = WB_NONE,
        .window_min = NAN,
        .window_max = NAN,
        .log_id = WB_NONE,
        .log_line = WB_NONE,
    };
}
