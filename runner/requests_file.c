/*
 * Requests file: read whole and built before the run, so that the engine only sends bytes.
 */
#include "runner/requests_file.h"

#include <cjson/cJSON.h>
#include <string.h>

G_DEFINE_QUARK(wb_requests_file_error, wb_requests_file_error)

typedef cJSON Json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Json, cJSON_Delete)

void wb_requests_add(GPtrArray *bytes, GArray *requests, GBytes *request, bool is_head)
{
    WbRequest entry = {.is_head = is_head};

    entry.bytes = g_bytes_get_data(request, &entry.len);
    g_ptr_array_add(bytes, request);
    g_array_append_val(requests, entry);
}

static bool refuse(const char *path, guint line, const char *why, GError **error)
{
    g_set_error(error, WB_REQUESTS_FILE_ERROR, WB_REQUESTS_FILE_ERROR_LINE,
                "%s:%u: %s; a line looks like {\"method\": \"GET\", \"path\": \"/\"}", path, line,
                why);
    return false;
}

/* What is wrong with the members of a line, or NULL. */
static const char *check_members(const Json *object)
{
    static const char *const known[] = {"method", "path", "headers", "body"};
    const Json *member;

    if (!cJSON_IsObject(object))
        return "this is no JSON object";
    cJSON_ArrayForEach(member, object)
    {
        bool is_headers = strcmp(member->string, "headers") == 0;

        if (!g_strv_contains((const char *const[]){known[0], known[1], known[2], known[3], NULL},
                             member->string))
            return "only method, path, headers and body are known";
        if (is_headers ? !cJSON_IsObject(member) : !cJSON_IsString(member))
            return is_headers ? "headers must be an object of texts"
                              : "method, path and body must be texts";
    }
    return NULL;
}

static GPtrArray *header_lines(const Json *object, char *const *common)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    const Json *header;

    for (size_t i = 0; common && common[i]; i++)
        g_ptr_array_add(lines, g_strdup(common[i]));
    cJSON_ArrayForEach(header, cJSON_GetObjectItemCaseSensitive(object, "headers"))
    {
        if (cJSON_IsString(header))
            g_ptr_array_add(lines, g_strdup_printf("%s: %s", header->string, header->valuestring));
    }
    g_ptr_array_add(lines, NULL);
    return lines;
}

static const char *text_member(const Json *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* One request of one line, or NULL with *error set (without the line's number). */
static GBytes *build(const Json *object, const WbTarget *target, char *const *common, bool close,
                     GError **error)
{
    g_autoptr(GPtrArray) headers = header_lines(object, common);
    const char *text = text_member(object, "body");
    g_autoptr(GBytes) body = text ? g_bytes_new(text, strlen(text)) : NULL;

    return wb_target_request(target, text_member(object, "method"), text_member(object, "path"),
                             (char *const *)headers->pdata, body, close, error);
}

bool wb_requests_file_load(const char *path, const WbTarget *target, char *const *headers,
                           bool close, GPtrArray *bytes, GArray *requests, GError **error)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    g_autoptr(GError) cause = NULL;
    guint before = requests->len;

    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        g_set_error(error, WB_REQUESTS_FILE_ERROR, WB_REQUESTS_FILE_ERROR_READ,
                    "cannot read the requests: %s", cause->message);
        return false;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autoptr(Json) object = NULL;
        GBytes *request;
        const char *wrong;
        const char *method;

        if (!*g_strstrip(lines[i]))
            continue;
        object = cJSON_ParseWithOpts(lines[i], NULL, true);
        wrong = object ? check_members(object) : "this is no JSON";
        if (wrong)
            return refuse(path, i + 1, wrong, error);
        request = build(object, target, headers, close, &cause);
        if (!request)
            return refuse(path, i + 1, cause->message, error);
        method = text_member(object, "method");
        wb_requests_add(bytes, requests, request, method && strcmp(method, "HEAD") == 0);
    }
    return requests->len > before || refuse(path, 1, "the file holds no request", error);
}
