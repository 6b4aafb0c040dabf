/*
 * Long CSV: a header row, then a run or a published figure a row.
 *
 * A column is a field of run_facts (its name, or `value` for requests_per_s, `min` and `max` for
 * window_min and window_max), one of `state`, `split`, `because`, or else a label. The fields that
 * the database makes (run_id, campaign, findings) are passed over, so that an export can be read
 * back. A blank cell is no value: the field is missing, the label absent.
 *
 * What a row is: one with a value that only a run can have (run_no, status, requests, bytes, an
 * error count, elapsed_ns, a latency, ...) is a run. One with only a rate or a range
 * (requests_per_s, window_min, window_max) is a published figure, whose number of runs is unknown;
 * a setting in such a row (tool, threads, connections, ...: see settings) is kept as a label,
 * since a published figure has no place for it. A published figure may be a state instead of a
 * number: `errors`, `n/a`, or blank, in a column `state` or in the figure's own cell (for a range,
 * in both cells).
 *
 * A bad cell fails the whole text, so that it can be mended and imported again as one.
 */
#include <string.h>

#include "runner/import/csv_reader.h"
#include "runner/import/field_value.h"
#include "runner/import/parser.h"

#define TEN_SECONDS_NS INT64_C(10000000000)

typedef enum {
    COLUMN_LABEL,
    COLUMN_FIELD,
    COLUMN_SETTING,
    COLUMN_FIGURE, /* a field that a published figure has, too: may hold a state */
    COLUMN_STATE,
    COLUMN_SPLIT,
    COLUMN_BECAUSE,
    COLUMN_IGNORED,
} ColumnKind;

typedef struct {
    ColumnKind kind;
    char *name; /* as in the header */
    const WbField *field;
} Column;

/* One row on its way. */
typedef struct {
    WbRun run;
    WbPublished published;
    WbLabels *labels;
    bool is_run; /* a field has a value that a published figure cannot hold */
    bool has_figure;
    bool has_state; /* said by a cell or by the column `state` */
    WbState state;
    const Column *state_column; /* where it was said */
} Row;

typedef struct {
    WbCsvReader reader;
    GArray *columns; /* of Column */
    const WbSink *sink;
} Parse;

static const struct {
    const char *name;
    ColumnKind kind;
    const char *field; /* for an alias */
} known_columns[] = {
    {"value", COLUMN_FIGURE, "requests_per_s"},
    {"requests_per_s", COLUMN_FIGURE, "requests_per_s"},
    {"min", COLUMN_FIGURE, "window_min"},
    {"window_min", COLUMN_FIGURE, "window_min"},
    {"max", COLUMN_FIGURE, "window_max"},
    {"window_max", COLUMN_FIGURE, "window_max"},
    {"state", COLUMN_STATE, NULL},
    {"split", COLUMN_SPLIT, NULL},
    {"because", COLUMN_BECAUSE, NULL},
};

/* Fields that say how was loaded, not what was measured: they do not make a row a run. */
static const char *const settings[] = {
    "tool",       "tool_version",      "command",    "url",        "threads", "connections",
    "rate_per_s", "asked_duration_ns", "timeout_ns", "started_at", "io",      "window_ns",
};

static void clear_column(void *data)
{
    g_free(((Column *)data)->name);
}

static const Column *column_at(const Parse *parse, size_t i)
{
    return &g_array_index(parse->columns, Column, i);
}

static bool fail(const Parse *parse, const char *column, const char *what, GError **error)
{
    g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                "%" G_GINT64_FORMAT ": column '%s': %s", parse->reader.line, column, what);
    return false;
}

/* ---- header ------------------------------------------------------------------------------- */

static bool is_setting(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
        if (strcmp(settings[i], name) == 0)
            return true;
    return false;
}

static Column column_of(const char *name)
{
    Column column = {COLUMN_LABEL, NULL, wb_field_find_settable(name)};

    if (column.field)
        column.kind = is_setting(name) ? COLUMN_SETTING : COLUMN_FIELD;
    else if (wb_run_field_find(name))
        column.kind = COLUMN_IGNORED;
    for (size_t i = 0; i < G_N_ELEMENTS(known_columns); i++)
        if (strcmp(known_columns[i].name, name) == 0) {
            column.kind = known_columns[i].kind;
            if (known_columns[i].field)
                column.field = wb_run_field_find(known_columns[i].field);
        }
    return column;
}

