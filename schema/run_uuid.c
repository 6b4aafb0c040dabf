#include "schema/run_uuid.h"

#include <glib.h>
#include <string.h>
#include <sys/random.h>

#define RANDOM_BYTES 8

static const unsigned char *next_random(WbRunUuids *uuids)
{
    if (uuids->left < RANDOM_BYTES) {
        if (getrandom(uuids->random, sizeof uuids->random, 0) != (ssize_t)sizeof uuids->random)
            for (size_t i = 0; i < sizeof uuids->random; i++)
                uuids->random[i] = (unsigned char)g_random_int();
        uuids->left = sizeof uuids->random;
    }
    uuids->left -= RANDOM_BYTES;
    return uuids->random + uuids->left;
}

void wb_run_uuid_make(WbRunUuids *uuids, int64_t unix_ns, char out[WB_RUN_UUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t ms = (uint64_t)(unix_ns / 1000000);
    uint64_t part = (uint64_t)(unix_ns % 1000000) * 4096 / 1000000;
    uint64_t now = ms << 12 | part;
    unsigned char bytes[16];
    char *p = out;

    now = MAX(now, uuids->last + 1);
    uuids->last = now;
    for (int i = 0; i < 6; i++)
        bytes[i] = (unsigned char)(now >> (52 - 8 * i));
    bytes[6] = (unsigned char)(0x70 | (now >> 8 & 0xf));
    bytes[7] = (unsigned char)now;
    memcpy(bytes + 8, next_random(uuids), RANDOM_BYTES);
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *p++ = '-';
        *p++ = digits[bytes[i] >> 4];
        *p++ = digits[bytes[i] & 15];
    }
    *p = '\0';
}
