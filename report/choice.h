/*
 * Choice: a fixed list of which a user chooses one by its name, or by the name of the file that is
 * to be written: formats, kinds of charts. One place finds, lists and refuses.
 */
#ifndef WB_REPORT_CHOICE_H
#define WB_REPORT_CHOICE_H

#include <glib.h>
#include <stddef.h>

/* The first member of each item of a list. */
typedef struct {
    const char *name;
    const char *suffix;  /* of files written so; NULL: not chosen by a file's name */
    const char *summary; /* for --help */
} WbChoice;

typedef struct {
    const void *items; /* [n] structs of `size` bytes that begin with a WbChoice */
    size_t n, size;
} WbChoices;

/** WB_CHOICES: the list of an array. */
#define WB_CHOICES(array) ((WbChoices){(array), G_N_ELEMENTS(array), sizeof((array)[0])})

#define WB_CHOICE_ERROR (wb_choice_error_quark())
GQuark wb_choice_error_quark(void);
typedef enum {
    WB_CHOICE_ERROR_NAME, /* the list holds no such thing */
} WbChoiceError;

/** wb_choice_at: item number i. */
const void *wb_choice_at(WbChoices choices, size_t i);

/**
 * wb_choice_named: the item of that name.
 *
 * @param asked  what the user set, for the error: "--format"
 * @param name   NULL is no name
 * @return       NULL with an error that lists all names
 */
const void *wb_choice_named(WbChoices choices, const char *asked, const char *name, GError **error);

/**
 * wb_choice_find: by name; where none is given by the name of the file, the first of its suffix;
 * else the first of all.
 *
 * @param path  or NULL
 * @return      NULL with an error: a name that is not in the list
 */
const void *wb_choice_find(WbChoices choices, const char *asked, const char *name, const char *path,
                           GError **error);

/** wb_choices_append_help: a line for each: name and summary. */
void wb_choices_append_help(WbChoices choices, GString *out);

#endif
