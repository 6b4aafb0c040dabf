/* `wrkbook rank`: cases in order, for people. */
#include "analyze/rank_document.h"
#include "report/choice.h"
#include "report/commands.h"
#include "report/formats.h"
#include "report/markdown.h"
#include "report/output.h"
#include "report/rank_text.h"
#include "report/text.h"

static const char help[] =
    "Orders the cases of each benchmark by their median rate, or by the median of a latency of\n"
    "each run (--metric p99; lower is better), and says which are neck and neck:\n"
    "two cases share a letter unless a test of their runs, corrected for so many tests, tells "
    "them\n"
    "apart and their ratio is beyond --tie-margin. Cases with errors come last, without rank.\n"
    "Every pair with its test: --format json.\n"
    "\n"
    "Examples:\n"
    "  wrkbook rank --db results.db\n"
    "  wrkbook rank --db results.db --metric p99\n"
    "  wrkbook rank --db results.db --score --weight data=2\n"
    "  wrkbook rank --db results.db --where server=gunicorn --tie-margin 2%\n"
    "  wrkbook rank --db results.db --format md -o rank.md";

/* How a ranking is written. */
typedef struct {
    const WbRankTables *tables;
    const GArray *scores; /* NULL: not asked for */
    bool ascii, color;
    size_t columns;
} Writing;

/* Table number i: the rankings, then the scores, then none. */
static WbTextTable *table_at(const Writing *w, guint i)
{
    if (i < w->tables->list->len)
        return wb_rank_text_table(w->tables, i, w->ascii);
    return i == w->tables->list->len && w->scores ? wb_rank_text_scores(w->tables, w->scores)
                                                  : NULL;
}

static void render_text(const Writing *w, GString *out)
{
    WbTextTable *table;

    for (guint i = 0; (table = table_at(w, i)); i++) {

        g_string_append_printf(out, "%s%s\n\n", i ? "\n" : "", table->caption);
        wb_text_append_table(table, w->color, w->columns, out);
        for (guint n = 0; n < table->notes->len; n++)
            g_string_append_printf(out, "%s* %s\n", n ? "" : "\n",
                                   (const char *)g_ptr_array_index(table->notes, n));
        wb_text_table_free(table);
    }
}

static void render_markdown(const Writing *w, GString *out)
{
    WbTextTable *table;

    for (guint i = 0; (table = table_at(w, i)); i++) {

        if (i)
            g_string_append_c(out, '\n');
        wb_markdown_append(out, table->caption);
        g_string_append(out, "\n\n");
        wb_markdown_append_table(table, out);
        for (guint n = 0; n < table->notes->len; n++) {
            g_string_append(out, n ? "- " : "\n- ");
            wb_markdown_append(out, g_ptr_array_index(table->notes, n));
            g_string_append_c(out, '\n');
        }
        wb_text_table_free(table);
    }
}

static void render_json(const Writing *w, GString *out)
{
    g_autofree char *text = wb_rank_json(w->tables, w->scores);

    g_string_append(out, text);
}

static void render_tsv(const Writing *w, GString *out)
{
    g_autofree char *text = wb_rank_tsv(w->tables);

    g_string_append(out, text);
}

typedef struct {
    WbChoice choice;
    void (*render)(const Writing *w, GString *out);
} Format;

static const Format formats[] = {
    {{"text", ".txt", NULL}, render_text},
    {{"md", ".md", NULL}, render_markdown},
    {{"json", ".json", NULL}, render_json},
    {{"tsv", ".tsv", NULL}, render_tsv},
};

int wb_report_cmd_rank(int argc, char **argv, GError **error)
{
    g_autoptr(GOptionContext) context =
        g_option_context_new("- cases in order, and which are neck and neck");
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *format = NULL;
    g_autofree char *path = NULL;
    g_autofree char *color = NULL;
    gboolean ascii = FALSE;
    g_auto(WbRankTables) tables;
    g_autoptr(GArray) scores = NULL;
    Writing w = {.tables = &tables};
    const Format *chosen;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_FILENAME, &format, "text (default), md, json or tsv",
         "FORMAT"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Write to a file, whole or not at all",
         "FILE"},
        {"ascii", 0, 0, G_OPTION_ARG_NONE, &ascii, "No signs beyond ASCII", NULL},
        {"color", 0, 0, G_OPTION_ARG_FILENAME, &color, "auto, always or never", "WHEN"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    wb_rank_tables_init(&tables);
    g_option_context_set_description(context, help);
    wb_rank_tables_add_options(&tables, context);
    wb_rank_tables_add_order_options(&tables, context);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error) ||
        !wb_query_check_end(argc, argv, error) ||
        !(chosen = wb_choice_find(WB_CHOICES(formats), "--format", format, path, error)) ||
        !wb_output_color(color, path, &w.color, error) || !wb_rank_tables_load(&tables, error))
        return 2;
    if (tables.score && !(scores = wb_rank_scores(&tables, tables.weights, error)))
        return 2;
    w.scores = scores;
    w.ascii = ascii;
    w.columns = wb_output_columns(path);
    chosen->render(&w, out);
    return wb_output_write(path, out, error) ? 0 : 2;
}
