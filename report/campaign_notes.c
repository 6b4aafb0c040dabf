/* Campaign notes: see campaign_notes.h. Sentences are built from figures, never without one. */
#include "report/campaign_notes.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define FIRST_RUN_LEVEL 0.05
#define FIRST_RUN_PCT   2 /* smaller effects are not told */
#define LEVEL_RATIO     0.02

/* "14:03:05" of an instant; the date is the campaign's own. */
static char *clock_of(const char *started_at)
{
    return strlen(started_at) >= 19 ? g_strndup(started_at + 11, 8) : g_strdup(started_at);
}

static void add_drift(GPtrArray *notes, const WbCampaignSeries *of)
{
    if (strcmp(of->drift.drift, WB_DRIFT_UP) != 0 && strcmp(of->drift.drift, WB_DRIFT_DOWN) != 0)
        return;
    g_ptr_array_add(notes,
                    g_strdup_printf("all results %s by %.1f %% from the first to the last of "
                                    "%" PRId64 " runs of a campaign: the host changed, and "
                                    "later cases are not like earlier ones",
                                    of->drift.slope_pct > 0 ? "rise" : "fall",
                                    fabs(of->drift.slope_pct), of->runs));
}

static void add_levels(GPtrArray *notes, const WbCampaignSeries *of)
{
    const GArray *segments = of->levels.segments;

    for (guint i = 1; segments && i < segments->len; i++) {
        double before = g_array_index(segments, WbSteadySegment, i - 1).median;
        double now = g_array_index(segments, WbSteadySegment, i).median;
        g_autofree char *clock = NULL;

        if (fabs(now / before - 1) < LEVEL_RATIO)
            continue;
        clock = clock_of(g_ptr_array_index(of->level_starts, i));
        g_ptr_array_add(notes, g_strdup_printf("from %s UTC on everything is %.1f %% %s than "
                                               "before, whatever was measured",
                                               clock, 100 * fabs(now / before - 1),
                                               now > before ? "faster" : "slower"));
    }
}

static void add_first(GPtrArray *notes, const WbCampaignSeries *of)
{
    if (!(of->drift.first_run_p <= FIRST_RUN_LEVEL) ||
        fabs(of->drift.first_run_median_pct) < FIRST_RUN_PCT)
        return;
    g_ptr_array_add(notes,
                    g_strdup_printf("the first run of a case is %.1f %% %s than its others "
                                    "(a cold start?); it is counted",
                                    fabs(of->drift.first_run_median_pct),
                                    of->drift.first_run_median_pct > 0 ? "faster" : "slower"));
}

void wb_campaign_notes_add(GPtrArray *notes, const WbSummary *summary)
{
    for (guint i = 0; i < summary->campaigns->len; i++) {
        const WbCampaignSeries *of = &g_array_index(summary->campaigns, WbCampaignSeries, i);

        add_drift(notes, of);
        add_levels(notes, of);
        add_first(notes, of);
    }
}
