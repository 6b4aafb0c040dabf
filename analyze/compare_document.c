/* Compare document: see compare_document.h. */
#include "analyze/compare_document.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "analyze/figures.h"
#include "analyze/steering.h"

#define DOCUMENT_VERSION 1

/* ---- differences ---------------------------------------------------------------------------- */

static void add_told(GArray *told, const WbDifference *difference)
{
    WbToldDifference new = {difference->trait, difference->a, difference->b, 1,
                            difference->allowed};

    for (guint i = 0; i < told->len; i++) {
        WbToldDifference *known = &g_array_index(told, WbToldDifference, i);

        if (known->trait == new.trait && !strcmp(known->a, new.a) && !strcmp(known->b, new.b)) {
            known->cases++;
            return;
        }
    }
    g_array_append_val(told, new);
}

static int by_trait(const void *a, const void *b)
{
    const WbToldDifference *x = a;
    const WbToldDifference *y = b;
    int order = (x->trait > y->trait) - (x->trait < y->trait); /* both are of one table */

    return order ? order : strcmp(x->a, y->a) ? strcmp(x->a, y->a) : strcmp(x->b, y->b);
}

GArray *wb_compare_differences(const WbComparison *comparison)
{
    GArray *told = g_array_new(FALSE, FALSE, sizeof(WbToldDifference));

    for (guint i = 0; i < comparison->matching.list->len; i++) {
        const WbMatch *match = wb_match_at(&comparison->matching, i);

        for (guint d = 0; d < match->differences->len; d++)
            add_told(told, &g_array_index(match->differences, WbDifference, d));
    }
    g_array_sort(told, by_trait);
    return told;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static void add_raw(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, *text ? cJSON_CreateRaw(text) : cJSON_CreateNull());
}

static void add_real(cJSON *object, const char *name, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    add_raw(object, name, wb_units_format_double(value, buffer));
}

static void add_figures(cJSON *object, const WbFigure *figures, size_t n, const void *base,
                        const char *suffix)
{
    for (size_t i = 0; i < n; i++) {
        char buffer[WB_UNITS_DOUBLE_SIZE];
        const char *text = wb_figure_text(&figures[i], base, buffer);
        g_autofree char *name =
            g_strconcat(figures[i].name, figures[i].has_unit ? suffix : "", NULL);

        if (figures[i].type == WB_FIGURE_WORD)
            add_text(object, name, *text ? text : NULL);
        else
            add_raw(object, name, text);
    }
}

static cJSON *labels_json(const WbLabels *labels)
{
    cJSON *object = cJSON_CreateObject();

    for (size_t i = 0; i < wb_labels_count(labels); i++)
        cJSON_AddStringToObject(object, wb_labels_at(labels, i)->key,
                                wb_labels_at(labels, i)->value);
    return object;
}

static void add_side(cJSON *document, const char *name, const WbSide *side)
{
    cJSON *object = cJSON_AddObjectToObject(document, name);
    cJSON *campaigns;

    cJSON_AddNumberToObject(object, "cases", side->summary->cases->len);
    cJSON_AddNumberToObject(object, "runs", side->set->runs->len);
    campaigns = cJSON_AddArrayToObject(object, "campaigns");
    for (guint i = 0; i < side->campaigns->len; i++) {
        const WbCampaignRecord *record = &g_array_index(side->campaigns, WbCampaignRecord, i);
        cJSON *campaign = cJSON_CreateObject();

        cJSON_AddNumberToObject(campaign, "campaign", (double)record->id);
        add_text(campaign, "uuid", record->uuid);
        add_text(campaign, "kind", record->kind);
        add_text(campaign, "name", record->name);
        add_text(campaign, "started_at", record->started_at);
        cJSON_AddItemToArray(campaigns, campaign);
    }
}

