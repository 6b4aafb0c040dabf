/*
 * Suite run: makes the planned runs of a suite, one after the other: start, wait until ready, warm
 * up, probe, load, probe, drain, stop, store. Whatever goes wrong with one run is that run's
 * record; the suite goes on.
 */
#ifndef WB_RUNNER_SUITE_RUN_H
#define WB_RUNNER_SUITE_RUN_H

#include <glib.h>
#include <stdbool.h>

#include "runner/suite.h"
#include "schema/store.h"

/* What a suite came to. */
typedef struct {
    int planned;
    int known;    /* stored by the campaign that is resumed */
    int complete; /* now */
    int failed;   /* now */
    int spared;   /* not needed any more: the interval was narrow enough ("until_ci") */
    bool stopped; /* by a signal: may be resumed */
} WbSuiteOutcome;

/**
 * wb_suite_run: makes every planned run that the current campaign of `store` does not hold yet.
 *
 * @param store    with its campaign begun or resumed
 * @param resumed  the campaign goes on: its skips are declared already
 * @param quiet    no words on stderr
 * @param outcome  filled, also when false is returned
 * @return         false only where going on makes no sense: the store refuses, the engine cannot
 *                 begin at all
 */
bool wb_suite_run(WbStore *store, const WbSuite *suite, bool resumed, bool quiet,
                  WbSuiteOutcome *outcome, GError **error);

#endif
