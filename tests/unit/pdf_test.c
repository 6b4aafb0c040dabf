/*
 * PDF: what stands on which page, read back by poppler's pdftotext.
 */
#include "report/pdf.h"

#include <glib/gstdio.h>
#include <string.h>

#include "report/fonts.h"
#include "report/pdf_pen.h"

static WbPaper *new_paper(void)
{
    return wb_paper_new("A title", "The result in a sentence.");
}

/* What pdftotext says of it, with -layout or -bbox. */
static char *text_of(const WbPaper *paper, const WbPdfOptions *options, char *how)
{
    g_autoptr(GString) pdf = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *lacking = NULL, *path = NULL;
    int fd = g_file_open_tmp("wrkbook-pdf-XXXXXX", &path, NULL);
    char *argv[] = {"pdftotext", "-q", how, path, "-", NULL};
    char *text;

    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(wb_pdf_render(paper, options, pdf, &lacking, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(path, pdf->str, (gssize)pdf->len, NULL));
    g_assert_true(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, &error));
    g_assert_no_error(error);
    g_unlink(path);
    return text;
}

/* Its pages as text, each a string; the words of a line in the order of the page. */
static char **pages_of(const WbPaper *paper, const WbPdfOptions *options)
{
    g_autofree char *text = text_of(paper, options, "-layout");
    char **pages = g_strsplit(text, "\f", -1);

    if (g_strv_length(pages)) { /* behind the last form feed there is nothing */
        char **last = &pages[g_strv_length(pages) - 1];

        g_clear_pointer(last, g_free);
    }
    return pages;
}

static WbTextTable *new_table(const char *caption, size_t rows, size_t columns)
{
    g_auto(GStrv) heads = g_new0(char *, columns + 1);
    WbTextTable *table;

    for (size_t c = 0; c < columns; c++)
        heads[c] = g_strdup_printf("head%" G_GSIZE_FORMAT, c);
    table = wb_text_table_new(g_strdup(caption), (const char *const *)heads, columns, rows);
    for (size_t r = 0; r < rows; r++) {
        WbTextCell *cells = wb_text_table_add_row(table, g_strdup_printf("row%" G_GSIZE_FORMAT, r));

        for (size_t c = 0; c < columns; c++) {
            cells[c].kind = WB_CELL_VALUE;
            cells[c].text = g_strdup_printf("%" G_GSIZE_FORMAT ".%" G_GSIZE_FORMAT "k", r, c);
        }
    }
    return table;
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;

    while ((text = strstr(text, word))) {
        n++;
        text += strlen(word);
    }
    return n;
}

static void test_a_long_table_repeats_its_heading_on_each_page(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_auto(GStrv) pages = NULL;
    size_t rows = 0, pages_n;

    wb_paper_add_table(paper, "long", new_table("Everything", 200, 3));
    pages = pages_of(paper, &(WbPdfOptions){0});
    pages_n = g_strv_length(pages);
    g_assert_cmpuint(pages_n, >=, 4);
    g_assert_cmpuint(pages_n, <=, 5);
    for (size_t i = 0; i < pages_n; i++) {
        g_autofree char *number =
            /* pdftotext takes the blanks for kerning */
            g_strdup_printf("%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT "\n", i + 1, pages_n);

        g_assert_cmpuint(count(pages[i], "head2"), ==, 1);
        g_assert_cmpuint(count(pages[i], "Table 1. Everything"), ==, 1);
        g_assert_cmpuint(count(pages[i], "(continued)"), ==, i > 0);
        g_assert_cmpuint(count(pages[i], number), ==, 1);
        g_assert_cmpuint(count(pages[i], "A title"), ==, 1);
        rows += count(pages[i], "row");
    }
    g_assert_cmpuint(rows, ==, 200);
    g_assert_nonnull(strstr(pages[pages_n - 1], "199.2k"));
}

/* The last lines of a page but its foot, and the first below its head. */
static char *last_line(const char *page)
{
    g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
    const char *last = "", *before = "";

    for (size_t i = 0; lines[i]; i++) {
        if (!*g_strstrip(lines[i]))
            continue;
        before = last;
        last = lines[i];
    }
    return g_strdup(before); /* the last one is the foot */
}

/* Sections that begin at all heights of a page: each has something of its own below its heading. */
static void check_headings(bool letter)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_auto(GStrv) pages = NULL;
    size_t sections = 0;

    for (int section = 0; section < 80; section++) {
        g_autofree char *caption = g_strdup_printf("of %d", section);

        for (int i = 0; i < section % 7; i++)
            wb_paper_add_text(paper, "A filling line.");
        wb_paper_add_heading(paper, 1, "Section");
        wb_paper_add_heading(paper, 2, "Part");
        wb_paper_add_table(paper, "t", new_table(caption, 5 + (size_t)section % 40, 4));
    }
    pages = pages_of(paper, &(WbPdfOptions){.letter = letter});
    g_assert_cmpuint(g_strv_length(pages), >=, 40);
    for (size_t i = 0; pages[i]; i++) {
        g_autofree char *last = last_line(pages[i]);
        const char *at = pages[i];

        /* (of so many headings the contents list sections only) */
        g_assert_cmpuint(count(pages[i], "Part"), <=, count(pages[i], "Section"));
        g_assert_null(strstr(last, "Part"));
        g_assert_null(strstr(last, "Table"));
        g_assert_null(strstr(last, "head0"));
        while ((at = strstr(at, "Part"))) {
            const char *next = strstr(++at, "Part"), *row = strstr(at, "row3 ");

            g_assert_true(row && (!next || row < next));
            sections++;
        }
    }
    g_assert_cmpuint(sections, ==, 80);
}

