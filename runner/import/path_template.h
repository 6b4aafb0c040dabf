/*
 * Labels from the path of a file: the template of --labels-from, as in
 * '{benchmark}/{server}__{framework}__run{run_no}.log'.
 *
 * A template is matched against the end of a path, from the beginning of a folder's or file's
 * name on: as many names as the template has. `{name}` stands for a text that is not empty and
 * holds no '/', the shortest one that fits; `{}` or `{_}` the same without a name. All else
 * stands for itself. A name that is a field of run_facts (run_no, threads, ...) sets that field,
 * any other a label.
 */
#ifndef WB_RUNNER_IMPORT_PATH_TEMPLATE_H
#define WB_RUNNER_IMPORT_PATH_TEMPLATE_H

#include <glib.h>
#include <stdbool.h>

#include "schema/records.h"

typedef struct WbPathTemplate WbPathTemplate;

#define WB_PATH_TEMPLATE_ERROR (wb_path_template_error_quark())
GQuark wb_path_template_error_quark(void);
typedef enum {
    WB_PATH_TEMPLATE_ERROR_SYNTAX, /* the template itself */
    WB_PATH_TEMPLATE_ERROR_VALUE,  /* the path fits, but a part cannot be that field's value */
} WbPathTemplateError;

/** wb_path_template_new: reads a template. Errors: WB_PATH_TEMPLATE_ERROR_SYNTAX. */
WbPathTemplate *wb_path_template_new(const char *text, GError **error);
void wb_path_template_free(WbPathTemplate *path_template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbPathTemplate, wb_path_template_free)

/**
 * wb_path_template_match: sets the labels and fields that the path gives.
 *
 * @param path         as named by the user or found in a folder
 * @param labels       gets the labels
 * @param run          gets the fields; a text field points into `text`
 * @param text         keeps the texts
 * @param out_matches  false: the path does not end as the template says; nothing was set
 * Errors: WB_PATH_TEMPLATE_ERROR_VALUE.
 */
bool wb_path_template_match(const WbPathTemplate *path_template, const char *path, WbLabels *labels,
                            WbRun *run, GStringChunk *text, bool *out_matches, GError **error);

/** wb_path_template_names: the names in it, in their order (of const char *, borrowed; caller frees
 * the array). */
GPtrArray *wb_path_template_names(const WbPathTemplate *path_template);

/** wb_path_template_take: what the names stand for in the path, as it is written there, in their
 * order (of char *, caller's); NULL: the path does not fit. */
GPtrArray *wb_path_template_take(const WbPathTemplate *path_template, const char *path);

#endif
