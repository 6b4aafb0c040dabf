/*
 * Query: see query.h. Options are taken as file names (G_OPTION_ARG_FILENAME), that is as bytes:
 * G_OPTION_ARG_STRING converts from the locale and would refuse a label in Greek under LC_ALL=C.
 */
#include "analyze/query.h"

#include <string.h>

#include "analyze/field_labels.h"
#include "schema/units.h"

G_DEFINE_QUARK(wb - query - error - quark, wb_query_error)

void wb_query_init(WbQuery *query)
{
    *query = (WbQuery){0};
}

void wb_query_clear(WbQuery *query)
{
    wb_case_findings_free(query->findings);
    wb_summary_free(query->summary);
    wb_run_set_free(query->set);
    wb_filter_free(query->filter);
    wb_store_free(query->store);
    g_free(query->db);
    g_strfreev(query->where);
    g_free(query->rows);
    g_free(query->cols);
    g_free(query->tables);
    g_free(query->window);
    g_free(query->skip_first);
    g_free(query->unit);
    g_free(query->split);
    g_free(query->sort);
    g_strfreev(query->fields);
    *query = (WbQuery){0};
}

void wb_query_add_options(WbQuery *query, GOptionContext *context, bool layout)
{
    const GOptionEntry which[] = {
        wb_store_db_option(&query->db),
        {"where", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &query->where,
         "Only runs with that label or field, or of that split; repeatable", "KEY=VALUE[,VALUE]"},
        {"window", 0, 0, G_OPTION_ARG_FILENAME, &query->window,
         "Width of the windows of min - max (default 10s)", "TIME"},
        {"skip-first", 0, 0, G_OPTION_ARG_FILENAME, &query->skip_first,
         "Begin the windows of each run that much later", "TIME"},
        {"unit", 0, 0, G_OPTION_ARG_FILENAME, &query->unit,
         "What one observation is: a run (default), or a server start: the mean of its runs",
         "run|start"},
        {"steady", 0, 0, G_OPTION_ARG_NONE, &query->steady,
         "Count only the steady part of each run, where its slices show one", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    const GOptionEntry lay[] = {{"rows", 0, 0, G_OPTION_ARG_FILENAME, &query->rows,
                                 "Labels or fields of runs in the rows (default server)",
                                 "KEY[,KEY]"},
                                {"cols", 0, 0, G_OPTION_ARG_FILENAME, &query->cols,
                                 "The same in the columns (default framework)", "KEY[,KEY]"},
                                {"tables", 0, 0, G_OPTION_ARG_FILENAME, &query->tables,
                                 "The same that make tables (default benchmark)", "KEY[,KEY]"},
                                {"split", 0, 0, G_OPTION_ARG_FILENAME, &query->split,
                                 "One table of cases with errors, one of those without", "errors"},
                                {"sort", 0, 0, G_OPTION_ARG_FILENAME, &query->sort,
                                 "Order of rows: best, median, name or spread", "BY"},
                                {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, which, NULL);
    if (layout)
        g_option_context_add_main_entries(context, lay, NULL);
}

bool wb_query_check_end(int argc, char **argv, GError **error)
{
    if (argc <= 1)
        return true;
    g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                "unexpected argument '%s'; see %s --help (a database is named by --db)", argv[1],
                argv[0]);
    return false;
}

bool wb_query_check_format(const char *format, GError **error)
{
    if (!format || !strcmp(format, "json") || !strcmp(format, "tsv"))
        return true;
    g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                "--format takes json or tsv, not '%s'", format);
    return false;
}

/* Reads --where split=errors; other conditions stay in the filter. */
static bool take_split(WbQuery *query, GError **error)
{
    g_auto(GStrv) keys = wb_store_label_keys(query->store, error);
    WbWhere *where;
    bool with = false, without = false, known = true;

    if (!keys)
        return false;
    if (g_strv_contains((const char *const *)keys, "split"))
        return true;
    where = wb_filter_take(query->filter, "split");
    for (size_t i = 0; where && where->values[i]; i++) {
        if (!strcmp(where->values[i], WB_SPLIT_NAME_ERRORS))
            with = true;
        else if (!strcmp(where->values[i], WB_SPLIT_NAME_NO_ERRORS))
            without = true;
        else
            known = false;
    }
    if (where)
        wb_where_free(where);
    if (!known) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--where split=... takes 'errors' or 'no errors'");
        return false;
    }
    if (with != without)
        query->only = with ? WB_SPLIT_ERRORS : WB_SPLIT_NO_ERRORS;
    return true;
}

static bool read_options(WbQuery *query, WbSummaryOptions *options, GError **error)
{
    for (size_t i = 0; query->where && query->where[i]; i++)
        if (!wb_filter_add(query->filter, query->where[i], error))
            return false;
    if (query->window && !wb_units_parse_duration(query->window, &options->window_ns, error)) {
        g_prefix_error(error, "--window: ");
        return false;
    }
    if (query->skip_first &&
        !wb_units_parse_duration(query->skip_first, &options->skip_ns, error)) {
        g_prefix_error(error, "--skip-first: ");
        return false;
    }
    if (query->split && strcmp(query->split, "errors") != 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--split takes 'errors', not '%s'", query->split);
        return false;
    }
    query->by_split = query->split != NULL;
    options->steady |= query->steady;
    options->unit_start |= !g_strcmp0(query->unit, "start");
    if (query->unit && strcmp(query->unit, "run") != 0 && !options->unit_start) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--unit takes run or start, not '%s'", query->unit);
        return false;
    }
    if (query->sort && !wb_sort_parse(query->sort, &query->order)) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_OPTION,
                    "--sort takes best, median, name or spread, not '%s'", query->sort);
        return false;
    }
    return true;
}

