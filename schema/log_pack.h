/*
 * How the text of a log is packed in the database: what `encoding` of the tables logs and
 * log_parts means. Packing is apart from the store so that several threads can do it at a time.
 *
 * 'plain': as it is; 'zlib': RFC 1950, as older versions wrote; 'zstd': RFC 8878, one frame.
 */
#ifndef WB_SCHEMA_LOG_PACK_H
#define WB_SCHEMA_LOG_PACK_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define WB_LOG_BYTES_MAX ((int64_t)1 << 30) /* of a log */
#define WB_LOG_PART_MAX  ((int64_t)1 << 20) /* of a part of a long one, before packing */

/* What packing needs and keeps from text to text; for one thread at a time. */
typedef struct WbLogPacker WbLogPacker;

WbLogPacker *wb_log_packer_new(void);
void wb_log_packer_free(WbLogPacker *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbLogPacker, wb_log_packer_free)

/* A packed text. */
typedef struct {
    const char *encoding; /* static */
    int64_t bytes;        /* of the text */
    void *content;        /* owned */
    size_t content_len;
} WbPackedText;

void wb_packed_text_clear(WbPackedText *text);

/** wb_log_pack: packs `bytes`; 'plain' where packing saves nothing. */
void wb_log_pack(WbLogPacker *packer, const char *bytes, size_t len, WbPackedText *out);

/**
 * wb_log_unpack: the text again.
 *
 * @param bytes  its length as stored beside it
 * @return       caller's; NULL if the content is damaged, or the encoding not one of the above
 */
GBytes *wb_log_unpack(const char *encoding, const void *content, size_t content_len, int64_t bytes);

#endif
