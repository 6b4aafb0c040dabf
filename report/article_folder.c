/*
 * Article folder: see article_folder.h. It is filled under another name beside the place where it
 * goes, and renamed when it is whole.
 */
#include "report/article_folder.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/formats.h"
#include "report/output.h"
#include "report/paper_markdown.h"
#include "report/svg.h"

#define DATA   "data.db"
#define OLD    "old.db"
#define TABLES "tables"
#define CHARTS "charts"
#define ALL    "all" /* the CSV of every case */

G_DEFINE_QUARK(wb - article - error - quark, wb_article_error)

static bool refuse(const char *dir, const char *why, GError **error)
{
    g_set_error(error, WB_ARTICLE_ERROR, WB_ARTICLE_ERROR_FOLDER, "cannot write folder '%s': %s",
                dir, why);
    return false;
}

bool wb_article_check_folder(const char *dir, GError **error)
{
    g_autoptr(GDir) open = NULL;

    if (!g_file_test(dir, G_FILE_TEST_EXISTS))
        return true;
    open = g_dir_open(dir, 0, NULL);
    if (!open)
        return refuse(dir, "it is there, and no folder that can be read", error);
    if (g_dir_read_name(open))
        return refuse(dir, "it is not empty; name another one, or remove it first", error);
    return true;
}

/* ---- the README ----------------------------------------------------------------------------- */

static void append_option(GString *out, const char *option, const char *value)
{
    g_autofree char *quoted = value ? g_shell_quote(value) : NULL;

    if (value)
        g_string_append_printf(out, " %s %s", option, quoted);
}

/* The one command, with the options that made the folder. */
static void append_command(const WbStory *story, GString *out)
{
    const WbQuery *query = &story->query;

    g_string_append(out, "wrkbook article --db " DATA " -o again");
    if (story->old)
        g_string_append(out, " --old " OLD);
    append_option(out, "--title", story->title);
    for (size_t i = 0; query->where && query->where[i]; i++)
        append_option(out, "--where", query->where[i]);
    append_option(out, "--window", query->window);
    append_option(out, "--skip-first", query->skip_first);
    if (query->steady)
        g_string_append(out, " --steady");
    append_option(out, "--unit", query->unit);
    append_option(out, "--rows", query->rows);
    append_option(out, "--cols", query->cols);
    append_option(out, "--tables", query->tables);
    append_option(out, "--split", query->split);
    append_option(out, "--sort", query->sort);
    if (story->no_charts)
        g_string_append(out, " --no-charts");
}

static bool has_kind(const WbPaper *paper, WbBlockKind kind)
{
    for (guint i = 0; i < paper->blocks->len; i++) {
        const WbBlock *block = wb_paper_block(paper, i);

        if (block->kind == kind && (kind != WB_BLOCK_CHART || block->drawing))
            return true;
    }
    return false;
}

static GString *readme(const WbStory *story, const WbPaper *paper)
{
    GString *out = g_string_new(NULL);

    g_string_append_printf(out, "%s\n\nWritten by %s.\n\n", paper->title, paper->creator);
    g_string_append(out, "article.md  the article\n");
    if (has_kind(paper, WB_BLOCK_TABLE))
        g_string_append(out,
                        TABLES "/     its tables as CSV and LaTeX (booktabs); " ALL ".csv: every "
                               "case, exact figures in base units\n");
    if (has_kind(paper, WB_BLOCK_CHART))
        g_string_append(out, CHARTS "/     its charts, as SVG and PNG\n");
    g_string_append(out,
                    DATA "     every run that it rests on (SQLite; the view run_facts has a row "
                         "a run)\n");
    if (story->old)
        g_string_append(out, OLD "      the older runs that it compares with\n");
    g_string_append(out, "\nTo make it again from the data, byte for byte, in this folder:\n\n  ");
    append_command(story, out);
    g_string_append(out, "\n  diff -r --exclude=again . again\n");
    if (has_kind(paper, WB_BLOCK_CHART))
        g_string_append(out, "\nThe bytes of charts also depend on the versions of gnuplot and of "
                             "the fonts.\n");
    return out;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool write_file(const char *dir, const char *folder, const char *name, const char *suffix,
                       const GString *text, GError **error)
{
    g_autofree char *file = g_strconcat(name, suffix, NULL);
    g_autofree char *path = g_build_filename(dir, folder, file, NULL);

    return wb_output_write(path, text, error);
}

static bool write_table(const char *dir, const WbBlock *block, GError **error)
{
    g_autoptr(GString) csv = g_string_new(NULL);
    g_autoptr(GString) latex = g_string_new(NULL);

    wb_csv_append_table(csv, block->table);
    wb_latex_append_table(latex, block->table);
    return write_file(dir, TABLES, block->name, ".csv", csv, error) &&
           write_file(dir, TABLES, block->name, ".tex", latex, error);
}

static bool make_folder(const char *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);

    return g_mkdir(path, 0777) == 0 || refuse(path, g_strerror(errno), error);
}

