/*
 * Files are read, not mapped: a log that is still being written or cut would end a reader of a
 * mapping with SIGBUS. What unpacks to far more than any log does is refused before it fills the
 * database: the bound on the size holds for all, the one on the ratio for large ones alone,
 * because a short log of equal runs packs very well.
 */
#include "runner/import/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "runner/interrupt.h"
#include "schema/records.h"

#define INPUT_BYTES (64 * 1024)
#define POLL_MS     200

typedef enum {
    PACKED_NOT,
    PACKED_GZIP,
    PACKED_ZSTD,
} Packing;

struct WbSource {
    int fd; /* -1: none */
    bool is_regular;
    bool at_end; /* of the file */
    Packing packing;
    WbSourceState state;
    const char *why;
    int64_t modified_us;
    int64_t read; /* bytes of the file */
    int64_t given;
    char *input; /* [INPUT_BYTES] read and not yet given */
    size_t input_at;
    size_t input_n;
    z_stream gzip;
    bool gzip_ready;
    ZSTD_DStream *zstd;
    bool at_member; /* packed: between two members or frames, where the text may end */
};

WbSource *wb_source_new(void)
{
    WbSource *source = g_new0(WbSource, 1);

    source->fd = -1;
    source->input = g_malloc(INPUT_BYTES);
    return source;
}

void wb_source_free(WbSource *source)
{
    if (!source)
        return;
    wb_source_close(source);
    if (source->gzip_ready)
        inflateEnd(&source->gzip);
    ZSTD_freeDStream(source->zstd);
    g_free(source->input);
    g_free(source);
}

void wb_source_close(WbSource *source)
{
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    source->fd = -1;
}

WbSourceState wb_source_state(const WbSource *source)
{
    return source->state;
}

const char *wb_source_why(const WbSource *source)
{
    return source->why;
}

int64_t wb_source_modified_us(const WbSource *source)
{
    return source->modified_us;
}

bool wb_source_is_packed(const WbSource *source)
{
    return source->packing != PACKED_NOT;
}

static bool refuse(WbSource *source, WbSourceState state, const char *why)
{
    source->state = state;
    source->why = why;
    return false;
}

