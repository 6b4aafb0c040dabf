/*
 * Pen: libharu 2.3.0 as it is. After one error every call fails, so the handler keeps the first
 * and nobody checks in between. A text object is opened by the first text and closed by whatever
 * else is drawn, so that a table's row is one object; font and colour are set where they change.
 */
#include "report/pdf_pen.h"

#include <hpdf.h>
#include <math.h>
#include <string.h>

#include "report/fonts.h"
#include "report/pdf_face.h"

#define TEXT_MOST     16000 /* bytes of one text; libharu refuses 65,536 */
#define OUTLINE_PAGES 3     /* a longer document is opened with its outline beside it */

struct WbPdfPen {
    HPDF_Doc doc;
    HPDF_STATUS failed, detail; /* the first error of libharu */
    bool bad_number;
    double width, height;
    char *family;
    WbPdfEmbedded faces[WB_PDF_FACES_N];
    GPtrArray *pages; /* of HPDF_Page */
    HPDF_Page page;
    HPDF_Outline section; /* the last outline entry of level 1 */
    double top;           /* of the page or frame, in its own units, above its lower edge */
    GString *lacking;
    GHashTable *lacking_seen;

    /* What the page's content is set to. */
    bool in_text;
    const WbPdfEmbedded *face; /* NULL: unknown */
    double size;
    int64_t fill; /* -1: unknown */
};

G_DEFINE_QUARK(wb - pdf - pen - error - quark, wb_pdf_pen_error)

static void keep_first(HPDF_STATUS code, HPDF_STATUS detail, void *data)
{
    WbPdfPen *pen = data;

    if (pen->failed == HPDF_OK) {
        pen->failed = code;
        pen->detail = detail;
    }
}

static bool is_broken(const WbPdfPen *pen)
{
    return pen->failed != HPDF_OK || pen->bad_number;
}

/* libharu writes what is not finite as it comes and clamps what is too large. */
static HPDF_REAL real(WbPdfPen *pen, double value)
{
    if (!isfinite(value) || fabs(value) > HPDF_LIMIT_MAX_REAL) {
        pen->bad_number = true;
        return 0;
    }
    return (HPDF_REAL)value;
}

static void set_library_error(const WbPdfPen *pen, const char *what, GError **error)
{
    if (pen->failed == HPDF_TTF_CANNOT_EMBEDDING_FONT)
        g_set_error(error, WB_PDF_PEN_ERROR, WB_PDF_PEN_ERROR_LIBRARY,
                    "%s: it forbids that; choose another with --font", what);
    else if (pen->bad_number)
        g_set_error(error, WB_PDF_PEN_ERROR, WB_PDF_PEN_ERROR_NUMBER,
                    "%s: a coordinate lies outside of any page", what);
    else
        g_set_error(error, WB_PDF_PEN_ERROR, WB_PDF_PEN_ERROR_LIBRARY,
                    "%s: libharu error 0x%04lx, %ld", what, (unsigned long)pen->failed,
                    (long)pen->detail);
}

/* As many bytes of a text as are taken, whole characters. So long a line has no width: accents upon
 * accents. */
static size_t bytes_taken(const char *text, size_t bytes)
{
    if (bytes <= TEXT_MOST)
        return bytes;
    return (size_t)(g_utf8_find_prev_char(text, text + TEXT_MOST + 1) - text);
}

static char *take(const char *text)
{
    return g_strndup(text, bytes_taken(text, strlen(text)));
}

/* ---- fonts ------------------------------------------------------------------------------- */

static void embed(WbPdfPen *pen, WbPdfEmbedded *face)
{
    wb_pdf_face_embed(face, pen->doc, pen->faces, (size_t)(face - pen->faces));
}

static bool find_faces(WbPdfPen *pen, GError **error)
{
    g_autofree char *mono = g_strconcat(pen->family, " Mono", NULL);
    g_autoptr(WbFonts) fonts = wb_fonts_open();

    for (int i = WB_PDF_REGULAR; i <= WB_PDF_BOLD; i++) {
        pen->faces[i].font = wb_font_find(fonts, pen->family, i == WB_PDF_BOLD, error);
        if (!pen->faces[i].font)
            return false;
        embed(pen, &pen->faces[i]);
        if (is_broken(pen)) {
            g_autofree char *what =
                g_strdup_printf("cannot embed font file '%s'", wb_font_path(pen->faces[i].font));

            set_library_error(pen, what, error);
            return false;
        }
    }
    pen->faces[WB_PDF_MONO].font = wb_font_find(fonts, mono, false, NULL);
    if (!pen->faces[WB_PDF_MONO].font)
        pen->faces[WB_PDF_MONO].font = wb_font_find(fonts, WB_FONT_FAMILY " Mono", false, NULL);
    return true;
}

