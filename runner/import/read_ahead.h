/*
 * Reading ahead: several threads read one text each, one takes their parts in the order in which
 * the texts were pushed. How much lies read and not yet taken is bounded, by texts and by parts
 * of a text, so that memory does not grow with the input; the oldest text is always being read,
 * so that nobody waits for ever.
 *
 * All calls but `read` are of the one thread that made it.
 */
#ifndef WB_RUNNER_IMPORT_READ_AHEAD_H
#define WB_RUNNER_IMPORT_READ_AHEAD_H

#include <stdbool.h>

#include "runner/import/reader.h"

#define WB_READ_AHEAD_TEXTS 64 /* more are not pushed */

typedef struct WbReadAhead WbReadAhead;

/** Reads `text` with `reader` and gives its parts to `each`, the last with is_last; on any thread.
 */
typedef void (*WbReadFn)(void *user_data, void *text, WbReader *reader, WbPartFn each,
                         void *each_data);

/** wb_read_ahead_new: as many threads as there are CPUs, at most 8. */
WbReadAhead *wb_read_ahead_new(WbReadFn read, void *user_data);

/** wb_read_ahead_free: stops the threads and waits for them. The caller has taken back all texts
 * (wb_read_ahead_pop) after wb_read_ahead_stop. */
void wb_read_ahead_free(WbReadAhead *ahead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbReadAhead, wb_read_ahead_free)

/** wb_read_ahead_push: has `text` read (borrowed until it is popped). */
void wb_read_ahead_push(WbReadAhead *ahead, void *text);

/** wb_read_ahead_count: texts that are pushed and not popped. */
unsigned wb_read_ahead_count(const WbReadAhead *ahead);

/** wb_read_ahead_text: the oldest text (borrowed). */
void *wb_read_ahead_text(const WbReadAhead *ahead);

/** wb_read_ahead_part: the next part of the oldest text (caller frees); waits for it. */
WbPart *wb_read_ahead_part(WbReadAhead *ahead, bool *out_is_long);

/** wb_read_ahead_pop: the oldest text, of which the last part was taken; NULL: there is none. */
void *wb_read_ahead_pop(WbReadAhead *ahead);

/** wb_read_ahead_stop: what is read from now on is dropped, and the threads end; after it only
 * wb_read_ahead_pop and wb_read_ahead_free may be called. */
void wb_read_ahead_stop(WbReadAhead *ahead);

#endif
