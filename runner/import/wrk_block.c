/*
 * Collecting is a matter of "the first line of each kind counts"; the judging is arithmetic on
 * intervals: every printed figure stands for value +- half.
 */
#include "runner/import/wrk_block.h"

#include <math.h>
#include <string.h>

#include "runner/import/wrk_command.h"

#define NS_PER_S  1e9
#define NS_PER_MS 1e6

void wb_wrk_block_init(WbWrkBlock *block)
{
    *block = (WbWrkBlock){
        .url = g_string_new(NULL),
        .command = g_string_new(NULL),
        .mismatch = g_string_new(NULL),
        .started = g_string_new(NULL),
    };
}

void wb_wrk_block_clear(WbWrkBlock *block)
{
    g_string_free(block->url, TRUE);
    g_string_free(block->command, TRUE);
    g_string_free(block->mismatch, TRUE);
    g_string_free(block->started, TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(block->spectra); i++)
        g_free(block->spectra[i]);
}

void wb_wrk_block_open(WbWrkBlock *block, int64_t log_line)
{
    GString *url = g_string_truncate(block->url, 0);
    GString *command = g_string_truncate(block->command, 0);
    GString *mismatch = g_string_truncate(block->mismatch, 0);
    GString *started = g_string_truncate(block->started, 0);
    WbSpectrum *recorded = block->spectra[0], *uncorrected = block->spectra[1];

    *block = (WbWrkBlock){
        .log_line = log_line,
        .elapsed = {WB_NONE, 0},
        .rate = {NAN, 0},
        .transfer = {WB_NONE, 0},
        .url = url,
        .command = command,
        .mismatch = mismatch,
        .started = started,
        .spectra = {recorded, uncorrected},
    };
    wb_run_init(&block->run);
}

bool wb_wrk_block_has(const WbWrkBlock *block, WbWrkLineKind kind)
{
    return block->seen & (UINT32_C(1) << kind);
}

/* ---- collecting --------------------------------------------------------------------------- */

static void set_text(GString *out, const char *begin, const char *end)
{
    g_autofree char *valid = g_utf8_make_valid(begin, end - begin);

    g_string_assign(out, valid);
}

static void set_latency(WbRun *run, const WbWrkLine *line)
{
    if (line->no_data)
        return;
    run->latency_mean_ns = line->time[0].value;
    run->latency_mean_ns_half = line->time[0].half;
    run->latency_stdev_ns = line->time[1].value;
    run->latency_stdev_ns_half = line->time[1].half;
    run->latency_max_ns = line->time[2].value;
    run->latency_max_ns_half = line->time[2].half;
}

static void set_req_sec(WbRun *run, const WbWrkLine *line)
{
    if (line->no_data)
        return;
    run->req_sec_mean_per_s = line->rate[0].value;
    run->req_sec_stdev_per_s = line->rate[1].value;
    run->req_sec_max_per_s = line->rate[2].value;
    run->req_sec_half = fmax(line->rate[0].half, fmax(line->rate[1].half, line->rate[2].half));
}

static void set_percentile(WbWrkBlock *block, const WbWrkLine *line)
{
    WbRun *run = &block->run;
    const struct {
        double percent;
        int64_t *ns;
        int64_t *half;
    } places[] = {
        {50, &run->latency_p50_ns, &run->latency_p50_ns_half},
        {75, &run->latency_p75_ns, &run->latency_p75_ns_half},
        {90, &run->latency_p90_ns, &run->latency_p90_ns_half},
        {95, &run->latency_p95_ns, &run->latency_p95_ns_half},
        {99, &run->latency_p99_ns, &run->latency_p99_ns_half},
        {99.9, &run->latency_p999_ns, &run->latency_p999_ns_half},
    };

    if (block->is_uncorrected || line->no_data)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        if (fabs(line->rate[0].value - places[i].percent) < 1e-6 && *places[i].ns == WB_NONE) {
            *places[i].ns = line->time[0].value;
            *places[i].half = line->time[0].half;
        }
}

static void set_start(WbWrkBlock *block, const WbWrkLine *line)
{
    block->is_wrk1 = line->kind == WB_WRK_MAKING;
    if (line->kind == WB_WRK_START) {
        block->run.asked_duration_ns = line->time[0].value;
        block->run.asked_duration_ns_half = line->time[0].half;
    }
    if (block->is_wrk1)
        block->run.asked_requests = line->count[0];
    set_text(block->url, line->url, line->url_end);
}

