/*
 * The scanner is one state machine over single bytes, so that a cut anywhere needs no second code
 * path; the stretches that do not matter (field values, reason phrase, bodies) are leapt over with
 * memchr or by length, which is where its speed comes from. Here are the machine and bodies; heads
 * are read in response_head.c.
 *
 * Rejected: buffering the head until it is whole (a copy, and memory for each connection), and
 * libhttp-parser in the hot path (a table step and call-backs for every byte of the head).
 */
#include "runner/engine/response.h"

#include <assert.h>
#include <string.h>

#include "runner/engine/response_head.h"

void wb_response_begin(WbResponse *r, bool is_head)
{
    wb_response_begin_head(r);
    r->is_head = is_head;
    r->body_differs = r->head_done = r->in_trailer = false;
    r->head_bytes = 0;
    r->body_bytes = 0;
    r->left = 0;
}

static int read_body(WbResponse *r, const WbBodyCheck *check, const char **p, const char *end)
{
    size_t n = (size_t)(end - *p);

    if (r->state != BODY_EOF && (int64_t)n > r->left)
        n = (size_t)r->left;
    if (check && !r->body_differs) {
        if (r->body_bytes + (int64_t)n > (int64_t)check->len)
            r->body_differs = true;
        else
            r->body_differs = memcmp(check->bytes + r->body_bytes, *p, n) != 0;
    }
    *p += n;
    r->body_bytes += (int64_t)n;
    if (r->state == BODY_EOF)
        return MORE;
    r->left -= (int64_t)n;
    if (r->left > 0)
        return MORE;
    if (r->state == BODY_LENGTH) {
        r->state = DONE;
        return WHOLE;
    }
    r->state = CHUNK_END_CR;
    r->mark = *p; /* the next size line, with the line end before it */
    return NEXT;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_chunk_size(WbResponse *r, const char **p, const char *end)
{
    while (*p < end) {
        int digit = hex_value(**p);

        if (digit < 0) {
            if (r->state == CHUNK_FIRST || !memchr("\r; \t", **p, 4))
                return WB_CODE_BAD_CHUNK;
            r->state = CHUNK_EXT;
            return NEXT;
        }
        if (r->state == CHUNK_FIRST) {
            r->state = CHUNK_SIZE;
            r->left = 0;
        }
        if (r->left > (INT64_MAX - digit) / 16)
            return WB_CODE_BAD_CHUNK;
        r->left = r->left * 16 + digit;
        (*p)++;
    }
    return MORE;
}

/* The line ends of chunks: one byte each, no other will do. */
static int read_chunk_mark(WbResponse *r, const char **p)
{
    char c = *(*p)++;

    if (c != (r->state == CHUNK_END_CR ? '\r' : '\n'))
        return WB_CODE_BAD_CHUNK;
    if (r->state == CHUNK_END_CR) {
        r->state = CHUNK_END_LF;
    } else if (r->state == CHUNK_END_LF) {
        r->state = CHUNK_FIRST;
    } else {
        int verdict = wb_response_end_stretch(r, *p, true);

        if (verdict != MORE)
            return verdict;
        r->state = r->left > 0 ? CHUNK_DATA : FIELD_START;
        r->in_trailer = r->left == 0;
        r->field = FIELD_NONE;
    }
    return NEXT;
}

static int skip_extension(WbResponse *r, const char **p, const char *end)
{
    const char *cr = memchr(*p, '\r', (size_t)(end - *p));

    *p = cr ? cr + 1 : end;
    if (!cr)
        return MORE;
    r->state = CHUNK_LF;
    return NEXT;
}

static int step(WbResponse *r, const WbBodyCheck *check, const char **p, const char *end)
{
    if (r->state <= HEAD_LF)
        return wb_response_head_step(r, p, end);
    switch (r->state) {
    case CHUNK_FIRST:
    case CHUNK_SIZE:
        return read_chunk_size(r, p, end);
    case CHUNK_EXT:
        return skip_extension(r, p, end);
    case CHUNK_LF:
    case CHUNK_END_CR:
    case CHUNK_END_LF:
        return read_chunk_mark(r, p);
    default:
        return read_body(r, check, p, end);
    }
}

/* Whether bytes of this state count as those of a head, trailer section or chunk line. */
static bool is_framing(uint8_t state)
{
    return state != BODY_LENGTH && state != BODY_EOF && state != CHUNK_DATA;
}

int wb_response_feed(WbResponse *r, const WbBodyCheck *check, const char *bytes, size_t len,
                     size_t *out_used)
{
    const char *p = bytes;
    const char *end = bytes + len;
    int verdict = NEXT;

    assert(r->state != DONE);
    r->mark = bytes;
    while (verdict == NEXT && p < end)
        verdict = step(r, check, &p, end);
    *out_used = (size_t)(p - bytes);
    if (verdict == NEXT)
        verdict = MORE;
    if (verdict == MORE && is_framing(r->state))
        verdict = wb_response_end_stretch(r, p, false);
    return verdict;
}

int wb_response_end(const WbResponse *r)
{
    return r->state == BODY_EOF ? 1 : WB_CODE_EOF;
}

WbPhase wb_response_phase(const WbResponse *r)
{
    if (r->head_done)
        return WB_PHASE_BODY;
    return r->head_bytes + r->line_bytes > 0 ? WB_PHASE_HEAD : WB_PHASE_WAIT;
}

bool wb_response_keeps(const WbResponse *r)
{
    if (r->close || r->status == 101 || r->state == BODY_EOF)
        return false;
    /* Transfer-Encoding is not of HTTP/1.0: RFC 9112 6.1 has such a connection closed. */
    return r->http_1_0 ? r->keep_alive && !r->has_coding : true;
}

bool wb_response_is_blank(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != '\r' && bytes[i] != '\n')
            return false;
    return true;
}
