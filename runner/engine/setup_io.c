/*
 * Which back end a load gets, and why not another one.
 */
#include "runner/engine/setup.h"

#include <errno.h>
#include <string.h>

#include "runner/engine/io_uring.h"

/* Append as far as there is room. Returns where the text ends. */
static char *add(char *at, const char *end, const char *text)
{
    while (*text && at + 1 < end)
        *at++ = *text++;
    *at = '\0';
    return at;
}

static const char *hint(int error)
{
    switch (error) {
    case EPERM:
    case EACCES:
        return " (seccomp, as of containers, or sysctl kernel.io_uring_disabled)";
    case ENOSYS:
        return " (needs Linux 6.0)";
    default:
        return "";
    }
}

static void explain(char *note, size_t size, const char *lacks, int error)
{
    const char *text = strerrordesc_np(error);
    const char *end = note + size;

    note = add(note, end, "io_uring");
    if (lacks) {
        note = add(note, end, " without ");
        note = add(note, end, lacks);
    }
    note = add(note, end, ": ");
    note = add(note, end, text ? text : "unknown error");
    add(note, end, hint(error));
}

void wb_setup_refuse_uring(int error, char *note, size_t size)
{
    explain(note, size, NULL, error);
}

const WbIoOps *wb_setup_choose_io(WbIo asked, char *note, size_t size)
{
    const char *lacks;
    int why;
    int rc;

    note[0] = '\0';
    if (asked == WB_IO_EPOLL)
        return &wb_io_epoll;
    rc = wb_uring_probe(&lacks, &why);
    if (rc == 0) {
        if (lacks)
            explain(note, size, lacks, why);
        return &wb_io_uring;
    }
    wb_setup_refuse_uring(-rc, note, size);
    return asked == WB_IO_AUTO ? &wb_io_epoll : NULL;
}
