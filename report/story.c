/* Story: see story.h. What is read, and the order of the sections. */
#include "report/story.h"

#include <string.h>

#include "report/case_name.h"
#include "report/clean.h"
#include "report/story_charts.h"
#include "report/story_parts.h"

#define TITLE_DEFAULT "Benchmark results"

void wb_story_init(WbStory *story)
{
    *story = (WbStory){0};
    wb_query_init(&story->query);
    wb_rank_tables_init(&story->ranks);
    wb_comparison_init(&story->comparison);
}

void wb_story_clear(WbStory *story)
{
    if (story->campaigns)
        g_array_unref(story->campaigns);
    if (story->text)
        g_string_chunk_free(story->text);
    wb_comparison_clear(&story->comparison);
    wb_rank_tables_clear(&story->ranks);
    wb_grid_free(story->grid);
    wb_query_clear(&story->query);
    g_free(story->title);
    g_free(story->old);
}

void wb_story_add_options(WbStory *story, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        {"title", 0, 0, G_OPTION_ARG_FILENAME, &story->title,
         "Title (default: the name of the campaign)", "TEXT"},
        {"old", 0, 0, G_OPTION_ARG_FILENAME, &story->old,
         "An older database: what changed since becomes a section", "FILE"},
        {"no-charts", 0, 0, G_OPTION_ARG_NONE, &story->no_charts, "Without charts", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_add_options(&story->query, context, true);
    g_option_context_add_main_entries(context, entries, NULL);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Before the query opens its database: what checks that nobody writes a file opens and closes it,
 * which would drop this process's locks on it. */
static bool load_comparison(WbStory *story, GError **error)
{
    const char *db = story->query.db ? story->query.db : wb_store_default_path();
    const char *files[] = {story->old, db, NULL};

    if (!story->old)
        return true;
    story->comparison.sides.files = g_strdupv((char **)files);
    story->comparison.sides.where = g_strdupv(story->query.where);
    return wb_comparison_load(&story->comparison, error);
}

/* Campaigns that have a run in the set; all of them where only published figures are shown. */
static bool load_campaigns(WbStory *story, GError **error)
{
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);
    const WbRunSet *set = story->query.set;

    story->text = g_string_chunk_new(1024);
    story->campaigns = wb_store_load_campaigns(story->query.store, story->text, error);
    if (!story->campaigns)
        return false;
    for (guint i = 0; i < set->runs->len; i++)
        g_hash_table_add(used, (gpointer)g_array_index(set->runs, WbRun, i).campaign);
    for (guint i = story->campaigns->len; i-- > 0 && set->runs->len;)
        if (!g_hash_table_contains(used, g_array_index(story->campaigns, WbCampaignRecord, i).uuid))
            g_array_remove_index(story->campaigns, i);
    return true;
}

bool wb_story_load(WbStory *story, GError **error)
{
    if (!load_comparison(story, error) || !wb_query_load(&story->query, NULL, error) ||
        !wb_query_load_findings(&story->query, error))
        return false;
    story->grid = wb_query_first_grid(&story->query, error);
    return story->grid && wb_rank_tables_rank(&story->ranks, &story->query, error) &&
           load_campaigns(story, error);
}

/* ---- words that all sections share ---------------------------------------------------------- */

char *wb_story_join(const GPtrArray *names, guint most)
{
    GString *text = g_string_new(NULL);
    guint shown = names->len <= most ? names->len : most - 1;

    for (guint i = 0; i < shown; i++)
        g_string_append_printf(text, "%s%s",
                               i == 0                                  ? ""
                               : i + 1 == shown && shown == names->len ? " and "
                                                                       : ", ",
                               (const char *)g_ptr_array_index(names, i));
    if (shown < names->len)
        g_string_append_printf(text, " and %u more", names->len - shown);
    return g_string_free(text, FALSE);
}

/* ---- parts ---------------------------------------------------------------------------------- */

/* "hello"; of several keys "hello, v2"; keys are told where the value alone says nothing. */
static char *title_of(const WbGrid *grid, const WbGridTable *part)
{
    g_autoptr(GString) title = g_string_new(NULL);

    for (size_t k = 0; grid->tables.keys[k]; k++) {
        const char *key = grid->tables.keys[k];
        const char *value = wb_grid_item(&grid->tables, part->table, k);
        bool plain = !strcmp(key, "benchmark") && *value;

        g_string_append_printf(title, "%s%s%s%s", k ? ", " : "", plain ? "" : key, plain ? "" : "=",
                               value);
    }
    return title->len ? wb_clean(title->str) : g_strdup("Results");
}

static void find_rank(const WbStory *story, const char *name, WbStoryPart *part)
{
    for (guint i = 0; i < story->ranks.list->len; i++) {
        const WbRankTable *rank = wb_rank_table_at(&story->ranks, i);
        g_autofree char *other = wb_table_name(story->ranks.grid, rank->part);

        if (strcmp(name, other) != 0)
            continue;
        part->rank = rank;
        part->rank_i = i;
    }
}

WbStoryPart wb_story_part(const WbStory *story, size_t p)
{
    WbStoryPart part = {.part = g_ptr_array_index(story->grid->parts, p)};
    g_autofree char *name = wb_table_name(story->grid, part.part);
    g_autoptr(GPtrArray) labels = g_ptr_array_new();

    for (size_t i = 0; i < part.part->rows_n * part.part->cols_n; i++)
        if (part.part->cells[i])
            g_ptr_array_add(labels, part.part->cells[i]->of->of_case->labels);
    part.name_keys = wb_case_name_keys(labels, story->grid->tables.keys, NULL);
    part.title = title_of(story->grid, part.part);
    find_rank(story, name, &part);
    return part;
}

void wb_story_part_clear(WbStoryPart *part)
{
    g_free(part->title);
    g_ptr_array_unref(part->name_keys);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static char *title_of_story(const WbStory *story)
{
    const char *name = NULL;

    for (guint i = 0; i < story->campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(story->campaigns, WbCampaignRecord, i);

        if (!record->name || (name && strcmp(name, record->name) != 0))
            return g_strdup(TITLE_DEFAULT);
        name = record->name;
    }
    return g_strdup(name && *name ? name : TITLE_DEFAULT);
}

/* "26 cases were measured, 15 of them with socket errors. ..." and of one benchmark who leads. */
static char *result_of(const WbStory *story)
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t measured = 0, errors = 0;

    for (size_t i = 0; i < story->query.summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(story->query.summary, i);

        measured += of->split != NULL;
        errors += !g_strcmp0(of->split, WB_SPLIT_NAME_ERRORS);
    }
    g_string_append_printf(text, "%" G_GSIZE_FORMAT " case%s measured", measured,
                           measured == 1 ? "" : "s");
    if (story->grid->parts->len > 1)
        g_string_append_printf(text, " in %u tables", story->grid->parts->len);
    if (errors)
        g_string_append_printf(text, ", %" G_GSIZE_FORMAT " of them with socket errors", errors);
    g_string_append_c(text, '.');
    if (story->grid->parts->len == 1) {
        WbStoryPart part = wb_story_part(story, 0);
        g_autofree char *leader = wb_story_leader(&part);

        if (leader)
            g_string_append_printf(text, " %s", leader);
        wb_story_part_clear(&part);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void tell_parts(WbTelling *t)
{
    for (guint p = 0; p < t->story->grid->parts->len; p++) {
        WbStoryPart part = wb_story_part(t->story, p);

        wb_story_tell_results(t, &part);
        wb_story_tell_errors(t, &part);
        wb_story_part_clear(&part);
    }
}

WbPaper *wb_story_tell(const WbStory *story, GError **error)
{
    g_autofree char *title = story->title ? g_strdup(story->title) : title_of_story(story);
    g_autofree char *result = result_of(story);
    WbTelling t = {
        .story = story, .paper = wb_paper_new(title, result), .charts = wb_story_charts_new()};
    bool drawn;

    wb_story_tell_facts(&t);
    tell_parts(&t);
    wb_story_tell_effects(&t);
    wb_story_tell_comparison(&t);
    wb_story_tell_limits(&t);
    wb_story_tell_method(&t);
    wb_story_tell_environment(&t);
    drawn = wb_story_charts_draw(&t, error);
    wb_story_charts_free(t.charts);
    if (drawn)
        return t.paper;
    wb_paper_free(t.paper);
    return NULL;
}
