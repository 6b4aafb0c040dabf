/*
 * Outcome as wrk prints it, for scripts that read wrk's output.
 */
#include "runner/outcome.h"
#include "runner/record.h"
#include "schema/wrk_output.h"

static void append_wrk(GString *text, const WbOutcome *o)
{
    const WbLoadResult *result = o->result;
    g_autofree WbSliceRecord *slices = wb_record_slices(result);

    wb_wrk_output_append(text, o->run, &result->latency, result->slice_ns, slices,
                         result->slices_n);
}

const WbOutcomeFormat wb_outcome_wrk = {"wrk", append_wrk};
