/*
 * Record: a result of the engine becomes one transaction. The figures are those that were
 * counted; nothing is rounded on the way.
 */
#include "runner/record.h"

#include <math.h>

#include "runner/latency_figures.h"

const char *wb_record_phase_name(WbPhase phase)
{
    static const char *const names[WB_PHASES] = {
        [WB_PHASE_CONNECT] = "connect", [WB_PHASE_HANDSHAKE] = "handshake",
        [WB_PHASE_SEND] = "send",       [WB_PHASE_WAIT] = "wait",
        [WB_PHASE_HEAD] = "head",       [WB_PHASE_BODY] = "body",
        [WB_PHASE_IDLE] = "idle",
    };

    return names[phase];
}

const char *wb_record_fault_text(int code)
{
    static const struct {
        int code;
        const char *text;
    } texts[] = {
        {WB_CODE_EOF, "closed before the response was whole"},
        {WB_CODE_CLOSED_SILENTLY, "closed after a whole response without announcing it"},
        {WB_CODE_BAD_HEAD, "the response's head is not HTTP/1.x"},
        {WB_CODE_HEAD_TOO_LARGE, "the response's head is too large"},
        {WB_CODE_BAD_CHUNK, "a chunk of the response cannot be read"},
        {WB_CODE_UNASKED, "bytes that no request asked for"},
        {WB_CODE_TIMEOUT, "no whole response within the timeout"},
        {WB_CODE_TLS, "TLS failed"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i].code == code)
            return texts[i].text;
    return g_strerror(code);
}

static char *iso_time(int64_t realtime_ns)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(realtime_ns / 1000000000);
    g_autofree char *seconds = time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S") : NULL;

    return seconds ? g_strdup_printf("%s.%06dZ", seconds, (int)(realtime_ns % 1000000000 / 1000))
                   : NULL;
}

/* Mean and stdev are of the responses. Percentiles and maximum, in open rate from the due time, are
 * of all requests that came due: one without a response stands there with its age so far, which its
 * response time is at least (checks.c says so when it happens). */
static void fill_latency(WbRun *run, const WbLoadResult *result)
{
    const WbHist *more = &result->unfinished_age;
    g_autofree WbHist *all = NULL;

    if (result->latency.count > 0)
        wb_latency_centre(run, &result->latency);
    if (result->latency.count + more->count == 0)
        return;
    all = g_memdup2(&result->latency, sizeof *all);
    if (run->latency_kind && g_str_equal(run->latency_kind, "from due time")) {
        for (int i = 0; i < WB_HIST_SIZE; i++)
            all->counts[i] += more->counts[i];
        all->count += more->count;
        all->max_ns = MAX(all->max_ns, more->max_ns);
    }
    if (all->count > 0)
        wb_latency_quantiles(run, all);
}

static double mean_cpu_share(const WbLoadResult *result)
{
    double sum = 0;

    for (int i = 0; i < result->threads; i++)
        sum += result->thread_use[i].cpu_share;
    return result->threads > 0 ? sum / result->threads : NAN;
}

/* How it was loaded, and what the engine knows beyond the figures. */
static void fill_evidence(WbRun *run, const WbLoad *load, const WbLoadResult *result)
{
    run->pipeline = load->pipeline > 1 ? load->pipeline : 1;
    run->keepalive = !load->no_keepalive;
    run->warmup_ns = load->warmup_ns;
    if (load->max_requests > 0)
        run->asked_requests = load->max_requests;
    run->errors_expect = result->errors[WB_ERROR_EXPECT];
    run->failed = result->failed;
    run->connections_opened = result->connections_opened;
    run->reconnects = result->reconnects;
    run->closed_announced = result->closed_announced;
    if (load->tls) {
        run->tls = result->tls[0] ? result->tls : "none agreed";
        run->tls_resumed = result->tls_resumed;
    }
    if (load->rate_per_s > 0) {
        run->planned = result->planned;
        run->unfinished = result->unfinished;
        run->backlog_max = result->backlog_max;
    }
    run->coalesced = result->coalesced;
    run->timer_slack_ns = result->timer_slack_ns;
    run->io_note = result->io_note[0] ? result->io_note : NULL;
    if (result->latency.count > 0 && result->elapsed_ns > 0)
        run->in_flight_mean = (double)result->latency.sum_ns / (double)result->elapsed_ns;
}

