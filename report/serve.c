/*
 * Serve: see serve.h. libmicrohttpd takes the requests, a thread a connection; the main thread
 * looks for changes and for signals. Clients that follow wait on a condition; each gets the number
 * of the version that it should fetch.
 */
#include "report/serve.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "report/page.h"

#define CONNECTIONS_MOST 32
#define LOOK_MS          500
#define ALIVE_S          10 /* a sign of life to who waits */
#define IDLE_S           60 /* a connection that asks nothing is closed */
#define SHARE            10 /* of the time that making pages may take: a tenth */

G_DEFINE_QUARK(wb - serve - error - quark, wb_serve_error)

typedef struct {
    const WbStory *options;
    char *host; /* of the address, as it may stand in a request */
    guint16 port;

    GMutex lock;
    GCond changed;
    guint64 version; /* of the database, from 1 */
    bool stopping;
    guint64 page_version; /* that `page` shows; 0: none yet */
    GBytes *page;
    char *problem;  /* why there is no page of the present version */
    gint64 next_us; /* before that no page is made */
} Server;

/* ---- the page ------------------------------------------------------------------------------- */

static void copy_options(const WbStory *from, WbStory *to)
{
    wb_story_init(to);
    to->query.db = g_strdup(from->query.db);
    to->query.where = g_strdupv(from->query.where);
    to->query.rows = g_strdup(from->query.rows);
    to->query.cols = g_strdup(from->query.cols);
    to->query.tables = g_strdup(from->query.tables);
    to->query.window = g_strdup(from->query.window);
    to->query.skip_first = g_strdup(from->query.skip_first);
    to->query.split = g_strdup(from->query.split);
    to->query.sort = g_strdup(from->query.sort);
    to->title = g_strdup(from->title);
    to->old = g_strdup(from->old);
    to->no_charts = from->no_charts;
    to->charts_may_lack = true;
}

static GBytes *make_page(const WbStory *options, GError **error)
{
    g_auto(WbStory) story;
    g_autoptr(WbPaper) paper = NULL;
    GString *out;

    copy_options(options, &story);
    if (!wb_story_load(&story, error))
        return NULL;
    paper = wb_story_tell(&story, error);
    if (!paper)
        return NULL;
    out = g_string_new(NULL);
    wb_page_append(paper, true, out);
    return g_string_free_to_bytes(out);
}

/* With the lock held: others that ask meanwhile want the same page. A database that cannot be read
 * just now leaves the last page as it is. */
static void refresh(Server *server)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    GBytes *page;

    if (server->page_version == server->version || begin < server->next_us)
        return;
    page = make_page(server->options, &error);
    server->page_version = server->version;
    server->next_us = begin + SHARE * (g_get_monotonic_time() - begin);
    g_clear_pointer(&server->problem, g_free);
    if (!page) {
        server->problem = g_strdup(error->message);
        return;
    }
    if (server->page)
        g_bytes_unref(server->page);
    server->page = page;
}

/* ---- answers -------------------------------------------------------------------------------- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              struct MHD_Response *response)
{
    enum MHD_Result result;

    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status, const char *text)
{
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(line), line, MHD_RESPMEM_MUST_COPY);

    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, "Refresh", "2"); /* until there is something to show */
    return answer(connection, status, "text/plain; charset=utf-8", response);
}

static enum MHD_Result send_page(Server *server, struct MHD_Connection *connection)
{
    g_autoptr(GBytes) page = NULL;
    g_autofree char *problem = NULL;
    gsize len;
    const void *bytes;

    g_mutex_lock(&server->lock);
    refresh(server);
    page = server->page ? g_bytes_ref(server->page) : NULL;
    problem = g_strdup(server->problem ? server->problem : "not yet");
    g_mutex_unlock(&server->lock);
    if (!page)
        return say(connection, MHD_HTTP_SERVICE_UNAVAILABLE, problem);
    bytes = g_bytes_get_data(page, &len);
    return answer(connection, MHD_HTTP_OK, "text/html; charset=utf-8",
                  MHD_create_response_from_buffer(len, (void *)bytes, MHD_RESPMEM_MUST_COPY));
}

