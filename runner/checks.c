/*
 * Checks after a run: a const table of rules, each of which looks at the evidence and may say one
 * sentence. A rule speaks only of what the evidence forces; what is merely possible says "may".
 */
#include "runner/checks.h"

#include <errno.h>
#include <string.h>

#define I64 G_GINT64_FORMAT

/* ---- the kernel's counters ------------------------------------------------------------------ */

/* The value of `field` in the two-line group `group` of /proc/net/netstat. */
static int64_t netstat_value(const char *text, const char *group, const char *field)
{
    g_autofree char *prefix = g_strconcat(group, ": ", NULL);
    const char *names = strstr(text, prefix);
    const char *values = names ? strstr(names + strlen(prefix), prefix) : NULL;
    g_auto(GStrv) name_words = NULL;
    g_auto(GStrv) value_words = NULL;

    if (!values)
        return WB_NONE;
    {
        g_autofree char *name_line = g_strndup(names, strcspn(names, "\n"));
        g_autofree char *value_line = g_strndup(values, strcspn(values, "\n"));

        name_words = g_strsplit(name_line, " ", -1);
        value_words = g_strsplit(value_line, " ", -1);
    }
    for (size_t i = 0; name_words[i] && value_words[i]; i++)
        if (strcmp(name_words[i], field) == 0)
            return g_ascii_strtoll(value_words[i], NULL, 10);
    return WB_NONE;
}

static void read_cpu_ticks(WbHostCounters *out)
{
    g_autofree char *text = NULL;
    const char *p;

    if (!g_file_get_contents("/proc/stat", &text, NULL, NULL) || strncmp(text, "cpu ", 4) != 0)
        return;
    /* user nice system idle iowait irq softirq steal: guest times are within user already. */
    out->total_ticks = 0;
    out->busy_ticks = 0;
    p = text + 4;
    for (int i = 0; i < 8; i++) {
        char *end;
        int64_t ticks = g_ascii_strtoll(p, &end, 10);

        if (end == p)
            return;
        out->total_ticks += ticks;
        out->busy_ticks += i == 3 || i == 4 ? 0 : ticks;
        if (i == 7)
            out->steal_ticks = ticks;
        p = end;
    }
}

WbHostCounters wb_checks_counters(void)
{
    WbHostCounters counters = {WB_NONE, WB_NONE, WB_NONE, WB_NONE, WB_NONE};
    g_autofree char *netstat = NULL;
    g_autofree char *sockstat = NULL;
    const char *tw;

    if (g_file_get_contents("/proc/net/netstat", &netstat, NULL, NULL))
        counters.listen_overflows = netstat_value(netstat, "TcpExt", "ListenOverflows");
    if (g_file_get_contents("/proc/net/sockstat", &sockstat, NULL, NULL) &&
        (tw = strstr(sockstat, " tw ")))
        counters.time_wait = g_ascii_strtoll(tw + 4, NULL, 10);
    read_cpu_ticks(&counters);
    return counters;
}

int64_t wb_checks_ports(void)
{
    g_autofree char *text = NULL;
    char *next;
    int64_t first;

    if (!g_file_get_contents("/proc/sys/net/ipv4/ip_local_port_range", &text, NULL, NULL))
        return WB_NONE;
    first = g_ascii_strtoll(text, &next, 10);
    return g_ascii_strtoll(next, NULL, 10) - first + 1;
}

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
    int64_t ports = wb_checks_ports();
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
    double total = (double)(e->after->total_ticks - e->before->total_ticks);
    double steal = (double)(e->after->steal_ticks - e->before->steal_ticks);

    if (e->before->steal_ticks == WB_NONE || e->after->steal_ticks == WB_NONE || total <= 0 ||
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

static char *(*const rules[])(const Evidence *) = {
    check_silence, check_starved, check_client, check_little,     check_listen_queue,
    check_files,   check_ports,   check_steal,  check_late_sends,
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
