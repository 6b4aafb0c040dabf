/*
 * Records: what the store takes and gives, as plain structs with the units of the database.
 *
 * A figure that does not exist is WB_NONE (integers), NAN (doubles) or NULL (text), never 0. A
 * figure read from rounded text carries the half width of its rounding in the member `..._half`
 * (0: exact; meaningless where the figure itself is missing).
 *
 * wb_run_fields is the one list of a run's columns: the store writes and reads by it, the CSV
 * importer knows its columns by it, `--where` its fields, the exports their header.
 */
#ifndef WB_SCHEMA_RECORDS_H
#define WB_SCHEMA_RECORDS_H

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/hist.h"

#define WB_NONE INT64_MIN

/* ---- labels ---------------------------------------------------------------------------- */

typedef struct {
    char *key;
    char *value;
} WbLabel;

/* A set of labels, always sorted by key (bytewise), each key once. */
typedef struct {
    GArray *items; /* of WbLabel, owned */
} WbLabels;

#define WB_LABELS_MAX 40 /* per case; bounded so that one SQL call can hold them */

WbLabels *wb_labels_new(void);
WbLabels *wb_labels_copy(const WbLabels *labels);
void wb_labels_free(WbLabels *labels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbLabels, wb_labels_free)

/** wb_labels_set: adds a label or replaces its value (both copied). */
void wb_labels_set(WbLabels *labels, const char *key, const char *value);

/** wb_labels_get: the value (borrowed) or NULL. */
const char *wb_labels_get(const WbLabels *labels, const char *key);

/** wb_labels_merge: sets every label of `more` in `labels`; those in `more` win. */
void wb_labels_merge(WbLabels *labels, const WbLabels *more);

size_t wb_labels_count(const WbLabels *labels);
const WbLabel *wb_labels_at(const WbLabels *labels, size_t i);

/** wb_labels_equal: same keys with same values, byte for byte. */
bool wb_labels_equal(const WbLabels *a, const WbLabels *b);

/** wb_labels_hash: equal for equal labels. */
guint wb_labels_hash(const WbLabels *labels);

/**
 * wb_labels_parse: reads "KEY=VALUE" and sets it.
 *
 * KEY: 1 to 64 letters, digits, `_`, `-`, `.`, not beginning with a digit; VALUE: valid UTF-8, at
 * most 1000 bytes, may be empty.
 * Errors: WB_RECORD_ERROR_LABEL, with what is wrong and what a label looks like.
 */
bool wb_labels_parse(WbLabels *labels, const char *text, GError **error);

/** wb_labels_check_key: whether `key` may name a label (see wb_labels_parse). */
bool wb_labels_check_key(const char *key, GError **error);

#define WB_RECORD_ERROR (wb_record_error_quark())
GQuark wb_record_error_quark(void);
typedef enum {
    WB_RECORD_ERROR_LABEL,
} WbRecordError;

/* ---- campaigns ------------------------------------------------------------------------- */

/* The runs of one `run`, `suite` or `import` call. */
typedef struct {
    char *uuid;       /* made by the store if NULL */
    char *kind;       /* "run" "suite" "import" */
    char *name;       /* may be NULL */
    char *started_at; /* UTC, ISO 8601; made by the store if NULL */
    char *command;    /* how wrkbook was called; may be NULL */
    char *host;       /* JSON object of host facts; may be NULL (unknown, as for imports) */

    /* Suites only; NULL, WB_NONE or 0 elsewhere. */
    char *suite;       /* the file as it was */
    char *run_order;   /* "interleaved" "grouped" */
    char *plan_sha256; /* of cells and settings: what --resume matches */
    uint64_t seed;
    int64_t planned_runs;
} WbCampaign;

void wb_campaign_clear(WbCampaign *campaign);

/* ---- runs ------------------------------------------------------------------------------ */

/* One case: a set of labels and its number in the database. */
typedef struct {
    int64_t id;
    WbLabels *labels;
} WbCase;

typedef struct WbRunDetails WbRunDetails;

/* One run, as in the view run_facts. Text members are borrowed from a string chunk when the run
 * was loaded (see WbRunSet), and borrowed from the caller when it is stored. */
