/*
 * Two databases for the tests of `compare`. A header of static functions: each test program takes
 * what it uses.
 */
#ifndef WB_TESTS_UNIT_TWO_SIDES_H
#define WB_TESTS_UNIT_TWO_SIDES_H

#include <glib/gstdio.h>

#include "analyze/matching.h"
#include "tests/unit/fixture.h"

/* Two databases, closed, with what a test put into them. */
typedef struct {
    Fixture a, b;
    WbSides sides;
    WbMatching matching;
} Two;

static inline void two_init(Two *two)
{
    fixture_init(&two->a);
    fixture_init(&two->b);
    wb_sides_init(&two->sides);
    wb_matching_init(&two->matching);
}

/* What a killed campaign leaves beside its file. */
static inline void remove_side_files(const Fixture *f)
{
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(f->path, "-shm", NULL);

    g_unlink(wal);
    g_unlink(shm);
}

static inline void two_clear(Two *two)
{
    wb_matching_clear(&two->matching);
    wb_sides_clear(&two->sides);
    remove_side_files(&two->a);
    remove_side_files(&two->b);
    fixture_clear(&two->a);
    fixture_clear(&two->b);
}

static inline void close_stores(Two *two)
{
    g_clear_pointer(&two->a.store, wb_store_free);
    g_clear_pointer(&two->b.store, wb_store_free);
}

static inline bool load(Two *two, GError **error)
{
    const char *files[] = {two->a.path, two->b.path, NULL};

    close_stores(two);
    two->sides.files = g_strdupv((char **)files);
    return wb_sides_load(&two->sides, error);
}

static inline void match(Two *two)
{
    g_autoptr(GPtrArray) chosen = wb_sides_chosen_by(&two->sides);
    g_autoptr(GError) error = NULL;

    wb_matching_find(&two->matching, wb_sides_at(&two->sides, 0), wb_sides_at(&two->sides, 1),
                     chosen, &error);
    g_assert_no_error(error);
}

static inline void load_and_match(Two *two)
{
    g_autoptr(GError) error = NULL;

    load(two, &error);
    g_assert_no_error(error);
    match(two);
}

static inline void set_option(char ***option, const char *first, const char *second)
{
    const char *texts[] = {first, second, NULL};

    *option = g_strdupv((char **)texts);
}

static inline WbRun steady(void)
{
    return fixture_run(1000);
}

static inline void add(Fixture *f, const char *labels, WbRun run)
{
    fixture_add_run(f, labels, &run, NULL);
}

/* A campaign on a host of those facts, whose runs follow. */
static inline void begin_on(Fixture *f, const char *facts)
{
    WbCampaign campaign = {.kind = g_strdup("run"), .host = g_strdup(facts)};

    g_assert_true(wb_store_add_campaign(f->store, &campaign, NULL));
    wb_campaign_clear(&campaign);
}

#endif
