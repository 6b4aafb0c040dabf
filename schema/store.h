/*
 * The store: all SQL of wrkbook. Other folders hand it records and ask it for records.
 *
 * One SQLite file. Writers open it with wb_store_open (created or migrated on the way), readers
 * with wb_store_open_readonly, which takes an older file as it is; the views, and with them the
 * rules of findings, are this program's for both (store_schema.c). Everything of one run is
 * written in one transaction: after a kill each run is there whole or not at all. While written,
 * the file is in WAL mode; wb_store_close makes it one plain file again.
 *
 * Errors of all calls: WB_STORE_ERROR with the code a caller can act on and a message that names
 * the file and the remedy. Not thread-safe: one store, one thread.
 */
#ifndef WB_SCHEMA_STORE_H
#define WB_SCHEMA_STORE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "schema/log_pack.h"
#include "schema/records.h"

typedef struct WbStore WbStore;

#define WB_STORE_ERROR (wb_store_error_quark())
GQuark wb_store_error_quark(void);
typedef enum {
    WB_STORE_ERROR_OPEN,      /* no such file, no right to it */
    WB_STORE_ERROR_FOREIGN,   /* a file, but no wrkbook database */
    WB_STORE_ERROR_NEWER,     /* made by a newer wrkbook */
    WB_STORE_ERROR_BUSY,      /* another program writes it */
    WB_STORE_ERROR_FULL,      /* disk full or file too large */
    WB_STORE_ERROR_DAMAGED,   /* SQLite finds it corrupt */
    WB_STORE_ERROR_NOT_FOUND, /* no such run, log, label or field */
    WB_STORE_ERROR_INVALID,   /* a record that must not be stored */
    WB_STORE_ERROR_SQL,       /* any other failure of SQLite, in its words */
} WbStoreError;

#define WB_STORE_APPLICATION_ID 0x776b626b

/* ---- option group ----------------------------------------------------------------------- */

/** wb_store_default_path: $WRKBOOK_DB, or "wrkbook.db" (borrowed). */
const char *wb_store_default_path(void);

/** wb_store_db_option: the entry for `--db FILE` that every verb shows. `path` starts NULL;
 * NULL after parsing means wb_store_default_path(). */
GOptionEntry wb_store_db_option(char **path);

/* ---- open and close --------------------------------------------------------------------- */

/** wb_store_open: for writing; creates the file, or migrates an older one. path NULL: default. */
WbStore *wb_store_open(const char *path, GError **error);

/** wb_store_open_readonly: never writes, and leaves nothing beside the file: what cannot be read so
 * (a killed writer's file without its -shm, a journal to roll back) is copied to $TMPDIR and read
 * there. A missing file is an error. path NULL: default. */
WbStore *wb_store_open_readonly(const char *path, GError **error);

/** wb_store_check_unused: WB_STORE_ERROR_BUSY if another process is writing that file or has a
 * campaign open in it. To be asked before this process opens it; a file that is not there passes.
 */
bool wb_store_check_unused(const char *path, GError **error);

/** wb_store_check_figures: WB_STORE_ERROR_DAMAGED unless every page of the tables that hold runs,
 * cases and published figures is sound; slices and histograms are not read. */
bool wb_store_check_figures(WbStore *store, GError **error);

/** wb_store_free: closes; takes NULL. An open transaction is rolled back. */
void wb_store_free(WbStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbStore, wb_store_free)

/** wb_store_path: the file's name as given (borrowed). */
const char *wb_store_path(const WbStore *store);

/* ---- write ------------------------------------------------------------------------------ */

/** wb_store_begin, wb_store_commit, wb_store_rollback: one transaction around several calls, for
 * a batch of imported files. Without it every call below is its own transaction. */
bool wb_store_begin(WbStore *store, GError **error);
bool wb_store_commit(WbStore *store, GError **error);
void wb_store_rollback(WbStore *store);

/** wb_store_add_campaign: stores it and makes it the campaign of the runs that follow.
 * Missing uuid and started_at are filled in (owned by the campaign). */
bool wb_store_add_campaign(WbStore *store, WbCampaign *campaign, GError **error);

