/*
 * wrk's parser fed piece by piece: wherever a text is cut between two lines, the records are those
 * of the whole text. Over the published logs of tests/data/wrk (its README.md says whence).
 */
#include <glib.h>
#include <string.h>

#include "runner/import/parser.h"

/* Writes down all that a record holds, so that two parses are compared as texts. */
static bool write_run(void *user_data, const WbRun *run, const WbLabels *labels, GError **error)
{
    GString *out = user_data;
    size_t n;
    const WbField *fields = wb_run_fields(&n);

    g_string_append(out, "run");
    for (size_t i = 0; labels && i < wb_labels_count(labels); i++)
        g_string_append_printf(out, " %s=%s", wb_labels_at(labels, i)->key,
                               wb_labels_at(labels, i)->value);
    for (size_t i = 0; run->details && i < run->details->hists_n; i++)
        g_string_append_printf(out, " %s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                               run->details->hists[i].kind, run->details->hists[i].hist->count,
                               run->details->hists[i].hist->sum_ns);
    for (size_t i = 0; i < n; i++) {
        const void *member = (const char *)run + fields[i].offset;

        if (fields[i].type == WB_FIELD_TEXT)
            g_string_append_printf(out, " %s", *(const char *const *)member);
        else if (fields[i].type == WB_FIELD_REAL)
            g_string_append_printf(out, " %.17g", *(const double *)member);
        else
            g_string_append_printf(out, " %" G_GINT64_FORMAT, *(const int64_t *)member);
    }
    g_string_append_c(out, '\n');
    (void)error;
    return true;
}

static bool write_unread(void *user_data, const WbUnreadLine *line, GError **error)
{
    g_string_append_printf(user_data, "unread %" G_GINT64_FORMAT " %s (%s)\n", line->line,
                           line->text, line->reason);
    (void)error;
    return true;
}

/* Feeds the text in pieces of `lines` lines, each in memory of its own that is overwritten then. */
static void feed(const char *text, size_t len, int lines, GString *out)
{
    const WbSink sink = {write_run, NULL, write_unread, out};
    void *state = wb_parser_wrk.begin(&sink);
    const char *end = text + len;
    const char *at = text;

    do {
        const char *next = at;
        g_autofree char *piece = NULL;
        size_t n;

        for (int i = 0; i < lines && next < end; i++) {
            const char *line_end = memchr(next, '\n', (size_t)(end - next));

            next = line_end ? line_end + 1 : end;
        }
        n = (size_t)(next - at);
        piece = g_malloc(n + 1);
        memcpy(piece, at, n);
        g_assert_true(wb_parser_wrk.feed(state, piece, n, next == end, NULL));
        memset(piece, '#', n + 1);
        at = next;
    } while (at < end);
    wb_parser_wrk.end(state);
}

static void test_pieces_of_any_size_give_the_records_of_the_whole(void)
{
    const char *folder = "tests/data/wrk";
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    size_t records = 0;

    g_assert_nonnull(dir);
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        g_autoptr(GString) whole = g_string_new(NULL);
        const WbSink sink = {write_run, NULL, write_unread, whole};
        size_t len;

        g_assert_true(g_file_get_contents(path, &text, &len, NULL));
        g_assert_true(wb_parser_wrk.parse(text, len, &sink, NULL));
        records += whole->len > 0;
        for (int lines = 1; lines <= 13; lines += lines == 1 ? 1 : 2) {
            g_autoptr(GString) pieces = g_string_new(NULL);

            feed(text, len, lines, pieces);
            g_assert_cmpstr(pieces->str, ==, whole->str);
        }
    }
    g_assert_cmpuint(records, >, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/import-wrk/pieces/any-size",
                    test_pieces_of_any_size_give_the_records_of_the_whole);
    return g_test_run();
}
