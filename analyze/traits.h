/*
 * Traits: what the runs of a case were made with: settings of the load, the host, versions. Two
 * cases with unlike settings or hosts must not be compared; other traits are told and no more.
 *
 * A trait of a case is the text of its value, or of its values where the runs differ among
 * themselves. An unknown value (a foreign log that does not tell) is unlike nothing.
 */
#ifndef WB_ANALYZE_TRAITS_H
#define WB_ANALYZE_TRAITS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyze/sides.h"

typedef enum {
    WB_TRAIT_SETTING, /* unlike: settings_differ */
    WB_TRAIT_LATENCY, /* the same, for latencies only */
    WB_TRAIT_HOST,    /* unlike: hosts_differ */
    WB_TRAIT_TOLD,    /* named in the header */
} WbTraitKind;

typedef struct {
    const char *name; /* for people, JSON and --allow: "connections" */
    WbTraitKind kind;
    const char *field; /* of a run; NULL: a fact of the campaign's host */
    const char *fact;  /* member of the host's JSON object; NULL: a field */
    const char *none;  /* what a missing value means; NULL: unknown */
} WbTrait;

/** wb_traits: all of them, in the order in which differences are told (static). */
const WbTrait *wb_traits(size_t *out_n);

/** wb_trait_find: number of the trait of that name; -1: none. */
int wb_trait_find(const char *name);

/** wb_trait_text: "200"; "100, 200" where runs differ; NULL: unknown (caller frees). */
char *wb_trait_text(const WbTrait *trait, const WbSide *side, const WbCaseSummary *of);

#endif
