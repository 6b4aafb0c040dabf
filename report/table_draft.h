/*
 * Table draft: a table while it is made. table_list.c lays it out, table_cells.c makes its figures
 * text, table_notes.c writes what stands below; nobody else includes this.
 */
#ifndef WB_REPORT_TABLE_DRAFT_H
#define WB_REPORT_TABLE_DRAFT_H

#include "analyze/grid_means.h"
#include "report/figure_text.h"
#include "report/table.h"

/* One part of a grid with all its figures. Columns are the items of the part, with all figures in
 * each cell; or, where no label makes columns, the figures. */
typedef struct {
    const WbSummary *summary;
    const WbGrid *grid;
    const WbGridTable *part;
    const WbTableStyle *style;
    GPtrArray *measures; /* of const WbMeasure *: those that are shown */
    GPtrArray *without;  /* of const WbMeasure *: asked for, and no case has a figure */
    bool by_measure;     /* the columns are the figures */
    size_t cols;         /* of the table */
    size_t figures;      /* in each cell of the table */
    WbCell *cells;       /* [(part->rows_n + 1) * cols * figures]: the last row holds the means */
    WbScale *scales;     /* [measures]: one for all figures of a measure */
    WbGridMeans *means;  /* NULL: not asked for */
} WbTableDraft;

static inline const WbMeasure *wb_table_draft_measure(const WbTableDraft *d, size_t c, size_t f)
{
    return g_ptr_array_index(d->measures, d->by_measure ? c : f);
}

static inline WbCell *wb_table_draft_cell(const WbTableDraft *d, size_t r, size_t c, size_t f)
{
    return &d->cells[(r * d->cols + c) * d->figures + f];
}

static inline bool wb_cell_has_figure(const WbCell *cell)
{
    return cell->kind == WB_CELL_VALUE || cell->kind == WB_CELL_RANGE;
}

/** wb_table_draft_fill: cells and scales; measures of which no case has a figure are put aside.
 *
 * @param measures  of const WbMeasure *, at least one */
void wb_table_draft_fill(WbTableDraft *d, const GPtrArray *measures);
void wb_table_draft_clear(WbTableDraft *d);

/** wb_table_draft_texts: the texts of column c, one a row of `rows` (caller's, each to be freed).
 */
char **wb_table_draft_texts(const WbTableDraft *d, size_t c, const size_t *rows, size_t rows_n);

/** wb_table_draft_kind: what a cell of the table is, all its figures together. */
WbCellKind wb_table_draft_kind(const WbTableDraft *d, size_t r, size_t c);

/** wb_table_draft_has_row: whether row r holds a figure or `errors`; a row of nothing but n/a and
 * blank cells is left out. */
bool wb_table_draft_has_row(const WbTableDraft *d, size_t r);

/** wb_table_draft_title: of all figures in a cell, worded as a cell is: "best (range; cv)". */
char *wb_table_draft_title(const WbTableDraft *d);

/** wb_table_draft_notes: what people must know to read the cells, as sentences. */
void wb_table_draft_notes(const WbTableDraft *d, GPtrArray *notes);

#endif
