/*
 * Names of runs: UUIDs of version 7 (RFC 9562, section 5.7), which begin with the time. So runs
 * that are stored one after another lie side by side in the index of their names, and a hundred
 * thousand of them cost one page after another instead of each a page anywhere.
 */
#ifndef WB_SCHEMA_RUN_UUID_H
#define WB_SCHEMA_RUN_UUID_H

#include <stddef.h>
#include <stdint.h>

#define WB_RUN_UUID_SIZE 37 /* with its NUL */

/* What makes names; starts zeroed. For one thread. */
typedef struct {
    uint64_t last; /* ms << 12 | part of a ms: of the last name */
    unsigned char random[1024];
    size_t left; /* bytes of `random` that are not used yet */
} WbRunUuids;

/**
 * wb_run_uuid_make: a new name.
 *
 * Of one WbRunUuids each is greater than the one before, as text too, also where the clock was set
 * back (RFC 9562, section 6.2, method 3: the 12 bits behind the milliseconds go on with the time).
 *
 * @param unix_ns  the time
 */
void wb_run_uuid_make(WbRunUuids *uuids, int64_t unix_ns, char out[WB_RUN_UUID_SIZE]);

#endif
