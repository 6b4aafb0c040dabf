/*
 * Suite: a suite file read, checked and expanded; pure, no process is started here.
 *
 * suite_file.c reads the JSON (DESIGN.md section 5) and refuses what it does not know, each with
 * FILE:LINE:COLUMN and the nearest known word. suite_expand.c expands targets x matrix into cells,
 * suite_plan.c lays runs out in rounds.
 *
 * What DESIGN.md leaves open, decided here:
 * - Labels of a cell: the suite's, then the target's, then the matrix's. A key of a target's own
 *   "matrix" takes the place of the suite's; a label of a target fixes that key of the suite's
 *   matrix (sanic, framework sanic, beside servers that run every framework). Values of labels are
 *   texts or whole numbers, and are taken as they are.
 * - `{label}` is replaced in every text of a target and of a "load", also where a number is wanted
 *   ("connections": "{connections}"). `{{` is a brace. `{port}`, in start, env and url only, stays
 *   for wb_server_start.
 * - "load" is overridden key by key. "runs" is 6 or {"min": 5, "max": 20, "until_ci": "2%"}.
 *   "isolate" is "net" or "none"; "headers" an object, or a list of "Name: value".
 * - A skip is a set of labels and "because"; one that matches no cell is an error, and so are two
 *   cells with the same labels. A target's own "skip" is about its own cells.
 * - Defaults: threads 1, connections 10, pipeline 1, duration 10s, timeout 2s, no warmup, slice
 *   100ms, runs 5; ready: status 200 within 20s; stop: TERM within 10s; drain within 20s (0s: not
 *   waited for); cooldown 10s (0s: none); name: the file's. "user" and "directory" as usual: the
 *   own user, the suite file's folder.
 */
#ifndef WB_RUNNER_SUITE_H
#define WB_RUNNER_SUITE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "schema/records.h"

#define WB_SUITE_ERROR (wb_suite_error_quark())
GQuark wb_suite_error_quark(void);
typedef enum {
    WB_SUITE_ERROR_READ, /* the file cannot be read */
    WB_SUITE_ERROR_FILE, /* FILE:LINE:COLUMN: what is wrong, and the remedy */
    WB_SUITE_ERROR_USE,  /* --only or --cells names what the suite does not have */
} WbSuiteError;

typedef enum {
    WB_ORDER_INTERLEAVED, /* every cell once, shuffled by the seed, then again */
    WB_ORDER_GROUPED,     /* all runs of a cell, then the next */
} WbOrder;

typedef enum {
    WB_RESTART_DRAIN,  /* default: only where the drain limit was passed, or the server died */
    WB_RESTART_NEVER,  /* one start a target, no matter what (a dead server is started again) */
    WB_RESTART_ALWAYS, /* a fresh server for every run */
} WbRestart;

typedef enum {
    WB_ENGINE_NATIVE,
    WB_ENGINE_WRK, /* the installed wrk, its text imported */
} WbEngine;

/* How a cell is loaded: the suite's "load", overridden by the target's own "load". */
typedef struct {
    int threads;
    int connections;
    int pipeline;
    int64_t duration_ns;
    int64_t timeout_ns;
    int64_t warmup_ns;
    int64_t slice_ns;
    double rate_per_s; /* 0 closed loop */
    char *method;      /* NULL GET */
    char *body;        /* text, may be NULL */
    char **headers;    /* NULL-terminated, may be NULL */
    bool no_keepalive;
    bool insecure;
    WbEngine engine;
    int runs_min;
    int runs_max;    /* = runs_min without "until_ci" */
    double until_ci; /* stop between min and max when the median's interval is this narrow
                        (share, 0.02 for "2%"); 0: off */
} WbSuiteLoad;

