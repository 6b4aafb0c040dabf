/*
 * Columns: texts are measured once, in em; all attempts to fit them are arithmetic on that.
 */
#include "report/pdf_columns.h"

#include <string.h>

/* All in em of the table's type. */
#define GAP         1.3  /* between columns, at least */
#define STUB_MOST   0.38 /* of the page's width: row labels beyond are broken into lines */
#define HEAD_MOST   11.0 /* a heading beyond is broken into lines, if need be */
#define FIGURE_MOST 26.0 /* and so is a figure; none of ours is that long */
#define WORDS_LEAST 11.0 /* a column of words gets so much, if it is as wide */
#define SPREAD_MOST 5.0  /* what a column of figures is moved to the right beside words */

typedef struct {
    size_t n;
    double stub;
    double *heads, *cells; /* [n] as they are */
    bool *words;           /* [n] */
} Measured;

static const struct {
    double size;
    bool break_words;
} attempts[] = {{WB_PDF_TYPE_TABLE, false},
                {7.5, false},
                {WB_PDF_TYPE_TABLE, true},
                {7.5, true},
                {7, true},
                {6.5, true},
                {WB_PDF_TYPE_LEAST, true}};
#define BLOCKS_SIZE 7.0

bool wb_pdf_columns_words(const WbTextTable *table, size_t c)
{
    return table->words_from && c >= table->words_from;
}

static double measure(WbPdfPen *pen, WbPdfFace face, const char *text)
{
    const WbPdfType em = {face, 1, 0};

    return text ? wb_pdf_pen_text_width(pen, &em, text, strlen(text)) : 0;
}

static void measure_table(WbPdfPen *pen, const WbTextTable *table, Measured *m)
{
    m->n = table->heads->len;
    m->stub = measure(pen, WB_PDF_BOLD, table->stub_head);
    m->heads = g_new0(double, MAX(1, m->n));
    m->cells = g_new0(double, MAX(1, m->n));
    m->words = g_new0(bool, MAX(1, m->n));
    for (size_t c = 0; c < m->n; c++) {
        m->heads[c] = measure(pen, WB_PDF_BOLD, g_ptr_array_index(table->heads, c));
        m->words[c] = wb_pdf_columns_words(table, c);
    }
    for (guint r = 0; r < table->stubs->len; r++) {
        m->stub = MAX(m->stub, measure(pen, WB_PDF_REGULAR, g_ptr_array_index(table->stubs, r)));
        for (size_t c = 0; c < m->n; c++) {
            const WbTextCell *cell = wb_text_cell(table, r, c);
            WbPdfFace face = table->bold_best && cell->best ? WB_PDF_BOLD : WB_PDF_REGULAR;

            m->cells[c] = MAX(m->cells[c], measure(pen, face, cell->text));
        }
    }
}

/* Widths as they are, or with what may be broken into lines narrowed; in em. */
static double width_of(const Measured *m, size_t c, bool narrow)
{
    double most = m->words[c] ? WORDS_LEAST : FIGURE_MOST;

    if (!narrow)
        return MAX(m->heads[c], m->cells[c]);
    return MAX(MIN(m->cells[c], most), MIN(m->heads[c], HEAD_MOST));
}

static double sum_of(const Measured *m, size_t first, size_t end, bool narrow)
{
    double sum = 0;

    for (size_t c = first; c < end; c++)
        sum += GAP + width_of(m, c, narrow);
    return sum;
}

/* The columns of words share, each by what it lacks, what the narrow ones leave. */
static void widen_words(const Measured *m, WbPdfColumnBlock *block, double room)
{
    double lack = 0, share;

    for (size_t c = block->first; c < block->end; c++)
        lack += width_of(m, c, false) - width_of(m, c, true);
    share = lack > 0 ? MIN(1, room / lack) : 0;
    for (size_t c = block->first; c < block->end; c++)
        block->widths[c - block->first] += share * (width_of(m, c, false) - width_of(m, c, true));
}

