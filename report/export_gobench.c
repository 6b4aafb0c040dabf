/* Export: Go benchmark text. One line a run, so that benchstat sees the spread. */
#include <inttypes.h>
#include <math.h>

#include "report/export.h"
#include "report/go_bench.h"

static void append_latency(GString *out, int64_t ns, const char *unit)
{
    if (ns != WB_NONE)
        g_string_append_printf(out, " %" PRId64 " %s", ns, unit);
}

static int64_t errors_of(const WbRun *run)
{
    int64_t sum = 0;

    for (int c = WB_TALLY_CONNECT; c <= WB_TALLY_TIMEOUT; c++) {
        int64_t count = wb_error_count(run, (WbTallyClass)c);

        if (count == WB_NONE)
            return WB_NONE;
        sum += count;
    }
    return sum;
}

static void append_run(GString *out, const char *name, const WbRun *run)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (isnan(run->requests_per_s))
        return;
    g_string_append_printf(out, "%s %" PRId64 " %s req/s", name,
                           run->requests == WB_NONE ? 1 : MAX(run->requests, 1),
                           wb_units_format_double(run->requests_per_s, buffer));
    append_latency(out, run->latency_p50_ns, "p50-ns");
    append_latency(out, run->latency_p99_ns, "p99-ns");
    append_latency(out, errors_of(run), "errors");
    g_string_append_c(out, '\n');
}

bool wb_export_gobench(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, WB_RUN_BY_CASE, error);
    g_autofree char *name = NULL;
    const WbCase *named = NULL;
    const WbRun *run = NULL;
    bool done = reader != NULL;

    g_string_append(out->text, "Unit req/s better=higher\nUnit p50-ns better=lower\nUnit p99-ns "
                               "better=lower\nUnit errors better=lower\n\n");
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        if (run->of_case != named) {
            g_free(name);
            name = wb_go_bench_name(run->of_case->labels, export->keys);
            named = run->of_case;
        }
        if (wb_export_is_complete(run))
            append_run(out->text, name, run);
        done = wb_output_pass(out, error);
    }
    return done;
}
