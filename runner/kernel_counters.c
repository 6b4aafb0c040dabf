/*
 * Kernel counters: files of /proc are read whole into a buffer on the stack and searched there.
 *
 * Time in interrupts: a kernel with CONFIG_IRQ_TIME_ACCOUNTING takes it off the processes, so it is
 * nobody's; one without charges it to whoever was interrupted, so it is in the processes' own
 * times. The load's own network work runs there. Where the kernel does not tell which it is, it is
 * taken as nobody's: foreign CPU may then be found too small, but no neighbour is blamed for it.
 */
#include "runner/kernel_counters.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

/* Reads what fits, as text. Returns its length, -1 if the file cannot be read. */
static ssize_t read_text(const char *path, char *buffer, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t n = 0;

    if (fd < 0)
        return -1;
    while (len + 1 < size && (n = read(fd, buffer + len, size - 1 - len)) > 0)
        len += (size_t)n;
    close(fd);
    buffer[len] = '\0';
    return n < 0 ? -1 : (ssize_t)len;
}

/* ---- TCP ------------------------------------------------------------------------------------ */

static const struct {
    const char *group; /* TcpExt stands in netstat, Tcp in snmp */
    const char *name;
} tcp[] = {
    {"TcpExt", "ListenOverflows"}, /* a handshake was done, the accept queue was full */
    {"TcpExt", "ListenDrops"},     /* those, and every other loss at a listening socket */
    {"TcpExt", "TCPReqQFullDrop"},
    {"TcpExt", "TCPReqQFullDoCookies"},
    {"TcpExt", "SyncookiesSent"},
    {"TcpExt", "TCPSynRetrans"},
    {"TcpExt", "TCPTimeouts"},
    {"TcpExt", "TCPAbortOnData"},
    {"TcpExt", "TCPAbortOnClose"},
    {"TcpExt", "TCPAbortOnMemory"},
    {"TcpExt", "TCPAbortOnTimeout"},
    {"TcpExt", "TCPBacklogDrop"},
    {"TcpExt", "TCPTimeWaitOverflow"},
    {"Tcp", "ActiveOpens"},
    {"Tcp", "PassiveOpens"},
    {"Tcp", "AttemptFails"},
    {"Tcp", "EstabResets"},
    {"Tcp", "OutRsts"},
    {"Tcp", "InSegs"},
    {"Tcp", "OutSegs"},
    {"Tcp", "RetransSegs"},
    {"Tcp", "InErrs"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(tcp) <= WB_KERNEL_TCP_MAX);

static const char *next_line(const char *p)
{
    const char *end = strchr(p, '\n');

    return end ? end + 1 : "";
}

/* What follows "GROUP:" in the first line that begins so; NULL: none. */
static const char *find_group(const char *text, const char *group)
{
    size_t len = strlen(group);

    for (const char *line = text; *line; line = next_line(line))
        if (strncmp(line, group, len) == 0 && line[len] == ':')
            return line + len + 1;
    return NULL;
}

/* A group is two lines, names and values, in step. */
static int64_t group_value(const char *text, const char *group, const char *field)
{
    const char *name = find_group(text, group);
    const char *value = name ? find_group(next_line(name), group) : NULL;
    size_t len = strlen(field);

    while (value && *name == ' ' && *value == ' ') {
        size_t n = strcspn(++name, " \n");

        value++;
        if (n == len && strncmp(name, field, n) == 0)
            return g_ascii_strtoll(value, NULL, 10);
        name += n;
        value += strcspn(value, " \n");
    }
    return WB_NONE;
}

void wb_kernel_tcp_read(WbKernelTcp *out)
{
    char netstat[16384] = "";
    char snmp[8192] = "";

    if (read_text("/proc/thread-self/net/netstat", netstat, sizeof(netstat)) < 0)
        netstat[0] = '\0';
    if (read_text("/proc/thread-self/net/snmp", snmp, sizeof(snmp)) < 0)
        snmp[0] = '\0';
    for (size_t i = 0; i < WB_KERNEL_TCP_MAX; i++)
        out->values[i] = WB_NONE;
    for (size_t i = 0; i < G_N_ELEMENTS(tcp); i++)
        out->values[i] =
            group_value(strcmp(tcp[i].group, "Tcp") ? netstat : snmp, tcp[i].group, tcp[i].name);
}

void wb_kernel_tcp_differences(const WbKernelTcp *before, const WbKernelTcp *after, GArray *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tcp); i++) {
        WbCounterRecord record = {.value = after->values[i] - before->values[i]};

        if (before->values[i] == WB_NONE || after->values[i] == WB_NONE)
            continue;
        g_strlcpy(record.name, tcp[i].name, sizeof(record.name));
        g_array_append_val(out, record);
    }
}

/* ---- CPU, pressure -------------------------------------------------------------------------- */

static int64_t tick_ns(void)
{
    return INT64_C(1000000000) / sysconf(_SC_CLK_TCK);
}

/* The kernel's configuration says "NAME=y". gzread reads plain files as well. */
static bool is_configured(const char *path, const char *line, bool *out_is)
{
    gzFile file = gzopen(path, "rbe");
    char text[256];

    if (!file)
        return false;
    *out_is = false;
    while (!*out_is && gzgets(file, text, sizeof(text)))
        *out_is = strncmp(text, line, strlen(line)) == 0;
    gzclose(file);
    return true;
}

