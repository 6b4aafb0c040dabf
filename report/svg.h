/*
 * Clean SVG of a drawing: for a file of its own, and inline for a web page. No script, no link, no
 * style attribute, no id but those of a prefix; title and description for who cannot see it.
 */
#ifndef WB_REPORT_SVG_H
#define WB_REPORT_SVG_H

#include <glib.h>

#include "report/drawing.h"

/**
 * wb_svg_append: the picture as an element.
 *
 * Colours are classes by their role ("wb-ink", "wb-blue"): a page sets CSS variables for them; a
 * white figure on a dark cell stays white. In a file they are set by wb_svg_append_file.
 *
 * @param id  prefix of the ids of its title and description; unique in a page
 */
void wb_svg_append(GString *out, const WbDrawing *drawing, const char *id);

/** wb_svg_append_file: the same as a whole file, on white, with its colours. */
void wb_svg_append_file(GString *out, const WbDrawing *drawing);

/** wb_svg_append_styles: the rules of the classes with their colours on white, each a CSS variable
 * with that colour as its value where nobody set it: `.wb-fill-ink{fill:var(--wb-ink,#1f2328)}`. */
void wb_svg_append_styles(GString *out);

#endif
