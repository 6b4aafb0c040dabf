/*
 * wrk engine: a cell loaded by the installed wrk instead of our engine ("engine": "wrk"), so that
 * the two can be laid side by side. Its text is read by the importer's own reader.
 */
#ifndef WB_RUNNER_WRK_ENGINE_H
#define WB_RUNNER_WRK_ENGINE_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "runner/suite.h"

#define WB_WRK_ENGINE_ERROR (wb_wrk_engine_error_quark())
GQuark wb_wrk_engine_error_quark(void);
typedef enum {
    WB_WRK_ENGINE_ERROR_RUN,  /* wrk cannot be started, or ends with an error */
    WB_WRK_ENGINE_ERROR_TEXT, /* its output holds no run */
} WbWrkEngineError;

/**
 * wb_wrk_engine_run: runs wrk once with the cell's settings.
 *
 * @param run       initialised and filled from wrk's text
 * @param texts     of char *, takes what the run's texts point to
 * @param out_text  wrk's output, caller frees; set even where it holds no run
 */
bool wb_wrk_engine_run(const WbSuiteLoad *load, const char *url, WbRun *run, GPtrArray *texts,
                       char **out_text, GError **error);

#endif