/* One server with all labels replaced: what is started, when it is ready, how it stops. */
typedef struct {
    char **start;    /* argv, NULL-terminated; NULL: it already runs */
    char **env;      /* "NAME=value" set beside the inherited ones, NULL-terminated */
    char *directory; /* resolved against the suite file's folder */
    char *user;      /* NULL: the own one */
    char *url;
    int ready_status; /* 200 */
    char *ready_body; /* must be the body, exactly; NULL: any */
    char *ready_path; /* NULL: the URL's own */
    int64_t ready_within_ns;
    int stop_signal; /* SIGTERM */
    int64_t stop_within_ns;
    int64_t drain_within_ns; /* after a run, until the server is idle again */
    char **version;          /* argv whose first line of output is the version; NULL none */
    char *pin_server;        /* CPU list ("0" or "0-1,3"), NULL: not pinned */
    char *pin_client;
    bool isolate_net;  /* a network namespace of its own, where allowed */
    int64_t somaxconn; /* with isolate_net: net.core.somaxconn there; WB_NONE: as it is */
    bool picks_port;   /* `{port}` stands in start, env or url: replaced by wb_server_start */
} WbSuiteServer;

/* One cell of the matrix: labels, server, load. */
typedef struct {
    WbLabels *labels; /* suite's, target's and matrix's */
    WbSuiteServer server;
    WbSuiteLoad load;
    int target; /* index in the file */
} WbSuiteCell;

/* A pair that the suite declares not to exist. */
typedef struct {
    WbLabels *labels;
    char *because;
} WbSuiteSkip;

typedef struct {
    char *path;
    char *text; /* the file as it was, for the record */
    char *name;
    WbOrder order;
    WbRestart restart;
    uint64_t seed;       /* "seed", or --seed, or drawn; always stored; at most 2^53 */
    bool seed_drawn;     /* neither the file nor the command line gave it */
    int64_t cooldown_ns; /* longest wait for a quiet host between runs */
    bool canary;
    GPtrArray *cells; /* of WbSuiteCell, order of the file */
    GPtrArray *skips; /* of WbSuiteSkip: full label sets of skipped cells */
} WbSuite;

/**
 * wb_suite_load: reads, checks and expands a suite file.
 *
 * @return caller frees with wb_suite_free; NULL with what is wrong, up to 20 things, one a line
 */
WbSuite *wb_suite_load(const char *path, GError **error);

/**
 * wb_suite_parse: the same from memory, as for a stored suite.
 *
 * @param path  for messages, and the folder that directories are relative to
 * @param text  NUL-terminated, `len` bytes before the NUL
 */
WbSuite *wb_suite_parse(const char *path, const char *text, size_t len, GError **error);
void wb_suite_free(WbSuite *suite);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSuite, wb_suite_free)

/* What the command line changes. */
typedef struct {
    char **only;         /* KEY=VALUE[,VALUE]; all must hold; NULL all cells */
    char *cells_file;    /* --cells: JSON list of label objects, or a wrkbook/compare document's
                            "repeat" list; NULL all cells */
    int runs;            /* 0 as in the file */
    int64_t duration_ns; /* 0 as in the file */
    int64_t seed;        /* < 0 as in the file */
} WbSuiteChanges;

/** wb_suite_change: applies them; an --only or --cells that leaves no cell is an error. */
bool wb_suite_change(WbSuite *suite, const WbSuiteChanges *changes, GError **error);

/* One planned run. */
typedef struct {
    int order; /* from 0: place in the campaign */
    int round; /* from 1: which run of its cell; runs_max rounds are planned */
    int cell;  /* index into cells */
} WbSuiteStep;

/** wb_suite_steps: all runs in their order (of WbSuiteStep, caller's). Depends on nothing but the
 * cells, the order and the seed, so that --resume finds the same plan again. */
GArray *wb_suite_steps(const WbSuite *suite);

/** wb_suite_plan_text: what is going to be measured, as stable text for plan_sha256 (caller frees):
 * order, restart and, of each cell, labels, server and load, with what wb_suite_change changed. Not
 * the seed, not the suite's path: directories in the suite's folder are written relative to it. */
char *wb_suite_plan_text(const WbSuite *suite);

/** wb_suite_describe: the plan in words and commands, for --dry-run (caller frees). */
char *wb_suite_describe(const WbSuite *suite);

#endif
