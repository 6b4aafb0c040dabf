/* Charts of a PDF: the pen has a frame with the drawing's own pixels, so that what is drawn, dash
 * patterns too, is scaled by the PDF's reader and not here. */
#include "report/pdf_drawing.h"

#include <string.h>

#define SCALE_MOST   0.64 /* points a pixel: its words as large as those of a table */
#define PAGE_MOST    0.89 /* of a page: its headings go onto the same */
#define SHRINK_LEAST 0.85 /* of its size: so much smaller it is drawn to save half a page */

/* A drawing of the full width, but not larger than SCALE_MOST, nor than a page. */
static double scale_of(const WbPdfSheet *sheet, const WbDrawing *drawing)
{
    double scale = MIN(SCALE_MOST, sheet->width / drawing->width);

    return MIN(scale, PAGE_MOST * wb_pdf_sheet_whole(sheet) / drawing->height);
}

double wb_pdf_drawing_least(const WbPdfSheet *sheet, const WbDrawing *drawing)
{
    return SHRINK_LEAST * drawing->height * scale_of(sheet, drawing);
}

static void add_steps(WbPdfPen *pen, const WbShape *shape)
{
    for (guint i = 0; i < shape->steps->len; i++) {
        const WbStep *step = &g_array_index(shape->steps, WbStep, i);

        switch (step->op) {
        case WB_STEP_MOVE:
            wb_pdf_pen_move_to(pen, step->x, step->y);
            break;
        case WB_STEP_LINE:
            wb_pdf_pen_line_to(pen, step->x, step->y);
            break;
        case WB_STEP_CLOSE:
            wb_pdf_pen_close_path(pen);
            break;
        }
    }
}

static void draw_shape(WbPdfPen *pen, const WbShape *shape)
{
    bool fill = shape->fill != WB_NO_COLOR, line = shape->stroke != WB_NO_COLOR;

    if ((!fill && !line) || (shape->kind == WB_SHAPE_PATH && shape->steps->len == 0))
        return;
    if (fill)
        wb_pdf_pen_set_fill(pen, shape->fill);
    if (line)
        wb_pdf_pen_set_line(pen, shape->stroke, shape->width, shape->dash, shape->dash_n);
    if (shape->kind == WB_SHAPE_PATH)
        add_steps(pen, shape);
    else if (shape->kind == WB_SHAPE_RECT)
        wb_pdf_pen_add_rect(pen, shape->x, shape->y, shape->w, shape->h);
    else
        wb_pdf_pen_add_circle(pen, shape->x, shape->y, shape->r);
    wb_pdf_pen_paint(pen, fill, line);
}

static void draw_text(WbPdfPen *pen, const WbShape *shape)
{
    const WbPdfType type = {shape->bold ? WB_PDF_BOLD : WB_PDF_REGULAR, shape->size, shape->fill};
    size_t bytes = strlen(shape->text);
    double width = wb_pdf_pen_text_width(pen, &type, shape->text, bytes);
    double before = shape->anchor == WB_ANCHOR_START    ? 0
                    : shape->anchor == WB_ANCHOR_MIDDLE ? width / 2
                                                        : width;

    wb_pdf_pen_text(pen, shape->x - before, shape->y, &type, shape->text, bytes);
}

void wb_pdf_drawing_draw(WbPdfSheet *sheet, const WbDrawing *drawing)
{
    double scale = scale_of(sheet, drawing);

    wb_pdf_sheet_need(sheet, wb_pdf_drawing_least(sheet, drawing));
    scale = MIN(scale, wb_pdf_sheet_room(sheet) / drawing->height);
    wb_pdf_pen_open_frame(sheet->pen, sheet->left, sheet->y, drawing->height, scale);
    for (guint i = 0; i < drawing->shapes->len; i++) {
        const WbShape *shape = wb_drawing_shape(drawing, i);

        if (shape->kind == WB_SHAPE_TEXT)
            draw_text(sheet->pen, shape);
        else
            draw_shape(sheet->pen, shape);
    }
    wb_pdf_pen_close_frame(sheet->pen);
    sheet->y += drawing->height * scale;
}
