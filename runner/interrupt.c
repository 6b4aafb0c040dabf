/*
 * Interrupt: the handler only sets lock-free atomics.
 */
#include "runner/interrupt.h"

#include <signal.h>
#include <stddef.h>

static atomic_bool interrupted;
static atomic_int first_signal;

static void on_signal(int number)
{
    if (atomic_exchange(&interrupted, true)) {
        /* Asked twice: end as if the signal had never been handled. */
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    atomic_store(&first_signal, number);
}

void wb_interrupt_install(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct sigaction old;

        /* A signal that the caller ignores (nohup) stays ignored. */
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

const atomic_bool *wb_interrupt_flag(void)
{
    return &interrupted;
}

int wb_interrupt_signal(void)
{
    return atomic_load(&first_signal);
}