/**
 * wb_store_resume_campaign: makes the newest suite campaign with this plan that has not ended the
 * current one, so that its runs go on.
 *
 * @param plan_sha256  as stored with the campaign
 * @param out_seed     its seed
 * @return             false with WB_STORE_ERROR_NOT_FOUND where there is none
 */
bool wb_store_resume_campaign(WbStore *store, const char *plan_sha256, uint64_t *out_seed,
                              GError **error);

/** wb_store_last_server_start: the largest number of a server's start in the current campaign; 0:
 * none. */
bool wb_store_last_server_start(WbStore *store, int64_t *out_start, GError **error);

/** wb_store_add_server_stop: what stopping the server of that start took.
 * @param forced  its own signal did not end all of its processes */
bool wb_store_add_server_stop(WbStore *store, int64_t start, bool forced, const char *note,
                              GError **error);

/** wb_store_end_campaign: the current campaign has made all its runs. */
bool wb_store_end_campaign(WbStore *store, GError **error);

/**
 * wb_store_find_round: whether the current campaign holds this round of the case already. A run
 * that was stopped (partial) does not count: it is made again.
 *
 * @param out_rate_per_s  its requests/s; NAN: there is none, or the run is not complete
 */
bool wb_store_find_round(WbStore *store, const WbLabels *labels, int64_t round, bool *out_found,
                         double *out_rate_per_s, GError **error);

/** wb_store_add_case: numbers a case before its first run, so that tables show the order of a plan
 * and not that of shuffled runs. */
bool wb_store_add_case(WbStore *store, const WbLabels *labels, GError **error);

/**
 * wb_store_add_run: a run of the current campaign, with its details, whole or not at all.
 *
 * @param run      its run_id, run_no (if WB_NONE) are set on success; a missing run_uuid is made
 * @param labels   its case (borrowed)
 * @param details  may be NULL
 */
bool wb_store_add_run(WbStore *store, WbRun *run, const WbLabels *labels,
                      const WbRunDetails *details, GError **error);

/** wb_store_add_published: a published figure or state of a case. */
bool wb_store_add_published(WbStore *store, const WbPublished *published, const WbLabels *labels,
                            GError **error);

/**
 * wb_store_add_log: keeps the text of an imported file, compressed, found by its SHA-256.
 *
 * @param name          the file's name as the user gave it
 * @param bytes, len    its content (borrowed)
 * @param out_log_id    number of the log, new or old
 * @param out_known     true: this very content was imported before, nothing was added
 * @param out_known_as  the name it was imported under then (caller frees), NULL if new
 */
bool wb_store_add_log(WbStore *store, const char *name, const char *bytes, size_t len,
                      int64_t *out_log_id, bool *out_known, char **out_known_as, GError **error);

/** wb_store_find_log: the log with that content (lower-case hex), or WB_NONE.
 * @param out_known_as  the name it was imported under (caller frees), or NULL */
bool wb_store_find_log(WbStore *store, const char *sha256, int64_t *out_id, char **out_known_as,
                       GError **error);

/** wb_store_add_packed_log: as wb_store_add_log, for a text that the caller has packed and knows
 * to be new (wb_store_find_log). */
bool wb_store_add_packed_log(WbStore *store, const char *name, const char *sha256,
                             const WbPackedText *text, int64_t *out_log_id, GError **error);

/**
 * wb_store_begin_log, wb_store_add_log_part, wb_store_end_log: a long log in parts, for a caller
 * that reads it once. All of it belongs into one transaction: that its content is known already
 * (wb_store_find_log) shows at its end, and then the caller rolls back.
 *
 * @param part    from 0
 * @param sha256  of all parts' texts
 * @param bytes   of all parts' texts
 */
bool wb_store_begin_log(WbStore *store, const char *name, int64_t *out_log_id, GError **error);
bool wb_store_add_log_part(WbStore *store, int64_t log_id, int64_t part, const WbPackedText *text,
                           GError **error);
bool wb_store_end_log(WbStore *store, int64_t log_id, const char *sha256, int64_t bytes,
                      GError **error);

/** wb_store_add_unread: a line of a log that was not understood. */
bool wb_store_add_unread(WbStore *store, int64_t log_id, const WbUnreadLine *line, GError **error);

/* ---- read ------------------------------------------------------------------------------- */

/* One `--where`: the label or field `key` has one of `values`. */
typedef struct {
    char *key;
    char **values; /* NULL-terminated, at least one */
} WbWhere;

