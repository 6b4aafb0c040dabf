/*
 * Suite draft: what a suite file says, member by member with its place, before labels are replaced
 * and cells exist. suite_file.c makes it of JSON, suite_expand.c makes cells of it.
 *
 * A setting is one known key with the value that the file gives it. It is applied to a cell late,
 * with that cell's labels; the suite's "load" is applied before the target's, which is all there
 * is to overriding.
 */
#ifndef WB_RUNNER_SUITE_DRAFT_H
#define WB_RUNNER_SUITE_DRAFT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/suite.h"
#include "runner/suite_problems.h"

#define WB_SUITE_MAX_FILE_BYTES     (4 << 20)
#define WB_SUITE_MAX_CELLS          100000
#define WB_SUITE_MAX_RUNS           1000000            /* of all cells together */
#define WB_SUITE_MAX_SKIPS          1000               /* per list */
#define WB_SUITE_MAX_TEXT_BYTES     (1 << 20)          /* of one text, labels replaced */
#define WB_SUITE_MAX_EXPANDED_BYTES (INT64_C(1) << 28) /* of all cells' texts together */

/* ---- keys -------------------------------------------------------------------------------- */

typedef enum {
    WB_KIND_TEXT,
    WB_KIND_CPUS,     /* text: "0" or "0-1,3" */
    WB_KIND_SIGNAL,   /* text: "TERM" */
    WB_KIND_WORD,     /* text: one of `words`, whose number is stored as int */
    WB_KIND_ISOLATE,  /* text: "net" or "none", stored as bool */
    WB_KIND_TIME,     /* text: "10s"; ns in int64_t */
    WB_KIND_PERCENT,  /* text: "2%"; share in double */
    WB_KIND_COUNT,    /* whole number, int */
    WB_KIND_COUNT64,  /* whole number, int64_t */
    WB_KIND_RATE,     /* number, double */
    WB_KIND_BOOL,     /* true, false */
    WB_KIND_BOOL_NOT, /* stored inverted */
    WB_KIND_RUNS,     /* whole number, or the section `keys` */
    WB_KIND_ARGV,     /* list of texts */
    WB_KIND_ENV,      /* object of texts */
    WB_KIND_HEADERS,  /* object of texts, or list of "Name: value" */
    WB_KIND_SECTION,  /* object of `keys` */
    WB_KIND_LABELS,   /* from here on: parts of a scope, no settings */
    WB_KIND_MATRIX,
    WB_KIND_SKIP,
    WB_KIND_TARGETS,
} WbSuiteKind;

enum {
    WB_KEY_REQUIRED = 1,
    WB_KEY_OF_SUITE = 2,    /* its offset is in WbSuite, not in WbSuiteCell; no labels in it */
    WB_KEY_PORT = 4,        /* `{port}` may stand in it */
    WB_KEY_NEEDS_START = 8, /* makes sense only for a server that is started here */
    WB_KEY_MAY_BE_EMPTY = 16,
};

typedef struct WbSuiteKey WbSuiteKey;
struct WbSuiteKey {
    const char *name; /* NULL ends a table */
    WbSuiteKind kind;
    size_t offset;
    int64_t min; /* counts; times in ns */
    int64_t max;
    unsigned flags;
    const char *example;      /* value as JSON, for remedies */
    const char *const *words; /* NULL-terminated */
    const WbSuiteKey *keys;
};

/** wb_suite_keys: the keys of a suite file's outermost object (static). */
const WbSuiteKey *wb_suite_keys(void);

/** wb_suite_keys_target: the keys of a target (static). */
const WbSuiteKey *wb_suite_keys_target(void);

/* ---- settings ---------------------------------------------------------------------------- */

/* A text of the file. */
typedef struct {
    char *name; /* of a pair; NULL in lists */
    char *text;
    int place;
} WbDraftText;

typedef struct {
    const WbSuiteKey *key;
    int place;
    double number; /* numbers; 0 and 1 for false and true */
    GArray *texts; /* of WbDraftText; NULL: it is a number */
} WbDraftSetting;

/** wb_draft_texts_new: an empty list that owns its texts. */
GArray *wb_draft_texts_new(void);

