/* The JSON document "wrkbook/series": see compare_document.h. */
#include <math.h>

#include "analyze/compare_document.h"
#include "analyze/document.h"

#define DOCUMENT_VERSION 1

static void add_sides(WbDocument *document, const WbHistory *history)
{
    wb_document_begin_list(document, "sides");
    for (size_t i = 0; i < wb_history_sides(history); i++) {
        const WbSide *side = wb_sides_at(&history->base->sides, i);

        wb_document_begin(document, NULL);
        wb_document_add_text(document, "name", side->name);
        wb_document_add_int(document, "cases", side->summary->cases->len);
        wb_document_add_int(document, "runs", side->set->runs->len);
        wb_document_add_text(document, "started_at",
                             side->campaigns->len
                                 ? g_array_index(side->campaigns, WbCampaignRecord, 0).started_at
                                 : NULL);
        wb_document_end(document);
    }
    wb_document_end(document);
}

static void add_step(WbDocument *document, const char *name, const WbCompareRow *row)
{
    const WbTwoSamplesFigures *figures = row && row->judged ? &row->judged->figures : NULL;

    wb_document_begin(document, name);
    wb_document_add_text(document, "word", row ? wb_word_text(row->word) : NULL);
    wb_document_add_text(document, "verdict", row ? row->verdict : NULL);
    wb_document_add_text(document, "verdict_reason", row ? row->reason : NULL);
    wb_document_add_real(document, "ratio", figures ? figures->ratio : (double)NAN);
    wb_document_add_real(document, "ratio_lo", figures ? figures->ratio_lo : (double)NAN);
    wb_document_add_real(document, "ratio_hi", figures ? figures->ratio_hi : (double)NAN);
    wb_document_add_real(document, "p_adj", figures ? row->judged->p_adj : (double)NAN);
    wb_document_end(document);
}

static void add_row(WbDocument *document, const WbHistory *history, const WbHistoryRow *row)
{
    size_t sides = wb_history_sides(history);

    wb_document_begin(document, NULL);
    wb_document_begin(document, "labels");
    for (size_t i = 0; i < wb_labels_count(row->labels); i++)
        wb_document_add_text(document, wb_labels_at(row->labels, i)->key,
                             wb_labels_at(row->labels, i)->value);
    wb_document_end(document);
    wb_document_add_text(document, "metric",
                         row->metric->field ? row->metric->field : row->metric->name);
    wb_document_add_text(document, "word", wb_word_text(row->word));
    wb_document_add_bool(document, "change", wb_history_is_change(history, row));
    if (row->medians) {
        wb_document_begin_list(document, "medians");
        for (size_t i = 0; i < sides; i++)
            wb_document_add_real(document, NULL, row->medians[i]);
        wb_document_end(document);
        wb_document_begin(document, "trend");
        wb_document_add_int(document, "s", row->trend.s);
        wb_document_add_real(document, "p", row->trend.p);
        wb_document_add_text(document, "p_method", row->trend.method);
        wb_document_add_real(document, "p_adj", row->trend_p_adj);
        wb_document_add_real(document, "slope_share_per_step", row->slope);
        wb_document_end(document);
    }
    wb_document_begin_list(document, "steps");
    for (size_t i = 0; i + 1 < sides; i++)
        add_step(document, NULL, row->steps[i]);
    wb_document_end(document);
    add_step(document, "whole", row->whole);
    wb_document_end(document);
}

void wb_history_json(const WbHistory *history, const WbGate *gate, GString *out)
{
    WbDocument *document = wb_document_new();
    char *text;

    wb_document_add_text(document, "document", "wrkbook/series");
    wb_document_add_int(document, "version", DOCUMENT_VERSION);
    wb_document_add_real(document, "alpha_share", WB_TWO_SAMPLES_LEVEL);
    wb_document_add_real(document, "min_effect_share", history->base->min_effect_share);
    wb_document_add_text(document, "adjust", wb_adjust_name(history->base->adjust));
    add_sides(document, history);
    wb_document_add_int(document, "gate_status",
                        gate && wb_gate_is_set(gate) ? gate->status : WB_NONE);
    wb_document_begin_list(document, "rows");
    for (guint i = 0; i < history->rows->len; i++)
        add_row(document, history, &g_array_index(history->rows, WbHistoryRow, i));
    wb_document_end(document);
    text = wb_document_finish(document);
    g_string_append(out, text);
    g_free(text);
}
