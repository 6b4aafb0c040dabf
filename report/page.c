/* Page: see page.h. Style and script are the files of report/page, embedded by the Makefile. */
#include "report/page.h"

#include <string.h>

#include "report/formats.h"
#include "report/svg.h"

static const struct {
    const char *name;
    const char *text;
} files[] = {
#include "page_files.h"
};

static const char *file_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (!strcmp(files[i].name, name))
            return files[i].text;
    g_assert_not_reached();
}

/* 'sha256-...' of an inline style or script, as the content policy names it. */
static char *hash_of(const char *text)
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize len = sizeof digest;
    g_autofree char *base64 = NULL;

    g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
    g_checksum_get_digest(checksum, digest, &len);
    g_checksum_free(checksum);
    base64 = g_base64_encode(digest, len);
    return g_strdup_printf("'sha256-%s'", base64);
}

static void append_element(GString *out, const char *element, const char *text)
{
    g_string_append_printf(out, "<%s>", element);
    wb_html_append(out, text);
    g_string_append_printf(out, "</%s>\n", element);
}

/* ---- head ----------------------------------------------------------------------------------- */

static void append_head(const WbPaper *paper, bool live, GString *out)
{
    g_autoptr(GString) style = g_string_new(file_of("page.css"));
    g_autofree char *style_hash = NULL;
    g_autofree char *script_hash = hash_of(file_of("page.js"));

    wb_svg_append_styles(style);
    style_hash = hash_of(style->str);
    g_string_append_printf(
        out, "<!DOCTYPE html>\n<html lang=\"en\"%s>\n<head>\n<meta charset=\"utf-8\">\n",
        live ? " data-live=\"/events\"" : "");
    g_string_append_printf(out,
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                           "'none'; style-src %s; script-src %s;%s base-uri 'none'; form-action "
                           "'none'\">\n",
                           style_hash, script_hash, live ? " connect-src 'self';" : "");
    g_string_append(out, "<meta name=\"viewport\" content=\"width=device-width, "
                         "initial-scale=1\">\n<meta name=\"generator\" content=\"");
    wb_html_append(out, paper->creator);
    g_string_append(out, "\">\n");
    append_element(out, "title", paper->title);
    g_string_append_printf(out, "<style>%s</style>\n</head>\n", style->str);
}

static void append_contents(const WbPaper *paper, GString *out)
{
    g_string_append(out, "<nav aria-label=\"Contents\"><ul>\n");
    for (guint i = 0; i < paper->blocks->len; i++) {
        const WbBlock *block = wb_paper_block(paper, i);

        if (block->kind != WB_BLOCK_HEADING || block->level != 1)
            continue;
        g_string_append_printf(out, "<li><a href=\"#%s\">", block->anchor);
        wb_html_append(out, block->text);
        g_string_append(out, "</a></li>\n");
    }
    g_string_append(out, "</ul></nav>\n");
}

/* ---- blocks --------------------------------------------------------------------------------- */

static void append_heading(const WbBlock *block, GString *out)
{
    int level = block->level + 1;

    g_string_append_printf(out, "<h%d id=\"%s\">", level, block->anchor);
    wb_html_append(out, block->text);
    g_string_append_printf(out, "</h%d>\n", level);
}

static void append_facts(const GPtrArray *items, GString *out)
{
    g_string_append(out, "<dl>\n");
    for (guint i = 0; i + 1 < items->len; i += 2) {
        append_element(out, "dt", g_ptr_array_index(items, i));
        append_element(out, "dd", g_ptr_array_index(items, i + 1));
    }
    g_string_append(out, "</dl>\n");
}

static void append_list(const GPtrArray *items, const char *attributes, GString *out)
{
    if (items->len == 0)
        return;
    g_string_append_printf(out, "<ul%s>\n", attributes);
    for (guint i = 0; i < items->len; i++)
        append_element(out, "li", g_ptr_array_index(items, i));
    g_string_append(out, "</ul>\n");
}

static void append_cell(const WbTextTable *table, const WbTextCell *cell, size_t c, GString *out)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    bool words = table->words_from && c >= table->words_from;
    bool other = cell->kind == WB_CELL_NA || cell->kind == WB_CELL_BLANK;
    const char *kind = cell->kind == WB_CELL_ERRORS ? "e" : other ? "n" : cell->best ? "b" : "";

    g_string_append(out, "<td");
    if (words || *kind)
        g_string_append_printf(out, " class=\"%s%s%s\"", words ? "w" : "",
                               words && *kind ? " " : "", kind);
    if (cell->has_number)
        g_string_append_printf(out, " data-v=\"%s\"",
                               g_ascii_formatd(number, sizeof number, "%.17g", cell->number));
    g_string_append_c(out, '>');
    wb_html_append(out, cell->text);
    g_string_append(out, "</td>");
}

