/*
 * Guessing (--guess): the template for --labels-from that the paths of many files seem to follow,
 * as a proposal to a person. It says how paths are put together; what the parts are called is
 * guessed by their values, and a part that means nothing known is called label1, label2, ...
 */
#ifndef WB_RUNNER_IMPORT_GUESS_H
#define WB_RUNNER_IMPORT_GUESS_H

#include <glib.h>

#include "runner/import/path_template.h"

/**
 * wb_guess_template: the template that most of the paths fit.
 *
 * @param paths  of char *: of files, as found in a folder
 * @return       caller's; NULL: nothing in them varies in a way that a template could tell
 */
char *wb_guess_template(const GPtrArray *paths);

/** wb_guess_describe: what the template takes from the paths, in lines for the user: how many fit,
 * each name with its first values (caller frees). */
char *wb_guess_describe(const WbPathTemplate *path_template, const GPtrArray *paths);

#endif