typedef struct {
    int64_t run_id; /* set by the store */
    const char *run_uuid;
    const char *campaign;  /* the campaign's uuid; set by the store */
    const WbCase *of_case; /* set when loaded; NULL when given to the store */
    int64_t run_no;        /* number within its case; WB_NONE: the store takes the next */
    const char *tool;      /* "wrkbook" "wrk" "wrk2" ... */
    const char *tool_version;
    const char *command;
    const char *url;
    int64_t threads;
    int64_t connections;
    double rate_per_s; /* asked for; NAN closed loop */
    int64_t timeout_ns;
    int64_t asked_duration_ns;
    int64_t asked_duration_ns_half;
    int64_t elapsed_ns;
    int64_t elapsed_ns_half;
    const char *started_at;
    const char *status; /* "complete" "partial" "failed" */
    int64_t requests;
    int64_t bytes;
    int64_t bytes_half;
    double requests_per_s;
    double requests_per_s_half;
    int64_t window_ns; /* of window_min, window_max */
    int64_t windows;
    double window_min;
    double window_max;
    int64_t errors_connect;
    int64_t errors_read;
    int64_t errors_write;
    int64_t errors_timeout;
    int64_t errors_status;
    int64_t latency_mean_ns;
    int64_t latency_mean_ns_half;
    int64_t latency_stdev_ns;
    int64_t latency_stdev_ns_half;
    int64_t latency_max_ns;
    int64_t latency_max_ns_half;
    int64_t latency_min_ns;
    int64_t latency_min_ns_half;
    int64_t latency_p50_ns;
    int64_t latency_p50_ns_half;
    int64_t latency_p75_ns;
    int64_t latency_p75_ns_half;
    int64_t latency_p90_ns;
    int64_t latency_p90_ns_half;
    int64_t latency_p95_ns;
    int64_t latency_p95_ns_half;
    int64_t latency_p99_ns;
    int64_t latency_p99_ns_half;
    int64_t latency_p999_ns;
    int64_t latency_p999_ns_half;
    const char *latency_kind; /* "raw" "corrected by wrk" "from due time" */
    int64_t connections_answered;
    int64_t sent;
    int64_t in_flight;
    double client_cpu_share; /* 0..1 of one core, mean over the threads */
    const char *io;          /* "epoll" "io_uring" */
    const char *findings;    /* JSON list; loaded only, of the view */

    /* Native runs only: how it was loaded, and what the engine knows beyond the figures. */
    int64_t pipeline;           /* requests in flight on a connection; 1: none piled up */
    int64_t keepalive;          /* 0: a new connection for each request, 1 */
    int64_t warmup_ns;          /* loaded before the run, not counted */
    int64_t asked_requests;     /* fixed count; missing: by time */
    int64_t errors_expect;      /* whole responses other than --expect-* asked for */
    int64_t failed;             /* sent, and ended before a whole response */
    int64_t connections_opened; /* successful connects */
    int64_t reconnects;         /* connects tried after the first of a connection */
    int64_t closed_announced;   /* closed by the peer as it had announced */
    const char *tls;            /* protocol and cipher; NULL: plain */
    int64_t tls_resumed;
    int64_t planned; /* open rate: requests that came due */
    int64_t unfinished;
    int64_t backlog_max;
    int64_t coalesced; /* 0, 1 */
    int64_t timer_slack_ns;
    const char *io_note;
    double in_flight_mean; /* rate x mean latency: Little's law */
    const char *warnings;  /* JSON list of sentences */

    /* Runs of a suite: the plan, the server beside the run. */
    int64_t round;    /* which run of its cell, from 1 */
    int64_t order_no; /* place in the campaign, from 0 */
    const char *server_command;
    const char *server_version;
    int64_t server_start;    /* number of this start in the campaign */
    int64_t server_ready_ns; /* from start to ready */
    int64_t server_cpu_ns;   /* of its whole session, during the run */
    int64_t server_memory_bytes;
    int64_t server_processes;
    const char *server_end;       /* how it ended, if it died */
    const char *server_output;    /* its last lines, if something failed */
    const char *server_autogroup; /* of its leader, as in /proc; NULL: the kernel has none */
    const char *failure;          /* why the run failed */
    int64_t drain_ns;
    int64_t drain_cpu_ns;
    int64_t drained;     /* 0: still busy at the limit */
    int64_t busy_before; /* 1: the server was not idle at the start */
    double foreign_cpu_share;
    double steal_share;
    double canary_per_s;

    const char *started_from; /* of started_at: "log" "manifest" "path" "option" "file" */

    /* Not in run_facts: where an imported run came from, and what its text says twice. */
    int64_t log_id;            /* WB_NONE: not imported */
    int64_t log_line;          /* first line of its block, from 1 */
    double req_sec_mean_per_s; /* wrk's Req/Sec row: per thread, empty samples skipped */
    double req_sec_stdev_per_s;
    double req_sec_max_per_s;
    double req_sec_half;          /* largest half width of the row's three figures */
    const char *printed_mismatch; /* why its printed figures contradict each other, or NULL */
    const WbRunDetails *details; /* what an imported text holds beside the figures: slices, hists */
} WbRun;