/* Everything that --where can say; all must hold. NULL or empty: everything. */
typedef struct {
    GPtrArray *wheres; /* of WbWhere, owned */
} WbFilter;

WbFilter *wb_filter_new(void);
void wb_filter_free(WbFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbFilter, wb_filter_free)

/** wb_filter_add: parses "KEY=VALUE[,VALUE...]" (`\,` is a comma within a value). */
bool wb_filter_add(WbFilter *filter, const char *text, GError **error);

/** wb_filter_take: removes the condition on `key` and returns it (caller frees with
 * wb_where_free), or NULL. For conditions that the store cannot judge, such as `split`. */
WbWhere *wb_filter_take(WbFilter *filter, const char *key);
void wb_where_free(WbWhere *where);

/* The runs that a filter leaves, with their cases and published figures, in the order in which
 * they were stored. Owns all that its members point to. */
typedef struct {
    GPtrArray *cases;  /* of WbCase, in order of first appearance; also cases with only published */
    GArray *runs;      /* of WbRun */
    GArray *published; /* of WbPublished */
    GStringChunk *text;
    GPtrArray *more_text; /* of GStringChunk, where several threads read; NULL: none */
} WbRunSet;

void wb_run_set_free(WbRunSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbRunSet, wb_run_set_free)

/**
 * wb_store_load_runs: one pass over the runs that `filter` leaves.
 *
 * A key of the filter is a label if any case has it, else a field of run_facts; else
 * WB_STORE_ERROR_NOT_FOUND with the labels that exist. A campaign goes by its number (from 1), its
 * name or its uuid. Published figures pass by labels alone:
 * a filter on a field leaves them out.
 *
 * @param fields  names of the run fields that are read, NULL-terminated, the others stay missing;
 *                NULL: all. run_id and of_case are always there.
 */
WbRunSet *wb_store_load_runs(WbStore *store, const WbFilter *filter, const char *const *fields,
                             GError **error);

/* What of a run's details a reader fetches as well, and in which order it reads; bits. */
typedef enum {
    WB_RUN_SLICES = 1 << 0,
    WB_RUN_RESOURCES = 1 << 1,
    WB_RUN_BY_CASE = 1 << 2, /* the runs of the first case, then those of the second, ... */
} WbRunParts;

/**
 * A reader of runs: those that `filter` leaves, one after the other in the order in which they were
 * stored, in memory that does not grow with their number. `filter` and `fields` as for
 * wb_store_load_runs, for as long as the reader lives.
 *
 * @param parts  bits of WbRunParts; slices and resources come as the run's `details` (else NULL)
 */
typedef struct WbRunReader WbRunReader;
WbRunReader *wb_run_reader_new(WbStore *store, const WbFilter *filter, const char *const *fields,
                               unsigned parts, GError **error);
void wb_run_reader_free(WbRunReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbRunReader, wb_run_reader_free)

/** wb_run_reader_next: the next run (borrowed until the next call; its case, until the reader is
 * freed); *out_run is NULL after the last. */
bool wb_run_reader_next(WbRunReader *reader, const WbRun **out_run, GError **error);

/** wb_run_reader_cases: the cases of the runs read so far, by number: of const WbCase, which are
 * the reader's (caller frees the array). */
GPtrArray *wb_run_reader_cases(const WbRunReader *reader);

/* A campaign as the runs name it. Texts are borrowed from the caller's chunk. */
typedef struct {
    int64_t id;       /* from 1 in the order begun; `--where campaign=ID` */
    const char *uuid; /* as in WbRun */
    const char *kind;
    const char *name; /* may be NULL */
    const char *started_at;
    const char *host;      /* JSON object of facts; NULL: unknown */
    const char *run_order; /* "interleaved" "grouped"; NULL: no suite */
    const char *command;   /* how wrkbook was called; NULL: unknown */
    const char *version;   /* of the wrkbook that made it */
    const char *suite;     /* the file as it was; NULL: no suite */
} WbCampaignRecord;

/** wb_store_load_campaigns: all of them, of WbCampaignRecord in order of id (caller's).
 * @param text  takes the records' texts */
GArray *wb_store_load_campaigns(WbStore *store, GStringChunk *text, GError **error);