static void test_no_heading_stands_alone_at_the_foot_of_a_page(void)
{
    check_headings(false);
    check_headings(true);
}

/* Each heading is listed with the page that it is on. */
static void test_a_long_paper_has_contents_that_are_right(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_auto(GStrv) pages = NULL, lines = NULL;
    size_t found = 0;

    for (int section = 0; section < 12; section++) {
        g_autofree char *heading = g_strdup_printf("Section-%d-", section);

        wb_paper_add_heading(paper, 1 + section % 2, heading);
        wb_paper_add_table(paper, "t", new_table("Of it", 20, 3));
    }
    pages = pages_of(paper, &(WbPdfOptions){0});
    lines = g_strsplit(pages[0], "\n", -1);
    for (size_t i = 0; lines[i] && found < 12; i++) {
        g_autofree char *heading = g_strdup_printf("Section-%" G_GSIZE_FORMAT "-", found);
        const char *at = strstr(lines[i], heading);
        int64_t page = at ? g_ascii_strtoll(at + strlen(heading), NULL, 10) : 0;

        if (!at)
            continue;
        g_assert_cmpint(page, >=, 1);
        g_assert_cmpint(page, <=, g_strv_length(pages));
        g_assert_cmpuint(count(pages[page - 1], heading), ==, page == 1 ? 2 : 1);
        found++;
    }
    g_assert_cmpuint(found, ==, 12);
}

/* A table of more columns than go onto a page: all cells are there, each block with row labels. */
static void test_a_wide_table_is_cut_into_blocks_of_columns(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_auto(GStrv) pages = NULL;
    g_autofree char *text = NULL;

    wb_paper_add_table(paper, "wide", new_table("Wide", 3, 60));
    pages = pages_of(paper, &(WbPdfOptions){0});
    text = g_strjoinv(" ", pages);
    for (int c = 0; c < 60; c++) {
        g_autofree char *cell = g_strdup_printf("2.%dk", c);

        g_assert_cmpuint(count(text, cell), ==, 1);
    }
    g_assert_cmpuint(count(text, "row2"), ==, count(text, "row0"));
    g_assert_cmpuint(count(text, "row2"), >=, 3);
    g_assert_cmpuint(count(text, "(continued)"), ==, count(text, "row2") - 1);
}

