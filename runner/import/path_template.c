/*
 * A template is a list of parts, each a text that stands for itself or a hole. Matching goes from
 * left to right with the shortest text for each hole, and gives a hole more only if the rest does
 * not fit: back to the last hole alone, as in globbing, since whatever an earlier hole could
 * give up the last one can take; two holes never touch. So a match costs at most length of
 * template times length of path.
 */
#include "runner/import/path_template.h"

#include <string.h>

#include "runner/import/field_value.h"

G_DEFINE_QUARK(wb_path_template_error, wb_path_template_error)

typedef struct {
    char *text;           /* stands for itself; NULL: a hole */
    char *name;           /* of the hole; NULL: not wanted */
    const WbField *field; /* that the name is; NULL: a label */
} Part;

struct WbPathTemplate {
    GArray *parts; /* of Part */
    int slashes;
};

#define PARTS_MAX 100

static void clear_part(void *data)
{
    Part *part = data;

    g_free(part->text);
    g_free(part->name);
}

void wb_path_template_free(WbPathTemplate *path_template)
{
    if (!path_template)
        return;
    g_array_unref(path_template->parts);
    g_free(path_template);
}

static bool fail(GError **error, const char *template_text, const char *what)
{
    g_set_error(error, WB_PATH_TEMPLATE_ERROR, WB_PATH_TEMPLATE_ERROR_SYNTAX,
                "--labels-from '%.200s': %s", template_text, what);
    return false;
}

static const Part *part_at(const WbPathTemplate *path_template, size_t i)
{
    return &g_array_index(path_template->parts, Part, i);
}

/* "{name}" at `p`, up to `close`. */
static bool add_hole(WbPathTemplate *path_template, const char *all, const char *p,
                     const char *close, GError **error)
{
    Part part = {NULL, g_strndup(p + 1, (size_t)(close - p - 1)), NULL};
    guint n = path_template->parts->len;

    if (!*part.name || !strcmp(part.name, "_"))
        g_clear_pointer(&part.name, g_free);
    else
        part.field = wb_field_find_settable(part.name);
    g_array_append_val(path_template->parts, part);
    if (n > 0 && !part_at(path_template, n - 1)->text)
        return fail(error, all, "two names touch; put the text between them that parts them");
    if (!part.name)
        return true;
    for (guint i = 0; i < n; i++)
        if (g_strcmp0(part_at(path_template, i)->name, part.name) == 0)
            return fail(error, all, "has a name twice");
    if (!part.field && wb_run_field_find(part.name))
        return fail(error, all, "names a field that the database makes itself");
    return part.field || wb_labels_check_key(part.name, error);
}

WbPathTemplate *wb_path_template_new(const char *text, GError **error)
{
    g_autoptr(WbPathTemplate) path_template = g_new0(WbPathTemplate, 1);
    const char *p = text + strspn(text, "/"); /* a template begins with a name anyway */

    path_template->parts = g_array_new(FALSE, FALSE, sizeof(Part));
    g_array_set_clear_func(path_template->parts, clear_part);
    while (*p && path_template->parts->len < PARTS_MAX) {
        size_t len = strcspn(p, "{}");

        if (len > 0) {
            Part part = {g_strndup(p, len), NULL, NULL};

            for (const char *c = part.text; *c; c++)
                path_template->slashes += *c == '/';
            g_array_append_val(path_template->parts, part);
            p += len;
        } else {
            const char *close = *p == '{' ? p + 1 + strcspn(p + 1, "{}/") : p;

            if (*p != '{' || *close != '}') {
                fail(error, text, "has a brace without its partner; write {server} for a label");
                return NULL;
            }
            if (!add_hole(path_template, text, p, close, error))
                return NULL;
            p = close + 1;
        }
    }
    if (*p || path_template->parts->len == 0) {
        fail(error, text, *p ? "has too many parts" : "is empty");
        return NULL;
    }
    return g_steal_pointer(&path_template);
}

/* The end of the path with as many names as the template has, or NULL if it has fewer. */
static const char *tail_of(const WbPathTemplate *path_template, const char *path)
{
    int slashes = 0;

    for (const char *p = path + strlen(path); p > path; p--)
        if (p[-1] == '/' && slashes++ == path_template->slashes)
            return p;
    return slashes >= path_template->slashes ? path : NULL;
}

/* What each hole stands for. */
typedef struct {
    const char *begin[PARTS_MAX];
    const char *end[PARTS_MAX];
} Holes;

static bool match_parts(const WbPathTemplate *path_template, const char *path, Holes *holes)
{
    const char *p = path;
    size_t n = path_template->parts->len;
    size_t i = 0;
    size_t last_hole = SIZE_MAX;

    while (i < n || *p) {
        const Part *part = i < n ? part_at(path_template, i) : NULL;

        if (part && !part->text && *p && *p != '/') {
            holes->begin[i] = p;
            holes->end[i] = ++p;
            last_hole = i++;
        } else if (part && part->text && g_str_has_prefix(p, part->text)) {
            p += strlen(part->text);
            i++;
        } else if (last_hole != SIZE_MAX && *holes->end[last_hole] &&
                   *holes->end[last_hole] != '/') {
            p = ++holes->end[last_hole];
            i = last_hole + 1;
        } else {
            return false;
        }
    }
    return true;
}

bool wb_path_template_match(const WbPathTemplate *path_template, const char *path, WbLabels *labels,
                            WbRun *run, GStringChunk *text, bool *out_matches, GError **error)
{
    const char *tail = tail_of(path_template, path);
    Holes holes;

    *out_matches = tail && match_parts(path_template, tail, &holes);
    if (!*out_matches)
        return true;
    for (size_t i = 0; i < path_template->parts->len; i++) {
        const Part *part = part_at(path_template, i);
        g_autoptr(GError) why = NULL;
        g_autofree char *raw = NULL;
        g_autofree char *value = NULL;

        if (part->text || !part->name)
            continue;
        raw = g_strndup(holes.begin[i], (size_t)(holes.end[i] - holes.begin[i]));
        value = g_utf8_make_valid(raw, -1);
        if (!part->field) {
            wb_labels_set(labels, part->name, value);
        } else if (!wb_field_set_text(run, part->field, g_string_chunk_insert(text, value), &why)) {
            g_set_error(error, WB_PATH_TEMPLATE_ERROR, WB_PATH_TEMPLATE_ERROR_VALUE, "{%s}: %s",
                        part->name, why->message);
            return false;
        }
    }
    return true;
}

GPtrArray *wb_path_template_names(const WbPathTemplate *path_template)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < path_template->parts->len; i++)
        if (part_at(path_template, i)->name)
            g_ptr_array_add(names, part_at(path_template, i)->name);
    return names;
}

GPtrArray *wb_path_template_take(const WbPathTemplate *path_template, const char *path)
{
    const char *tail = tail_of(path_template, path);
    GPtrArray *texts;
    Holes holes;

    if (!tail || !match_parts(path_template, tail, &holes))
        return NULL;
    texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < path_template->parts->len; i++)
        if (part_at(path_template, i)->name)
            g_ptr_array_add(texts,
                            g_strndup(holes.begin[i], (size_t)(holes.end[i] - holes.begin[i])));
    return texts;
}
