/*
 * Suite plan: which run comes when.
 *
 * Interleaved: each round is all cells once, in an order of its own, so that a drift of the host
 * spreads over all of them. The round's order is a Fisher-Yates shuffle fed by SplitMix64 (Steele,
 * Lea & Flood 2014; constants in STATISTICS.md section 4); the stream of round r begins at the rth
 * number of the stream of the seed, so that no round depends on how many cells another one had. A
 * cell that has all of its runs is left out after the shuffle.
 */
#include "runner/suite.h"

typedef struct {
    uint64_t state;
} Stream;

static uint64_t next(Stream *stream)
{
    uint64_t z = stream->state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* 0 to n - 1: the high 64 bits of next() x n, in two halves as n has 32 bits. */
static uint32_t next_below(Stream *stream, uint32_t n)
{
    uint64_t z = next(stream);
    uint64_t low = (z & UINT32_MAX) * n;

    return (uint32_t)(((z >> 32) * n + (low >> 32)) >> 32);
}

static void shuffle(int *cells, uint32_t n, uint64_t seed)
{
    Stream stream = {seed};

    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = next_below(&stream, i);
        int cell = cells[i - 1];

        cells[i - 1] = cells[j];
        cells[j] = cell;
    }
}

static int runs_of(const WbSuite *suite, int cell)
{
    return ((const WbSuiteCell *)suite->cells->pdata[cell])->load.runs_max;
}

static void add_step(GArray *steps, int round, int cell)
{
    WbSuiteStep step = {.order = (int)steps->len, .round = round, .cell = cell};

    g_array_append_val(steps, step);
}

static void add_interleaved(const WbSuite *suite, GArray *steps)
{
    guint n = suite->cells->len;
    g_autofree int *cells = g_new(int, n + 1);
    Stream seeds = {suite->seed};
    bool any = true;

    for (int round = 1; any; round++) {
        any = false;
        for (guint i = 0; i < n; i++)
            cells[i] = (int)i;
        shuffle(cells, n, next(&seeds));
        for (guint i = 0; i < n; i++)
            if (runs_of(suite, cells[i]) >= round) {
                add_step(steps, round, cells[i]);
                any = true;
            }
    }
}

static void add_grouped(const WbSuite *suite, GArray *steps)
{
    for (guint i = 0; i < suite->cells->len; i++)
        for (int round = 1; round <= runs_of(suite, (int)i); round++)
            add_step(steps, round, (int)i);
}

GArray *wb_suite_steps(const WbSuite *suite)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(WbSuiteStep));

    if (suite->order == WB_ORDER_GROUPED)
        add_grouped(suite, steps);
    else
        add_interleaved(suite, steps);
    return steps;
}
