/*
 * The scanner is one state machine over single bytes, so that a cut anywhere needs no second code
 * path; the stretches that do not matter (field values, reason phrase, bodies) are leapt over with
 * memchr or by length, which is where its speed comes from. Names and list members that may matter
 * are gathered, in lower case, in a token of a few bytes; nothing else is kept.
 *
 * Rejected: buffering the head until it is whole (a copy, and memory for each connection), and
 * libhttp-parser in the hot path (a table step and call-backs for every byte of the head).
 */
#include "runner/engine/response.h"

#include <assert.h>
#include <string.h>

enum {
    START,        /* before the status line: empty lines are skipped */
    STATUS_LINE,  /* `pos` bytes of it are read */
    FIELD_START,  /* first byte of a line */
    NAME,         /* in a field's name */
    VALUE,        /* in a reason phrase or a value that does not matter: up to the line's end */
    VALUE_READ,   /* in a value that does */
    HEAD_LF,      /* CR of the empty line seen */
    BODY_LENGTH,  /* `left` bytes to come */
    BODY_EOF,     /* up to the end of the connection */
    CHUNK_FIRST,  /* first digit of a chunk's size */
    CHUNK_SIZE,   /* further digits */
    CHUNK_EXT,    /* chunk extension, up to CR */
    CHUNK_LF,     /* end of the size line */
    CHUNK_DATA,   /* `left` bytes to come */
    CHUNK_END_CR, /* line end behind the data */
    CHUNK_END_LF,
    DONE,
};

enum {
    FIELD_NONE, /* no field yet: a continuation line has nothing to continue */
    FIELD_OTHER,
    FIELD_LENGTH,
    FIELD_CONNECTION,
    FIELD_CODING,
};

/* A step's verdict; negative ones are WbCodes. */
enum { NEXT = 2, WHOLE = 1, MORE = 0 };