static WbPdfEmbedded *face_of(WbPdfPen *pen, WbPdfFace face)
{
    WbPdfEmbedded *wanted = &pen->faces[face];

    if (!wanted->font) /* no mono at all */
        return &pen->faces[WB_PDF_REGULAR];
    if (!wanted->widths)
        embed(pen, wanted);
    return wanted;
}

static void note_lacking(WbPdfPen *pen, gunichar c)
{
    if (g_hash_table_size(pen->lacking_seen) < WB_PDF_LACKING_MOST &&
        g_hash_table_add(pen->lacking_seen, GUINT_TO_POINTER(c)))
        g_string_append_unichar(pen->lacking, c);
}

double wb_pdf_pen_char_width(WbPdfPen *pen, WbPdfFace face, gunichar c)
{
    return wb_pdf_face_shown_width(face_of(pen, face), c) / 1000.0;
}

double wb_pdf_pen_text_width(WbPdfPen *pen, const WbPdfType *type, const char *text, size_t bytes)
{
    WbPdfEmbedded *face = face_of(pen, type->face);
    int64_t width = 0;

    for (const char *end = text + bytes; text < end; text = g_utf8_next_char(text))
        width += wb_pdf_face_shown_width(face, g_utf8_get_char(text));
    return (double)width * type->size / 1000;
}

/* ---- document ---------------------------------------------------------------------------- */

WbPdfPen *wb_pdf_pen_new(const char *family, double width, double height, const char *title,
                         const char *creator, GError **error)
{
    g_autoptr(WbPdfPen) pen = g_new0(WbPdfPen, 1);
    g_autofree char *short_title = take(title);

    pen->family = g_strdup(family);
    pen->width = width;
    pen->height = height;
    pen->pages = g_ptr_array_new();
    pen->lacking = g_string_new(NULL);
    pen->lacking_seen = g_hash_table_new(NULL, NULL);
    pen->doc = HPDF_New(keep_first, pen);
    g_assert(pen->doc); /* NULL only without memory, and GLib ends then as well */
    HPDF_SetCompressionMode(pen->doc, HPDF_COMP_ALL);
    HPDF_UseUTFEncodings(pen->doc);
    HPDF_SetCurrentEncoder(pen->doc, "UTF-8");
    HPDF_SetInfoAttr(pen->doc, HPDF_INFO_TITLE, short_title);
    HPDF_SetInfoAttr(pen->doc, HPDF_INFO_CREATOR, creator);
    if (!find_faces(pen, error))
        return NULL;
    return g_steal_pointer(&pen);
}

void wb_pdf_pen_free(WbPdfPen *pen)
{
    if (!pen)
        return;
    HPDF_Free(pen->doc);
    for (size_t i = 0; i < WB_PDF_FACES_N; i++) {
        wb_pdf_face_clear(&pen->faces[i]);
    }
    g_ptr_array_unref(pen->pages);
    g_string_free(pen->lacking, TRUE);
    g_hash_table_unref(pen->lacking_seen);
    g_free(pen->family);
    g_free(pen);
}

const char *wb_pdf_pen_lacking(const WbPdfPen *pen)
{
    return pen->lacking->str;
}

static void end_text(WbPdfPen *pen)
{
    if (pen->in_text)
        HPDF_Page_EndText(pen->page);
    pen->in_text = false;
}

/* After what sets font and colour back to we do not know what. */
static void forget_state(WbPdfPen *pen)
{
    pen->face = NULL;
    pen->fill = -1;
}

