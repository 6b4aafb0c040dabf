/*
 * Gate: the answer of a comparison as an exit status (STATISTICS section 9, DESIGN section 2): 1 a
 * case is worse by the limit, or has errors that it had not; 4 a case could not be compared; 3 one
 * could not be told; else 0. What has nothing in common never passes.
 */
#ifndef WB_ANALYZE_GATE_H
#define WB_ANALYZE_GATE_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/comparison.h"
#include "analyze/history.h"

#define WB_GATE_PASS           0
#define WB_GATE_WORSE          1
#define WB_GATE_CANNOT_TELL    3
#define WB_GATE_NOT_COMPARABLE 4

/* How much worse one metric may become. */
typedef struct {
    const WbCompareMetric *metric;
    double share; /* of the old value; errors: of the attempts, added to the old share */
} WbGateLimit;

typedef struct {
    char **texts; /* as given by options; owned */

    GArray *limits;      /* of WbGateLimit, one a metric */
    bool automatic;      /* limits come from the old side's own campaigns */
    size_t learned_from; /* automatic: how many comparisons of like with like */
    int status;          /* WB_GATE_..., set by wb_gate_judge */
} WbGate;

void wb_gate_init(WbGate *gate);
void wb_gate_clear(WbGate *gate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbGate, wb_gate_clear)

#define WB_GATE_ERROR (wb_gate_error_quark())
GQuark wb_gate_error_quark(void);
typedef enum {
    WB_GATE_ERROR_OPTION,
    WB_GATE_ERROR_CAMPAIGNS, /* auto: the old side has too few campaigns to learn from */
} WbGateError;

/** wb_gate_add_options: --gate. */
void wb_gate_add_options(WbGate *gate, GOptionContext *context);

/** wb_gate_parse: adds "5%" (short for "rate:-5%"), "p99:+10%", "errors:+0" or "auto". */
bool wb_gate_parse(WbGate *gate, const char *text, GError **error);

/** wb_gate_is_set: --gate was given. */
bool wb_gate_is_set(const WbGate *gate);

/** wb_gate_limit: the limit on a metric (borrowed), or NULL. */
const WbGateLimit *wb_gate_limit(const WbGate *gate, const WbCompareMetric *metric);

/**
 * wb_gate_load: reads --gate, loads the comparison with the metrics that it asks for besides,
 * learns, and judges: fills `gated` of every row, and `status`. Without --gate: loads only.
 *
 * "auto" sets for each compared metric the change that two campaigns of the old side showed on the
 * same case although nothing had changed: the 95 % quantile of abs(ln ratio of medians) over all
 * pairs of campaigns and all cases, at least the smallest effect that matters.
 *
 * Errors: WB_GATE_ERROR_..., those of wb_comparison_load.
 */
bool wb_gate_load(WbGate *gate, WbComparison *comparison, GError **error);

/** wb_gate_load_history: the same for a series; the gate judges its last step. */
bool wb_gate_load_history(WbGate *gate, WbHistory *history, GError **error);

#endif
