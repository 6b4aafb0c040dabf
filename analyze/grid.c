/*
 * Grid: every case gets its item on each axis through a hash of its values; then each table picks
 * the views that belong to it. Two cases on one spot are an error that names what tells them
 * apart, because a table that shows one of them would lie.
 */
#include "analyze/grid.h"

#include <math.h>
#include <string.h>

G_DEFINE_QUARK(wb - grid - error - quark, wb_grid_error)

#define NO_LABEL "" /* the value of a label that a case does not have */

void wb_layout_clear(WbLayout *layout)
{
    g_clear_pointer(&layout->rows, g_strfreev);
    g_clear_pointer(&layout->cols, g_strfreev);
    g_clear_pointer(&layout->tables, g_strfreev);
}

static void free_part(void *data)
{
    WbGridTable *part = data;

    g_free(part->rows);
    g_free(part->cols);
    g_free(part->cells);
    g_free(part);
}

static void axis_clear(WbAxis *axis)
{
    g_strfreev(axis->keys);
    if (axis->items)
        g_ptr_array_unref(axis->items);
}

void wb_grid_free(WbGrid *grid)
{
    if (!grid)
        return;
    axis_clear(&grid->rows);
    axis_clear(&grid->cols);
    axis_clear(&grid->tables);
    g_ptr_array_unref(grid->parts);
    g_free(grid->views);
    g_free(grid);
}

const WbCaseView *wb_grid_view(const WbGridTable *part, size_t r, size_t c)
{
    return part->cells[r * part->cols_n + c];
}

const char *wb_grid_item(const WbAxis *axis, size_t item, size_t key)
{
    return ((char **)g_ptr_array_index(axis->items, item))[key];
}

/* ---- which label lies where --------------------------------------------------------------- */

/* All label keys of the cases, in order of first appearance (of borrowed strings). */
static GPtrArray *keys_of(const WbSummary *summary)
{
    GPtrArray *keys = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < summary->cases->len; i++) {
        const WbLabels *labels = wb_summary_at(summary, i)->of_case->labels;

        for (size_t l = 0; l < wb_labels_count(labels); l++)
            if (g_hash_table_add(seen, wb_labels_at(labels, l)->key))
                g_ptr_array_add(keys, wb_labels_at(labels, l)->key);
    }
    return keys;
}

static bool has_key(const GPtrArray *keys, const char *key)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)keys, key, g_str_equal, NULL);
}

static bool is_listed(char **list, const char *key)
{
    return list && g_strv_contains((const char *const *)list, key);
}

static bool check_keys(char **chosen, const GPtrArray *keys, char **fields, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (; chosen && *chosen; chosen++) {
        if (has_key(keys, *chosen) || is_listed(fields, *chosen))
            continue;
        for (size_t i = 0; i < keys->len; i++)
            g_string_append_printf(known, " %s", (char *)g_ptr_array_index(keys, i));
        g_set_error(error, WB_GRID_ERROR, WB_GRID_ERROR_KEY,
                    "no case has the label '%s', and runs have no such field; labels are:%s",
                    *chosen, known->str);
        return false;
    }
    return true;
}

/* The key an axis has unless it was chosen: `usual`, if it exists and no other axis took it. */
static char **default_keys(char **chosen, const char *usual, const GPtrArray *keys, char **other1,
                           char **other2)
{
    bool use = has_key(keys, usual) && !is_listed(other1, usual) && !is_listed(other2, usual);
    const char *const list[] = {use ? usual : NULL, NULL};

    return g_strdupv(chosen ? chosen : (char **)list);
}

static bool choose_axes(WbGrid *grid, const WbLayout *layout, const GPtrArray *keys, GError **error)
{
    g_autoptr(GStrvBuilder) rest = g_strv_builder_new();

    if (!check_keys(layout->rows, keys, layout->fields, error) ||
        !check_keys(layout->cols, keys, layout->fields, error) ||
        !check_keys(layout->tables, keys, layout->fields, error))
        return false;
    grid->rows.keys = default_keys(layout->rows, "server", keys, layout->cols, layout->tables);
    grid->cols.keys =
        default_keys(layout->cols, "framework", keys, grid->rows.keys, layout->tables);
    grid->tables.keys =
        default_keys(layout->tables, "benchmark", keys, grid->rows.keys, grid->cols.keys);
    if (layout->rows || grid->rows.keys[0])
        return true;
    for (size_t i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);

        if (!is_listed(grid->cols.keys, key) && !is_listed(grid->tables.keys, key))
            g_strv_builder_add(rest, key);
    }
    g_strfreev(grid->rows.keys);
    grid->rows.keys = g_strv_builder_end(rest);
    /* Only a framework, say: a list reads better than one row. */
    if (!grid->rows.keys[0] && !layout->cols) {
        char **none = grid->rows.keys;

        grid->rows.keys = grid->cols.keys;
        grid->cols.keys = none;
    }
    return true;
}

/* ---- items of an axis --------------------------------------------------------------------- */