void wb_record_fill(WbRun *run, const WbLoad *load, const WbLoadResult *result, const char *url,
                    char **out_started_at)
{
    wb_run_init(run);
    *out_started_at = iso_time(result->started_realtime_ns);
    run->tool = "wrkbook";
    run->tool_version = WB_VERSION;
    run->url = url;
    run->threads = load->threads;
    run->connections = load->connections;
    if (load->rate_per_s > 0)
        run->rate_per_s = load->rate_per_s;
    run->timeout_ns = load->timeout_ns;
    run->asked_duration_ns = load->duration_ns;
    run->elapsed_ns = result->elapsed_ns;
    run->started_at = *out_started_at;
    run->status = result->stopped ? "partial" : "complete";
    run->requests = result->requests;
    run->bytes = result->bytes;
    if (result->elapsed_ns > 0)
        run->requests_per_s = (double)result->requests * 1e9 / (double)result->elapsed_ns;
    run->errors_connect = result->errors[WB_ERROR_CONNECT];
    run->errors_read = result->errors[WB_ERROR_READ];
    run->errors_write = result->errors[WB_ERROR_WRITE];
    run->errors_timeout = result->errors[WB_ERROR_TIMEOUT];
    run->errors_status = result->errors[WB_ERROR_STATUS];
    run->latency_kind =
        load->rate_per_s > 0 && load->latency_from == WB_LATENCY_FROM_DUE ? "from due time" : "raw";
    fill_latency(run, result);
    run->connections_answered = result->connections_answered;
    run->sent = result->sent;
    run->in_flight = result->in_flight;
    run->client_cpu_share = mean_cpu_share(result);
    run->io = result->io == WB_IO_URING ? "io_uring" : "epoll";
    fill_evidence(run, load, result);
}

static WbThreadRecord *thread_records(const WbLoadResult *result)
{
    WbThreadRecord *records = g_new0(WbThreadRecord, (size_t)result->threads + 1);

    for (int i = 0; i < result->threads; i++) {
        const WbThreadUse *use = &result->thread_use[i];

        records[i] =
            (WbThreadRecord){use->connections, use->requests, use->cpu_user_ns, use->cpu_system_ns};
    }
    return records;
}

static size_t sample_records(const WbLoadResult *result, WbSampleRecord samples[2])
{
    size_t n = 0;

    if (result->head.len > 0)
        samples[n++] = (WbSampleRecord){"head", NULL, NULL, result->head.bytes, result->head.len};
    if (result->failed_fault.count > 0)
        samples[n++] = (WbSampleRecord){"failed", wb_record_phase_name(result->failed_fault.phase),
                                        wb_record_fault_text(result->failed_fault.code),
                                        result->failed_bytes.bytes, result->failed_bytes.len};
    return n;
}

WbSliceRecord *wb_record_slices(const WbLoadResult *result)
{
    WbSliceRecord *records = g_new0(WbSliceRecord, result->slices_n + 1);

    for (size_t i = 0; i < result->slices_n; i++) {
        const WbSlice *slice = &result->slices[i];

        records[i] = (WbSliceRecord){
            .requests = slice->requests,
            .bytes = slice->bytes,
            .errors_connect = slice->errors[WB_ERROR_CONNECT],
            .errors_read = slice->errors[WB_ERROR_READ],
            .errors_write = slice->errors[WB_ERROR_WRITE],
            .errors_timeout = slice->errors[WB_ERROR_TIMEOUT],
            .errors_status = slice->errors[WB_ERROR_STATUS],
        };
    }
    return records;
}

/* Arrays that the details of a native run point into. */
typedef struct {
    WbSliceRecord *slices;
    WbThreadRecord *threads;
    WbSampleRecord samples[2];
    WbFaultRecord faults[WB_FAULTS_MAX];
    WbHistRecord hists[6];
} Parts;

static void fill_details(WbRunDetails *details, Parts *parts, const WbLoadResult *result)
{
    const WbHistRecord all[] = {
        {"latency", &result->latency},     {"service", &result->service},
        {"send lag", &result->send_lag},   {"connect", &result->connect},
        {"handshake", &result->handshake}, {"unfinished age", &result->unfinished_age},
    };

    parts->slices = wb_record_slices(result);
    parts->threads = thread_records(result);
    details->slice_ns = result->slice_ns;
    details->slices = parts->slices;
    details->slices_n = result->slices_n;
    details->threads = parts->threads;
    details->threads_n = (size_t)result->threads;
    details->samples = parts->samples;
    details->samples_n = sample_records(result, parts->samples);
    details->faults = parts->faults;
    details->faults_n = result->faults_n;
    for (size_t i = 0; i < result->faults_n; i++) {
        const WbFault *fault = &result->faults[i];

        parts->faults[i] =
            (WbFaultRecord){wb_record_phase_name(fault->phase), wb_record_fault_text(fault->code),
                            fault->count, fault->first_ns, fault->last_ns};
    }
    /* The run's own histogram is stored even when empty: it says that nothing was answered. */
    details->hists = parts->hists;
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (i == 0 || all[i].hist->count > 0)
            parts->hists[details->hists_n++] = all[i];
}

bool wb_record_save(WbStore *store, WbRun *run, const WbLabels *labels, const WbLoadResult *result,
                    const WbRunDetails *evidence, GError **error)
{
    WbRunDetails details = evidence ? *evidence : (WbRunDetails){0};
    Parts parts = {0};
    bool ok;

    if (result)
        fill_details(&details, &parts, result);
    ok = wb_store_add_run(store, run, labels, &details, error);
    g_free(parts.slices);
    g_free(parts.threads);
    return ok;
}
