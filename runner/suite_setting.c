/*
 * Suite setting: a value of the file, with a cell's labels put in, becomes a member of the cell.
 * One function a kind; each tells a wrong value at its place and leaves the member as it was.
 */
#include "runner/suite_draft.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include "runner/near_word.h"
#include "schema/units.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

static void *member_of(const WbDraftSetting *setting, void *base)
{
    return (char *)base + setting->key->offset;
}

/* ---- labels in texts ----------------------------------------------------------------------- */

static void tell_unknown_label(WbDraftApply *apply, int place, const char *name)
{
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_autofree char *hint = NULL;

    if (strcmp(name, "port") == 0) {
        wb_suite_problems_add(apply->problems, place,
                              "{port} is known only in start, env and url; remove it here");
        return;
    }
    for (size_t i = 0; i < wb_labels_count(apply->labels); i++)
        g_ptr_array_add(known, wb_labels_at(apply->labels, i)->key);
    hint = wb_near_word_hint(name, known);
    wb_suite_problems_add(apply->problems, place,
                          "unknown label '%.64s' in '{%.64s}'; %s ('{{' stands for a brace)", name,
                          name, hint);
}

/* Appends what the `{name}` at `*text` stands for and moves behind it. */
static bool append_label(WbDraftApply *apply, const WbSuiteKey *key, int place, const char **text,
                         GString *out)
{
    size_t len = strspn(*text + 1, NAME_LETTERS);
    g_autofree char *name = g_strndup(*text + 1, len);
    const char *value = wb_labels_get(apply->labels, name);

    if (len == 0 || (*text)[1 + len] != '}') {
        wb_suite_problems_add(apply->problems, place,
                              "'{' begins a label, as in {server}, but '%.20s' is none; write '{{' "
                              "for a brace",
                              *text);
        return false;
    }
    if (!value && (!(key->flags & WB_KEY_PORT) || strcmp(name, "port") != 0)) {
        tell_unknown_label(apply, place, name);
        return false;
    }
    if (value)
        g_string_append(out, value);
    else
        g_string_append(out, "{port}");
    *text += len + 2;
    return true;
}

static size_t count_ports(const char *text)
{
    size_t n = 0;

    for (; (text = strstr(text, "{port}")); text++)
        n++;
    return n;
}

/* `{port}` in a replaced text must be one that the file asked for. */
static bool note_port(WbDraftApply *apply, const WbDraftSetting *setting, const WbDraftText *from,
                      const char *to, size_t asked)
{
    if (!(setting->key->flags & WB_KEY_PORT))
        return true;
    if (count_ports(to) != asked) {
        wb_suite_problems_add(
            apply->problems, from->place,
            "a literal '{port}' cannot stand here; it is replaced by a free port");
        return false;
    }
    if (asked > 0 && setting->key->kind == WB_KIND_TEXT)
        apply->port_in_url = true;
    else if (asked > 0)
        apply->port_in_command = true;
    return true;
}

/* The text with its labels replaced, or NULL (caller frees). */
static char *replace(WbDraftApply *apply, const WbDraftSetting *setting, const WbDraftText *from)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *p = from->text;
    size_t ports = 0;

    while (apply->labels && *p && out->len <= WB_SUITE_MAX_TEXT_BYTES) {
        size_t plain = strcspn(p, "{");

        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        if (g_str_has_prefix(p, "{{")) {
            g_string_append_c(out, '{');
            p += 2;
        } else if (*p) {
            ports += g_str_has_prefix(p, "{port}") ? 1 : 0;
            if (!append_label(apply, setting->key, from->place, &p, out))
                return NULL;
        }
    }
    if (!apply->labels)
        g_string_append(out, from->text);
    if (out->len > WB_SUITE_MAX_TEXT_BYTES) {
        wb_suite_problems_add(apply->problems, from->place,
                              "too long a text: at most 1 MiB, labels replaced");
        return NULL;
    }
    if (apply->labels && !note_port(apply, setting, from, out->str, ports))
        return NULL;
    *apply->expanded_bytes += (int64_t)out->len + 1;
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* ---- one function a kind ------------------------------------------------------------------- */

/* For kinds whose text is read further; NULL: it is told. */
static char *one_text(const WbDraftSetting *setting, WbDraftApply *apply)
{
    return replace(apply, setting, &g_array_index(setting->texts, WbDraftText, 0));
}

