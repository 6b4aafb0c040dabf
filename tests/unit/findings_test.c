/*
 * Findings: a run with the evidence of each signature gets that finding and no other; clean runs
 * get none. Figures are those that were measured when the signatures were provoked with gunicorn,
 * gevent, eventlet and uWSGI.
 */
#include <glib.h>
#include <string.h>

#include "analyze/case_findings.h"
#include "tests/unit/findings_case.h"
#include "tests/unit/fixture.h"

/* ---- a database of one run ------------------------------------------------------------------ */

static char *found_in(WbStore *store, char **out_sentence)
{
    g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) findings = wb_store_load_findings(store, NULL, text, &error);
    GString *names = g_string_new(NULL);

    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        const WbFindingRecord *f = &g_array_index(findings, WbFindingRecord, i);

        g_string_append_printf(names, "%s%s", i ? ", " : "", f->finding);
        g_assert_true(g_str_has_suffix(f->sentence, "."));
        g_assert_true(g_str_has_suffix(f->advice, "."));
        g_test_message("%s: %s", f->finding, f->sentence);
    }
    if (out_sentence && findings->len > 0)
        *out_sentence = g_strdup(g_array_index(findings, WbFindingRecord, 0).sentence);
    return g_string_free(names, FALSE);
}

/* Findings of a run, names by comma; and its first sentence. */
static char *found(Case *c, char **out_sentence)
{
    WbCampaign campaign = {.kind = g_strdup("suite"), .host = g_strdup("{\"cpus\":2,\"x\":1}")};
    Fixture f;
    char *names;

    fixture_init(&f);
    g_assert_true(wb_store_add_campaign(f.store, &campaign, NULL));
    wb_campaign_clear(&campaign);
    fixture_add_run(&f, "server=gunicorn framework=flask", &c->run, &c->details);
    names = found_in(f.store, out_sentence);
    fixture_clear(&f);
    return names;
}

/* ---- the signatures ------------------------------------------------------------------------- */

static void silent_close(Case *c)
{
    set_requests(c, 27057, 11);
    c->run.errors_read = 27057;
    c->probes[0].reused = c->probes[1].reused = 0;
    c->probes[0].close_ns = c->probes[1].close_ns = 300000;
}

static void silent_close_native(Case *c)
{
    silent_close(c);
    c->run.errors_read = 27050; /* the last ones may still be open */
    c->run.reconnects = 27050;
    c->run.connections_opened = 27250;
    c->run.in_flight_mean = 55;
    add_fault(c, "idle", "closed after a whole response without announcing it", 27040, 1, 6 * S);
    add_fault(c, "idle", "Connection reset by peer", 10, 1, 6 * S);
    c->details.probes_n = 0;
}

/* As it came out beside a machine full of other work: closes of replies of the warm-up. */
static void silent_close_slow(Case *c)
{
    silent_close_native(c);
    set_requests(c, 6607, 80);
    c->run.errors_read = 6754;
    c->run.reconnects = c->run.connections_opened = 6700;
    c->faults[0].count = 6297;
    c->faults[1].count = 457;
}

static void by_end(Case *c)
{
    set_requests(c, 33745, 9);
    c->run.errors_read = 33745;
    for (int i = 0; i < 2; i++) {
        g_strlcpy(c->probes[i].framing, "eof", sizeof c->probes[i].framing);
        c->probes[i].reused = 0;
        c->probes[i].announced_close = 1;
    }
}

static void by_end_native(Case *c)
{
    by_end(c);
    c->run.errors_read = 0;
    c->run.reconnects = 33745;
    c->run.in_flight_mean = 80;
}

static void close_text(Case *c)
{
    silent_close(c);
    c->run.latency_mean_ns = 35000000;
}

static void overflow(Case *c)
{
    set_counter(c, "ListenOverflows", 1461);
    set_counter(c, "TCPSynRetrans", 1460);
    c->run.errors_timeout = 16;
    c->run.latency_max_ns = 1690000000;
    c->run.in_flight_mean = 60;
    c->run.latency_mean_ns = 8000000;
    c->run.connections_answered = 199;
    add_fault(c, "wait", "no whole response within the timeout", 16, 2 * S, 5 * S);
}

static void carry_over(Case *c)
{
    set_requests(c, 611, 1500);
    c->run.latency_max_ns = 19 * S / 10;
    c->run.busy_before = 1;
    set_counter(c, "OutRsts", 199);
}

static void carry_over_all(Case *c)
{
    set_requests(c, 0, 0);
    c->run.latency_mean_ns = c->run.latency_max_ns = WB_NONE;
    c->run.in_flight_mean = NAN;
    c->run.connections_answered = 0;
    c->run.busy_before = 1;
    c->run.errors_timeout = 200;
    set_counter(c, "ListenOverflows", 367); /* who is busy accepts nothing */
}

