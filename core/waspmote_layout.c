/* SPDX-License-Identifier: MIT */
/*
 * How a binary frame is laid out.  Nothing in it tells its layout, its sensor table or
 * the library's version, so every way to read it that its type allows is tried:
 *
 *   layout  bytes behind the type byte                              boards
 *   G3      NBYTES, serial (8 bytes), node, #, sequence, fields     v15
 *   G2      NBYTES, serial (4 bytes, either order), and so on       v12
 *   G1      NFIELDS, serial (4 bytes, lowest first), and so on      v12, to 2014
 *   G0      NFIELDS, #, serial (digits), #, node, #, and so on      v12, to 2013
 *
 * NBYTES is the number of bytes behind it, NFIELDS of fields (`?` for none); they never
 * agree both, as each field has two bytes at least.  The best way to read a frame is one
 *
 *   1. whose node is text and whose v12 serial is likely; for type 0, which only v12
 *      boards send, one of both will do;
 *   2. whose fields end exactly where the frame does, with a count byte that agrees;
 *      then one that ends at an unknown sensor id; then one with a wrong count byte that
 *      ends exactly;
 *   3. none of whose values is odd: where an old float is read as text, the rest of the
 *      frame falls out of step;
 *   4. that stands first in the list below: the type's own table, v12 before v15.
 */
#include "waspmote_layout.h"

#include <string.h>

#include "waspmote_fields.h"
#include "waspmote_private.h"

/* Types of frame that a guess is for; others are as the first. */
enum { EITHER_BOARD = 1, TYPE_6 = 2, TYPE_7 = 4, TYPE_8 = 8 };

static const struct guess guesses[] = {
	/* First, for nothing else begins with #digits#. */
	{G0, SENSORS_V12, 0, EITHER_BOARD},
	{G0, SENSORS_V12, 2, EITHER_BOARD},
	{G2, SENSORS_V12, 0, EITHER_BOARD},
	{G2, SENSORS_V12, 1, EITHER_BOARD},
	{G2, SENSORS_V12, 2, EITHER_BOARD},
	{G3, SENSORS_AGR, 0, TYPE_7},
	{G3, SENSORS_WTR, 0, TYPE_8},
	/* Type 7 too: libraries v026 to v028 sent a v15 board's alarms as that. */
	{G3, SENSORS_V15, 0, EITHER_BOARD | TYPE_6 | TYPE_7},
	{G3, SENSORS_V15, 1, EITHER_BOARD | TYPE_6 | TYPE_7},
};