/* ---- events --------------------------------------------------------------------------------- */

/* One who follows. */
typedef struct {
    Server *server;
    guint64 seen;
} Follower;

/* Waits for the next version; a comment now and then shows a client that is gone. */
static ssize_t next_event(void *data, uint64_t at, char *buffer, size_t size)
{
    Follower *follower = data;
    Server *server = follower->server;
    gint64 until = g_get_monotonic_time() + ALIVE_S * G_TIME_SPAN_SECOND;
    bool news, stopping;
    int n;

    (void)at;
    g_mutex_lock(&server->lock);
    while (!server->stopping &&
           (server->version == follower->seen || g_get_monotonic_time() < server->next_us)) {
        gint64 wait = server->version == follower->seen ? until : server->next_us;

        if (!g_cond_wait_until(&server->changed, &server->lock, MIN(wait, until)) &&
            g_get_monotonic_time() >= until)
            break;
    }
    news = server->version != follower->seen;
    follower->seen = server->version;
    stopping = server->stopping;
    g_mutex_unlock(&server->lock);
    if (stopping)
        return MHD_CONTENT_READER_END_OF_STREAM;
    n = news ? g_snprintf(buffer, size, "data: %" G_GUINT64_FORMAT "\n\n", follower->seen)
             : g_snprintf(buffer, size, ": still here\n\n");
    return n;
}

static enum MHD_Result send_events(Server *server, struct MHD_Connection *connection)
{
    Follower *follower = g_new0(Follower, 1);

    follower->server = server;
    g_mutex_lock(&server->lock);
    follower->seen = server->page_version;
    g_mutex_unlock(&server->lock);
    return answer(
        connection, MHD_HTTP_OK, "text/event-stream",
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 256, next_event, follower, g_free));
}

/* ---- requests ------------------------------------------------------------------------------- */

/* A page of another site may let a name of its own point to this address; its requests then name
 * that name. */
static bool is_ours(const Server *server, const char *host)
{
    const char *const names[] = {server->host, "localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; host && i < G_N_ELEMENTS(names); i++) {
        size_t n = strlen(names[i]);
        guint64 port;

        if (g_ascii_strncasecmp(host, names[i], n) != 0)
            continue;
        if (host[n] == '\0' ||
            (host[n] == ':' && g_ascii_string_to_unsigned(host + n + 1, 10, 1, 65535, &port, NULL)))
            return true;
    }
    return false;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *http, const char *upload,
                                  size_t *upload_size, void **state)
{
    Server *server = data;

    (void)http;
    (void)upload;
    (void)upload_size;
    (void)state;
    if (!is_ours(server,
                 MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST)))
        return say(connection, MHD_HTTP_FORBIDDEN, "this host's name is not served here");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET");
    if (!strcmp(url, "/"))
        return send_page(server, connection);
    if (!strcmp(url, "/events"))
        return send_events(server, connection);
    return say(connection, MHD_HTTP_NOT_FOUND, "there is only /");
}

/* ---- changes -------------------------------------------------------------------------------- */

/* What of a file changes when somebody writes it: sizes and times of it and of its log. */
typedef struct {
    struct timespec written[2];
    off_t size[2];
    ino_t inode;
} Look;

static Look look_at(const char *path)
{
    g_autofree char *wal = g_strconcat(path, "-wal", NULL);
    const char *const files[] = {path, wal};
    Look look;

    memset(&look, 0, sizeof look);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        struct stat about;

        if (stat(files[i], &about) != 0)
            continue;
        look.written[i] = about.st_mtim;
        look.size[i] = about.st_size;
        if (i == 0)
            look.inode = about.st_ino;
    }
    return look;
}

