/*
 * Round trip: true values, printed by wrk's rules and read again, lie within value +- half width,
 * whatever they are. The printer here is written from the rules that wrk's units.c follows (a value
 * moves to the next unit at 0.85 of it, two decimals, cells cut to their width), and is itself held
 * against what real wrk printed: the figures of tests/data/EXPECTED.tsv.
 *
 * ROUND_TRIPS=1000000 for a long trial; WRKBOOK_SEED=N repeats one.
 */
#include <math.h>
#include <string.h>

#include "runner/import/parser.h"

/* ---- wrk's printer -------------------------------------------------------------------------- */

/* Units of one kind: the last of them is never reached. */
typedef struct {
    double scale;
    const char *names[7];
} Units;

static const Units of_us = {1000, {"us", "ms", "s", NULL}};
static const Units of_s = {60, {"s", "m", "h", NULL}};
static const Units of_count = {1000, {"", "k", "M", "G", "T", "P", NULL}};
static const Units of_bytes = {1024, {"", "K", "M", "G", "T", "P", NULL}};

static void print_units(char *out, size_t size, double value, const Units *units, int decimals)
{
    size_t i = 0;

    while (units->names[i + 2] && value >= 0.85 * units->scale) {
        value /= units->scale;
        i++;
    }
    g_snprintf(out, (gulong)size, "%.*f%s", decimals, value, units->names[i]);
}

static const char *time_us(char *out, double us)
{
    if (us >= 1e6)
        print_units(out, 40, us / 1e6, &of_s, 2);
    else
        print_units(out, 40, us, &of_us, 2);
    return out;
}

static const char *count(char *out, double value)
{
    print_units(out, 40, value, &of_count, 2);
    return out;
}

static const char *bytes(char *out, double value)
{
    print_units(out, 40, value, &of_bytes, 2);
    return out;
}

/* ---- true values ---------------------------------------------------------------------------- */

typedef struct {
    int64_t threads, connections, duration_s;
    double latency_us[3]; /* mean, deviation, maximum */
    double per_s[3];      /* Req/Sec */
    double share[2];      /* per cent within one deviation */
    double quantile_us[4];
    int64_t requests, bytes;
    int64_t elapsed_us;
    int64_t errors[4], status;
    bool has_quantiles;
} Truth;

/* From low to high, each power of ten as likely. */
static double scaled(GRand *rand, double low, double high)
{
    return exp(g_rand_double_range(rand, log(low), log(high)));
}

static int64_t whole(GRand *rand, double low, double high)
{
    return (int64_t)scaled(rand, low, high);
}

static Truth draw(GRand *rand)
{
    Truth t = {.threads = whole(rand, 1, 64), .duration_s = whole(rand, 1, 5000)};

    t.connections = t.threads * whole(rand, 1, 1000);
    for (int i = 0; i < 3; i++) {
        t.latency_us[i] = scaled(rand, 0.01, 3e8);
        t.per_s[i] = scaled(rand, 0.01, 1e9);
    }
    t.latency_us[2] = floor(t.latency_us[2]);
    t.share[0] = g_rand_double_range(rand, 0, 100);
    t.share[1] = g_rand_double_range(rand, 0, 100);
    t.has_quantiles = g_rand_boolean(rand);
    for (int i = 0; i < 4; i++)
        t.quantile_us[i] = floor(scaled(rand, 1, 3e8)); /* wrk's histogram holds whole us */
    t.requests = whole(rand, 1, 1e10);
    t.bytes = whole(rand, 1, 1e15);
    t.elapsed_us = t.duration_s * 1000000 + whole(rand, 1, 3e5);
    if (g_rand_int_range(rand, 0, 3) == 0)
        for (int i = 0; i < 4; i++)
            t.errors[i] = whole(rand, 1, 2e9) - 1;
    t.status = g_rand_int_range(rand, 0, 3) == 0 ? whole(rand, 1, 2e9) : 0;
    return t;
}

static void print_row(GString *out, const char *name, const char *cells[3], double share)
{
    g_string_append_printf(out, "    %-10s%8.8s  %10.10s %9.9s %8.2f%%\n", name, cells[0], cells[1],
                           cells[2], share);
}

