#include "runner/import/complete.h"

#include "runner/import/field_value.h"
#include "runner/import/parser.h"

bool wb_complete_labels(const WbKnown *known, const WbLabels *own, int64_t line, WbLabels **out,
                        GError **error)
{
    g_autoptr(WbLabels) labels = NULL;
    const WbLabels *all = known->labels;

    if (own && wb_labels_count(own) > 0) {
        labels = wb_labels_copy(known->labels);
        wb_labels_merge(labels, own);
        all = labels;
    }
    if (wb_labels_count(all) > WB_LABELS_MAX) {
        g_set_error(error, WB_PARSER_ERROR, WB_PARSER_ERROR_TEXT,
                    "%" G_GINT64_FORMAT ": more than %d labels; remove some columns", line,
                    WB_LABELS_MAX);
        return false;
    }
    *out = g_steal_pointer(&labels);
    return true;
}

/* Where the start time is from, once nothing more is to be filled in. */
static void fill_start(const WbKnown *known, WbRun *run, const char *own, const char *file_time)
{
    if (own) {
        run->started_from = "log";
    } else if (known->fields && known->fields->started_at) {
        run->started_from = known->started_from;
    } else if (run->started_at) {
        run->started_from = "option";
    } else if (file_time) {
        run->started_at = file_time;
        run->started_from = "file";
    }
}

void wb_complete_run(const WbKnown *known, WbRun *run, bool is_first, const char *file_time)
{
    const char *own = run->started_at;
    int64_t run_no = run->run_no;

    if (known->fields)
        wb_field_complete(run, known->fields);
    if (!is_first)
        run->run_no = run_no;
    if (known->settings)
        wb_field_complete(run, known->settings);
    fill_start(known, run, own, file_time);
}

void wb_complete_published(const WbKnown *known, WbPublished *published)
{
    if (!published->split)
        published->split = known->split;
    if (!published->because)
        published->because = known->because;
}