static bool check_column(const Parse *parse, const Column *column, GError **error)
{
    g_autoptr(GError) why = NULL;

    if (!*column->name)
        return fail(parse, "", "has no name; name it in the first row or remove it", error);
    if (column->kind == COLUMN_LABEL && !wb_labels_check_key(column->name, &why))
        return fail(parse, column->name, why->message, error);
    for (size_t i = 0; i < parse->columns->len; i++) {
        const Column *other = column_at(parse, i);

        if (strcmp(other->name, column->name) == 0 ||
            (column->field && other->field == column->field))
            return fail(parse, column->name, "stands there twice; remove one", error);
    }
    return true;
}

static bool read_header(Parse *parse, GError **error)
{
    bool has_row;
    bool has_field = false;

    if (!wb_csv_reader_next(&parse->reader, &has_row, error))
        return false;
    for (size_t i = 0; has_row && i < wb_csv_reader_count(&parse->reader); i++) {
        Column column = column_of(wb_csv_reader_cell(&parse->reader, i));

        column.name = g_strdup(wb_csv_reader_cell(&parse->reader, i));
        if (!check_column(parse, &column, error)) {
            clear_column(&column);
            return false;
        }
        has_field |= column.kind == COLUMN_FIELD || column.kind == COLUMN_FIGURE ||
                     column.kind == COLUMN_STATE;
        g_array_append_val(parse->columns, column);
    }
    if (has_field)
        return true;
    g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                "%" G_GINT64_FORMAT
                ": no column holds a figure; name one requests_per_s (or value), "
                "window_min and window_max (or min and max), or as a field of run_facts",
                parse->reader.line);
    return false;
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool set_state(const Parse *parse, Row *row, const Column *column, WbState state,
                      GError **error)
{
    if (row->has_state && row->state != state)
        return fail(parse, column->name, "says another state than the cell before it", error);
    row->has_state = true;
    row->state = state;
    row->state_column = column;
    return true;
}

static bool set_field(const Parse *parse, Row *row, const Column *column, const char *cell,
                      GError **error)
{
    g_autoptr(GError) why = NULL;

    if (wb_field_set_text(&row->run, column->field, cell, &why))
        return true;
    return fail(parse, column->name, why->message, error);
}

/* A cell of a headline figure: a number, or the state that stands instead of one. */
static bool read_figure(const Parse *parse, Row *row, const Column *column, const char *cell,
                        GError **error)
{
    WbState state;

    if (wb_state_parse(cell, &state) && state != WB_STATE_OK)
        return set_state(parse, row, column, state, error);
    row->has_figure = true;
    return set_field(parse, row, column, cell, error);
}

static bool read_state(const Parse *parse, Row *row, const Column *column, const char *cell,
                       GError **error)
{
    WbState state;

    if (!wb_state_parse(cell, &state))
        return fail(parse, column->name, "is ok, errors, n/a or blank", error);
    return state == WB_STATE_OK || set_state(parse, row, column, state, error);
}

static bool read_label(const Parse *parse, Row *row, const Column *column, const char *cell,
                       GError **error)
{
    if (strlen(cell) > 1000)
        return fail(parse, column->name, "a label has at most 1000 bytes", error);
    wb_labels_set(row->labels, column->name, cell);
    return true;
}

static bool read_split(const Parse *parse, Row *row, const Column *column, const char *cell,
                       GError **error)
{
    row->published.split = wb_field_parse_split(cell);
    return row->published.split || fail(parse, column->name, "is errors or 'no errors'", error);
}

static bool read_cell(const Parse *parse, Row *row, const Column *column, const char *cell,
                      GError **error)
{
    if (!*cell)
        return true;
    if (!g_utf8_validate(cell, -1, NULL))
        return fail(parse, column->name, "is no UTF-8 text; convert the file with iconv", error);
    switch (column->kind) {
    case COLUMN_LABEL:
        return read_label(parse, row, column, cell, error);
    case COLUMN_FIELD:
        row->is_run = true;
        return set_field(parse, row, column, cell, error);
    case COLUMN_SETTING:
        return set_field(parse, row, column, cell, error);
    case COLUMN_FIGURE:
        return read_figure(parse, row, column, cell, error);
    case COLUMN_STATE:
        return read_state(parse, row, column, cell, error);
    case COLUMN_SPLIT:
        return read_split(parse, row, column, cell, error);
    case COLUMN_BECAUSE:
        row->published.because = cell;
        return true;
    default:
        return true;
    }
}

/* The state that stands against a number or a run, if any. */
static bool check_row(const Parse *parse, const Row *row, GError **error)
{
    const WbRun *run = &row->run;

    if (row->has_state && (row->has_figure || row->is_run))
        return fail(parse, row->state_column->name,
                    row->is_run ? "a state stands in a row of a run; leave the cell blank"
                                : "a state stands beside a figure; keep one of them",
                    error);
    if (isnan(run->window_min) != isnan(run->window_max))
        return fail(parse, isnan(run->window_min) ? "window_min" : "window_max",
                    "is missing; a range has both ends", error);
    if (!isnan(run->window_min) && run->window_min > run->window_max)
        return fail(parse, "window_max", "is below window_min", error);
    return true;
}

