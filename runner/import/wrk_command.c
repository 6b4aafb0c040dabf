/*
 * Words are split as a shell does for quotes and blanks, nothing else: an echoed command line has
 * been through a shell already. Unknown options and their values are passed over.
 */
#include "runner/import/wrk_command.h"

#include <math.h>
#include <string.h>

#include "schema/records.h"
#include "schema/units.h"

/* A word of the command line, without the quotes around it. */
typedef struct {
    const char *begin;
    const char *end;
} Word;

static bool next_word(const char **text, Word *out)
{
    const char *p = *text + strspn(*text, " \t\r\n");
    char quote = *p == '"' || *p == '\'' ? *p : '\0';

    if (!*p)
        return false;
    if (quote) {
        out->begin = ++p;
        while (*p && *p != quote)
            p++;
        out->end = p;
        *text = *p ? p + 1 : p;
    } else {
        out->begin = p;
        p += strcspn(p, " \t\r\n");
        out->end = p;
        *text = p;
    }
    return true;
}

static void set_count(const Word *value, int64_t *out)
{
    double count;
    double half;

    if (wb_units_scan_count(value->begin, value->end, &count, &half) == value->end && count >= 0 &&
        count < 1e15)
        *out = (int64_t)count;
}

static void set_rate(const Word *value, double *out)
{
    double rate;
    double half;

    if (wb_units_scan_count(value->begin, value->end, &rate, &half) == value->end && rate > 0)
        *out = rate;
}

/* "30", "30s", "2M": wrk takes either case of the unit. */
static void set_time(const Word *value, int64_t *out)
{
    char text[24];
    size_t len = (size_t)(value->end - value->begin);

    if (len == 0 || len + 2 > sizeof text)
        return;
    for (size_t i = 0; i < len; i++)
        text[i] = g_ascii_tolower(value->begin[i]);
    text[len] = '\0';
    (void)wb_units_parse_duration(text, out, NULL);
}

typedef enum {
    OPTION_OTHER, /* takes a value that says nothing about the figures */
    OPTION_THREADS,
    OPTION_CONNECTIONS,
    OPTION_DURATION,
    OPTION_TIMEOUT,
    OPTION_RATE,
} Option;

static const struct {
    const char *name;
    Option option;
} options[] = {
    {"-t", OPTION_THREADS},     {"--threads", OPTION_THREADS},
    {"-c", OPTION_CONNECTIONS}, {"--connections", OPTION_CONNECTIONS},
    {"-d", OPTION_DURATION},    {"--duration", OPTION_DURATION},
    {"-T", OPTION_TIMEOUT},     {"--timeout", OPTION_TIMEOUT},
    {"-R", OPTION_RATE},        {"--rate", OPTION_RATE},
    {"-H", OPTION_OTHER},       {"--header", OPTION_OTHER},
    {"-s", OPTION_OTHER},       {"--script", OPTION_OTHER},
};

static void set_option(Option option, const Word *value, WbWrkCommand *out)
{
    switch (option) {
    case OPTION_THREADS:
        set_count(value, &out->threads);
        break;
    case OPTION_CONNECTIONS:
        set_count(value, &out->connections);
        break;
    case OPTION_DURATION:
        set_time(value, &out->duration_ns);
        break;
    case OPTION_TIMEOUT:
        set_time(value, &out->timeout_ns);
        break;
    case OPTION_RATE:
        set_rate(value, &out->rate_per_s);
        break;
    case OPTION_OTHER:
        break;
    }
}

/* Whether `word` is an option that takes a value: in the word itself ("-t4", "--threads=4"), or
 * the next one. */
static bool read_option(const char **text, Word word, WbWrkCommand *out)
{
    size_t len = (size_t)(word.end - word.begin);

    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        const char *name = options[i].name;
        size_t name_len = strlen(name);
        bool is_long = name[1] == '-';

        if (len < name_len || memcmp(word.begin, name, name_len) != 0)
            continue;
        if (len == name_len) {
            if (next_word(text, &word))
                set_option(options[i].option, &word, out);
            return true;
        }
        if (is_long && word.begin[name_len] != '=')
            continue;
        word.begin += name_len + is_long;
        set_option(options[i].option, &word, out);
        return true;
    }
    return false;
}

void wb_wrk_command_parse(const char *text, WbWrkCommand *out)
{
    Word word;

    *out = (WbWrkCommand){WB_NONE, WB_NONE, WB_NONE, WB_NONE, NAN, NULL, NULL};
    while (next_word(&text, &word)) {
        size_t len = (size_t)(word.end - word.begin);

        if (len > 1 && word.begin[0] == '-' && read_option(&text, word, out))
            continue;
        if (!out->url && len > 3 && g_strstr_len(word.begin, (gssize)len, "://")) {
            out->url = word.begin;
            out->url_end = word.end;
        }
    }
}
