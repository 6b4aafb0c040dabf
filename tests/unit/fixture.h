/*
 * Databases for the tests of analyze and report, filled through the store itself, so that they
 * need no importer. A header of static functions: each test program takes what it uses.
 */
#ifndef WB_TESTS_UNIT_FIXTURE_H
#define WB_TESTS_UNIT_FIXTURE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "analyze/query.h"
#include "schema/store.h"
#include "schema/units.h"

/* A database in a folder of its own. */
typedef struct {
    char *dir;
    char *path;
    WbStore *store;
} Fixture;

static inline void fixture_init(Fixture *f)
{
    WbCampaign campaign = {.kind = g_strdup("import")};

    f->dir = g_dir_make_tmp("wb-report-XXXXXX", NULL);
    f->path = g_build_filename(f->dir, "test.db", NULL);
    f->store = wb_store_open(f->path, NULL);
    g_assert_nonnull(f->store);
    g_assert_true(wb_store_add_campaign(f->store, &campaign, NULL));
    wb_campaign_clear(&campaign);
}

static inline void fixture_clear(Fixture *f)
{
    wb_store_free(f->store);
    g_unlink(f->path);
    g_rmdir(f->dir);
    g_free(f->path);
    g_free(f->dir);
}

/* Labels from "server=a framework=b": words parted by a blank. */
static inline WbLabels *fixture_labels(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    WbLabels *labels = wb_labels_new();

    for (char **word = words; *word; word++)
        g_assert_true(wb_labels_parse(labels, *word, NULL));
    return labels;
}

/* A complete 10 s run of that rate. */
static inline WbRun fixture_run(double rate)
{
    WbRun run;

    wb_run_init(&run);
    run.status = "complete";
    run.tool = "wrk";
    run.tool_version = "4.1.0";
    run.threads = 1;
    run.connections = 200;
    run.asked_duration_ns = INT64_C(10000000000);
    run.elapsed_ns = INT64_C(10000000000);
    run.requests = (int64_t)(rate * 10);
    run.requests_per_s = rate;
    run.requests_per_s_half = 0.1; /* requests are whole */
    run.errors_connect = run.errors_read = run.errors_write = run.errors_timeout = 0;
    run.errors_status = 0;
    return run;
}

static inline void fixture_add_run(Fixture *f, const char *labels_text, WbRun *run,
                                   const WbRunDetails *details)
{
    g_autoptr(WbLabels) labels = fixture_labels(labels_text);
    g_autoptr(GError) error = NULL;

    wb_store_add_run(f->store, run, labels, details, &error);
    g_assert_no_error(error);
}

/* Runs of those rates, ended by 0. */
static inline void fixture_add_runs(Fixture *f, const char *labels_text, const double *rates)
{
    for (; *rates > 0; rates++) {
        WbRun run = fixture_run(*rates);

        fixture_add_run(f, labels_text, &run, NULL);
    }
}

static inline void fixture_add_published(Fixture *f, const WbPublished *published,
                                         const WbLabels *labels)
{
    g_autoptr(GError) error = NULL;

    wb_store_add_published(f->store, published, labels, &error);
    g_assert_no_error(error);
}

/* Reads one of the article's tables (tests/golden/article) as published figures. */
static inline void fixture_add_article(Fixture *f, const char *file, const char *benchmark,
                                       const char *split)
{
    g_autofree char *path = g_build_filename("tests/golden/article", file, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    lines = g_strsplit(text, "\n", -1);
    g_assert_true(wb_store_begin(f->store, NULL));
    for (char **line = lines + 1; **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        g_autoptr(WbLabels) labels = wb_labels_new();
        const char *end = cells[2] + strlen(cells[2]);
        WbPublished published;

        wb_published_init(&published);
        published.split = split;
        wb_labels_set(labels, "benchmark", benchmark);
        wb_labels_set(labels, "server", cells[0]);
        wb_labels_set(labels, "framework", cells[1]);
        if (!wb_state_parse(cells[2], &published.state)) {
            published.state = WB_STATE_OK;
            if (cells[3]) {
                published.window_min = g_ascii_strtod(cells[2], NULL);
                published.window_max = g_ascii_strtod(cells[3], NULL);
            } else {
                wb_units_scan_count(cells[2], end, &published.requests_per_s,
                                    &published.requests_per_s_half);
            }
        }
        fixture_add_published(f, &published, labels);
    }
    g_assert_true(wb_store_commit(f->store, NULL));
}

/* All three of them. */
static inline void fixture_fill_article(Fixture *f)
{
    fixture_add_article(f, "hello.csv", "hello", NULL);
    fixture_add_article(f, "errors.csv", "data", "errors");
    fixture_add_article(f, "noerrors.csv", "data", "no errors");
}

/* A loaded query with those conditions ("a=b" ended by NULL; NULL: none). */
static inline void fixture_query(Fixture *f, WbQuery *query, const char *const *where)
{
    g_autoptr(GError) error = NULL;

    query->db = g_strdup(f->path);
    query->where = g_strdupv((char **)where);
    wb_query_load(query, NULL, &error);
    g_assert_no_error(error);
}

#endif
