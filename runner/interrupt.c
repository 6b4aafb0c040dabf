/*
 * Interrupt: the handler only sets lock-free atomics.
 */
#include "runner/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

/* timeout(1) signals its child and then the child's group: that is one wish, told twice. */
#define SAME_WISH_MS 500

static atomic_bool interrupted;
static atomic_int first_signal;
static atomic_llong first_ms;

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_signal(int number)
{
    if (!atomic_exchange(&interrupted, true)) {
        atomic_store(&first_signal, number);
        atomic_store(&first_ms, now_ms());
    } else if (now_ms() - atomic_load(&first_ms) > SAME_WISH_MS) {
        /* Asked again: end as if the signal had never been handled. */
        signal(number, SIG_DFL);
        raise(number);
    }
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
