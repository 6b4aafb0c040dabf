/* Strip: see strip.h. */
#include "report/strip.h"

#include "analyze/stats.h"

#define LEVELS 8

static void append_bar(GString *out, int level, bool ascii)
{
    if (ascii)
        g_string_append_c(out, ".:-=+*#@"[level]);
    else
        g_string_append_unichar(out, 0x2581 + (gunichar)level);
}

void wb_strip_append(GString *out, const double *values, size_t n, bool ascii)
{
    size_t bars = MIN(n, WB_STRIP_COLUMNS);
    double highest = 0;

    for (size_t i = 0; i < n; i++)
        highest = MAX(highest, values[i]);
    for (size_t b = 0; b < bars; b++) {
        size_t first = b * n / bars;
        size_t end = (b + 1) * n / bars;
        double mean = wb_stats_mean(values + first, end - first);
        int level = highest > 0 ? (int)(mean / highest * LEVELS) : 0;

        append_bar(out, CLAMP(level, 0, LEVELS - 1), ascii);
    }
}