/** wb_draft_texts_add: copies both texts; `name` may be NULL. */
void wb_draft_texts_add(GArray *texts, const char *name, const char *text, int place);

/** wb_draft_texts_find: the text of that name, or NULL (borrowed). */
const WbDraftText *wb_draft_texts_find(const GArray *texts, const char *name);

/** wb_draft_setting_has_template: a label may stand in it, so that it can be judged only with a
 * cell's labels. */
bool wb_draft_setting_has_template(const WbDraftSetting *setting);

/* What settings are applied with. */
typedef struct {
    WbSuiteProblems *problems;
    const WbLabels *labels;  /* NULL: nothing is replaced */
    int64_t *expanded_bytes; /* counted up */
    bool port_in_command;    /* set: `{port}` stands in start or env */
    bool port_in_url;
} WbDraftApply;

/**
 * wb_draft_setting_apply: sets the member that a setting is about.
 *
 * @param base  WbSuiteCell, or WbSuite for keys with WB_KEY_OF_SUITE
 * @return      false: a problem was added
 */
bool wb_draft_setting_apply(const WbDraftSetting *setting, WbDraftApply *apply, void *base);

/* ---- scopes ------------------------------------------------------------------------------ */

/* A label of several values. */
typedef struct {
    char *key;
    int place;      /* of the list */
    GArray *values; /* of WbDraftText */
} WbDraftAxis;

typedef struct {
    GArray *labels; /* of WbDraftText */
    char *because;  /* NULL: not said */
    int place;
    bool matched; /* some cell had all of its labels */
} WbDraftSkip;

/* The suite itself, or one target. */
typedef struct {
    int place;
    GArray *settings; /* of WbDraftSetting */
    GArray *labels;   /* of WbDraftText */
    GPtrArray *axes;  /* of WbDraftAxis */
    GPtrArray *skips; /* of WbDraftSkip */
} WbDraftScope;

typedef struct {
    WbDraftScope *suite;
    GPtrArray *targets; /* of WbDraftScope */
} WbSuiteDraft;

WbDraftScope *wb_draft_scope_new(int place);
WbSuiteDraft *wb_suite_draft_new(void);
void wb_suite_draft_free(WbSuiteDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSuiteDraft, wb_suite_draft_free)

/**
 * wb_suite_draft_read: JSON into a draft; what is wrong goes to `problems`.
 *
 * @return  caller's, also where there are problems; NULL with *error if it is no JSON at all
 */
WbSuiteDraft *wb_suite_draft_read(const char *path, const char *text, WbSuiteProblems *problems,
                                  GError **error);

/** wb_suite_refuse_at: false, with WB_SUITE_ERROR_FILE and FILE:LINE:COLUMN of the byte `at`. */
bool wb_suite_refuse_at(const char *path, const char *text, const char *at, const char *what,
                        GError **error);

/* ---- cells ------------------------------------------------------------------------------- */

/** wb_suite_cell_new: everything at its default. */
WbSuiteCell *wb_suite_cell_new(void);
void wb_suite_cell_free(WbSuiteCell *cell);
void wb_suite_skip_free(WbSuiteSkip *skip);

/**
 * wb_suite_cell_check: what only a whole cell can tell: settings that do not go together, a URL
 * that cannot be loaded.
 */
void wb_suite_cell_check(const WbSuiteCell *cell, const WbDraftScope *suite,
                         const WbDraftScope *target, const WbDraftApply *apply);

/**
 * wb_suite_expand: fills suite->cells and suite->skips from a draft without problems.
 *
 * @param folder  the suite file's, absolute
 */
void wb_suite_expand(WbSuite *suite, WbSuiteDraft *draft, const char *folder,
                     WbSuiteProblems *problems);

/** wb_suite_count_runs: the planned runs of all cells. */
int64_t wb_suite_count_runs(const WbSuite *suite);

/** wb_suite_unmatched: why no cell, skipped ones included, has this label, with the nearest that is
 * there; NULL: some cell has it (caller frees). */
char *wb_suite_unmatched(const WbSuite *suite, const char *key, const char *value);

#endif
