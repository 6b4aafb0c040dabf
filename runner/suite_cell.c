/*
 * Suite cell: what settings mean together. Each problem is told at the setting that can mend it,
 * found by the member it sets.
 */
#include "runner/suite_draft.h"

#include <string.h>

#include "runner/engine/engine.h"
#include "runner/target.h"

typedef struct {
    const WbSuiteCell *cell;
    const WbDraftScope *suite;
    const WbDraftScope *target;
    const WbDraftApply *apply;
} Check;

/* The last setting of the scope that sets the member at `offset`, or NULL. */
static const WbDraftSetting *find_setting(const WbDraftScope *scope, size_t offset)
{
    for (guint i = scope->settings->len; i-- > 0;) {
        const WbDraftSetting *setting = &g_array_index(scope->settings, WbDraftSetting, i);

        if (!(setting->key->flags & WB_KEY_OF_SUITE) && setting->key->offset == offset &&
            setting->key->kind != WB_KIND_RUNS)
            return setting;
    }
    return NULL;
}

static int place_of(const Check *check, size_t offset)
{
    const WbDraftSetting *setting = find_setting(check->target, offset);

    if (!setting)
        setting = find_setting(check->suite, offset);
    return setting ? setting->place : check->target->place;
}

#define TELL(check, member, ...)                                                                   \
    wb_suite_problems_add((check)->apply->problems,                                                \
                          place_of(check, offsetof(WbSuiteCell, member)), __VA_ARGS__)

static void check_load(const Check *check)
{
    const WbSuiteLoad *load = &check->cell->load;

    if (load->connections < load->threads)
        TELL(check, load.connections,
             "fewer connections (%d) than threads (%d); ask for at least one a thread",
             load->connections, load->threads);
    if (load->duration_ns / load->slice_ns >= WB_LOAD_MAX_SLICES)
        TELL(check, load.slice_ns, "too many slices for this duration; make them wider");
    if (load->no_keepalive && load->pipeline > 1)
        TELL(
            check, load.pipeline,
            "one request a connection (\"keepalive\": false) cannot be pipelined; use one of both");
    if (load->runs_min > load->runs_max)
        TELL(check, load.runs_max, "\"max\" runs (%d) are fewer than \"min\" (%d); raise it",
             load->runs_max, load->runs_min);
}

/* wrk sends one GET after the other and knows nothing else without a Lua script. */
static void check_wrk(const Check *check)
{
    static const char remedy[] = "is not to be had with \"engine\": \"wrk\"; use \"native\"";
    const WbSuiteLoad *load = &check->cell->load;

    if (load->engine != WB_ENGINE_WRK)
        return;
    if (load->rate_per_s > 0)
        TELL(check, load.rate_per_s, "an open rate %s", remedy);
    if (load->pipeline > 1)
        TELL(check, load.pipeline, "pipelining %s", remedy);
    if (load->no_keepalive)
        TELL(check, load.no_keepalive, "a connection a request %s", remedy);
    if (load->body)
        TELL(check, load.body, "a body %s", remedy);
    if (load->method && strcmp(load->method, "GET") != 0)
        TELL(check, load.method, "another method than GET %s", remedy);
    if (g_str_has_prefix(check->cell->server.url, "unix:"))
        TELL(check, server.url, "a Unix socket %s", remedy);
}

/* The URL with some port put in, read as the run will read it. */
static void check_url(const Check *check)
{
    const WbSuiteServer *server = &check->cell->server;
    const WbSuiteLoad *load = &check->cell->load;
    g_autoptr(GString) url = g_string_new(server->url);
    g_autoptr(WbTarget) target = NULL;
    g_autoptr(GBytes) request = NULL;
    g_autoptr(GBytes) ready = NULL;
    g_autoptr(GBytes) body = NULL;
    g_autoptr(GError) error = NULL;

    g_string_replace(url, "{port}", "8000", 0);
    target = wb_target_parse(url->str, &error);
    if (!target) {
        TELL(check, server.url, "%s", error->message);
        return;
    }
    if (server->ready_path)
        ready = wb_target_request(target, NULL, server->ready_path, NULL, NULL, false, NULL);
    if (server->ready_path && (!ready || server->ready_path[0] != '/'))
        TELL(check, server.ready_path, "'%.60s' is no path; it begins with '/' and has no blanks",
             server->ready_path);
    body = load->body ? g_bytes_new(load->body, strlen(load->body)) : NULL;
    request = wb_target_request(target, load->method, NULL, load->headers, body, false, &error);
    if (!request && load->headers && !strstr(error->message, "method"))
        TELL(check, load.headers, "%s", error->message);
    else if (!request)
        TELL(check, load.method, "%s", error->message);
}

static void check_port(const Check *check)
{
    const WbDraftApply *apply = check->apply;

    if (apply->port_in_url && !apply->port_in_command)
        TELL(check, server.url,
             "the URL has {port}, but nothing tells the server its port; write {port} in \"start\" "
             "or \"env\" too");
    if (apply->port_in_command && !apply->port_in_url)
        TELL(check, server.url,
             "the server gets a free port, but the URL is always the same; write {port} in it, as "
             "in http://127.0.0.1:{port}/");
}

static void check_server(const Check *check)
{
    const WbSuiteServer *server = &check->cell->server;

    for (guint i = 0; !server->start && i < check->target->settings->len; i++) {
        const WbDraftSetting *setting = &g_array_index(check->target->settings, WbDraftSetting, i);

        if (setting->key->flags & WB_KEY_NEEDS_START)
            wb_suite_problems_add(check->apply->problems, setting->place,
                                  "\"%s\" is about a server that is started here; add \"start\" or "
                                  "remove it",
                                  setting->key->name);
    }
    if (server->somaxconn != WB_NONE && !server->isolate_net)
        TELL(check, server.somaxconn,
             "somaxconn is set in a network namespace of the run's own; add \"isolate\": \"net\"");
}

void wb_suite_cell_check(const WbSuiteCell *cell, const WbDraftScope *suite,
                         const WbDraftScope *target, const WbDraftApply *apply)
{
    Check check = {cell, suite, target, apply};

    check_load(&check);
    check_wrk(&check);
    check_server(&check);
    check_port(&check);
    check_url(&check);
}
