/* Error rates: see error_rates.h. */
#include "analyze/error_rates.h"

#include <math.h>
#include <string.h>

#include "analyze/stats.h"

#define CLASS(class, count_name, rate_name)                                                        \
    {count_name, WB_FIGURE_INT, false, offsetof(WbErrorFigures, of[class].count)},                 \
        {rate_name "_rate", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, of[class].rate)},      \
        {rate_name "_deff", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, of[class].deff)},      \
        {rate_name "_ci_lo", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, of[class].lo)},       \
    {                                                                                              \
        rate_name "_ci_hi", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, of[class].hi)          \
    }

static const WbFigure figures[] = {
    {"runs_with_errors", WB_FIGURE_INT, false, offsetof(WbErrorFigures, runs_with_errors)},
    {"status_errors", WB_FIGURE_BOOL, false, offsetof(WbErrorFigures, status_errors)},
    {"error_run_share", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, run_share)},
    {"error_run_ci_lo", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, run_lo)},
    {"error_run_ci_hi", WB_FIGURE_REAL, false, offsetof(WbErrorFigures, run_hi)},
    CLASS(WB_TALLY_ALL, "errors", "error"),
    CLASS(WB_TALLY_CONNECT, "errors_connect", "errors_connect"),
    CLASS(WB_TALLY_READ, "errors_read", "errors_read"),
    CLASS(WB_TALLY_WRITE, "errors_write", "errors_write"),
    CLASS(WB_TALLY_TIMEOUT, "errors_timeout", "errors_timeout"),
    CLASS(WB_TALLY_STATUS, "errors_status", "errors_status"),
};

const WbFigure *wb_error_figures(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(figures);
    return figures;
}

const char *wb_error_class_name(WbTallyClass class)
{
    static const char *const names[] = {"connect", "read", "write", "timeout", "status", "all"};

    return names[class];
}

/* Counts above 0; a sum that no int64 holds is the largest that one does. */
static int64_t sum_of(int64_t a, int64_t b)
{
    int64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

int64_t wb_error_count(const WbRun *run, WbTallyClass class)
{
    int64_t sum = WB_NONE;

    switch (class) {
    case WB_TALLY_CONNECT:
        return run->errors_connect;
    case WB_TALLY_READ:
        return run->errors_read;
    case WB_TALLY_WRITE:
        return run->errors_write;
    case WB_TALLY_TIMEOUT:
        return run->errors_timeout;
    case WB_TALLY_STATUS:
        return run->errors_status;
    default:
        for (int i = WB_TALLY_CONNECT; i <= WB_TALLY_TIMEOUT; i++) {
            int64_t count = wb_error_count(run, (WbTallyClass)i);

            if (count != WB_NONE)
                sum = sum_of(sum == WB_NONE ? 0 : sum, count);
        }
        return sum;
    }
}

/* wrk counts an answer that came after the timeout as a request and as a timeout. */
static bool counts_late_answers(const WbRun *run)
{
    return run->tool && (!strcmp(run->tool, "wrk") || !strcmp(run->tool, "wrk2"));
}

/* What could have failed, exact up to 2^64; NaN if the log does not tell how many requests there
 * were. */
static long double attempts(const WbRun *run, WbTallyClass class)
{
    long double sum = run->requests == WB_NONE ? (long double)NAN : (long double)run->requests;

    if (class == WB_TALLY_STATUS)
        return sum;
    for (int i = WB_TALLY_CONNECT; i <= WB_TALLY_TIMEOUT; i++) {
        int64_t count = wb_error_count(run, (WbTallyClass)i);

        if (count != WB_NONE && !(i == WB_TALLY_TIMEOUT && counts_late_answers(run)))
            sum += (long double)count;
    }
    return sum;
}

/* Chi-square of the runs around the common rate, over its degrees of freedom; at least 1. */
static double design_effect(const WbRun *const *runs, size_t n, WbTallyClass class, double p)
{
    double chi_square = 0;
    int64_t informative = 0;

    if (p <= 0 || p >= 1)
        return 1;
    for (size_t i = 0; i < n; i++) {
        int64_t count = wb_error_count(runs[i], class);
        double tries = (double)attempts(runs[i], class);
        double off;

        if (count == WB_NONE || !(tries > 0))
            continue;
        off = (double)count - tries * p;
        chi_square += off * off / (tries * p * (1 - p));
        informative++;
    }
    return informative < 2 ? 1 : fmax(1, chi_square / (double)(informative - 1));
}

static void add_class(const WbRun *const *runs, size_t n, WbTallyClass class, WbErrorRate *out)
{
    long double tries = 0, failed = 0; /* of the runs that tell both; exact up to 2^64 */
    WbInterval ci;

    *out = (WbErrorRate){WB_NONE, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < n; i++) {
        int64_t count = wb_error_count(runs[i], class);
        long double run_tries = attempts(runs[i], class);

        if (count == WB_NONE)
            continue;
        out->count = sum_of(out->count == WB_NONE ? 0 : out->count, count);
        if (isnan(run_tries))
            continue;
        tries += run_tries;
        failed += (long double)count;
    }
    if (tries <= 0)
        return;
    /* wrk's late answers can exceed the attempts they are not part of */
    out->rate = fmin(1, (double)failed / (double)tries);
    out->deff = design_effect(runs, n, class, out->rate);
    ci = wb_stats_wilson(out->rate, (double)tries / out->deff);
    out->lo = ci.lo;
    out->hi = ci.hi;
}

void wb_error_rates(const WbRun *const *runs, size_t n, WbErrorFigures *out)
{
    WbInterval ci;

    *out = (WbErrorFigures){.runs = (int64_t)n, .run_share = NAN};
    for (size_t i = 0; i < n; i++) {
        out->runs_with_errors += wb_run_has_socket_errors(runs[i]);
        out->status_errors |= runs[i]->errors_status > 0;
    }
    if (n)
        out->run_share = (double)out->runs_with_errors / (double)n;
    ci = wb_stats_clopper_pearson(out->runs_with_errors, (int64_t)n);
    out->run_lo = ci.lo;
    out->run_hi = ci.hi;
    for (int class = 0; class < WB_TALLIES; class ++)
        add_class(runs, n, (WbTallyClass) class, &out->of[class]);
}
