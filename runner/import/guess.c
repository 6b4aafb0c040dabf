/*
 * Paths are compared from the end of what all their folders have in common on. Those with the most
 * usual depth are taken apart, name by name: by the first separator at which all of a level's names
 * fall into equally many parts, the parts likewise, until a part is the same everywhere (it stands
 * for itself), or is a word or number of its own.
 *
 * Where names of a level fall into unequal numbers of parts, those of the most usual number
 * decide, if they are most of them.
 */
#include "runner/import/guess.h"

#include <string.h>

#include "runner/import/guess_names.h"
#include "runner/import/printable.h"

#define DEPTH_MAX    20
#define VALUES_SHOWN 6
#define VALUE_CHARS  40

static const char *const separators[] = {"__", "--", " ", "_", "-", ",", "+", "@", "."};

/* A template that grows. */
typedef struct {
    GString *text;
    GHashTable *names; /* that are used */
    int unknown;       /* parts that no name was found for */
    bool is_impossible;
} Guess;

typedef GPtrArray Column; /* of char *: one part of all paths; owned */

static Column *column_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

/* The distinct values, in their order. */
static Column *distinct(const Column *column)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Column *values = column_new();

    for (guint i = 0; i < column->len; i++)
        if (g_hash_table_add(seen, column->pdata[i]))
            g_ptr_array_add(values, g_strdup(column->pdata[i]));
    return values;
}

typedef bool (*ValueFn)(const char *value);

static bool all_are(const Column *column, ValueFn is)
{
    for (guint i = 0; i < column->len; i++)
        if (!is(column->pdata[i]))
            return false;
    return true;
}

static bool is_number(const char *value)
{
    return *value && value[strspn(value, "0123456789")] == '\0';
}

static bool is_date(const char *value)
{
    size_t len;

    return wb_guess_date(value, &len) == value && value[len] == '\0';
}

/* The signs within a date part nothing: they become control characters, or again what they were. */
static void mark_date(char *value)
{
    size_t len;
    const char *date = wb_guess_date(value, &len);

    for (size_t i = 0; date && i < len; i++) {
        char *sign = value + (date - value) + i;

        if (!g_ascii_isdigit(*sign))
            *sign = (char)(*sign == '-' ? 1 : *sign == '_' ? 2 : 3);
    }
}

static void unmark_dates(const Column *column)
{
    for (guint i = 0; i < column->len; i++)
        for (char *p = column->pdata[i]; *p; p++)
            *p = *p == 1 ? '-' : *p == 2 ? '_' : *p == 3 ? '.' : *p;
}

/* Numbers that count: 1, 2, 3 and not 64, 128, 256. */
static bool is_counted(const Column *values)
{
    for (guint i = 0; i < values->len; i++)
        if (g_ascii_strtoull(values->pdata[i], NULL, 10) > values->len + 1)
            return false;
    return true;
}

/* ---- holes ---------------------------------------------------------------------------------- */

/* A text that stands for itself: a template cannot say a brace, and a terminal should not get what
 * it would obey. */
static void add_text(Guess *guess, const char *text)
{
    g_autofree char *shown = wb_printable(text, SIZE_MAX);

    guess->is_impossible = guess->is_impossible || strpbrk(text, "{}") || strcmp(text, shown) != 0;
    g_string_append(guess->text, text);
}

static void add_hole(Guess *guess, const char *name)
{
    bool is_known = name && !g_hash_table_contains(guess->names, name);
    char *own = is_known ? g_strdup(name) : g_strdup_printf("label%d", ++guess->unknown);

    g_string_append_printf(guess->text, "{%s}", own);
    g_hash_table_add(guess->names, own);
}

/* Length of the letters that all values begin with; 0 where they are a whole value. */
static size_t common_begin(const Column *column)
{
    const char *first = column->pdata[0];
    size_t n = 0;

    while (g_ascii_isalpha(first[n]))
        n++;
    for (guint i = 1; i < column->len; i++)
        if (strncmp(column->pdata[i], first, n) != 0)
            return 0;
    return n;
}

/* "run12", "c200": a word that is the same everywhere, then a number or duration. */
static bool add_word_and_number(Guess *guess, const Column *column)
{
    size_t n = common_begin(column);
    g_autoptr(GPtrArray) rest = column_new();
    g_autofree char *word = g_strndup(column->pdata[0], n);

    if (n == 0)
        return false;
    for (guint i = 0; i < column->len; i++)
        g_ptr_array_add(rest, g_strdup((const char *)column->pdata[i] + n));
    if (!all_are(rest, is_number) && !all_are(rest, wb_guess_is_duration))
        return false;
    g_string_append(guess->text, word);
    add_hole(guess, all_are(rest, is_number) ? wb_guess_name_by_word(word) : "asked_duration_ns");
    return true;
}

