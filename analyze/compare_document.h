/*
 * Compare document: a comparison for machines: the JSON document "wrkbook/compare", and one flat
 * row a case and metric for TSV and CSV. Names are those of STATISTICS section 9.
 */
#ifndef WB_ANALYZE_COMPARE_DOCUMENT_H
#define WB_ANALYZE_COMPARE_DOCUMENT_H

#include <glib.h>

#include "analyze/comparison.h"
#include "analyze/gate.h"
#include "analyze/history.h"

/** wb_compare_json: the whole document with a line end. Its list `repeat` is what `suite --cells`
 * takes. */
void wb_compare_json(const WbComparison *comparison, const WbGate *gate, GString *out);

/** wb_compare_cells: only that list: the cases worth repeating, as JSON. */
void wb_compare_cells(const WbComparison *comparison, GString *out);

/** wb_compare_cells_count: how many those are. */
size_t wb_compare_cells_count(const WbComparison *comparison);

/**
 * wb_compare_each_field: the flat rows, field by field; row 0 is the heading. Figures are in the
 * base unit of the row's metric.
 *
 * @param field  gets text that is foreign (labels: neither cleaned nor escaped) or our own
 * @param end    called behind each row
 */
typedef struct {
    void (*field)(void *user_data, const char *text, bool foreign);
    void (*end)(void *user_data);
    void *user_data;
} WbFieldWriter;
void wb_compare_each_field(const WbComparison *comparison, const WbFieldWriter *writer);

/** wb_history_json: the JSON document "wrkbook/series". */
void wb_history_json(const WbHistory *history, const WbGate *gate, GString *out);

/** wb_history_each_field: the flat rows of every step, and of the last side against the first, with
 * the names of both sides in front. */
void wb_history_each_field(const WbHistory *history, const WbFieldWriter *writer);

/** wb_compare_trait_differences: every difference once: of WbToldDifference, in the order of the
 * traits (caller's). */
typedef struct {
    const WbTrait *trait;
    const char *a, *b; /* borrowed from a match */
    size_t cases;      /* that differ so */
    bool allowed;
} WbToldDifference;
GArray *wb_compare_differences(const WbComparison *comparison);

#endif
