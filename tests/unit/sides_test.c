/*
 * The sides of a comparison: what makes two of them, what is refused, and that no file which is
 * being written or is damaged is taken for whole.
 */
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/two_sides.h"

static void test_two_campaigns_of_one_file_are_two_sides(void)
{
    const char *files[] = {NULL, NULL};
    g_autoptr(GError) error = NULL;
    Two two;

    two_init(&two);
    add(&two.a, "server=x", steady());
    begin_on(&two.a, NULL);
    add(&two.a, "server=x", fixture_run(2000));
    close_stores(&two);
    files[0] = two.a.path;
    two.sides.files = g_strdupv((char **)files);
    set_option(&two.sides.where, "campaign=1", "server=x");
    set_option(&two.sides.against, "campaign=2", NULL);
    wb_sides_load(&two.sides, &error);
    g_assert_no_error(error);
    match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 1);
    g_assert_cmpfloat(wb_match_at(&two.matching, 0)->a->rate.median, ==, 1000);
    g_assert_cmpfloat(wb_match_at(&two.matching, 0)->b->rate.median, ==, 2000);
    two_clear(&two);
}

static void test_two_values_of_a_label_are_two_sides(void)
{
    const char *files[] = {NULL, NULL};
    g_autoptr(GError) error = NULL;
    Two two;

    two_init(&two);
    add(&two.a, "server=x release=1", steady());
    add(&two.a, "server=x release=2", fixture_run(2000));
    close_stores(&two);
    files[0] = two.a.path;
    two.sides.files = g_strdupv((char **)files);
    set_option(&two.sides.where, "release=1", NULL);
    set_option(&two.sides.against, "release=2", NULL);
    wb_sides_load(&two.sides, &error);
    g_assert_no_error(error);
    match(&two);
    g_assert_cmpuint(two.matching.list->len, ==, 1);
    g_assert_nonnull(wb_match_at(&two.matching, 0)->a);
    g_assert_nonnull(wb_match_at(&two.matching, 0)->b);
    two_clear(&two);
}

static void test_conditions_that_make_no_two_sides_are_refused(void)
{
    static const struct {
        const char *where, *against;
        int code;
    } wrong[] = {{NULL, NULL, WB_SIDES_ERROR_OPTION},
                 {NULL, "campaign=1", WB_SIDES_ERROR_OPTION},
                 {"server=x", "campaign=1", WB_SIDES_ERROR_OPTION},
                 {"campaign=1", "campaign=1", WB_SIDES_ERROR_SAME},
                 {"campaign=1", "campaign=7", WB_SIDES_ERROR_EMPTY}};

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        const char *files[] = {NULL, NULL};
        g_autoptr(GError) error = NULL;
        Two two;

        two_init(&two);
        add(&two.a, "server=x", steady());
        close_stores(&two);
        files[0] = two.a.path;
        two.sides.files = g_strdupv((char **)files);
        if (wrong[i].where)
            set_option(&two.sides.where, wrong[i].where, NULL);
        if (wrong[i].against)
            set_option(&two.sides.against, wrong[i].against, NULL);
        g_assert_false(wb_sides_load(&two.sides, &error));
        g_assert_error(error, WB_SIDES_ERROR, wrong[i].code);
        two_clear(&two);
    }
}

static void test_the_same_file_twice_is_refused_by_any_name(void)
{
    g_autoptr(GError) error = NULL;
    Two two;

    two_init(&two);
    add(&two.a, "server=x", steady());
    close_stores(&two);
    g_unlink(two.b.path);
    g_assert_cmpint(symlink(two.a.path, two.b.path), ==, 0);
    g_assert_false(load(&two, &error));
    g_assert_error(error, WB_SIDES_ERROR, WB_SIDES_ERROR_SAME);
    two_clear(&two);
}

/* What a child does with the file before it waits to be killed. */
typedef enum { CAMPAIGN, READER, TRANSACTION } Use;

static void use(const char *path, Use how)
{
    sqlite3 *db = NULL;

    if (how == CAMPAIGN) {
        wb_store_open(path, NULL); /* in WAL mode until it is closed */
        return;
    }
    sqlite3_open_v2(path, &db, how == READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, NULL);
    sqlite3_exec(db, how == READER ? "BEGIN; SELECT * FROM runs" : "BEGIN IMMEDIATE", NULL, NULL,
                 NULL);
}

static pid_t start_child(const char *path, Use how)
{
    int ready[2];
    char byte;
    pid_t pid;

    g_assert_cmpint(pipe(ready), ==, 0);
    pid = fork();
    if (pid == 0) {
        use(path, how);
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(0);
    }
    close(ready[1]);
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    close(ready[0]);
    return pid;
}

