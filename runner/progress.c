/*
 * Progress: the terminal line is written in one call, so that it never shows half. Words and
 * figures go to stderr; stdout stays data.
 */
#include "runner/progress.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/units.h"

#define PLAIN_EVERY_NS INT64_C(10000000000)

void wb_progress_init(WbProgressLine *line, bool quiet, int runs, int64_t duration_ns)
{
    const char *term = g_getenv("TERM");

    *line = (WbProgressLine){
        .quiet = quiet,
        .terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
        .utf8 = g_get_charset(NULL),
        .runs = runs,
        .duration_ns = duration_ns,
    };
}

void wb_progress_begin(WbProgressLine *line, int run)
{
    line->run = run;
    line->strip_n = 0;
    line->next_line_ns = PLAIN_EVERY_NS;
}

static void push_slice(WbProgressLine *line, int64_t requests)
{
    if (line->strip_n == WB_PROGRESS_STRIP) {
        memmove(line->strip, line->strip + 1, sizeof line->strip - sizeof line->strip[0]);
        line->strip_n--;
    }
    line->strip[line->strip_n++] = requests;
}

/* Slices as block elements, scaled from 0 to the largest one shown. */
static void append_strip(GString *text, const WbProgressLine *line)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char ascii[] = "_.-=+*%#";
    int64_t max = 1;

    for (int i = 0; i < line->strip_n; i++)
        max = MAX(max, line->strip[i]);
    for (int i = 0; i < line->strip_n; i++) {
        int level = (int)(line->strip[i] * 7 / max);

        if (line->strip[i] == 0)
            g_string_append_c(text, ' ');
        else if (line->utf8)
            g_string_append(text, blocks[level]);
        else
            g_string_append_c(text, ascii[level]);
    }
}

static void append_figures(GString *text, const WbProgressLine *line, const WbProgress *progress)
{
    double seconds = (double)progress->elapsed_ns / 1e9;
    double rate = seconds > 0 ? (double)progress->requests / seconds : 0;
    g_autofree char *rate_text = wb_units_format_scaled(rate, wb_units_prefix(rate, 2), 2);
    double left = (double)(line->duration_ns - progress->elapsed_ns) / 1e9;

    if (progress->warming) {
        g_string_append(text, "warming up");
        return;
    }
    g_string_append_printf(text, "%s/s", rate_text);
    if (progress->p99_ns > 0) {
        g_autofree char *p99 = wb_units_format_time(progress->p99_ns);

        g_string_append_printf(text, "  p99 %s", p99);
    }
    g_string_append_printf(text, "  errors %" G_GINT64_FORMAT "  %.0f s left", progress->errors,
                           left > 0 ? left : 0);
}

void wb_progress_show(const WbProgress *progress, void *user_data)
{
    WbProgressLine *line = user_data;
    g_autoptr(GString) text = NULL;

    if (line->quiet)
        return;
    push_slice(line, progress->slice_requests);
    if (!line->terminal && progress->elapsed_ns < line->next_line_ns)
        return;
    line->next_line_ns += PLAIN_EVERY_NS;
    text = g_string_new(line->terminal ? "\r" : "");
    g_string_append_printf(text, "run %d/%d  ", line->run, line->runs);
    if (line->terminal) {
        append_strip(text, line);
        g_string_append(text, "  ");
    }
    append_figures(text, line, progress);
    g_string_append(text, line->terminal ? "\033[K" : "\n");
    fputs(text->str, stderr);
    fflush(stderr);
}

void wb_progress_end(const WbProgressLine *line)
{
    if (!line->quiet && line->terminal) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
}
