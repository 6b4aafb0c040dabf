/* Figures by name: see figures.h. */
#include "analyze/figures.h"

#include <inttypes.h>

const char *wb_figure_suffix(WbUnit unit)
{
    switch (unit) {
    case WB_UNIT_PER_S:
        return "_per_s";
    case WB_UNIT_NS:
        return "_ns";
    case WB_UNIT_BYTES:
        return "_bytes";
    default:
        return "";
    }
}

const char *wb_figure_text(const WbFigure *figure, const void *base,
                           char buffer[WB_UNITS_DOUBLE_SIZE])
{
    const char *at = (const char *)base + figure->offset;

    switch (figure->type) {
    case WB_FIGURE_REAL:
        return wb_units_format_double(*(const double *)at, buffer);
    case WB_FIGURE_INT:
        if (*(const int64_t *)at == WB_NONE)
            return "";
        g_snprintf(buffer, WB_UNITS_DOUBLE_SIZE, "%" PRId64, *(const int64_t *)at);
        return buffer;
    case WB_FIGURE_BOOL:
        return *(const bool *)at ? "true" : "false";
    case WB_FIGURE_WORD:
        return *(const char *const *)at ? *(const char *const *)at : "";
    }
    return "";
}
