/*
 * Story, how it was measured: the facts at the top, the method in words, what the figures do not
 * allow to conclude. Where and with which commands: story_environment.c.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/campaign_notes.h"
#include "report/case_name.h"
#include "report/clean.h"
#include "report/notes.h"
#include "report/story_parts.h"
#include "report/summary_text.h"

#define DAY           10 /* bytes of "2026-11-26" */
#define SKIPPED_NAMED 12

/* ---- facts ---------------------------------------------------------------------------------- */

static void add_fact(GPtrArray *facts, const char *term, char *value)
{
    g_ptr_array_add(facts, g_strdup(term));
    g_ptr_array_add(facts, value);
}

/* "2026-11-26", "2026-11-26 to 2026-11-28": of the runs, else of the campaigns. */
static char *dates(const WbStory *story)
{
    const char *least = NULL, *most = NULL;

    for (guint i = 0; i < story->query.set->runs->len; i++) {
        const char *at = g_array_index(story->query.set->runs, WbRun, i).started_at;

        if (!at || strlen(at) < DAY)
            continue;
        if (!least || strcmp(at, least) < 0)
            least = at;
        if (!most || strcmp(at, most) > 0)
            most = at;
    }
    if (!least)
        return NULL;
    if (!strncmp(least, most, DAY))
        return g_strndup(least, DAY);
    return g_strdup_printf("%.*s to %.*s", DAY, least, DAY, most);
}

static char *statistic(const WbStory *story)
{
    const WbSummary *summary = story->query.summary;
    char buffer[WB_UNITS_DOUBLE_SIZE];
    const char *window = wb_units_format_double((double)summary->window_ns / 1e9, buffer);

    if (summary->runs_most == 0)
        return g_strdup_printf("as published; min - max in %s s", window);
    if (summary->runs_least == summary->runs_most)
        return g_strdup_printf("best and median of %" PRId64 " run%s; min - max in %s s",
                               summary->runs_most, summary->runs_most == 1 ? "" : "s", window);
    return g_strdup_printf("best and median of %" PRId64 " to %" PRId64 " runs; min - max in %s s",
                           summary->runs_least, summary->runs_most, window);
}

/* What disturbs the measurement itself: the findings that are about host and client. */
static const struct {
    const char *finding, *what;
} disturbances[] = {
    {"foreign cpu", "other programs took CPU time of the host: part of the spread and of the "
                    "differences may be their doing"},
    {"stolen cpu", "the hypervisor gave CPU time of the host to others: part of the spread and of "
                   "the differences may be their doing"},
    {"client saturated", "the client that made the load was at its own limit: the servers may be "
                         "faster than shown"},
};

/* The runs with that finding, added to `runs` (of const WbRun *). */
static void add_disturbed(const WbStory *story, const char *finding, GHashTable *runs)
{
    for (guint i = 0; i < story->query.findings->items->len; i++) {
        const WbCaseFinding *item = g_ptr_array_index(story->query.findings->items, i);

        for (guint r = 0; !strcmp(item->finding, finding) && r < item->runs->len; r++)
            g_hash_table_add(runs, (gpointer)g_array_index(item->runs, WbRunFinding, r).run);
    }
}

/* "20 of 20 runs: see ..."; NULL: none (caller frees). */
static char *disturbed(const WbStory *story)
{
    g_autoptr(GHashTable) runs = g_hash_table_new(NULL, NULL);

    for (size_t k = 0; k < G_N_ELEMENTS(disturbances); k++)
        add_disturbed(story, disturbances[k].finding, runs);
    if (g_hash_table_size(runs) == 0)
        return NULL;
    return g_strdup_printf("%u of %u runs: see \xe2\x80\x9cWhat cannot be concluded\xe2\x80\x9d",
                           g_hash_table_size(runs), story->query.set->runs->len);
}

void wb_story_tell_facts(WbTelling *t)
{
    GPtrArray *facts = wb_summary_facts(t->story->query.set, t->story->query.summary);
    char *when = dates(t->story);
    char *host = wb_story_hosts(t->story);
    char *noise = disturbed(t->story);

    if (host)
        add_fact(facts, "Host", host);
    if (when)
        add_fact(facts, "Measured", when);
    add_fact(facts, "Statistic", statistic(t->story));
    if (noise)
        add_fact(facts, "Disturbed", noise);
    wb_paper_add_facts(t->paper, facts);
}

/* ---- method --------------------------------------------------------------------------------- */

/* What the runs say of how they were made. */
typedef struct {
    size_t native, foreign, open_loop, warmed, drained, loopback;
    int64_t partial, failed;
} Made;

static bool is_loopback(const char *url)
{
    return url &&
           (strstr(url, "://127.") || strstr(url, "://localhost") || strstr(url, "://[::1]"));
}

