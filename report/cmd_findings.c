/* `wrkbook findings`: which causes the runs' own evidence names, by case. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "analyze/query.h"
#include "analyze/tsv.h"
#include "report/choice.h"
#include "report/clean.h"
#include "report/commands.h"
#include "report/formats.h"
#include "report/output.h"
#include "report/text.h"

#define DOCUMENT_VERSION 1
#define WIDTH            100 /* of text where no terminal says otherwise */
#define LISTED           6   /* numbers of runs that are named */

static const char help[] =
    "A finding is a named cause: a rule over what is stored beside a run (kernel counters, "
    "probes,\n"
    "processes, CPU of server, client and others, the text of an imported log). What the evidence\n"
    "does not force is worded as a possibility. The rules are SQL (schema/findings.sql) and are\n"
    "asked anew each time, so they speak of old runs, too; in SQL: SELECT * FROM findings.\n"
    "\n"
    "Examples:\n"
    "  wrkbook findings --db results.db\n"
    "  wrkbook findings --db results.db --where server=uwsgi\n"
    "  wrkbook findings --db results.db --format tsv | cut -f 2-4";

/* The findings in the order in which they are shown; those of another split are left out. */
static bool is_shown(const WbQuery *query, const WbCaseFinding *item, int64_t *out_runs)
{
    for (size_t i = 0; i < query->summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(query->summary, i);

        if (of->of_case != item->of_case)
            continue;
        *out_runs = of->runs;
        return query->only == WB_SPLIT_ANY || !g_strcmp0(of->split, wb_split_name(query->only));
    }
    return false;
}

static char *labels_text(const WbCase *of_case)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(of_case->labels); i++) {
        const WbLabel *label = wb_labels_at(of_case->labels, i);

        g_string_append_printf(text, "%s%s=%s", i ? " " : "", label->key, label->value);
    }
    return text->len ? wb_clean(text->str) : g_strdup("no labels");
}

/* ---- text ----------------------------------------------------------------------------------- */

/* "in 3 of 6 runs (2, 3, 5)" */
static void append_runs(GString *out, const WbCaseFinding *item, int64_t runs)
{
    g_string_append_printf(out, "in %u of %" PRId64 " run%s", item->runs->len, runs,
                           runs == 1 ? "" : "s");
    if (item->runs->len == runs)
        return;
    for (size_t i = 0; i < MIN(item->runs->len, LISTED); i++)
        g_string_append_printf(out, "%s%" PRId64, i ? ", " : " (",
                               g_array_index(item->runs, WbRunFinding, i).run->run_no);
    g_string_append(out, item->runs->len > LISTED ? ", ...)" : ")");
}

/* The sentence of the first run; figures of the others differ. */
static void append_item(GString *out, const WbCaseFinding *item, int64_t runs, size_t width)
{
    const WbRunFinding *first = &g_array_index(item->runs, WbRunFinding, 0);
    g_autofree char *sentence = wb_clean_whole(first->sentence);
    g_autofree char *advice = g_strconcat("Try: ", item->advice, NULL);
    bool same = true;

    for (size_t i = 1; i < item->runs->len; i++)
        same =
            same && !strcmp(first->sentence, g_array_index(item->runs, WbRunFinding, i).sentence);
    g_string_append_printf(out, "  %s, ", item->finding);
    append_runs(out, item, runs);
    if (!same)
        g_string_append_printf(out, "; run %" PRId64, first->run->run_no);
    g_string_append(out, ":\n");
    wb_text_append_wrapped(out, "    ", sentence, 4, width);
    wb_text_append_wrapped(out, "    ", advice, 4, width);
}

static void render_text(const WbQuery *query, size_t width, GString *out)
{
    const WbCase *last = NULL;

    for (guint i = 0; i < query->findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(query->findings->items, i);
        int64_t runs;

        if (!is_shown(query, item, &runs))
            continue;
        if (item->of_case != last) {
            g_autofree char *name = labels_text(item->of_case);

            g_string_append_printf(out, "%s%s\n", last ? "\n" : "", name);
        }
        last = item->of_case;
        append_item(out, item, runs, width);
    }
    if (!last)
        g_string_append(out, "No findings: no rule sees a cause in the evidence of these runs.\n");
}

/* ---- tsv, json ------------------------------------------------------------------------------ */