static char *print(const Truth *t)
{
    static const int quantiles[] = {50, 75, 90, 99};
    GString *out = g_string_new(NULL);
    double elapsed_s = (double)t->elapsed_us / 1e6;
    char a[40], b[40], c[40];

    print_units(a, sizeof a, (double)t->duration_s, &of_s, 0);
    g_string_append_printf(out, "Running %s test @ http://127.0.0.1:8080/\n", a);
    g_string_append_printf(out, "  %d threads and %d connections\n", (int)t->threads,
                           (int)t->connections);
    g_string_append(out, "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n");
    print_row(out, "Latency",
              (const char *[]){time_us(a, t->latency_us[0]), time_us(b, t->latency_us[1]),
                               time_us(c, t->latency_us[2])},
              t->share[0]);
    print_row(out, "Req/Sec",
              (const char *[]){count(a, t->per_s[0]), count(b, t->per_s[1]), count(c, t->per_s[2])},
              t->share[1]);
    if (t->has_quantiles)
        g_string_append(out, "  Latency Distribution\n");
    for (int i = 0; t->has_quantiles && i < 4; i++)
        g_string_append_printf(out, "%7d%% %10s\n", quantiles[i], time_us(a, t->quantile_us[i]));
    g_string_append_printf(out, "  %" G_GINT64_FORMAT " requests in %s, %sB read\n", t->requests,
                           time_us(a, (double)t->elapsed_us), bytes(b, (double)t->bytes));
    if (t->errors[0] || t->errors[1] || t->errors[2] || t->errors[3])
        g_string_append_printf(out, "  Socket errors: connect %d, read %d, write %d, timeout %d\n",
                               (int)t->errors[0], (int)t->errors[1], (int)t->errors[2],
                               (int)t->errors[3]);
    if (t->status)
        g_string_append_printf(out, "  Non-2xx or 3xx responses: %d\n", (int)t->status);
    g_string_append_printf(out, "Requests/sec: %9.2f\n", (double)t->requests / elapsed_s);
    g_string_append_printf(out, "Transfer/sec: %10sB\n", bytes(a, (double)t->bytes / elapsed_s));
    return g_string_free(out, FALSE);
}

/* ---- the round trip ------------------------------------------------------------------------- */

typedef struct {
    const Truth *truth;
    const char *text;
    int runs;
    int figures; /* that were compared */
} Trial;

G_GNUC_PRINTF(1, 2)
static void fault(const char *format, ...)
{
    g_autofree char *words = NULL;
    va_list arguments;

    va_start(arguments, format);
    words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_test_message("%s", words);
    g_test_fail();
}

static void holds(Trial *trial, const char *what, double value, double half, double truth)
{
    /* What a double of ns can hold: a billionth. */
    if (fabs(value - truth) > half + 1e-9 * fabs(truth))
        fault("%s: %.15g +- %.15g does not hold %.15g, in\n%s", what, value, half, truth,
              trial->text);
    trial->figures++;
}

static void holds_time(Trial *trial, const char *what, int64_t ns, int64_t half_ns, double us,
                       int width)
{
    char printed[40];

    /* A cell that was cut cannot be read, and must not be. */
    if (ns == WB_NONE && width && (int)strlen(time_us(printed, us)) > width)
        return;
    holds(trial, what, ns == WB_NONE ? NAN : (double)ns, (double)half_ns, us * 1000);
    if (ns == WB_NONE)
        fault("%s is missing, in\n%s", what, trial->text);
}

static void exact(Trial *trial, const char *what, int64_t value, int64_t truth)
{
    if (value != truth)
        fault("%s: %" G_GINT64_FORMAT " is not %" G_GINT64_FORMAT ", in\n%s", what, value, truth,
              trial->text);
    trial->figures++;
}

static void check_latencies(Trial *trial, const WbRun *run)
{
    const Truth *t = trial->truth;

    holds_time(trial, "mean", run->latency_mean_ns, run->latency_mean_ns_half, t->latency_us[0], 8);
    holds_time(trial, "deviation", run->latency_stdev_ns, run->latency_stdev_ns_half,
               t->latency_us[1], 10);
    holds_time(trial, "maximum", run->latency_max_ns, run->latency_max_ns_half, t->latency_us[2],
               9);
    if (!t->has_quantiles)
        return;
    holds_time(trial, "50 %", run->latency_p50_ns, run->latency_p50_ns_half, t->quantile_us[0], 0);
    holds_time(trial, "75 %", run->latency_p75_ns, run->latency_p75_ns_half, t->quantile_us[1], 0);
    holds_time(trial, "90 %", run->latency_p90_ns, run->latency_p90_ns_half, t->quantile_us[2], 0);
    holds_time(trial, "99 %", run->latency_p99_ns, run->latency_p99_ns_half, t->quantile_us[3], 0);
}