/* "200c", "4threads": a number, then a word that is the same everywhere. */
static bool add_number_and_word(Guess *guess, const Column *column)
{
    const char *first = column->pdata[0];
    const char *word = first + strspn(first, "0123456789");
    const char *name = wb_guess_name_by_word(word);

    for (guint i = 0; i < column->len; i++) {
        const char *value = column->pdata[i];
        size_t digits = strspn(value, "0123456789");

        if (digits == 0 || strcmp(value + digits, word) != 0)
            return false;
    }
    if (!name)
        return false;
    add_hole(guess, name);
    g_string_append(guess->text, word);
    return true;
}

/* A part that is not parted further. */
static void add_leaf(Guess *guess, const Column *column)
{
    g_autoptr(GPtrArray) values = distinct(column);

    unmark_dates(values);
    if (values->len == 1)
        add_text(guess, values->pdata[0]);
    else if (all_are(values, is_date))
        add_hole(guess, "date");
    else if (all_are(values, wb_guess_is_duration))
        add_hole(guess, "asked_duration_ns");
    else if (all_are(values, is_number))
        add_hole(guess, is_counted(values) ? "run_no" : NULL);
    else if (!add_word_and_number(guess, values) && !add_number_and_word(guess, values))
        add_hole(guess, wb_guess_name_by_values(values));
}

/* ---- taking names apart --------------------------------------------------------------------- */

/* The number of parts that most values fall into; *out_n: how many do. An empty part is none. */
static guint usual_parts(const Column *column, const char *separator, guint *out_n)
{
    guint counts[DEPTH_MAX] = {0};
    guint best = 0;

    for (guint i = 0; i < column->len; i++) {
        g_auto(GStrv) parts = g_strsplit(column->pdata[i], separator, -1);
        guint n = g_strv_length(parts);

        if (n < DEPTH_MAX && !g_strv_contains((const char *const *)parts, ""))
            counts[n]++;
    }
    for (guint n = 1; n < DEPTH_MAX; n++)
        if (counts[n] > counts[best])
            best = n;
    *out_n = counts[best];
    return best;
}

static void add_column(Guess *guess, const Column *column, size_t separator);

/* Parts the values, of which some may not fall into `n` parts and are left out. */
static void add_parts(Guess *guess, const Column *column, size_t separator, guint n)
{
    for (guint part = 0; part < n; part++) {
        g_autoptr(GPtrArray) values = column_new();

        for (guint i = 0; i < column->len; i++) {
            g_auto(GStrv) parts = g_strsplit(column->pdata[i], separators[separator], -1);

            if (g_strv_length(parts) == n)
                g_ptr_array_add(values, g_strdup(parts[part]));
        }
        if (part > 0)
            g_string_append(guess->text, separators[separator]);
        add_column(guess, values, separator + 1);
    }
}

/* One part of all paths, as far as separators from `separator` on take it apart. */
static void add_column(Guess *guess, const Column *column, size_t separator)
{
    g_autoptr(GPtrArray) values = distinct(column);

    if (values->len > 1)
        for (; separator < G_N_ELEMENTS(separators); separator++) {
            guint fit;
            guint n = usual_parts(column, separators[separator], &fit);

            if (n > 1 && 10 * fit >= 8 * column->len) {
                add_parts(guess, column, separator, n);
                return;
            }
        }
    add_leaf(guess, column);
}

/* ---- paths ---------------------------------------------------------------------------------- */

/* Length of the folders that all paths begin with, the last '/' included. */
static size_t common_folders(const GPtrArray *paths)
{
    const char *first = paths->pdata[0];
    size_t n = strlen(first);

    for (guint i = 0; i < paths->len; i++) {
        const char *path = paths->pdata[i];
        size_t same = 0;

        while (same < n && path[same] == first[same] && path[same])
            same++;
        n = same;
    }
    while (n > 0 && first[n - 1] != '/')
        n--;
    return n;
}

/* The names of each path behind the common folders, of the paths with the most usual depth. */
static GPtrArray *names_of(const GPtrArray *paths, guint *out_depth)
{
    guint counts[DEPTH_MAX] = {0};
    size_t begin = common_folders(paths);
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    GPtrArray *usual = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    *out_depth = 0;
    for (guint i = 0; i < paths->len; i++) {
        char **names = g_strsplit((const char *)paths->pdata[i] + begin, "/", -1);

        if (g_strv_length(names) < DEPTH_MAX)
            counts[g_strv_length(names)]++;
        g_ptr_array_add(all, names);
    }
    for (guint n = 1; n < DEPTH_MAX; n++)
        if (counts[n] > counts[*out_depth])
            *out_depth = n;
    for (guint i = 0; i < all->len; i++)
        if (g_strv_length(all->pdata[i]) == *out_depth)
            g_ptr_array_add(usual, g_steal_pointer(&all->pdata[i]));
    return usual;
}

