/*
 * The response scanner on arbitrary bytes, held against itself (cut anywhere it must say the same)
 * and against libhttp-parser 2.9 (nginx's parser of old, which wrk and node used) as the oracle,
 * where the host has it: it is loaded when the target starts, so that this links without it.
 *
 * Byte 0 of the input: bit 0, it answers a HEAD request; the rest seeds the cuts. Then the
 * response.
 *
 * Where the two may differ, and why (RFC 9112 unless said otherwise):
 *   - one of them refuses. The scanner is stricter on names and their colon (5.1), numbers, chunk
 * line ends (7.1), versions other than HTTP/1.x and on a body with two lengths (6.3); the parser is
 *     stricter on a length that is repeated with the same value, and on bare CR in a value (2.2);
 *     is_refusal_allowed() names what of it must be there. Nothing else may be refused by one
 * alone;
 *   - a bare CR within a head is a line's end to the parser, part of the value to the scanner (2.2
 *     allows neither, or white space): such texts are not compared;
 *   - Transfer-Encoding: the parser of 2.9 takes "chunked" only as the last value it saw, by its
 *     own rules for lists, so only plain values are compared (see has_odd_coding);
 *   - Connection: the same for odd list members (has_odd_connection);
 *   - HTTP/1.0 with Transfer-Encoding ends its connection (6.1); the parser keeps it.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runner/engine/head_memo.h"
#include "runner/engine/response.h"

#if __has_include(<http_parser.h>)
#include <http_parser.h>
#define HAS_ORACLE 1
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What either of them says of a text. */
typedef struct {
    int verdict; /* 1 whole, 0 more, negative refused */
    size_t used; /* if whole */
    int status;
    int64_t body_bytes;
    bool keeps;
    bool ends; /* verdict 0: whole once the peer closes */
} Told;

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "response_fuzz: %s\n", what);
        abort();
    }
}

static Told scan(const char *text, size_t len, bool is_head, unsigned seed)
{
    Told told = {0};
    WbResponse r;
    size_t used;

    wb_response_begin(&r, is_head);
    while (told.used < len && told.verdict == 0) {
        size_t piece = len - told.used;

        if (seed != 0) {
            seed = seed * 1103515245u + 12345u;
            piece = 1 + (seed >> 16) % (seed & 0x10000000u ? 3 : 40);
            if (piece > len - told.used)
                piece = len - told.used;
        }
        told.verdict = wb_response_feed(&r, NULL, text + told.used, piece, &used);
        must(used <= piece, "used more than there is");
        must(told.verdict != 0 || used == piece, "left bytes and wants more");
        told.used += used;
    }
    told.status = r.status;
    told.body_bytes = r.body_bytes;
    told.keeps = told.verdict == 1 && wb_response_keeps(&r);
    told.ends = told.verdict == 0 && wb_response_end(&r) == 1;
    return told;
}

static void check_cuts(const Told *whole, const Told *cut)
{
    must(whole->verdict == cut->verdict, "another verdict when cut");
    if (whole->verdict < 0)
        return;
    must(whole->used == cut->used, "another end when cut");
    must(whole->status == cut->status, "another status when cut");
    must(whole->body_bytes == cut->body_bytes, "another body when cut");
    must(whole->keeps == cut->keeps, "another end of the connection when cut");
    must(whole->ends == cut->ends, "another end at EOF when cut");
}

/* The short cut, with this text's own head remembered, must say the same. */
static void check_memo(const char *text, size_t len, bool is_head, const Told *whole)
{
    static WbHeadMemo memo;

    memo.len = memo.misses = memo.worth = 0;
    for (int i = 0; i < 2; i++) {
        Told told = {0};
        WbResponse r;

        wb_response_begin(&r, is_head);
        told.verdict = wb_head_memo_feed(&memo, &r, NULL, text, len, &told.used);
        told.status = r.status;
        told.body_bytes = r.body_bytes;
        told.keeps = told.verdict == 1 && wb_response_keeps(&r);
        told.ends = told.verdict == 0 && wb_response_end(&r) == 1;
        check_cuts(whole, &told);
    }
}

#ifdef HAS_ORACLE

typedef struct {
    void (*init)(http_parser *, enum http_parser_type);
    void (*settings_init)(http_parser_settings *);
    size_t (*execute)(http_parser *, const http_parser_settings *, const char *, size_t);
    int (*should_keep_alive)(const http_parser *);
    void (*pause)(http_parser *, int);
} Oracle;

static Oracle oracle;

typedef struct {
    Told told;
    bool is_head;
    bool complete;
} Listener;

