/*
 * Speed of the PDF: one table of 100,000 rows and five columns, against the time that the same
 * cells take as text for a terminal. Must stay under 10 s and 150 MiB (REPORTS.md section 7).
 */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "report/pdf.h"
#include "report/text.h"

#define ROWS    100000
#define COLUMNS 5

static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static WbTextTable *make_table(void)
{
    static const char *const heads[COLUMNS] = {"best", "median", "min - max", "cv", "errors"};
    WbTextTable *table = wb_text_table_new(g_strdup("Each case"), heads, COLUMNS, ROWS);

    for (int r = 0; r < ROWS; r++) {
        WbTextCell *cells =
            wb_text_table_add_row(table, g_strdup_printf("server%d/framework%d", r / 100, r % 100));

        for (int c = 0; c < COLUMNS; c++) {
            cells[c].kind = WB_CELL_VALUE;
            cells[c].text = g_strdup_printf("%d.%02dk", (r * 7 + c) % 999, (r + c) % 100);
        }
    }
    return table;
}

int main(void)
{
    g_autoptr(WbPaper) paper = wb_paper_new("100,000 rows", "");
    g_autoptr(GString) pdf = g_string_new(NULL), text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *lacking = NULL;
    double start, as_text, as_pdf;
    struct rusage usage;

    wb_paper_add_table(paper, "rows", make_table());
    wb_text_append_table(wb_paper_block(paper, 0)->table, false, 0, text);
    g_string_truncate(text, 0);
    start = cpu_seconds();
    wb_text_append_table(wb_paper_block(paper, 0)->table, false, 0, text);
    as_text = cpu_seconds() - start;
    start = cpu_seconds();
    if (!wb_pdf_render(paper, &(WbPdfOptions){0}, pdf, &lacking, &error)) {
        fprintf(stderr, "pdf_bench: %s\n", error->message);
        return 1;
    }
    as_pdf = cpu_seconds() - start;
    getrusage(RUSAGE_SELF, &usage);
    printf(
        "%d rows: %.2f s CPU (must be 10), %.0f MiB at most (150), file %.1f MB; as text %.2f s, "
        "1 : %.0f\n",
        ROWS, as_pdf, (double)usage.ru_maxrss / 1024, (double)pdf->len / 1e6, as_text,
        as_pdf / as_text);
    return 0;
}