/** wb_run_init: every member missing (WB_NONE, NAN, NULL), every half width 0. */
void wb_run_init(WbRun *run);

typedef enum {
    WB_FIELD_INT,  /* int64_t, WB_NONE = missing */
    WB_FIELD_REAL, /* double, NAN = missing */
    WB_FIELD_TEXT, /* const char *, NULL = missing */
} WbFieldType;

/* What a field's figure measures; decides how text like "19.34k" is read and shown. */
typedef enum {
    WB_UNIT_NONE,
    WB_UNIT_COUNT,
    WB_UNIT_NS,
    WB_UNIT_BYTES,
    WB_UNIT_PER_S,
    WB_UNIT_PER_WINDOW, /* requests in one window */
    WB_UNIT_SHARE,
} WbUnit;

typedef struct {
    const char *name; /* column of run_facts */
    WbFieldType type;
    WbUnit unit;
    size_t offset;      /* of the member in WbRun */
    size_t half_offset; /* of its half width; 0: has none */
    bool in_facts;      /* a column of run_facts; false: of the table runs only */
    bool stored;        /* written by wb_store_add_run; false: made by the view or the store */
    bool is_unique; /* every run has its own text: nothing is won by keeping one of equal ones */
} WbField;

/** wb_run_fields: all fields in the order of run_facts (static). */
const WbField *wb_run_fields(size_t *out_n);

/** wb_run_field_find: by name, or NULL. */
const WbField *wb_run_field_find(const char *name);

/** wb_run_has_socket_errors: connect, read, write or timeout above 0. */
bool wb_run_has_socket_errors(const WbRun *run);

/* ---- published figures ------------------------------------------------------------------ */

typedef enum {
    WB_STATE_OK,     /* there is a figure */
    WB_STATE_ERRORS, /* measured; errors forbid a figure */
    WB_STATE_NA,     /* declared: this pair does not exist */
    WB_STATE_BLANK,  /* nothing here; shown elsewhere */
} WbState;

/** wb_state_name: "ok" "errors" "n/a" "blank" (static). */
const char *wb_state_name(WbState state);

/** wb_state_parse: the same words, and "" for blank; false if it is none of them. */
bool wb_state_parse(const char *text, WbState *out_state);

/* A figure or a state that somebody states for a case without a run behind it: a cell of an
 * article's table, or a suite's `skip`. Its number of runs is unknown. */
typedef struct {
    const WbCase *of_case; /* set when loaded */
    WbState state;
    const char *split;   /* "errors" "no errors", or NULL: not said */
    const char *because; /* why n/a, or NULL */
    double requests_per_s;
    double requests_per_s_half;
    int64_t window_ns;
    double window_min;
    double window_max;
    int64_t log_id;
    int64_t log_line;
} WbPublished;

/** wb_published_init: state blank, everything else missing. */
void wb_published_init(WbPublished *published);

/* ---- what belongs to a run -------------------------------------------------------------- */

