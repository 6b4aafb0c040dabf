/*
 * Matching: which case of the old side is which case of the new one, and whether the two may be
 * compared at all (STATISTICS section 9). Cases match by their labels, byte for byte, after those
 * that are ignored are left out and those that were renamed are mapped.
 */
#ifndef WB_ANALYZE_MATCHING_H
#define WB_ANALYZE_MATCHING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "analyze/sides.h"
#include "analyze/traits.h"

/* Why a pair is not compared, in the order of the rules; WB_UNLIKE_NONE: it is. */
typedef enum {
    WB_UNLIKE_NONE,
    WB_UNLIKE_ONLY_IN_A,
    WB_UNLIKE_ONLY_IN_B,
    WB_UNLIKE_SETTINGS,
    WB_UNLIKE_HOSTS,
    WB_UNLIKE_ERRORS_APPEARED,
    WB_UNLIKE_ERRORS_GONE,
} WbUnlike;

/** wb_unlike_name: "settings_differ" ...; NULL for WB_UNLIKE_NONE (static). */
const char *wb_unlike_name(WbUnlike unlike);

/* A trait in which the two of a pair differ. */
typedef struct {
    const WbTrait *trait;
    char *a, *b;  /* owned; never NULL */
    bool allowed; /* by --allow, or of the told kind */
} WbDifference;

/* How many of the complete runs had errors, of any class, answers outside 2xx/3xx included. */
typedef struct {
    int64_t runs, with_errors;
    int64_t errors; /* their sum; WB_NONE: no log tells */
} WbErrorTally;

typedef struct {
    WbLabels *labels;        /* what both share: after --ignore, --by and --map; owned */
    const WbCaseSummary *a;  /* NULL: only_in_b */
    const WbCaseSummary *b;  /* NULL: only_in_a */
    WbUnlike unlike;         /* for all metrics but those below */
    WbUnlike unlike_latency; /* for latencies: kinds of unlike meaning must not meet */
    bool with_errors;        /* both sides have errors: compared, marked */
    WbErrorTally errors_a, errors_b;
    GArray *differences; /* of WbDifference */
} WbMatch;

typedef struct {
    /* As given by options; owned. */
    char *by;
    char **ignore;
    char **map;
    char **allow;

    GPtrArray *list; /* of WbMatch: order of the old side, then what only the new one has */
} WbMatching;

void wb_matching_init(WbMatching *matching);
void wb_matching_clear(WbMatching *matching);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbMatching, wb_matching_clear)

#define WB_MATCHING_ERROR (wb_matching_error_quark())
GQuark wb_matching_error_quark(void);
typedef enum {
    WB_MATCHING_ERROR_OPTION,
    WB_MATCHING_ERROR_TWICE, /* two cases of one side have the same labels that count */
} WbMatchingError;

/** wb_matching_add_options: --by, --ignore, --map, --allow. */
void wb_matching_add_options(WbMatching *matching, GOptionContext *context);

/**
 * wb_matching_find: fills `list` from two sides, which must outlive it.
 *
 * @param chosen_by  keys that are ignored besides (wb_sides_chosen_by)
 */
bool wb_matching_find(WbMatching *matching, const WbSide *a, const WbSide *b,
                      const GPtrArray *chosen_by, GError **error);

/** wb_match_at: match number i (borrowed). */
const WbMatch *wb_match_at(const WbMatching *matching, size_t i);

#endif
