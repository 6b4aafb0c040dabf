/*
 * Outcome as JSON: one object a line, its members the columns of run_facts, so that whoever reads
 * the database reads this as well.
 */
#include <cjson/cJSON.h>

#include "runner/outcome.h"
#include "runner/record.h"

/* Whole numbers go in as text: cJSON's numbers are doubles, and a time in ns may pass 2^53. */
static void add_int(cJSON *object, const char *name, int64_t value)
{
    char text[32];

    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
    cJSON_AddRawToObject(object, name, value == WB_NONE ? "null" : text);
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

static void add_fields(cJSON *object, const WbRun *run)
{
    const char *base = (const char *)run;
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    for (size_t i = 0; i < n; i++) {
        const void *member = base + fields[i].offset;

        if (!fields[i].in_facts || !fields[i].stored)
            continue;
        if (fields[i].type == WB_FIELD_INT)
            add_int(object, fields[i].name, *(const int64_t *)member);
        else if (fields[i].type == WB_FIELD_TEXT)
            add_text(object, fields[i].name, *(const char *const *)member);
        else if (isnan(*(const double *)member))
            cJSON_AddNullToObject(object, fields[i].name);
        else
            cJSON_AddNumberToObject(object, fields[i].name, *(const double *)member);
    }
}

static void add_labels(cJSON *object, const WbLabels *labels)
{
    cJSON *set = cJSON_AddObjectToObject(object, "labels");

    for (size_t i = 0; i < wb_labels_count(labels); i++)
        add_text(set, wb_labels_at(labels, i)->key, wb_labels_at(labels, i)->value);
}

static void add_faults(cJSON *object, const WbLoadResult *result)
{
    cJSON *list = cJSON_AddArrayToObject(object, "faults");

    for (size_t i = 0; i < result->faults_n; i++) {
        const WbFault *fault = &result->faults[i];
        cJSON *entry = cJSON_CreateObject();

        add_text(entry, "phase", wb_record_phase_name(fault->phase));
        add_text(entry, "error", wb_record_fault_text(fault->code));
        add_int(entry, "count", fault->count);
        add_int(entry, "first_ns", fault->first_ns);
        add_int(entry, "last_ns", fault->last_ns);
        cJSON_AddItemToArray(list, entry);
    }
}

static void append_json(GString *text, const WbOutcome *o)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *warnings;
    char *printed;

    add_text(object, "document", "wrkbook/run");
    add_int(object, "version", 1);
    add_labels(object, o->labels);
    add_fields(object, o->run);
    add_faults(object, o->result);
    cJSON_DeleteItemFromObjectCaseSensitive(object, "warnings"); /* the column's JSON text */
    warnings = cJSON_AddArrayToObject(object, "warnings");
    for (size_t i = 0; o->warnings && o->warnings[i]; i++)
        cJSON_AddItemToArray(warnings, cJSON_CreateString(o->warnings[i]));
    printed = cJSON_PrintUnformatted(object);
    g_string_append_printf(text, "%s\n", printed);
    cJSON_free(printed);
    cJSON_Delete(object);
}

const WbOutcomeFormat wb_outcome_json = {"json", append_json};
