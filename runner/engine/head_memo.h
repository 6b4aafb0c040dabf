/*
 * A short cut in front of the scanner: a server says the same head again and again (but for its
 * date, once a second). Bytes that were scanned once need not be scanned again: where a response
 * begins with exactly the head remembered, the scanner is put where that head had left it.
 *
 * So nothing is ever guessed, and what the scanner refuses is never remembered. Heads that change
 * with every response are compared in vain, and after a few of them hardly ever remembered.
 */
#ifndef WB_RUNNER_ENGINE_HEAD_MEMO_H
#define WB_RUNNER_ENGINE_HEAD_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "runner/engine/response.h"

/* Longest head that is remembered. */
#define WB_HEAD_MEMO_BYTES 1024

/* Zeroed: nothing is remembered yet. */
typedef struct {
    uint32_t len;     /* of `head`; 0 none */
    uint32_t misses;  /* heads that were not it, since it was remembered or last met */
    uint32_t worth;   /* so many of them have it replaced by the next */
    WbResponse after; /* the scanner behind `head` */
    char head[WB_HEAD_MEMO_BYTES];
} WbHeadMemo;

/** wb_head_memo_feed: wb_response_feed, by the short cut if it may be taken. Hot. */
int wb_head_memo_feed(WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check, const char *bytes,
                      size_t len, size_t *out_used);

#endif