/* When none of these fits: a sketch that did not set the type of its sensors' family. */
static const struct guess foreign[] = {
	{G3, SENSORS_AGR, 0, TYPE_6 | TYPE_8},
	{G3, SENSORS_WTR, 0, TYPE_6 | TYPE_7},
	{G3, SENSORS_V15, 0, TYPE_8},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static unsigned types_of(const struct binary *b)
{
	return b->type >= 6 && b->type <= 8 ? TYPE_6 << (b->type - 6) : EITHER_BOARD;
}

/* --- the header -------------------------------------------------------------- */

bool layout_is_likely_serial(uint8_t highest)
{
	return highest == 0x02 || (highest >= 0x16 && highest <= 0x19);
}

/* The digits of G0's `#digits#`; 0: it is none. */
static size_t digits_len(const struct binary *b)
{
	size_t from = WASPMOTE_HEAD_LEN + 1;
	size_t at = from;

	if (b->len < from || b->at[from - 1] != '#')
		return 0;
	while (at < b->len && b->at[at] >= '0' && b->at[at] <= '9')
		at++;
	return at < b->len && b->at[at] == '#' && at - from <= 10 ? at - from : 0;
}

/* Finds serial, node and fields; false: there is no such header. */
static bool find_header(const struct binary *b, struct parts *p)
{
	const uint8_t *hash;
	size_t left;

	p->serial = WASPMOTE_HEAD_LEN;
	p->serial_len = p->guess.layout == G3 ? 8 : 4;
	p->node = p->serial + p->serial_len;
	if (p->guess.layout == G0) {
		p->serial++;
		p->serial_len = digits_len(b);
		p->node = p->serial + p->serial_len + 1;
		if (p->serial_len == 0)
			return false;
	}
	if (p->node >= b->len)
		return false;
	left = b->len - p->node;
	if (left > NODE_BYTES_MAX + 1)
		left = NODE_BYTES_MAX + 1;
	hash = memchr(b->at + p->node, '#', left);
	if (hash == NULL)
		return false;
	p->node_len = (size_t)(hash - b->at) - p->node;
	p->fields = p->node + p->node_len + 2;
	return p->fields <= b->len;
}

/*
 * A v15 frame read as a v12 one has the second half of the serial in its node, and the
 * first half for a serial; the other way round, a part of the node is missing.
 */
static bool is_credible(const struct binary *b, const struct parts *p)
{
	const uint8_t *serial = b->at + p->serial;
	bool is_text = fields_is_text(b->at + p->node, p->node_len);
	bool is_likely;

	if (p->serial_len != 4)
		return is_text;
	is_likely =
		layout_is_likely_serial(serial[0]) || layout_is_likely_serial(serial[3]);
	return b->type == 0 ? is_text || is_likely : is_text && is_likely;
}

/* --- one guess --------------------------------------------------------------- */

static struct walk walk(const struct binary *b, const struct parts *p, size_t from,
                        size_t end)
{
	struct fields f = {b->at, b->sensors, p->guess.table, p->guess.age};

	return fields_walk(&f, from, end);
}

static void set_fit(struct parts *p, enum fit fit, const struct walk *w, size_t end)
{
	p->fit = fit;
	p->is_odd = w->is_odd;
	p->known_end = w->at;
	p->end = end;
}

static void fit_by_bytes(const struct binary *b, struct parts *p)
{
	struct walk w;

	if (b->counted < p->fields)
		return;
	w = walk(b, p, p->fields, b->counted);
	if (w.end != WALK_OVERRUN)
		set_fit(p, w.end == WALK_EXACT ? FIT_EXACT : FIT_TAIL, &w, b->counted);
}

static void fit_by_fields(const struct binary *b, struct parts *p)
{
	struct walk w = walk(b, p, p->fields, b->len);
	bool is_none = w.count == 0 && b->count == NO_FIELDS;

	if (w.end == WALK_EXACT && (w.count == b->count || is_none))
		set_fit(p, FIT_EXACT, &w, b->len);
	/* The fields that must follow need room, or the frame is one of NBYTES, cut
	 * short. */
	else if (w.end == WALK_UNKNOWN && w.count < b->count &&
	         b->len - w.at >= 2 * (size_t)(b->count - w.count))
		set_fit(p, FIT_TAIL, &w, b->len);
	if (p->fit != FIT_NONE && p->guess.layout == G2)
		p->guess.layout = G1;
}

/* More bytes than NBYTES says: it is wrong, or something stands behind the frame. */
static void fit_loosely(const struct binary *b, struct parts *p)
{
	size_t ends[] = {b->len, WASPMOTE_HEAD_LEN + b->count};

	if (ends[1] >= b->len)
		return;
	for (size_t i = 0; i < COUNT(ends) && p->fit == FIT_NONE; i++) {
		struct walk w;

		if (ends[i] <= p->fields)
			continue;
		w = walk(b, p, p->fields, ends[i]);
		if (w.end == WALK_EXACT)
			set_fit(p, FIT_LOOSE, &w, ends[i]);
	}
}

static struct parts try_guess(const struct binary *b, const struct guess *guess)
{
	struct parts p = {.guess = *guess};

	if (!find_header(b, &p))
		return p;
	if (guess->layout != G0)
		fit_by_bytes(b, &p);
	if (p.fit == FIT_NONE && guess->layout != G3)
		fit_by_fields(b, &p);
	if (p.fit == FIT_NONE && guess->layout != G0)
		fit_loosely(b, &p);
	if (guess->age > 0 && p.fit != FIT_EXACT)
		p.fit = FIT_NONE;
	p.is_credible = is_credible(b, &p);
	return p;
}

/* --- the best guess ---------------------------------------------------------- */

static bool is_better(const struct parts *a, const struct parts *b)
{
	if (a->fit == FIT_NONE || b->fit == FIT_NONE)
		return a->fit > b->fit;
	if (a->is_credible != b->is_credible)
		return a->is_credible;
	if (a->fit != b->fit)
		return a->fit > b->fit;
	return b->is_odd && !a->is_odd;
}

static struct parts find_own(const struct binary *b)
{
	struct parts best = {.fit = FIT_NONE};

	for (size_t i = 0; i < COUNT(guesses); i++) {
		struct parts p;

		if ((guesses[i].types & types_of(b)) == 0)
			continue;
		p = try_guess(b, &guesses[i]);
		if (is_better(&p, &best))
			best = p;
		if (best.fit == FIT_EXACT && best.is_credible && !best.is_odd)
			break;
	}
	/* Of a type that nobody has documented only the whole is believed. */
	if (b->type > 8 && best.fit != FIT_EXACT)
		best.fit = FIT_NONE;
	return best;
}

/* Another family's table, if only one fits. */
static struct parts find_foreign(const struct binary *b)
{
	struct parts best = {.fit = FIT_NONE};

	for (size_t i = 0; i < COUNT(foreign); i++) {
		struct parts p;

		if ((foreign[i].types & types_of(b)) == 0)
			continue;
		p = try_guess(b, &foreign[i]);
		if (p.fit != FIT_EXACT)
			continue;
		if (best.fit == FIT_EXACT)
			return (struct parts){.fit = FIT_NONE};
		best = p;
		best.is_foreign = true;
	}
	return best;
}

struct parts layout_find(const struct binary *b)
{
	struct parts p = find_own(b);

	return p.fit == FIT_NONE ? find_foreign(b) : p;
}

bool layout_is_padding(const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] != '\0' && at[i] != '\r' && at[i] != '\n')
			return false;
	return true;
}