static void test_a_cell_of_a_thousand_words_stays_on_its_page(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_autoptr(GString) words = g_string_new(NULL);
    g_auto(GStrv) pages = NULL;
    WbTextTable *table = new_table("Words", 3, 2);

    for (int i = 0; i < 1000; i++)
        g_string_append_printf(words, "word%d ", i);
    g_free(table->cells[3].text);
    table->cells[3].text = g_strdup(words->str);
    table->words_from = 1;
    wb_paper_add_table(paper, "words", table);
    pages = pages_of(paper, &(WbPdfOptions){0});
    g_assert_cmpuint(g_strv_length(pages), <=, 2);
    g_assert_nonnull(strstr(pages[g_strv_length(pages) - 1], "row2"));
    g_assert_nonnull(strstr(pages[0], "word1 "));
}

/* ---- margins: papers of all kinds of blocks with all kinds of words ---- */

static char *random_words(GRand *rand)
{
    static const char *const words[] = {"a",
                                        "gunicorn",
                                        "19.41k ± 0.31k",
                                        "--worker-class=gevent",
                                        "ベンチ",
                                        "e\xcc\x81",
                                        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"};
    GString *text = g_string_new(NULL);

    for (int n = g_rand_int_range(rand, 1, 5) * g_rand_int_range(rand, 1, 5); n > 0; n--)
        g_string_append_printf(text, "%s%s", words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))],
                               g_rand_boolean(rand) ? " " : "");
    return g_string_free(text, FALSE);
}

static WbTextTable *random_table(GRand *rand)
{
    size_t rows = (size_t)g_rand_int_range(rand, 0, 60);
    size_t columns = (size_t)g_rand_int_range(rand, 1, 14);
    g_autofree char *caption = random_words(rand);
    WbTextTable *table = new_table(caption, rows, columns);

    table->words_from = (size_t)g_rand_int_range(rand, 0, 14);
    for (int n = g_rand_int_range(rand, 0, 20); n > 0 && rows; n--) {
        size_t i = (size_t)g_rand_int_range(rand, 0, (int)(rows * columns));

        g_free(table->cells[i].text);
        table->cells[i].text = g_rand_boolean(rand) ? random_words(rand) : NULL;
        table->cells[i].kind = WB_CELL_ERRORS;
    }
    if (rows && g_rand_boolean(rand)) {
        g_free(table->stubs->pdata[0]);
        table->stubs->pdata[0] = random_words(rand);
        g_ptr_array_add(table->notes, random_words(rand));
    }
    return table;
}

static GPtrArray *random_items(GRand *rand)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);

    for (int n = 2 * g_rand_int_range(rand, 1, 5); n > 0; n--)
        g_ptr_array_add(items, random_words(rand));
    return items;
}

static WbPaper *random_paper(GRand *rand)
{
    g_autofree char *title = random_words(rand), *result = random_words(rand);
    WbPaper *paper = wb_paper_new(title, result);

    for (int n = g_rand_int_range(rand, 1, 40); n > 0; n--) {
        g_autofree char *words = random_words(rand);

        switch (g_rand_int_range(rand, 0, 6)) {
        case 0:
            wb_paper_add_heading(paper, g_rand_int_range(rand, 1, 3), words);
            break;
        case 1:
            wb_paper_add_text(paper, words);
            break;
        case 2:
            wb_paper_add_facts(paper, random_items(rand));
            break;
        case 3:
            wb_paper_add_list(paper, random_items(rand));
            break;
        case 4:
            wb_paper_add_code(paper, words);
            break;
        default:
            wb_paper_add_table(paper, words, random_table(rand));
        }
    }
    return paper;
}

/* The number behind NAME=" in a line of -bbox. */
static double number_of(const char *line, const char *name)
{
    const char *at = strstr(line, name);

    return at ? g_ascii_strtod(at + strlen(name), NULL) : 0;
}

static void check_margins(const char *boxes)
{
    g_auto(GStrv) lines = g_strsplit(boxes, "\n", -1);
    double width = 0, height = 0;
    size_t words = 0;

    for (size_t i = 0; lines[i]; i++) {
        if (strstr(lines[i], "<page ")) {
            width = number_of(lines[i], "width=\"");
            height = number_of(lines[i], "height=\"");
        }
        if (!strstr(lines[i], "<word "))
            continue;
        words++;
        g_assert_cmpfloat(number_of(lines[i], "xMin=\""), >=, 47);
        g_assert_cmpfloat(number_of(lines[i], "xMax=\""), <=, width - 47);
        g_assert_cmpfloat(number_of(lines[i], "yMin=\""), >=, 24);
        g_assert_cmpfloat(number_of(lines[i], "yMax=\""), <=, height - 34);
    }
    g_assert_cmpuint(words, >, 0);
}

