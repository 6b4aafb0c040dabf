#include "runner/import/hdr_decode.h"

#include <glib.h>
#include <math.h>
#include <zlib.h>

#define COOKIE            0x1c849303u
#define COOKIE_COMPRESSED 0x1c849304u
#define COOKIE_MASK       0xffffff0fu /* the word size is or-ed in */
#define HEAD              40
#define PLAIN_MAX         (16 * 1024 * 1024) /* of counts; real ones have some KiB */
#define TEXT_MAX          (PLAIN_MAX / 2)
#define LONGEST_NS        9e15

static uint64_t get(const guint8 *p, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++)
        value = value << 8 | p[i];
    return value;
}

/* ZigZag of seven bits a byte, the lowest first; a ninth byte carries eight. */
static const guint8 *get_number(const guint8 *p, const guint8 *end, int64_t *out)
{
    uint64_t value = 0;

    for (int i = 0; i < 9 && p < end; i++) {
        uint64_t byte = *p++;

        value |= (i < 8 ? byte & 0x7f : byte) << (7 * i);
        if (i == 8 || byte < 0x80) {
            *out = (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
            return p;
        }
    }
    return NULL;
}

static const char *set_layout(WbHdr *out)
{
    const guint8 *head = out->plain->data;
    uint64_t digits = get(head + 12, 4), lowest = get(head + 16, 8);

    if (digits > 5 || lowest < 1 || lowest > INT64_MAX / 4)
        return "its head names no histogram of 0 to 5 digits";
    out->half_bits = (int)ceil(log2(2 * pow(10, (double)digits))) - 1;
    out->unit_bits = 63 - __builtin_clzll(lowest);
    return out->unit_bits + out->half_bits > 61 ? "its lowest value is past what can be counted"
                                                : NULL;
}

static int64_t buckets_of(const WbHdr *hdr)
{
    return (int64_t)(64 - hdr->unit_bits - hdr->half_bits) << hdr->half_bits;
}

/* The smallest value of the bucket, and its width; -1: past an int64. */
static int64_t lower(const WbHdr *hdr, int64_t index, int64_t *out_width)
{
    int64_t half = INT64_C(1) << hdr->half_bits;
    int64_t bucket = (index >> hdr->half_bits) - 1;
    int64_t sub = (index & (half - 1)) + (bucket < 0 ? 0 : half);
    int shift = hdr->unit_bits + (int)MAX(bucket, 0);

    if (shift > 62 || sub > INT64_MAX >> shift)
        return -1;
    *out_width = INT64_C(1) << shift;
    return sub << shift;
}

/* Goes over the counts that are not 0; NULL at the end, or why it cannot go on. */
static const char *next_count(const WbHdr *hdr, const guint8 **p, int64_t *index,
                              int64_t *out_count, int64_t *out_from, int64_t *out_width)
{
    const guint8 *end = hdr->plain->data + hdr->plain->len;
    int64_t number = 0;

    *out_count = 0;
    while (*p < end) {
        if (!(*p = get_number(*p, end, &number)))
            return "its counts end in the middle";
        if (number > 0)
            break;
        if (number < -buckets_of(hdr))
            return "it counts past its last bucket";
        *index += number ? -number : 1;
    }
    if (number <= 0)
        return NULL;
    if (*index >= buckets_of(hdr) || (*out_from = lower(hdr, *index, out_width)) < 0)
        return "it counts past its last bucket";
    *out_count = number;
    ++*index;
    return NULL;
}

static const char *count_all(WbHdr *out)
{
    const guint8 *p = out->plain->data + HEAD;
    int64_t index = 0, count, from = 0, width = 1;
    const char *wrong;

    while (!(wrong = next_count(out, &p, &index, &count, &from, &width)) && count > 0) {
        if (out->count == 0)
            out->lowest = from;
        if (__builtin_add_overflow(out->count, count, &out->count))
            return "its counts are more than can be added";
        out->longest_from = from;
        out->longest_to = from + (width - 1);
    }
    return wrong;
}

bool wb_hdr_add(const WbHdr *hdr, double unit_ns, WbHist *hist)
{
    const guint8 *p = hdr->plain->data + HEAD;
    int64_t index = 0, count, from = 0, width = 1;

    if ((double)hdr->longest_to * unit_ns > LONGEST_NS)
        return false;
    while (!next_count(hdr, &p, &index, &count, &from, &width) && count > 0)
        if (!wb_hist_add_many(hist, llround((double)(from + (width >> 1)) * unit_ns), count))
            return false;
    return true;
}

/* What a zlib stream holds, at most PLAIN_MAX; NULL: it is none, or more. */
static GByteArray *inflated(const guint8 *bytes, size_t len)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len};
    int code = inflateInit(&stream);

    while (code == Z_OK && out->len < PLAIN_MAX) {
        guint before = out->len;

        g_byte_array_set_size(out, before + 65536);
        stream.next_out = out->data + before;
        stream.avail_out = 65536;
        code = inflate(&stream, Z_NO_FLUSH);
        g_byte_array_set_size(out, out->len - stream.avail_out);
        if (code == Z_OK && stream.avail_out > 0 && stream.avail_in == 0)
            break;
    }
    inflateEnd(&stream);
    return code == Z_STREAM_END ? g_steal_pointer(&out) : NULL;
}

static const char *read_plain(WbHdr *out)
{
    GByteArray *plain = out->plain;
    const char *wrong;

    if (plain->len < HEAD || (get(plain->data, 4) & COOKIE_MASK) != COOKIE)
        return "it holds no histogram in HdrHistogram's V2 encoding";
    if (get(plain->data + 4, 4) > plain->len - HEAD)
        return "its counts end in the middle";
    g_byte_array_set_size(plain, HEAD + (guint)get(plain->data + 4, 4));
    if (get(plain->data + 8, 4) != 0)
        return "it was shifted (a normalizing index offset), which is not read";
    wrong = set_layout(out);
    return wrong ? wrong : count_all(out);
}

const char *wb_hdr_decode(const char *base64, size_t len, WbHdr *out)
{
    g_autofree char *text = NULL;
    g_autofree guint8 *bytes = NULL;
    gsize n;
    uint64_t packed;

    *out = (WbHdr){0};
    if (len > TEXT_MAX)
        return "it is longer than 8 MiB";
    text = g_strndup(base64, len);
    bytes = g_base64_decode(text, &n);
    if (n < 8 || (get(bytes, 4) & COOKIE_MASK) != COOKIE_COMPRESSED)
        return "it is no histogram in HdrHistogram's V2 encoding (HISTFAAA...)";
    packed = get(bytes + 4, 4);
    if (packed > n - 8 || !(out->plain = inflated(bytes + 8, packed)))
        return "its zlib stream is cut or damaged";
    return read_plain(out);
}

void wb_hdr_clear(WbHdr *hdr)
{
    g_clear_pointer(&hdr->plain, g_byte_array_unref);
}
