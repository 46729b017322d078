/* SPDX-License-Identifier: MIT */
/*
 * A frame as a SenML pack (RFC 8428), one line of JSON:
 *
 *   [{"bn":"gw-7/SCP4/","bt":1795344000.123,"n":"TC","u":"Cel","v":23.5},{"n":"STR","vs":"x"}]
 *
 * bn is the router's name and the node's (its serial when it has none, `_` without both);
 * bt the time of measurement, or else of receipt, which is left out while the clock was
 * not set.  Numbers are v with the digits they have, texts vs, true and false vb; null is
 * left out; what has several values gives TAG.1, TAG.2 and so on, anything deeper is vs
 * with its JSON text.  What RFC 8428 does not allow in a name becomes `_`.
 */
#ifndef CORE_SENML_H
#define CORE_SENML_H

#include <stdbool.h>

#include "buf.h"
#include "frame.h"
#include "reading.h"
#include "reason.h"
#include "sensors.h"

/* Which tags have a unit that SenML registers (its primary ones); read-only once made. */
struct senml_units;

/* From all tables; a tag whose tables do not agree has none.  `sensors` may go then. */
bool senml_units_make(struct senml_units **out, const struct sensors *sensors,
                      struct reason *why);
void senml_units_free(struct senml_units *u); /* NULL is fine */

/* The unit of a tag ("TC", also "TC_2"), NULL: none.  `units` may be NULL. */
const char *senml_unit(const struct senml_units *units, const char *tag);

enum senml_result {
	SENML_MADE,
	SENML_EMPTY, /* there is not one record */
	SENML_UNFIT, /* the readings, a foreign program's, cannot be taken apart */
};

/* Adds the pack of a frame, or of one reading of it; nothing unless it is MADE. */
enum senml_result senml_add(struct buf *out, const struct frame *f, const char *router,
                            const struct senml_units *units,
                            const struct reading *reading);

#endif