static void test_nothing_leaves_the_margins(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20180605);

    for (int i = 0; i < 8; i++) {
        g_autoptr(WbPaper) paper = random_paper(rand);
        g_autofree char *boxes = text_of(paper, &(WbPdfOptions){.letter = i % 2}, "-bbox");

        check_margins(boxes);
    }
}

static void test_the_same_paper_gives_the_same_bytes(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_autoptr(GString) one = g_string_new(NULL), two = g_string_new(NULL);
    g_autofree char *lacking = NULL, *lacking_two = NULL;

    wb_paper_add_heading(paper, 1, "Section");
    wb_paper_add_code(paper, "gunicorn --workers 3");
    wb_paper_add_table(paper, "t", new_table("T", 100, 5));
    g_assert_true(wb_pdf_render(paper, &(WbPdfOptions){0}, one, &lacking, NULL));
    g_assert_true(wb_pdf_render(paper, &(WbPdfOptions){0}, two, &lacking_two, NULL));
    g_assert_cmpmem(one->str, one->len, two->str, two->len);
    g_assert_null(g_strstr_len(one->str, (gssize)one->len, "/CreationDate"));
    g_assert_null(g_strstr_len(one->str, (gssize)one->len, "/ID"));
}

static void test_what_the_font_lacks_is_replaced_and_named_once(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *lacking = NULL;
    g_auto(GStrv) pages = NULL;

    wb_paper_add_text(paper, "ベンチ and ベ again, Ελλάς, Кириллица and 😀.");
    g_assert_true(wb_pdf_render(paper, &(WbPdfOptions){0}, out, &lacking, NULL));
    g_assert_cmpstr(lacking, ==, "ベンチ😀");
    pages = pages_of(paper, &(WbPdfOptions){0});
    g_assert_nonnull(strstr(pages[0], "Ελλάς, Кириллица and \xef\xbf\xbd."));
}

/* Without a width they stay on one line, and are more bytes than libharu takes. */
static void test_fifty_thousand_accents_are_no_error(void)
{
    g_autoptr(GString) accents = g_string_new("x");
    g_autoptr(WbPaper) paper = NULL;
    g_auto(GStrv) pages = NULL;

    for (int i = 0; i < 50000; i++)
        g_string_append(accents, "\xcc\x81");
    paper = wb_paper_new(accents->str, "");
    wb_paper_add_heading(paper, 1, accents->str);
    wb_paper_add_text(paper, accents->str);
    wb_paper_add_text(paper, "Behind them.");
    pages = pages_of(paper, &(WbPdfOptions){0});
    g_assert_nonnull(strstr(pages[0], "Behind them."));
}

static void test_a_font_that_is_not_there_is_refused(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_autoptr(GString) out = g_string_new("kept");
    g_autoptr(GError) error = NULL;
    char *lacking = NULL;

    g_assert_false(
        wb_pdf_render(paper, &(WbPdfOptions){.family = "No Such Font"}, out, &lacking, &error));
    g_assert_error(error, WB_FONT_ERROR, WB_FONT_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "No Such Font"));
    g_assert_cmpstr(out->str, ==, "kept");
}

/* What a wrong drawing could ask for ends as an error, not as a page that no reader opens. */
static void test_a_coordinate_that_is_no_number_is_an_error(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    WbDrawing *drawing = wb_drawing_new(720, 300, "t", "d");
    WbShape shape = {.kind = WB_SHAPE_RECT, .fill = 0xff0000, .stroke = WB_NO_COLOR, .w = 1};
    char *lacking = NULL;

    shape.h = 0.0 / 0.0;
    g_array_append_val(drawing->shapes, shape);
    wb_paper_add_chart(paper, "c", drawing, NULL);
    g_assert_false(wb_pdf_render(paper, &(WbPdfOptions){0}, out, &lacking, &error));
    g_assert_error(error, WB_PDF_PEN_ERROR, WB_PDF_PEN_ERROR_NUMBER);
    g_assert_cmpuint(out->len, ==, 0);
}

