/*
 * Requests file: what `--requests-from FILE` sends: one JSON object a line with the members
 * method, path, headers (object) and body (text), all optional.
 */
#ifndef WB_RUNNER_REQUESTS_FILE_H
#define WB_RUNNER_REQUESTS_FILE_H

#include <glib.h>
#include <stdbool.h>

#include "runner/target.h"

#define WB_REQUESTS_FILE_ERROR (wb_requests_file_error_quark())
GQuark wb_requests_file_error_quark(void);
typedef enum {
    WB_REQUESTS_FILE_ERROR_READ,
    WB_REQUESTS_FILE_ERROR_LINE, /* with FILE:LINE and what is wrong */
} WbRequestsFileError;

/**
 * wb_requests_file_load: appends one request a line.
 *
 * @param headers   sent with every request, before its own (may be NULL)
 * @param close     adds "Connection: close"
 * @param bytes     GBytes of each request is appended (owned by the array)
 * @param requests  WbRequest is appended, pointing into `bytes`
 */
bool wb_requests_file_load(const char *path, const WbTarget *target, char *const *headers,
                           bool close, GPtrArray *bytes, GArray *requests, GError **error);

/** wb_requests_add: appends one request to both arrays. Takes ownership of `request`. */
void wb_requests_add(GPtrArray *bytes, GArray *requests, GBytes *request, bool is_head);

#endif