static void resets_alone(Case *c)
{
    set_counter(c, "OutRsts", 199);
}

static void nothing(Case *c)
{
    carry_over_all(c);
    c->run.errors_timeout = 0;
    set_counter(c, "ListenOverflows", 0);
    c->run.busy_before = 0;
}

static void nothing_text(Case *c)
{
    carry_over_all(c);
    c->run.errors_timeout = 0;
    c->run.busy_before = WB_NONE;
}

static void heartbeat(Case *c)
{
    set_workers(c, "11 12 13", "14 15 16");
    c->run.errors_read = 74;
    c->run.server_output = "[CRITICAL] WORKER TIMEOUT (pid:11)";
}

static void worker_died(Case *c)
{
    set_workers(c, "11 12 13", "11 12 14");
    c->run.errors_read = 59;
}

static void worker_died_unseen(Case *c)
{
    set_workers(c, "11 12 13", "11 12 14");
}

static void worker_lost(Case *c)
{
    set_workers(c, "11 12 13", "11 12");
}

static void recycled(Case *c)
{
    set_workers(c, "11 12 13", "14 15 16");
    c->run.connections_opened = 3390;
    set_counter(c, "ActiveOpens", 3390);
}

static void server_died(Case *c)
{
    c->run.status = "failed";
    c->run.failure = "the server ended during the run";
    c->run.server_end = "signal 9 (Killed)";
    c->run.errors_read = 295;
    c->run.errors_write = 97202;
    c->run.req_sec_mean_per_s *= 2;
    set_counter(c, "AttemptFails", 97402);
    set_workers(c, "11 12 13", "");
}

static void refused_text(Case *c)
{
    c->run.errors_read = 200;
    c->run.errors_write = 94202;
    c->run.req_sec_mean_per_s *= 2;
}

static void refused(Case *c)
{
    c->run.errors_connect = 12;
    add_fault(c, "connect", "Connection refused", 12, S, 2 * S);
}

static void not_begun(Case *c)
{
    const char *tool = c->run.tool;

    wb_run_init(&c->run);
    c->run.tool = tool;
    c->run.status = "failed";
    c->run.connections = 200;
    c->run.failure = "uwsgi ended with exit status 1 before it was ready: getopt_long() error";
    memset(&c->details, 0, sizeof c->details);
}

static void no_files_text(Case *c)
{
    c->run.errors_connect = 104;
    c->run.latency_mean_ns = 13000000;
}

static void no_files(Case *c)
{
    c->run.errors_connect = 104;
    c->run.connections_answered = 96;
    c->run.in_flight_mean = 95;
    add_fault(c, "connect", "Too many open files", 104, 0, S);
}

static void no_ports(Case *c)
{
    c->run.errors_connect = 300;
    add_fault(c, "connect", "Cannot assign requested address", 300, S, 5 * S);
}

static void server_files(Case *c)
{
    c->run.connections_answered = 87;
    c->run.in_flight_mean = 85;
    c->run.server_output = "OSError: [Errno 24] Too many open files";
}

static void starved(Case *c)
{
    set_requests(c, 49158, 0.36);
    c->run.connections_answered = 3;
    c->run.in_flight_mean = 2.9;
    c->run.errors_timeout = 394;
    set_counter(c, "ListenOverflows", 95);
    add_fault(c, "wait", "no whole response within the timeout", 394, 2 * S, 4 * S);
}

static void starved_text(Case *c)
{
    set_requests(c, 49158, 0.36);
}

static void uneven(Case *c)
{
    c->run.in_flight_mean = 26;
}

static void stalled(Case *c)
{
    c->run.errors_timeout = 200;
    add_fault(c, "wait", "no whole response within the timeout", 200, 3 * S, 3 * S + S / 10);
}

static void stalled_text(Case *c)
{
    c->run.errors_timeout = 200;
    c->run.req_sec_mean_per_s *= 2;
}

static void error_page(Case *c)
{
    c->run.errors_status = c->run.requests;
    c->probes[0].status = c->probes[1].status = 404;
}

static void some_errors(Case *c)
{
    c->run.errors_status = 12;
}

static void client_full(Case *c)
{
    c->thread.cpu_user_ns = 3 * S;
    c->thread.cpu_system_ns = 5 * S / 2;
}

static void idle(Case *c)
{
    c->run.server_cpu_ns = 4 * S;
}

/* One worker that is full on a host of two cores: nothing waits. */
static void one_full_worker(Case *c)
{
    c->run.server_cpu_ns = 6 * S;
    c->run.server_processes = 2;
}