void layout_begin(struct binary *b, const uint8_t *bytes, size_t len,
                  const struct sensors *sensors)
{
	size_t end = WASPMOTE_HEAD_LEN + (size_t)bytes[WASPMOTE_HEAD_LEN - 1];

	*b = (struct binary){.at = bytes,
	                     .len = len,
	                     .type = bytes[WASPMOTE_START_LEN],
	                     .count = bytes[WASPMOTE_HEAD_LEN - 1],
	                     .sensors = sensors};
	if (end <= len && (layout_is_padding(bytes + end, len - end) ||
	                   waspmote_starts(bytes + end, len - end)))
		b->counted = end;
}

enum layout_fault layout_diagnose(const struct binary *b, size_t *at)
{
	struct parts p = {.fit = FIT_NONE};
	struct walk w;

	if (b->count > b->len - WASPMOTE_HEAD_LEN)
		return LAYOUT_CUT_SHORT;
	/* Type 0 is a v12 board's; of the others most are sent by v15 boards. */
	p.guess.layout = b->type == 0 ? G2 : G3;
	p.guess.table = b->type == 0   ? SENSORS_V12
	                : b->type == 7 ? SENSORS_AGR
	                : b->type == 8 ? SENSORS_WTR
	                               : SENSORS_V15;
	if (!find_header(b, &p))
		return LAYOUT_NO_HEADER;
	w = walk(b, &p, p.fields, b->counted > p.fields ? b->counted : b->len);
	*at = w.at;
	return w.end == WALK_OVERRUN ? LAYOUT_OVERRUN : LAYOUT_UNKNOWN;
}
