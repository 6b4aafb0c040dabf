/*
 * The reader: one text from its source to parts, on a thread of its own. It chooses the parser,
 * packs the text, takes its digest; it stores nothing.
 *
 * A text of up to WB_READER_WHOLE_BYTES, and a longer one whose parser needs it in one piece, is
 * read whole: its digest comes with the first part, and a text that the parser refuses gives that
 * one part alone, with `failed`. A longer one whose parser can be fed is read in pieces: its digest
 * comes with the last part, and so may `failed`.
 */
#ifndef WB_RUNNER_IMPORT_READER_H
#define WB_RUNNER_IMPORT_READER_H

#include <stdbool.h>

#include "runner/import/complete.h"
#include "runner/import/part.h"
#include "runner/import/source.h"

#define WB_READER_WHOLE_BYTES ((size_t)4 << 20)

/* Buffers of one thread, kept from text to text. */
typedef struct WbReader WbReader;

WbReader *wb_reader_new(void);
void wb_reader_free(WbReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbReader, wb_reader_free)

/** Takes a part (ownership); returns false to stop the reader.
 * @param is_long  the text is read in pieces */
typedef bool (*WbPartFn)(void *user_data, WbPart *part, bool is_long);

/**
 * wb_reader_read: reads a text to its end, or until `each` stops it.
 *
 * @param parser  NULL: chosen by content
 * @param known   what completes its records
 */
void wb_reader_read(WbReader *reader, const char *path, const WbParser *parser,
                    const WbKnown *known, WbPartFn each, void *user_data);

#endif
