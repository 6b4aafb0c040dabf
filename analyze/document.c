/* Document: a cJSON tree and the path to what is open in it. */
#include "analyze/document.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>

#include "analyze/steering.h"

struct WbDocument {
    GPtrArray *open; /* of cJSON, the root first */
};

static cJSON *innermost(WbDocument *document)
{
    return g_ptr_array_index(document->open, document->open->len - 1);
}

static void add(WbDocument *document, const char *name, cJSON *item)
{
    cJSON *parent = innermost(document);

    assert(cJSON_IsArray(parent) == (name == NULL));
    if (name)
        cJSON_AddItemToObject(parent, name, item);
    else
        cJSON_AddItemToArray(parent, item);
}

WbDocument *wb_document_new(void)
{
    WbDocument *document = g_new(WbDocument, 1);

    document->open = g_ptr_array_new();
    g_ptr_array_add(document->open, cJSON_CreateObject());
    return document;
}

void wb_document_free(WbDocument *document)
{
    if (!document)
        return;
    cJSON_Delete(g_ptr_array_index(document->open, 0));
    g_ptr_array_unref(document->open);
    g_free(document);
}

void wb_document_begin(WbDocument *document, const char *name)
{
    cJSON *object = cJSON_CreateObject();

    add(document, name, object);
    g_ptr_array_add(document->open, object);
}

void wb_document_begin_list(WbDocument *document, const char *name)
{
    cJSON *list = cJSON_CreateArray();

    add(document, name, list);
    g_ptr_array_add(document->open, list);
}

void wb_document_end(WbDocument *document)
{
    assert(document->open->len > 1);
    g_ptr_array_set_size(document->open, (int)document->open->len - 1);
}

void wb_document_add_real(WbDocument *document, const char *name, double value)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];
    const char *text = wb_units_format_double(value, buffer);

    add(document, name, *text ? cJSON_CreateRaw(text) : cJSON_CreateNull());
}

void wb_document_add_int(WbDocument *document, const char *name, int64_t value)
{
    char buffer[24];

    g_snprintf(buffer, sizeof buffer, "%" PRId64, value);
    add(document, name, value == WB_NONE ? cJSON_CreateNull() : cJSON_CreateRaw(buffer));
}

void wb_document_add_bool(WbDocument *document, const char *name, bool value)
{
    add(document, name, cJSON_CreateBool(value));
}

void wb_document_add_text(WbDocument *document, const char *name, const char *text)
{
    add(document, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void wb_document_add_null(WbDocument *document, const char *name)
{
    add(document, name, cJSON_CreateNull());
}

static void add_figure(WbDocument *document, const char *name, const WbFigure *figure,
                       const void *base)
{
    const char *at = (const char *)base + figure->offset;

    switch (figure->type) {
    case WB_FIGURE_REAL:
        wb_document_add_real(document, name, *(const double *)(const void *)at);
        break;
    case WB_FIGURE_INT:
        wb_document_add_int(document, name, *(const int64_t *)(const void *)at);
        break;
    case WB_FIGURE_BOOL:
        wb_document_add_bool(document, name, *(const bool *)at);
        break;
    case WB_FIGURE_WORD:
        wb_document_add_text(document, name, *(const char *const *)(const void *)at);
        break;
    }
}

void wb_document_add_figures(WbDocument *document, const WbFigure *figures, size_t n,
                             const void *base, const char *suffix)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *name =
            g_strconcat(figures[i].name, figures[i].has_unit ? suffix : "", NULL);

        add_figure(document, name, &figures[i], base);
    }
}

char *wb_document_finish(WbDocument *document)
{
    char *printed = cJSON_Print(g_ptr_array_index(document->open, 0));
    GString *text = g_string_new(NULL);

    wb_json_append(text, printed);
    cJSON_free(printed);
    wb_document_free(document);
    return g_string_free(text, FALSE);
}
