/*
 * Traits: see traits.h. A host is unlike where its processors, their number or its architecture
 * are others. Its name alone says nothing: in a container it is a random word; a new kernel is
 * told, since it is often what a comparison is about.
 */
#include "analyze/traits.h"

#include <math.h>
#include <string.h>

#include "schema/units.h"

static const WbTrait traits[] = {
    {"threads", WB_TRAIT_SETTING, "threads", NULL, NULL},
    {"connections", WB_TRAIT_SETTING, "connections", NULL, NULL},
    {"duration", WB_TRAIT_SETTING, "asked_duration_ns", NULL, NULL},
    {"requests", WB_TRAIT_SETTING, "asked_requests", NULL, "by time"},
    {"rate", WB_TRAIT_SETTING, "rate_per_s", NULL, "closed loop"},
    {"timeout", WB_TRAIT_SETTING, "timeout_ns", NULL, NULL},
    {"pipelining", WB_TRAIT_SETTING, "pipeline", NULL, NULL},
    {"keepalive", WB_TRAIT_SETTING, "keepalive", NULL, NULL},
    {"engine", WB_TRAIT_SETTING, "tool", NULL, NULL},
    {"backend", WB_TRAIT_SETTING, "io", NULL, NULL},
    {"coalescing", WB_TRAIT_SETTING, "coalesced", NULL, NULL},
    {"latency_kind", WB_TRAIT_LATENCY, "latency_kind", NULL, NULL},
    {"cpu_model", WB_TRAIT_HOST, NULL, "cpu_model", NULL},
    {"cpus", WB_TRAIT_HOST, NULL, "cpus", NULL},
    {"machine", WB_TRAIT_HOST, NULL, "machine", NULL},
    {"host_name", WB_TRAIT_TOLD, NULL, "name", NULL},
    {"kernel", WB_TRAIT_TOLD, NULL, "kernel", NULL},
    {"engine_version", WB_TRAIT_TOLD, "tool_version", NULL, NULL},
    {"warmup", WB_TRAIT_TOLD, "warmup_ns", NULL, NULL},
    {"tls", WB_TRAIT_TOLD, "tls", NULL, NULL},
    {"url", WB_TRAIT_TOLD, "url", NULL, NULL},
    {"server_command", WB_TRAIT_TOLD, "server_command", NULL, NULL},
    {"server_version", WB_TRAIT_TOLD, "server_version", NULL, NULL},
};

const WbTrait *wb_traits(size_t *out_n)
{
    *out_n = G_N_ELEMENTS(traits);
    return traits;
}

int wb_trait_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(traits); i++)
        if (!strcmp(traits[i].name, name))
            return (int)i;
    return -1;
}

static char *unit_text(double value, WbUnit unit)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    if (unit == WB_UNIT_NS)
        return g_strdup_printf("%s s", wb_units_format_double(value / 1e9, buffer));
    if (unit == WB_UNIT_PER_S)
        return g_strdup_printf("%s/s", wb_units_format_double(value, buffer));
    return g_strdup(wb_units_format_double(value, buffer));
}

static char *field_text(const WbRun *run, const char *name)
{
    const WbField *field = wb_run_field_find(name);
    const void *at = (const char *)run + field->offset;

    switch (field->type) {
    case WB_FIELD_TEXT:
        return g_strdup(*(const char *const *)at);
    case WB_FIELD_REAL:
        return isnan(*(const double *)at) ? NULL : unit_text(*(const double *)at, field->unit);
    case WB_FIELD_INT:
        return *(const int64_t *)at == WB_NONE
                   ? NULL
                   : unit_text((double)*(const int64_t *)at, field->unit);
    }
    return NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *wb_trait_text(const WbTrait *trait, const WbSide *side, const WbCaseSummary *of)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    const char *campaign = NULL;

    for (size_t i = 0; i < of->complete_n; i++) {
        const WbRun *run = of->complete[i];
        char *text;

        /* the facts of a campaign are asked for once, not once a run */
        if (trait->fact && campaign && !strcmp(campaign, run->campaign))
            continue;
        campaign = run->campaign;
        text = trait->fact ? g_strdup(wb_side_fact(side, run, trait->fact))
                           : field_text(run, trait->field);
        if (!text && trait->none)
            text = g_strdup(trait->none);
        if (text && !g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
            g_ptr_array_add(texts, g_steal_pointer(&text));
        g_free(text);
    }
    if (texts->len == 0)
        return NULL;
    g_ptr_array_sort(texts, by_text);
    g_ptr_array_add(texts, NULL);
    return g_strjoinv(", ", (char **)texts->pdata);
}
