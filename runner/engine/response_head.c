/*
 * Heads and trailers: names and list members that may matter are gathered, in lower case, in a
 * token of a few bytes; all other stretches are leapt over with memchr.
 */
#include "runner/engine/response_head.h"

#include <string.h>

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

void wb_response_begin_head(WbResponse *r)
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

int wb_response_end_stretch(WbResponse *r, const char *p, bool is_whole)
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
    int verdict = wb_response_end_stretch(r, p, true);

    if (verdict != MORE)
        return verdict;
    if (r->in_trailer) {
        r->state = DONE;
        return WHOLE;
    }
    if (r->has_length && r->has_coding)
        return WB_CODE_BAD_HEAD;
    if (r->status / 100 == 1 && r->status != 101) {
        wb_response_begin_head(r);
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

int wb_response_head_step(WbResponse *r, const char **p, const char *end)
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
    default: /* HEAD_LF */
        if (*(*p)++ != '\n')
            return WB_CODE_BAD_HEAD;
        return end_head(r, *p);
    }
}
