/*
 * The verbs of wrkbook-runner. Each gets its own arguments (argv[0] is the verb), and returns an
 * exit status (DESIGN.md section 2): 0 done, 1 done and the answer is no, 2 not done with *error
 * set, 128 + N after signal N. Only main.c prints errors.
 */
#ifndef WB_RUNNER_COMMANDS_H
#define WB_RUNNER_COMMANDS_H

#include <glib.h>

int wb_cmd_run(int argc, char **argv, GError **error);
int wb_cmd_doctor(int argc, char **argv, GError **error);
int wb_cmd_suite(int argc, char **argv, GError **error);
int wb_cmd_logs(int argc, char **argv, GError **error);
int wb_cmd_import(int argc, char **argv, GError **error);

#endif
