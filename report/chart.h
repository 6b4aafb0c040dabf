/*
 * Charts: what each kind shows of a story, as a gnuplot script, and the one way from scripts to
 * pictures. A kind is one file (chart_KIND.c), one body (charts/KIND.gp) and one line in chart.c.
 */
#ifndef WB_REPORT_CHART_H
#define WB_REPORT_CHART_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/chart_script.h"
#include "report/choice.h"
#include "report/drawing.h"
#include "report/story_parts.h"

#define WB_CHART_ERROR (wb_chart_error_quark())
GQuark wb_chart_error_quark(void);
typedef enum {
    WB_CHART_ERROR_FILE,    /* a file that is no picture's */
    WB_CHART_ERROR_NOTHING, /* nothing that it could show */
} WbChartError;

/* One picture to be drawn. Everything owned. */
typedef struct {
    const char *kind; /* static */
    char *name;       /* what it is about: "hello" */
    char *title;      /* as in the picture */
    char *desc;       /* a sentence for who cannot see it */
    double height;    /* px */
    GString *data;    /* the script in front of the kind's body */
} WbChart;

void wb_chart_free(WbChart *chart);

/** wb_chart_new: takes over the script, title and desc. */
WbChart *wb_chart_new(const char *kind, const WbStoryPart *part, WbChartScript *script,
                      double height, char *title, char *desc);

typedef struct {
    WbChoice choice; /* for `chart KIND` */
    /* Adds its pictures (several where one would be too large) of a part of the story; none where
     * there is nothing to show. */
    void (*add)(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                GPtrArray *charts);
    bool whole; /* of the whole story: asked once, with its first part */
} WbChartKind;

/** wb_chart_kinds: all of them, of WbChartKind. */
WbChoices wb_chart_kinds(void);

/** wb_chart_load_text: the load that all runs share, "1 thread, 200 connections, 10 s", with "; "
 * behind it; "" where there is none (caller frees). */
char *wb_chart_load_text(const WbStory *story);

/** wb_chart_script_of: the whole script of a chart: terminal, data, body (caller frees). */
char *wb_chart_script_of(const WbChart *chart, bool png);

/**
 * wb_charts_draw: the charts side by side on all cores.
 *
 * @param charts      of WbChart
 * @param out_errors  [charts->len] each set where that chart failed (caller's)
 * @return            of WbDrawing, one a chart, NULL where it failed (caller's)
 */
GPtrArray *wb_charts_draw(const GPtrArray *charts, GError **out_errors);

/** wb_charts_png: the same as PNG at twice the size: of GBytes. */
GPtrArray *wb_charts_png(const GPtrArray *charts, GError **out_errors);

/* The kinds. */
void wb_chart_add_matrix(const WbStory *story, const WbStoryPart *part,
                         const WbFontMetrics *metrics, GPtrArray *charts);
void wb_chart_add_ranking(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts);
void wb_chart_add_runs(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                       GPtrArray *charts);
void wb_chart_add_ranges(const WbStory *story, const WbStoryPart *part,
                         const WbFontMetrics *metrics, GPtrArray *charts);
void wb_chart_add_bars(const WbStory *story, const WbStoryPart *part, const WbFontMetrics *metrics,
                       GPtrArray *charts);
void wb_chart_add_latency(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts);
void wb_chart_add_windows(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts);
void wb_chart_add_compare(const WbStory *story, const WbStoryPart *part,
                          const WbFontMetrics *metrics, GPtrArray *charts);

#endif
