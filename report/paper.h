/*
 * Paper: a whole report as a list of blocks, before anybody decides whether it becomes a folder of
 * Markdown, a PDF or a web page. story.h builds one from a database; each writer lays out the same
 * blocks, so that all three say the same.
 *
 * All texts are cleaned (clean.h), plain and not yet escaped; a writer escapes for its own format.
 */
#ifndef WB_REPORT_PAPER_H
#define WB_REPORT_PAPER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "report/drawing.h"
#include "report/table.h"

typedef enum {
    WB_BLOCK_HEADING, /* level, anchor, text */
    WB_BLOCK_TEXT,    /* text: one paragraph */
    WB_BLOCK_FACTS,   /* items: term, value, term, value, ... */
    WB_BLOCK_LIST,    /* items: sentences */
    WB_BLOCK_CODE,    /* text: lines, to be shown as they are */
    WB_BLOCK_TABLE,   /* table (its notes belong below it), name */
    WB_BLOCK_CHART,   /* drawing; text: a sentence in its place where it could not be drawn; name */
} WbBlockKind;

/* One block. Members that its kind does not name are NULL. Everything owned. */
typedef struct {
    WbBlockKind kind;
    int level;        /* heading: 1 a section, 2 a part of one */
    char *anchor;     /* heading: [a-z0-9-]+, unique in the paper */
    char *name;       /* table, chart: the same, for a file of its own: "best-hello" */
    char *text;       /* may be NULL for a chart that was drawn */
    GPtrArray *items; /* of char * */
    WbTextTable *table;
    WbDrawing *drawing; /* NULL: not drawn */
    GBytes *png;        /* the same as PNG; NULL: not asked for */
} WbBlock;

typedef struct {
    char *title;
    char *result;        /* the whole in one sentence, below the title */
    char *creator;       /* "wrkbook 0.1.0" */
    GPtrArray *blocks;   /* of WbBlock, in reading order */
    GHashTable *anchors; /* those given out: unique among headings, and among tables and charts */
} WbPaper;

/** wb_paper_new: without blocks. @param title, result  foreign or own; cleaned here */
WbPaper *wb_paper_new(const char *title, const char *result);
void wb_paper_free(WbPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPaper, wb_paper_free)

/** wb_paper_block: block number i (borrowed). */
const WbBlock *wb_paper_block(const WbPaper *paper, size_t i);

/* Each of these adds one block at the end. Texts are cleaned; lists, tables and drawings are taken
 * over. */

/** wb_paper_add_heading: its anchor is made of the text. */
void wb_paper_add_heading(WbPaper *paper, int level, const char *text);

/** wb_paper_add_text: a paragraph; nothing for NULL or "". */
void wb_paper_add_text(WbPaper *paper, const char *text);

/** wb_paper_add_facts, wb_paper_add_list: of char *; nothing for an empty one. */
void wb_paper_add_facts(WbPaper *paper, GPtrArray *items);
void wb_paper_add_list(WbPaper *paper, GPtrArray *items);

/** wb_paper_add_code: lines are kept; controls other than line ends are cleaned. */
void wb_paper_add_code(WbPaper *paper, const char *text);

/** wb_paper_add_table. @param name  what it is about: "best hello"; made a file's name here */
void wb_paper_add_table(WbPaper *paper, const char *name, WbTextTable *table);

/** wb_paper_add_chart: returns the block, for a picture that comes later (borrowed).
 * @param drawing  NULL: `instead` is shown in its place */
WbBlock *wb_paper_add_chart(WbPaper *paper, const char *name, WbDrawing *drawing,
                            const char *instead);

/** wb_paper_remove: takes a block out of the paper and frees it. */
void wb_paper_remove(WbPaper *paper, WbBlock *block);

#endif