/* Cuts ".log" off, where all file names end in a dot and a word: *out_same is the ending that all
 * have (caller frees); NULL: they have several. False: not all have one, nothing is cut. */
static bool cut_endings(const Column *column, char **out_same)
{
    const char *ending = strrchr(column->pdata[0], '.');
    g_autofree char *same = ending ? g_strdup(ending) : NULL;
    bool have_all = true;

    for (guint i = 0; i < column->len; i++) {
        const char *dot = strrchr(column->pdata[i], '.');

        if (!dot || dot == column->pdata[i] || strlen(dot) > 6 || is_number(dot + 1))
            have_all = false;
        else if (g_strcmp0(dot, same) != 0)
            g_clear_pointer(&same, g_free);
    }
    for (guint i = 0; have_all && i < column->len; i++)
        *strrchr(column->pdata[i], '.') = '\0';
    *out_same = have_all ? g_steal_pointer(&same) : NULL;
    return have_all;
}

/* Odd names, such as ones with control characters, can give a template that fits none of them. */
static bool fits_any(const WbPathTemplate *path_template, const GPtrArray *paths)
{
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GPtrArray) values = wb_path_template_take(path_template, paths->pdata[i]);

        if (values)
            return true;
    }
    return false;
}

char *wb_guess_template(const GPtrArray *paths)
{
    guint depth = 0;
    g_autoptr(GPtrArray) all = paths->len > 1 ? names_of(paths, &depth) : NULL;
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(WbPathTemplate) path_template = NULL;
    Guess guess = {.text = text, .names = names};

    for (guint level = 0; all && level < depth; level++) {
        g_autoptr(GPtrArray) column = column_new();
        g_autofree char *ending = NULL;
        bool is_cut;

        for (guint i = 0; i < all->len; i++)
            g_ptr_array_add(column, g_strdup(((char **)all->pdata[i])[level]));
        is_cut = level + 1 == depth && cut_endings(column, &ending);
        for (guint i = 0; i < column->len; i++)
            mark_date(column->pdata[i]);
        add_column(&guess, column, 0);
        if (ending)
            add_text(&guess, ending);
        else
            g_string_append(text, is_cut ? ".{_}" : level + 1 < depth ? "/" : "");
    }
    path_template = g_hash_table_size(names) > 0 && !guess.is_impossible
                        ? wb_path_template_new(text->str, NULL)
                        : NULL;
    return path_template && fits_any(path_template, paths) ? g_strdup(text->str) : NULL;
}

/* ---- telling -------------------------------------------------------------------------------- */

/* "  server     gunicorn, uwsgi, ... (12)" */
static void describe_name(GString *out, const char *name, const GPtrArray *values)
{
    g_string_append_printf(out, "  %-12s ", name);
    for (guint i = 0; i < MIN(values->len, VALUES_SHOWN); i++) {
        g_autofree char *shown = wb_printable(values->pdata[i], VALUE_CHARS);

        g_string_append_printf(out, "%s%s", i ? ", " : "", shown);
    }
    g_string_append_printf(out, "%s (%u)\n", values->len > VALUES_SHOWN ? ", ..." : "",
                           values->len);
}

char *wb_guess_describe(const WbPathTemplate *path_template, const GPtrArray *paths)
{
    g_autoptr(GPtrArray) names = wb_path_template_names(path_template);
    g_autoptr(GPtrArray) columns =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    GString *out = g_string_new(NULL);
    const char *misfit = NULL;
    guint fit = 0;

    for (guint name = 0; name < names->len; name++)
        g_ptr_array_add(columns, column_new());
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(GPtrArray) values = wb_path_template_take(path_template, paths->pdata[i]);

        fit += values ? 1 : 0;
        misfit = values || misfit ? misfit : paths->pdata[i];
        for (guint name = 0; values && name < names->len; name++)
            g_ptr_array_add(columns->pdata[name], g_strdup(values->pdata[name]));
    }
    g_string_append_printf(out, "%u of %u files fit:\n", fit, paths->len);
    for (guint name = 0; name < names->len; name++) {
        g_autoptr(GPtrArray) values = distinct(columns->pdata[name]);

        describe_name(out, names->pdata[name], values);
    }
    if (misfit) {
        g_autofree char *shown = wb_printable(misfit, 500);

        g_string_append_printf(out, "one that does not fit: %s\n", shown);
    }
    return g_string_free(out, FALSE);
}