static bool check_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    Trial *trial = user_data;
    const Truth *t = trial->truth;
    double elapsed_s = (double)t->elapsed_us / 1e6;

    (void)labels;
    (void)error;
    trial->runs++;
    check_latencies(trial, run);
    holds(trial, "Req/Sec mean", run->req_sec_mean_per_s, run->req_sec_half, t->per_s[0]);
    holds(trial, "Req/Sec deviation", run->req_sec_stdev_per_s, run->req_sec_half, t->per_s[1]);
    holds(trial, "Req/Sec maximum", run->req_sec_max_per_s, run->req_sec_half, t->per_s[2]);
    holds(trial, "duration", (double)run->asked_duration_ns, (double)run->asked_duration_ns_half,
          (double)t->duration_s * 1e9);
    holds_time(trial, "elapsed", run->elapsed_ns, run->elapsed_ns_half, (double)t->elapsed_us, 0);
    holds(trial, "rate", run->requests_per_s, run->requests_per_s_half,
          (double)t->requests / elapsed_s);
    holds(trial, "bytes", (double)run->bytes, (double)run->bytes_half, (double)t->bytes);
    exact(trial, "threads", run->threads, t->threads);
    exact(trial, "connections", run->connections, t->connections);
    exact(trial, "requests", run->requests, t->requests);
    exact(trial, "connect", run->errors_connect, t->errors[0]);
    exact(trial, "read", run->errors_read, t->errors[1]);
    exact(trial, "write", run->errors_write, t->errors[2]);
    exact(trial, "timeout", run->errors_timeout, t->errors[3]);
    exact(trial, "status", run->errors_status, t->status);
    if (run->printed_mismatch)
        fault("true figures are said to contradict each other: %s\n%s", run->printed_mismatch,
              trial->text);
    return true;
}

static bool refuse_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    const Trial *trial = user_data;
    const Truth *t = trial->truth;
    bool has_cut = false;

    (void)error;
    for (int i = 0; i < 3; i++) {
        static const int widths[] = {8, 10, 9};
        char printed[40];

        has_cut = has_cut || (int)strlen(time_us(printed, t->latency_us[i])) > widths[i];
    }
    if (!has_cut)
        fault("not understood: %s (%s)", line->text, line->reason);
    return true;
}

static void test_every_interval_holds_its_true_value(void)
{
    const char *trips = g_getenv("ROUND_TRIPS");
    const char *seed_text = g_getenv("WRKBOOK_SEED");
    guint32 seed = seed_text ? (guint32)g_ascii_strtoull(seed_text, NULL, 10) : g_random_int();
    GRand *rand = g_rand_new_with_seed(seed);
    int n = trips ? atoi(trips) : 10000;
    int figures = 0;

    g_test_message("WRKBOOK_SEED=%u", seed);
    for (int i = 0; i < n && !g_test_failed(); i++) {
        const Truth truth = draw(rand);
        g_autofree char *text = print(&truth);
        Trial trial = {&truth, text, 0, 0};
        const WbSink sink = {check_run, NULL, refuse_unread, &trial};
        g_autoptr(GError) error = NULL;

        g_assert_true(wb_parser_wrk.parse(text, strlen(text), &sink, &error));
        g_assert_no_error(error);
        g_assert_cmpint(trial.runs, ==, 1);
        figures += trial.figures;
    }
    g_test_message("%d figures", figures);
    g_assert_cmpint(figures, >, 15 * n);
    g_rand_free(rand);
}

/* ---- the printer against real wrk ----------------------------------------------------------- */

/* The middle of what a printed time stands for, in us, by digits and unit alone; NAN: no time. */
static double middle_us(const char *printed)
{
    static const struct {
        const char *unit;
        double us;
    } units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 6e7}};
    char *unit;
    double value = g_ascii_strtod(printed, &unit);

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (unit != printed && strcmp(unit, units[i].unit) == 0)
            return value * units[i].us;
    return NAN;
}

static void test_printer_spells_as_real_wrk_does(void)
{
    static const int columns[] = {9, 10, 11, 17, 18, 19, 20, 26}; /* times, in EXPECTED.tsv */
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    int compared = 0;

    g_assert_true(g_file_get_contents("tests/data/EXPECTED.tsv", &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines + 1; *line && **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);

        if (g_strv_length(cells) < 40 || strcmp(cells[39], "yes") != 0)
            continue; /* typed by hand, or by another program */
        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
            double us = middle_us(cells[columns[i]]);
            char printed[40];

            if (isnan(us))
                continue;
            g_assert_cmpstr(time_us(printed, us), ==, cells[columns[i]]);
            compared++;
        }
    }
    g_assert_cmpint(compared, >, 500);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import/wrk/round-trip", test_every_interval_holds_its_true_value);
    g_test_add_func("/import/wrk/printer", test_printer_spells_as_real_wrk_does);
    return g_test_run();
}
