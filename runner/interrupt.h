/*
 * Interrupt: SIGINT, SIGTERM and SIGHUP set a flag, so that what was measured is stored before
 * the program ends with 128 + N. A second signal ends it at once.
 */
#ifndef WB_RUNNER_INTERRUPT_H
#define WB_RUNNER_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/** wb_interrupt_install: handles the signals from now on. */
void wb_interrupt_install(void);

/** wb_interrupt_flag: true once a signal came (for wb_engine_run). */
const atomic_bool *wb_interrupt_flag(void);

/** wb_interrupt_signal: the first signal's number, 0 if none came. */
int wb_interrupt_signal(void);

#endif
