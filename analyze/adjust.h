/*
 * Adjust: p values of many cases, corrected so that a page of unchanged cases shows no change. Pure
 * functions.
 */
#ifndef WB_ANALYZE_ADJUST_H
#define WB_ANALYZE_ADJUST_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Which correction decides. */
typedef enum {
    WB_ADJUST_BH,   /* false discovery rate: the share of false changes among those shown */
    WB_ADJUST_HOLM, /* family-wise: any false change at all */
    WB_ADJUST_NONE,
} WbAdjust;

#define WB_ADJUST_ERROR (wb_adjust_error_quark())
GQuark wb_adjust_error_quark(void);
typedef enum {
    WB_ADJUST_ERROR_NAME,
} WbAdjustError;

/** wb_adjust_parse: "bh", "holm" or "none" (NULL: bh). */
bool wb_adjust_parse(const char *text, WbAdjust *out, GError **error);

/** wb_adjust_name: as wb_adjust_parse takes it (static). */
const char *wb_adjust_name(WbAdjust how);

/** wb_adjust_by: fills the chosen correction of every p. */
void wb_adjust_by(WbAdjust how, const double *p, size_t n, double *out);

/**
 * wb_adjust: fills both corrections of every p.
 *
 * @param p         [n] 0..1, no NaN
 * @param out_bh    [n] Benjamini & Hochberg 1995 (false discovery rate); NULL: not wanted
 * @param out_holm  [n] Holm 1979 (family-wise); NULL: not wanted
 * Both as R's p.adjust.
 */
void wb_adjust(const double *p, size_t n, double *out_bh, double *out_holm);

#endif