static bool load_oracle(void)
{
    static int state; /* 0 not tried, 1 there, 2 not */
    void *lib;

    if (state != 0)
        return state == 1;
    lib = dlopen("libhttp_parser.so.2.9", RTLD_NOW);
    state = 2;
    if (lib) {
        *(void **)&oracle.init = dlsym(lib, "http_parser_init");
        *(void **)&oracle.settings_init = dlsym(lib, "http_parser_settings_init");
        *(void **)&oracle.execute = dlsym(lib, "http_parser_execute");
        *(void **)&oracle.should_keep_alive = dlsym(lib, "http_should_keep_alive");
        *(void **)&oracle.pause = dlsym(lib, "http_parser_pause");
        state = oracle.pause && oracle.execute ? 1 : 2;
    }
    if (state == 2)
        fprintf(stderr, "response_fuzz: no libhttp-parser here: only cuts are compared\n");
    return state == 1;
}

static bool is_interim(unsigned status)
{
    return status / 100 == 1 && status != 101;
}

static int on_headers(http_parser *p)
{
    Listener *l = p->data;

    l->told.status = (int)p->status_code;
    l->told.body_bytes = 0;
    if (p->status_code == 101)
        return 2; /* no body, and what follows is no HTTP */
    /* The parser leaves it to its user to know that these have no body, whatever their fields say.
     */
    return l->is_head || is_interim(p->status_code) || p->status_code == 204 ||
           p->status_code == 304;
}

static int on_body(http_parser *p, const char *at, size_t len)
{
    Listener *l = p->data;

    (void)at;
    l->told.body_bytes += (int64_t)len;
    return 0;
}

static int on_complete(http_parser *p)
{
    Listener *l = p->data;

    if (is_interim(p->status_code))
        return 0;
    l->complete = true;
    l->told.keeps = oracle.should_keep_alive(p);
    oracle.pause(p, 1);
    return 0;
}

static Told ask_oracle(const char *text, size_t len, bool is_head)
{
    Listener l = {.is_head = is_head};
    http_parser_settings settings;
    http_parser p;
    size_t used;

    oracle.settings_init(&settings);
    settings.on_headers_complete = on_headers;
    settings.on_body = on_body;
    settings.on_message_complete = on_complete;
    oracle.init(&p, HTTP_RESPONSE);
    p.data = &l;
    used = oracle.execute(&p, &settings, text, len);
    if (l.complete) {
        l.told.verdict = 1;
        l.told.used = used;
    } else if (HTTP_PARSER_ERRNO(&p) != HPE_OK) {
        l.told.verdict = -1;
    } else {
        Told so_far = l.told;

        oracle.execute(&p, &settings, text, 0);
        so_far.ends = l.complete;
        l.told = so_far;
    }
    return l.told;
}

/* The head, or what there is of it: up to the first empty line behind interim heads is too fine for
 * this; any line of the text that begins like that is taken. */
static const char *find_field(const char *text, size_t len, const char *name)
{
    size_t n = strlen(name);

    for (size_t i = 1; i + n < len; i++)
        if (text[i - 1] == '\n' && strncasecmp(text + i, name, n) == 0)
            return text + i + n;
    return NULL;
}

static size_t count_fields(const char *text, size_t len, const char *name)
{
    const char *at = text;
    size_t n = 0;

    while ((at = find_field(at, len - (size_t)(at - text), name)))
        n++;
    return n;
}

/* A value other than one plain word (of `words`, comma-separated) on one line by itself. */
static bool is_odd(const char *text, size_t len, const char *name, const char *const *words)
{
    const char *at = text;

    while ((at = find_field(at, len - (size_t)(at - text), name))) {
        const char *end = memchr(at, '\n', len - (size_t)(at - text));
        size_t n = end ? (size_t)(end - at) : 0;
        bool plain = false;

        if (end && end + 1 < text + len && (end[1] == ' ' || end[1] == '\t'))
            return true; /* folded */
        while (n > 0 && at[0] == ' ')
            at++, n--;
        n -= n > 0 && at[n - 1] == '\r';
        for (size_t i = 0; words[i]; i++)
            plain |= n == strlen(words[i]) && strncasecmp(at, words[i], n) == 0;
        if (!plain)
            return true;
    }
    return count_fields(text, len, name) > 1;
}

static bool has_odd_coding(const char *text, size_t len)
{
    static const char *const words[] = {"chunked", "gzip", NULL};

    /* The parser clears what it knew of the coding at any name that begins like this. */
    return is_odd(text, len, "transfer-encoding:", words) ||
           count_fields(text, len, "transfer-encoding") > 1;
}

static bool has_odd_connection(const char *text, size_t len)
{
    static const char *const words[] = {"close", "keep-alive", NULL};

    return is_odd(text, len, "connection:", words);
}

