/*
 * Checks after a run: a const table of rules, each of which looks at the evidence and may say one
 * sentence. A rule speaks only of what the evidence forces; what is merely possible says "may".
 */
#include "runner/checks.h"

#include <errno.h>
#include <string.h>

#define I64 G_GINT64_FORMAT

/* ---- rules ---------------------------------------------------------------------------------- */

typedef struct {
    const WbRun *run;
    const WbLoadResult *result;
    const WbHostCounters *before;
    const WbHostCounters *after;
} Evidence;

static int64_t fault_count(const WbLoadResult *result, int code)
{
    int64_t count = 0;

    for (size_t i = 0; i < result->faults_n; i++)
        if (result->faults[i].code == code)
            count += result->faults[i].count;
    return count;
}

static char *check_client(const Evidence *e)
{
    double most = 0;

    for (int i = 0; i < e->result->threads; i++)
        most = MAX(most, e->result->thread_use[i].cpu_share);
    if (most <= 0.9)
        return NULL;
    return g_strdup_printf("The client was the limit: its busiest thread used %.0f %% of a core. "
                           "Give it more threads (-t) or a host of its own.",
                           100 * most);
}

static char *check_starved(const Evidence *e)
{
    const WbRun *run = e->run;

    if (run->connections_answered >= run->connections || run->requests == 0)
        return NULL;
    return g_strdup_printf("Only %" I64 " of %" I64 " connections ever got a response: the rest "
                           "waited in vain, and no latency shows it.",
                           run->connections_answered, run->connections);
}

static char *check_silence(const Evidence *e)
{
    if (e->run->requests > 0 || e->run->sent == 0)
        return NULL;
    return g_strdup_printf("Not one of %" I64 " requests got a whole response.", e->run->sent);
}

/* Little's law: in a closed loop as many requests are open, on average, as there are places. */
static char *check_little(const Evidence *e)
{
    const WbRun *run = e->run;
    double places = (double)(run->connections * MAX(run->pipeline, 1));
    double share = run->in_flight_mean / places;

    if (!isnan(run->rate_per_s) || isnan(share) || run->keepalive == 0 ||
        run->requests < 20 * run->connections || (share > 0.9 && share < 1.1))
        return NULL;
    return g_strdup_printf("Rate times mean latency is %.1f, but %.0f requests could be open: the "
                           "connections were without a request %.0f %% of the time (reconnects, "
                           "errors, or responses that never came).",
                           run->in_flight_mean, places, fmax(0, 100 * (1 - share)));
}

static char *check_listen_queue(const Evidence *e)
{
    int64_t lost = e->after->listen_overflows - e->before->listen_overflows;

    if (e->before->listen_overflows == WB_NONE || e->after->listen_overflows == WB_NONE ||
        lost <= 0)
        return NULL;
    return g_strdup_printf("A listen queue of this host overflowed %" I64 " times: connections "
                           "waited for a retry. Raise the server's backlog and "
                           "net.core.somaxconn.",
                           lost);
}

static char *check_files(const Evidence *e)
{
    int64_t refused = fault_count(e->result, EMFILE) + fault_count(e->result, ENFILE);

    if (refused == 0)
        return NULL;
    return g_strdup_printf("%" I64 " sockets could not be opened: the limit of open files is too "
                           "low. Raise it with `ulimit -n %" I64 "`.",
                           refused, e->run->connections + 256);
}

static char *check_ports(const Evidence *e)
{
    int64_t ports = wb_kernel_ports();
    int64_t refused = fault_count(e->result, EADDRNOTAVAIL);

    if (refused > 0)
        return g_strdup_printf("%" I64 " connects found no free local port. Widen "
                               "net.ipv4.ip_local_port_range, or let the server keep connections "
                               "alive.",
                               refused);
    if (ports == WB_NONE || e->after->time_wait == WB_NONE || e->after->time_wait < ports * 8 / 10)
        return NULL;
    return g_strdup_printf("%" I64 " of %" I64 " local ports are waiting to be free again: the "
                           "next run may find none. Wait a minute between runs.",
                           e->after->time_wait, ports);
}

static char *check_steal(const Evidence *e)
{
    double total = (double)(e->after->total_ns - e->before->total_ns);
    double steal = (double)(e->after->steal_ns - e->before->steal_ns);

    if (e->before->steal_ns == WB_NONE || e->after->steal_ns == WB_NONE || total <= 0 ||
        steal / total <= 0.02)
        return NULL;
    return g_strdup_printf("The hypervisor gave %.1f %% of this host's CPU time to others: the "
                           "figures depend on the neighbours.",
                           100 * steal / total);
}

static char *check_late_sends(const Evidence *e)
{
    int64_t p99 = wb_hist_quantile_ns(&e->result->send_lag, 0.99);

    if (isnan(e->run->rate_per_s) || p99 < 1000000 || e->run->backlog_max == 0)
        return NULL;
    return g_strdup_printf("Requests waited for a free connection (99 %% of them up to %.1f ms): "
                           "the rate is more than %" I64 " connections can carry. Latency counts "
                           "from the due time, so it holds this wait.",
                           (double)p99 / 1e6, e->run->connections);
}

static char *check_unfinished(const Evidence *e)
{
    if (isnan(e->run->rate_per_s) || e->run->unfinished <= 0)
        return NULL;
    return g_strdup_printf("%" I64 " of %" I64 " requests that came due had no response at the "
                           "end. They stand in the percentiles with their age so far: the true "
                           "ones are higher.",
                           e->run->unfinished, e->run->planned);
}

static char *(*const rules[])(const Evidence *) = {
    check_silence, check_starved, check_client, check_little,     check_listen_queue,
    check_files,   check_ports,   check_steal,  check_late_sends, check_unfinished,
};

char **wb_checks_warnings(const WbRun *run, const WbLoadResult *result,
                          const WbHostCounters *before, const WbHostCounters *after)
{
    const Evidence evidence = {run, result, before, after};
    GPtrArray *sentences = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        char *sentence = rules[i](&evidence);

        if (sentence)
            g_ptr_array_add(sentences, sentence);
    }
    g_ptr_array_add(sentences, NULL);
    return (char **)g_ptr_array_free(sentences, FALSE);
}
