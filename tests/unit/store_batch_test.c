/* The store: many runs in one transaction, and their numbers, beside another writer. */
#include <glib.h>

#include "tests/unit/fixture.h"

/* Adds a run with that number (WB_NONE: the next) and returns the one that it got; 0: refused. */
static int64_t add(WbStore *store, const char *labels_text, int64_t run_no, const char *status)
{
    g_autoptr(WbLabels) labels = fixture_labels(labels_text);
    WbRun run = fixture_run(100);

    run.run_no = run_no;
    run.status = status;
    return wb_store_add_run(store, &run, labels, NULL, NULL) ? run.run_no : 0;
}

static void test_numbers_go_on_within_a_transaction(void)
{
    Fixture f;

    fixture_init(&f);
    g_assert_true(wb_store_begin(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 1);
    g_assert_cmpint(add(f.store, "a=1", 10, "complete"), ==, 10);
    g_assert_cmpint(add(f.store, "a=1", 3, "complete"), ==, 3);
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 11);
    g_assert_cmpint(add(f.store, "b=1", WB_NONE, "complete"), ==, 1);
    /* A refused run (a status that the table forbids) takes no number and leaves the others. */
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "nonsense"), ==, 0);
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 12);
    g_assert_true(wb_store_commit(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 13);
    fixture_clear(&f);
}

static void test_numbers_of_a_lost_transaction_are_free_again(void)
{
    Fixture f;

    fixture_init(&f);
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 1);
    g_assert_true(wb_store_begin(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 2);
    g_assert_cmpint(add(f.store, "new=1", WB_NONE, "complete"), ==, 1);
    wb_store_rollback(f.store);
    g_assert_true(wb_store_begin(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 2);
    g_assert_cmpint(add(f.store, "new=1", WB_NONE, "complete"), ==, 1);
    g_assert_true(wb_store_commit(f.store, NULL));
    fixture_clear(&f);
}

static void test_runs_of_another_writer_between_two_transactions_are_counted(void)
{
    WbCampaign campaign = {.kind = g_strdup("import")};
    WbStore *other;
    Fixture f;

    fixture_init(&f);
    g_assert_true(wb_store_begin(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 1);
    g_assert_true(wb_store_commit(f.store, NULL));
    other = wb_store_open(f.path, NULL);
    g_assert_true(wb_store_add_campaign(other, &campaign, NULL));
    wb_campaign_clear(&campaign);
    g_assert_cmpint(add(other, "a=1", WB_NONE, "complete"), ==, 2);
    wb_store_free(other);
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 3);
    g_assert_true(wb_store_begin(f.store, NULL));
    g_assert_cmpint(add(f.store, "a=1", WB_NONE, "complete"), ==, 4);
    g_assert_true(wb_store_commit(f.store, NULL));
    fixture_clear(&f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/store-batch/numbers", test_numbers_go_on_within_a_transaction);
    g_test_add_func("/store-batch/lost", test_numbers_of_a_lost_transaction_are_free_again);
    g_test_add_func("/store-batch/other-writer",
                    test_runs_of_another_writer_between_two_transactions_are_counted);
    return g_test_run();
}