/* One row a run, so that each sentence has its figures. */
static void render_tsv(const WbQuery *query, size_t width, GString *out)
{
    (void)width;
    g_string_append(out, "case\tfinding\truns_found\truns\trun_id\trun_no\tsentence\tadvice\n");
    for (guint i = 0; i < query->findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(query->findings->items, i);
        g_autofree char *name = labels_text(item->of_case);
        int64_t runs;

        if (!is_shown(query, item, &runs))
            continue;
        for (guint r = 0; r < item->runs->len; r++) {
            const WbRunFinding *found = &g_array_index(item->runs, WbRunFinding, r);
            g_autofree char *sentence = wb_clean_whole(found->sentence);

            wb_tsv_append(out, name);
            g_string_append_printf(out, "\t%s\t%u\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t",
                                   item->finding, item->runs->len, runs, found->run->run_id,
                                   found->run->run_no);
            wb_tsv_append(out, sentence);
            g_string_append_c(out, '\t');
            wb_tsv_append(out, item->advice);
            g_string_append_c(out, '\n');
        }
    }
}

static cJSON *item_json(const WbCaseFinding *item)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *list;

    cJSON_AddStringToObject(object, "finding", item->finding);
    cJSON_AddNumberToObject(object, "runs_found", item->runs->len);
    cJSON_AddStringToObject(object, "advice", item->advice);
    list = cJSON_AddArrayToObject(object, "runs");
    for (guint r = 0; r < item->runs->len; r++) {
        const WbRunFinding *found = &g_array_index(item->runs, WbRunFinding, r);
        g_autofree char *sentence = wb_clean_whole(found->sentence);
        cJSON *run = cJSON_CreateObject();

        cJSON_AddNumberToObject(run, "run_id", (double)found->run->run_id);
        cJSON_AddNumberToObject(run, "run_no", (double)found->run->run_no);
        cJSON_AddStringToObject(run, "run_uuid", found->run->run_uuid);
        cJSON_AddStringToObject(run, "sentence", sentence);
        cJSON_AddItemToArray(list, run);
    }
    return object;
}

static cJSON *case_json(const WbCase *of_case, int64_t runs)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *labels = cJSON_AddObjectToObject(object, "labels");

    for (size_t i = 0; i < wb_labels_count(of_case->labels); i++) {
        const WbLabel *label = wb_labels_at(of_case->labels, i);
        g_autofree char *value = wb_clean(label->value);

        cJSON_AddStringToObject(labels, label->key, value);
    }
    cJSON_AddNumberToObject(object, "runs", (double)runs);
    return object;
}

static void render_json(const WbQuery *query, size_t width, GString *out)
{
    cJSON *document = cJSON_CreateObject();
    const WbCase *last = NULL;
    cJSON *cases, *list = NULL;
    char *text;

    (void)width;
    cJSON_AddStringToObject(document, "document", "wrkbook/findings");
    cJSON_AddNumberToObject(document, "version", DOCUMENT_VERSION);
    cases = cJSON_AddArrayToObject(document, "cases");
    for (guint i = 0; i < query->findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(query->findings->items, i);
        int64_t runs;

        if (!is_shown(query, item, &runs))
            continue;
        if (item->of_case != last) {
            cJSON *object = case_json(item->of_case, runs);

            list = cJSON_AddArrayToObject(object, "findings");
            cJSON_AddItemToArray(cases, object);
        }
        last = item->of_case;
        cJSON_AddItemToArray(list, item_json(item));
    }
    text = cJSON_Print(document);
    cJSON_Delete(document);
    g_string_append_printf(out, "%s\n", text);
    cJSON_free(text);
}

/* ---- the verb ------------------------------------------------------------------------------- */

typedef struct {
    WbChoice choice;
    void (*render)(const WbQuery *query, size_t width, GString *out);
} Format;

static const Format formats[] = {{{"text", ".txt", NULL}, render_text},
                                 {{"tsv", ".tsv", NULL}, render_tsv},
                                 {{"json", ".json", NULL}, render_json}};

static bool write_findings(WbQuery *query, const char *name, const char *path, GError **error)
{
    const WbSummaryOptions needs = {.no_latency = true, .no_windows = true};
    const Format *format = wb_choice_find(WB_CHOICES(formats), "--format", name, path, error);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t columns = wb_output_columns(path);

    if (!format || !wb_query_load(query, &needs, error) || !wb_query_load_findings(query, error))
        return false;
    format->render(query, columns ? MIN(columns, WIDTH) : WIDTH, out);
    return wb_output_write(path, out, error);
}

int wb_report_cmd_findings(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new("- causes that the evidence names");
    g_autofree char *path = NULL;
    g_autofree char *format = NULL;
    g_auto(WbQuery) query;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "text (default), tsv or json", "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Write to a file, whole or not at all",
         "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_query_init(&query);
    g_option_context_set_description(context, help);
    wb_query_add_options(&query, context, false);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) || !write_findings(&query, format, path, error))
        return 2;
    return 0;
}
