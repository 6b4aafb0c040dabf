/*
 * Plan: the command line of `wrkbook run`, checked, and made into what the engine needs. Takes
 * wrk's and wrk2's options, and more.
 */
#ifndef WB_RUNNER_PLAN_H
#define WB_RUNNER_PLAN_H

#include <glib.h>
#include <stdbool.h>

#include "runner/engine/engine.h"
#include "runner/outcome.h"
#include "runner/target.h"
#include "runner/tls.h"
#include "schema/records.h"

#define WB_PLAN_ERROR (wb_plan_error_quark())
GQuark wb_plan_error_quark(void);
typedef enum {
    WB_PLAN_ERROR_USE, /* an option's value, or two that do not go together */
} WbPlanError;

typedef struct {
    bool version; /* --version: nothing else is filled */
    WbTarget *target;
    WbLabels *labels;
    char *db; /* NULL: default */
    char *campaign;
    char *command; /* the command line, for the record */
    int runs;
    bool quiet;
    const WbOutcomeFormat *format;

    WbLoad load;       /* its pointers lead into the members below */
    GPtrArray *bytes;  /* of GBytes: the requests */
    GArray *requests;  /* of WbRequest */
    GArray *addresses; /* of WbAddress; resolved by wb_plan_parse */
    GBytes *expect_body;
    WbTls *tls;
} WbPlan;

/**
 * wb_plan_parse: reads the options of `run`, resolves the name, builds the requests.
 *
 * @param argv  argv[0] is the verb (borrowed, unchanged)
 * @return      caller frees with wb_plan_free; NULL with WB_PLAN_ERROR, or an error of the
 *              module that refused (target, tls, units, records)
 */
WbPlan *wb_plan_parse(int argc, char **argv, GError **error);
void wb_plan_free(WbPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPlan, wb_plan_free)

#endif
