/*
 * HdrHistogram's V2 encoding, as .hlog files hold it in Base64. Reading only; report/export_hlog.c
 * writes it. Source: HdrHistogram (Gil Tene).
 */
#ifndef WB_RUNNER_IMPORT_HDR_DECODE_H
#define WB_RUNNER_IMPORT_HDR_DECODE_H

#include <glib.h>
#include <stdbool.h>

#include "schema/hist.h"

/* A histogram in its own unit. */
typedef struct {
    GByteArray *plain; /* without its compression */
    int unit_bits;     /* how its buckets are cut: log2 of the lowest value, */
    int half_bits;     /* and of half the sub-buckets */
    int64_t count;
    int64_t lowest;                   /* of the first bucket that counts; 0 if none does */
    int64_t longest_from, longest_to; /* the last bucket that does */
} WbHdr;

/**
 * wb_hdr_decode: reads the compressed form.
 *
 * @param base64, len  need no NUL
 * @param out          cleared with wb_hdr_clear, also after a failure
 * @return             NULL, or why it cannot be read (static)
 */
const char *wb_hdr_decode(const char *base64, size_t len, WbHdr *out);

void wb_hdr_clear(WbHdr *hdr);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WbHdr, wb_hdr_clear)

/** wb_hdr_add: counts its values in `hist`, those of a bucket at its middle, as HdrHistogram's mean
 * takes them.
 * @param unit_ns  ns of one unit of its values
 * @return         false: sums or values do not fit; then some may have been added */
bool wb_hdr_add(const WbHdr *hdr, double unit_ns, WbHist *hist);

#endif
