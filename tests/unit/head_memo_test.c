/*
 * The short cut past the scanner: whatever was remembered, it must say what the scanner says.
 */
#include <glib.h>
#include <string.h>

#include "runner/engine/head_memo.h"

#define OK      "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static const char *const texts[] = {
    OK "Content-Length: 5\r\n\r\nhello",
    OK "Content-Length: 5\r\nConnection: close\r\n\r\nhello",
    OK "Content-Length: 5\r\n\r\nother and a rest",
    OK "Content-Length: 0\r\n\r\nrest",
    OK "Content-Length: 9\r\n\r\nshort",
    OK "\r\nends with the connection",
    OK "Content-Length: 5\r\n\r\nhello" OK "Content-Length: 5\r\n\r\nhello",
    CHUNKED "5\r\nhello\r\n0\r\nX: y\r\n\r\nrest",
    CHUNKED "5\r\nhello\rx",
    "\r\n" OK "Content-Length: 1\r\n\r\nx",
    "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
    "HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 2\r\n\r\nhi",
    OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    OK "bad field\r\n\r\n",
};

typedef int (*Feed)(WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check, const char *bytes,
                    size_t len, size_t *out_used);

static int feed_plainly(WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check, const char *bytes,
                        size_t len, size_t *out_used)
{
    (void)m;
    return wb_response_feed(r, check, bytes, len, out_used);
}

/* Feed a text, cut in two at `cut`. Returns the verdict; *out_used counts over both. */
static int feed_cut(Feed feed, WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check,
                    const char *text, size_t cut, size_t *out_used)
{
    size_t more;
    int verdict = feed(m, r, check, text, cut, out_used);

    if (verdict != 0 || text[cut] == '\0')
        return verdict;
    verdict = feed(m, r, check, text + cut, strlen(text) - cut, &more);
    *out_used += more;
    return verdict;
}

/* Both ways; they must agree. Returns the verdict. */
static int hold(WbHeadMemo *m, const WbBodyCheck *check, const char *text, size_t cut, bool is_head)
{
    WbResponse a, b;
    size_t a_used = 0, b_used = 0;
    int a_verdict, b_verdict;

    wb_response_begin(&a, is_head);
    wb_response_begin(&b, is_head);
    a_verdict = feed_cut(feed_plainly, NULL, &a, check, text, cut, &a_used);
    b_verdict = feed_cut(wb_head_memo_feed, m, &b, check, text, cut, &b_used);
    g_assert_cmpint(b_verdict, ==, a_verdict);
    g_assert_cmpint(b_used, ==, a_used);
    g_assert_cmpint(b.status, ==, a.status);
    if (a_verdict < 0)
        return a_verdict;
    g_assert_cmpint(b.head_bytes, ==, a.head_bytes);
    g_assert_cmpint(b.body_bytes, ==, a.body_bytes);
    g_assert_cmpint(b.body_differs, ==, a.body_differs);
    g_assert_cmpint(b.head_done, ==, a.head_done);
    g_assert_cmpint(wb_response_phase(&b), ==, wb_response_phase(&a));
    g_assert_cmpint(wb_response_keeps(&b), ==, wb_response_keeps(&a));
    g_assert_cmpint(wb_response_end(&b), ==, wb_response_end(&a));
    return a_verdict;
}

/* Every text behind every other one (so often that it was remembered), at every cut. */
static void test_same_as_the_scanner(void)
{
    static const WbBodyCheck hello = {"hello", 5};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(texts); k++)
            for (size_t cut = 1; cut <= strlen(texts[k]); cut++)
                for (int how = 0; how < 4; how++) {
                    WbHeadMemo memo = {0};
                    const WbBodyCheck *check = how & 1 ? &hello : NULL;

                    for (int times = 0; times < 3; times++)
                        hold(&memo, check, texts[i], strlen(texts[i]), times < 2 || how & 2);
                    hold(&memo, check, texts[k], cut, how & 2);
                    hold(&memo, check, texts[k], strlen(texts[k]), how & 2);
                }
}

/* One byte changed in what was remembered. */
static void test_no_byte_is_overlooked(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        size_t len = strlen(texts[i]);

        for (size_t at = 0; at < len; at++) {
            g_autofree char *other = g_strdup(texts[i]);
            WbHeadMemo memo = {0};

            other[at] = other[at] == '7' ? '8' : '7';
            hold(&memo, NULL, texts[i], len, false);
            hold(&memo, NULL, other, len, false);
        }
    }
}

static void test_changing_heads_are_hardly_remembered(void)
{
    WbHeadMemo memo = {0};
    uint32_t before = 0;
    int learned = 0;

    for (int i = 0; i < 10000; i++) {
        g_autofree char *text = g_strdup_printf(OK "X-Id: %d\r\nContent-Length: 1\r\n\r\nx", i);

        hold(&memo, NULL, text, strlen(text), false);
        learned += memo.misses == 0;
        g_assert_cmpuint(memo.worth, >=, before);
        before = memo.worth;
    }
    g_assert_cmpint(learned, <, 60);
    /* Then one that stays is found, soon, and its successor at once. */
    for (int i = 0; i < 300; i++)
        hold(&memo, NULL, texts[0], strlen(texts[0]), false);
    g_assert_cmpuint(memo.misses, ==, 0);
    g_assert_cmpuint(memo.worth, ==, 0);
    hold(&memo, NULL, texts[1], strlen(texts[1]), false);
    g_assert_cmpuint(memo.len, ==, strlen(texts[1]) - 5);
}

static void test_long_heads_are_left_alone(void)
{
    g_autofree char *filler = g_strnfill(WB_HEAD_MEMO_BYTES, 'x');
    g_autofree char *text = g_strdup_printf(OK "X: %s\r\nContent-Length: 1\r\n\r\nx", filler);
    WbHeadMemo memo = {0};

    for (int i = 0; i < 5; i++)
        g_assert_cmpint(hold(&memo, NULL, text, strlen(text), false), ==, 1);
    g_assert_cmpuint(memo.len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/memo/same-as-the-scanner", test_same_as_the_scanner);
    g_test_add_func("/memo/no-byte-is-overlooked", test_no_byte_is_overlooked);
    g_test_add_func("/memo/changing", test_changing_heads_are_hardly_remembered);
    g_test_add_func("/memo/long", test_long_heads_are_left_alone);
    return g_test_run();
}