static void set_totals(WbWrkBlock *block, const WbWrkLine *line)
{
    block->run.requests = line->count[0];
    block->elapsed = line->time[0];
    block->run.bytes = line->bytes.value;
    block->run.bytes_half = line->bytes.half;
}

static void set_figures(WbWrkBlock *block, const WbWrkLine *line)
{
    WbRun *run = &block->run;

    switch (line->kind) {
    case WB_WRK_START:
    case WB_WRK_MAKING:
        set_start(block, line);
        break;
    case WB_WRK_THREADS:
        run->threads = line->count[0];
        run->connections = line->count[1];
        break;
    case WB_WRK_LATENCY:
        set_latency(run, line);
        break;
    case WB_WRK_REQ_SEC:
        set_req_sec(run, line);
        break;
    case WB_WRK_TOTALS:
        set_totals(block, line);
        break;
    case WB_WRK_SOCKET:
        run->errors_connect = line->count[0];
        run->errors_read = line->count[1];
        run->errors_write = line->count[2];
        run->errors_timeout = line->count[3];
        break;
    case WB_WRK_STATUS:
        run->errors_status = line->count[0];
        break;
    case WB_WRK_RATE:
        block->rate = line->rate[0];
        break;
    case WB_WRK_TRANSFER:
        block->transfer = line->bytes;
        break;
    default:
        break;
    }
}

/* Lines that may come more than once, or hold no figure of the run. */
static bool add_repeated(WbWrkBlock *block, const WbWrkLine *line)
{
    switch (line->kind) {
    case WB_WRK_DISTRIBUTION:
        block->in_distribution = true;
        block->is_uncorrected = line->is_uncorrected;
        return true;
    case WB_WRK_PERCENTILE:
        if (block->in_distribution)
            set_percentile(block, line);
        return block->in_distribution;
    case WB_WRK_CALIBRATION:
    case WB_WRK_SPECTRUM:
        return true;
    default:
        return false;
    }
}

bool wb_wrk_block_add(WbWrkBlock *block, const WbWrkLine *line)
{
    bool belongs = line->kind >= WB_WRK_START;
    bool counts = belongs && !wb_wrk_block_has(block, line->kind);

    if (line->kind == WB_WRK_DISTRIBUTION || line->kind == WB_WRK_PERCENTILE ||
        line->kind == WB_WRK_CALIBRATION || line->kind == WB_WRK_SPECTRUM)
        counts = belongs = add_repeated(block, line);
    else if (counts)
        set_figures(block, line);
    if (!counts)
        return belongs;
    block->seen |= UINT32_C(1) << line->kind;
    block->is_wrk2 |= line->is_wrk2;
    if (line->foreign && !block->foreign)
        block->foreign = line->foreign;
    if (line->odd && block->mismatch->len == 0)
        g_string_printf(block->mismatch, "wrk would not write '%.*s'",
                        (int)MIN(line->odd_end - line->odd, 40), line->odd);
    return true;
}

void wb_wrk_block_set_started(WbWrkBlock *block, const char *started)
{
    g_string_assign(block->started, started);
}

bool wb_wrk_block_add_spectrum(WbWrkBlock *block, const char *line, const char *line_end)
{
    size_t i = block->is_uncorrected;

    if (!block->is_wrk2)
        return false;
    if (!block->has_spectrum[i]) {
        if (!block->spectra[i])
            block->spectra[i] = g_new(WbSpectrum, 1);
        wb_spectrum_clear(block->spectra[i]);
        block->has_spectrum[i] = true;
    }
    return wb_spectrum_foot(block->spectra[i], line, line_end, NS_PER_MS) ||
           wb_spectrum_row(block->spectra[i], line, line_end, NS_PER_MS);
}

/* ---- judging ------------------------------------------------------------------------------ */

/* Whether `printed` can be the rounded quotient of two figures that are rounded themselves. */
static bool is_quotient(double low, double high, double time_low, double time_high, double printed,
                        double printed_half)
{
    const double slack = 1e-9 * (fabs(printed) + 1); /* of the floating-point arithmetic */

    if (time_low <= 0)
        return true;
    return printed >= low / time_high - printed_half - slack &&
           printed <= high / time_low + printed_half + slack;
}

