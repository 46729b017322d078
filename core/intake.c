/* SPDX-License-Identifier: MIT */
/* Tells hex, JSON and raw frames apart.  Knows nothing of where they come from. */
#include "intake.h"

#include <string.h>

#include "json.h"
#include "show.h"
#include "waspmote.h"

/* White space, ends of lines, and the NULs that fill blocks. */
static bool is_padding(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0';
}

static size_t skip_padding(const uint8_t *data, size_t len)
{
	size_t i = 0;

	while (i < len && is_padding(data[i]))
		i++;
	return i;
}

/* --- lines ------------------------------------------------------------------- */

/*
 * Where the search for a raw frame's LF begins; 0: more bytes are needed.  The bytes of a
 * binary frame may be LF as well: its count byte is believed if the line ends where it
 * says.
 */
static size_t raw_search_from(const uint8_t *frame, size_t len)
{
	unsigned type;
	size_t end;

	if (len < WASPMOTE_HEAD_LEN)
		return 0;
	type = frame[WASPMOTE_START_LEN];
	end = WASPMOTE_HEAD_LEN + (size_t)frame[WASPMOTE_HEAD_LEN - 1];
	if ((type & WASPMOTE_ASCII) != 0)
		return WASPMOTE_HEAD_LEN;
	if (end < len)
		return frame[end] == '\n' || frame[end] == '\r' ? end : WASPMOTE_HEAD_LEN;
	/* Older types' byte may count fields: what it says of bytes is not worth waiting
	 * for. */
	return type >= 6 && type <= 8 ? 0 : WASPMOTE_HEAD_LEN;
}

size_t intake_line_length(const uint8_t *data, size_t len)
{
	const uint8_t *lf = memchr(data, '\n', len);
	size_t start, from;

	if (lf == NULL)
		return 0;
	start = skip_padding(data, (size_t)(lf - data));
	if (waspmote_starts(data + start, len - start)) {
		from = raw_search_from(data + start, len - start);
		if (from == 0)
			return 0;
		from += start;
		lf = memchr(data + from, '\n', len - from);
	}
	return lf == NULL ? 0 : (size_t)(lf - data) + 1;
}

/* --- one line ---------------------------------------------------------------- */

static enum intake_result take_raw(struct frame *out, const uint8_t *bytes, size_t len,
                                   const struct sensors *sensors, struct reason *why)
{
	buf_add(&out->raw, bytes, len);
	if (waspmote_decode(out, bytes, len, sensors, why))
		return INTAKE_FRAME;
	return INTAKE_QUARANTINE;
}

/* Padding behind a raw frame goes, but none of its own bytes. */
static size_t raw_len(const uint8_t *frame, size_t len)
{
	size_t own = WASPMOTE_HEAD_LEN;

	if (len > own && (frame[WASPMOTE_START_LEN] & WASPMOTE_ASCII) == 0)
		own += frame[WASPMOTE_HEAD_LEN - 1];
	while (len > own && is_padding(frame[len - 1]))
		len--;
	return len;
}

static enum intake_result take_json(struct frame *out, const uint8_t *line, size_t len,
                                    struct reason *why)
{
	buf_add(&out->raw, line, len);
	if (!json_parse_frame(out, (const char *)line, len, why))
		return INTAKE_REFUSED;
	return INTAKE_FRAME;
}

static enum intake_result take_text(struct frame *out, const uint8_t *line, size_t len,
                                    struct reason *why)
{
	char shown[SHOW_SIZE];

	buf_add(&out->raw, line, len);
	fail(why, "neither hex, JSON nor a raw frame: \"%s\"",
	     show_bytes(shown, line, len));
	return INTAKE_QUARANTINE;
}

static void begin(struct frame *out, struct reason *why)
{
	frame_clear(out);
	if (why != NULL)
		why->text[0] = '\0';
}

/* What is not whole is neither stored nor kept. */
static enum intake_result end(const struct frame *out, enum intake_result result,
                              struct reason *why)
{
	if (!frame_failed(out))
		return result;
	fail(why, "out of memory");
	return INTAKE_REFUSED;
}

enum intake_result intake_raw(struct frame *out, const uint8_t *bytes, size_t len,
                              const struct sensors *sensors, struct reason *why)
{
	begin(out, why);
	return end(out, take_raw(out, bytes, len, sensors, why), why);
}

/* --- several frames in one line ---------------------------------------------- */

static const uint8_t *find_start(const uint8_t *data, size_t len)
{
	return memmem(data, len, WASPMOTE_START, WASPMOTE_START_LEN);
}

/* The bytes of the first frame, if another seems to follow, else all. */
static size_t first_length(const uint8_t *at, size_t left)
{
	size_t len;

	if (left < WASPMOTE_HEAD_LEN ||
	    find_start(at + WASPMOTE_HEAD_LEN, left - WASPMOTE_HEAD_LEN) == NULL)
		return left;
	len = waspmote_length(at, left, true);
	return find_start(at + len, left - len) == NULL ? left : len;
}

/* How many bytes are no frame, up to the next that is one. */
static size_t count_bad(struct frame *out, const uint8_t *at, size_t left,
                        const struct sensors *sensors)
{
	size_t bad = intake_resume(at, left);

	while (bad < left) {
		size_t len = first_length(at + bad, left - bad);

		begin(out, NULL);
		if (waspmote_decode(out, at + bad, len, sensors, NULL))
			break;
		bad += intake_resume(at + bad, left - bad);
	}
	return bad;
}

