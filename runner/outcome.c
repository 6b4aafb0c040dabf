/*
 * Outcome: the text says nothing that the record does not hold, so that what a user reads now and
 * what a table shows later are the same figures.
 */
#include "runner/outcome.h"

#include "runner/record.h"
#include "schema/units.h"

static void append_rate(GString *text, double value, const char *unit)
{
    g_autofree char *number = wb_units_format_scaled(value, wb_units_prefix(value, 2), 2);

    g_string_append_printf(text, "%s%s", number, unit);
}

static void append_head(GString *text, const WbRun *run, int number, int runs)
{
    g_autofree char *duration = wb_units_format_time(run->asked_duration_ns);

    if (runs > 1)
        g_string_append_printf(text, "Run %d of %d: ", number, runs);
    g_string_append_printf(text, "%s\n", run->url);
    g_string_append_printf(
        text, "  %" G_GINT64_FORMAT " thread%s, %" G_GINT64_FORMAT " connection%s, %s, ",
        run->threads, run->threads == 1 ? "" : "s", run->connections,
        run->connections == 1 ? "" : "s", duration);
    if (isnan(run->rate_per_s))
        g_string_append(text, "closed loop");
    else
        append_rate(text, run->rate_per_s, " requests/s asked for");
    g_string_append_printf(text, ", %s\n", run->io);
}

static void append_requests(GString *text, const WbRun *run)
{
    g_autofree char *elapsed = wb_units_format_time(run->elapsed_ns);
    g_autofree char *bytes = wb_units_format_bytes(run->bytes);

    g_string_append_printf(text, "  requests   %" G_GINT64_FORMAT " in %s, %s read%s\n",
                           run->requests, elapsed, bytes,
                           g_str_equal(run->status, "partial") ? " (stopped early: partial)" : "");
    g_string_append(text, "  rate       ");
    append_rate(text, isnan(run->requests_per_s) ? 0 : run->requests_per_s, " requests/s");
    if (run->elapsed_ns > 0)
        append_rate(g_string_append(text, ", "), (double)run->bytes * 1e9 / (double)run->elapsed_ns,
                    "B/s");
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

    g_string_append(text, "  latency   ");
    if (run->latency_mean_ns == WB_NONE)
        g_string_append(text, " none: no response came");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (parts[i].ns != WB_NONE) {
            g_autofree char *time = wb_units_format_time(parts[i].ns);

            g_string_append_printf(text, " %s %s%s", parts[i].name, time,
                                   i + 1 < G_N_ELEMENTS(parts) ? "," : "");
        }
    g_string_append_c(text, '\n');
}

static void append_faults(GString *text, const WbLoadResult *result)
{
    for (size_t i = 0; i < result->faults_n; i++) {
        const WbFault *fault = &result->faults[i];

        g_string_append_printf(
            text, "    %s: %s, %" G_GINT64_FORMAT " time%s, first at %.2f s, last at %.2f s\n",
            wb_record_phase_name(fault->phase), wb_record_fault_text(fault->code), fault->count,
            fault->count == 1 ? "" : "s", (double)fault->first_ns / 1e9,
            (double)fault->last_ns / 1e9);
    }
}

static void append_errors(GString *text, const WbRun *run, const WbLoadResult *result)
{
    if (!wb_run_has_socket_errors(run) && run->errors_status == 0) {
        g_string_append(text, "  errors     none\n");
        return;
    }
    g_string_append_printf(text,
                           "  errors     connect %" G_GINT64_FORMAT ", read %" G_GINT64_FORMAT
                           ", write %" G_GINT64_FORMAT ", timeout %" G_GINT64_FORMAT
                           "; status other than 2xx and 3xx %" G_GINT64_FORMAT "\n",
                           run->errors_connect, run->errors_read, run->errors_write,
                           run->errors_timeout, run->errors_status);
    append_faults(text, result);
}

static void append_remarks(GString *text, const WbRun *run)
{
    if (run->connections_answered < run->connections)
        g_string_append_printf(text,
                               "  Only %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                               " connections ever got a response.\n",
                               run->connections_answered, run->connections);
    if (run->client_cpu_share > 0.9)
        g_string_append_printf(text,
                               "  The client itself was busy %.0f %% of the time: it may have "
                               "been the limit; give it more threads (-t).\n",
                               100 * run->client_cpu_share);
}

char *wb_outcome_text(const WbRun *run, const WbLoadResult *result, int number, int runs)
{
    GString *text = g_string_new(NULL);

    append_head(text, run, number, runs);
    append_requests(text, run);
    append_latency(text, run);
    append_errors(text, run, result);
    append_remarks(text, run);
    return g_string_free(text, FALSE);
}
