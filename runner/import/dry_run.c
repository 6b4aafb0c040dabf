/*
 * Columns are as wide as what stands in them so far; rows are kept until there are some hundred, so
 * that memory does not grow with the input. Later rows may make a column wider.
 */
#include "runner/import/dry_run.h"

#include <stdio.h>

#include "runner/import/printable.h"

#define ROWS_KEPT   500
#define VALUE_CHARS 60

enum {
    COLUMN_PLACE,
    COLUMN_LABELS,
    COLUMN_WHAT,
    COLUMN_REQUESTS,
    COLUMN_RATE,
    COLUMN_ERRORS,
    COLUMN_STARTED,
    COLUMNS
};

static const struct {
    const char *title;
    bool is_number;
} columns[COLUMNS] = {
    [COLUMN_PLACE] = {"place", false},     [COLUMN_LABELS] = {"labels", false},
    [COLUMN_WHAT] = {"what", false},       [COLUMN_REQUESTS] = {"requests", true},
    [COLUMN_RATE] = {"requests/s", true},  [COLUMN_ERRORS] = {"errors", true},
    [COLUMN_STARTED] = {"started", false},
};

struct WbDryRun {
    GPtrArray *cells; /* of char *, a row after another */
    int widths[COLUMNS];
    bool has_row;
};

static void add_cell(WbDryRun *dry_run, int column, char *text)
{
    int width = (int)g_utf8_strlen(text, -1);

    dry_run->widths[column] = MAX(dry_run->widths[column], width);
    g_ptr_array_add(dry_run->cells, text);
}

static void print_rows(WbDryRun *dry_run)
{
    for (guint i = 0; i < dry_run->cells->len; i++) {
        const char *text = dry_run->cells->pdata[i];
        int column = (int)(i % COLUMNS);
        int blanks = dry_run->widths[column] - (int)g_utf8_strlen(text, -1);

        if (column == COLUMNS - 1)
            printf("%s\n", text);
        else if (columns[column].is_number)
            printf("%*s%s  ", blanks, "", text);
        else
            printf("%s%*s  ", text, blanks, "");
    }
    g_ptr_array_set_size(dry_run->cells, 0);
}

WbDryRun *wb_dry_run_new(void)
{
    WbDryRun *dry_run = g_new0(WbDryRun, 1);

    dry_run->cells = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < COLUMNS; i++)
        add_cell(dry_run, i, g_strdup(columns[i].title));
    return dry_run;
}

void wb_dry_run_free(WbDryRun *dry_run)
{
    if (!dry_run)
        return;
    if (dry_run->has_row)
        print_rows(dry_run);
    g_ptr_array_unref(dry_run->cells);
    g_free(dry_run);
}

static char *labels_text(const WbLabels *labels)
{
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < wb_labels_count(labels); i++) {
        g_autofree char *value = wb_printable(wb_labels_at(labels, i)->value, VALUE_CHARS);

        g_string_append_printf(text, "%s%s=%s", i ? " " : "", wb_labels_at(labels, i)->key, value);
    }
    return g_string_free(text, text->len == 0) ?: g_strdup("-");
}

static char *count_text(int64_t count)
{
    return count == WB_NONE ? g_strdup("-") : g_strdup_printf("%" G_GINT64_FORMAT, count);
}

static char *rate_text(double rate)
{
    char text[40];

    return g_strdup(isnan(rate) ? "-" : g_ascii_formatd(text, sizeof text, "%.2f", rate));
}

/* All socket errors and timeouts; WB_NONE: the log tells of none of them. */
static int64_t errors_of(const WbRun *run)
{
    const int64_t errors[] = {run->errors_connect, run->errors_read, run->errors_write,
                              run->errors_timeout};
    int64_t sum = WB_NONE;

    for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
        if (errors[i] != WB_NONE)
            sum = (sum == WB_NONE ? 0 : sum) + errors[i];
    return sum;
}

static void add_run(WbDryRun *dry_run, const WbRun *run)
{
    g_autofree char *tool = wb_printable(run->tool ? run->tool : "unknown tool", VALUE_CHARS);

    add_cell(dry_run, COLUMN_WHAT,
             g_str_equal(run->status, "complete")
                 ? g_strdup_printf("run of %s", tool)
                 : g_strdup_printf("%s run of %s", run->status, tool));
    add_cell(dry_run, COLUMN_REQUESTS, count_text(run->requests));
    add_cell(dry_run, COLUMN_RATE, rate_text(run->requests_per_s));
    add_cell(dry_run, COLUMN_ERRORS, count_text(errors_of(run)));
    add_cell(dry_run, COLUMN_STARTED,
             run->started_at ? g_strdup_printf("%s (%s)", run->started_at, run->started_from)
                             : g_strdup("-"));
}

static void add_published(WbDryRun *dry_run, const WbPublished *published)
{
    add_cell(dry_run, COLUMN_WHAT,
             g_strdup_printf("published, %s", wb_state_name(published->state)));
    add_cell(dry_run, COLUMN_REQUESTS, g_strdup("-"));
    add_cell(dry_run, COLUMN_RATE,
             isnan(published->window_min)
                 ? rate_text(published->requests_per_s)
                 : g_strdup_printf("%.15g - %.15g", published->window_min, published->window_max));
    add_cell(dry_run, COLUMN_ERRORS, g_strdup("-"));
    add_cell(dry_run, COLUMN_STARTED, g_strdup("-"));
}

void wb_dry_run_add(WbDryRun *dry_run, const char *path, const WbRun *run,
                    const WbPublished *published, const WbLabels *labels)
{
    dry_run->has_row = true;
    add_cell(
        dry_run, COLUMN_PLACE,
        g_strdup_printf("%s:%" G_GINT64_FORMAT, path, run ? run->log_line : published->log_line));
    add_cell(dry_run, COLUMN_LABELS, labels_text(labels));
    if (run)
        add_run(dry_run, run);
    else
        add_published(dry_run, published);
    if (dry_run->cells->len >= ROWS_KEPT * COLUMNS)
        print_rows(dry_run);
}