/** wb_store_label_keys: all label keys of the database in order of first appearance (of strings,
 * caller's; g_strfreev). */
char **wb_store_label_keys(WbStore *store, GError **error);

/**
 * wb_store_load_slices: the slices of a run.
 *
 * @return of WbSliceRecord (caller's); empty for a run without slices
 */
GArray *wb_store_load_slices(WbStore *store, int64_t run_id, int64_t *out_slice_ns, GError **error);

/**
 * wb_store_each_slice: every slice of every run, run by run in order of run_id, in one query.
 * For windows of many runs at once. `each` is called with the run's slices as one array.
 */
typedef void (*WbSlicesFn)(int64_t run_id, int64_t slice_ns, const WbSliceRecord *slices,
                           size_t slices_n, void *user_data);
bool wb_store_each_slices(WbStore *store, WbSlicesFn each, void *user_data, GError **error);

/** wb_store_add_hist: adds a run's histogram of that kind to `hist` (which starts zeroed).
 * WB_STORE_ERROR_NOT_FOUND if the run has none. */
bool wb_store_add_hist(WbStore *store, int64_t run_id, const char *kind, WbHist *hist,
                       GError **error);

/** wb_store_add_latency_hist: the same for the histogram that the run's latency figures are of:
 * see wb_latency_hist_kind. */
bool wb_store_add_latency_hist(WbStore *store, const WbRun *run, WbHist *hist, GError **error);

/** wb_store_load_faults: the failures of a run: of WbFaultRecord, texts in `text` (borrowed). */
GArray *wb_store_load_faults(WbStore *store, int64_t run_id, GStringChunk *text, GError **error);

/**
 * wb_store_load_findings: the findings of the runs that `filter` leaves.
 *
 * @param text  takes the records' texts
 * @return      of WbFindingRecord in order of run_id, then name (caller's)
 * Errors: as for wb_store_load_runs
 */
GArray *wb_store_load_findings(WbStore *store, const WbFilter *filter, GStringChunk *text,
                               GError **error);

/* An imported log. Texts are borrowed until the function that gets it returns. */
typedef struct {
    int64_t id;
    const char *name; /* of the file, as the user gave it the first time */
    const char *sha256;
    int64_t bytes;
    int64_t packed_bytes;
    int64_t runs;
    int64_t published;
    int64_t unread;          /* lines that were not understood */
    const char *imported_at; /* UTC, ISO 8601; NULL: not known */
    const char *campaign;    /* its name; may be NULL */
} WbLogRecord;

/** wb_store_each_log: every log in order of its number. */
typedef void (*WbLogFn)(void *user_data, const WbLogRecord *log);
bool wb_store_each_log(WbStore *store, WbLogFn each, void *user_data, GError **error);

/** wb_store_each_unread: the lines that were not understood, of one log, or of all (WB_NONE). */
typedef void (*WbUnreadFn)(void *user_data, int64_t log_id, const char *name,
                           const WbUnreadLine *line);
bool wb_store_each_unread(WbStore *store, int64_t log_id, WbUnreadFn each, void *user_data,
                          GError **error);

/**
 * wb_store_read_log: the text of an imported log, byte for byte, piece by piece.
 *
 * @param each  returns false with `error` set to stop
 * Errors: WB_STORE_ERROR_NOT_FOUND, WB_STORE_ERROR_DAMAGED, those of `each`.
 */
typedef bool (*WbLogTextFn)(void *user_data, const char *bytes, size_t len, GError **error);
bool wb_store_read_log(WbStore *store, int64_t log_id, WbLogTextFn each, void *user_data,
                       GError **error);

/** wb_store_load_log: the same in one piece. */
GBytes *wb_store_load_log(WbStore *store, int64_t log_id, GError **error);

/* ---- copy ------------------------------------------------------------------------------- */

/**
 * wb_store_copy: writes the runs and published figures of a set, with all that belongs to them
 * (slices, histograms, evidence, campaigns, imported logs), as a new database.
 *
 * The same set gives the same bytes, from this store and from a copy of it.
 *
 * @param path  must not exist; "PATH.whole" is used on the way
 * Errors: the store's; no file is left then.
 */
bool wb_store_copy(WbStore *store, const WbRunSet *set, const char *path, GError **error);

#endif