static void announce(Server *server, bool stopping)
{
    g_mutex_lock(&server->lock);
    if (stopping)
        server->stopping = true;
    else
        server->version++;
    g_cond_broadcast(&server->changed);
    g_mutex_unlock(&server->lock);
}

/* Until a signal of `ends` comes. */
static int watch(Server *server, const sigset_t *ends)
{
    const struct timespec pause = {0, LOOK_MS * 1000000L};
    const char *db =
        server->options->query.db ? server->options->query.db : wb_store_default_path();
    Look before = look_at(db);

    for (;;) {
        int number = sigtimedwait(ends, NULL, &pause);
        Look now;

        if (number > 0)
            return number;
        now = look_at(db);
        if (memcmp(&now, &before, sizeof now) != 0)
            announce(server, false);
        before = now;
    }
}

/* ---- address -------------------------------------------------------------------------------- */

/* "127.0.0.1:8000" -> "127.0.0.1", "8000"; "8000" alone is of the loopback address. */
static bool split_address(const char *text, char **out_host, char **out_port, GError **error)
{
    const char *colon = strrchr(text, ':');
    const char *port = colon ? colon + 1 : text;
    guint64 number;

    *out_host =
        colon && colon > text ? g_strndup(text, (gsize)(colon - text)) : g_strdup("127.0.0.1");
    *out_port = g_strdup(port);
    if (**out_host == '[' && g_str_has_suffix(*out_host, "]")) {
        memmove(*out_host, *out_host + 1, strlen(*out_host));
        (*out_host)[strlen(*out_host) - 1] = '\0';
    }
    if (g_ascii_string_to_unsigned(port, 10, 0, 65535, &number, NULL))
        return true;
    g_set_error(error, WB_SERVE_ERROR, WB_SERVE_ERROR_ADDRESS,
                "--serve takes ADDRESS:PORT, such as 127.0.0.1:8000, not '%s'", text);
    return false;
}

static struct addrinfo *resolve(const char *host, const char *port, GError **error)
{
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(host, port, &hints, &found);

    if (code == 0)
        return found;
    g_set_error(error, WB_SERVE_ERROR, WB_SERVE_ERROR_ADDRESS,
                "--serve: '%s' is no address of a host (a number such as 127.0.0.1 or [::1]): %s",
                host, gai_strerror(code));
    return NULL;
}

static struct MHD_Daemon *start(Server *server, const struct addrinfo *to, GError **error)
{
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     (to->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR,
                         to->ai_addr, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MOST,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    const union MHD_DaemonInfo *info;

    if (!daemon) {
        g_set_error(error, WB_SERVE_ERROR, WB_SERVE_ERROR_LISTEN,
                    "cannot serve at %s: %s; another port?", server->host, g_strerror(errno));
        return NULL;
    }
    info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : 0;
    return daemon;
}

bool wb_serve(const char *address, const WbStory *options, int *out_signal, GError **error)
{
    Server server = {.options = options, .version = 1};
    g_autofree char *host = NULL;
    g_autofree char *port = NULL;
    struct addrinfo *to;
    struct MHD_Daemon *daemon;
    sigset_t ends, before;

    if (!split_address(address, &host, &port, error) || !(to = resolve(host, port, error)))
        return false;
    server.host = strchr(host, ':') ? g_strdup_printf("[%s]", host) : g_strdup(host);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, &before); /* the threads that serve inherit it */
    daemon = start(&server, to, error);
    freeaddrinfo(to);
    if (daemon) {
        fprintf(stderr, "http://%s:%u/ follows '%s' until Ctrl-C\n", server.host, server.port,
                options->query.db ? options->query.db : wb_store_default_path());
        *out_signal = watch(&server, &ends);
        announce(&server, true);
        MHD_stop_daemon(daemon);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (server.page)
        g_bytes_unref(server.page);
    g_free(server.problem);
    g_free(server.host);
    return daemon != NULL;
}
