/*
 * The verbs of wrkbook-report. Each gets its own arguments (argv[0] is the verb), and returns an
 * exit status (DESIGN.md section 2): 0 done, 1 done and the answer is no, 2 not done with *error
 * set. Only main.c prints errors.
 */
#ifndef WB_REPORT_COMMANDS_H
#define WB_REPORT_COMMANDS_H

#include <glib.h>

int wb_report_cmd_export(int argc, char **argv, GError **error);
int wb_report_cmd_html(int argc, char **argv, GError **error);
int wb_report_cmd_chart(int argc, char **argv, GError **error);
int wb_report_cmd_article(int argc, char **argv, GError **error);
int wb_report_cmd_summary(int argc, char **argv, GError **error);
int wb_report_cmd_compare(int argc, char **argv, GError **error);
int wb_report_cmd_table(int argc, char **argv, GError **error);
int wb_report_cmd_rank(int argc, char **argv, GError **error);
int wb_report_cmd_findings(int argc, char **argv, GError **error);
int wb_report_cmd_pdf(int argc, char **argv, GError **error);

#endif
