#include "runner/import/guess_names.h"

#include <string.h>

static const char *const number_words[][2] = {
    {"run", "run_no"},
    {"r", "run_no"},
    {"iter", "run_no"},
    {"iteration", "run_no"},
    {"rep", "run_no"},
    {"repeat", "run_no"},
    {"round", "run_no"},
    {"try", "run_no"},
    {"trial", "run_no"},
    {"no", "run_no"},
    {"c", "connections"},
    {"conn", "connections"},
    {"conns", "connections"},
    {"connections", "connections"},
    {"concurrency", "connections"},
    {"clients", "connections"},
    {"users", "connections"},
    {"vus", "connections"},
    {"t", "threads"},
    {"thread", "threads"},
    {"threads", "threads"},
    {"rate", "rate_per_s"},
    {"rps", "rate_per_s"},
    {"qps", "rate_per_s"},
    {"w", "workers"},
    {"worker", "workers"},
    {"workers", "workers"},
    {"cpu", "cpus"},
    {"cpus", "cpus"},
    {"core", "cpus"},
    {"cores", "cpus"},
    {"v", "version"},
};

/* Words of names, in lower case. What serves several purposes stands where it is met most. */
static const char *const servers[] = {
    "apache",   "bjoern",        "caddy",    "cherrypy", "cowboy",    "daphne",    "envoy",
    "eventlet", "falcon-server", "gevent",   "granian",  "gunicorn",  "h2o",       "haproxy",
    "httpd",    "hypercorn",     "iis",      "jetty",    "lighttpd",  "litespeed", "meinheld",
    "mod_wsgi", "mongrel",       "netty",    "nginx",    "openresty", "passenger", "puma",
    "thin",     "tomcat",        "traefik",  "undertow", "unicorn",   "unit",      "uvicorn",
    "uwsgi",    "varnish",       "waitress", "werkzeug", NULL,
};

static const char *const frameworks[] = {
    "actix",   "adonis",  "aiohttp",  "akka",    "apistar", "axum",      "beego",   "bottle",
    "bun",     "chi",     "deno",     "django",  "drogon",  "echo",      "elysia",  "express",
    "falcon",  "fastapi", "fasthttp", "fastify", "fiber",   "flask",     "gin",     "go",
    "hapi",    "hono",    "hug",      "hyper",   "ktor",    "koa",       "laravel", "micronaut",
    "nest",    "node",    "phoenix",  "play",    "polka",   "quarkus",   "quart",   "rails",
    "restify", "rocket",  "sanic",    "sinatra", "spring",  "starlette", "symfony", "tornado",
    "vertx",   "warp",    NULL,
};

static const char *const benchmarks[] = {
    "cached",     "cached-query", "data",   "db",   "file",   "fortune", "fortunes",  "hello",
    "helloworld", "hello-world",  "html",   "json", "ping",   "plain",   "plaintext", "post",
    "queries",    "query",        "static", "text", "update", "updates", "upload",    NULL,
};

static const struct {
    const char *name;
    const char *const *words;
} kinds[] = {{"server", servers}, {"framework", frameworks}, {"benchmark", benchmarks}};

static size_t shape_length(const char *text, const char *shape)
{
    size_t n = 0;

    while (shape[n] && (shape[n] == 'd' ? g_ascii_isdigit(text[n]) : text[n] == shape[n]))
        n++;
    return shape[n] || g_ascii_isdigit(text[n]) ? 0 : n;
}

const char *wb_guess_date(const char *value, size_t *out_len)
{
    static const char *const shapes[] = {"dddd-dd-dd", "dddddddd", "dddd_dd_dd", "dddd.dd.dd"};

    for (const char *p = value; *p; p++)
        for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
            *out_len = shape_length(p, shapes[i]);
            if (*out_len > 0 && (p == value || !g_ascii_isdigit(p[-1])) &&
                (g_str_has_prefix(p, "19") || g_str_has_prefix(p, "20")))
                return p;
        }
    return NULL;
}

bool wb_guess_is_duration(const char *value)
{
    const char *unit = value + strspn(value, "0123456789");

    return unit > value &&
           (!strcmp(unit, "s") || !strcmp(unit, "ms") || !strcmp(unit, "m") || !strcmp(unit, "h"));
}

const char *wb_guess_name_by_word(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(number_words); i++)
        if (g_ascii_strcasecmp(word, number_words[i][0]) == 0)
            return number_words[i][1];
    return NULL;
}

const char *wb_guess_name_by_values(const GPtrArray *values)
{
    const char *best = NULL;
    guint best_n = 0;

    for (size_t kind = 0; kind < G_N_ELEMENTS(kinds); kind++) {
        guint n = 0;

        for (guint i = 0; i < values->len; i++) {
            g_autofree char *word = g_ascii_strdown(values->pdata[i], -1);

            n += g_strv_contains(kinds[kind].words, word) ? 1 : 0;
        }
        if (n > best_n) {
            best_n = n;
            best = kinds[kind].name;
        }
    }
    return 2 * best_n >= values->len ? best : NULL;
}
