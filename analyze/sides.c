/* Sides: see sides.h. */
#include "analyze/sides.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/units.h"

G_DEFINE_QUARK(wb - sides - error - quark, wb_sides_error)

#define LEAST_VALUES 3  /* of --series */
#define MOST_SIDES   64 /* a series; each is open as long as it is compared */

static void free_side(void *data)
{
    WbSide *side = data;

    g_free(side->name);
    wb_summary_free(side->summary);
    wb_run_set_free(side->set);
    wb_filter_free(side->filter);
    wb_store_free(side->store);
    if (side->campaigns)
        g_array_unref(side->campaigns);
    g_hash_table_destroy(side->facts);
    g_string_chunk_free(side->text);
    g_free(side);
}

void wb_sides_init(WbSides *sides)
{
    *sides = (WbSides){.list = g_ptr_array_new_with_free_func(free_side)};
}

void wb_sides_clear(WbSides *sides)
{
    g_free(sides->db);
    g_strfreev(sides->files);
    g_strfreev(sides->where);
    g_strfreev(sides->against);
    g_free(sides->series);
    g_ptr_array_unref(sides->list);
}

const WbSide *wb_sides_at(const WbSides *sides, size_t i)
{
    return g_ptr_array_index(sides->list, i);
}

void wb_sides_add_options(WbSides *sides, GOptionContext *context)
{
    const GOptionEntry entries[] = {
        wb_store_db_option(&sides->db),
        {"where", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sides->where,
         "Only runs with that label or field; repeatable", "KEY=VALUE[,VALUE]"},
        {"against", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sides->against,
         "The new side: as --where, with this condition instead; repeatable", "KEY=VALUE[,VALUE]"},
        {"series", 0, 0, G_OPTION_ARG_FILENAME, &sides->series,
         "One database: a side for each value of that label, or campaign, in order of time", "KEY"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sides->files, NULL,
         "OLD.db [...] NEW.db"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* ---- which conditions a side has ------------------------------------------------------------ */

/* "KEY=VALUE" -> length of KEY; texts without "=" are refused by wb_filter_add. */
static size_t key_length(const char *condition)
{
    return strcspn(condition, "=");
}

static bool has_key(char **conditions, const char *wanted)
{
    size_t n = key_length(wanted);

    for (size_t i = 0; conditions && conditions[i]; i++)
        if (key_length(conditions[i]) == n && !strncmp(conditions[i], wanted, n))
            return true;
    return false;
}

static bool add_conditions(WbFilter *filter, char **conditions, char **but, GError **error)
{
    for (size_t i = 0; conditions && conditions[i]; i++)
        if (!has_key(but, conditions[i]) && !wb_filter_add(filter, conditions[i], error))
            return false;
    return true;
}

static WbFilter *filter_of(const WbSides *sides, size_t side, size_t n, GError **error)
{
    g_autoptr(WbFilter) filter = wb_filter_new();
    bool new = side + 1 == n;

    if (!add_conditions(filter, sides->where, new ? sides->against : NULL, error) ||
        (new && !add_conditions(filter, sides->against, NULL, error)))
        return NULL;
    return g_steal_pointer(&filter);
}

GPtrArray *wb_sides_chosen_by(const WbSides *sides)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; sides->against && sides->against[i]; i++)
        g_ptr_array_add(keys, g_strndup(sides->against[i], key_length(sides->against[i])));
    if (sides->series)
        g_ptr_array_add(keys, g_strdup(sides->series));
    return keys;
}

/* ---- which files ---------------------------------------------------------------------------- */

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return !strcmp(a, b) ||
           (stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

static bool refuse(GError **error, WbSidesError code, const char *format, ...) G_GNUC_PRINTF(3, 4);
static bool refuse(GError **error, WbSidesError code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (error)
        *error = g_error_new_valist(WB_SIDES_ERROR, (int)code, format, arguments);
    va_end(arguments);
    return false;
}

/* One file is compared with itself only by conditions that tell two parts of it apart. */
static bool check_parts(const WbSides *sides, GError **error)
{
    if (!sides->against)
        return refuse(error, WB_SIDES_ERROR_OPTION,
                      "two databases are needed, as in `wrkbook compare OLD.db NEW.db`; for two "
                      "parts of one give --where and --against, or --series");
    for (size_t i = 0; sides->against[i]; i++) {
        if (!has_key(sides->where, sides->against[i]))
            return refuse(error, WB_SIDES_ERROR_OPTION,
                          "--against '%s' needs a --where on the same key, which says what the "
                          "old side is",
                          sides->against[i]);
        if (g_strv_contains((const char *const *)sides->where, sides->against[i]))
            return refuse(error, WB_SIDES_ERROR_SAME,
                          "--where and --against are both '%s': that is the same runs twice",
                          sides->against[i]);
    }
    return true;
}

static bool check_files(const WbSides *sides, char **files, size_t n, GError **error)
{
    if (n > MOST_SIDES)
        return refuse(error, WB_SIDES_ERROR_OPTION, "more than %d databases", MOST_SIDES);
    if (sides->against && n > 2)
        return refuse(error, WB_SIDES_ERROR_OPTION,
                      "--against is for one database or two, not for a series of %zu", n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (is_same_file(files[i], files[j]) && !sides->against)
                return refuse(error, WB_SIDES_ERROR_SAME,
                              "'%s' and '%s' are the same file; to compare two parts of it give "
                              "--where and --against",
                              files[i], files[j]);
    /* Before any is opened: closing a file drops this process's locks on it. */
    for (size_t i = 0; i < n; i++)
        if (!wb_store_check_unused(files[i], error))
            return false;
    return true;
}

/* ---- one side ------------------------------------------------------------------------------- */

static char *name_of(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');

    if (dot && dot != name)
        *dot = '\0';
    return name;
}

const char *wb_side_fact(const WbSide *side, const WbRun *run, const char *fact)
{
    g_autofree char *key = g_strconcat(run->campaign, " ", fact, NULL);

    return g_hash_table_lookup(side->facts, key);
}

static void read_facts(WbSide *side, const WbCampaignRecord *campaign)
{
    cJSON *host = campaign->host ? cJSON_Parse(campaign->host) : NULL;
    const cJSON *fact;

    cJSON_ArrayForEach(fact, host)
    {
        char number[WB_UNITS_DOUBLE_SIZE];
        const char *text = fact->valuestring;

        if (cJSON_IsNumber(fact))
            text = wb_units_format_double(fact->valuedouble, number);
        if (text)
            g_hash_table_insert(side->facts, g_strconcat(campaign->uuid, " ", fact->string, NULL),
                                g_strdup(text));
    }
    cJSON_Delete(host);
}

static bool load_campaigns(WbSide *side, GError **error)
{
    g_autoptr(GHashTable) used = g_hash_table_new(g_str_hash, g_str_equal);

    side->campaigns = wb_store_load_campaigns(side->store, side->text, error);
    if (!side->campaigns)
        return false;
    for (size_t i = 0; i < side->set->runs->len; i++)
        g_hash_table_add(used, (char *)g_array_index(side->set->runs, WbRun, i).campaign);
    for (guint i = 0; i < side->campaigns->len;) {
        if (g_hash_table_contains(used, g_array_index(side->campaigns, WbCampaignRecord, i).uuid))
            read_facts(side, &g_array_index(side->campaigns, WbCampaignRecord, i++));
        else
            g_array_remove_index(side->campaigns, i);
    }
    return true;
}

static bool load_side(WbSide *side, const char *path, GError **error)
{
    const WbSummaryOptions needs = {.no_windows = true, .no_latency = true, .no_series = true};

    side->store = wb_store_open_readonly(path, error);
    if (!side->store || !wb_store_check_figures(side->store, error))
        return false;
    side->set = wb_store_load_runs(side->store, side->filter, NULL, error);
    if (!side->set || !load_campaigns(side, error))
        return false;
    if (side->set->cases->len == 0)
        return refuse(error, WB_SIDES_ERROR_EMPTY,
                      side->filter->wheres->len ? "'%s' holds no run that fits the conditions"
                                                : "'%s' holds no run: nothing was stored in it",
                      path);
    side->summary = wb_summary_new(side->store, side->set, &needs, error);
    return side->summary != NULL;
}

/* Opens a file as one more side; `filter` is taken over. */
static WbSide *add_side(WbSides *sides, const char *path, const char *name, WbFilter *filter,
                        GError **error)
{
    WbSide *side = g_new0(WbSide, 1);

    side->name = g_strdup(name);
    side->text = g_string_chunk_new(1024);
    side->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    side->filter = filter;
    g_ptr_array_add(sides->list, side);
    return side->filter && load_side(side, path, error) ? side : NULL;
}

/* ---- the values of a key as sides ----------------------------------------------------------- */

static bool is_campaign(const WbSides *sides)
{
    return !strcmp(sides->series, "campaign");
}

/* The values of the key, of char *, in the order in which runs first have them; campaigns by uuid.
 */
static GPtrArray *values_of(const WbSides *sides, const WbRunSet *set)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < set->runs->len; i++) {
        const WbRun *run = &g_array_index(set->runs, WbRun, i);
        const char *value =
            is_campaign(sides) ? run->campaign : wb_labels_get(run->of_case->labels, sides->series);

        if (value && !g_ptr_array_find_with_equal_func(values, value, g_str_equal, NULL))
            g_ptr_array_add(values, g_strdup(value));
    }
    return values;
}

/* What the key has as values in the runs that --where leaves; two are no series. */
static GPtrArray *find_values(const WbSides *sides, const char *path, GError **error)
{
    g_autoptr(WbFilter) filter = wb_filter_new();
    g_autoptr(WbStore) store = wb_store_open_readonly(path, error);
    g_autoptr(WbRunSet) set = NULL;
    g_autoptr(GPtrArray) values = NULL;

    if (!store || !add_conditions(filter, sides->where, NULL, error))
        return NULL;
    set = wb_store_load_runs(store, filter, NULL, error);
    if (!set)
        return NULL;
    values = values_of(sides, set);
    if (values->len >= LEAST_VALUES && values->len <= MOST_SIDES)
        return g_steal_pointer(&values);
    refuse(
        error, WB_SIDES_ERROR_OPTION,
        "--series %s: the runs of '%s' have %u values of it, and %d to %d make a series; two are "
        "compared by --where and --against",
        sides->series, path, values->len, LEAST_VALUES, MOST_SIDES);
    return NULL;
}

static WbFilter *filter_of_value(const WbSides *sides, const char *value, GError **error)
{
    g_autoptr(WbFilter) filter = wb_filter_new();
    g_auto(GStrv) parts = g_strsplit(value, ",", -1);
    g_autofree char *escaped = g_strjoinv("\\,", parts);
    g_autofree char *condition = g_strconcat(sides->series, "=", escaped, NULL);

    if (!add_conditions(filter, sides->where, NULL, error) ||
        !wb_filter_add(filter, condition, error))
        return NULL;
    return g_steal_pointer(&filter);
}

/* "campaign 3", or the value. */
static char *name_of_value(const WbSides *sides, const WbSide *side, const char *value)
{
    if (!is_campaign(sides))
        return g_strdup(value);
    return g_strdup_printf("campaign %" G_GINT64_FORMAT,
                           g_array_index(side->campaigns, WbCampaignRecord, 0).id);
}

static bool load_values(WbSides *sides, const char *path, GError **error)
{
    g_autoptr(GPtrArray) values = NULL;

    if (sides->against)
        return refuse(error, WB_SIDES_ERROR_OPTION,
                      "--series and --against both say what the sides are; give one of them");
    if (!wb_store_check_unused(path, error))
        return false;
    values = find_values(sides, path, error);
    for (guint i = 0; values && i < values->len; i++) {
        const char *value = g_ptr_array_index(values, i);
        WbSide *side = add_side(sides, path, NULL, filter_of_value(sides, value, error), error);

        if (!side)
            return false;
        side->name = name_of_value(sides, side, value);
    }
    return values != NULL;
}

/* ---- the way from options to sides ---------------------------------------------------------- */

/* Two files of one name in two folders go by their paths. */
static char *unlike_name(char **files, size_t n, size_t i)
{
    g_autofree char *name = name_of(files[i]);

    for (size_t j = 0; j < n; j++) {
        g_autofree char *other = name_of(files[j]);

        if (j != i && !strcmp(name, other))
            return g_strdup(files[i]);
    }
    return g_steal_pointer(&name);
}

static bool load_files(WbSides *sides, char **files, size_t given, GError **error)
{
    size_t n = MAX(given, 2);

    if ((given == 1 && !check_parts(sides, error)) || !check_files(sides, files, given, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t file = MIN(i, given - 1);
        g_autofree char *name = unlike_name(files, given, file);

        if (!add_side(sides, files[file], name, filter_of(sides, i, n, error), error))
            return false;
    }
    return true;
}

bool wb_sides_load(WbSides *sides, GError **error)
{
    const char *db = sides->db ? sides->db : wb_store_default_path();
    char *alone[] = {(char *)db, NULL};
    char **files = sides->files ? sides->files : alone;
    size_t given = g_strv_length(files);

    if (sides->files && sides->db)
        return refuse(error, WB_SIDES_ERROR_OPTION,
                      "name the databases as arguments or one by --db, not both");
    if (sides->series && given > 1)
        return refuse(error, WB_SIDES_ERROR_OPTION,
                      "--series is for one database; %zu databases are a series already", given);
    return sides->series ? load_values(sides, files[0], error)
                         : load_files(sides, files, given, error);
}
