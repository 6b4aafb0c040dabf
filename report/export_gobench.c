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

bool wb_export_gobench(const WbExport *export, GString *out, GError **error)
{
    const WbSummary *summary = export->query->summary;

    (void)error;
    g_string_append(out, "Unit req/s better=higher\nUnit p50-ns better=lower\nUnit p99-ns "
                         "better=lower\nUnit errors better=lower\n\n");
    for (size_t i = 0; i < summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(summary, i);
        g_autofree char *name = wb_go_bench_name(of->of_case->labels, export->keys);

        for (size_t r = 0; r < of->complete_n; r++)
            append_run(out, name, of->complete[r]);
    }
    return true;
}