static Made look_at(const WbStory *story)
{
    Made made = {0};

    for (guint i = 0; i < story->query.set->runs->len; i++) {
        const WbRun *run = &g_array_index(story->query.set->runs, WbRun, i);
        bool native = !g_strcmp0(run->tool, "wrkbook");

        made.native += native;
        made.foreign += !native;
        made.open_loop += isnan(run->rate_per_s) ? 0 : 1;
        made.warmed += run->warmup_ns != WB_NONE && run->warmup_ns > 0;
        made.drained += run->drained == 1;
        made.loopback += is_loopback(run->url);
        made.partial += !g_strcmp0(run->status, "partial");
        made.failed += !g_strcmp0(run->status, "failed");
    }
    return made;
}

static void say(GPtrArray *list, const char *text)
{
    g_ptr_array_add(list, g_strdup(text));
}

/* How runs of several cases followed each other. */
static void say_order(const WbStory *story, GPtrArray *list)
{
    size_t interleaved = 0, grouped = 0;

    for (guint i = 0; i < story->campaigns->len; i++) {
        const char *order = g_array_index(story->campaigns, WbCampaignRecord, i).run_order;

        interleaved += !g_strcmp0(order, "interleaved");
        grouped += !g_strcmp0(order, "grouped");
    }
    if (interleaved)
        say(list, "The runs were interleaved: every case once, in an order drawn anew, then every "
                  "case again; what drifts on the host meets all cases alike.");
    if (grouped)
        say(list, "The runs were grouped: all runs of a case, then all of the next; a host that "
                  "drifts makes later cases unlike earlier ones.");
    if (!interleaved && !grouped && story->query.set->runs->len)
        say(list, "In which order the runs of the cases were made is not known.");
}

static void say_load(const WbStory *story, const Made *made, GPtrArray *list)
{
    size_t runs = story->query.set->runs->len;

    if (made->foreign && made->native)
        g_ptr_array_add(list, g_strdup_printf("%zu runs were made by wrkbook, %zu are imported "
                                              "from the logs of other tools.",
                                              made->native, made->foreign));
    else if (made->foreign)
        say(list, "All runs are imported from the logs of the tool that made them; their text is "
                  "kept in the database.");
    if (runs && made->open_loop == 0)
        say(list, "Load: closed loop. Each connection sends its next request when the answer to "
                  "the last has come, so a slow server is asked less.");
    else if (made->open_loop == runs && runs)
        say(list, "Load: open loop. Requests are due at a fixed rate, and latency counts from the "
                  "moment a request was due.");
    else if (made->open_loop)
        g_ptr_array_add(list, g_strdup_printf("%zu of %zu runs were made at a fixed rate, the "
                                              "others in a closed loop.",
                                              made->open_loop, runs));
    if (made->warmed)
        g_ptr_array_add(list, g_strdup_printf("%zu of %zu runs had a warm-up, which is not "
                                              "counted.",
                                              made->warmed, runs));
    if (made->drained)
        g_ptr_array_add(list, g_strdup_printf("After %zu of %zu runs the server was seen to come "
                                              "to rest before the next began.",
                                              made->drained, runs));
}

static void say_statistics(const WbStory *story, const Made *made, GPtrArray *list)
{
    char buffer[WB_UNITS_DOUBLE_SIZE];

    g_ptr_array_add(
        list, g_strdup_printf(
                  "Best: the highest requests/s of any complete run of a case. min - "
                  "max: the lowest and the highest number of requests in %s s, over "
                  "all complete runs of a case.",
                  wb_units_format_double((double)story->query.summary->window_ns / 1e9, buffer)));
    if (story->query.set->runs->len) {
        say(list, "Median \xc2\xb1: its distribution-free interval, at a confidence of at least "
                  "90 %, from 5 runs on. A run is the observation, never a second of it.");
        say(list, "Two cases are told apart if the rank-sum test of their runs says so (exact; "
                  "signed ranks for the rounds of one interleaved campaign; corrected for the "
                  "number of pairs by Benjamini and Hochberg, level 5 %) and their ratio is beyond "
                  "5 %; else they "
                  "share a letter.");
        say(list, "A case has errors if any of its runs had a connect, read, write or timeout "
                  "error; then its rate is not set beside the others and it has no rank.");
    }
    if (made->partial + made->failed)
        g_ptr_array_add(list, g_strdup_printf("Left out of every figure: %" PRId64
                                              " runs cut short and %" PRId64 " that failed.",
                                              made->partial, made->failed));
    else if (story->query.set->runs->len)
        say(list, "No run was left out.");
}

/* The keys that name a case among all of the story. */
static GPtrArray *name_keys(const WbStory *story)
{
    g_autoptr(GPtrArray) labels = g_ptr_array_new();

    for (size_t i = 0; i < story->query.summary->cases->len; i++)
        g_ptr_array_add(labels, wb_summary_at(story->query.summary, i)->of_case->labels);
    return wb_case_name_keys(labels, NULL, NULL);
}

