/*
 * Reads wrk's (and wrk2's) text output wherever it stands: alone, many runs in a file, between
 * prompts and prose, quoted, fenced, behind a container's name. The grammar is FORMATS.md.
 *
 * A block begins at `Running ... test @ URL` or `Making N requests to URL`; where those lines are
 * missing, at the heading `Thread Stats Avg Stdev Max`. It ends at `Transfer/sec:`; cut short, at
 * the next begin, the next command line, the end of its fence or the end of the text. Inside it
 * the first line of each kind counts, after it stray lines are ignored, so a quoted excerpt is
 * not counted again. A block that another program printed is refused, as a whole, with the
 * reason; so is a header without figures.
 *
 * Two blocks side by side, parted by one `|`, are read as two. More columns, or columns parted by
 * blanks, are refused: which cell belongs to which run is then a guess.
 *
 * Lines are cut out of the text in place. Only a line with escape sequences is copied, into a
 * buffer of fixed size. A text that comes in pieces leaves at the end of each, copied, the begins
 * of the lines that an open block may have to name later.
 */
#include <string.h>

#include "runner/import/parser.h"
#include "runner/import/wrk_block.h"
#include "runner/import/wrk_heading.h"

#define PLAIN_LINE_MAX 4096 /* of a line with escape sequences, what is kept */
#define COMMAND_MAX    4096
#define UNREAD_MAX     20 /* lines of one block that are named one by one */
#define UNREAD_TEXT    500
#define THREADS_TEXT   500 /* of a line outside of a block, what is kept */

/* A line of the text: its number, where it lies, and what is to be read of it: the same bytes, or
 * a copy without escape sequences that lasts until the next line. */
typedef struct {
    int64_t number;
    const char *raw;
    const char *raw_end;
    const char *begin;
    const char *end;
} Line;

typedef struct {
    Line line;
    const char *reason; /* static */
} Unread;

/* A block that is open, with the lines in it that no rule knows. */
typedef struct {
    WbWrkBlock block;
    bool is_open;
    bool is_own_command;
    Line first;
    Unread unread[UNREAD_MAX];
    size_t unread_n;
    int64_t unread_more;
    char (*kept)[UNREAD_TEXT]; /* [UNREAD_MAX + 1] of `first` and `unread` between two pieces; or
                                  NULL */
} Place;

typedef struct {
    const WbSink *sink;
    GError **error;
    Place places[2]; /* the second only for two columns */
    bool in_columns;
    bool is_last_cut; /* the line at hand ends with the text, without a line end */
    GString *command; /* the last one above; empty: none */
    bool is_command_used;
    bool command_goes_on; /* it ended in a backslash */
    WbLabels *labels;     /* of the heading above the next block, or the open one; NULL: none */
    bool is_below_rule;   /* the line before is one of dashes: a heading may follow */
    struct {
        int64_t line; /* a line "T threads and C connections" outside of a block */
        WbWrkLine scanned;
        char text[THREADS_TEXT]; /* what `scanned` points into */
    } threads;
    int64_t line_number; /* of the last line */
} Parse;

/* ---- lines -------------------------------------------------------------------------------- */

/* Copies a line without its escape sequences (ECMA-48: CSI, OSC, and two-byte ones). */
static size_t strip_escapes(const char *p, const char *end, char *out, size_t size)
{
    size_t n = 0;

    while (p < end && n < size) {
        if (*p != '\033') {
            out[n++] = *p++;
            continue;
        }
        p++;
        if (p < end && *p == '[') {
            for (p++; p < end && !(*p >= '@' && *p <= '~'); p++)
                ;
        } else if (p < end && *p == ']') {
            while (p < end && *p != '\a' && *p != '\033')
                p++;
        }
        if (p < end)
            p++;
    }
    return n;
}

static bool report(Parse *parse, const Line *line, const char *reason)
{
    size_t len = (size_t)(line->raw_end - line->raw);
    g_autofree char *text = g_utf8_make_valid(line->raw, (gssize)MIN(len, UNREAD_TEXT));
    const WbUnreadLine unread = {line->number, text, reason};

    return parse->sink->unread(parse->sink->user_data, &unread, parse->error);
}

/* ---- blocks ------------------------------------------------------------------------------- */

static bool report_unread(Parse *parse, Place *place)
{
    for (size_t i = 0; i < place->unread_n; i++)
        if (!report(parse, &place->unread[i].line, place->unread[i].reason))
            return false;
    if (place->unread_more > 0) {
        g_autofree char *reason = g_strdup_printf(
            "%" G_GINT64_FORMAT " further lines of this run are none of wrk's", place->unread_more);

        return report(parse, &place->first, reason);
    }
    return true;
}

