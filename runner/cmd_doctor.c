/*
 * `wrkbook doctor`: what on this host would spoil a measurement, each with what to type to mend
 * it. A const table of checks; each looks at one thing in /proc or /sys and says how it is.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/checks.h"
#include "runner/commands.h"

#define DOCTOR_ERROR (g_quark_from_static_string("wb_cmd_doctor_error"))

typedef enum {
    STATE_GOOD,
    STATE_KNOW, /* cannot be mended, but must be known when figures are read */
    STATE_BAD,  /* spoils a measurement, and can be mended */
} State;

/* What a check found: a sentence, and what to do (NULL: nothing). Both are the caller's. */
typedef struct {
    State state;
    char *sentence;
    char *remedy;
} Finding;

static Finding good(char *sentence)
{
    return (Finding){STATE_GOOD, sentence, NULL};
}

static Finding unknown(const char *what)
{
    return (Finding){STATE_KNOW, g_strdup_printf("%s cannot be read", what), NULL};
}

/* First number of a file of /proc or /sys. */
static bool read_number(const char *path, int64_t *out)
{
    g_autofree char *text = NULL;
    char *end;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    *out = g_ascii_strtoll(text, &end, 10);
    return end != text;
}

static char *read_word(const char *path)
{
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) ? g_strstrip(g_steal_pointer(&text)) : NULL;
}

static Finding check_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return unknown("the limit of open files");
    if (limit.rlim_max >= 16384)
        return good(g_strdup_printf("up to %" G_GUINT64_FORMAT " files may be open",
                                    (guint64)limit.rlim_max));
    return (Finding){STATE_BAD,
                     g_strdup_printf("only %" G_GUINT64_FORMAT " files may be open: as many "
                                     "connections at most",
                                     (guint64)limit.rlim_max),
                     g_strdup("ulimit -Hn 65536   (as root, or in /etc/security/limits.conf)")};
}

static Finding check_backlog(void)
{
    int64_t most;

    if (!read_number("/proc/sys/net/core/somaxconn", &most))
        return unknown("net.core.somaxconn");
    if (most >= 1024)
        return good(
            g_strdup_printf("listen queues may hold %" G_GINT64_FORMAT " connections", most));
    return (Finding){STATE_BAD,
                     g_strdup_printf("listen queues hold %" G_GINT64_FORMAT " connections at most: "
                                     "more at once wait a second for a retry",
                                     most),
                     g_strdup("sysctl -w net.core.somaxconn=4096")};
}

static Finding check_ports(void)
{
    int64_t ports = wb_kernel_ports();
    int64_t waiting = wb_kernel_host_counters().time_wait;

    if (ports == WB_NONE)
        return unknown("net.ipv4.ip_local_port_range");
    if (waiting != WB_NONE && waiting > ports / 2)
        return (Finding){STATE_BAD,
                         g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                         " local ports are waiting to be free again",
                                         waiting, ports),
                         g_strdup("sleep 60")};
    if (ports >= 20000)
        return good(g_strdup_printf("%" G_GINT64_FORMAT " local ports", ports));
    return (Finding){STATE_BAD,
                     g_strdup_printf("only %" G_GINT64_FORMAT " local ports: a server that closes "
                                     "each connection uses them up",
                                     ports),
                     g_strdup("sysctl -w net.ipv4.ip_local_port_range='10240 65535'")};
}

