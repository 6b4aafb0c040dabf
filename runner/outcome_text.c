/*
 * Outcome in our words: figures first, then sentences on what went wrong. It says nothing that
 * the record does not hold, so that a table shows the same figures later.
 */
#include <string.h>

#include "runner/outcome.h"
#include "runner/record.h"
#include "schema/units.h"

#define I64 G_GINT64_FORMAT

static void append_scaled(GString *text, double value, const char *unit)
{
    g_autofree char *number = wb_units_format_scaled(value, wb_units_prefix(value, 2), 2);

    g_string_append_printf(text, "%s%s", number, unit);
}

static void append_count(GString *text, int64_t n, const char *noun)
{
    g_string_append_printf(text, "%" I64 " %s%s", n, noun, n == 1 ? "" : "s");
}

static void append_time(GString *text, int64_t ns)
{
    g_autofree char *time = wb_units_format_time(ns);

    g_string_append(text, time);
}

static void append_load(GString *text, const WbOutcome *o)
{
    const WbRun *run = o->run;

    if (o->runs > 1)
        g_string_append_printf(text, "Run %d of %d: ", o->number, o->runs);
    g_string_append_printf(text, "%s\n  ", run->url);
    append_count(text, run->threads, "thread");
    g_string_append(text, ", ");
    append_count(text, run->connections, "connection");
    g_string_append(text, ", ");
    if (run->asked_requests != WB_NONE) {
        append_count(text, run->asked_requests, "request");
        g_string_append(text, " at most in ");
    }
    append_time(text, run->asked_duration_ns);
    g_string_append(text, ", ");
    if (isnan(run->rate_per_s))
        g_string_append(text, "closed loop");
    else
        append_scaled(text, run->rate_per_s, " requests/s asked for");
    if (run->pipeline > 1)
        g_string_append_printf(text, ", %" I64 " in flight on a connection", run->pipeline);
    if (run->keepalive == 0)
        g_string_append(text, ", a new connection for each request");
    g_string_append_printf(text, ", %s%s%s\n", run->io, run->tls ? ", " : "",
                           run->tls ? run->tls : "");
}

static void append_requests(GString *text, const WbRun *run)
{
    g_autofree char *bytes = wb_units_format_bytes(run->bytes);

    g_string_append_printf(text, "  requests   %" I64 " in ", run->requests);
    append_time(text, run->elapsed_ns);
    g_string_append_printf(text, ", %s read%s\n", bytes,
                           strcmp(run->status, "partial") == 0 ? " (stopped early: partial)" : "");
    g_string_append(text, "  rate       ");
    append_scaled(text, isnan(run->requests_per_s) ? 0 : run->requests_per_s, " requests/s");
    if (run->elapsed_ns > 0) {
        g_string_append(text, ", ");
        append_scaled(text, (double)run->bytes * 1e9 / (double)run->elapsed_ns, "B/s");
    }
    g_string_append_c(text, '\n');
}

static void append_latency(GString *text, const WbRun *run)
{
    const struct {
        const char *name;
        int64_t ns;
    } parts[] = {
        {"mean", run->latency_mean_ns}, {"stdev", run->latency_stdev_ns},
        {"p50", run->latency_p50_ns},   {"p90", run->latency_p90_ns},
        {"p99", run->latency_p99_ns},   {"p99.9", run->latency_p999_ns},
        {"max", run->latency_max_ns},
    };
    const char *separator = " ";

    g_string_append(text, "  latency   ");
    if (run->latency_mean_ns == WB_NONE)
        g_string_append(text, " none: no response came");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i].ns != WB_NONE) {
            g_string_append_printf(text, "%s%s ", separator, parts[i].name);
            append_time(text, parts[i].ns);
            separator = ", ";
        }
    if (run->latency_kind && strcmp(run->latency_kind, "raw") != 0)
        g_string_append_printf(text, " (%s)", run->latency_kind);
    g_string_append_c(text, '\n');
}

/* Mean, p99 and maximum of one of the engine's other distributions. */
static void append_distribution(GString *text, const char *name, const WbHist *hist)
{
    if (hist->count == 0)
        return;
    g_string_append_printf(text, "  %-10s mean ", name);
    append_time(text, hist->sum_ns / hist->count);
    g_string_append(text, ", p99 ");
    append_time(text, wb_hist_quantile_ns(hist, 0.99));
    g_string_append(text, ", max ");
    append_time(text, hist->max_ns);
    g_string_append_c(text, '\n');
}

static void append_open_rate(GString *text, const WbOutcome *o)
{
    const WbRun *run = o->run;

    if (isnan(run->rate_per_s))
        return;
    append_distribution(text, "service", &o->result->service);
    append_distribution(text, "send lag", &o->result->send_lag);
    g_string_append_printf(text,
                           "  open rate  %" I64 " due, %" I64 " sent, %" I64
                           " without a response at the end, backlog %" I64 " at most\n",
                           run->planned, run->sent, run->unfinished, run->backlog_max);
    append_distribution(text, "unanswered", &o->result->unfinished_age);
}

static void append_connections(GString *text, const WbOutcome *o)
{
    const WbRun *run = o->run;

    append_distribution(text, "connect", &o->result->connect);
    append_distribution(text, "handshake", &o->result->handshake);
    if (run->tls)
        g_string_append_printf(text, "  sessions   %" I64 " of %" I64 " handshakes resumed one\n",
                               run->tls_resumed, o->result->handshake.count);
    if (run->reconnects > 0)
        g_string_append_printf(text,
                               "  opened     %" I64 " connections; %" I64 " connects were "
                               "repeated; the server closed %" I64 " as it had announced\n",
                               run->connections_opened, run->reconnects, run->closed_announced);
}

static void append_faults(GString *text, const WbLoadResult *result)
{
    for (size_t i = 0; i < result->faults_n; i++) {
        const WbFault *fault = &result->faults[i];

        g_string_append_printf(
            text, "    %s: %s, %" I64 " time%s, first at %.2f s, last at %.2f s\n",
            wb_record_phase_name(fault->phase), wb_record_fault_text(fault->code), fault->count,
            fault->count == 1 ? "" : "s", (double)fault->first_ns / 1e9,
            (double)fault->last_ns / 1e9);
    }
    if (result->tls_error[0])
        g_string_append_printf(text, "    TLS: %s\n", result->tls_error);
}

static void append_errors(GString *text, const WbOutcome *o)
{
    const WbRun *run = o->run;

    if (!wb_run_has_socket_errors(run) && run->errors_status == 0 && run->errors_expect <= 0) {
        g_string_append(text, "  errors     none\n");
    } else {
        g_string_append_printf(text,
                               "  errors     connect %" I64 ", read %" I64 ", write %" I64
                               ", timeout %" I64 "; status other than 2xx and 3xx %" I64 "\n",
                               run->errors_connect, run->errors_read, run->errors_write,
                               run->errors_timeout, run->errors_status);
        if (run->errors_expect > 0)
            g_string_append_printf(text, "  unexpected %" I64 " responses were not as expected\n",
                                   run->errors_expect);
    }
    append_faults(text, o->result);
}

static void append_text(GString *text, const WbOutcome *o)
{
    append_load(text, o);
    append_requests(text, o->run);
    append_latency(text, o->run);
    append_open_rate(text, o);
    append_connections(text, o);
    append_errors(text, o);
    for (size_t i = 0; o->warnings && o->warnings[i]; i++)
        g_string_append_printf(text, "  ! %s\n", o->warnings[i]);
}

const WbOutcomeFormat wb_outcome_text = {"text", append_text};