/* Replaces a remark on the spelling: that figures disagree says more. */
static void judge_agreement(WbWrkBlock *block)
{
    const WbRun *run = &block->run;
    double time_low = (double)(block->elapsed.value - block->elapsed.half) / NS_PER_S;
    double time_high = (double)(block->elapsed.value + block->elapsed.half) / NS_PER_S;
    double requests = (double)run->requests;
    char rate[40];

    if (block->elapsed.value == WB_NONE)
        return;
    if (!isnan(block->rate.value) && !is_quotient(requests, requests, time_low, time_high,
                                                  block->rate.value, block->rate.half)) {
        g_ascii_formatd(rate, sizeof rate, "%.2f", block->rate.value);
        g_string_printf(block->mismatch,
                        "%" G_GINT64_FORMAT " requests in the printed time are not %s a second",
                        run->requests, rate);
    } else if (block->transfer.value != WB_NONE && run->bytes != WB_NONE &&
               !is_quotient((double)(run->bytes - run->bytes_half),
                            (double)(run->bytes + run->bytes_half), time_low, time_high,
                            (double)block->transfer.value, (double)block->transfer.half)) {
        g_string_assign(block->mismatch, "the bytes read in the printed time are not the "
                                         "printed Transfer/sec");
    }
}

/* The finer of the two elapsed times that the text holds. */
static void set_elapsed(WbWrkBlock *block)
{
    WbRun *run = &block->run;
    double finer;
    double half;

    run->elapsed_ns = block->elapsed.value;
    run->elapsed_ns_half = block->elapsed.half;
    if (run->elapsed_ns == WB_NONE || run->requests <= 0 || !(block->rate.value > block->rate.half))
        return;
    finer = (double)run->requests / block->rate.value * NS_PER_S;
    /* To the far side: requests / (rate - half) lies further off than requests / (rate + half). */
    half = finer * block->rate.half / (block->rate.value - block->rate.half);
    if (half >= (double)run->elapsed_ns_half ||
        fabs(finer - (double)run->elapsed_ns) > half + (double)run->elapsed_ns_half)
        return;
    run->elapsed_ns = llround(finer);
    run->elapsed_ns_half = (int64_t)ceil(half + 0.5); /* llround moves it by up to half a ns */
}

/* Whether a command line found above can be that of this run: it names no other threads or
 * connections, and if another run has used it already, no other URL. */
static bool is_command_of(const WbWrkCommand *command, const WbWrkBlock *block, bool is_own)
{
    const WbRun *run = &block->run;
    const GString *url = block->url;

    if (command->threads != WB_NONE && run->threads != WB_NONE && command->threads != run->threads)
        return false;
    if (command->connections != WB_NONE && run->connections != WB_NONE &&
        command->connections != run->connections)
        return false;
    return is_own || !command->url || url->len == 0 ||
           ((size_t)(command->url_end - command->url) == url->len &&
            memcmp(command->url, url->str, url->len) == 0);
}

static void use_command(WbWrkBlock *block, const char *text, bool is_own)
{
    WbWrkCommand command;
    WbRun *run = &block->run;
    int64_t asked = run->asked_duration_ns;
    bool agrees;

    wb_wrk_command_parse(text, &command);
    if (!is_command_of(&command, block, is_own))
        return;
    set_text(block->command, text, text + strlen(text));
    run->command = block->command->str;
    agrees = command.duration_ns == WB_NONE || asked == WB_NONE ||
             ABS(command.duration_ns - asked) <= run->asked_duration_ns_half;
    if (!agrees)
        return; /* the line says -d 60 and the run lasted 5 s: its other settings prove nothing */
    if (command.duration_ns != WB_NONE && asked != WB_NONE) {
        run->asked_duration_ns = command.duration_ns;
        run->asked_duration_ns_half = 0;
    }
    run->timeout_ns = command.timeout_ns;
    if (block->is_wrk2)
        run->rate_per_s = command.rate_per_s;
}