bool wb_pdf_pen_save(WbPdfPen *pen, GString *out, GError **error)
{
    HPDF_UINT32 size;
    gsize before = out->len;

    end_text(pen);
    if (pen->pages->len > OUTLINE_PAGES)
        HPDF_SetPageMode(pen->doc, HPDF_PAGE_MODE_USE_OUTLINE);
    if (!is_broken(pen))
        HPDF_SaveToStream(pen->doc);
    if (!is_broken(pen)) {
        size = HPDF_GetStreamSize(pen->doc);
        g_string_set_size(out, before + size);
        HPDF_ReadFromStream(pen->doc, (HPDF_BYTE *)out->str + before, &size);
        g_string_set_size(out, before + size);
    }
    if (!is_broken(pen))
        return true;
    g_string_truncate(out, before);
    set_library_error(pen, "cannot make the PDF", error);
    return false;
}

double wb_pdf_pen_page_width(const WbPdfPen *pen)
{
    return pen->width;
}

double wb_pdf_pen_page_height(const WbPdfPen *pen)
{
    return pen->height;
}

size_t wb_pdf_pen_pages(const WbPdfPen *pen)
{
    return pen->pages->len;
}

void wb_pdf_pen_go_to(WbPdfPen *pen, size_t i)
{
    end_text(pen);
    forget_state(pen);
    pen->page = g_ptr_array_index(pen->pages, i);
    pen->top = pen->height;
}

void wb_pdf_pen_add_page(WbPdfPen *pen)
{
    HPDF_Page page = HPDF_AddPage(pen->doc);

    end_text(pen);
    HPDF_Page_SetWidth(page, real(pen, pen->width));
    HPDF_Page_SetHeight(page, real(pen, pen->height));
    g_ptr_array_add(pen->pages, page);
    wb_pdf_pen_go_to(pen, pen->pages->len - 1);
}

/* FitH: libharu does not take the zoom 0, "as it is", of XYZ. */
static HPDF_Destination place_on(WbPdfPen *pen, HPDF_Page page, double y)
{
    HPDF_Destination place = HPDF_Page_CreateDestination(page);

    HPDF_Destination_SetFitH(place, real(pen, pen->height - y));
    return place;
}

void wb_pdf_pen_add_outline(WbPdfPen *pen, int level, double y, const char *text)
{
    g_autofree char *short_text = take(text);
    HPDF_Outline entry;

    if (is_broken(pen))
        return;
    entry = HPDF_CreateOutline(pen->doc, level > 1 ? pen->section : NULL, short_text,
                               HPDF_GetEncoder(pen->doc, "UTF-8"));
    HPDF_Outline_SetDestination(entry, place_on(pen, pen->page, y));
    if (level > 1)
        return;
    HPDF_Outline_SetOpened(entry, HPDF_TRUE);
    pen->section = entry;
}

void wb_pdf_pen_add_link(WbPdfPen *pen, double x, double y, double w, double h, size_t i,
                         double to_y)
{
    HPDF_Rect rect = {.left = real(pen, x),
                      .bottom = real(pen, pen->height - y - h),
                      .right = real(pen, x + w),
                      .top = real(pen, pen->height - y)};
    HPDF_Annotation link;

    if (is_broken(pen))
        return;
    link = HPDF_Page_CreateLinkAnnot(pen->page, rect,
                                     place_on(pen, g_ptr_array_index(pen->pages, i), to_y));
    HPDF_LinkAnnot_SetBorderStyle(link, 0, 0, 0);
}

/* ---- text -------------------------------------------------------------------------------- */

static float part_of(uint32_t color, unsigned shift)
{
    return (float)(color >> shift & 0xff) / 255;
}

void wb_pdf_pen_set_fill(WbPdfPen *pen, uint32_t color)
{
    if (pen->fill == color)
        return;
    HPDF_Page_SetRGBFill(pen->page, part_of(color, 16), part_of(color, 8), part_of(color, 0));
    pen->fill = color;
}

/* The text with U+FFFD for what the face lacks; NULL: it lacks nothing. */
static GString *replace_lacking(WbPdfPen *pen, WbPdfEmbedded *face, const char *text,
                                const char *end)
{
    GString *changed = NULL;

    for (const char *at = text; at < end; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool lacks = wb_pdf_face_width(face, c) == WB_PDF_LACKS;

        if (lacks && !changed)
            changed = g_string_new_len(text, at - text);
        if (lacks)
            note_lacking(pen, c);
        if (changed)
            g_string_append_unichar(changed, lacks ? face->instead : c);
    }
    return changed;
}

