/*
 * Probe: the second request goes out as soon as the first reply is whole: a server that closes
 * silently is met doing so.
 */
#include "runner/probe.h"

#include <string.h>

#include "runner/reply.h"
#include "runner/wire.h"

#define WATCH_NS     INT64_C(50000000)
#define REPLY_LIMITS 3 /* a whole reply may take so many times the limit of a step */

static void fail(WbProbeRecord *out, const char *prefix, const GError *error)
{
    g_autofree char *text = g_strconcat(prefix, error->message, NULL);
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    char *end;

    g_strlcpy(out->failure, valid, sizeof out->failure);
    if (!g_utf8_validate(out->failure, -1, (const char **)&end))
        *end = '\0'; /* cut within a character */
}

static bool ask(WbWire *wire, GBytes *request, GByteArray *rest, int64_t limit_ns, WbReply *reply,
                GError **error)
{
    wb_wire_set_limit(wire, limit_ns);
    return wb_wire_send(wire, request, error) &&
           wb_reply_read(wire, rest, g_get_monotonic_time() + REPLY_LIMITS * limit_ns / 1000, reply,
                         error);
}

static void describe(const WbReply *reply, WbProbeRecord *out)
{
    g_autofree char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, reply->body->data, reply->body->len);

    out->status = reply->status;
    out->reply_bytes = reply->bytes;
    out->body_bytes = reply->body_bytes;
    g_strlcpy(out->body_sha256, hash, sizeof out->body_sha256);
    g_strlcpy(out->framing, wb_framing_name(reply->framing), sizeof out->framing);
    out->announced_close = reply->announced_close;
}

/* Looks whether the peer closes; more bytes are a failure. */
static void watch(WbWire *wire, int64_t limit_ns, int64_t whole_us, WbProbeRecord *out)
{
    g_autoptr(GError) error = NULL;
    char byte;
    ssize_t n;

    wb_wire_set_limit(wire, MIN(limit_ns, WATCH_NS));
    n = wb_wire_receive(wire, &byte, 1, &error);
    if (n > 0)
        g_strlcpy(out->failure, "sent bytes that no request asked for", sizeof out->failure);
    else if (n == 0 || g_error_matches(error, WB_WIRE_ERROR, WB_WIRE_ERROR_BROKEN))
        out->close_ns = (g_get_monotonic_time() - whole_us) * 1000;
}

/* The same request again. */
static void ask_again(WbWire *wire, GBytes *request, GByteArray *rest, int64_t limit_ns,
                      int64_t whole_us, WbProbeRecord *out)
{
    g_autoptr(GError) error = NULL;
    g_auto(WbReply) again = {0};

    if (ask(wire, request, rest, limit_ns, &again, &error)) {
        out->reused = 1;
        if (again.status != out->status)
            g_snprintf(out->failure, sizeof out->failure,
                       "the second reply has status %d, the first had %d", again.status,
                       (int)out->status);
        else if (rest->len > 0)
            g_strlcpy(out->failure, "sent bytes that no request asked for", sizeof out->failure);
        else if (again.framing == WB_FRAMING_EOF)
            out->close_ns = 0;
        else
            watch(wire, limit_ns, g_get_monotonic_time(), out);
    } else if (g_error_matches(error, WB_REPLY_ERROR, WB_REPLY_ERROR_CLOSED) ||
               g_error_matches(error, WB_WIRE_ERROR, WB_WIRE_ERROR_BROKEN)) {
        out->close_ns = (g_get_monotonic_time() - whole_us) * 1000; /* the silent close */
    } else {
        fail(out, "second request: ", error);
    }
}

static void probe(const WbTarget *target, GBytes *request, int64_t limit_ns, WbProbeRecord *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(WbWire) wire = wb_wire_open(target, limit_ns, NULL, &error);
    g_autoptr(GByteArray) rest = g_byte_array_new();
    g_auto(WbReply) first = {0};
    int64_t sent_us = g_get_monotonic_time(), whole_us;

    if (!wire || !ask(wire, request, rest, limit_ns, &first, &error)) {
        fail(out, wire ? "" : "no connection: ", error);
        return;
    }
    whole_us = g_get_monotonic_time();
    out->reply_ns = (whole_us - sent_us) * 1000;
    describe(&first, out);
    if (rest->len > 0)
        g_strlcpy(out->failure, "sent bytes that no request asked for", sizeof out->failure);
    else if (first.framing == WB_FRAMING_EOF)
        out->close_ns = 0;
    else if (first.announced_close)
        watch(wire, limit_ns, whole_us, out);
    else
        ask_again(wire, request, rest, limit_ns, whole_us, out);
}

void wb_probe_run(const WbTarget *target, char *const *headers, int64_t limit_ns,
                  WbProbeRecord *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = wb_target_request(target, NULL, NULL, headers, NULL, false, &error);

    *out = (WbProbeRecord){.moment = out->moment,
                           .status = WB_NONE,
                           .reply_bytes = WB_NONE,
                           .body_bytes = WB_NONE,
                           .reply_ns = WB_NONE,
                           .close_ns = WB_NONE};
    if (request)
        probe(target, request, limit_ns, out);
    else
        fail(out, "", error);
}
