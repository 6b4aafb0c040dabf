/*
 * Target: URLs are split with GLib's GUri, which knows the corner cases; names are resolved once,
 * before the run, so that no look-up falls into a measurement.
 */
#include "runner/target.h"

#include <netdb.h>
#include <string.h>
#include <sys/un.h>

G_DEFINE_QUARK(wb_target_error, wb_target_error)

void wb_target_free(WbTarget *target)
{
    if (!target)
        return;
    g_free(target->url);
    g_free(target->host);
    g_free(target->port);
    g_free(target->authority);
    g_free(target->path);
    g_free(target->unix_path);
    g_free(target);
}

static WbTarget *fail(const char *url, const char *why, GError **error)
{
    g_set_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_URL,
                "cannot load '%.200s': %s; a URL looks like http://127.0.0.1:8000/path", url, why);
    return NULL;
}

/* unix:/run/app.sock or unix:/run/app.sock:/path */
static WbTarget *parse_unix(const char *url, GError **error)
{
    g_autoptr(WbTarget) target = g_new0(WbTarget, 1);
    const char *rest = url + strlen("unix:");
    const char *colon = strstr(rest, ":/");

    target->url = g_strdup(url);
    target->unix_path = colon ? g_strndup(rest, (size_t)(colon - rest)) : g_strdup(rest);
    target->path = g_strdup(colon ? colon + 1 : "/");
    target->authority = g_strdup("localhost");
    if (target->unix_path[0] != '/')
        return fail(url, "the path of a Unix socket begins with '/'", error);
    if (strlen(target->unix_path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return fail(url, "the path of a Unix socket has at most 107 bytes", error);
    return g_steal_pointer(&target);
}

/* Bytes that would end the request line early, or the request. */
static bool has_blank_or_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || *text == 0x7f)
            return true;
    return false;
}

static char *path_of(GUri *uri)
{
    const char *path = g_uri_get_path(uri);
    const char *query = g_uri_get_query(uri);

    return g_strconcat(*path ? path : "/", query ? "?" : NULL, query, NULL);
}

WbTarget *wb_target_parse(const char *url, GError **error)
{
    g_autoptr(WbTarget) target = NULL;
    g_autoptr(GUri) uri = NULL;
    g_autofree char *full = NULL;
    int port;

    if (g_str_has_prefix(url, "unix:"))
        return parse_unix(url, error);
    if (has_blank_or_control(url))
        return fail(url, "it holds a blank or a control character (write %20 for a blank)", error);
    full = strstr(url, "://") ? g_strdup(url) : g_strconcat("http://", url, NULL);
    uri = g_uri_parse(full, G_URI_FLAGS_ENCODED, NULL);
    if (!uri)
        return fail(url, "it is no URL", error);
    if (strcmp(g_uri_get_scheme(uri), "http") != 0 && strcmp(g_uri_get_scheme(uri), "https") != 0)
        return fail(url, "only http, https and unix are known", error);
    if (!g_uri_get_host(uri) || !*g_uri_get_host(uri))
        return fail(url, "it names no host", error);
    if (g_uri_get_userinfo(uri))
        return fail(url, "a user or password belongs into -H 'Authorization: ...'", error);
    port = g_uri_get_port(uri);
    target = g_new0(WbTarget, 1);
    target->url = g_strdup(url);
    target->tls = strcmp(g_uri_get_scheme(uri), "https") == 0;
    target->host = g_strdup(g_uri_get_host(uri));
    target->port = port > 0 ? g_strdup_printf("%d", port) : g_strdup(target->tls ? "443" : "80");
    target->path = path_of(uri);
    target->authority =
        g_strdup_printf(strchr(target->host, ':') ? "[%s]%s%s" : "%s%s%s", target->host,
                        port > 0 ? ":" : "", port > 0 ? target->port : "");
    return g_steal_pointer(&target);
}

GArray *wb_target_resolve(const WbTarget *target, GError **error)
{
    g_autoptr(GArray) addresses = g_array_new(FALSE, TRUE, sizeof(WbAddress));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;
    int code;

    if (target->unix_path) {
        WbAddress address = {.len = sizeof(struct sockaddr_un)};
        struct sockaddr_un *un = (struct sockaddr_un *)(void *)&address.addr;

        un->sun_family = AF_UNIX;
        g_strlcpy(un->sun_path, target->unix_path, sizeof un->sun_path);
        g_array_append_val(addresses, address);
        return g_steal_pointer(&addresses);
    }
    code = getaddrinfo(target->host, target->port, &hints, &list);
    if (code == EAI_NONAME || code == EAI_FAMILY || code == EAI_ADDRFAMILY) {
        hints.ai_flags = 0; /* AI_ADDRCONFIG hides loopback addresses where only lo is up */
        code = getaddrinfo(target->host, target->port, &hints, &list);
    }
    if (code) {
        g_set_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_RESOLVE,
                    "cannot find the address of '%s': %s", target->host, gai_strerror(code));
        return NULL;
    }
    for (struct addrinfo *a = list; a; a = a->ai_next) {
        WbAddress address = {.len = a->ai_addrlen};

        if (a->ai_addrlen > sizeof address.addr)
            continue;
        memcpy(&address.addr, a->ai_addr, a->ai_addrlen);
        g_array_append_val(addresses, address);
    }
    freeaddrinfo(list);
    return g_steal_pointer(&addresses);
}

static bool append_header(GString *head, const char *header, GError **error)
{
    const char *colon = strchr(header, ':');

    if (!colon || colon == header || strpbrk(header, "\r\n") ||
        strcspn(header, " \t") < (size_t)(colon - header)) {
        g_set_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_HEADER,
                    "'%.80s' is no header: write 'Name: value' on one line", header);
        return false;
    }
    g_string_append_printf(head, "%s\r\n", header);
    return true;
}

static bool has_header(char *const *headers, const char *name)
{
    for (size_t i = 0; headers && headers[i]; i++)
        if (g_ascii_strncasecmp(headers[i], name, strlen(name)) == 0 &&
            headers[i][strlen(name)] == ':')
            return true;
    return false;
}

GBytes *wb_target_request(const WbTarget *target, const char *method, const char *path,
                          char *const *headers, GBytes *body, bool close, GError **error)
{
    g_autoptr(GString) head = g_string_new(NULL);

    if (!method)
        method = body ? "POST" : "GET";
    if (!path)
        path = target->path;
    if (!*method || has_blank_or_control(method) || !*path || has_blank_or_control(path)) {
        g_set_error(error, WB_TARGET_ERROR, WB_TARGET_ERROR_HEADER,
                    "method '%.40s' or path '%.80s' is empty or holds a blank", method, path);
        return NULL;
    }
    g_string_append_printf(head, "%s %s HTTP/1.1\r\n", method, path);
    if (!has_header(headers, "Host"))
        g_string_append_printf(head, "Host: %s\r\n", target->authority);
    for (size_t i = 0; headers && headers[i]; i++)
        if (!append_header(head, headers[i], error))
            return NULL;
    if (close && !has_header(headers, "Connection"))
        g_string_append(head, "Connection: close\r\n");
    if (body && !has_header(headers, "Content-Length"))
        g_string_append_printf(head, "Content-Length: %zu\r\n", g_bytes_get_size(body));
    g_string_append(head, "\r\n");
    if (body)
        g_string_append_len(head, g_bytes_get_data(body, NULL), (gssize)g_bytes_get_size(body));
    return g_string_free_to_bytes(g_steal_pointer(&head));
}