static void add_differences(cJSON *document, const WbComparison *comparison)
{
    static const char *const makes[] = {[WB_TRAIT_SETTING] = WB_REASON_SETTINGS_DIFFER,
                                        [WB_TRAIT_LATENCY] = WB_REASON_SETTINGS_DIFFER,
                                        [WB_TRAIT_HOST] = WB_REASON_HOSTS_DIFFER,
                                        [WB_TRAIT_TOLD] = NULL};
    g_autoptr(GArray) told = wb_compare_differences(comparison);
    cJSON *list = cJSON_AddArrayToObject(document, "differences");

    for (guint i = 0; i < told->len; i++) {
        const WbToldDifference *one = &g_array_index(told, WbToldDifference, i);
        cJSON *object = cJSON_CreateObject();

        add_text(object, "difference", one->trait->name);
        add_text(object, "old", one->a);
        add_text(object, "new", one->b);
        cJSON_AddNumberToObject(object, "cases", (double)one->cases);
        add_text(object, "forbids", one->allowed ? NULL : makes[one->trait->kind]);
        cJSON_AddItemToArray(list, object);
    }
}

static void add_metrics(cJSON *document, const WbComparison *comparison)
{
    size_t n;
    const WbFigure *figures = wb_compare_figures(&n);
    cJSON *list = cJSON_AddArrayToObject(document, "metrics");

    for (guint i = 0; i < comparison->by_metric->len; i++) {
        const WbMetricComparison *of = g_ptr_array_index(comparison->by_metric, i);
        cJSON *object = cJSON_CreateObject();

        add_text(object, "metric", of->metric->field);
        add_figures(object, figures, n, &of->together, "");
        cJSON_AddItemToArray(list, object);
    }
}

static void add_errors(cJSON *object, const WbCompareRow *row)
{
    const struct {
        const char *side;
        const WbErrorTally *tally;
        double rate;
        bool is_there;
    } sides[] = {{"a", &row->match->errors_a, row->error_rate_a, row->match->a != NULL},
                 {"b", &row->match->errors_b, row->error_rate_b, row->match->b != NULL}};

    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
        const struct {
            const char *name;
            int64_t value;
        } counts[] = {{"n_", sides[i].tally->runs},
                      {"runs_with_errors_", sides[i].tally->with_errors},
                      {"errors_", sides[i].tally->errors}};
        g_autofree char *rate = g_strconcat("error_rate_", sides[i].side, NULL);

        for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
            g_autofree char *name = g_strconcat(counts[c].name, sides[i].side, NULL);
            bool known = sides[i].is_there && counts[c].value != WB_NONE;

            cJSON_AddItemToObject(object, name,
                                  known ? cJSON_CreateNumber((double)counts[c].value)
                                        : cJSON_CreateNull());
        }
        add_real(object, rate, sides[i].rate);
    }
    add_real(object, "errors_p", row->errors_p);
}

static const char *gated_name(WbGated gated)
{
    static const char *const names[] = {NULL, "pass", "worse", "cannot_tell", "not_comparable"};

    return names[gated];
}

static cJSON *row_json(const WbCompareRow *row)
{
    cJSON *object = cJSON_CreateObject();
    size_t n;
    const WbFigure *figures = wb_two_samples_figures(&n);

    cJSON_AddItemToObject(object, "labels", labels_json(row->match->labels));
    add_text(object, "metric", row->metric->field ? row->metric->field : row->metric->name);
    add_text(object, "word", wb_word_text(row->word));
    add_text(object, "verdict", row->verdict);
    add_text(object, "verdict_reason", row->reason);
    if (row->match->with_errors)
        cJSON_AddTrueToObject(object, "with_errors");
    add_text(object, "gate", gated_name(row->gated));
    if (!row->judged) {
        add_errors(object, row);
        return object;
    }
    add_real(object, "p_adj", row->judged->p_adj);
    add_real(object, "p_adj_holm", row->judged->p_adj_holm);
    add_figures(object, figures, n, &row->judged->figures,
                wb_figure_suffix(wb_compare_metric_unit(row->metric)));
    return object;
}

/* Worth another run: it could not be told, or what it showed should be seen twice. */
static bool is_worth_repeating(const WbCompareRow *row)
{
    return row->match->b &&
           (row->word == WB_WORD_CANNOT_TELL || row->word == WB_WORD_TOO_FEW_RUNS ||
            row->word == WB_WORD_SLOWER || row->word == WB_WORD_BROKEN);
}

