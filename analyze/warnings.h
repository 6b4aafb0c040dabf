/*
 * Warnings: doubts about a figure. Not errors: they travel with the value, machine formats name
 * them beside it, and report makes a note under the table of each. A set of them is a uint32_t.
 */
#ifndef WB_ANALYZE_WARNINGS_H
#define WB_ANALYZE_WARNINGS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
    WB_WARN_FEW_RUNS = 1 << 0,          /* too few for an interval of the median */
    WB_WARN_MIXED_DURATION = 1 << 1,    /* elapsed times apart by more than 10 % */
    WB_WARN_RATE_DISAGREES = 1 << 2,    /* requests / elapsed is not the printed rate */
    WB_WARN_PRINTED_MISMATCH = 1 << 3,  /* the importer found figures that contradict */
    WB_WARN_PARTIAL_RUNS = 1 << 4,      /* runs cut short or failed: counted, not averaged */
    WB_WARN_NO_COMPLETE_RUN = 1 << 5,   /* there are runs, but no complete one */
    WB_WARN_STATUS_ERRORS = 1 << 6,     /* answers outside 2xx and 3xx */
    WB_WARN_OUTLIERS = 1 << 7,          /* named, never removed */
    WB_WARN_FIRST_RUN = 1 << 8,         /* run 1 is one of them: a cold start */
    WB_WARN_MODE_SPLIT = 1 << 9,        /* results fall into groups */
    WB_WARN_WINDOW_ESTIMATED = 1 << 10, /* min - max from runs of another length */
    WB_WARN_LATENCY_KINDS = 1 << 11,    /* latencies of unlike kinds must not be summed */
    WB_WARN_FEW_ABOVE = 1 << 12,        /* too few answers above a percentile */
    WB_WARN_CLOSED_LOOP = 1 << 13,      /* a stall is under-represented in these latencies */
    WB_WARN_PUBLISHED_TWICE = 1 << 14,  /* two published figures differ; the last one counts */
    WB_WARN_PUBLISHED_BESIDE = 1 << 15, /* a published figure stands beside runs; runs count */
    WB_WARN_PUBLISHED_WINDOW = 1 << 16, /* a published min - max is of another width */
    WB_WARN_WARMUP = 1 << 17,           /* a run begins slower than it goes on */
    WB_WARN_UNSTEADY = 1 << 18,         /* a run slows down, is disturbed or never steady */
    WB_WARN_START_LEVEL = 1 << 19,      /* runs of one server start are more alike than others */
    WB_WARN_STEADY_PART = 1 << 20,      /* only the steady part of a run counts, as asked */
    WB_WARN_STEADY_NONE = 1 << 21,      /* a run without a steady part does not count, as asked */
    WB_WARN_STEADY_WHOLE = 1 << 22,     /* no steady part is known: the whole run counts */
    WB_WARN_UNIT_START = 1 << 23,       /* values are means of server starts, as asked */
    WB_WARN_MIXED_LOAD = 1 << 24,       /* threads, connections, rate or tool differ */
} WbWarning;

typedef struct {
    WbWarning bit;
    const char *name;  /* in JSON and TSV */
    const char *about; /* the figure that it is about, without unit */
} WbWarningInfo;

/** wb_warnings: every warning, in the order of the bits (static). */
const WbWarningInfo *wb_warnings(size_t *out_n);

#endif