/* Where columns begin: what no column needs moves columns of figures apart; beside words only so
 * far, since words keep what is right of them. */
static void place_columns(const Measured *m, WbPdfColumnBlock *block, double width)
{
    double room = width - block->stub, at = block->stub, extra;
    size_t figures = 0;

    for (size_t c = block->first; c < block->end; c++) {
        room -= GAP + block->widths[c - block->first];
        figures += !m->words[c];
    }
    extra = figures ? MAX(0, room) / (double)figures : 0;
    if (figures < block->end - block->first)
        extra = MIN(extra, SPREAD_MOST);
    for (size_t c = block->first; c < block->end; c++) {
        at += GAP + (m->words[c] ? 0 : extra);
        block->lefts[c - block->first] = at;
        at += block->widths[c - block->first];
    }
}

static void add_block(WbPdfColumns *columns, const Measured *m, size_t first, size_t end,
                      double stub, double width, bool narrow)
{
    WbPdfColumnBlock block = {.first = first, .end = end, .stub = stub};
    size_t n = end - first;

    block.widths = g_new0(double, MAX(1, n));
    block.lefts = g_new0(double, MAX(1, n));
    for (size_t c = first; c < end; c++)
        block.widths[c - first] = width_of(m, c, narrow);
    if (narrow)
        widen_words(m, &block, width - stub - sum_of(m, first, end, true));
    place_columns(m, &block, width);
    for (size_t i = 0; i < n; i++) {
        block.widths[i] *= columns->size;
        block.lefts[i] *= columns->size;
    }
    block.stub *= columns->size;
    g_array_append_val(columns->blocks, block);
}

static bool try_one_block(WbPdfColumns *columns, const Measured *m, double size, bool narrow,
                          double page)
{
    double width = page / size;
    double stub = MIN(m->stub, STUB_MOST * width);

    if (!narrow && m->stub > stub)
        return false;
    if (stub + sum_of(m, 0, m->n, narrow) > width)
        return false;
    columns->size = size;
    add_block(columns, m, 0, m->n, stub, width, narrow);
    return true;
}

static void cut_into_blocks(WbPdfColumns *columns, const Measured *m, double page)
{
    double width = page / BLOCKS_SIZE;
    double stub = MIN(m->stub, STUB_MOST * width);

    columns->size = BLOCKS_SIZE;
    for (size_t first = 0, end; first < m->n; first = end) {
        end = first + 1;
        while (end < m->n && stub + sum_of(m, first, end + 1, true) <= width)
            end++;
        add_block(columns, m, first, end, stub, width, true);
    }
}

static void clear_block(gpointer data)
{
    WbPdfColumnBlock *block = data;

    g_free(block->widths);
    g_free(block->lefts);
}

WbPdfColumns *wb_pdf_columns_plan(WbPdfPen *pen, const WbTextTable *table, double width)
{
    WbPdfColumns *columns = g_new0(WbPdfColumns, 1);
    Measured m = {0};
    bool done = false;

    columns->blocks = g_array_new(FALSE, FALSE, sizeof(WbPdfColumnBlock));
    g_array_set_clear_func(columns->blocks, clear_block);
    measure_table(pen, table, &m);
    for (size_t i = 0; i < G_N_ELEMENTS(attempts) && !done; i++)
        done = try_one_block(columns, &m, attempts[i].size, attempts[i].break_words, width);
    if (!done)
        cut_into_blocks(columns, &m, width);
    g_free(m.heads);
    g_free(m.cells);
    g_free(m.words);
    return columns;
}

void wb_pdf_columns_free(WbPdfColumns *columns)
{
    if (!columns)
        return;
    g_array_unref(columns->blocks);
    g_free(columns);
}

const WbPdfColumnBlock *wb_pdf_columns_block(const WbPdfColumns *columns, size_t i)
{
    return &g_array_index(columns->blocks, WbPdfColumnBlock, i);
}
