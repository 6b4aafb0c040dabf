/*
 * One line of wrk's output (and of wrk2's, which has the same frame): what it is, and its figures.
 *
 * A line is found by its key words, wherever they stand in it: people put prompts, container
 * names and quote signs in front and remarks behind. Numbers are judged as wrk spells them: two
 * decimals, the next unit from 0.85 of it on. Source: wrk 1.0.0 to 4.2.0, units.c and wrk.c.
 */
#ifndef WB_RUNNER_IMPORT_WRK_LINE_H
#define WB_RUNNER_IMPORT_WRK_LINE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    WB_WRK_OTHER,
    WB_WRK_BLANK,
    WB_WRK_FENCE,        /* ``` or ~~~, nothing of wrk's on the line */
    WB_WRK_COMMAND,      /* a command line that starts wrk: `at` is its first byte */
    WB_WRK_MESSAGE,      /* wrk says why it stopped */
    WB_WRK_START,        /* Running 10s test @ URL: time, url */
    WB_WRK_MAKING,       /* Making N requests to URL (wrk 1.x): count[0], url */
    WB_WRK_THREADS,      /* T threads and C connections: count[0], count[1] */
    WB_WRK_CALIBRATION,  /* wrk2 only */
    WB_WRK_STATS,        /* the heading of the two rows */
    WB_WRK_LATENCY,      /* time[0..2]: mean, stdev, max */
    WB_WRK_REQ_SEC,      /* rate[0..2]: mean, stdev, max */
    WB_WRK_DISTRIBUTION, /* heading of percentiles; `is_wrk2`, `is_uncorrected` */
    WB_WRK_PERCENTILE,   /* rate[0] percent, time[0] */
    WB_WRK_SPECTRUM,     /* headings, footers and rules around wrk2's spectrum */
    WB_WRK_TOTALS,       /* N requests in TIME, BYTES read: count[0], time[0], bytes */
    WB_WRK_SOCKET,       /* count[0..3]: connect, read, write, timeout */
    WB_WRK_STATUS,       /* Non-2xx or 3xx responses: count[0] */
    WB_WRK_RATE,         /* Requests/sec: rate[0] */
    WB_WRK_TRANSFER,     /* Transfer/sec: bytes */
} WbWrkLineKind;

typedef struct {
    double value;
    double half; /* half width of its rounding */
} WbWrkRate;

typedef struct {
    int64_t value; /* ns or bytes; WB_NONE where there is none */
    int64_t half;
} WbWrkFigure;

typedef struct {
    WbWrkLineKind kind;
    const char *at;  /* first byte of the key word */
    const char *end; /* first byte behind what was read; a remark may follow */
    const char *url; /* not NUL-terminated; NULL: none */
    const char *url_end;
    int64_t count[4];
    WbWrkFigure time[3]; /* ns */
    WbWrkRate rate[3];   /* per second, or percent */
    WbWrkFigure bytes;
    bool no_data;        /* the row says nan: no sample */
    bool is_wrk2;        /* only wrk2 writes it so */
    bool is_uncorrected; /* wrk2's second distribution, without waiting for the planned start */
    bool is_whole;       /* its own end shows that it was not cut */
    const char *odd;     /* a value that wrk would spell otherwise, up to odd_end; or NULL */
    const char *odd_end;
    const char *foreign; /* why wrk did not print this line (static); or NULL */
} WbWrkLine;

/** wb_wrk_line_scan: recognises one line, without its line end and without escape sequences.
 * Linear in its length. `out` points into the line. */
void wb_wrk_line_scan(const char *line, const char *line_end, WbWrkLine *out);

#endif