static bool refuse(const WbDraftSetting *setting, WbDraftApply *apply, const char *value,
                   const char *why)
{
    wb_suite_problems_add(apply->problems, setting->place,
                          "\"%s\": '%.60s' %s; write it as in \"%s\": %s", setting->key->name,
                          value, why, setting->key->name, setting->key->example);
    return false;
}

static bool apply_text(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    char **member = member_of(setting, base);
    char *text = one_text(setting, apply);

    if (!text)
        return false;
    if (!*text && !(setting->key->flags & WB_KEY_MAY_BE_EMPTY)) {
        g_free(text);
        return refuse(setting, apply, "", "is empty");
    }
    g_free(*member);
    *member = text;
    return true;
}

/* "0", "0-1,3": numbers of CPUs below 4096. */
static bool is_cpu_list(const char *text)
{
    long last = -1;

    for (;;) {
        char *end;
        long cpu = g_ascii_isdigit(*text) ? strtol(text, &end, 10) : -1;

        if (cpu < 0 || cpu > 4095 || cpu < last)
            return false;
        if (*end == '\0')
            return true;
        if (*end != ',' && (*end != '-' || last >= 0))
            return false;
        last = *end == '-' ? cpu : -1;
        text = end + 1;
    }
}

static bool apply_cpus(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    char **member = member_of(setting, base);
    char *text = one_text(setting, apply);

    if (!text)
        return false;
    if (!is_cpu_list(text)) {
        refuse(setting, apply, text, "is no list of CPUs like 0 or 0-1,3");
        g_free(text);
        return false;
    }
    g_free(*member);
    *member = text;
    return true;
}

static bool apply_signal(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"TERM", SIGTERM}, {"INT", SIGINT},   {"QUIT", SIGQUIT}, {"HUP", SIGHUP},
                   {"KILL", SIGKILL}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}};
    g_autofree char *text = one_text(setting, apply);
    const char *name;

    if (!text)
        return false;
    name = g_str_has_prefix(text, "SIG") ? text + 3 : text;
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        if (strcmp(signals[i].name, name) == 0) {
            *(int *)member_of(setting, base) = signals[i].number;
            return true;
        }
    return refuse(setting, apply, text, "is none of TERM, INT, QUIT, HUP, KILL, USR1, USR2");
}

/* Number of the word, or -1. */
static int read_word(const WbDraftSetting *setting, WbDraftApply *apply)
{
    g_autofree char *text = one_text(setting, apply);
    g_autoptr(GPtrArray) known = g_ptr_array_new();
    g_autofree char *hint = NULL;

    if (!text)
        return -1;
    for (int i = 0; setting->key->words[i]; i++) {
        if (strcmp(setting->key->words[i], text) == 0)
            return i;
        g_ptr_array_add(known, (char *)(uintptr_t)setting->key->words[i]);
    }
    hint = wb_near_word_hint(text, known);
    wb_suite_problems_add(apply->problems, setting->place, "\"%s\" cannot be '%.60s'; %s",
                          setting->key->name, text, hint);
    return -1;
}

static bool apply_word(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    int word = read_word(setting, apply);

    if (word >= 0)
        *(int *)member_of(setting, base) = word;
    return word >= 0;
}

static bool apply_isolate(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    int word = read_word(setting, apply);

    if (word >= 0)
        *(bool *)member_of(setting, base) = word == 1;
    return word >= 0;
}

static bool apply_time(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    g_autofree char *text = one_text(setting, apply);
    const char *end = NULL;
    int64_t ns;
    int64_t half;

    if (!text)
        return false;
    end = wb_units_scan_time(text, text + strlen(text), &ns, &half);
    if (!end || *end)
        return refuse(setting, apply, text, "is no time with ms, s, m or h");
    if (ns < setting->key->min || ns > setting->key->max) {
        g_autofree char *min = wb_units_format_time(setting->key->min);

        wb_suite_problems_add(apply->problems, setting->place,
                              "\"%s\" is %.40s, but must be %s to 168h", setting->key->name, text,
                              setting->key->min ? min : "0s");
        return false;
    }
    *(int64_t *)member_of(setting, base) = ns;
    return true;
}

static bool apply_percent(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    g_autofree char *text = one_text(setting, apply);
    const char *end;
    double value;
    double half;
    bool exact;

    if (!text)
        return false;
    end = wb_units_scan_number(text, text + strlen(text), &value, &half, &exact);
    if (!end || strcmp(end, "%") != 0)
        return refuse(setting, apply, text, "is no percentage");
    if (!(value >= 0.01 && value <= 50))
        return refuse(setting, apply, text, "is out of range: it must be 0.01% to 50%");
    *(double *)member_of(setting, base) = value / 100;
    return true;
}