void wb_pdf_pen_text(WbPdfPen *pen, double x, double y, const WbPdfType *type, const char *text,
                     size_t bytes)
{
    WbPdfEmbedded *face = face_of(pen, type->face);
    GString *shown;

    bytes = bytes_taken(text, bytes);
    shown = replace_lacking(pen, face, text, text + bytes);
    if (!shown)
        shown = g_string_new_len(text, (gssize)bytes);
    if (bytes && !is_broken(pen)) {
        if (!pen->in_text)
            HPDF_Page_BeginText(pen->page);
        pen->in_text = true;
        if (pen->face != face || pen->size != type->size)
            HPDF_Page_SetFontAndSize(pen->page, face->handle, real(pen, type->size));
        pen->face = face;
        pen->size = type->size;
        wb_pdf_pen_set_fill(pen, type->color);
        HPDF_Page_TextOut(pen->page, real(pen, x), real(pen, pen->top - y), shown->str);
    }
    g_string_free(shown, TRUE);
}

/* ---- lines and areas --------------------------------------------------------------------- */

void wb_pdf_pen_open_frame(WbPdfPen *pen, double x, double y, double height, double scale)
{
    end_text(pen);
    HPDF_Page_GSave(pen->page);
    HPDF_Page_Concat(pen->page, real(pen, scale), 0, 0, real(pen, scale), real(pen, x),
                     real(pen, pen->height - y - height * scale));
    pen->top = height;
}

void wb_pdf_pen_close_frame(WbPdfPen *pen)
{
    end_text(pen);
    HPDF_Page_GRestore(pen->page);
    forget_state(pen);
    pen->top = pen->height;
}

void wb_pdf_pen_set_line(WbPdfPen *pen, uint32_t color, double width, const double *dash,
                         size_t dash_n)
{
    HPDF_UINT16 whole[8]; /* as many as libharu keeps */
    size_t n = dash ? MIN(dash_n, G_N_ELEMENTS(whole)) & ~(size_t)1 : 0;

    end_text(pen);
    for (size_t i = 0; i < n; i++)
        whole[i] = (HPDF_UINT16)CLAMP(lround(dash[i]), 1, HPDF_MAX_DASH_PATTERN);
    HPDF_Page_SetRGBStroke(pen->page, part_of(color, 16), part_of(color, 8), part_of(color, 0));
    HPDF_Page_SetLineWidth(pen->page, real(pen, CLAMP(width, 0, HPDF_MAX_LINEWIDTH)));
    HPDF_Page_SetDash(pen->page, n ? whole : NULL, (HPDF_UINT)n, 0);
}

void wb_pdf_pen_move_to(WbPdfPen *pen, double x, double y)
{
    end_text(pen);
    HPDF_Page_MoveTo(pen->page, real(pen, x), real(pen, pen->top - y));
}

void wb_pdf_pen_line_to(WbPdfPen *pen, double x, double y)
{
    HPDF_Page_LineTo(pen->page, real(pen, x), real(pen, pen->top - y));
}

void wb_pdf_pen_close_path(WbPdfPen *pen)
{
    HPDF_Page_ClosePath(pen->page);
}

void wb_pdf_pen_add_rect(WbPdfPen *pen, double x, double y, double w, double h)
{
    end_text(pen);
    HPDF_Page_Rectangle(pen->page, real(pen, x), real(pen, pen->top - y - h), real(pen, w),
                        real(pen, h));
}

void wb_pdf_pen_add_circle(WbPdfPen *pen, double x, double y, double r)
{
    end_text(pen);
    HPDF_Page_Circle(pen->page, real(pen, x), real(pen, pen->top - y), real(pen, r));
}

void wb_pdf_pen_paint(WbPdfPen *pen, bool fill, bool line)
{
    if (fill && line)
        HPDF_Page_FillStroke(pen->page);
    else if (fill)
        HPDF_Page_Fill(pen->page);
    else if (line)
        HPDF_Page_Stroke(pen->page);
    else
        HPDF_Page_EndPath(pen->page);
}

void wb_pdf_pen_add_rule(WbPdfPen *pen, double x, double y, double w)
{
    wb_pdf_pen_move_to(pen, x, y);
    wb_pdf_pen_line_to(pen, x + w, y);
}
