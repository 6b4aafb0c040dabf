/*
 * Suite problems: a short list; places become lines and columns only when they are told.
 */
#include "runner/suite_problems.h"

#include "runner/json_place.h"
#include "runner/suite.h"

typedef struct {
    WbJsonPlace at;
    int place;
    char *what;
} Problem;

struct WbSuiteProblems {
    const char *path;
    const char *text;
    GArray *list; /* of Problem */
};

static void clear_problem(void *problem)
{
    g_free(((Problem *)problem)->what);
}

WbSuiteProblems *wb_suite_problems_new(const char *path, const char *text)
{
    WbSuiteProblems *problems = g_new0(WbSuiteProblems, 1);

    problems->path = path;
    problems->text = text;
    problems->list = g_array_new(FALSE, FALSE, sizeof(Problem));
    g_array_set_clear_func(problems->list, clear_problem);
    return problems;
}

void wb_suite_problems_free(WbSuiteProblems *problems)
{
    if (!problems)
        return;
    g_array_free(problems->list, TRUE);
    g_free(problems);
}

static WbJsonPlace locate(const WbSuiteProblems *problems, int place)
{
    WbJsonPlace at = {1, 1};

    if (place < 0)
        wb_json_place_key(problems->text, (size_t)WB_SUITE_KEY_OF((ptrdiff_t)place), &at);
    else
        wb_json_place_value(problems->text, (size_t)place, &at);
    return at;
}

/* One line of valid text, whatever was quoted in it. */
static char *make_plain(const char *what)
{
    char *plain = g_utf8_make_valid(what, -1);

    for (char *p = plain; *p; p++)
        if (g_ascii_iscntrl(*p))
            *p = '?';
    return plain;
}

void wb_suite_problems_add(WbSuiteProblems *problems, int place, const char *format, ...)
{
    g_autofree char *what = NULL;
    Problem problem = {.place = place};
    va_list words;

    if (wb_suite_problems_full(problems))
        return;
    for (guint i = 0; i < problems->list->len; i++)
        if (g_array_index(problems->list, Problem, i).place == place)
            return;
    va_start(words, format);
    what = g_strdup_vprintf(format, words);
    va_end(words);
    problem.at = locate(problems, place);
    problem.what = make_plain(what);
    g_array_append_val(problems->list, problem);
}

size_t wb_suite_problems_count(const WbSuiteProblems *problems)
{
    return problems->list->len;
}

bool wb_suite_problems_full(const WbSuiteProblems *problems)
{
    return problems->list->len >= WB_SUITE_PROBLEMS_MAX;
}

char *wb_suite_problems_where(const WbSuiteProblems *problems, int place)
{
    WbJsonPlace at = locate(problems, place);

    return g_strdup_printf("line %d, column %d", at.line, at.column);
}

static int compare_places(const void *a, const void *b)
{
    const Problem *left = a;
    const Problem *right = b;

    if (left->at.line != right->at.line)
        return left->at.line < right->at.line ? -1 : 1;
    return (left->at.column > right->at.column) - (left->at.column < right->at.column);
}

bool wb_suite_problems_report(const WbSuiteProblems *problems, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    if (problems->list->len == 0)
        return true;
    g_array_sort(problems->list, compare_places);
    for (guint i = 0; i < problems->list->len; i++) {
        const Problem *problem = &g_array_index(problems->list, Problem, i);

        g_string_append_printf(lines, "%s%s:%d:%d: %s", i ? "\n" : "", problems->path,
                               problem->at.line, problem->at.column, problem->what);
    }
    g_set_error_literal(error, WB_SUITE_ERROR, WB_SUITE_ERROR_FILE, lines->str);
    return false;
}
