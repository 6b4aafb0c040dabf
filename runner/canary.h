/*
 * Canary: the host's own speed, measured with a tiny server of ours between runs. If it drops, the
 * host got slower, not what is measured.
 */
#ifndef WB_RUNNER_CANARY_H
#define WB_RUNNER_CANARY_H

/** wb_canary_rate: requests/s of 0.3 s on 4 connections against a child that answers at once; NAN
 * if it cannot be measured. Takes 0.3 s. */
double wb_canary_rate(void);

#endif