/* The next row from i on that brings a case worth repeating, behind `last`; rows->len: none. */
static guint next_to_repeat(const WbComparison *comparison, guint i, const WbMatch *last)
{
    while (i < comparison->rows->len && (wb_comparison_row(comparison, i)->match == last ||
                                         !is_worth_repeating(wb_comparison_row(comparison, i))))
        i++;
    return i;
}

/* The labels of the new side: those that a suite of today knows. */
static cJSON *repeat_json(const WbComparison *comparison)
{
    cJSON *list = cJSON_CreateArray();
    const WbMatch *match = NULL;
    guint i = 0;

    while ((i = next_to_repeat(comparison, i, match)) < comparison->rows->len) {
        match = wb_comparison_row(comparison, i)->match;
        cJSON_AddItemToArray(list, labels_json(match->b->of_case->labels));
    }
    return list;
}

size_t wb_compare_cells_count(const WbComparison *comparison)
{
    const WbMatch *match = NULL;
    size_t n = 0;
    guint i = 0;

    while ((i = next_to_repeat(comparison, i, match)) < comparison->rows->len) {
        match = wb_comparison_row(comparison, i)->match;
        n++;
    }
    return n;
}

static void add_gate(cJSON *document, const WbGate *gate)
{
    cJSON *object, *limits;

    if (!gate || !wb_gate_is_set(gate)) {
        cJSON_AddNullToObject(document, "gate");
        return;
    }
    object = cJSON_AddObjectToObject(document, "gate");
    cJSON_AddNumberToObject(object, "status", gate->status);
    cJSON_AddBoolToObject(object, "auto", gate->automatic);
    cJSON_AddNumberToObject(object, "learned_from", (double)gate->learned_from);
    limits = cJSON_AddArrayToObject(object, "limits");
    for (guint i = 0; i < gate->limits->len; i++) {
        const WbGateLimit *limit = &g_array_index(gate->limits, WbGateLimit, i);
        cJSON *one = cJSON_CreateObject();

        add_text(one, "metric", limit->metric->field ? limit->metric->field : limit->metric->name);
        add_real(one, "worse_share", limit->share);
        cJSON_AddItemToArray(limits, one);
    }
}

static void print(cJSON *json, GString *out)
{
    char *text = cJSON_Print(json);

    cJSON_Delete(json);
    wb_json_append(out, text);
    cJSON_free(text);
}

void wb_compare_cells(const WbComparison *comparison, GString *out)
{
    print(repeat_json(comparison), out);
}

void wb_compare_json(const WbComparison *comparison, const WbGate *gate, GString *out)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *rows;

    cJSON_AddStringToObject(document, "document", "wrkbook/compare");
    cJSON_AddNumberToObject(document, "version", DOCUMENT_VERSION);
    add_real(document, "alpha_share", WB_TWO_SAMPLES_LEVEL);
    add_real(document, "min_effect_share", comparison->min_effect_share);
    add_text(document, "adjust", wb_adjust_name(comparison->adjust));
    add_side(document, "old", comparison->old);
    add_side(document, "new", comparison->new);
    cJSON_AddNumberToObject(document, "cases_compared", (double)wb_comparison_compared(comparison));
    add_differences(document, comparison);
    add_metrics(document, comparison);
    add_gate(document, gate);
    rows = cJSON_AddArrayToObject(document, "rows");
    for (guint i = 0; i < comparison->rows->len; i++)
        cJSON_AddItemToArray(rows, row_json(wb_comparison_row(comparison, i)));
    cJSON_AddItemToObject(document, "repeat", repeat_json(comparison));
    print(document, out);
}

/* ---- flat rows ------------------------------------------------------------------------------ */

/* Label keys of all cases, in order of first appearance. */
static GPtrArray *label_keys(const GPtrArray *comparisons)
{
    GPtrArray *keys = g_ptr_array_new();

    for (guint c = 0; c < comparisons->len; c++) {
        const WbComparison *comparison = g_ptr_array_index(comparisons, c);

        for (guint i = 0; i < comparison->matching.list->len; i++) {
            const WbLabels *labels = wb_match_at(&comparison->matching, i)->labels;

            for (size_t l = 0; l < wb_labels_count(labels); l++)
                if (!g_ptr_array_find_with_equal_func(keys, wb_labels_at(labels, l)->key,
                                                      g_str_equal, NULL))
                    g_ptr_array_add(keys, wb_labels_at(labels, l)->key);
        }
    }
    return keys;
}