static void append_rows(const WbTextTable *table, GString *out)
{
    for (guint r = 0; r < table->stubs->len; r++) {
        g_string_append(out, "<tr><th scope=\"row\">");
        wb_html_append(out, g_ptr_array_index(table->stubs, r));
        g_string_append(out, "</th>");
        for (guint c = 0; c < table->heads->len; c++)
            append_cell(table, wb_text_cell(table, r, c), c, out);
        g_string_append(out, "</tr>\n");
    }
}

static void append_table(const WbBlock *block, GString *out)
{
    const WbTextTable *table = block->table;
    const char *caption = *table->caption ? table->caption : "Table";

    g_string_append_printf(out,
                           "<div class=\"table\" id=\"%s\"><div class=\"scroll\" tabindex=\"0\" "
                           "role=\"region\" aria-label=\"",
                           block->name);
    wb_html_append(out, caption);
    g_string_append(out, "\">\n<table>\n");
    append_element(out, "caption", caption);
    g_string_append(out, "<thead><tr><th scope=\"col\">");
    wb_html_append(out, *table->stub_head ? table->stub_head : "case");
    g_string_append(out, "</th>");
    for (guint c = 0; c < table->heads->len; c++) {
        const char *head = g_ptr_array_index(table->heads, c);
        bool words = table->words_from && c >= table->words_from;

        g_string_append_printf(out, "<th scope=\"col\"%s>", words ? " class=\"w\"" : "");
        wb_html_append(out, *head ? head : "strip");
        g_string_append(out, "</th>");
    }
    g_string_append(out, "</tr></thead>\n<tbody>\n");
    append_rows(table, out);
    g_string_append(out, "</tbody></table></div>\n");
    append_list(table->notes, " class=\"notes\"", out);
    g_string_append(out, "</div>\n");
}

static void append_chart(const WbBlock *block, GString *out)
{
    if (!block->drawing) {
        append_element(out, "p", block->text);
        return;
    }
    g_string_append(out, "<figure class=\"chart\">\n");
    wb_svg_append(out, block->drawing, block->name);
    g_string_append(out, "</figure>\n");
}

static void append_code(const char *text, GString *out)
{
    g_string_append(out, "<pre tabindex=\"0\"><code>");
    wb_html_append(out, text);
    g_string_append(out, "</code></pre>\n");
}

static void append_block(const WbBlock *block, GString *out)
{
    switch (block->kind) {
    case WB_BLOCK_HEADING:
        append_heading(block, out);
        return;
    case WB_BLOCK_TEXT:
        append_element(out, "p", block->text);
        return;
    case WB_BLOCK_FACTS:
        append_facts(block->items, out);
        return;
    case WB_BLOCK_LIST:
        append_list(block->items, "", out);
        return;
    case WB_BLOCK_CODE:
        append_code(block->text, out);
        return;
    case WB_BLOCK_TABLE:
        append_table(block, out);
        return;
    case WB_BLOCK_CHART:
        append_chart(block, out);
        return;
    }
}

/* The facts stand above the contents, all else below. */
void wb_page_append(const WbPaper *paper, bool live, GString *out)
{
    guint i = 0;

    append_head(paper, live, out);
    g_string_append(out, "<body>\n<header>\n<button type=\"button\" id=\"theme\" hidden>Light / "
                         "dark</button>\n");
    append_element(out, "h1", paper->title);
    g_string_append(out, "<p class=\"result\">");
    wb_html_append(out, paper->result);
    g_string_append(out, "</p>\n");
    for (; i < paper->blocks->len && wb_paper_block(paper, i)->kind != WB_BLOCK_HEADING; i++)
        append_block(wb_paper_block(paper, i), out);
    g_string_append(out, "</header>\n");
    append_contents(paper, out);
    g_string_append(out, "<main>\n");
    for (; i < paper->blocks->len; i++)
        append_block(wb_paper_block(paper, i), out);
    g_string_append(out, "</main>\n<footer>");
    wb_html_append(out, paper->creator);
    g_string_append_printf(out, "</footer>\n<script>%s</script>\n</body>\n</html>\n",
                           file_of("page.js"));
}