/* What begins here is no frame, or not alone: sets aside what is before the next one. */
static enum intake_result set_aside(struct intake *in, struct frame *out,
                                    const struct sensors *sensors)
{
	size_t bad = in->left;

	if (in->pieces < INTAKE_PIECES_MAX)
		bad = count_bad(out, in->at, in->left, sensors);
	begin(out, NULL);
	buf_add(&out->raw, in->at, bad);
	in->at += bad;
	in->left -= bad;
	return INTAKE_QUARANTINE;
}

/* Whether the `<=>` in the middle is part of an old frame, whose length nobody knows. */
static bool is_one_frame(const struct intake *in, struct frame *out,
                         const struct sensors *sensors)
{
	struct reason warning;

	begin(out, NULL);
	return take_raw(out, in->at, in->left, sensors, &warning) == INTAKE_FRAME &&
	       warning.text[0] == '\0';
}

static enum intake_result take_piece(struct intake *in, struct frame *out,
                                     const struct sensors *sensors, struct reason *why)
{
	size_t len = first_length(in->at, in->left), padding;
	enum intake_result result;

	in->pieces++;
	if (in->pieces == INTAKE_PIECES_MAX)
		fail(why, "more than %d frames in one line", INTAKE_PIECES_MAX);
	else if (!waspmote_starts(in->at, in->left))
		fail(why, "no <=> between two frames");
	if (why->text[0] != '\0')
		return set_aside(in, out, sensors);
	result = take_raw(out, in->at, len, sensors, why);
	if (result != INTAKE_FRAME) {
		if (len == in->left || in->pieces > 1 || !is_one_frame(in, out, sensors))
			return set_aside(in, out, sensors);
		why->text[0] = '\0';
		result = INTAKE_FRAME;
		len = in->left;
	}
	in->at += len;
	in->left -= len;
	padding = skip_padding(in->at, in->left);
	in->at += padding;
	in->left -= padding;
	return result;
}

/* --- any line ---------------------------------------------------------------- */

/* JSON, text, or the bytes of raw frames, which are in->at and in->left then. */
static enum intake_result take_line(struct intake *in, struct frame *out,
                                    const struct sensors *sensors, struct reason *why)
{
	const uint8_t *line = in->at;
	size_t len = in->left;
	long decoded;

	in->left = 0;
	if (len == 0 || len > FRAME_TEXT_MAX) {
		fail(why, len == 0 ? "an empty line" : "a line of more than %d bytes",
		     FRAME_TEXT_MAX);
		return INTAKE_REFUSED;
	}
	if (line[0] == '{')
		return take_json(out, line, len, why);
	in->is_raw = waspmote_starts(line, len);
	if (in->is_raw) {
		in->left = raw_len(line, len);
		return take_piece(in, out, sensors, why);
	}
	decoded = hex_decode(in->bytes, (const char *)line, len);
	if (decoded <= 0)
		return take_text(out, line, len, why);
	if (!waspmote_starts(in->bytes, (size_t)decoded))
		return take_raw(out, in->bytes, (size_t)decoded, sensors, why);
	in->is_raw = true;
	in->at = in->bytes;
	in->left = (size_t)decoded;
	return take_piece(in, out, sensors, why);
}

void intake_begin(struct intake *in, const uint8_t *line, size_t len)
{
	size_t start = skip_padding(line, len);

	line += start;
	len -= start;
	if (!waspmote_starts(line, len))
		while (len > 0 && is_padding(line[len - 1]))
			len--;
	in->at = line;
	in->left = len;
	in->is_raw = false;
	in->pieces = 0;
}

enum intake_result intake_next(struct intake *in, struct frame *out,
                               const struct sensors *sensors, struct reason *why)
{
	begin(out, why);
	return end(out,
	           in->is_raw ? take_piece(in, out, sensors, why)
	                      : take_line(in, out, sensors, why),
	           why);
}

/* --- a stream ---------------------------------------------------------------- */

/* How many bytes at the end of `data` may become `<=>`. */
static size_t started(const uint8_t *data, size_t len)
{
	for (size_t n = WASPMOTE_START_LEN - 1; n > 0; n--)
		if (len >= n && memcmp(data + len - n, WASPMOTE_START, n) == 0)
			return n;
	return 0;
}

static size_t count_garbage(const uint8_t *data, size_t len)
{
	size_t garbage = 0;

	for (size_t i = 0; i < len; i++)
		garbage += !is_padding(data[i]);
	return garbage;
}

size_t intake_stream(const uint8_t *data, size_t len, bool is_end, const uint8_t **frame,
                     size_t *frame_len, size_t *garbage)
{
	const uint8_t *start = memmem(data, len, WASPMOTE_START, WASPMOTE_START_LEN);
	size_t before;

	*frame = NULL;
	*frame_len = 0;
	if (start == NULL)
		before = is_end ? len : len - started(data, len);
	else
		before = (size_t)(start - data);
	if (start != NULL)
		*frame_len = waspmote_length(start, len - before, is_end);
	*garbage += count_garbage(data, before);
	if (*frame_len > 0)
		*frame = start;
	return before + *frame_len;
}

size_t intake_resume(const uint8_t *frame, size_t frame_len)
{
	const uint8_t *inner = NULL;

	if (frame_len > 1)
		inner = memmem(frame + 1, frame_len - 1, WASPMOTE_START,
		               WASPMOTE_START_LEN);
	return inner == NULL ? frame_len : (size_t)(inner - frame);
}