/* RFC 9110 token characters, in lower case; 0 for all others. */
static const char token_char[256] = {
    ['!'] = '!', ['#'] = '#', ['$'] = '$', ['%'] = '%', ['&'] = '&', ['\''] = '\'', ['*'] = '*',
    ['+'] = '+', ['-'] = '-', ['.'] = '.', ['^'] = '^', ['_'] = '_', ['`'] = '`',   ['|'] = '|',
    ['~'] = '~', ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',   ['5'] = '5',
    ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b',   ['c'] = 'c',
    ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i',   ['j'] = 'j',
    ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o', ['p'] = 'p',   ['q'] = 'q',
    ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u', ['v'] = 'v', ['w'] = 'w',   ['x'] = 'x',
    ['y'] = 'y', ['z'] = 'z', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd',   ['E'] = 'e',
    ['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k',   ['L'] = 'l',
    ['M'] = 'm', ['N'] = 'n', ['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r',   ['S'] = 's',
    ['T'] = 't', ['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',   ['Z'] = 'z',
};

static bool is_token(const WbResponse *r, const char *word, size_t len)
{
    return r->token_len == len && memcmp(r->token, word, len) == 0;
}

static void begin_head(WbResponse *r)
{
    r->state = START;
    r->status = 0;
    r->length = -1;
    r->line_bytes = 0;
    r->field = FIELD_NONE;
    r->pos = 0;
    r->http_1_0 = r->close = r->keep_alive = false;
    r->has_length = r->has_coding = r->chunked = false;
}

void wb_response_begin(WbResponse *r, bool is_head)
{
    begin_head(r);
    r->is_head = is_head;
    r->body_differs = r->head_done = r->in_trailer = false;
    r->head_bytes = 0;
    r->body_bytes = 0;
    r->left = 0;
}

/* Leap to the byte after the next LF. */
static int skip_line(WbResponse *r, const char **p, const char *end)
{
    const char *lf = memchr(*p, '\n', (size_t)(end - *p));

    if (!lf) {
        r->state = VALUE;
        *p = end;
        return MORE;
    }
    *p = lf + 1;
    r->state = FIELD_START;
    return NEXT;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One byte of the status line, the `pos`th. */
static bool read_status_byte(WbResponse *r, char c)
{
    if (r->pos < 7)
        return c == "HTTP/1."[r->pos];
    if (r->pos == 8)
        return c == ' ';
    if (r->pos == 12)
        return c == ' ' || c == '\r' || c == '\n';
    if (!is_digit(c))
        return false;
    if (r->pos == 7)
        r->http_1_0 = c == '0';
    else
        r->status = r->status * 10 + (c - '0');
    return true;
}

static int read_status_line(WbResponse *r, const char **p, const char *end)
{
    const char *q = *p;

    if (r->pos == 0 && end - q > 12 && memcmp(q, "HTTP/1.1 200 ", 13) == 0) {
        r->status = 200; /* what nearly all responses say, at a price of two compares */
        *p = q + 12;
        return skip_line(r, p, end);
    }
    for (; q < end; q++, r->pos++) {
        if (!read_status_byte(r, *q))
            return WB_CODE_BAD_HEAD;
        if (r->pos == 12) { /* this byte is read again: it may be the line's end */
            r->state = VALUE;
            *p = q;
            return NEXT;
        }
    }
    *p = end;
    return MORE;
}

/* Which field has this name; `name` in any case. */
static uint8_t field_named(const char *name, size_t len)
{
    const char *want;

    if (len == 14 && memcmp(name, "Content-Length", 14) == 0)
        return FIELD_LENGTH; /* as nearly all write it */
    want = len == 10   ? "connection"
           : len == 14 ? "content-length"
           : len == 17 ? "transfer-encoding"
                       : NULL;

    for (size_t i = 0; want && i < len; i++)
        if (token_char[(unsigned char)name[i]] != want[i])
            want = NULL;
    if (!want)
        return FIELD_OTHER;
    return len == 10 ? FIELD_CONNECTION : len == 14 ? FIELD_LENGTH : FIELD_CODING;
}

/* A name that is whole in the buffer is looked at where it is; one that is cut goes to `token`. */
static int read_name(WbResponse *r, const char **p, const char *end)
{
    const char *q = *p;
    const char *name = q;
    size_t len;

    while (q < end && token_char[(unsigned char)*q])
        q++;
    len = (size_t)(q - name);
    if (q == end || r->token_len > 0) {
        for (; name < q && r->token_len < sizeof r->token; name++)
            r->token[r->token_len++] = token_char[(unsigned char)*name];
        name = r->token;
        len = r->token_len;
    }
    *p = q;
    if (q == end) {
        r->state = NAME;
        return MORE;
    }
    if (*q != ':' || len == 0)
        return WB_CODE_BAD_HEAD;
    *p = q + 1;
    r->field = r->in_trailer ? FIELD_OTHER : field_named(name, len);
    if (r->field == FIELD_OTHER)
        return skip_line(r, p, end);
    r->state = VALUE_READ;
    r->token_len = 0;
    r->value_closed = false;
    r->length = -1;
    return NEXT;
}

/* A number of Content-Length has ended; -1 in `length` if there was none. */
static int end_number(WbResponse *r)
{
    if (r->length < 0 || (r->has_length && r->left != r->length))
        return WB_CODE_BAD_HEAD;
    r->has_length = true;
    r->left = r->length;
    r->length = -1;
    r->value_closed = false;
    return NEXT;
}

/* A member of a list (Connection, Transfer-Encoding) has ended; empty members are allowed. */
static void end_member(WbResponse *r)
{
    if (r->token_len > 0) {
        if (r->field == FIELD_CODING) {
            r->has_coding = true;
            r->chunked = is_token(r, "chunked", 7);
        } else if (is_token(r, "close", 5)) {
            r->close = true;
        } else if (is_token(r, "keep-alive", 10)) {
            r->keep_alive = true;
        }
    }
    r->token_len = 0;
    r->value_closed = false;
}

static int read_number_byte(WbResponse *r, char c)
{
    if (is_digit(c)) {
        if (r->length < 0)
            r->length = 0;
        if (r->value_closed || __builtin_mul_overflow(r->length, 10, &r->length) ||
            __builtin_add_overflow(r->length, c - '0', &r->length))
            return WB_CODE_BAD_HEAD;
        return NEXT;
    }
    if (c == ' ' || c == '\t' || c == '\r') {
        r->value_closed = r->length >= 0;
        return NEXT;
    }
    return c == ',' ? end_number(r) : WB_CODE_BAD_HEAD;
}

static void read_member_byte(WbResponse *r, char c)
{
    char low = token_char[(unsigned char)c];

    if (c == ',') {
        end_member(r);
    } else if (low && !r->value_closed) {
        if (r->token_len < sizeof r->token)
            r->token[r->token_len++] = low;
    } else if (r->token_len > 0) {
        /* White space or parameters behind the member: it is known by what came before, unless
         * a second word follows, which makes it another member than the ones that matter. */
        if (r->value_closed && low)
            r->token_len = sizeof r->token;
        r->value_closed = true;
    } else if (c != ' ' && c != '\t' && c != '\r') {
        r->token_len = sizeof r->token;
        r->value_closed = true;
    }
}

static int read_value(WbResponse *r, const char **p, const char *end)
{
    while (*p < end) {
        char c = *(*p)++;
        int verdict = NEXT;

        if (c == '\n') {
            r->state = FIELD_START;
            return NEXT;
        }
        if (r->field == FIELD_LENGTH)
            verdict = read_number_byte(r, c);
        else
            read_member_byte(r, c);
        if (verdict != NEXT)
            return verdict;
    }
    return MORE;
}

/* The field before this line is over: no continuation line follows. */
static int end_field(WbResponse *r)
{
    int verdict = NEXT;

    if (r->field == FIELD_LENGTH)
        verdict = end_number(r);
    else if (r->field == FIELD_CONNECTION || r->field == FIELD_CODING)
        end_member(r);
    r->field = FIELD_OTHER;
    return verdict;
}

/* Add what this buffer has of a head, trailer section or chunk line to its length; if it ends here
 * the next one begins. @return MORE, or the error of one that is too long */
static int end_stretch(WbResponse *r, const char *p, bool is_whole)
{
    int64_t n = r->line_bytes + (p - r->mark);
    bool in_chunks = r->head_done && !r->in_trailer;

    if (n > WB_RESPONSE_HEAD_MAX)
        return in_chunks ? WB_CODE_BAD_CHUNK : WB_CODE_HEAD_TOO_LARGE;
    if (is_whole && !r->head_done)
        r->head_bytes += n;
    r->line_bytes = is_whole ? 0 : (int32_t)n;
    r->mark = p;
    return MORE;
}

static int end_head(WbResponse *r, const char *p)
{
    int verdict = end_stretch(r, p, true);

    if (verdict != MORE)
        return verdict;
    if (r->in_trailer) {
        r->state = DONE;
        return WHOLE;
    }
    if (r->has_length && r->has_coding)
        return WB_CODE_BAD_HEAD;
    if (r->status / 100 == 1 && r->status != 101) {
        begin_head(r);
        return NEXT;
    }
    r->head_done = true;
    if (r->is_head || r->status == 101 || r->status == 204 || r->status == 304 ||
        (r->has_length && r->left == 0)) {
        r->state = DONE;
        return WHOLE;
    }
    r->state = r->has_length ? BODY_LENGTH : r->chunked ? CHUNK_FIRST : BODY_EOF;
    return NEXT;
}

static int read_field_start(WbResponse *r, const char **p, const char *end)
{
    char c = **p;
    int verdict;

    if (r->field == FIELD_OTHER && token_char[(unsigned char)c]) { /* most lines */
        r->token_len = 0;
        return read_name(r, p, end);
    }
    if (c == ' ' || c == '\t') {
        if (r->field == FIELD_NONE)
            return WB_CODE_BAD_HEAD;
        /* The white space itself is read as part of the value: it ends a number or token. */
        r->state = r->field == FIELD_OTHER ? VALUE : VALUE_READ;
        return NEXT;
    }
    verdict = end_field(r);
    if (verdict != NEXT)
        return verdict;
    if (c == '\r') {
        (*p)++;
        r->state = HEAD_LF;
    } else if (c == '\n') {
        r->state = HEAD_LF;
    } else {
        r->token_len = 0;
        return read_name(r, p, end);
    }
    return NEXT;
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
    c = token_char[(unsigned char)c];
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
        int verdict = end_stretch(r, *p, true);

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
    switch (r->state) {
    case START:
        if (**p == '\r' || **p == '\n') {
            (*p)++;
            return NEXT;
        }
        r->state = STATUS_LINE;
        return read_status_line(r, p, end);
    case STATUS_LINE:
        return read_status_line(r, p, end);
    case VALUE:
        return skip_line(r, p, end);
    case FIELD_START:
        return read_field_start(r, p, end);
    case NAME:
        return read_name(r, p, end);
    case VALUE_READ:
        return read_value(r, p, end);
    case HEAD_LF:
        if (*(*p)++ != '\n')
            return WB_CODE_BAD_HEAD;
        return end_head(r, *p);
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
        verdict = end_stretch(r, p, false);
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
