/*
 * Names of Go benchmark text (golang.org/design/14313-benchmark-format): labels as parts of a
 * benchmark's name, so that benchstat can lay them out (`-row /server -col /framework`).
 */
#ifndef WB_REPORT_GO_BENCH_H
#define WB_REPORT_GO_BENCH_H

#include <glib.h>

#include "schema/records.h"

/** wb_go_bench_name: "BenchmarkHTTP/server=a/framework=b": without blanks, `/` and `=` in values
 * escaped (caller frees). @param keys  of const char * */
char *wb_go_bench_name(const WbLabels *labels, const GPtrArray *keys);

#endif