/* First bytes of what people have lying beside their logs. */
static const struct {
    const char *bytes;
    size_t len;
    const char *why;
} kinds[] = {
    {"\xff\xfe", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
    {"\xfe\xff", 2, "is UTF-16 text; convert it: iconv -f UTF-16 -t UTF-8"},
    {"SQLite format 3", 15, "is a database, and none of oha"},
};

const char *wb_source_not_text(const char *bytes, size_t len, bool is_begin)
{
    for (size_t i = 0; is_begin && i < G_N_ELEMENTS(kinds); i++)
        if (len >= kinds[i].len && memcmp(bytes, kinds[i].bytes, kinds[i].len) == 0)
            return kinds[i].why;
    return len > 0 && memchr(bytes, '\0', len) ? "is no text (it holds zero bytes)" : NULL;
}

/* ---- bytes of the file ---------------------------------------------------------------------- */

/* Waits until a pipe has something to be read, or the user has had enough. */
static bool wait_for_input(WbSource *source)
{
    struct pollfd poll_fd = {.fd = source->fd, .events = POLLIN};

    while (!wb_interrupt_signal())
        if (poll(&poll_fd, 1, POLL_MS) > 0)
            return true;
    return refuse(source, WB_SOURCE_FAILED, "stopped by a signal");
}

/* Reads from the file until `size` bytes are there or it ends. */
static bool read_file(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    size_t n = 0;

    while (n < size && !source->at_end) {
        ssize_t got;

        if (!source->is_regular && !wait_for_input(source))
            return false;
        got = read(source->fd, buffer + n, size - n);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return refuse(source, WB_SOURCE_FAILED, g_strerror(errno));
        n += (size_t)got;
        /* A regular file gives less than asked for only at its end. */
        source->at_end = got == 0 || (source->is_regular && n < size);
    }
    source->read += (int64_t)n;
    *out_n = n;
    return true;
}

static bool fill_input(WbSource *source)
{
    source->input_at = 0;
    return read_file(source, source->input, INPUT_BYTES, &source->input_n);
}

/* ---- opening -------------------------------------------------------------------------------- */

static Packing packing_of(const char *bytes, size_t len)
{
    if (len >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0)
        return PACKED_GZIP;
    return len >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ? PACKED_ZSTD : PACKED_NOT;
}

static bool begin_unpacking(WbSource *source)
{
    source->packing = packing_of(source->input, source->input_n);
    source->at_member = false;
    if (source->packing == PACKED_GZIP) {
        if (!source->gzip_ready && inflateInit2(&source->gzip, 16 + MAX_WBITS) != Z_OK)
            return refuse(source, WB_SOURCE_FAILED, "is packed with gzip: no memory to unpack it");
        source->gzip_ready = true;
        inflateReset(&source->gzip);
    } else if (source->packing == PACKED_ZSTD) {
        if (!source->zstd && !(source->zstd = ZSTD_createDStream()))
            return refuse(source, WB_SOURCE_FAILED, "is packed with zstd: no memory to unpack it");
        ZSTD_initDStream(source->zstd);
    }
    return true;
}

bool wb_source_open(WbSource *source, const char *path)
{
    struct stat status;

    wb_source_close(source);
    source->state = WB_SOURCE_OK;
    source->why = NULL;
    source->packing = PACKED_NOT;
    source->at_end = false;
    source->read = source->given = 0;
    source->modified_us = WB_NONE;
    /* Not blocking, so that a pipe without a writer does not hold us. */
    source->fd = strcmp(path, WB_SOURCE_STDIN) == 0
                     ? STDIN_FILENO
                     : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (source->fd < 0 || fstat(source->fd, &status) != 0)
        return refuse(source, WB_SOURCE_FAILED, g_strerror(errno));
    source->is_regular = S_ISREG(status.st_mode);
    if (!source->is_regular && source->fd != STDIN_FILENO)
        return refuse(source, WB_SOURCE_PASSED_OVER, "is no regular file");
    if (source->is_regular) {
        source->modified_us =
            status.st_mtim.tv_sec * INT64_C(1000000) + status.st_mtim.tv_nsec / 1000;
        if (status.st_size > WB_SOURCE_BYTES_MAX)
            return refuse(source, WB_SOURCE_FAILED, "is larger than 1 GiB; split it");
    }
    return fill_input(source) && begin_unpacking(source);
}

/* ---- the text ------------------------------------------------------------------------------- */

/* What unpacking gave up to now is no log, whatever follows. */
static bool check_bounds(WbSource *source)
{
    if (source->given > WB_SOURCE_BYTES_MAX)
        return refuse(source, WB_SOURCE_FAILED,
                      source->packing == PACKED_NOT ? "is larger than 1 GiB; split it"
                                                    : "unpacks to more than 1 GiB; split it");
    if (source->packing != PACKED_NOT && source->given > WB_SOURCE_RATIO_BYTES &&
        source->given / MAX(source->read, 1) > WB_SOURCE_RATIO_MAX)
        return refuse(source, WB_SOURCE_FAILED,
                      "unpacks to more than 300 times its size, which no log does; unpack it first "
                      "if you trust it");
    return true;
}

static bool read_plain(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    size_t n = MIN(size, source->input_n - source->input_at);
    size_t more = 0;

    memcpy(buffer, source->input + source->input_at, n);
    source->input_at += n;
    if (n < size && !read_file(source, buffer + n, size - n, &more))
        return false;
    *out_n = n + more;
    return true;
}

/* Each returns false where the packed bytes are damaged. */
static bool step_gzip(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    z_stream *gzip = &source->gzip;
    int code;

    if (source->at_member)
        inflateReset(gzip);
    gzip->next_in = (Bytef *)source->input + source->input_at;
    gzip->avail_in = (uInt)(source->input_n - source->input_at);
    gzip->next_out = (Bytef *)buffer;
    gzip->avail_out = (uInt)size;
    code = inflate(gzip, Z_NO_FLUSH);
    source->input_at = source->input_n - gzip->avail_in;
    *out_n = size - gzip->avail_out;
    source->at_member = code == Z_STREAM_END;
    return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
}

static bool step_zstd(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    ZSTD_inBuffer in = {source->input, source->input_n, source->input_at};
    ZSTD_outBuffer out = {buffer, size, 0};
    size_t code = ZSTD_decompressStream(source->zstd, &out, &in);

    source->input_at = in.pos;
    *out_n = out.pos;
    source->at_member = code == 0;
    return !ZSTD_isError(code);
}

static const char *damaged(const WbSource *source)
{
    return source->packing == PACKED_GZIP ? "is packed with gzip, and damaged or cut"
                                          : "is packed with zstd, and damaged or cut";
}

static bool read_packed(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    size_t n = 0;

    while (n < size) {
        size_t got;

        if (source->input_at == source->input_n) {
            if (!fill_input(source))
                return false;
            if (source->input_n == 0 && source->at_member)
                break;
        }
        if (!(source->packing == PACKED_GZIP ? step_gzip : step_zstd)(source, buffer + n, size - n,
                                                                      &got))
            return refuse(source, WB_SOURCE_FAILED, damaged(source));
        if (got == 0 && source->input_n == 0)
            return refuse(source, WB_SOURCE_FAILED, damaged(source));
        n += got;
    }
    *out_n = n;
    return true;
}

bool wb_source_read(WbSource *source, char *buffer, size_t size, size_t *out_n)
{
    if (!(source->packing == PACKED_NOT ? read_plain : read_packed)(source, buffer, size, out_n))
        return false;
    source->given += (int64_t)*out_n;
    return check_bounds(source);
}
