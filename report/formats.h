/*
 * Formats: the list of ways to write a table. A new format is one file that defines its render
 * function, and one line in formats.c.
 */
#ifndef WB_REPORT_FORMATS_H
#define WB_REPORT_FORMATS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "analyze/grid.h"
#include "analyze/query.h"
#include "report/choice.h"
#include "report/table.h"

/* What is rendered, and how. All borrowed. */
typedef struct {
    const WbQuery *query;
    const WbGrid *grid; /* NULL for long formats unless `wide` */
    const GPtrArray *measures;
    bool ascii;
    bool color;
    bool wide;                /* csv, tsv, json: the table's own shape */
    bool means;               /* a last row: the geometric mean of each column */
    bool csv_raw;             /* csv: no guard against spreadsheet formulas */
    const size_t *heading_at; /* article: byte offsets of the heading's words, or NULL */
    size_t heading_n;
    size_t columns;      /* text: of the terminal; 0: as wide as needed */
    bool bold_best;      /* md, html, latex, asciidoc, rst: the best figure of a column */
    const char *caption; /* latex: of the table, or NULL */
    const char *label;   /* latex: for \ref, or NULL */
    GPtrArray *unsaid;   /* of char *: takes what readers should know and the format cannot say */
} WbReport;

/** wb_report_tables: the tables of a report, worded for a document (of WbTextTable; caller's). */
GPtrArray *wb_report_tables(const WbReport *report);

typedef struct {
    WbChoice choice; /* for --format and -o */
    bool is_long;    /* one row a case unless `wide`: needs no grid */
    bool (*render)(const WbReport *report, GString *out, GError **error);
} WbFormat;

/** wb_formats: all of them, of WbFormat. The first of a suffix is the one that -o chooses. */
WbChoices wb_formats(void);

#define WB_FORMAT_ERROR (wb_format_error_quark())
GQuark wb_format_error_quark(void);
typedef enum {
    WB_FORMAT_ERROR_HEADING, /* --heading-at does not fit the table */
    WB_FORMAT_ERROR_LABEL,   /* --label is no name */
} WbFormatError;

bool wb_render_text(const WbReport *report, GString *out, GError **error);
bool wb_render_article(const WbReport *report, GString *out, GError **error);
bool wb_render_markdown(const WbReport *report, GString *out, GError **error);
bool wb_render_csv(const WbReport *report, GString *out, GError **error);
bool wb_render_tsv(const WbReport *report, GString *out, GError **error);
bool wb_render_json(const WbReport *report, GString *out, GError **error);
bool wb_render_html(const WbReport *report, GString *out, GError **error);
bool wb_render_latex(const WbReport *report, GString *out, GError **error);
bool wb_render_asciidoc(const WbReport *report, GString *out, GError **error);
bool wb_render_rst(const WbReport *report, GString *out, GError **error);

/* ---- escapes, each the rule of its format (REPORTS section 4); text is cleaned before ------- */

/** wb_markdown_append: foreign text as GFM shows it unchanged. */
void wb_markdown_append(GString *out, const char *text);

/** wb_html_append: as character data or in a quoted attribute. */
void wb_html_append(GString *out, const char *text);

/** wb_latex_append: as LaTeX sets it unchanged. */
void wb_latex_append(GString *out, const char *text);

/** wb_asciidoc_append: whatever is no letter, digit or blank as a character reference. */
void wb_asciidoc_append(GString *out, const char *text);

/** wb_rst_append: a backslash before all punctuation. */
void wb_rst_append(GString *out, const char *text);

/** wb_latex_append_table: one table as a `tabular`, its notes below, its caption as a comment. */
void wb_latex_append_table(GString *out, const WbTextTable *table);

/** wb_csv_append_table: one table in its own shape: exact figures in base units, else its words. */
void wb_csv_append_table(GString *out, const WbTextTable *table);

/** wb_csv_append: one field by RFC 4180; `raw` turns off the guard against formulas. */
void wb_csv_append(GString *out, const char *text, bool raw);

#endif
