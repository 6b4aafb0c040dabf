/*
 * Kernel counters: what /proc says of TCP, CPU time, pressure and ports at one moment; the one
 * place that reads it. Nothing here allocates, so that a sampling thread may call it beside a load.
 *
 * A figure that this kernel does not give is WB_NONE.
 */
#ifndef WB_RUNNER_KERNEL_COUNTERS_H
#define WB_RUNNER_KERNEL_COUNTERS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "schema/records.h"

/* ---- TCP ------------------------------------------------------------------------------------ */

#define WB_KERNEL_TCP_MAX 24

/* Counters of one network namespace since it was made, in the order of the list in the .c. */
typedef struct {
    int64_t values[WB_KERNEL_TCP_MAX];
} WbKernelTcp;

/** wb_kernel_tcp_read: of the calling thread's network namespace (/proc/thread-self/net). */
void wb_kernel_tcp_read(WbKernelTcp *out);

/** wb_kernel_tcp_differences: appends one WbCounterRecord for each counter that both moments know,
 * those that did not move too: 0 is evidence. Names as the kernel's own ("ListenOverflows"). */
void wb_kernel_tcp_differences(const WbKernelTcp *before, const WbKernelTcp *after, GArray *out);

/* ---- CPU, pressure -------------------------------------------------------------------------- */

/* CPU time of the whole host since it began, summed over its CPUs. */
typedef struct {
    int64_t total_ns;
    int64_t busy_ns;    /* total less idle and waiting for disks; with what was stolen */
    int64_t process_ns; /* what is charged to processes: see the .c on interrupts */
    int64_t steal_ns;   /* what the hypervisor gave to others */
} WbKernelCpu;

/** wb_kernel_cpu_read: /proc/stat. */
void wb_kernel_cpu_read(WbKernelCpu *out);

/** wb_kernel_pressure_ns: how long some task has waited for "cpu", "memory" or "io" (PSI). */
int64_t wb_kernel_pressure_ns(const char *resource);

/**
 * wb_kernel_children_cpu_ns: CPU time of the live children that a thread of this process forked and
 * that stayed in our own session, such as a foreign load tool. Servers have sessions of their own.
 *
 * @param tid  the thread's id
 * @return     0 if there are none
 */
int64_t wb_kernel_children_cpu_ns(int tid);

/* ---- before and after a run of `wrkbook run` ------------------------------------------------ */

typedef struct {
    int64_t listen_overflows; /* connections this host's listen queues turned away */
    int64_t steal_ns;         /* as in WbKernelCpu */
    int64_t busy_ns;
    int64_t total_ns;
    int64_t time_wait; /* sockets in TIME_WAIT now */
} WbHostCounters;

/** wb_kernel_host_counters: the few that the checks of one run look at. */
WbHostCounters wb_kernel_host_counters(void);

/** wb_kernel_ports: number of ephemeral ports of this host. */
int64_t wb_kernel_ports(void);

#endif