static void foreign(Case *c)
{
    c->run.foreign_cpu_share = 0.116;
}

static void steal(Case *c)
{
    c->run.steal_share = 0.088;
}

static void few_timeouts(Case *c)
{
    c->run.errors_timeout = 24;
    add_fault(c, "wait", "no whole response within the timeout", 24, 2 * S, 5 * S);
}

static void hidden(Case *c)
{
    c->run.timeout_ns = 6 * S;
    c->run.latency_max_ns = 5 * S;
}

static void above(Case *c)
{
    c->run.timeout_ns = S;
    c->run.latency_max_ns = 1390000000;
}

static void stalls(Case *c)
{
    c->run.req_sec_mean_per_s *= 2;
}

static void changed(Case *c)
{
    g_strlcpy(c->probes[1].body_sha256, "bb", sizeof c->probes[1].body_sha256);
}

static void contradiction(Case *c)
{
    c->run.printed_mismatch = "Requests/sec is not requests / time";
}

static void three_errors(Case *c)
{
    c->run.errors_read = 3;
}

static void other_tool(Case *c)
{
    c->run.tool = "hey";
    c->run.errors_timeout = 5;
}

/* 7287 replies a second of 60 ms are 437 open at a time; 200 connections give 27.4 ms at most. */
static void padded(Case *c)
{
    c->run.latency_kind = "corrected by wrk";
    set_requests(c, 43722, 60);
}

static void nearly_full(Case *c)
{
    c->run.latency_kind = "corrected by wrk";
    set_requests(c, 43722, 30);
}

/* 35 +- 5 ms: 218 open at a time are within what was rounded. */
static void rounded_mean(Case *c)
{
    set_requests(c, 43722, 35);
    c->run.latency_mean_ns_half = 5000000;
}

static void behind(Case *c)
{
    c->run.tool = "wrk2";
    c->run.latency_kind = "from due time";
    set_requests(c, 43722, 500);
    c->run.latency_max_ns = 2 * S;
}

static void other_rate(Case *c)
{
    c->run.tool = "hey";
    c->run.requests_per_s *= 1.1;
}

static void other_rate_rounded(Case *c)
{
    other_rate(c);
    c->run.elapsed_ns_half = S / 2;
}

static void disorder(Case *c)
{
    c->run.tool = "hey";
    c->run.latency_p50_ns = 40000000;
    c->run.latency_p90_ns = 30000000;
}

static void disorder_rounded(Case *c)
{
    disorder(c);
    c->run.latency_p50_ns_half = c->run.latency_p90_ns_half = 5000000;
}

static void disorder_p95(Case *c)
{
    c->run.tool = "k6";
    c->run.latency_p95_ns = 90000000;
    c->run.latency_p99_ns = 80000000;
}

static void minimum_above_mean(Case *c)
{
    c->run.latency_min_ns = 2 * c->run.latency_mean_ns;
}

static void mean_above_maximum(Case *c)
{
    c->run.latency_max_ns = 20000000;
}

static void untouched(Case *c)
{
    (void)c;
}

