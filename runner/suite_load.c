/*
 * Suite load: order matters. Probe, look at the processes, begin the evidence, load, end the
 * evidence, look again, probe again: nothing of ours falls into the run.
 */
#include "runner/suite_load.h"

#include <string.h>

#include "runner/interrupt.h"
#include "runner/probe.h"
#include "runner/record.h"
#include "runner/requests_file.h"
#include "runner/target.h"
#include "runner/tls.h"
#include "runner/wrk_engine.h"

G_DEFINE_QUARK(wb_suite_load_error, wb_suite_load_error)

#define PROBE_LIMIT_NS INT64_C(2000000000)

void wb_suite_loaded_free(WbSuiteLoaded *loaded)
{
    if (!loaded)
        return;
    wb_engine_result_free(loaded->result);
    wb_evidence_free(loaded->evidence);
    g_clear_pointer(&loaded->processes, g_array_unref);
    g_clear_pointer(&loaded->texts, g_ptr_array_unref);
    g_free(loaded->log);
    g_free(loaded);
}

/* ---- the native engine ---------------------------------------------------------------------- */

/* What a WbLoad points to. */
typedef struct {
    WbTarget *target;
    GPtrArray *bytes;
    GArray *requests;
    GArray *addresses;
    WbTls *tls;
    WbLoad load;
} Native;

static void clear_native(Native *native)
{
    wb_target_free(native->target);
    g_clear_pointer(&native->bytes, g_ptr_array_unref);
    g_clear_pointer(&native->requests, g_array_unref);
    g_clear_pointer(&native->addresses, g_array_unref);
    wb_tls_free(native->tls);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Native, clear_native)

static bool fill_native(Native *n, const WbSuiteLoad *load, const char *url, GError **error)
{
    g_autoptr(GBytes) body = load->body ? g_bytes_new(load->body, strlen(load->body)) : NULL;
    GBytes *request;

    n->target = wb_target_parse(url, error);
    if (!n->target || !(request = wb_target_request(n->target, load->method, NULL, load->headers,
                                                    body, load->no_keepalive, error)))
        return false;
    n->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    n->requests = g_array_new(FALSE, FALSE, sizeof(WbRequest));
    wb_requests_add(n->bytes, n->requests, request,
                    load->method && strcmp(load->method, "HEAD") == 0);
    if (!(n->addresses = wb_target_resolve(n->target, error)) ||
        (n->target->tls && !(n->tls = wb_tls_new(NULL, NULL, NULL, load->insecure, error))))
        return false;
    n->load = (WbLoad){.threads = load->threads,
                       .connections = load->connections,
                       .pipeline = load->pipeline,
                       .duration_ns = load->duration_ns,
                       .timeout_ns = load->timeout_ns,
                       .warmup_ns = load->warmup_ns,
                       .slice_ns = load->slice_ns,
                       .rate_per_s = load->rate_per_s,
                       .no_keepalive = load->no_keepalive,
                       .expect_length = -1,
                       .requests = (const WbRequest *)(void *)n->requests->data,
                       .requests_n = n->requests->len,
                       .addresses = (const WbAddress *)(void *)n->addresses->data,
                       .addresses_n = n->addresses->len,
                       .tls = n->tls ? wb_tls_context(n->tls) : NULL,
                       .tls_host = n->tls ? n->target->host : NULL};
    return true;
}

static bool load_native(WbSuiteLoaded *loaded, const WbSuiteLoad *load, const WbServer *server,
                        const atomic_bool *stop, GError **error)
{
    g_auto(Native) native = {0};
    char *started_at;
    int code;

    if (!fill_native(&native, load, wb_server_url(server), error))
        return false;
    code = wb_engine_run(&native.load, stop, NULL, NULL, &loaded->result);
    if (code < 0) {
        g_set_error(error, WB_SUITE_LOAD_ERROR, WB_SUITE_LOAD_ERROR_ENGINE,
                    "the load cannot begin: %s", g_strerror(-code));
        return false;
    }
    g_ptr_array_add(loaded->texts, g_strdup(wb_server_url(server)));
    wb_record_fill(&loaded->run, &native.load, loaded->result,
                   g_ptr_array_index(loaded->texts, loaded->texts->len - 1), &started_at);
    g_ptr_array_add(loaded->texts, started_at);
    return true;
}

