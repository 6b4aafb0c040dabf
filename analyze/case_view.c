/* Case view: see case_view.h. */
#include "analyze/case_view.h"

#include <math.h>
#include <string.h>

const char *wb_split_name(WbSplit split)
{
    return split == WB_SPLIT_ERRORS      ? WB_SPLIT_NAME_ERRORS
           : split == WB_SPLIT_NO_ERRORS ? WB_SPLIT_NAME_NO_ERRORS
                                         : NULL;
}

const char *wb_published_split(const WbPublished *published)
{
    if (published->split)
        return published->split;
    return published->state == WB_STATE_ERRORS ? WB_SPLIT_NAME_ERRORS
           : published->state == WB_STATE_OK   ? WB_SPLIT_NAME_NO_ERRORS
                                               : NULL;
}

/* How much a state says, for the choice among several published ones. */
static int weight(WbState state)
{
    return state == WB_STATE_OK ? 3 : state == WB_STATE_ERRORS ? 2 : state == WB_STATE_NA ? 1 : 0;
}

static bool counts_in(const WbPublished *published, WbSplit split)
{
    const char *says = wb_published_split(published);

    return split == WB_SPLIT_ANY || !says || !strcmp(says, wb_split_name(split));
}

static bool view_published(const WbCaseSummary *of, WbSplit split, WbCaseView *out)
{
    bool any = false;

    for (size_t i = 0; i < of->published_n; i++) {
        const WbPublished *p = of->published[i];

        if (!counts_in(p, split))
            continue;
        if (!any || weight(p->state) > weight(out->state))
            out->state = p->state;
        any = true;
        if (p->state != WB_STATE_OK)
            continue;
        if (!isnan(p->requests_per_s))
            out->rate = p;
        if (!isnan(p->window_min))
            out->range = p;
    }
    if (split == WB_SPLIT_ANY && !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS))
        out->state = WB_STATE_ERRORS;
    return any;
}

bool wb_case_view(const WbCaseSummary *of, WbSplit split, WbCaseView *out)
{
    bool errors = !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS);

    *out = (WbCaseView){.of = of, .state = WB_STATE_BLANK};
    if (of->runs_complete) {
        out->from_runs = true;
        out->state = errors && split == WB_SPLIT_ANY ? WB_STATE_ERRORS : WB_STATE_OK;
        return split == WB_SPLIT_ANY || errors == (split == WB_SPLIT_ERRORS);
    }
    if (of->published_n)
        return view_published(of, split, out);
    return split == WB_SPLIT_ANY; /* nothing but partial and failed runs */
}