static const char *const errors_names[] = {"errors_a", "runs_with_errors_a", "errors_b",
                                           "runs_with_errors_b", "errors_p"};

static void own(const WbFieldWriter *writer, const char *text)
{
    writer->field(writer->user_data, text ? text : "", false);
}

static void own_int(const WbFieldWriter *writer, int64_t value)
{
    char buffer[24];

    g_snprintf(buffer, sizeof buffer, "%" G_GINT64_FORMAT, value);
    own(writer, value == WB_NONE ? "" : buffer);
}

static void own_real(const WbFieldWriter *writer, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    own(writer, wb_units_format_double(value, buffer));
}

static void write_errors(const WbFieldWriter *writer, const WbCompareRow *row)
{
    const WbMatch *match = row->match;

    own_int(writer, match->a ? match->errors_a.errors : WB_NONE);
    own_int(writer, match->a ? match->errors_a.with_errors : WB_NONE);
    own_int(writer, match->b ? match->errors_b.errors : WB_NONE);
    own_int(writer, match->b ? match->errors_b.with_errors : WB_NONE);
    own_real(writer, row->errors_p);
}

static void write_row(const WbFieldWriter *writer, const WbCompareRow *row, const GPtrArray *keys)
{
    size_t n;
    const WbFigure *figures = wb_two_samples_figures(&n);

    for (guint k = 0; k < keys->len; k++) {
        const char *value = wb_labels_get(row->match->labels, g_ptr_array_index(keys, k));

        writer->field(writer->user_data, value ? value : "", true);
    }
    own(writer, row->metric->field ? row->metric->field : row->metric->name);
    own(writer, wb_word_text(row->word));
    own(writer, row->verdict);
    own(writer, row->reason);
    own(writer, gated_name(row->gated));
    own_real(writer, row->judged ? row->judged->p_adj : (double)NAN);
    own_real(writer, row->judged ? row->judged->p_adj_holm : (double)NAN);
    for (size_t i = 0; i < n; i++) {
        char buffer[WB_UNITS_DOUBLE_SIZE];

        own(writer, row->judged ? wb_figure_text(&figures[i], &row->judged->figures, buffer) : "");
    }
    write_errors(writer, row);
    writer->end(writer->user_data);
}

/* All comparisons, one below the other. */
static void each_field(const GPtrArray *comparisons, bool with_sides, const WbFieldWriter *writer)
{
    static const char *const heads[] = {"metric", "word",  "verdict",   "verdict_reason",
                                        "gate",   "p_adj", "p_adj_holm"};
    g_autoptr(GPtrArray) keys = label_keys(comparisons);
    size_t n;
    const WbFigure *figures = wb_two_samples_figures(&n);

    if (with_sides) {
        own(writer, "old");
        own(writer, "new");
    }
    for (guint k = 0; k < keys->len; k++)
        writer->field(writer->user_data, g_ptr_array_index(keys, k), true);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        own(writer, heads[i]);
    for (size_t i = 0; i < n; i++)
        own(writer, figures[i].name);
    for (size_t i = 0; i < G_N_ELEMENTS(errors_names); i++)
        own(writer, errors_names[i]);
    writer->end(writer->user_data);
    for (guint c = 0; c < comparisons->len; c++) {
        const WbComparison *comparison = g_ptr_array_index(comparisons, c);

        for (guint i = 0; i < comparison->rows->len; i++) {
            if (with_sides) {
                writer->field(writer->user_data, comparison->old->name, true);
                writer->field(writer->user_data, comparison->new->name, true);
            }
            write_row(writer, wb_comparison_row(comparison, i), keys);
        }
    }
}

void wb_compare_each_field(const WbComparison *comparison, const WbFieldWriter *writer)
{
    g_autoptr(GPtrArray) alone = g_ptr_array_new();

    g_ptr_array_add(alone, (gpointer)comparison);
    each_field(alone, false, writer);
}

void wb_history_each_field(const WbHistory *history, const WbFieldWriter *writer)
{
    each_field(history->steps, true, writer);
}