/* What the tables round, and words stand for: a row a case, as `table --format csv` has it. */
static bool write_cases(const WbStory *story, const char *dir, GError **error)
{
    g_autoptr(GPtrArray) measures =
        wb_measures_parse("best,median,mean,range,cv,errors,p50,p90,p99", error);
    WbQuery split = story->query; /* borrows everything */
    const WbReport report = {.query = &split, .measures = measures};
    g_autoptr(GString) csv = g_string_new(NULL);

    split.by_split = true; /* figures of cases with errors, too, told apart */
    return measures && wb_render_csv(&report, csv, error) &&
           write_file(dir, TABLES, ALL, ".csv", csv, error);
}

static bool write_tables(const WbStory *story, const WbPaper *paper, const char *dir,
                         GError **error)
{
    if (!has_kind(paper, WB_BLOCK_TABLE))
        return true;
    if (!make_folder(dir, TABLES, error) || !write_cases(story, dir, error))
        return false;
    for (guint i = 0; i < paper->blocks->len; i++)
        if (wb_paper_block(paper, i)->kind == WB_BLOCK_TABLE &&
            !write_table(dir, wb_paper_block(paper, i), error))
            return false;
    return true;
}

static bool write_chart(const char *dir, const WbBlock *block, GError **error)
{
    g_autoptr(GString) svg = g_string_new(NULL);
    g_autoptr(GString) png =
        g_string_new_len(g_bytes_get_data(block->png, NULL), (gssize)g_bytes_get_size(block->png));

    wb_svg_append_file(svg, block->drawing);
    return write_file(dir, CHARTS, block->name, ".svg", svg, error) &&
           write_file(dir, CHARTS, block->name, ".png", png, error);
}

static bool write_charts(const WbPaper *paper, const char *dir, GError **error)
{
    if (!has_kind(paper, WB_BLOCK_CHART))
        return true;
    if (!make_folder(dir, CHARTS, error))
        return false;
    for (guint i = 0; i < paper->blocks->len; i++) {
        const WbBlock *block = wb_paper_block(paper, i);

        if (block->kind == WB_BLOCK_CHART && block->drawing && !write_chart(dir, block, error))
            return false;
    }
    return true;
}

static bool write_data(const WbStory *story, const char *dir, GError **error)
{
    g_autofree char *data = g_build_filename(dir, DATA, NULL);
    g_autofree char *old = g_build_filename(dir, OLD, NULL);
    const WbSide *side = story->old ? story->comparison.old : NULL;

    return wb_store_copy(story->query.store, story->query.set, data, error) &&
           (!side || wb_store_copy(side->store, side->set, old, error));
}

static bool fill(const WbStory *story, const WbPaper *paper, const char *dir, GError **error)
{
    g_autoptr(GString) article = g_string_new(NULL);
    g_autoptr(GString) about = readme(story, paper);

    wb_paper_markdown_append(paper, CHARTS, article);
    return write_file(dir, "", "article", ".md", article, error) &&
           write_file(dir, "", "README", "", about, error) &&
           write_tables(story, paper, dir, error) && write_charts(paper, dir, error) &&
           write_data(story, dir, error);
}

/* ---- the folder ----------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* As any folder that this user makes, not as a secret one. */
static void open_up(const char *dir)
{
    mode_t mask = umask(0);

    umask(mask);
    chmod(dir, 0777 & ~mask);
}

bool wb_article_write(const WbStory *story, const WbPaper *paper, const char *dir, GError **error)
{
    g_autofree char *plain = g_strdup(dir);
    g_autofree char *making = NULL;

    while (strlen(plain) > 1 && g_str_has_suffix(plain, "/"))
        plain[strlen(plain) - 1] = '\0';
    making = g_strconcat(plain, ".unfinished.XXXXXX", NULL);
    if (!wb_article_check_folder(plain, error))
        return false;
    if (!g_mkdtemp(making))
        return refuse(plain, g_strerror(errno), error);
    if (fill(story, paper, making, error)) {
        open_up(making);
        if (g_rename(making, plain) == 0)
            return true;
        refuse(plain, g_strerror(errno), error);
    }
    remove_folder(making);
    return false;
}