/* One slice of a native run. */
typedef struct {
    int64_t requests;
    int64_t bytes;
    int64_t errors_connect;
    int64_t errors_read;
    int64_t errors_write;
    int64_t errors_timeout;
    int64_t errors_status;
} WbSliceRecord;

/* One kind of failure of a native run. */
typedef struct {
    const char *phase; /* "connect" "handshake" "send" "wait" "head" "body" "idle" */
    const char *error; /* errno's text, or what the peer did */
    int64_t count;
    int64_t first_ns; /* after the run's begin */
    int64_t last_ns;
} WbFaultRecord;

/* A latency histogram of a run (counts per bucket of schema/hist.h). */
typedef struct {
    const char *kind; /* "latency" "corrected latency" "service" "send lag" "connect" "handshake"
                         "unfinished age" */
    const WbHist *hist;
} WbHistRecord;

/** wb_latency_hist_kind: the kind of histogram that latencies of a run's `latency_kind` are of:
 * wrk's corrected one has more entries than there were requests, and a name of its own. */
const char *wb_latency_hist_kind(const char *latency_kind);

/* What one thread of the client did and used. */
typedef struct {
    int64_t connections;
    int64_t requests;
    int64_t cpu_user_ns;
    int64_t cpu_system_ns;
} WbThreadRecord;

/* Bytes kept as evidence. */
typedef struct {
    const char *kind;  /* "head" "failed" */
    const char *phase; /* of the failure, or NULL */
    const char *error; /* or NULL */
    const void *bytes;
    size_t len;
} WbSampleRecord;

/* One second of a run. WB_NONE, NAN: not known. */
typedef struct {
    int64_t server_cpu_ns;
    int64_t server_memory_bytes;
    int64_t server_processes;
    int64_t client_cpu_ns;
    int64_t foreign_cpu_ns;
    int64_t steal_ns;
    double pressure_cpu; /* PSI "some", share of the second */
    double pressure_memory;
    double pressure_io;
} WbResourceRecord;

/* A kernel counter's difference over a run. */
typedef struct {
    char name[32];
    int64_t value;
} WbCounterRecord;

/* What two requests on one connection showed. */
typedef struct {
    const char *moment; /* "before" "after" */
    int64_t status;     /* WB_NONE: no reply */
    int64_t reply_bytes;
    int64_t body_bytes;
    char body_sha256[65];
    char framing[12];        /* "length" "chunked" "eof" "none"; "": no reply */
    int64_t announced_close; /* 0, 1 */
    int64_t reused;          /* 1: the second request was answered on the same connection */
    int64_t reply_ns;
    int64_t close_ns; /* WB_NONE: stayed open */
    char failure[160];
} WbProbeRecord;

/* A process of the server. */
typedef struct {
    const char *moment; /* "before" "after" */
    int64_t pid;
    int64_t start_ticks;
    char name[32];
} WbProcessRecord;

/* A named cause that a run's own evidence supports; made by the rules of schema/findings.sql when
 * it is asked for, never stored. Texts are borrowed from a string chunk. */
typedef struct {
    int64_t run_id;
    const char *finding;  /* its name: "silent close" */
    const char *sentence; /* with the run's figures */
    const char *advice;   /* what to try */
} WbFindingRecord;

/* What is stored beside the run itself, in its transaction. All borrowed; all may be empty. */
struct WbRunDetails {
    int64_t slice_ns;
    const WbSliceRecord *slices;
    size_t slices_n;
    const WbFaultRecord *faults;
    size_t faults_n;
    const WbHistRecord *hists;
    size_t hists_n;
    const WbThreadRecord *threads;
    size_t threads_n;
    const WbSampleRecord *samples;
    size_t samples_n;
    const WbResourceRecord *resources;
    size_t resources_n;
    const WbCounterRecord *counters;
    size_t counters_n;
    const WbProbeRecord *probes;
    size_t probes_n;
    const WbProcessRecord *processes;
    size_t processes_n;
};

/* ---- imported logs ---------------------------------------------------------------------- */

/* A line that an importer did not understand. */
typedef struct {
    int64_t line;     /* from 1 */
    const char *text; /* borrowed; stored cut at 500 bytes */
    const char *reason;
} WbUnreadLine;

#endif