/* A run that ended clearly before its asked duration was stopped. wrk itself never ends early. */
static bool is_stopped(const WbRun *run)
{
    if (run->asked_duration_ns == WB_NONE || run->elapsed_ns == WB_NONE)
        return false;
    return (double)(run->elapsed_ns + run->elapsed_ns_half) <
           0.95 * (double)(run->asked_duration_ns - run->asked_duration_ns_half);
}

static void set_errors(WbWrkBlock *block)
{
    WbRun *run = &block->run;

    /* wrk prints both lines before Requests/sec, and only if one of their figures is not 0. */
    if (!wb_wrk_block_has(block, WB_WRK_RATE))
        return;
    if (!wb_wrk_block_has(block, WB_WRK_SOCKET))
        run->errors_connect = run->errors_read = run->errors_write = run->errors_timeout = 0;
    if (!wb_wrk_block_has(block, WB_WRK_STATUS))
        run->errors_status = 0;
}

/* The spectra that are sound; what is wrong with one is said where nothing else is. */
static void set_histograms(WbWrkBlock *block)
{
    static const char *const kinds[] = {"latency", "service"};

    block->details = (WbRunDetails){.hists = block->hists};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        WbSpectrum *spectrum = block->spectra[i];
        const char *wrong;

        if (!block->has_spectrum[i] || (spectrum->rows_n == 0 && !spectrum->broken))
            continue;
        wrong = wb_spectrum_finish(spectrum);
        if (!wrong && block->run.requests != WB_NONE && spectrum->hist.count > block->run.requests)
            wrong = "its percentile spectrum counts more answers than there were";
        if (!wrong)
            block->hists[block->details.hists_n++] = (WbHistRecord){kinds[i], &spectrum->hist};
        else if (block->mismatch->len == 0)
            g_string_assign(block->mismatch, wrong);
    }
    block->run.details = block->details.hists_n ? &block->details : NULL;
}

/* A row without a sample is nan; its percentiles are printed as 0.00us all the same. */
static void drop_percentiles_of_nothing(WbWrkBlock *block)
{
    WbRun *run = &block->run;
    int64_t *const places[] = {&run->latency_p50_ns, &run->latency_p75_ns, &run->latency_p90_ns,
                               &run->latency_p95_ns, &run->latency_p99_ns, &run->latency_p999_ns};

    if (!wb_wrk_block_has(block, WB_WRK_LATENCY) || run->latency_mean_ns != WB_NONE)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        *places[i] = WB_NONE;
}

static void set_words(WbWrkBlock *block)
{
    WbRun *run = &block->run;
    bool is_whole = wb_wrk_block_has(block, WB_WRK_TOTALS) && wb_wrk_block_has(block, WB_WRK_RATE);

    run->tool = block->is_wrk2 ? "wrk2" : "wrk";
    run->tool_version = block->is_wrk1 ? "1.x" : NULL;
    run->status = is_whole && !is_stopped(run) ? "complete" : "partial";
    if (run->latency_mean_ns != WB_NONE || run->latency_p50_ns != WB_NONE)
        run->latency_kind = block->is_wrk2   ? "from due time"
                            : block->is_wrk1 ? NULL
                                             : "corrected by wrk";
    run->started_at = block->started->len ? block->started->str : NULL;
    run->url = block->url->len ? block->url->str : NULL;
    run->log_line = block->log_line;
    run->printed_mismatch = block->mismatch->len ? block->mismatch->str : NULL;
}

const WbRun *wb_wrk_block_finish(WbWrkBlock *block, const char *command, bool is_own,
                                 const char **out_refused)
{
    bool has_figures = wb_wrk_block_has(block, WB_WRK_TOTALS) ||
                       wb_wrk_block_has(block, WB_WRK_LATENCY) ||
                       wb_wrk_block_has(block, WB_WRK_REQ_SEC);

    *out_refused = block->foreign;
    if (!has_figures && !block->foreign)
        *out_refused = "no figures follow";
    if (*out_refused)
        return NULL;
    block->run.requests_per_s = block->rate.value;
    block->run.requests_per_s_half = block->rate.half;
    set_elapsed(block);
    if (command)
        use_command(block, command, is_own);
    set_errors(block);
    drop_percentiles_of_nothing(block);
    judge_agreement(block);
    set_histograms(block);
    set_words(block);
    return &block->run;
}