static void end_child(pid_t pid)
{
    kill(pid, SIGKILL);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

static void test_a_file_that_is_being_written_is_refused_until_its_writer_ends(void)
{
    static const struct {
        Use how;
        bool refused;
    } uses[] = {{CAMPAIGN, true}, {READER, false}, {TRANSACTION, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
        g_autoptr(GError) error = NULL;
        pid_t pid;
        Two two;

        two_init(&two);
        add(&two.a, "server=x", steady());
        add(&two.b, "server=x", steady());
        close_stores(&two);
        pid = start_child(two.b.path, uses[i].how);
        g_assert_cmpint(load(&two, &error), ==, !uses[i].refused);
        if (uses[i].refused)
            g_assert_error(error, WB_STORE_ERROR, WB_STORE_ERROR_BUSY);
        end_child(pid);
        g_clear_error(&error);
        wb_sides_clear(&two.sides);
        wb_sides_init(&two.sides);
        load(&two, &error);
        g_assert_no_error(error);
        two_clear(&two);
    }
}

/* Every page in turn: what was read is right, or the file is refused; never another figure. */
static void test_no_damaged_page_changes_a_figure(void)
{
    g_autofree char *bytes = NULL;
    size_t len, refused = 0;
    Two two;

    two_init(&two);
    for (int i = 0; i < 40; i++)
        add(&two.a, i % 2 ? "server=x" : "server=y", fixture_run(1000 + i));
    close_stores(&two);
    g_assert_true(g_file_get_contents(two.a.path, &bytes, &len, NULL));
    for (size_t page = 1; page < len / 4096; page++) {
        g_autofree char *broken = g_memdup2(bytes, len);
        const char *files[] = {two.a.path, NULL};
        WbSides sides;

        for (size_t i = 0; i < 4096; i++)
            broken[page * 4096 + i] = (char)(i * 37 + page);
        g_assert_true(g_file_set_contents(two.a.path, broken, (gssize)len, NULL));
        wb_sides_init(&sides);
        sides.files = g_strdupv((char **)files);
        set_option(&sides.where, "server=x", NULL);
        set_option(&sides.against, "server=y", NULL);
        if (wb_sides_load(&sides, NULL)) {
            g_assert_cmpfloat(wb_summary_at(wb_sides_at(&sides, 0)->summary, 0)->rate.median, ==,
                              1020);
            g_assert_cmpfloat(wb_summary_at(wb_sides_at(&sides, 1)->summary, 0)->rate.median, ==,
                              1019);
        } else {
            refused++;
        }
        wb_sides_clear(&sides);
    }
    g_assert_cmpuint(refused, >, 5);
    two_clear(&two);
}

/* ---- what a killed writer leaves ------------------------------------------------------------ */

/* Adds a run of server=y, in WAL mode, to what is not closed. */
static void add_unfinished(const char *path)
{
    g_autoptr(WbLabels) labels = fixture_labels("server=y");
    WbStore *store = wb_store_open(path, NULL);
    WbCampaign campaign = {.kind = g_strdup("run")};
    WbRun run = steady();

    wb_store_add_campaign(store, &campaign, NULL);
    wb_store_add_run(store, &run, labels, NULL, NULL);
}

/* Deletes all runs, part of it in the file itself, without an end: a journal has what was there. */
static void change_unfinished(const char *path)
{
    sqlite3 *db = NULL;

    sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_exec(db,
                 "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN; DELETE FROM runs; "
                 "CREATE TABLE filler AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                 "FROM n WHERE i < 2000) SELECT hex(randomblob(100)) FROM n",
                 NULL, NULL, NULL);
}

static void leave_unfinished(const char *path, void (*change)(const char *path))
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        change(path);
        kill(getpid(), SIGKILL);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What lies in the folder of a fixture: names and contents (caller frees). */
static char *folder_state(const Fixture *f)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(f->dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(f->dir, name, NULL);
        g_autofree char *bytes = NULL;
        g_autofree char *sum = NULL;
        size_t len;

        g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
        sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, len);
        g_ptr_array_add(lines, g_strdup_printf("%s %s", name, sum));
    }
    g_dir_close(dir);
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static void remove_beside(const Fixture *f, const char *suffix)
{
    g_autofree char *path = g_strconcat(f->path, suffix, NULL);

    g_unlink(path);
}

/* A copy of what a killed writer left, whole or without a part of it, is read as SQLite would read
 * it after that writer, and lies there as before: no byte is changed and no file is left. */
static void test_what_a_killed_writer_left_is_read_and_stays(void)
{
    static const struct {
        void (*change)(const char *path);
        const char *without[2];
        guint cases;
    } left[] = {{add_unfinished, {"-shm"}, 2},
                {add_unfinished, {"-shm", "-wal"}, 1},
                {change_unfinished, {NULL}, 1}};

    for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
        g_autofree char *before = NULL;
        g_autofree char *after = NULL;
        g_autoptr(GError) error = NULL;
        Two two;

        two_init(&two);
        add(&two.a, "server=x", steady());
        add(&two.b, "server=x", steady());
        close_stores(&two);
        leave_unfinished(two.b.path, left[i].change);
        for (size_t w = 0; w < 2 && left[i].without[w]; w++)
            remove_beside(&two.b, left[i].without[w]);
        before = folder_state(&two.b);
        load(&two, &error);
        g_assert_no_error(error);
        match(&two);
        g_assert_cmpuint(two.matching.list->len, ==, left[i].cases);
        wb_sides_clear(&two.sides);
        wb_sides_init(&two.sides);
        after = folder_state(&two.b);
        g_assert_cmpstr(after, ==, before);
        if (left[i].change == change_unfinished)
            g_assert_nonnull(strstr(before, "-journal"));
        remove_beside(&two.b, "-journal");
        two_clear(&two);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
#define ADD(path, name) g_test_add_func("/sides/" path, name)
    ADD("campaigns", test_two_campaigns_of_one_file_are_two_sides);
    ADD("label", test_two_values_of_a_label_are_two_sides);
    ADD("conditions", test_conditions_that_make_no_two_sides_are_refused);
    ADD("same", test_the_same_file_twice_is_refused_by_any_name);
    ADD("written", test_a_file_that_is_being_written_is_refused_until_its_writer_ends);
    ADD("killed", test_what_a_killed_writer_left_is_read_and_stays);
    ADD("damaged", test_no_damaged_page_changes_a_figure);
    return g_test_run();
}