static char **values_of(const WbLabels *labels, char **keys)
{
    size_t n = g_strv_length(keys);
    char **values = g_new0(char *, n + 1);

    for (size_t i = 0; i < n; i++) {
        const char *value = wb_labels_get(labels, keys[i]);

        values[i] = g_strdup(value ? value : NO_LABEL);
    }
    return values;
}

/* Place of a value among those that a --where lists for its key; G_MAXSIZE: not listed. */
static size_t listed_place(const WbFilter *filter, const char *key, const char *value)
{
    for (size_t i = 0; filter && i < filter->wheres->len; i++) {
        const WbWhere *where = g_ptr_array_index(filter->wheres, i);

        if (strcmp(where->key, key) != 0)
            continue;
        for (size_t v = 0; where->values[v]; v++)
            if (!strcmp(where->values[v], value))
                return v;
    }
    return G_MAXSIZE;
}

typedef struct {
    const WbAxis *axis;
    const WbLayout *layout;
} Order;

/* Numbers of a field rise; a run that lacks it goes last, other texts stay as they are. */
static int compare_numbers(const char *x, const char *y)
{
    char *end_x, *end_y;
    double a = g_ascii_strtod(x, &end_x), b = g_ascii_strtod(y, &end_y);
    bool is_a = *x && !*end_x, is_b = *y && !*end_y;

    if (is_a != is_b)
        return is_a ? -1 : 1;
    return is_a && is_b ? (a > b) - (a < b) : 0;
}

static int compare_items(const void *a, const void *b, void *data)
{
    const Order *order = data;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;

    for (size_t k = 0; order->axis->keys[k]; k++) {
        const char *key = order->axis->keys[k];
        const char *value_x = wb_grid_item(order->axis, x, k);
        const char *value_y = wb_grid_item(order->axis, y, k);
        size_t place_x = listed_place(order->layout->filter, key, value_x);
        size_t place_y = listed_place(order->layout->filter, key, value_y);
        int numbers;

        if (place_x != place_y)
            return place_x < place_y ? -1 : 1;
        numbers = is_listed(order->layout->fields, key) ? compare_numbers(value_x, value_y) : 0;
        if (numbers)
            return numbers;
    }
    return (x > y) - (x < y);
}

/* Puts listed values first, in the order listed; `item_of` of each case follows. */
static void order_axis(WbAxis *axis, const WbLayout *layout, size_t *item_of, size_t cases)
{
    size_t n = axis->items->len;
    g_autofree size_t *order = g_new(size_t, n);
    g_autofree size_t *place = g_new(size_t, n);
    GPtrArray *items = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    Order how = {axis, layout};

    for (size_t i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (int)n, sizeof *order, compare_items, &how);
    for (size_t i = 0; i < n; i++) {
        place[order[i]] = i;
        g_ptr_array_add(items, g_ptr_array_index(axis->items, order[i]));
    }
    g_ptr_array_set_free_func(axis->items, NULL);
    g_ptr_array_unref(axis->items);
    axis->items = items;
    for (size_t i = 0; i < cases; i++)
        item_of[i] = place[item_of[i]];
}

/* Fills the axis with the combinations that occur; returns each case's item (caller's). */
static size_t *fill_axis(WbAxis *axis, const WbSummary *summary, const WbLayout *layout)
{
    size_t n = summary->cases->len;
    size_t *item_of = g_new(size_t, n);
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    axis->items = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    for (size_t i = 0; i < n; i++) {
        char **values = values_of(wb_summary_at(summary, i)->of_case->labels, axis->keys);
        char *joined = g_strjoinv("\x1f", values);
        void *found;

        if (g_hash_table_lookup_extended(known, joined, NULL, &found)) {
            item_of[i] = GPOINTER_TO_SIZE(found);
            g_strfreev(values);
            g_free(joined);
            continue;
        }
        item_of[i] = axis->items->len;
        g_hash_table_insert(known, joined, GSIZE_TO_POINTER(item_of[i]));
        g_ptr_array_add(axis->items, values);
    }
    order_axis(axis, layout, item_of, n);
    return item_of;
}

/* ---- tables ------------------------------------------------------------------------------- */

/* The places of all cases, while the grid is made. */
typedef struct {
    const WbSummary *summary;
    size_t *row, *col, *table; /* [cases] */
} Places;

static void set_conflict(const WbGrid *grid, const WbCase *a, const WbCase *b, GError **error)
{
    g_autoptr(GString) differ = g_string_new(NULL);
    g_autoptr(GString) spot = g_string_new(NULL);
    const WbLabels *sides[] = {a->labels, b->labels};
    const WbAxis *axes[] = {&grid->tables, &grid->rows, &grid->cols};

    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < wb_labels_count(sides[s]); i++) {
            const WbLabel *label = wb_labels_at(sides[s], i);
            const char *other = wb_labels_get(sides[1 - s], label->key);

            /* a label that both have is named once, from the first side */
            if (g_strcmp0(other, label->value) != 0 && (s == 0 || !other))
                g_string_append_printf(differ, "%s%s", differ->len ? ", " : "", label->key);
        }
    for (size_t x = 0; x < G_N_ELEMENTS(axes); x++)
        for (size_t k = 0; axes[x]->keys[k]; k++) {
            const char *value = wb_labels_get(a->labels, axes[x]->keys[k]);

            g_string_append_printf(spot, "%s%s=%s", spot->len ? ", " : "", axes[x]->keys[k],
                                   value ? value : NO_LABEL);
        }
    g_set_error(error, WB_GRID_ERROR, WB_GRID_ERROR_CONFLICT,
                "two cases fall into one cell (%s); they differ in: %s. Choose one by --where, or "
                "lay that label out by --rows, --cols or --tables",
                spot->len ? spot->str : "the only one", differ->str);
}