/* A number of the file, or a text whose label is one, within the key's range. */
static bool read_number(const WbDraftSetting *setting, WbDraftApply *apply, bool whole, double *out)
{
    g_autofree char *text = setting->texts ? one_text(setting, apply) : NULL;
    char shown[WB_UNITS_DOUBLE_SIZE];
    double value = setting->number;
    double half;

    if (setting->texts) {
        const char *end = text ? wb_units_scan_count(text, text + strlen(text), &value, &half) : "";

        if (!text)
            return false;
        if (!end || *end)
            return refuse(setting, apply, text, "is no number");
    }
    wb_units_format_double(value, shown);
    if (whole && value != floor(value))
        return refuse(setting, apply, shown, "is no whole number");
    if (!(value >= (double)setting->key->min && value <= (double)setting->key->max)) {
        wb_suite_problems_add(apply->problems, setting->place,
                              "\"%s\" is %s, but must be %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                              setting->key->name, *shown ? shown : "no number", setting->key->min,
                              setting->key->max);
        return false;
    }
    *out = value;
    return true;
}

static bool apply_count(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    double value;
    bool ok = read_number(setting, apply, true, &value);

    if (ok)
        *(int *)member_of(setting, base) = (int)value;
    return ok;
}

static bool apply_count64(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    double value;
    bool ok = read_number(setting, apply, true, &value);

    if (ok)
        *(int64_t *)member_of(setting, base) = (int64_t)value;
    return ok;
}

static bool apply_rate(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    return read_number(setting, apply, false, member_of(setting, base));
}

static bool apply_bool(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    (void)apply;
    *(bool *)member_of(setting, base) = setting->number != 0;
    return true;
}

static bool apply_bool_not(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    (void)apply;
    *(bool *)member_of(setting, base) = setting->number == 0;
    return true;
}

static bool apply_runs(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    WbSuiteLoad *load = &((WbSuiteCell *)base)->load;
    double value;

    if (!read_number(setting, apply, true, &value))
        return false;
    load->runs_min = load->runs_max = (int)value;
    load->until_ci = 0;
    return true;
}

/* A list: pairs as NAME`between`VALUE. */
static bool apply_list(const WbDraftSetting *setting, WbDraftApply *apply, void *base,
                       const char *between)
{
    char ***member = member_of(setting, base);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < setting->texts->len; i++) {
        const WbDraftText *from = &g_array_index(setting->texts, WbDraftText, i);
        char *text = replace(apply, setting, from);

        if (!text)
            return false;
        if (from->name) {
            g_ptr_array_add(list, g_strconcat(from->name, between, text, NULL));
            g_free(text);
        } else {
            g_ptr_array_add(list, text);
        }
    }
    g_ptr_array_add(list, NULL);
    g_strfreev(*member);
    *member = (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
    return true;
}

static bool apply_argv(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    if (!apply_list(setting, apply, base, ""))
        return false;
    if ((*(char ***)member_of(setting, base))[0][0] == '\0')
        return refuse(setting, apply, "", "cannot be the name of a program");
    return true;
}

static bool apply_env(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    return apply_list(setting, apply, base, "=");
}

static bool apply_headers(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    return apply_list(setting, apply, base, ": ");
}

bool wb_draft_setting_apply(const WbDraftSetting *setting, WbDraftApply *apply, void *base)
{
    static bool (*const kinds[])(const WbDraftSetting *, WbDraftApply *, void *) = {
        [WB_KIND_TEXT] = apply_text,       [WB_KIND_CPUS] = apply_cpus,
        [WB_KIND_SIGNAL] = apply_signal,   [WB_KIND_WORD] = apply_word,
        [WB_KIND_ISOLATE] = apply_isolate, [WB_KIND_TIME] = apply_time,
        [WB_KIND_PERCENT] = apply_percent, [WB_KIND_COUNT] = apply_count,
        [WB_KIND_COUNT64] = apply_count64, [WB_KIND_RATE] = apply_rate,
        [WB_KIND_BOOL] = apply_bool,       [WB_KIND_BOOL_NOT] = apply_bool_not,
        [WB_KIND_RUNS] = apply_runs,       [WB_KIND_ARGV] = apply_argv,
        [WB_KIND_ENV] = apply_env,         [WB_KIND_HEADERS] = apply_headers,
    };

    return kinds[setting->key->kind](setting, apply, base);
}
