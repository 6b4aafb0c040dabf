/*
 * Where the text of an import comes from: a file, or standard input, plain or packed with gzip or
 * zstd, read once and in order, in memory that neither the file nor what it unpacks to can make
 * grow. A source is used by one thread and for one text after another.
 */
#ifndef WB_RUNNER_IMPORT_SOURCE_H
#define WB_RUNNER_IMPORT_SOURCE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WB_SOURCE_BYTES_MAX   ((int64_t)1 << 30)  /* of a text, unpacked */
#define WB_SOURCE_RATIO_MAX   300                 /* unpacked to packed, ... */
#define WB_SOURCE_RATIO_BYTES ((int64_t)64 << 20) /* ... of a text larger than this */
#define WB_SOURCE_STDIN       "-"

/* Why a text is not read. */
typedef enum {
    WB_SOURCE_OK,
    WB_SOURCE_PASSED_OVER, /* nothing to be read there: a device, no text */
    WB_SOURCE_FAILED,      /* should have been read: missing, no right to it, too large, damaged */
} WbSourceState;

typedef struct WbSource WbSource;

WbSource *wb_source_new(void);
void wb_source_free(WbSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbSource, wb_source_free)

/** wb_source_open: begins a text; WB_SOURCE_STDIN is standard input. Closes the one before.
 * @return  false: wb_source_state, wb_source_why say why */
bool wb_source_open(WbSource *source, const char *path);

/**
 * wb_source_read: the next bytes of the text, unpacked.
 *
 * @param out_n  fewer than `size` only at the end of the text
 * @return       false: wb_source_state, wb_source_why say why
 */
bool wb_source_read(WbSource *source, char *buffer, size_t size, size_t *out_n);

void wb_source_close(WbSource *source);

WbSourceState wb_source_state(const WbSource *source);

/** wb_source_why: the sentence for the user, as in "is larger than 1 GiB; split it" (borrowed). */
const char *wb_source_why(const WbSource *source);

/** wb_source_modified_us: when the file was written, since 1970; WB_NONE for a pipe. */
int64_t wb_source_modified_us(const WbSource *source);

/** wb_source_is_packed: whether gzip or zstd packed the text. */
bool wb_source_is_packed(const WbSource *source);

/** wb_source_not_text: why bytes are no text to import, or NULL (static).
 * @param is_begin  they are the first of the text */
const char *wb_source_not_text(const char *bytes, size_t len, bool is_begin);

#endif