/* "a,b" -> keys; "" -> no keys; NULL -> NULL: not chosen. */
static char **split_keys(const char *text)
{
    char **keys = text ? g_strsplit(text, ",", -1) : NULL;

    for (char **key = keys; key && *key; key++)
        g_strstrip(*key);
    return keys;
}

/* The axes that are fields of runs, not labels. */
static bool find_fields(WbQuery *query, GError **error)
{
    g_auto(GStrv) labels = wb_store_label_keys(query->store, error);
    g_autofree char *all =
        g_strdup_printf("%s,%s,%s", query->rows ? query->rows : "", query->cols ? query->cols : "",
                        query->tables ? query->tables : "");
    g_auto(GStrv) keys = split_keys(all);

    if (!labels)
        return false;
    query->fields = wb_field_labels_find(keys, labels);
    return true;
}

static bool load_runs(WbQuery *query, GError **error)
{
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();

    if (!find_fields(query, error))
        return false;
    for (const char *const *field = wb_summary_fields(); *field; field++)
        g_ptr_array_add(wanted, (gpointer)*field);
    for (char **field = query->fields; *field; field++)
        g_ptr_array_add(wanted, *field);
    g_ptr_array_add(wanted, NULL);
    query->set =
        wb_store_load_runs(query->store, query->filter,
                           query->figures_only ? (const char *const *)wanted->pdata : NULL, error);
    return query->set &&
           (!*query->fields || wb_field_labels_add(query->set, query->store, query->fields, error));
}

bool wb_query_open(WbQuery *query, const WbSummaryOptions *options, GError **error)
{
    query->wanted = options ? *options : (WbSummaryOptions){0};
    query->filter = wb_filter_new();
    if (!read_options(query, &query->wanted, error))
        return false;
    query->store = wb_store_open_readonly(query->db, error);
    return query->store && take_split(query, error);
}

bool wb_query_load(WbQuery *query, const WbSummaryOptions *options, GError **error)
{
    if (!wb_query_open(query, options, error))
        return false;
    if (!load_runs(query, error))
        return false;
    query->summary = wb_summary_new(query->store, query->set, &query->wanted, error);
    return query->summary != NULL;
}

bool wb_query_load_findings(WbQuery *query, GError **error)
{
    query->findings = wb_case_findings_new(query->store, query->filter, query->set, error);
    return query->findings != NULL;
}

WbGrid *wb_query_grid(const WbQuery *query, GError **error)
{
    WbLayout layout = {.rows = split_keys(query->rows),
                       .cols = split_keys(query->cols),
                       .tables = split_keys(query->tables),
                       .by_split = query->by_split,
                       .split = query->only,
                       .filter = query->filter,
                       .fields = query->fields};
    g_autoptr(WbGrid) grid = NULL;

    /* An empty database has no labels to check; say what is wrong first. */
    if (query->summary->cases->len > 0)
        grid = wb_grid_new(query->summary, &layout, error);
    wb_layout_clear(&layout);
    if (query->summary->cases->len > 0 && !grid)
        return NULL;
    if (!grid || grid->parts->len == 0) {
        g_set_error(error, WB_QUERY_ERROR, WB_QUERY_ERROR_EMPTY, "'%s' holds no case %s",
                    wb_store_path(query->store),
                    query->where ? "that fits --where" : "yet: import logs or run a load first");
        return NULL;
    }
    wb_grid_sort(grid, query->order);
    return g_steal_pointer(&grid);
}

char **wb_query_label_keys(const WbQuery *query, GError **error)
{
    g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
    g_auto(GStrv) labels = wb_store_label_keys(query->store, error);

    if (!labels)
        return NULL;
    g_strv_builder_addv(keys, (const char **)labels);
    if (query->fields)
        g_strv_builder_addv(keys, (const char **)query->fields);
    return g_strv_builder_end(keys);
}

static WbGrid *plain_grid(const WbQuery *query, GError **error)
{
    g_auto(GStrv) keys = wb_query_label_keys(query, error);
    g_autofree char *rows = NULL;
    WbQuery laid = *query; /* borrows everything */

    if (!keys)
        return NULL;
    rows = g_strjoinv(",", keys);
    laid.rows = rows;
    laid.cols = "";
    laid.tables = "";
    return wb_query_grid(&laid, error);
}

WbGrid *wb_query_first_grid(const WbQuery *query, GError **error)
{
    g_autoptr(GError) problem = NULL;
    WbGrid *grid = wb_query_grid(query, &problem);
    bool chosen = query->rows || query->cols || query->tables;

    if (!grid && !chosen && g_error_matches(problem, WB_GRID_ERROR, WB_GRID_ERROR_CONFLICT))
        return plain_grid(query, error);
    if (!grid)
        g_propagate_error(error, g_steal_pointer(&problem));
    return grid;
}