static void keep_settings(const Parse *parse, Row *row)
{
    for (size_t i = 0; i < parse->columns->len; i++) {
        const Column *column = column_at(parse, i);
        const char *cell = wb_csv_reader_cell(&parse->reader, i);

        if (column->kind == COLUMN_SETTING && *cell && strcmp(column->name, "window_ns") != 0)
            wb_labels_set(row->labels, column->name, cell);
    }
}

static bool emit_published(const Parse *parse, Row *row, GError **error)
{
    WbPublished *published = &row->published;

    keep_settings(parse, row);
    published->state = row->has_figure ? WB_STATE_OK : row->has_state ? row->state : WB_STATE_BLANK;
    published->requests_per_s = row->run.requests_per_s;
    published->requests_per_s_half = row->run.requests_per_s_half;
    published->window_min = row->run.window_min;
    published->window_max = row->run.window_max;
    published->window_ns = row->run.window_ns;
    published->log_line = parse->reader.line;
    return parse->sink->published(parse->sink->user_data, published, row->labels, error);
}

static bool emit_run(const Parse *parse, Row *row, GError **error)
{
    WbRun *run = &row->run;

    if (!run->status)
        run->status = "complete";
    if (isnan(run->requests_per_s) && run->requests != WB_NONE && run->elapsed_ns > 0)
        run->requests_per_s = (double)run->requests / ((double)run->elapsed_ns / 1e9);
    run->log_line = parse->reader.line;
    return parse->sink->run(parse->sink->user_data, run, row->labels, error);
}

static bool read_cells(const Parse *parse, Row *row, GError **error)
{
    size_t n = wb_csv_reader_count(&parse->reader);

    if (n != parse->columns->len) {
        g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                    "%" G_GINT64_FORMAT
                    ": the row has %zu cells, the first row %u; put a cell that "
                    "holds a comma in quotes",
                    parse->reader.line, n, parse->columns->len);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!read_cell(parse, row, column_at(parse, i), wb_csv_reader_cell(&parse->reader, i),
                       error))
            return false;
    return check_row(parse, row, error);
}

static bool read_row(const Parse *parse, GError **error)
{
    g_autoptr(WbLabels) labels = wb_labels_new();
    Row row = {.labels = labels};

    wb_run_init(&row.run);
    wb_published_init(&row.published);
    if (!read_cells(parse, &row, error))
        return false;
    if (!isnan(row.run.window_min) && row.run.window_ns == WB_NONE)
        row.run.window_ns = TEN_SECONDS_NS;
    return row.is_run ? emit_run(parse, &row, error) : emit_published(parse, &row, error);
}

static bool read_rows(Parse *parse, GError **error)
{
    for (;;) {
        bool has_row;

        if (!wb_csv_reader_next(&parse->reader, &has_row, error))
            return false;
        if (!has_row)
            return true;
        if (!read_row(parse, error))
            return false;
    }
}

static bool parse_csv(const char *bytes, size_t len, const WbSink *sink, GError **error)
{
    Parse parse = {.columns = g_array_new(FALSE, FALSE, sizeof(Column)), .sink = sink};
    bool ok;

    g_array_set_clear_func(parse.columns, clear_column);
    wb_csv_reader_init(&parse.reader, bytes, len);
    ok = read_header(&parse, error) && read_rows(&parse, error);
    wb_csv_reader_clear(&parse.reader);
    g_array_unref(parse.columns);
    return ok;
}

/* A first row of two or more cells of which one names a figure. */
static bool looks_like_csv(const char *bytes, size_t len)
{
    const char *line_end = len ? memchr(bytes, '\n', len) : NULL;
    WbCsvReader reader;
    bool has_row = false;
    bool has_figure = false;

    wb_csv_reader_init(&reader, bytes, line_end ? (size_t)(line_end - bytes) : len);
    if (wb_csv_reader_next(&reader, &has_row, NULL) && has_row && wb_csv_reader_count(&reader) > 1)
        for (size_t i = 0; i < wb_csv_reader_count(&reader); i++) {
            Column column = column_of(wb_csv_reader_cell(&reader, i));

            has_figure |= column.kind == COLUMN_FIELD || column.kind == COLUMN_FIGURE ||
                          column.kind == COLUMN_STATE;
        }
    wb_csv_reader_clear(&reader);
    return has_figure;
}

const WbParser wb_parser_csv = {
    .name = "csv",
    .what = "a table with a run or a published figure a row",
    .can_refuse = true,
    .looks_like = looks_like_csv,
    .parse = parse_csv,
};