/* "Not measured: cut/json and wsgiref/json (no such app).": what a suite skips, by its reason. */
static void say_skipped(const WbStory *story, GPtrArray *list)
{
    const GArray *published = story->query.set->published;
    g_autoptr(GPtrArray) keys = name_keys(story);
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < published->len; i++) {
        const char *because = g_array_index(published, WbPublished, i).because;
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *joined = NULL;

        if (!because || !g_hash_table_add(told, (gpointer)because))
            continue;
        for (guint k = i; k < published->len; k++) {
            const WbPublished *p = &g_array_index(published, WbPublished, k);

            if (p->state == WB_STATE_NA && !g_strcmp0(p->because, because))
                g_ptr_array_add(names, wb_case_name(p->of_case->labels, keys));
        }
        joined = wb_story_join(names, SKIPPED_NAMED);
        if (names->len)
            g_ptr_array_add(list, g_strdup_printf("Not measured (n/a): %s: %s.", joined, because));
    }
}

void wb_story_tell_method(WbTelling *t)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    Made made = look_at(t->story);

    say_load(t->story, &made, list);
    say_order(t->story, list);
    say_statistics(t->story, &made, list);
    say_skipped(t->story, list);
    wb_paper_add_heading(t->paper, 1, "Method");
    wb_paper_add_list(t->paper, list);
}

/* ---- limits --------------------------------------------------------------------------------- */

static void name_cases(const WbStory *story, WbNoted *noted)
{
    g_autoptr(GPtrArray) keys = name_keys(story);

    for (size_t i = 0; i < story->query.summary->cases->len; i++) {
        const WbCaseSummary *of = wb_summary_at(story->query.summary, i);

        if (of->runs || of->published_n)
            wb_noted_add(noted, wb_case_name(of->of_case->labels, keys), of);
    }
}

static bool has_published_only(const WbCaseSummary *of)
{
    for (size_t i = 0; of->runs_complete == 0 && i < of->published_n; i++)
        if (of->published[i]->state == WB_STATE_OK)
            return true;
    return false;
}

static bool is_short(const WbCaseSummary *of)
{
    return of->runs_complete > 0 && (of->warnings & WB_WARN_FEW_RUNS);
}

static void say_of(const WbNoted *noted, bool (*is)(const WbCaseSummary *), const char *sentence,
                   GPtrArray *list)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < noted->cases->len; i++)
        if (is(g_ptr_array_index(noted->cases, i)))
            g_ptr_array_add(names, g_ptr_array_index(noted->names, i));
    wb_notes_add_list(list, sentence, names, noted->cases->len);
}

static bool has_ties(const WbStory *story)
{
    for (guint i = 0; i < story->ranks.list->len; i++) {
        const WbRanking *ranking = wb_rank_table_at(&story->ranks, i)->ranking;

        for (size_t p = 0; p < ranking->pairs_n; p++)
            if (!ranking->pairs[p].different)
                return true;
    }
    return false;
}

static void say_disturbed(const WbStory *story, GPtrArray *list)
{
    for (size_t k = 0; k < G_N_ELEMENTS(disturbances); k++) {
        g_autoptr(GHashTable) runs = g_hash_table_new(NULL, NULL);

        add_disturbed(story, disturbances[k].finding, runs);
        if (g_hash_table_size(runs))
            g_ptr_array_add(list,
                            g_strdup_printf("In %u of %u runs %s.", g_hash_table_size(runs),
                                            story->query.set->runs->len, disturbances[k].what));
    }
}

void wb_story_tell_limits(WbTelling *t)
{
    const WbStory *story = t->story;
    Made made = look_at(story);
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    WbNoted noted;

    wb_noted_init(&noted);
    name_cases(story, &noted);
    say_disturbed(story, list);
    if (made.loopback && made.loopback == story->query.set->runs->len)
        say(list, "Load and server shared one host and its CPUs: the rates are those of both "
                  "together, and no network was between them.");
    else if (made.loopback)
        g_ptr_array_add(
            list, g_strdup_printf("In %zu runs load and server shared one host.", made.loopback));
    if (has_ties(story))
        say(list, "Cases that share a letter are not shown to be equal: these runs do not tell "
                  "them apart, or they are within 5 %. wrkbook analyze advise says how many runs "
                  "would.");
    say_of(&noted, is_short, "Fewer than 5 runs, so no interval and hardly a test", list);
    say_of(&noted, has_published_only,
           "Only published figures, of unknown runs: neither an interval nor a test", list);
    if (story->query.set->runs->len && made.open_loop == 0)
        say(list, "Latencies of a closed loop leave out those who would have asked while the "
                  "server stalled; they are a lower bound for what users meet.");
    if (story->query.set->runs->len && story->campaigns->len > 1)
        g_ptr_array_add(list, g_strdup_printf("The runs are of %u campaigns: what changed on the "
                                              "hosts between them is in the differences, too.",
                                              story->campaigns->len));
    wb_campaign_notes_add(list, story->query.summary);
    wb_noted_clear(&noted);
    for (guint i = 0; i < list->len; i++) {
        char *first = g_ptr_array_index(list, i);

        *first = g_ascii_toupper(*first);
    }
    if (list->len)
        wb_paper_add_heading(t->paper, 1, "What cannot be concluded");
    wb_paper_add_list(t->paper, list);
}