/* Ends the open block: a run, or a refusal. */
static bool close_place(Parse *parse, Place *place)
{
    const char *refused;
    const char *command = parse->command->len ? parse->command->str : NULL;
    const WbRun *run;

    if (!place->is_open)
        return true;
    place->is_open = false;
    run = wb_wrk_block_finish(&place->block, command, place->is_own_command, &refused);
    if (!run)
        return report(parse, &place->first, refused);
    return parse->sink->run(parse->sink->user_data, run, parse->labels, parse->error) &&
           report_unread(parse, place);
}

static bool close_all(Parse *parse)
{
    bool was_open = parse->places[0].is_open;
    bool done;

    parse->in_columns = false;
    done = close_place(parse, &parse->places[0]) && close_place(parse, &parse->places[1]);
    if (was_open)
        g_clear_pointer(&parse->labels, wb_labels_free);
    return done;
}

static void open_place(Parse *parse, Place *place, const Line *line)
{
    wb_wrk_block_open(&place->block, line->number);
    place->is_open = true;
    place->is_own_command = !parse->is_command_used;
    place->first = *line;
    place->unread_n = 0;
    place->unread_more = 0;
    parse->is_command_used = true;
}

static void keep_unread(Place *place, const Line *line, const char *reason)
{
    if (place->unread_n < UNREAD_MAX)
        place->unread[place->unread_n++] = (Unread){*line, reason};
    else
        place->unread_more++;
}

/* Whether a line at the end of the text, without a line end, may have lost figures. */
static bool is_cut(const Parse *parse, const WbWrkLine *scanned)
{
    return parse->is_last_cut && !scanned->is_whole && scanned->kind > WB_WRK_STATS;
}

static bool add_to_place(Parse *parse, Place *place, const Line *line, WbWrkLine *scanned)
{
    if (!place->is_open)
        return true;
    if (is_cut(parse, scanned)) {
        if (scanned->kind != WB_WRK_TRANSFER) {
            keep_unread(place, line, "the text ends within this line");
            return true;
        }
        *scanned = (WbWrkLine){.kind = WB_WRK_TRANSFER, .bytes = {WB_NONE, 0}};
    }
    if (wb_wrk_block_add(&place->block, scanned)) {
        if (scanned->kind == WB_WRK_SPECTRUM)
            wb_wrk_block_add_spectrum(&place->block, line->begin, line->end);
    } else if (scanned->kind != WB_WRK_BLANK &&
               !wb_wrk_block_add_spectrum(&place->block, line->begin, line->end)) {
        keep_unread(place, line, "no line of wrk's");
    }
    /* Below a heading's block, its time may follow. */
    return scanned->kind == WB_WRK_TRANSFER && !parse->labels ? close_place(parse, place) : true;
}

/* ---- columns ------------------------------------------------------------------------------ */

/* How many blocks begin on the rest of a line that begins one. */
static int count_further_begins(const WbWrkLine *begin, const char *line_end)
{
    WbWrkLine next = *begin;
    int n = 0;

    /* Three are as bad as thirty, and the bound keeps this linear. */
    while (n < 2) {
        WbWrkLineKind kind = begin->kind;

        wb_wrk_line_scan(next.end, line_end, &next);
        if (next.kind != kind)
            break;
        n++;
    }
    return n;
}

static bool add_columns(Parse *parse, const Line *line)
{
    const char *bar = memchr(line->begin, '|', (size_t)(line->end - line->begin));
    Line halves[2] = {*line, *line};

    halves[0].end = bar ? bar : line->end;
    halves[1].begin = bar ? bar + 1 : line->end;
    for (int i = 0; i < 2; i++) {
        WbWrkLine scanned;

        wb_wrk_line_scan(halves[i].begin, halves[i].end, &scanned);
        if (!add_to_place(parse, &parse->places[i], &halves[i], &scanned))
            return false;
    }
    parse->in_columns = parse->places[0].is_open || parse->places[1].is_open;
    return true;
}

static bool begin_block(Parse *parse, const Line *line, WbWrkLine *scanned)
{
    int further = count_further_begins(scanned, line->end);

    if (!close_all(parse))
        return false;
    open_place(parse, &parse->places[0], line);
    if (further == 1 && memchr(scanned->end, '|', (size_t)(line->end - scanned->end))) {
        open_place(parse, &parse->places[1], line);
        parse->places[1].is_own_command = parse->places[0].is_own_command;
        parse->in_columns = true;
        return add_columns(parse, line);
    }
    if (further > 0)
        scanned->foreign = "several runs side by side: give each run lines of its own";
    return add_to_place(parse, &parse->places[0], line, scanned);
}

/* ---- command lines ------------------------------------------------------------------------ */

