/* Output: see output.h. */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(wb - output - error - quark, wb_output_error)

static bool is_stdout(const char *path)
{
    return !path || !strcmp(path, "-");
}

/* Replacing /dev/null or a named pipe by a file is never what somebody meant. */
static bool is_special(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && !S_ISREG(about.st_mode);
}

static bool write_special(const char *path, const GString *text, GError **error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t done = 0;
    int failed = fd < 0 ? errno : 0;

    while (!failed && done < text->len) {
        ssize_t n = write(fd, text->str + done, text->len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            failed = n == 0 ? EIO : errno;
    }
    if (fd >= 0 && close(fd) != 0 && !failed)
        failed = errno;
    if (!failed)
        return true;
    g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_WRITE, "cannot write '%s': %s", path,
                g_strerror(failed));
    return false;
}

bool wb_output_write(const char *path, const GString *text, GError **error)
{
    g_autoptr(GError) problem = NULL;

    if (is_stdout(path)) {
        fwrite(text->str, 1, text->len, stdout);
        return true;
    }
    if (is_special(path))
        return write_special(path, text, error);
    if (g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT,
                                 0666, &problem))
        return true;
    g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_WRITE, "cannot write '%s': %s", path,
                problem->message);
    return false;
}

bool wb_output_color(const char *choice, const char *path, bool *out_color, GError **error)
{
    const char *no_color = g_getenv("NO_COLOR");

    if (!choice || !strcmp(choice, "auto")) {
        *out_color = is_stdout(path) && isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
                     g_strcmp0(g_getenv("TERM"), "dumb") != 0;
        return true;
    }
    if (!strcmp(choice, "always") || !strcmp(choice, "never")) {
        *out_color = !strcmp(choice, "always");
        return true;
    }
    g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_OPTION,
                "--color takes auto, always or never, not '%s'", choice);
    return false;
}

size_t wb_output_columns(const char *path)
{
    struct winsize size;

    if (!is_stdout(path) || !isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}
