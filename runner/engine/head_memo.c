/*
 * The short cut is taken with two compares and a copy; all else is the scanner's.
 */
#include "runner/engine/head_memo.h"

#include <string.h>

#include "runner/engine/response_head.h"

/* Remembering costs a second scan: heads that never come again must not pay for it each time. */
#define WORTH_MAX 256

/* `r` has read a whole head, which began with these bytes. */
static void remember(WbHeadMemo *m, const WbResponse *r, const char *bytes)
{
    size_t used;

    m->misses = 0;
    m->worth = m->worth == 0 ? 1 : m->worth < WORTH_MAX ? m->worth * 2 : WORTH_MAX;
    if (r->head_bytes > WB_HEAD_MEMO_BYTES)
        return;
    m->len = (uint32_t)r->head_bytes;
    memcpy(m->head, bytes, m->len);
    wb_response_begin(&m->after, r->is_head);
    wb_response_feed(&m->after, NULL, bytes, m->len, &used);
}

static int feed_and_learn(WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check, const char *bytes,
                          size_t len, size_t *out_used)
{
    int verdict = wb_response_feed(r, check, bytes, len, out_used);

    if (verdict >= 0 && r->head_done && ++m->misses > m->worth)
        remember(m, r, bytes);
    return verdict;
}

int wb_head_memo_feed(WbHeadMemo *m, WbResponse *r, const WbBodyCheck *check, const char *bytes,
                      size_t len, size_t *out_used)
{
    size_t head = m->len;
    int verdict = MORE;

    if (wb_response_phase(r) != WB_PHASE_WAIT) /* cut within: only the scanner knows where */
        return wb_response_feed(r, check, bytes, len, out_used);
    if (head == 0 || len < head || m->after.is_head != r->is_head ||
        memcmp(bytes, m->head, head) != 0)
        return feed_and_learn(m, r, check, bytes, len, out_used);
    m->misses = m->worth = 0;
    *r = m->after;
    *out_used = head;
    if (r->state == DONE)
        return WHOLE;
    if (r->state == BODY_LENGTH && !check && (size_t)r->left <= len - head) {
        *out_used = head + (size_t)r->left;
        r->body_bytes = r->left;
        r->left = 0;
        r->state = DONE;
        return WHOLE;
    }
    if (len > head) {
        verdict = wb_response_feed(r, check, bytes + head, len - head, out_used);
        *out_used += head;
    }
    return verdict;
}
