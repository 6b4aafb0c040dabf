/*
 * Sides: the two (or more) sets of runs that `compare` holds against each other: whole databases,
 * parts of them, or parts of one. Opened for reading only, and refused while somebody writes them
 * or where they are damaged: what rests on half a file must not pass a gate.
 */
#ifndef WB_ANALYZE_SIDES_H
#define WB_ANALYZE_SIDES_H

#include <glib.h>
#include <stdbool.h>

#include "analyze/summary.h"
#include "schema/store.h"

/* One set of runs. Everything owned. */
typedef struct {
    char *name; /* for headings: the file's name without folder and suffix, or as it was given where
                   two of them are alike; of --series its value */
    WbStore *store;
    WbFilter *filter;
    WbRunSet *set;
    WbSummary *summary;
    GStringChunk *text;
    GArray *campaigns; /* of WbCampaignRecord: those that have runs in the set */
    GHashTable *facts; /* "UUID FACT" -> text: what the campaigns tell of their hosts */
} WbSide;

typedef struct {
    /* As given by options; owned. */
    char *db;
    char **files;
    char **where;
    char **against;
    char *series; /* a key: its values are the sides */

    GPtrArray *list; /* of WbSide, the oldest first; made by wb_sides_load */
} WbSides;

void wb_sides_init(WbSides *sides);
void wb_sides_clear(WbSides *sides);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbSides, wb_sides_clear)

#define WB_SIDES_ERROR (wb_sides_error_quark())
GQuark wb_sides_error_quark(void);
typedef enum {
    WB_SIDES_ERROR_OPTION, /* files and conditions that make no two sides */
    WB_SIDES_ERROR_SAME,   /* the same runs on both */
    WB_SIDES_ERROR_EMPTY,  /* a side without any run or published figure */
} WbSidesError;

/** wb_sides_add_options: the files, --db, --where, --against and --series. `sides` must outlive the
 * parsing.
 */
void wb_sides_add_options(WbSides *sides, GOptionContext *context);

/**
 * wb_sides_load: opens, checks, reads and summarises every side.
 *
 * Two files or more are the sides, --where holds for all of them. One file (none: --db) needs
 * --against: the old side is what --where leaves, the new one the same with the conditions of
 * --against in place of those on the same keys; with two files --against does that for the last.
 * One file with --series KEY: a side for each value of the label, or of `campaign`, in the order in
 * which they were stored.
 *
 * Errors: WB_SIDES_ERROR_..., the store's.
 */
bool wb_sides_load(WbSides *sides, GError **error);

/** wb_sides_at: side number i (borrowed). */
const WbSide *wb_sides_at(const WbSides *sides, size_t i);

/** wb_side_fact: a fact of the host that a run was made on, "cpu_model" (borrowed); NULL: unknown.
 */
const char *wb_side_fact(const WbSide *side, const WbRun *run, const char *fact);

/** wb_sides_chosen_by: the keys that --against or --series asks for: they tell the sides apart, so
 * that cases are not matched by them (of char *, caller's, texts too; never NULL). */
GPtrArray *wb_sides_chosen_by(const WbSides *sides);

#endif