static bool read_interrupts_charged(void)
{
    struct utsname name;
    char path[128];
    bool apart = true;

    if (is_configured("/proc/config.gz", "CONFIG_IRQ_TIME_ACCOUNTING=y", &apart))
        return !apart;
    if (uname(&name) == 0) {
        snprintf(path, sizeof(path), "/boot/config-%s", name.release);
        is_configured(path, "CONFIG_IRQ_TIME_ACCOUNTING=y", &apart);
    }
    return !apart;
}

/* Whether time in interrupts is in the processes' own times. Asked of the kernel once. */
static bool are_interrupts_charged(void)
{
    static gsize state; /* 0: not asked, 1: no, 2: yes */

    if (g_once_init_enter(&state))
        g_once_init_leave(&state, read_interrupts_charged() ? 2 : 1);
    return state == 2;
}

void wb_kernel_cpu_read(WbKernelCpu *out)
{
    enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, KINDS };
    int64_t ns[KINDS];
    char text[512]; /* only the first line counts; guest times are within user already */
    char *p = text + strlen("cpu ");

    *out = (WbKernelCpu){WB_NONE, WB_NONE, WB_NONE, WB_NONE};
    if (read_text("/proc/stat", text, sizeof(text)) < 0 || strncmp(text, "cpu ", 4) != 0)
        return;
    for (int i = 0; i < KINDS; i++) {
        char *end;

        ns[i] = g_ascii_strtoll(p, &end, 10) * tick_ns();
        if (end == p)
            return;
        p = end;
    }
    out->process_ns = ns[USER] + ns[NICE] + ns[SYSTEM];
    out->busy_ns = out->process_ns + ns[IRQ] + ns[SOFTIRQ] + ns[STEAL];
    if (are_interrupts_charged())
        out->process_ns += ns[IRQ] + ns[SOFTIRQ];
    out->steal_ns = ns[STEAL];
    out->total_ns = out->busy_ns + ns[IDLE] + ns[IOWAIT];
}

int64_t wb_kernel_pressure_ns(const char *resource)
{
    char path[64];
    char text[256];
    const char *total;

    snprintf(path, sizeof(path), "/proc/pressure/%s", resource);
    if (read_text(path, text, sizeof(text)) < 0 || strncmp(text, "some ", 5) != 0 ||
        !(total = strstr(text, "total=")))
        return WB_NONE;
    return g_ascii_strtoll(total + strlen("total="), NULL, 10) * 1000;
}

/* CPU time of a process if it is of that session, else 0. */
static int64_t cpu_in_session(int64_t pid, int session)
{
    char path[64];
    char text[1024];
    char *p;
    int64_t ticks = 0;

    snprintf(path, sizeof(path), "/proc/%" G_GINT64_FORMAT "/stat", pid);
    /* The name may hold anything; what follows its last bracket does not. */
    if (read_text(path, text, sizeof(text)) < 0 || !(p = strrchr(text, ')')) || strlen(p) < 3)
        return 0;
    p += 3; /* behind the state's letter: fields 4 ... of proc(5) */
    for (int field = 4; field <= 17; field++) {
        int64_t value = g_ascii_strtoll(p, &p, 10);

        if (field == 6 && value != session)
            return 0;
        if (field >= 14)
            ticks += value;
    }
    return ticks * tick_ns();
}

int64_t wb_kernel_children_cpu_ns(int tid)
{
    char path[64];
    char text[4096];
    int session = getsid(0);
    int64_t sum = 0;
    char *end;

    snprintf(path, sizeof(path), "/proc/self/task/%d/children", tid);
    if (read_text(path, text, sizeof(text)) < 0)
        return 0;
    for (char *p = text;; p = end) {
        int64_t pid = g_ascii_strtoll(p, &end, 10);

        if (end == p)
            return sum;
        sum += cpu_in_session(pid, session);
    }
}

/* ---- before and after a run of `wrkbook run` ------------------------------------------------ */

WbHostCounters wb_kernel_host_counters(void)
{
    WbHostCounters counters = {.time_wait = WB_NONE};
    WbKernelCpu cpu;
    WbKernelTcp all;
    char sockstat[1024];
    const char *waiting;

    wb_kernel_tcp_read(&all);
    wb_kernel_cpu_read(&cpu);
    counters.listen_overflows = all.values[0];
    counters.steal_ns = cpu.steal_ns;
    counters.busy_ns = cpu.busy_ns;
    counters.total_ns = cpu.total_ns;
    if (read_text("/proc/thread-self/net/sockstat", sockstat, sizeof(sockstat)) > 0 &&
        (waiting = strstr(sockstat, " tw ")))
        counters.time_wait = g_ascii_strtoll(waiting + strlen(" tw "), NULL, 10);
    return counters;
}

int64_t wb_kernel_ports(void)
{
    char text[64];
    char *next;
    int64_t first;

    if (read_text("/proc/sys/net/ipv4/ip_local_port_range", text, sizeof(text)) <= 0)
        return WB_NONE;
    first = g_ascii_strtoll(text, &next, 10);
    return g_ascii_strtoll(next, NULL, 10) - first + 1;
}
