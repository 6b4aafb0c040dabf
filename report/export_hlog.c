/*
 * Export: HdrHistogram interval log (.hlog, V2): a row a complete run, tagged with its case. The
 * buckets of schema/hist.h are HdrHistogram's own for two digits and a lowest value of 1 (256
 * sub-buckets, half of them used beyond the first), index by index: nothing is counted anew.
 *
 * Layout of the V2 encoding: HdrHistogram (Gil Tene): cookies, big-endian head, counts as ZigZag
 * LEB128 of at most nine bytes, runs of zeros as negative numbers, the whole in a zlib stream.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "report/case_name.h"
#include "report/export.h"

#define COOKIE            0x1c849313u
#define COOKIE_COMPRESSED 0x1c849314u
#define DIGITS            2
#define LOWEST            1
#define HIGHEST           WB_HIST_MAX_NS
#define NS_IN_MS          1e6

static void put(GByteArray *out, uint64_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        guint8 byte = (guint8)(value >> shift);

        g_byte_array_append(out, &byte, 1);
    }
}

/* ZigZag, then seven bits a byte, the lowest first; a ninth byte carries eight. */
static void put_number(GByteArray *out, int64_t number)
{
    uint64_t value = (uint64_t)number << 1 ^ (uint64_t)(number >> 63);

    for (int i = 0; i < 9; i++) {
        bool last = i == 8 || value < 0x80;
        guint8 byte = (guint8)(last ? value : (value & 0x7f) | 0x80);

        g_byte_array_append(out, &byte, 1);
        if (last)
            return;
        value >>= 7;
    }
}

/* How many counts there are up to the last that is not 0. */
static size_t used(const WbHist *hist)
{
    size_t n = WB_HIST_SIZE;

    while (n > 0 && hist->counts[n - 1] == 0)
        n--;
    return n;
}

static void put_counts(GByteArray *out, const int64_t *counts, size_t n)
{
    for (size_t i = 0; i < n;) {
        int64_t zeros = 0;

        while (i < n && counts[i] == 0) {
            zeros++;
            i++;
        }
        if (zeros)
            put_number(out, zeros == 1 ? 0 : -zeros);
        else
            put_number(out, counts[i++]);
    }
}

static GByteArray *encode(const WbHist *hist)
{
    GByteArray *out = g_byte_array_new();
    g_autoptr(GByteArray) payload = g_byte_array_new();
    double one = 1;
    uint64_t ratio;

    put_counts(payload, hist->counts, used(hist));
    memcpy(&ratio, &one, sizeof ratio);
    put(out, COOKIE, 4);
    put(out, payload->len, 4);
    put(out, 0, 4);
    put(out, DIGITS, 4);
    put(out, LOWEST, 8);
    put(out, (uint64_t)HIGHEST, 8);
    put(out, ratio, 8);
    g_byte_array_append(out, payload->data, payload->len);
    return out;
}

/* Base64 of the compressed form. */
static char *packed(const WbHist *hist)
{
    g_autoptr(GByteArray) plain = encode(hist);
    g_autoptr(GByteArray) out = g_byte_array_new();
    uLongf len = compressBound(plain->len);
    g_autofree Bytef *bytes = g_malloc(len);

    compress2(bytes, &len, plain->data, plain->len, Z_BEST_COMPRESSION);
    put(out, COOKIE_COMPRESSED, 4);
    put(out, len, 4);
    g_byte_array_append(out, bytes, (guint)len);
    return g_base64_encode(out->data, out->len);
}

/* A tag holds no comma, blank or line end. */
static char *tag_of(const WbExport *export, const WbRun *run)
{
    char *tag = wb_case_name(run->of_case->labels, export->keys);

    return g_strdelimit(tag, ", \t\r\n", '_');
}

static void append_number(GString *out, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.3f", value));
}

static void append_run(const WbExport *export, const WbRun *run, const WbHist *hist, GString *out)
{
    g_autofree char *tag = tag_of(export, run);
    g_autofree char *text = packed(hist);
    double begin_s = 0;

    if (run->started_at)
        wb_units_parse_utc(run->started_at, &begin_s);
    g_string_append_printf(out, "Tag=%s,", tag);
    append_number(out, begin_s);
    g_string_append_c(out, ',');
    append_number(out, run->elapsed_ns == WB_NONE ? 0 : (double)run->elapsed_ns / 1e9);
    g_string_append_c(out, ',');
    append_number(out, (double)hist->max_ns / NS_IN_MS);
    g_string_append_printf(out, ",%s\n", text);
}

bool wb_export_hlog(const WbExport *export, WbOutput *out, GError **error)
{
    g_autoptr(WbRunReader) reader = wb_export_read_runs(export, 0, error);
    g_autofree WbHist *hist = g_new(WbHist, 1);
    const WbRun *run = NULL;
    bool done = reader != NULL, has_hist;

    g_string_append(out->text, "#[Logged with wrkbook " WB_VERSION "]\n"
                               "#[Histogram log format version 1.3]\n"
                               "#[StartTime: 0.000 (seconds since epoch), 1970-01-01]\n"
                               "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                               "\"Interval_Compressed_Histogram\"\n");
    while (done && (done = wb_export_next_run(export, reader, &run, error)) && run) {
        if (!wb_export_is_complete(run))
            continue;
        done = wb_export_load_hist(export, run, hist, &has_hist, error);
        if (has_hist)
            append_run(export, run, hist, out->text);
        done = done && wb_output_pass(out, error);
    }
    return done;
}
