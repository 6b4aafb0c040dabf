/*
 * JSON place: one pass over the tokens, no stack: a string with a colon behind it is a key, every
 * other token that is not punctuation begins a value.
 */
#include "runner/json_place.h"

#include <string.h>

/* cJSON takes every byte up to a blank for white space. */
static bool is_blank(char c)
{
    return (unsigned char)c <= ' ' && c != '\0';
}

static const char *skip_mark(const char *text)
{
    return strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}

static const char *skip_string(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1])
            p++;
    return *p ? p + 1 : p;
}

static bool is_key(const char *end)
{
    while (is_blank(*end))
        end++;
    return *end == ':';
}

static const char *skip_value_begin(const char *p)
{
    if (*p == '"')
        return skip_string(p);
    if (*p == '{' || *p == '[')
        return p + 1;
    while (*p && !is_blank(*p) && !strchr(",:]}[{\"", *p))
        p++;
    return p;
}

/* Begin of the nth value, or of its key; NULL: there are fewer. */
static const char *find(const char *text, size_t nth, bool want_key)
{
    const char *key = NULL;
    size_t count = 0;

    for (const char *p = skip_mark(text); *p;) {
        const char *begin = p;

        if (is_blank(*p) || strchr(",:]}", *p)) {
            p++;
            continue;
        }
        p = skip_value_begin(begin);
        if (*begin == '"' && is_key(p)) {
            key = begin;
            continue;
        }
        if (count++ == nth)
            return want_key && key ? key : begin;
        key = NULL;
    }
    return NULL;
}

WbJsonPlace wb_json_place_at(const char *text, size_t offset)
{
    WbJsonPlace place = {1, 1};
    const char *end = text + offset;

    for (const char *p = skip_mark(text); p < end && *p; p++) {
        if (*p == '\n')
            place = (WbJsonPlace){place.line + 1, 1};
        else if (((unsigned char)*p & 0xC0) != 0x80)
            place.column++;
    }
    return place;
}

static bool place_of(const char *text, size_t nth, bool want_key, WbJsonPlace *out)
{
    const char *begin = find(text, nth, want_key);

    if (!begin)
        return false;
    *out = wb_json_place_at(text, (size_t)(begin - text));
    return true;
}

bool wb_json_place_value(const char *text, size_t nth, WbJsonPlace *out)
{
    return place_of(text, nth, false, out);
}

bool wb_json_place_key(const char *text, size_t nth, WbJsonPlace *out)
{
    return place_of(text, nth, true, out);
}

/* The byte before `at` that is no white space, or NUL. */
static char byte_before(const char *text, const char *at)
{
    while (at > text && is_blank(at[-1]))
        at--;
    return at > text ? at[-1] : '\0';
}

/* Where cJSON gave up, made exact: where it wants a key or a closing quote, its pointer is one too
 * far, behind the byte that is wrong. */
static const char *syntax_place(const char *text, const char *end)
{
    char last = '\0';

    if (*end && end > text && end[-1] == '"' && !strchr(end, '"'))
        return end - 1;
    if (end > text && !is_blank(end[-1]) && !strchr("\"{[", end[-1]))
        last = byte_before(text, end - 1);
    if (last == '{' || last == ',')
        return end - 1;
    while (is_blank(*end))
        end++;
    return end;
}

/* What the byte at which cJSON gave up suggests. */
static const char *explain_syntax(const char *text, const char *at)
{
    if (*at == '\0')
        return "the text ends too early; close what is open: a quote, '}' or ']'";
    if ((*at == '}' || *at == ']') && byte_before(text, at) == ',')
        return "a comma before the closing bracket; remove it";
    if (*at == '/' || *at == '#')
        return "JSON has no comments; remove it";
    if (*at == '\'')
        return "JSON has double quotes; write \"text\"";
    if (*at == '"' && !strchr(at + 1, '"'))
        return "this text has no closing quote; add it";
    return "this is no JSON; look for a missing comma, colon or quote here or just before";
}

const char *wb_json_place_syntax(const char *text, const char *end, const char **out_what)
{
    const char *at = syntax_place(text, end);

    *out_what = explain_syntax(text, at);
    return at;
}