/* ---- what stands beside the load --------------------------------------------------------------
 */

static void add_processes(WbSuiteLoaded *loaded, const WbServer *server, const char *moment)
{
    g_autoptr(GArray) live = wb_server_processes(server);

    for (guint i = 0; live && i < live->len; i++) {
        const WbServerProcess *p = &g_array_index(live, WbServerProcess, i);
        WbProcessRecord record = {
            .moment = moment, .pid = p->pid, .start_ticks = (int64_t)p->start_ticks};

        g_strlcpy(record.name, p->name, sizeof record.name);
        g_array_append_val(loaded->processes, record);
    }
}

static void probe(WbProbeRecord *record, const char *url, char *const *headers, const char *moment)
{
    g_autoptr(WbTarget) target = wb_target_parse(url, NULL);

    if (target)
        wb_probe_run(target, headers, PROBE_LIMIT_NS, record);
    record->moment = target ? moment : NULL;
}

/* One load as its thread sees it. */
typedef struct {
    WbSuiteLoaded *loaded;
    const WbSuiteCell *cell;
    WbServer *server;
    GError *error; /* why it could not begin */
} Job;

/* Runs within the server's network and on the client's CPUs. */
static void do_load(const atomic_bool *stop, void *data)
{
    Job *job = data;
    WbSuiteLoaded *loaded = job->loaded;
    const WbSuiteLoad *load = &job->cell->load;
    const char *url = wb_server_url(job->server);
    bool ok;

    probe(&loaded->probes[0], url, load->headers, "before");
    add_processes(loaded, job->server, "before");
    loaded->evidence = wb_evidence_begin(job->cell->server.start ? job->server : NULL,
                                         load->duration_ns + load->warmup_ns);
    ok = load->engine == WB_ENGINE_WRK
             ? wb_wrk_engine_run(load, url, &loaded->run, loaded->texts, &loaded->log, &job->error)
             : load_native(loaded, load, job->server, stop, &job->error);
    wb_evidence_end(loaded->evidence);
    if (!ok)
        return;
    add_processes(loaded, job->server, "after");
    probe(&loaded->probes[1], url, load->headers, "after");
    wb_evidence_fill(loaded->evidence, &loaded->run);
}

WbSuiteLoaded *wb_suite_load_once(const WbSuiteCell *cell, WbServer *server, GError **error)
{
    g_autoptr(WbSuiteLoaded) loaded = g_new0(WbSuiteLoaded, 1);
    Job job = {.loaded = loaded, .cell = cell, .server = server};

    loaded->texts = g_ptr_array_new_with_free_func(g_free);
    loaded->processes = g_array_new(FALSE, FALSE, sizeof(WbProcessRecord));
    if (!wb_server_run_load(server, wb_interrupt_flag(), do_load, &job, error))
        return NULL;
    if (job.error) {
        g_propagate_error(error, job.error);
        return NULL;
    }
    return g_steal_pointer(&loaded);
}

bool wb_suite_loaded_save(WbSuiteLoaded *loaded, WbStore *store, const WbLabels *labels,
                          GError **error)
{
    const GArray *samples = wb_evidence_samples(loaded->evidence);
    const GArray *counters = wb_evidence_counters(loaded->evidence);
    const WbRunDetails evidence = {
        .resources = (const WbResourceRecord *)(void *)samples->data,
        .resources_n = samples->len,
        .counters = (const WbCounterRecord *)(void *)counters->data,
        .counters_n = counters->len,
        .probes = loaded->probes,
        .probes_n = loaded->probes[0].moment && loaded->probes[1].moment ? 2 : 0,
        .processes = (const WbProcessRecord *)(void *)loaded->processes->data,
        .processes_n = loaded->processes->len,
    };
    g_autofree char *known_as = NULL;
    bool known;

    if (loaded->log && !wb_store_add_log(store, "wrk's output", loaded->log, strlen(loaded->log),
                                         &loaded->run.log_id, &known, &known_as, error))
        return false;
    return wb_record_save(store, &loaded->run, labels, loaded->result, &evidence, error);
}