/* Lengths beyond what both can hold, or written in a way that one of them does not take. */
static bool has_odd_length(const char *text, size_t len)
{
    const char *at = find_field(text, len, "content-length:");
    size_t digits = 0;

    if (!at)
        return false;
    while (at < text + len && (*at == ' ' || *at == '\t'))
        at++;
    while (at < text + len && *at >= '0' && *at <= '9')
        at++, digits++;
    return digits == 0 || digits > 15 || at >= text + len || (*at != '\r' && *at != '\n') ||
           count_fields(text, len, "content-length:") > 1 ||
           (at + 1 < text + len && *at == '\r' && at[1] != '\n') ||
           (at + 2 < text + len &&
            (at[1] == ' ' || at[1] == '\t' || at[2] == ' ' || at[2] == '\t'));
}

/* Whether a line is, or begins to be, one that both take for a status line. */
static bool is_clean_status_line(const char *line, size_t len)
{
    static const char shape[] = "HTTP/1.v fdd ";

    for (size_t i = 0; i < len && i < 13; i++) {
        char c = line[i], s = shape[i];
        bool fits = s == 'v'   ? c == '0' || c == '1'
                    : s == 'f' ? c >= '1' && c <= '9'
                    : s == 'd' ? c >= '0' && c <= '9'
                               : c == s;

        if (!fits)
            return false;
    }
    return true;
}

static bool is_clean_field(const char *line, size_t len, bool is_cut)
{
    size_t name = 0;

    while (name < len && (strchr("-", line[name]) || (line[name] >= 'a' && line[name] <= 'z') ||
                          (line[name] >= 'A' && line[name] <= 'Z')))
        name++;
    return name < len ? name > 0 && line[name] == ':' : is_cut;
}

/* Heads of HTTP/1.0 or 1.1 in visible ASCII, lines that all end with CRLF and do not begin with
 * white space, a colon right behind each name: that gives neither of them a reason to be strict. */
static bool is_clean_head(const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    bool first = true, interim = false;

    while (p < end) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((lf ? lf : end) - p);

        if (lf && (n == 0 || p[--n] != '\r'))
            return false;
        for (size_t i = 0; i < n; i++)
            if (p[i] < ' ' || p[i] > '~')
                return false;
        if (first ? !is_clean_status_line(p, n) || (lf && n < 13)
                  : n > 0 && !is_clean_field(p, n, !lf))
            return false;
        if (first)
            interim = n > 11 && p[9] == '1' && strncmp(p + 9, "101", 3) != 0;
        first = n == 0;
        if (first && !interim)
            return true; /* the final head is over */
        p = lf ? lf + 1 : end;
    }
    return true;
}

/* A CR without its LF: the parser (as Debian builds it, not strict) takes that for a line's end. */
static bool has_bare_cr(const char *text, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (text[i] == '\r' && text[i + 1] != '\n')
            return true;
    return false;
}

static bool is_refusal_allowed(const char *text, size_t len, const Told *ours)
{
    if (!is_clean_head(text, len) || has_odd_length(text, len) || has_odd_coding(text, len))
        return true;
    /* The parser takes any name that begins like this for the coding when a length is there, too.
     */
    if (find_field(text, len, "transfer-encoding") && find_field(text, len, "content-length:"))
        return true;
    /* Chunk sizes: other line ends, white space, too many digits. */
    return ours->verdict == WB_CODE_BAD_CHUNK ||
           find_field(text, len, "transfer-encoding:") != NULL;
}

static void check_oracle(const char *text, size_t len, bool is_head, const Told *ours)
{
    Told theirs = ask_oracle(text, len, is_head);
    bool coded = find_field(text, len, "transfer-encoding:") != NULL;

    if (ours->verdict < 0 || theirs.verdict < 0) {
        must((ours->verdict < 0 && theirs.verdict < 0) || is_refusal_allowed(text, len, ours),
             ours->verdict < 0 ? "refused what the oracle takes" : "took what the oracle refuses");
        return;
    }
    if (has_odd_coding(text, len) || has_bare_cr(text, len))
        return;
    must(ours->verdict == theirs.verdict, "another verdict than the oracle");
    must(ours->ends == theirs.ends, "another end at EOF than the oracle");
    if (ours->verdict == 1)
        must(ours->used == theirs.used, "another end than the oracle");
    must(ours->body_bytes == theirs.body_bytes, "another body than the oracle");
    if (ours->verdict == 1) {
        must(ours->status == theirs.status, "another status than the oracle");
        if (!has_odd_connection(text, len) && !coded && ours->status != 101)
            must(ours->keeps == theirs.keeps, "another end of the connection than the oracle");
    }
}

#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    Told whole, cut;
    bool is_head;

    if (size < 2)
        return 0;
    is_head = data[0] & 1;
    whole = scan(text, size - 1, is_head, 0);
    cut = scan(text, size - 1, is_head, 1u + data[0] * 7919u);
    check_cuts(&whole, &cut);
    check_memo(text, size - 1, is_head, &whole);
#ifdef HAS_ORACLE
    if (load_oracle())
        check_oracle(text, size - 1, is_head, &whole);
#endif
    return 0;
}
