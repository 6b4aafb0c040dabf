/*
 * Campaign notes: what the order of time says of whole campaigns, as sentences for people.
 */
#ifndef WB_REPORT_CAMPAIGN_NOTES_H
#define WB_REPORT_CAMPAIGN_NOTES_H

#include <glib.h>

#include "analyze/summary.h"

/** wb_campaign_notes_add: a sentence for each drift, change of level and first-run effect.
 * @param notes  of char * */
void wb_campaign_notes_add(GPtrArray *notes, const WbSummary *summary);

#endif
