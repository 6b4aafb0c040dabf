/*
 * The verbs of wrkbook-analyze. Each gets its own arguments (argv[0] is the verb), and returns an
 * exit status (DESIGN.md section 2): 0 done, 1 done and the answer is no, 2 not done with *error
 * set. Only main.c prints errors.
 */
#ifndef WB_ANALYZE_COMMANDS_H
#define WB_ANALYZE_COMMANDS_H

#include <glib.h>

int wb_analyze_cmd_advise(int argc, char **argv, GError **error);
int wb_analyze_cmd_calc(int argc, char **argv, GError **error);
int wb_analyze_cmd_effects(int argc, char **argv, GError **error);
int wb_analyze_cmd_rank(int argc, char **argv, GError **error);
int wb_analyze_cmd_summary(int argc, char **argv, GError **error);
int wb_analyze_cmd_compare(int argc, char **argv, GError **error);

#endif
