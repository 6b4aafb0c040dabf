/*
 * A percentile spectrum, as the HdrHistogram libraries print it (.hgrm), and wrk2 with -L:
 *
 *        Value   Percentile   TotalCount 1/(1-Percentile)
 *        0.685     0.500000         1234         2.00
 *   #[Mean    =        0.685, StdDeviation   =        0.292]
 *   #[Max     =        1.234, Total count    =         2468]
 *
 * A row says how many values lie at or below its value, so two rows say how many lie between them.
 * The histogram counts them at the upper row's value: its percentiles are at most one row too
 * long, never too short. Mean and deviation are the printed ones, of all values.
 */
#ifndef WB_RUNNER_IMPORT_SPECTRUM_H
#define WB_RUNNER_IMPORT_SPECTRUM_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/hist.h"
#include "schema/records.h"

#define WB_SPECTRUM_ROWS 512 /* rows that are kept; real ones have up to some 200 */

typedef struct {
    int64_t value_ns;
    int64_t half_ns; /* of its rounding */
    int64_t count;   /* values at or below */
} WbSpectrumRow;

typedef struct {
    WbSpectrumRow rows[WB_SPECTRUM_ROWS];
    size_t rows_n;
    double mean_ns, mean_half_ns; /* NaN: not printed */
    double stdev_ns;
    int64_t total;      /* WB_NONE: not printed */
    const char *broken; /* why its rows are no spectrum (static); NULL */
    WbHist hist;
} WbSpectrum;

/** wb_spectrum_clear: no rows. */
void wb_spectrum_clear(WbSpectrum *spectrum);

/** wb_spectrum_row: takes a line of three or four columns, parted by blanks or commas: value,
 * share, count, 1/(1-share). Rows that fall make it broken.
 * @param unit_ns  ns of one unit of its values
 * @return         whether the line is such a row */
bool wb_spectrum_row(WbSpectrum *spectrum, const char *line, const char *line_end, double unit_ns);

/** wb_spectrum_foot: takes "[Mean = ..., StdDeviation = ...]" or "[Max = ..., Total count = ...]",
 * with whatever in front.
 * @return  whether the line is one of the closing lines */
bool wb_spectrum_foot(WbSpectrum *spectrum, const char *line, const char *line_end, double unit_ns);

/**
 * wb_spectrum_finish: makes spectrum->hist of the rows and the closing lines.
 *
 * @return  NULL, or why there is no histogram (static): no rows, rows that fall, or closing lines
 *          that contradict them
 */
const char *wb_spectrum_finish(WbSpectrum *spectrum);

/** wb_spectrum_figures: the run's percentiles, each between the two rows that enclose it; mean and
 * deviation as printed; the maximum. Only after a finish without a complaint. */
void wb_spectrum_figures(const WbSpectrum *spectrum, WbRun *run);

#endif
