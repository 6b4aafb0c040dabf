/* Output: see output.h. */
#include "report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536 /* bytes that are written at once */

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

static bool fail(const WbOutput *output, int code, GError **error)
{
    if (output->path)
        g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_WRITE, "cannot write '%s': %s",
                    output->path, g_strerror(code));
    else
        g_set_error(error, WB_OUTPUT_ERROR, WB_OUTPUT_ERROR_WRITE,
                    "cannot write to standard output: %s", g_strerror(code));
    return false;
}

/* A file of the same folder that has no name where the file system knows such ones, else one with a
 * name, which a kill would leave behind. */
static void open_draft(WbOutput *output)
{
    g_autofree char *folder = g_path_get_dirname(output->path);

    output->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    output->is_nameless = output->fd >= 0;
    if (output->is_nameless)
        return;
    output->draft = g_strconcat(output->path, ".XXXXXX", NULL);
    output->fd = g_mkstemp_full(output->draft, O_WRONLY | O_CLOEXEC, 0666);
    if (output->fd < 0) {
        int code = errno;

        g_clear_pointer(&output->draft, g_free); /* there is none to remove */
        errno = code;
    }
}

/* linkat replaces nothing, rename does: so a name of its own comes first. */
static int name_draft(WbOutput *output)
{
    g_autofree char *file = g_strdup_printf("/proc/self/fd/%d", output->fd);
    int code;

    output->draft = g_strdup_printf("%s.%06x", output->path, g_random_int() & 0xffffff);
    if (linkat(AT_FDCWD, file, AT_FDCWD, output->draft, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    code = errno;
    g_clear_pointer(&output->draft, g_free);
    return code;
}

WbOutput *wb_output_open(const char *path, GError **error)
{
    g_autoptr(WbOutput) output = g_new0(WbOutput, 1);

    output->text = g_string_new(NULL);
    output->fd = -1;
    if (is_stdout(path))
        return g_steal_pointer(&output);
    output->path = g_strdup(path);
    if (is_special(path))
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
    else
        open_draft(output);
    if (output->fd >= 0)
        return g_steal_pointer(&output);
    fail(output, errno, error);
    return NULL;
}

static bool write_text(WbOutput *output, const GString *text, GError **error)
{
    size_t done = 0;

    if (!output->path)
        return fwrite(text->str, 1, text->len, stdout) == text->len || fail(output, errno, error);
    while (done < text->len) {
        ssize_t n = write(output->fd, text->str + done, text->len - done);

        if (n > 0)
            done += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return fail(output, n == 0 ? EIO : errno, error);
    }
    return true;
}

bool wb_output_pass(WbOutput *output, GError **error)
{
    bool done;

    if (output->text->len < PIECE)
        return true;
    done = write_text(output, output->text, error);
    g_string_truncate(output->text, 0);
    return done;
}

static bool close_file(WbOutput *output, GError **error)
{
    bool is_draft = output->is_nameless || output->draft;
    int fd = output->fd;
    int code = is_draft && fsync(fd) != 0 ? errno : 0;

    if (!code && output->is_nameless)
        code = name_draft(output);
    output->fd = -1;
    if (close(fd) != 0 && !code)
        code = errno;
    if (!code && is_draft && rename(output->draft, output->path) != 0)
        code = errno;
    if (code)
        return fail(output, code, error);
    g_clear_pointer(&output->draft, g_free);
    return true;
}

bool wb_output_close(WbOutput *output, GError **error)
{
    bool done = write_text(output, output->text, error);

    g_string_truncate(output->text, 0);
    return done && (!output->path || close_file(output, error));
}

void wb_output_free(WbOutput *output)
{
    if (!output)
        return;
    if (output->fd >= 0)
        close(output->fd);
    if (output->draft)
        unlink(output->draft);
    g_free(output->draft);
    g_free(output->path);
    g_string_free(output->text, TRUE);
    g_free(output);
}

bool wb_output_write(const char *path, const GString *text, GError **error)
{
    g_autoptr(WbOutput) output = wb_output_open(path, error);

    return output && write_text(output, text, error) && wb_output_close(output, error);
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