static WbDrawing *every_shape(double height)
{
    WbDrawing *drawing = wb_drawing_new(720, height, "t", "d");
    WbStep steps[] = {{WB_STEP_MOVE, 10, 10}, {WB_STEP_LINE, 90, 10}, {WB_STEP_CLOSE, 0, 0}};
    WbShape path = {.kind = WB_SHAPE_PATH,
                    .fill = WB_NO_COLOR,
                    .stroke = 0x0072b2,
                    .width = 1.5,
                    .dash = {4.4, 0.2},
                    .dash_n = 2,
                    .steps = g_array_new(FALSE, FALSE, sizeof(WbStep))};
    WbShape rect = {.kind = WB_SHAPE_RECT, .fill = 1, .stroke = 2, .x = 5, .w = 40, .h = 20};
    WbShape circle = {.kind = WB_SHAPE_CIRCLE, .fill = 3, .stroke = WB_NO_COLOR, .x = 9, .r = 4};
    WbShape text = {.kind = WB_SHAPE_TEXT,
                    .fill = 0x1f2328,
                    .stroke = WB_NO_COLOR,
                    .x = 360,
                    .y = 50,
                    .text = g_strdup("written in the chart"),
                    .size = 11,
                    .anchor = WB_ANCHOR_MIDDLE};

    g_array_append_vals(path.steps, steps, G_N_ELEMENTS(steps));
    g_array_append_val(drawing->shapes, path);
    g_array_append_val(drawing->shapes, rect);
    g_array_append_val(drawing->shapes, circle);
    g_array_append_val(drawing->shapes, text);
    return drawing;
}

static void test_a_chart_is_drawn_with_its_text_on_one_page(void)
{
    g_autoptr(WbPaper) paper = new_paper();
    g_auto(GStrv) pages = NULL;

    wb_paper_add_chart(paper, "one", every_shape(600), NULL);
    wb_paper_add_chart(paper, "two", every_shape(600), NULL);
    wb_paper_add_heading(paper, 1, "Above a high one");
    wb_paper_add_heading(paper, 2, "On its page");
    wb_paper_add_chart(paper, "high", every_shape(5000), NULL);
    wb_paper_add_chart(paper, "none", NULL, "No runs to draw.");
    pages = pages_of(paper, &(WbPdfOptions){0});
    g_assert_cmpuint(g_strv_length(pages), ==, 3);
    g_assert_nonnull(strstr(pages[2], "Above a high one"));
    g_assert_nonnull(strstr(pages[2], "On its page"));
    for (size_t i = 0; i < 3; i++)
        g_assert_cmpuint(count(pages[i], "written in the chart"), ==, 1);
    g_assert_nonnull(strstr(pages[2], "No runs to draw."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/pdf/table/continued", test_a_long_table_repeats_its_heading_on_each_page);
    g_test_add_func("/pdf/table/blocks", test_a_wide_table_is_cut_into_blocks_of_columns);
    g_test_add_func("/pdf/table/words", test_a_cell_of_a_thousand_words_stays_on_its_page);
    g_test_add_func("/pdf/heading", test_no_heading_stands_alone_at_the_foot_of_a_page);
    g_test_add_func("/pdf/contents", test_a_long_paper_has_contents_that_are_right);
    g_test_add_func("/pdf/margins", test_nothing_leaves_the_margins);
    g_test_add_func("/pdf/same-bytes", test_the_same_paper_gives_the_same_bytes);
    g_test_add_func("/pdf/font/lacking", test_what_the_font_lacks_is_replaced_and_named_once);
    g_test_add_func("/pdf/long-text", test_fifty_thousand_accents_are_no_error);
    g_test_add_func("/pdf/font/missing", test_a_font_that_is_not_there_is_refused);
    g_test_add_func("/pdf/chart/number", test_a_coordinate_that_is_no_number_is_an_error);
    g_test_add_func("/pdf/chart/page", test_a_chart_is_drawn_with_its_text_on_one_page);
    return g_test_run();
}
