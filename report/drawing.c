/* Drawing: see drawing.h. */
#include "report/drawing.h"

static void clear_shape(gpointer data)
{
    WbShape *shape = data;

    if (shape->steps)
        g_array_unref(shape->steps);
    g_free(shape->text);
}

WbDrawing *wb_drawing_new(double width, double height, const char *title, const char *desc)
{
    WbDrawing *drawing = g_new0(WbDrawing, 1);

    drawing->width = width;
    drawing->height = height;
    drawing->title = g_strdup(title);
    drawing->desc = g_strdup(desc);
    drawing->shapes = g_array_new(FALSE, TRUE, sizeof(WbShape));
    g_array_set_clear_func(drawing->shapes, clear_shape);
    return drawing;
}

void wb_drawing_free(WbDrawing *drawing)
{
    if (!drawing)
        return;
    g_free(drawing->title);
    g_free(drawing->desc);
    g_array_unref(drawing->shapes);
    g_free(drawing);
}

const WbShape *wb_drawing_shape(const WbDrawing *drawing, size_t i)
{
    return &g_array_index(drawing->shapes, WbShape, i);
}
