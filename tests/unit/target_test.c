/* Targets: URLs as users type them, and the bytes of a request. */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

#include "runner/target.h"

static void test_urls_are_split(void)
{
    static const struct {
        const char *url, *host, *port, *authority, *path;
        bool tls;
    } cases[] = {
        {"http://127.0.0.1:8000/", "127.0.0.1", "8000", "127.0.0.1:8000", "/", false},
        {"http://wsgi:8000", "wsgi", "8000", "wsgi:8000", "/", false},
        {"https://a.b/c%20d?x=1&y=%2F#part", "a.b", "443", "a.b", "/c%20d?x=1&y=%2F", true},
        {"http://[::1]:80/x", "::1", "80", "[::1]:80", "/x", false},
        {"localhost:8000/x", "localhost", "8000", "localhost:8000", "/x", false},
        {"http://a?q", "a", "80", "a", "/?q", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(WbTarget) target = wb_target_parse(cases[i].url, &error);

        g_assert_no_error(error);
        if (!target)
            continue;
        g_assert_cmpstr(target->host, ==, cases[i].host);
        g_assert_cmpstr(target->port, ==, cases[i].port);
        g_assert_cmpstr(target->authority, ==, cases[i].authority);
        g_assert_cmpstr(target->path, ==, cases[i].path);
        g_assert_cmpint(target->tls, ==, cases[i].tls);
    }
}

static void test_urls_that_cannot_be_loaded_are_refused(void)
{
    static const char *const urls[] = {"",
                                       "ftp://a/",
                                       "http://",
                                       "http:///",
                                       "http://u:p@a/",
                                       "http://a/b c",
                                       "http://a/\r\nX: y",
                                       "http://a:99999/",
                                       "unix:rel"};

    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(WbTarget) target = wb_target_parse(urls[i], &error);

        g_assert_null(target);
        g_assert_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_URL);
    }
}

static void test_unix_socket_resolves_to_its_path(void)
{
    g_autoptr(WbTarget) target = wb_target_parse("unix:/run/app.sock:/x?y", NULL);
    g_autoptr(GArray) addresses = wb_target_resolve(target, NULL);
    const struct sockaddr_un *un = (const void *)&g_array_index(addresses, WbAddress, 0).addr;

    g_assert_cmpstr(target->path, ==, "/x?y");
    g_assert_cmpint(un->sun_family, ==, AF_UNIX);
    g_assert_cmpstr(un->sun_path, ==, "/run/app.sock");
}

static void test_addresses_resolve(void)
{
    g_autoptr(WbTarget) v6 = wb_target_parse("http://[::1]:8000/", NULL);
    g_autoptr(WbTarget) none = wb_target_parse("http://no-such-name.invalid/", NULL);
    g_autoptr(GArray) addresses = wb_target_resolve(v6, NULL);
    g_autoptr(GError) error = NULL;
    const struct sockaddr_in6 *in6 = (const void *)&g_array_index(addresses, WbAddress, 0).addr;

    g_assert_cmpint(in6->sin6_family, ==, AF_INET6);
    g_assert_cmpint(ntohs(in6->sin6_port), ==, 8000);
    g_assert_null(wb_target_resolve(none, &error));
    g_assert_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_RESOLVE);
}

static void assert_request(GBytes *bytes, const char *expected)
{
    g_assert_nonnull(bytes);
    if (bytes)
        g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), expected,
                        strlen(expected));
    g_bytes_unref(bytes);
}

static void test_request_bytes(void)
{
    g_autoptr(WbTarget) target = wb_target_parse("http://h:8/p", NULL);
    char *headers[] = {(char *)"X-A: 1", (char *)"host: other", NULL};
    g_autoptr(GBytes) body = g_bytes_new_static("ab", 2);

    assert_request(wb_target_request(target, NULL, NULL, NULL, NULL, false, NULL),
                   "GET /p HTTP/1.1\r\nHost: h:8\r\n\r\n");
    assert_request(wb_target_request(target, NULL, "/q", headers, NULL, true, NULL),
                   "GET /q HTTP/1.1\r\nX-A: 1\r\nhost: other\r\nConnection: close\r\n\r\n");
    assert_request(wb_target_request(target, NULL, NULL, NULL, body, false, NULL),
                   "POST /p HTTP/1.1\r\nHost: h:8\r\nContent-Length: 2\r\n\r\nab");
}

static void test_header_that_would_split_the_request_is_refused(void)
{
    g_autoptr(WbTarget) target = wb_target_parse("http://h/", NULL);
    static const char *const bad[] = {"X: a\r\nY: b", "no colon", ": empty", "a b: c"};

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *headers[] = {(char *)(uintptr_t)bad[i], NULL};
        g_autoptr(GError) error = NULL;

        g_assert_null(wb_target_request(target, NULL, NULL, headers, NULL, false, &error));
        g_assert_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_HEADER);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/target/parse/good", test_urls_are_split);
    g_test_add_func("/target/parse/bad", test_urls_that_cannot_be_loaded_are_refused);
    g_test_add_func("/target/resolve/unix", test_unix_socket_resolves_to_its_path);
    g_test_add_func("/target/resolve/addresses", test_addresses_resolve);
    g_test_add_func("/target/request/bytes", test_request_bytes);
    g_test_add_func("/target/request/bad-header",
                    test_header_that_would_split_the_request_is_refused);
    return g_test_run();
}
