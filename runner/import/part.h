/*
 * Parts: what a reader found in a text, copied, on its way to the one who stores it. A short text
 * is one part, a long one several, so that none of them is large.
 */
#ifndef WB_RUNNER_IMPORT_PART_H
#define WB_RUNNER_IMPORT_PART_H

#include <glib.h>
#include <stdbool.h>

#include "runner/import/parser.h"
#include "schema/log_pack.h"
#include "schema/records.h"

#define WB_PART_ITEMS 128 /* a part that has as many is full */

typedef enum {
    WB_ITEM_RUN,
    WB_ITEM_PUBLISHED,
    WB_ITEM_UNREAD,
} WbItemKind;

/* A record. All that it points to belongs to its part. */
typedef struct {
    WbItemKind kind;
    WbLabels *labels; /* NULL: those of the whole text */
    union {
        WbRun run;
        WbPublished published;
        WbUnreadLine unread;
    };
} WbItem;

/* Why a text is not stored. */
typedef enum {
    WB_PART_OK,
    WB_PART_PASSED_OVER, /* it is nothing to be read */
    WB_PART_UNREADABLE,
    WB_PART_UNLABELLED, /* its path gives no labels, or wrong ones */
    WB_PART_REFUSED,    /* by the parser; `why` begins with "LINE: " */
} WbPartFailure;

typedef struct {
    GArray *items; /* of WbItem */
    GStringChunk *text;
    GPtrArray *blocks; /* what the details of runs point into */
    WbPackedText
        log; /* the text that these records are from, or the next piece of it; may be empty */
    bool has_log;
    char *sha256;  /* of the whole text, once it is known; else NULL */
    int64_t bytes; /* of the whole text, with sha256 */
    bool is_last;
    WbPartFailure failed; /* last part: the text must not be stored */
    char *why;
} WbPart;

WbPart *wb_part_new(void);
void wb_part_free(WbPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPart, wb_part_free)

/** wb_part_add_run, wb_part_add_published, wb_part_add_unread: copies of a record; `labels` are
 * taken (ownership). */
void wb_part_add_run(WbPart *part, const WbRun *run, WbLabels *labels);
void wb_part_add_published(WbPart *part, const WbPublished *published, WbLabels *labels);
void wb_part_add_unread(WbPart *part, const WbUnreadLine *line);

#endif