static void append_command(Parse *parse, const char *begin, const char *end)
{
    while (end > begin && g_ascii_isspace(end[-1]))
        end--;
    parse->command_goes_on = end > begin && end[-1] == '\\';
    if (parse->command_goes_on)
        end--;
    if (parse->command->len > 0)
        g_string_append_c(parse->command, ' ');
    g_string_append_len(parse->command, begin, (gssize)MIN(end - begin, COMMAND_MAX));
}

static bool on_command(Parse *parse, const Line *line, const char *at)
{
    const char *end = line->end;

    if (!close_all(parse))
        return false;
    if (at > line->begin && at[-1] == '`') { /* Markdown's code sign closes it */
        const char *close = memchr(at, '`', (size_t)(end - at));

        end = close ? close : end;
    }
    g_string_truncate(parse->command, 0);
    append_command(parse, at, end);
    parse->is_command_used = false;
    return true;
}

/* The line without what quotes it: blanks and the signs of Markdown and of comments. */
static const char *skip_quote(const Line *line)
{
    const char *p = line->begin;

    while (p < line->end && (*p == ' ' || *p == '\t' || *p == '>' || *p == '#'))
        p++;
    return p;
}

/* The second line of a command that ended in a backslash: options, a quoted word or a URL. */
static bool continues_command(const Parse *parse, const Line *line)
{
    const char *p = skip_quote(line);

    return parse->command_goes_on && line->end - p > 1 && parse->command->len < COMMAND_MAX / 2 &&
           (*p == '-' || *p == '"' || *p == '\'' || (line->end - p > 4 && !memcmp(p, "http", 4)));
}

/* ---- the text ----------------------------------------------------------------------------- */

/* The heading of the rows: begins a block only where no header did. */
static bool on_stats(Parse *parse, const Line *line, WbWrkLine *scanned)
{
    Place *place = &parse->places[0];

    if (!place->is_open || wb_wrk_block_has(&place->block, WB_WRK_STATS)) {
        if (!close_all(parse))
            return false;
        open_place(parse, place, line);
        if (count_further_begins(scanned, line->end) > 0)
            scanned->foreign = "several runs side by side: give each run lines of its own";
        if (parse->threads.line == line->number - 1)
            wb_wrk_block_add(&place->block, &parse->threads.scanned);
    }
    return add_to_place(parse, place, line, scanned);
}

/* A heading, or the time below the last block; true: the line is used up. */
static bool take_heading(Parse *parse, const Line *line, bool *out_done)
{
    bool is_below_rule = parse->is_below_rule;
    Place *place = &parse->places[0];
    char *started;
    WbLabels *labels;

    parse->is_below_rule = line->end - line->begin >= 20 && *line->begin == '-' &&
                           memcmp(line->begin, line->begin + 1, 18) == 0;
    *out_done = true;
    if (is_below_rule && (labels = wb_wrk_heading_labels(line->begin, line->end))) {
        *out_done = close_all(parse);
        g_clear_pointer(&parse->labels, wb_labels_free);
        parse->labels = labels;
        return true;
    }
    if (!place->is_open || !parse->labels ||
        !(started = wb_wrk_heading_started(line->begin, line->end)))
        return false;
    wb_wrk_block_set_started(&place->block, started);
    g_free(started);
    *out_done = close_all(parse);
    return true;
}

/* Whether the open block ended above this line: only Transfer/sec may follow Requests/sec (it may
 * be lost), and columns end where no line has two. */
static bool ends_before(const Parse *parse, const WbWrkLine *scanned)
{
    const Place *place = &parse->places[0];

    if (scanned->kind == WB_WRK_BLANK)
        return false;
    return parse->in_columns || (place->is_open && wb_wrk_block_has(&place->block, WB_WRK_RATE) &&
                                 scanned->kind != WB_WRK_TRANSFER);
}

static void keep_threads(Parse *parse, const Line *line)
{
    size_t len = MIN((size_t)(line->end - line->begin), sizeof parse->threads.text);

    memcpy(parse->threads.text, line->begin, len);
    wb_wrk_line_scan(parse->threads.text, parse->threads.text + len, &parse->threads.scanned);
    parse->threads.line = parse->threads.scanned.kind == WB_WRK_THREADS ? line->number : 0;
}

/* "5 connections": autocannon begins as wrk does, and has no threads; its own reader reads it. */
static bool is_autocannon(const Place *place, const Line *line)
{
    const char *p = memchr(line->begin, ' ', (size_t)(line->end - line->begin));

    return p && p > line->begin && g_ascii_isdigit(p[-1]) && line->end - p >= 12 &&
           memcmp(p, " connections", 12) == 0 && !wb_wrk_block_has(&place->block, WB_WRK_THREADS);
}

