/*
 * Cool-down: looks at /proc/stat and /proc/net/sockstat every 300 ms.
 */
#include "runner/cooldown.h"

#include <glib.h>

#include "runner/kernel_counters.h"
#include "schema/records.h"

#define LOOK_US (300 * 1000)

static bool is_quiet(const WbHostCounters *before, const WbHostCounters *after)
{
    int64_t ports = wb_kernel_ports();
    double total = (double)(after->total_ns - before->total_ns);
    double busy = (double)(after->busy_ns - before->busy_ns);

    if (before->total_ns != WB_NONE && after->total_ns != WB_NONE && busy > 0.1 * total)
        return false;
    return ports == WB_NONE || after->time_wait == WB_NONE || after->time_wait < ports / 2;
}

bool wb_cooldown_wait(int64_t limit_ns, const atomic_bool *stop)
{
    int64_t end_us = g_get_monotonic_time() + limit_ns / 1000;
    WbHostCounters before = wb_kernel_host_counters();

    while (limit_ns > 0 && !(stop && atomic_load(stop))) {
        WbHostCounters after;

        g_usleep(LOOK_US);
        after = wb_kernel_host_counters();
        if (is_quiet(&before, &after))
            return true;
        if (g_get_monotonic_time() >= end_us)
            return false;
        before = after;
    }
    return limit_ns == 0;
}
