/*
 * What the two halves of the scanner share: its states, and the steps that read heads.
 *
 * response.c drives the machine and reads bodies; response_head.c reads status lines, fields and
 * trailers.
 */
#ifndef WB_RUNNER_ENGINE_RESPONSE_HEAD_H
#define WB_RUNNER_ENGINE_RESPONSE_HEAD_H

#include "runner/engine/response.h"

/* The states up to HEAD_LF are the head's. */
enum {
    START,        /* before the status line: empty lines are skipped */
    STATUS_LINE,  /* `pos` bytes of it are read */
    FIELD_START,  /* first byte of a line */
    NAME,         /* in a field's name */
    VALUE,        /* in a reason phrase or a value that does not matter: up to the line's end */
    VALUE_READ,   /* in a value that does */
    HEAD_LF,      /* CR of the empty line seen */
    BODY_LENGTH,  /* `left` bytes to come */
    BODY_EOF,     /* up to the end of the connection */
    CHUNK_FIRST,  /* first digit of a chunk's size */
    CHUNK_SIZE,   /* further digits */
    CHUNK_EXT,    /* chunk extension, up to CR */
    CHUNK_LF,     /* end of the size line */
    CHUNK_DATA,   /* `left` bytes to come */
    CHUNK_END_CR, /* line end behind the data */
    CHUNK_END_LF,
    DONE,
};

enum {
    FIELD_NONE, /* no field yet: a continuation line has nothing to continue */
    FIELD_OTHER,
    FIELD_LENGTH,
    FIELD_CONNECTION,
    FIELD_CODING,
};

/* A step's verdict; negative ones are WbCodes. */
enum { NEXT = 2, WHOLE = 1, MORE = 0 };

/** wb_response_begin_head: forget the head before (an interim one, or of the last response). */
void wb_response_begin_head(WbResponse *r);

/** wb_response_head_step: take in some bytes of a head or trailer section; *p < end.
 * @return NEXT, MORE (all bytes are read), WHOLE or a negative WbCode */
int wb_response_head_step(WbResponse *r, const char **p, const char *end);

/** wb_response_end_stretch: add what this buffer has of a head, trailer section or chunk line to
 * its length; if it ends here the next one begins.
 * @return MORE, or the error of one that is too long */
int wb_response_end_stretch(WbResponse *r, const char *p, bool is_whole);

#endif