/* Numbers the used items; returns their list (caller's) and its length. */
static size_t *used_items(const bool *used, size_t n, size_t *place, size_t *out_n)
{
    size_t *items = g_new(size_t, n);

    *out_n = 0;
    for (size_t i = 0; i < n; i++)
        if (used[i]) {
            place[i] = *out_n;
            items[(*out_n)++] = i;
        }
    return items;
}

/* One table: the views of one item of the tables' axis and one split. Its columns are those of
 * all splits of that item, so that the two tables of --split can be read across. */
static bool add_part(WbGrid *grid, const Places *at, size_t table, WbSplit split, WbCaseView *views,
                     const bool *present, const bool *used_cols, GError **error)
{
    WbGridTable *part = g_new0(WbGridTable, 1);
    g_autofree bool *used_rows = g_new0(bool, grid->rows.items->len);
    g_autofree size_t *row_place = g_new(size_t, grid->rows.items->len);
    g_autofree size_t *col_place = g_new(size_t, grid->cols.items->len);
    size_t n = at->summary->cases->len;
    size_t cells_n;

    g_ptr_array_add(grid->parts, part);
    part->table = table;
    part->split = split;
    for (size_t i = 0; i < n; i++)
        if (at->table[i] == table && present[i])
            used_rows[at->row[i]] = true;
    part->rows = used_items(used_rows, grid->rows.items->len, row_place, &part->rows_n);
    part->cols = used_items(used_cols, grid->cols.items->len, col_place, &part->cols_n);
    cells_n = part->rows_n * part->cols_n;
    part->cells = g_new0(const WbCaseView *, cells_n);
    for (size_t i = 0; i < n; i++) {
        const WbCaseView **cell;

        if (at->table[i] != table || !present[i])
            continue;
        cell = &part->cells[row_place[at->row[i]] * part->cols_n + col_place[at->col[i]]];
        if (*cell) {
            set_conflict(grid, (*cell)->of->of_case, views[i].of->of_case, error);
            return false;
        }
        *cell = &views[i];
    }
    if (part->rows_n == 0)
        g_ptr_array_remove_index(grid->parts, grid->parts->len - 1);
    return true;
}

static bool add_parts(WbGrid *grid, const WbLayout *layout, const Places *at, GError **error)
{
    const WbSplit both[] = {WB_SPLIT_ERRORS, WB_SPLIT_NO_ERRORS};
    const WbSplit *splits = layout->by_split ? both : &layout->split;
    size_t splits_n = layout->by_split ? 2 : 1;
    size_t n = at->summary->cases->len;
    size_t views_n = n * splits_n;
    size_t used_n = grid->tables.items->len * grid->cols.items->len;
    g_autofree bool *present = g_new0(bool, views_n);
    g_autofree bool *used_cols = g_new0(bool, used_n);

    grid->views = g_new0(WbCaseView, views_n);
    for (size_t s = 0; s < splits_n; s++)
        for (size_t i = 0; i < n; i++) {
            WbCaseView *view = &grid->views[s * n + i];

            if (!wb_case_view(wb_summary_at(at->summary, i), splits[s], view))
                continue;
            present[s * n + i] = true;
            used_cols[at->table[i] * grid->cols.items->len + at->col[i]] = true;
            /* what does not exist is said once, in the table without errors */
            if (layout->by_split && splits[s] == WB_SPLIT_ERRORS && view->state == WB_STATE_NA)
                view->state = WB_STATE_BLANK;
        }
    for (size_t table = 0; table < grid->tables.items->len; table++)
        for (size_t s = 0; s < splits_n; s++)
            if (!add_part(grid, at, table, splits[s], grid->views + s * n, present + s * n,
                          used_cols + table * grid->cols.items->len, error))
                return false;
    return true;
}

WbGrid *wb_grid_new(const WbSummary *summary, const WbLayout *layout, GError **error)
{
    g_autoptr(WbGrid) grid = g_new0(WbGrid, 1);
    g_autoptr(GPtrArray) keys = keys_of(summary);
    Places at = {.summary = summary};
    bool done;

    grid->parts = g_ptr_array_new_with_free_func(free_part);
    if (!choose_axes(grid, layout, keys, error))
        return NULL;
    at.row = fill_axis(&grid->rows, summary, layout);
    at.col = fill_axis(&grid->cols, summary, layout);
    at.table = fill_axis(&grid->tables, summary, layout);
    done = add_parts(grid, layout, &at, error);
    g_free(at.row);
    g_free(at.col);
    g_free(at.table);
    return done ? g_steal_pointer(&grid) : NULL;
}
