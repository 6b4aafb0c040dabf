/*
 * Calc: reads the sample file and hands its columns to the kind. The file is read whole: samples
 * are small, and the largest kind sorts them anyway.
 */
#include "analyze/calc.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/csv_rows.h"

G_DEFINE_QUARK(wb_calc_error, wb_calc_error)

static const WbCalcKind *const kinds[] = {
    &wb_calc_sample,  &wb_calc_compare, &wb_calc_paired,  &wb_calc_rank,
    &wb_calc_two_way, &wb_calc_errors,  &wb_calc_windows, &wb_calc_steady,
    &wb_calc_drift,   &wb_calc_hist,    &wb_calc_starts,
};

/* What every kind takes and none can change: the values that STATISTICS gives them. */
static const struct {
    const char *name;
    double value;
} fixed[] = {{"alpha", 0.05}, {"conf", 0.95}, {"bootstrap_seed", 20180605}, {"bootstrap_b", 10000}};

const WbCalcKind *const *wb_calc_kinds(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(kinds);
    return kinds;
}

/* ---- --set -------------------------------------------------------------------------------- */

static bool read_number(const char *text, double *out)
{
    char *end;

    errno = 0;
    *out = g_ascii_strtod(text, &end);
    return *text && !g_ascii_isspace(*text) && *end == '\0' && isfinite(*out);
}

bool wb_calc_number(const WbCalcInput *input, const char *name, double otherwise, double least,
                    double most, double *out, GError **error)
{
    const char *text = wb_calc_word(input, name);
    double value = otherwise;

    if (text && (!read_number(text, &value) || value < least || value > most)) {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                    "--set %s: '%s' is not a number from %g to %g", name, text, least, most);
        return false;
    }
    *out = value;
    return true;
}

const char *wb_calc_word(const WbCalcInput *input, const char *name)
{
    return g_hash_table_lookup(input->set, name);
}

bool wb_calc_direction(const WbCalcInput *input, bool *out_lower_is_better, GError **error)
{
    const char *better = wb_calc_word(input, "better");

    if (better && strcmp(better, "lower") != 0 && strcmp(better, "higher") != 0) {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                    "--set better: takes lower or higher, not '%s'", better);
        return false;
    }
    *out_lower_is_better = better && !strcmp(better, "lower");
    return true;
}

static bool check_fixed(const WbCalcInput *input, const char *name, bool *out_is_fixed,
                        GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
        *out_is_fixed = !strcmp(fixed[i].name, name);
        if (*out_is_fixed) {
            double ignored;

            return wb_calc_number(input, name, 0, fixed[i].value, fixed[i].value, &ignored, error);
        }
    }
    return true;
}

static bool read_set(const WbCalcKind *kind, char **set, WbCalcInput *input, GError **error)
{
    for (; set && *set; set++) {
        const char *equals = strchr(*set, '=');
        char *name = equals ? g_strndup(*set, (gsize)(equals - *set)) : g_strdup(*set);
        g_autofree char *known = NULL;
        bool is_fixed = false;

        g_hash_table_insert(input->set, name, g_strdup(equals ? equals + 1 : ""));
        if (equals && !check_fixed(input, name, &is_fixed, error))
            return false;
        if (equals && (is_fixed || g_strv_contains(kind->set, name)))
            continue;
        known = g_strjoinv(", ", (char **)(void *)kind->set);
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE,
                    "--set %s: %s takes NAME=VALUE with these names: %s", *set, kind->name,
                    *known ? known : "none");
        return false;
    }
    return true;
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool fill_cell(const WbCsvRows *csv, const WbCalcColumn *column, size_t row,
                      const char *text, double *number, GError **error)
{
    *number = NAN;
    if ((column->is_optional && !*text) || read_number(text, number))
        return true;
    g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                "%s:%" G_GSIZE_FORMAT ": '%.40s' in column '%s' is not a number", csv->path,
                wb_csv_rows_line(csv, row), text, column->name);
    return false;
}

static bool fill_column(const WbCsvRows *csv, const WbCalcColumn *column, size_t number,
                        WbCalcInput *input, GError **error)
{
    int at = wb_csv_rows_column(csv, column->name);

    if (at < 0 && column->is_optional)
        return true;
    if (at < 0) {
        g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_FILE,
                    "%s:1: no column '%s' in the header row", csv->path, column->name);
        return false;
    }
    if (column->is_number)
        input->numbers[number] = g_new(double, input->rows + 1);
    else
        input->texts[number] = g_new(char *, input->rows + 1);
    for (size_t row = 0; row < input->rows; row++) {
        char *text = wb_csv_rows_cell(csv, row, (size_t)at);

        if (!column->is_number)
            input->texts[number][row] = text;
        else if (!fill_cell(csv, column, row, text, &input->numbers[number][row], error))
            return false;
    }
    return true;
}

static void clear_input(WbCalcInput *input)
{
    for (size_t i = 0; i < WB_CALC_COLUMNS_MOST; i++) {
        g_free(input->numbers[i]);
        g_free(input->texts[i]);
    }
    g_clear_pointer(&input->set, g_hash_table_unref);
}

static const WbCalcKind *find_kind(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!strcmp(kinds[i]->name, name))
            return kinds[i];
        g_string_append_printf(known, "%s%s", i ? ", " : "", kinds[i]->name);
    }
    g_set_error(error, WB_CALC_ERROR, WB_CALC_ERROR_USE, "no kind '%s'; there are %s", name,
                known->str);
    return NULL;
}

static bool fill(const WbCalcKind *kind, const WbCsvRows *csv, char **set, WbCalcInput *input,
                 GError **error)
{
    input->rows = wb_csv_rows_count(csv);
    for (size_t i = 0; kind->columns[i].name; i++)
        if (!fill_column(csv, &kind->columns[i], i, input, error))
            return false;
    return read_set(kind, set, input, error);
}

char *wb_calc(const char *kind_name, const char *path, char **set, GError **error)
{
    const WbCalcKind *kind = find_kind(kind_name, error);
    g_autoptr(WbCsvRows) csv = kind ? wb_csv_rows_read(path, error) : NULL;
    g_autoptr(WbDocument) document = NULL;
    WbCalcInput input = {0};
    bool ok;

    if (!csv)
        return NULL;
    input.set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    document = wb_document_new();
    ok = fill(kind, csv, set, &input, error) && kind->calc(&input, document, error);
    clear_input(&input);
    return ok ? wb_document_finish(g_steal_pointer(&document)) : NULL;
}

/* ---- groups ------------------------------------------------------------------------------- */

static void free_group(void *data)
{
    WbCalcGroup *group = data;

    g_array_unref(group->rows);
    g_free(group);
}

GPtrArray *wb_calc_groups(const WbCalcInput *input, size_t column)
{
    GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t row = 0; row < input->rows; row++) {
        const char *name = input->texts[column][row];
        WbCalcGroup *group = g_hash_table_lookup(by_name, name);

        if (!group) {
            group = g_new(WbCalcGroup, 1);
            *group = (WbCalcGroup){name, g_array_new(FALSE, FALSE, sizeof(size_t))};
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_name, (void *)name, group);
        }
        g_array_append_val(group->rows, row);
    }
    return groups;
}

double *wb_calc_values(const WbCalcInput *input, size_t column, const WbCalcGroup *group)
{
    double *values = g_new(double, group->rows->len + 1);

    for (guint i = 0; i < group->rows->len; i++)
        values[i] = input->numbers[column][g_array_index(group->rows, size_t, i)];
    return values;
}
