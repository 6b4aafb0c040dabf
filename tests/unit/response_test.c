/*
 * The response scanner: each text is fed whole, cut in two at every byte, and byte by byte, and
 * must say the same each time. Rules: RFC 9112 sections 2 to 7, as response.h takes them.
 */
#include <glib.h>
#include <string.h>

#include "runner/engine/response.h"

#define LINE(status) "HTTP/1.1 " status "\r\n"
#define OK           LINE("200 OK")
#define CHUNKED      OK "Transfer-Encoding: chunked\r\n\r\n"

/* What a text must give. */
typedef struct {
    const char *name;
    const char *text;
    int verdict; /* 1 whole, 0 more to come, or a WbCode */
    int status;
    int64_t body_bytes;
    int rest; /* bytes behind the response */
    bool keeps;
    bool is_head;
    bool ends; /* verdict 0: whole once the peer closes */
} Case;

static const Case cases[] = {
    /* lengths */
    {"length", OK "Content-Length: 5\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/zero", OK "Content-Length: 0\r\n\r\n", 1, 200, 0, 0, true, false, false},
    {"length/rest", OK "Content-Length: 2\r\n\r\nhello", 1, 200, 2, 3, true, false, false},
    {"length/short", OK "Content-Length: 6\r\n\r\nhello", 0, 200, 5, 0, true, false, false},
    {"length/case", OK "cOnTeNt-LeNgTh:5\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/space", OK "Content-Length: \t 5 \t\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/zeros", OK "Content-Length: 0005\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/fold", OK "Content-Length:\r\n 5\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/fold-cut", OK "Content-Length: 1\r\n 5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0,
     0},
    {"length/same-twice", OK "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 1, 200, 5, 0,
     true, false, false},
    {"length/same-list", OK "Content-Length: 5, 5\r\n\r\nhello", 1, 200, 5, 0, true, false, false},
    {"length/differ", OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", WB_CODE_BAD_HEAD,
     200, 0, 0, true, false, false},
    {"length/differ-list", OK "Content-Length: 5, 6\r\n\r\nhello", WB_CODE_BAD_HEAD, 200, 0, 0,
     true, false, false},
    {"length/and-chunked", OK "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
     WB_CODE_BAD_HEAD, 200, 0, 0, true, false, false},
    {"length/empty", OK "Content-Length:\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, false, false},
    {"length/list-end", OK "Content-Length: 5,\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/negative", OK "Content-Length: -5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/plus", OK "Content-Length: +5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/hex", OK "Content-Length: 0x5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/two", OK "Content-Length: 5 5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/cr", OK "Content-Length: 5\r5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"length/most", OK "Content-Length: 9223372036854775807\r\n\r\nx", 0, 200, 1, 0, true, 0, 0},
    {"length/overflow", OK "Content-Length: 9223372036854775808\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0,
     0, true, false, false},
    {"length/other-name", OK "X-Content-Length: 9\r\nContent-Length: 1\r\n\r\nx", 1, 200, 1, 0,
     true, false, false},
    {"length/longer-name", OK "Content-Lengths: 9\r\nContent-Length: 1\r\n\r\nx", 1, 200, 1, 0,
     true, false, false},

    /* chunks */
    {"chunked", CHUNKED "5\r\nhello\r\n0\r\n\r\n", 1, 200, 5, 0, true, false, false},
    {"chunked/several", CHUNKED "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\nHT", 1, 200, 5, 2, true, 0, 0},
    {"chunked/hex", CHUNKED "00A\r\n0123456789\r\n000\r\n\r\n", 1, 200, 10, 0, true, false, false},
    {"chunked/extension", CHUNKED "5;a=\"b\"\r\nhello\r\n0;x\r\n\r\n", 1, 200, 5, 0, true, 0, 0},
    {"chunked/space", CHUNKED "5 \r\nhello\r\n0\r\n\r\n", 1, 200, 5, 0, true, false, false},
    {"chunked/trailers", CHUNKED "1\r\nx\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n\r\n", 1, 200, 1,
     0, true, false, false},
    {"chunked/list", OK "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 1, 200, 0, 0, true, 0,
     0},
    {"chunked/lines", OK "Transfer-Encoding: gzip\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
     1, 200, 0, 0, true, false, false},
    {"chunked/empty-member", OK "Transfer-Encoding: , chunked ,\r\n\r\n0\r\n\r\n", 1, 200, 0, 0,
     true, false, false},
    {"chunked/not-last", OK "Transfer-Encoding: chunked, gzip\r\n\r\nabc", 0, 200, 3, 0, false,
     false, true},
    {"chunked/other-word", OK "Transfer-Encoding: xchunked\r\n\r\nabc", 0, 200, 3, 0, false, 0,
     true},
    {"chunked/two-words", OK "Transfer-Encoding: chunked x\r\n\r\nabc", 0, 200, 3, 0, false, 0,
     true},
    {"chunked/no-number", CHUNKED "zz\r\n", WB_CODE_BAD_CHUNK, 200, 0, 0, true, false, false},
    {"chunked/no-digit", CHUNKED ";a\r\n", WB_CODE_BAD_CHUNK, 200, 0, 0, true, false, false},
    {"chunked/minus", CHUNKED "-1\r\n", WB_CODE_BAD_CHUNK, 200, 0, 0, true, false, false},
    {"chunked/overflow", CHUNKED "8000000000000000\r\n", WB_CODE_BAD_CHUNK, 200, 0, 0, true, 0, 0},
    {"chunked/lf", CHUNKED "1\nx\r\n", WB_CODE_BAD_CHUNK, 200, 0, 0, true, false, false},
    {"chunked/longer", CHUNKED "1\r\nxy\r\n", WB_CODE_BAD_CHUNK, 200, 1, 0, true, false, false},
    {"chunked/cr-only", CHUNKED "1\r\nx\rx", WB_CODE_BAD_CHUNK, 200, 1, 0, true, false, false},
    {"chunked/bad-trailer", CHUNKED "0\r\nno colon\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0,
     0},
    {"chunked/unfinished", CHUNKED "1\r\nx\r\n0\r\n", 0, 200, 1, 0, true, false, false},

    /* without a length, without a body */
    {"eof", OK "\r\nhello", 0, 200, 5, 0, false, false, true},
    {"eof/empty", OK "\r\n", 0, 200, 0, 0, false, false, true},
    {"eof/http10", "HTTP/1.0 200 OK\r\n\r\nx", 0, 200, 1, 0, false, false, true},
    {"none/head", OK "Content-Length: 5\r\n\r\n", 1, 200, 0, 0, true, true, false},
    {"none/head-chunked", OK "Transfer-Encoding: chunked\r\n\r\n", 1, 200, 0, 0, true, true, false},
    {"none/204", LINE("204 No Content") "\r\nHT", 1, 204, 0, 2, true, false, false},
    {"none/304", LINE("304 Not Modified") "Content-Length: 5\r\n\r\n", 1, 304, 0, 0, true, 0, 0},
    {"none/101", LINE("101 Switching") "\r\nxx", 1, 101, 0, 2, false, false, false},

    /* interim responses */
    {"interim/100", LINE("100 Continue") "\r\n" OK "Content-Length: 1\r\n\r\nx", 1, 200, 1, 0, true,
     false, false},
    {"interim/several",
     LINE("100 Continue") "\r\n" LINE("103 Early Hints") "Link: x\r\n\r\n" LINE(
         "404 No") "Content-Length: 0\r\n\r\n",
     1, 404, 0, 0, true, false, false},
    {"interim/close-not-kept",
     LINE("103 Early Hints") "Connection: close\r\nContent-Length: 9\r\n\r\n" LINE("204 No") "\r\n",
     1, 204, 0, 0, true, false, false},
    {"interim/only", LINE("100 Continue") "\r\n", 0, 0, 0, 0, true, false, false},

    /* connection */
    {"connection/close", OK "Connection: close\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, false,
     false, false},
    {"connection/case", OK "CONNECTION: Close\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, false, 0,
     0},
    {"connection/list", OK "Connection: x, close ,y\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0,
     false, false, false},
    {"connection/lines", OK "Connection: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 1,
     200, 0, 0, false, false, false},
    {"connection/longer", OK "Connection: closed, unclose\r\nContent-Length: 0\r\n\r\n", 1, 200, 0,
     0, true, false, false},
    {"connection/both", OK "Connection: keep-alive, close\r\nContent-Length: 0\r\n\r\n", 1, 200, 0,
     0, false, false, false},
    {"connection/http10", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, false, 0,
     0},
    {"connection/http10-keeps",
     "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, true,
     0, 0},
    {"connection/http10-chunked",
     "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1,
     200, 0, 0, false, false, false},
    {"connection/fold", OK "Connection: x,\r\n\tclose\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0,
     false, false, false},

    /* heads */
    {"head/lf", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 1, 200, 1, 0, true, false, false},
    {"head/no-reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, true, 0, 0},
    {"head/empty-reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, true, 0, 0},
    {"head/blank-before", "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0,
     true, false, false},
    {"head/fold", OK "X: a\r\n b\r\nContent-Length: 0\r\n\r\n", 1, 200, 0, 0, true, false, false},
    {"head/odd-status", LINE("799 What") "Content-Length: 0\r\n\r\n", 1, 799, 0, 0, true, 0, 0},
    {"head/garbage", "\x16\x03\x01 what", WB_CODE_BAD_HEAD, 0, 0, 0, true, false, false},
    {"head/http2", "HTTP/2 200\r\n\r\n", WB_CODE_BAD_HEAD, 0, 0, 0, true, false, false},
    {"head/lower", "http/1.1 200 OK\r\n\r\n", WB_CODE_BAD_HEAD, 0, 0, 0, true, false, false},
    {"head/two-digits", "HTTP/1.1 20 OK\r\n\r\n", WB_CODE_BAD_HEAD, 20, 0, 0, true, false, false},
    {"head/four-digits", "HTTP/1.1 2000 OK\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"head/no-colon", OK "Content-Length\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"head/space-colon", OK "Content-Length : 5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, 0, 0},
    {"head/no-name", OK ": 5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, false, false},
    {"head/first-fold", OK " x: 5\r\n\r\n", WB_CODE_BAD_HEAD, 200, 0, 0, true, false, false},
    {"head/cr-alone", OK "A: b\r\n\rx", WB_CODE_BAD_HEAD, 200, 0, 0, true, false, false},
    {"head/cut", OK "Content-Le", 0, 200, 0, 0, true, false, false},
    {"nothing", "", 0, 0, 0, 0, true, false, false},
};

/* Feed text[0..cut), then the rest; returns the verdict and how much was used. */
static int feed_cut(WbResponse *r, const Case *k, size_t cut, size_t *used)
{
    size_t len = strlen(k->text);
    int verdict;

    wb_response_begin(r, k->is_head);
    verdict = wb_response_feed(r, NULL, k->text, cut, used);
    if (verdict == 0) {
        size_t more;

        g_assert_cmpuint(*used, ==, cut);
        verdict = wb_response_feed(r, NULL, k->text + cut, len - cut, &more);
        *used += more;
    }
    return verdict;
}

static int feed_bytes(WbResponse *r, const Case *k, size_t *used)
{
    int verdict = 0;

    wb_response_begin(r, k->is_head);
    for (*used = 0; k->text[*used] && verdict == 0; ++*used) {
        size_t one;

        verdict = wb_response_feed(r, NULL, k->text + *used, 1, &one);
    }
    return verdict;
}

static void check(const Case *k, const WbResponse *r, int verdict, size_t used)
{
    g_assert_cmpint(verdict, ==, k->verdict);
    g_assert_cmpint(r->body_bytes, ==, k->body_bytes);
    if (verdict < 0)
        return;
    g_assert_cmpint(r->status, ==, k->status);
    g_assert_cmpint((int)(strlen(k->text) - used), ==, k->rest);
    if (r->head_done)
        g_assert_cmpint(wb_response_keeps(r), ==, k->keeps);
    if (verdict == 0)
        g_assert_cmpint(wb_response_end(r), ==, k->ends ? 1 : WB_CODE_EOF);
}

static void test_text_cut_anywhere_gives_the_same(const void *data)
{
    const Case *k = data;
    WbResponse r;
    size_t used;
    int verdict;

    for (size_t cut = 0; cut <= strlen(k->text); cut++) {
        verdict = feed_cut(&r, k, cut, &used);
        check(k, &r, verdict, used);
    }
    verdict = feed_bytes(&r, k, &used);
    check(k, &r, verdict, used);
}

static int feed_text(WbResponse *r, const WbBodyCheck *body, const char *text)
{
    size_t used;

    return wb_response_feed(r, body, text, strlen(text), &used);
}

static void test_phase_follows_what_came(void)
{
    WbResponse r;

    wb_response_begin(&r, false);
    g_assert_cmpint(wb_response_phase(&r), ==, WB_PHASE_WAIT);
    feed_text(&r, NULL, "HTTP");
    g_assert_cmpint(wb_response_phase(&r), ==, WB_PHASE_HEAD);
    feed_text(&r, NULL, "/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    g_assert_cmpint(wb_response_phase(&r), ==, WB_PHASE_BODY);
    g_assert_cmpint(r.head_bytes, ==, 38);
}

static void test_body_is_compared_byte_by_byte(void)
{
    static const struct {
        const char *body;
        bool differs;
    } bodies[] = {{"hello", false}, {"jello", true}, {"hellp", true}, {"hello!", true}};
    WbBodyCheck body = {"hello", 5};

    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        WbResponse r;

        wb_response_begin(&r, false);
        feed_text(&r, &body, CHUNKED);
        for (const char *p = bodies[i].body; *p; p++) {
            char chunk[] = "1\r\nx\r\n";

            chunk[3] = *p;
            g_assert_cmpint(feed_text(&r, &body, chunk), ==, 0);
        }
        g_assert_cmpint(feed_text(&r, &body, "0\r\n\r\n"), ==, 1);
        g_assert_cmpint(r.body_differs, ==, bodies[i].differs);
    }
}

/* A text of `n` times `piece` between `before` and `after`. */
static char *repeat(const char *before, const char *piece, int n, const char *after)
{
    GString *s = g_string_new(before);

    for (int i = 0; i < n; i++)
        g_string_append(s, piece);
    return g_string_free(g_string_append(s, after), FALSE);
}

static void check_limit(const char *text, int verdict)
{
    size_t len = strlen(text);

    for (size_t step = 1; step <= len; step = step * 7 + 1) {
        int got = 0;
        WbResponse r;

        wb_response_begin(&r, false);
        for (size_t at = 0; at < len && got == 0; at += step) {
            size_t used;

            got = wb_response_feed(&r, NULL, text + at, MIN(step, len - at), &used);
        }
        g_assert_cmpint(got, ==, verdict);
    }
}

static void test_heads_and_chunk_lines_have_a_limit(void)
{
    static const char x60[] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    g_autofree char *fields = repeat(OK, "X-A: 0123456789\r\n", 5000, "\r\n");
    g_autofree char *line = repeat(OK "X: ", x60, 2000, "\r\nContent-Length: 0\r\n\r\n");
    g_autofree char *fits = repeat(OK "X: ", x60, 1000, "\r\nContent-Length: 0\r\n\r\n");
    g_autofree char *blank = repeat("", "\r\n", 40000, OK);
    g_autofree char *extension = repeat(CHUNKED "1;", x60, 2000, "\r\nx\r\n0\r\n\r\n");
    g_autofree char *zeros = repeat(CHUNKED, "0000000000", 9000, "1\r\nx\r\n0\r\n\r\n");
    g_autofree char *trailers = repeat(CHUNKED "0\r\n", "X-A: 0123456789\r\n", 5000, "\r\n");
    g_autofree char *chunks = repeat(CHUNKED, "1\r\nx\r\n", 30000, "0\r\n\r\n");

    check_limit(fields, WB_CODE_HEAD_TOO_LARGE);
    check_limit(line, WB_CODE_HEAD_TOO_LARGE);
    check_limit(fits, 1);
    check_limit(blank, WB_CODE_HEAD_TOO_LARGE);
    check_limit(extension, WB_CODE_BAD_CHUNK);
    check_limit(zeros, WB_CODE_BAD_CHUNK);
    check_limit(trailers, WB_CODE_HEAD_TOO_LARGE);
    check_limit(chunks, 1);
}

static void test_several_in_a_buffer_are_read_one_by_one(void)
{
    static const char one[] = OK "Content-Length: 5\r\n\r\nhello";
    static const char all[] =
        OK "Content-Length: 5\r\n\r\nhello" OK "Content-Length: 5\r\n\r\nhello";
    size_t at = 0;

    for (int i = 0; i < 2; i++) {
        WbResponse r;
        size_t used;

        wb_response_begin(&r, false);
        g_assert_cmpint(wb_response_feed(&r, NULL, all + at, sizeof all - 1 - at, &used), ==, 1);
        g_assert_cmpuint(used, ==, sizeof one - 1);
        at += used;
    }
    g_assert_true(wb_response_is_blank("\r\n\n", 3));
    g_assert_false(wb_response_is_blank("\r\nH", 3));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/response/cut/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_text_cut_anywhere_gives_the_same);
    }
    g_test_add_func("/response/phase", test_phase_follows_what_came);
    g_test_add_func("/response/body", test_body_is_compared_byte_by_byte);
    g_test_add_func("/response/limits", test_heads_and_chunk_lines_have_a_limit);
    g_test_add_func("/response/several", test_several_in_a_buffer_are_read_one_by_one);
    return g_test_run();
}
