#include "runner/import/told.h"

#include <stdio.h>
#include <unistd.h>

#define PROGRESS_US 200000

/* Sentences of one kind: all are counted, the first are kept. */
typedef struct {
    int64_t count;
    GPtrArray *sentences;
} Notes;

struct WbTold {
    Notes notes[WB_IMPORT_NOTES];
    bool shows_progress;
    int64_t shown_us; /* when progress was shown last */
};

/* How each kind of note is counted in the last line, and what stands above its list. */
static const struct {
    const char *counted; /* behind its number */
    const char *heading;
    const char *one; /* behind a 1; NULL: the same */
    const char *all; /* behind "and so many more", once stored: where they are; NULL: nowhere */
} words[WB_IMPORT_NOTES] = {
    [WB_IMPORT_NOTE_FAILED] = {"not imported", "not imported"},
    [WB_IMPORT_NOTE_UNLABELLED] = {"without labels from path or manifest", "without labels"},
    [WB_IMPORT_NOTE_UNUSED] = {"of the manifest's paths not found",
                               "in the manifest, and no such file was read"},
    [WB_IMPORT_NOTE_MISMATCH] = {"runs whose figures contradict each other",
                                 "printed figures that contradict each other",
                                 "run whose figures contradict each other"},
    [WB_IMPORT_NOTE_UNREAD] = {"lines not understood", "not understood", "line not understood",
                               "; `wrkbook logs --unread` lists them all"},
    [WB_IMPORT_NOTE_NO_RUN] = {"without a run", "no run found"},
    [WB_IMPORT_NOTE_KNOWN] = {"already known", "already known"},
    [WB_IMPORT_NOTE_SKIPPED] = {"passed over", "passed over"},
};

static const char *const start_words[WB_IMPORT_STARTS] = {
    [WB_IMPORT_START_LOG] = "from the log",
    [WB_IMPORT_START_MANIFEST] = "from the manifest",
    [WB_IMPORT_START_PATH] = "from the path",
    [WB_IMPORT_START_OPTION] = "from --set",
    [WB_IMPORT_START_FILE] = "from the time of the file",
    [WB_IMPORT_START_NONE] = "not known",
};

WbTold *wb_told_new(void)
{
    WbTold *told = g_new0(WbTold, 1);

    for (size_t i = 0; i < WB_IMPORT_NOTES; i++)
        told->notes[i].sentences = g_ptr_array_new_with_free_func(g_free);
    told->shows_progress = isatty(STDERR_FILENO);
    return told;
}

void wb_told_free(WbTold *told)
{
    if (!told)
        return;
    for (size_t i = 0; i < WB_IMPORT_NOTES; i++)
        g_ptr_array_unref(told->notes[i].sentences);
    g_free(told);
}

void wb_told_add(WbTold *told, WbImportNote kind, const char *sentence)
{
    Notes *notes = &told->notes[kind];

    if (notes->count++ < WB_IMPORT_NOTES_SHOWN && sentence)
        g_ptr_array_add(notes->sentences, g_strdup(sentence));
}

int64_t wb_told_count(const WbTold *told, WbImportNote kind)
{
    return told->notes[kind].count;
}

void wb_told_progress(WbTold *told, const WbImportCounts *counts)
{
    int64_t now_us = told->shows_progress ? g_get_monotonic_time() : 0;

    if (!told->shows_progress || now_us - told->shown_us < PROGRESS_US)
        return;
    told->shown_us = now_us;
    fprintf(stderr, "\r%" G_GINT64_FORMAT " files, %" G_GINT64_FORMAT " runs\033[K", counts->files,
            counts->runs);
}

static void print_counts(const WbTold *told, const WbImportCounts *counts, const char *db,
                         bool is_dry)
{
    fprintf(stderr,
            "%" G_GINT64_FORMAT " file%s: %" G_GINT64_FORMAT " run%s, %" G_GINT64_FORMAT
            " published figure%s",
            counts->files, counts->files == 1 ? "" : "s", counts->runs,
            counts->runs == 1 ? "" : "s", counts->published, counts->published == 1 ? "" : "s");
    for (size_t i = 0; i < WB_IMPORT_NOTES; i++)
        if (told->notes[i].count > 0)
            fprintf(stderr, "; %" G_GINT64_FORMAT " %s", told->notes[i].count,
                    told->notes[i].count == 1 && words[i].one ? words[i].one : words[i].counted);
    if (is_dry)
        fputs("; nothing stored (--dry-run)", stderr);
    else if (db)
        fprintf(stderr, "; in %s", db);
    fputc('\n', stderr);
}

static void print_starts(const WbImportCounts *counts)
{
    const char *between = "start times: ";

    for (size_t i = 0; i < WB_IMPORT_STARTS; i++)
        if (counts->starts[i] > 0) {
            fprintf(stderr, "%s%" G_GINT64_FORMAT " %s", between, counts->starts[i],
                    start_words[i]);
            between = ", ";
        }
    if (counts->runs > 0)
        fputc('\n', stderr);
}

static void print_notes(const Notes *notes, const char *heading, const char *all)
{
    if (notes->count == 0)
        return;
    fprintf(stderr, "%s:\n", heading);
    for (guint n = 0; n < notes->sentences->len; n++)
        fprintf(stderr, "%s\n", (const char *)notes->sentences->pdata[n]);
    if (notes->count > WB_IMPORT_NOTES_SHOWN)
        fprintf(stderr, "... and %" G_GINT64_FORMAT " more%s\n",
                notes->count - WB_IMPORT_NOTES_SHOWN, all ? all : "");
}

void wb_told_print(WbTold *told, const WbImportCounts *counts, const char *db, bool is_dry)
{
    static const WbImportCounts none = {0};

    if (told->shown_us)
        fputs("\r\033[K", stderr);
    print_counts(told, counts ? counts : &none, db, is_dry);
    print_starts(counts ? counts : &none);
    for (size_t i = 0; i < WB_IMPORT_NOTES; i++)
        print_notes(&told->notes[i], words[i].heading, db ? words[i].all : NULL);
}