static const struct {
    const char *path;
    void (*init)(Case *c);
    void (*change)(Case *c);
    const char *wanted;
} cases[] = {
    {"clean/native", init_native, untouched, ""},
    {"clean/wrk", init_wrk, untouched, ""},
    {"clean/text", init_text, untouched, ""},
    {"clean/resets-alone", init_native, resets_alone, ""},
    {"clean/one-full-worker", init_native, one_full_worker, ""},
    {"clean/other-tool", init_text, other_tool, ""},
    {"clean/nearly-full", init_text, nearly_full, ""},
    {"clean/rounded-mean", init_text, rounded_mean, ""},
    {"clean/rounded-time", init_text, other_rate_rounded, ""},
    {"clean/rounded-order", init_text, disorder_rounded, ""},
    {"silent-close/wrk", init_wrk, silent_close, "silent close"},
    {"silent-close/native", init_native, silent_close_native, "silent close"},
    {"silent-close/slow", init_native, silent_close_slow, "silent close"},
    {"by-end/wrk", init_wrk, by_end, "replies end by close"},
    {"by-end/native", init_native, by_end_native, "replies end by close"},
    {"close/text", init_text, close_text, "close after each reply"},
    {"overflow/native", init_native, overflow, "listen queue overflow"},
    {"overflow/wrk", init_wrk, overflow, "listen queue overflow"},
    {"carry-over/native", init_native, carry_over, "carry-over"},
    {"carry-over/wrk", init_wrk, carry_over, "carry-over"},
    {"carry-over/nothing-served", init_native, carry_over_all, "carry-over"},
    {"nothing/native", init_native, nothing, "nothing served"},
    {"nothing/text", init_text, nothing_text, "nothing served"},
    {"heartbeat", init_native, heartbeat, "worker killed by timeout"},
    {"worker-died", init_native, worker_died, "worker died"},
    {"worker-died/unseen", init_native, worker_died_unseen, "worker died"},
    {"worker-died/lost", init_wrk, worker_lost, "worker died"},
    {"recycled", init_native, recycled, "workers recycled"},
    {"server-died/native", init_native, server_died, "server died"},
    {"server-died/wrk", init_wrk, server_died, "server died"},
    {"refused/text", init_text, refused_text, "connections refused"},
    {"refused/native", init_native, refused, "connections refused"},
    {"not-begun", init_native, not_begun, "not begun"},
    {"files/text", init_text, no_files_text, "client out of files or ports"},
    {"files/native", init_native, no_files, "client out of files"},
    {"ports/native", init_native, no_ports, "client out of ports"},
    {"files/server", init_native, server_files, "server out of files"},
    {"starved/native", init_native, starved, "starved connections"},
    {"starved/text", init_text, starved_text, "few connections busy"},
    {"starved/uneven", init_native, uneven, "few connections busy"},
    {"stalled/native", init_native, stalled, "server stalled"},
    {"stalled/text", init_text, stalled_text, "server stalled"},
    {"status/all", init_native, error_page, "error replies"},
    {"status/some", init_text, some_errors, "error replies"},
    {"client", init_native, client_full, "client saturated"},
    {"idle", init_native, idle, "idle cores"},
    {"foreign", init_native, foreign, "foreign cpu"},
    {"steal", init_wrk, steal, "stolen cpu"},
    {"timeouts/native", init_native, few_timeouts, "timeouts"},
    {"timeouts/text", init_text, few_timeouts, "late replies"},
    {"timeouts/hidden", init_native, hidden, "timeouts hidden"},
    {"timeouts/above", init_text, above, "latency above the timeout"},
    {"stalls/text", init_text, stalls, "stalls"},
    {"padded", init_text, padded, "mean above the possible"},
    {"behind", init_text, behind, "behind the asked rate"},
    {"rate", init_text, other_rate, "rate unlike the count"},
    {"order/percentiles", init_text, disorder, "latencies out of order"},
    {"order/p95", init_text, disorder_p95, "latencies out of order"},
    {"order/minimum", init_text, minimum_above_mean, "latencies out of order"},
    {"order/mean", init_text, mean_above_maximum, "latencies out of order"},
    {"changed", init_native, changed, "reply changed"},
    {"contradiction", init_text, contradiction, "doubtful log"},
    {"unexplained", init_native, three_errors, "unexplained errors"},
};

static void test_signature_gets_its_finding_and_no_other(gconstpointer data)
{
    size_t i = GPOINTER_TO_SIZE(data);
    g_autofree char *names = NULL;
    Case c;

    cases[i].init(&c);
    cases[i].change(&c);
    names = found(&c, NULL);
    g_assert_cmpstr(names, ==, cases[i].wanted);
}

/* ---- sentences ------------------------------------------------------------------------------ */

static void test_sentence_carries_the_figures(void)
{
    g_autofree char *names = NULL;
    g_autofree char *sentence = NULL;
    Case c;

    init_native(&c);
    starved(&c);
    names = found(&c, &sentence);
    g_assert_cmpstr(names, ==, "starved connections");
    if (!sentence)
        return; /* the line above has failed */
    g_assert_true(strstr(sentence, "Only 3 of 200 connections"));
    g_assert_true(strstr(sentence, "2.9 requests were open"));
    g_assert_true(strstr(sentence, "may"));
}

static void test_sentence_says_what_the_connections_allow(void)
{
    g_autofree char *names = NULL;
    g_autofree char *sentence = NULL;
    Case c;

    init_text(&c);
    padded(&c);
    names = found(&c, &sentence);
    g_assert_cmpstr(names, ==, "mean above the possible");
    if (!sentence)
        return; /* the line above has failed */
    g_assert_nonnull(
        strstr(sentence, "latency = 437.2, but 200 connections have no more than 200"));
    g_assert_nonnull(strstr(sentence, "took 27.4 ms on average at most, not 60 ms"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/findings/", cases[i].path, NULL);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i),
                             test_signature_gets_its_finding_and_no_other);
    }
    g_test_add_func("/findings/sentence", test_sentence_carries_the_figures);
    g_test_add_func("/findings/sentence/possible", test_sentence_says_what_the_connections_allow);
    return g_test_run();
}