static bool on_line(Parse *parse, const Line *line)
{
    WbWrkLine scanned;
    Place *place = &parse->places[0];
    bool done;

    if (take_heading(parse, line, &done))
        return done;
    if (continues_command(parse, line)) {
        append_command(parse, skip_quote(line), line->end);
        return true;
    }
    parse->command_goes_on = false;
    if (parse->in_columns && memchr(line->begin, '|', (size_t)(line->end - line->begin)))
        return add_columns(parse, line);
    wb_wrk_line_scan(line->begin, line->end, &scanned);
    if (ends_before(parse, &scanned) && !close_all(parse))
        return false;
    switch (scanned.kind) {
    case WB_WRK_START:
    case WB_WRK_MAKING:
        return begin_block(parse, line, &scanned);
    case WB_WRK_STATS:
        return on_stats(parse, line, &scanned);
    case WB_WRK_COMMAND:
        return on_command(parse, line, scanned.at);
    case WB_WRK_FENCE:
        return close_all(parse);
    case WB_WRK_MESSAGE:
        return report(parse, line, "wrk stopped here: there is no run");
    case WB_WRK_THREADS:
        if (!place->is_open)
            keep_threads(parse, line);
        break;
    default:
        place->is_open = place->is_open && !is_autocannon(place, line);
        break;
    }
    return add_to_place(parse, place, line, &scanned);
}

static bool each_line(Parse *parse, const char *bytes, size_t len)
{
    const char *end = bytes + len;
    char plain[PLAIN_LINE_MAX];
    Line line = {0};

    for (const char *p = bytes; p < end;) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));

        parse->is_last_cut = !line_end;
        line.number = ++parse->line_number;
        line.raw = line.begin = p;
        line.raw_end = line.end = line_end ? line_end : end;
        if (memchr(p, '\033', (size_t)(line.end - p))) {
            line.begin = plain;
            line.end = plain + strip_escapes(p, line.raw_end, plain, sizeof plain);
        }
        p = line_end ? line_end + 1 : end;
        if (!on_line(parse, &line))
            return false;
    }
    return true;
}

/* ---- pieces --------------------------------------------------------------------------------- */

static void *begin_text(const WbSink *sink)
{
    Parse *parse = g_new0(Parse, 1);

    parse->sink = sink;
    parse->command = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parse->places); i++)
        wb_wrk_block_init(&parse->places[i].block);
    return parse;
}

static void end_text(void *state)
{
    Parse *parse = state;

    for (size_t i = 0; i < G_N_ELEMENTS(parse->places); i++) {
        wb_wrk_block_clear(&parse->places[i].block);
        g_free(parse->places[i].kept);
    }
    g_string_free(parse->command, TRUE);
    g_clear_pointer(&parse->labels, wb_labels_free);
    g_free(parse);
}

/* Moves what a report shows of a line into `to`, where it outlasts the piece. */
static void keep_line(Line *line, char *to)
{
    size_t len = MIN((size_t)(line->raw_end - line->raw), UNREAD_TEXT);

    memmove(to, line->raw, len);
    line->raw = line->begin = to;
    line->raw_end = line->end = to + len;
}

static void keep_lines(Place *place)
{
    if (!place->is_open)
        return;
    if (!place->kept)
        place->kept = g_malloc((UNREAD_MAX + 1) * sizeof *place->kept);
    keep_line(&place->first, place->kept[UNREAD_MAX]);
    for (size_t i = 0; i < place->unread_n; i++)
        keep_line(&place->unread[i].line, place->kept[i]);
}

static bool feed_text(void *state, const char *bytes, size_t len, bool is_last, GError **error)
{
    Parse *parse = state;

    parse->error = error;
    if (!each_line(parse, bytes, len))
        return false;
    if (is_last) {
        parse->is_last_cut = false;
        return close_all(parse);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(parse->places); i++)
        keep_lines(&parse->places[i]);
    return true;
}

static bool parse_text(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    void *state = begin_text(sink);
    bool ok = feed_text(state, bytes, len, true, error);

    end_text(state);
    return ok;
}

/* One of the two lines that begin a block. */
static bool looks_like_wrk(const char *bytes, size_t len)
{
    static const char *const words[] = {"Thread Stats", " test @ ", "Making "};

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (len > 0 && memmem(bytes, len, words[i], strlen(words[i])))
            return true;
    return false;
}

const WbParser wb_parser_wrk = {
    .name = "wrk",
    .what = "the text output of wrk and wrk2",
    .is_log = true,
    .looks_like = looks_like_wrk,
    .parse = parse_text,
    .begin = begin_text,
    .feed = feed_text,
    .end = end_text,
};