static Finding check_governor(void)
{
    g_autofree char *governor = read_word("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    if (!governor)
        return good(g_strdup("this host does not scale its CPU clock itself"));
    if (strcmp(governor, "performance") == 0)
        return good(g_strdup("CPU governor performance"));
    return (Finding){STATE_BAD,
                     g_strdup_printf("CPU governor %.40s: the clock follows the load", governor),
                     g_strdup("cpupower frequency-set -g performance")};
}

static Finding check_cores(void)
{
    guint cores = g_get_num_processors();

    if (cores >= 4)
        return good(g_strdup_printf("%u cores", cores));
    return (Finding){STATE_KNOW,
                     g_strdup_printf("%u core%s: client and server take CPU time from each other",
                                     cores, cores == 1 ? "" : "s"),
                     g_strdup("taskset -c 0 SERVER ... and taskset -c 1 wrkbook run ..., or load "
                              "from another host")};
}

static Finding check_load(void)
{
    double load;

    if (getloadavg(&load, 1) != 1)
        return unknown("the load average");
    if (load < 0.3 * g_get_num_processors())
        return good(g_strdup_printf("the host is quiet (load %.2f)", load));
    return (Finding){
        STATE_BAD,
        g_strdup_printf("the host is busy (load %.2f on %u cores)", load, g_get_num_processors()),
        g_strdup("top   (end what does not belong here, then wait a minute)")};
}

static Finding check_virtual(void)
{
    g_autofree char *cpuinfo = NULL;

    if (!g_file_get_contents("/proc/cpuinfo", &cpuinfo, NULL, NULL))
        return unknown("/proc/cpuinfo");
    if (!strstr(cpuinfo, " hypervisor"))
        return good(g_strdup("no hypervisor in between"));
    return (Finding){STATE_KNOW,
                     g_strdup("a virtual machine: its speed may depend on its neighbours"),
                     g_strdup("repeat runs over some hours, and compare runs made side by side")};
}

static Finding check_steal(void)
{
    WbHostCounters now = wb_kernel_host_counters();
    double share;

    if (now.steal_ns == WB_NONE || now.total_ns <= 0)
        return unknown("stolen CPU time");
    share = 100.0 * (double)now.steal_ns / (double)now.total_ns;
    if (share < 1)
        return good(g_strdup_printf("stolen CPU time %.2f %% since boot", share));
    return (Finding){
        STATE_KNOW,
        g_strdup_printf("%.1f %% of the CPU time since boot was given to others", share),
        g_strdup("use a host of your own, or one without burstable credits")};
}

static Finding check_uring(void)
{
    char params[128] = {0}; /* struct io_uring_params, all zero */
    long fd = syscall(SYS_io_uring_setup, 1, params);
    int cause = errno;

    if (fd >= 0) {
        close((int)fd);
        return good(g_strdup("io_uring can be used"));
    }
    return (Finding){STATE_KNOW,
                     g_strdup_printf("io_uring cannot be used (%s): epoll is, at somewhat more "
                                     "client CPU",
                                     g_strerror(cause)),
                     cause == EPERM ? g_strdup("sysctl -w kernel.io_uring_disabled=0") : NULL};
}

static Finding check_clock(void)
{
    g_autofree char *clock =
        read_word("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    if (!clock)
        return unknown("the clock source");
    if (strcmp(clock, "tsc") == 0 || strcmp(clock, "kvm-clock") == 0 ||
        strcmp(clock, "arch_sys_counter") == 0)
        return good(g_strdup_printf("clock source %.40s", clock));
    return (Finding){
        STATE_BAD,
        g_strdup_printf("clock source %.40s: each look at the clock is a system call", clock),
        g_strdup("echo tsc > /sys/devices/system/clocksource/clocksource0/"
                 "current_clocksource")};
}

static const struct {
    const char *name;
    Finding (*check)(void);
} checks[] = {
    {"open files", check_files},   {"listen queue", check_backlog}, {"local ports", check_ports},
    {"CPU clock", check_governor}, {"cores", check_cores},          {"load", check_load},
    {"virtual", check_virtual},    {"stolen time", check_steal},    {"io_uring", check_uring},
    {"clock", check_clock},
};

static const char description[] =
    "Looks at this host and changes nothing. `!` spoils a measurement and can be mended, `?` must\n"
    "be known when figures are read. Ends with 1 if there is a `!`.\n"
    "\n"
    "Examples:\n"
    "  wrkbook doctor\n"
    "  wrkbook doctor && wrkbook run -c200 -d10s http://127.0.0.1:8000/";

int wb_cmd_doctor(int argc, char **argv, GError **error)
{
    static const char marks[] = {[STATE_GOOD] = ' ', [STATE_KNOW] = '?', [STATE_BAD] = '!'};
    GOptionEntry entries[] = {{NULL}};
    g_autoptr(GOptionContext) context =
        g_option_context_new("- say what on this host would spoil a measurement");
    int bad = 0;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return 2;
    if (argc > 1) {
        g_set_error(error, DOCTOR_ERROR, 0, "doctor takes no arguments, not '%.80s'", argv[1]);
        return 2;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
        Finding finding = checks[i].check();

        printf("%c %-13s %s\n", marks[finding.state], checks[i].name, finding.sentence);
        if (finding.remedy)
            printf("  %-13s   %s\n", "", finding.remedy);
        bad += finding.state == STATE_BAD;
        g_free(finding.sentence);
        g_free(finding.remedy);
    }
    return bad > 0;
}
