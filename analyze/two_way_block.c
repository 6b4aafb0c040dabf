/* Two way, the block: see two_way_block.h. */
#include "analyze/two_way_block.h"

#include <assert.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "analyze/stats.h"

static size_t root_of(size_t *parent, size_t node)
{
    while (parent[node] != node)
        node = parent[node] = parent[parent[node]];
    return node;
}

typedef struct {
    size_t root, cells, values, first;
} Found;

static int compare_found(const void *a, const void *b)
{
    const Found *x = a, *y = b;

    if (x->cells != y->cells)
        return x->cells > y->cells ? -1 : 1;
    if (x->values != y->values)
        return x->values > y->values ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Links rows (first) and columns through their cells: the parent of each node. */
static size_t *link_nodes(const WbTwoWay *in)
{
    size_t *parent = g_new(size_t, in->rows_n + in->cols_n + 1);

    for (size_t i = 0; i < in->rows_n + in->cols_n; i++)
        parent[i] = i;
    for (size_t i = 0; i < in->cells_n; i++)
        parent[root_of(parent, in->cells[i].row)] = root_of(parent, in->rows_n + in->cells[i].col);
    return parent;
}

void wb_two_way_find_blocks(const WbTwoWay *in, size_t *out_block_of)
{
    size_t nodes = in->rows_n + in->cols_n;
    g_autofree size_t *parent = link_nodes(in);
    g_autofree size_t *place = g_new0(size_t, nodes + 1);
    g_autofree Found *found = g_new0(Found, nodes + 1);
    size_t n = 0;

    for (size_t i = 0; i < in->cells_n; i++) {
        size_t root = root_of(parent, in->cells[i].row);

        if (place[root] == 0) {
            found[n] = (Found){.root = root, .first = i};
            place[root] = ++n;
        }
        found[place[root] - 1].cells++;
        found[place[root] - 1].values += in->cells[i].n;
    }
    qsort(found, n, sizeof *found, compare_found);
    for (size_t i = 0; i < n; i++)
        place[found[i].root] = i;
    for (size_t i = 0; i < in->cells_n; i++)
        out_block_of[i] = place[root_of(parent, in->cells[i].row)];
}

void wb_two_way_block_clear(WbTwoWayBlock *block)
{
    for (size_t f = 0; f < WB_FACTORS; f++) {
        g_free(block->level[f]);
        g_free(block->source[f]);
    }
    g_free(block->weight);
    g_free(block->mean);
    g_free(block->median);
}

static void fill_cell(WbTwoWayBlock *block, const WbTwoWayCell *cell, GArray *room)
{
    double *logs;

    g_array_set_size(room, (guint)cell->n);
    logs = (double *)room->data;
    for (size_t i = 0; i < cell->n; i++) {
        assert(cell->values[i] > 0);
        logs[i] = log(cell->values[i]) - block->base;
    }
    wb_stats_sort(logs, cell->n);
    block->weight[block->n] = (double)cell->n;
    block->mean[block->n] = wb_stats_mean(logs, cell->n);
    block->median[block->n] = wb_stats_median(logs, cell->n);
    if (cell->n > 1)
        block->within += wb_stats_variance(logs, cell->n) * (double)(cell->n - 1);
    block->values_n += (double)cell->n;
    block->n++;
}

/* Numbers the levels that the block uses, in the order of the input's levels. */
static void number_levels(WbTwoWayBlock *block, WbFactorKind f, size_t levels_n)
{
    g_autofree size_t *place = g_new(size_t, levels_n);

    for (size_t l = 0; l < levels_n; l++)
        place[l] = G_MAXSIZE;
    for (size_t i = 0; i < block->n; i++)
        place[block->level[f][i]] = 0;
    block->source[f] = g_new(size_t, levels_n);
    for (size_t l = 0; l < levels_n; l++)
        if (place[l] == 0) {
            place[l] = block->levels[f];
            block->source[f][block->levels[f]++] = l;
        }
    for (size_t i = 0; i < block->n; i++)
        block->level[f][i] = place[block->level[f][i]];
}

void wb_two_way_block_init(WbTwoWayBlock *block, const WbTwoWay *in, const size_t *block_of)
{
    g_autoptr(GArray) room = g_array_new(FALSE, FALSE, sizeof(double));

    *block = (WbTwoWayBlock){.base = NAN,
                             .level = {g_new(size_t, in->cells_n), g_new(size_t, in->cells_n)},
                             .weight = g_new(double, in->cells_n),
                             .mean = g_new(double, in->cells_n),
                             .median = g_new(double, in->cells_n)};
    for (size_t i = 0; i < in->cells_n; i++) {
        if (block_of[i] != 0)
            continue;
        if (isnan(block->base))
            block->base = log(in->cells[i].values[0]);
        block->level[WB_FACTOR_ROW][block->n] = in->cells[i].row;
        block->level[WB_FACTOR_COL][block->n] = in->cells[i].col;
        fill_cell(block, &in->cells[i], room);
    }
    number_levels(block, WB_FACTOR_ROW, in->rows_n);
    number_levels(block, WB_FACTOR_COL, in->cols_n);
}

WbTwoWayLists wb_two_way_lists_of(const WbTwoWayBlock *block, WbFactorKind f)
{
    WbTwoWayLists lists = {g_new0(size_t, block->levels[f] + 2), g_new(size_t, block->n)};

    for (size_t i = 0; i < block->n; i++)
        lists.start[block->level[f][i] + 2]++;
    for (size_t l = 2; l < block->levels[f] + 2; l++)
        lists.start[l] += lists.start[l - 1];
    for (size_t i = 0; i < block->n; i++)
        lists.index[lists.start[block->level[f][i] + 1]++] = i;
    return lists;
}

void wb_two_way_lists_clear(WbTwoWayLists *lists)
{
    g_free(lists->start);
    g_free(lists->index);
}
