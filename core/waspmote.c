/* SPDX-License-Identifier: MIT */
/* Frames of Waspmote: where one begins and ends, and which kind it is. */
#include "waspmote.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "waspmote_private.h"

#define BINARY_BYTES_MAX  (WASPMOTE_HEAD_LEN + 255)
#define COUNTED_BYTES_MIN 6 /* behind the count byte: serial, #, sequence */

bool waspmote_starts(const uint8_t *bytes, size_t len)
{
	return len >= WASPMOTE_START_LEN &&
	       memcmp(bytes, WASPMOTE_START, WASPMOTE_START_LEN) == 0;
}

void waspmote_warn(struct reason *why, const char *format, ...)
{
	va_list args;
	size_t len;

	if (why == NULL)
		return;
	len = strlen(why->text);
	if (len > 0)
		len += (size_t)snprintf(why->text + len, sizeof why->text - len, "; ");
	if (len >= sizeof why->text)
		return;
	va_start(args, format);
	vsnprintf(why->text + len, sizeof why->text - len, format, args);
	va_end(args);
}

bool waspmote_decode(struct frame *out, const uint8_t *bytes, size_t len,
                     const struct sensors *sensors, struct reason *why)
{
	if (why != NULL)
		why->text[0] = '\0';
	if (!waspmote_starts(bytes, len))
		return fail(why, "no <=> at the beginning");
	if (len < WASPMOTE_HEAD_LEN)
		return fail(why, "cut short: %zu bytes", len);
	if (len > WASPMOTE_BYTES_MAX)
		return fail(why, "%zu bytes are more than a frame has", len);
	if ((bytes[WASPMOTE_START_LEN] & WASPMOTE_ASCII) != 0)
		return waspmote_decode_ascii(out, bytes, len, sensors, why);
	return waspmote_decode_binary(out, bytes, len, sensors, why);
}

/* --- the length of a frame in a stream ---------------------------------------- */

static bool is_letter(uint8_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What stands behind a `#`. */
enum behind { GOES_ON, ENDS, UNCLEAR };

static enum behind look_behind(const uint8_t *at, size_t len, bool is_end)
{
	if (len == 0)
		return is_end ? ENDS : UNCLEAR;
	if (at[0] == '\r' || at[0] == '\n' || waspmote_starts(at, len))
		return ENDS;
	if (at[0] == '\0') {
		if (len == 1)
			return is_end ? ENDS : UNCLEAR;
		return is_letter(at[1]) ? GOES_ON : ENDS;
	}
	/* `<` or `<=` may become `<=>`. */
	if (!is_end && len < WASPMOTE_START_LEN && memcmp(at, WASPMOTE_START, len) == 0)
		return UNCLEAR;
	return GOES_ON;
}

/* An ASCII frame begins here, whether or not the one before has its last `#`. */
static bool is_ascii_start(const uint8_t *at, size_t len)
{
	return len > WASPMOTE_HEAD_LEN && waspmote_starts(at, len) &&
	       (at[WASPMOTE_START_LEN] & WASPMOTE_ASCII) != 0 &&
	       at[WASPMOTE_HEAD_LEN] == '#';
}

static size_t ascii_length(const uint8_t *bytes, size_t len, bool is_end)
{
	size_t max = len < WASPMOTE_BYTES_MAX ? len : WASPMOTE_BYTES_MAX;

	for (size_t i = WASPMOTE_HEAD_LEN; i < max; i++) {
		if (bytes[i] == '<' && is_ascii_start(bytes + i, len - i))
			return i;
		if (bytes[i] != '#')
			continue;
		switch (look_behind(bytes + i + 1, len - i - 1, is_end)) {
		case ENDS:
			return i + 1;
		case UNCLEAR:
			return 0;
		case GOES_ON:
			break;
		}
	}
	return is_end || max == WASPMOTE_BYTES_MAX ? max : 0;
}

/* Where the next frame begins behind the head; `len` when there is none. */
static size_t next_start(const uint8_t *bytes, size_t len)
{
	const uint8_t *found = memmem(bytes + WASPMOTE_HEAD_LEN, len - WASPMOTE_HEAD_LEN,
	                              WASPMOTE_START, WASPMOTE_START_LEN);

	return found == NULL ? len : (size_t)(found - bytes);
}

/* Of a frame whose count byte counts fields: up to the next, without its line's end. */
static size_t uncounted_length(const uint8_t *bytes, size_t len, bool is_end)
{
	size_t next = next_start(bytes, len);

	if (next == len && len < BINARY_BYTES_MAX && !is_end)
		return 0;
	if (next > BINARY_BYTES_MAX)
		return BINARY_BYTES_MAX;
	if (next > WASPMOTE_HEAD_LEN && bytes[next - 1] == '\n')
		next--;
	if (next > WASPMOTE_HEAD_LEN && bytes[next - 1] == '\r')
		next--;
	return next;
}

static size_t binary_length(const uint8_t *bytes, size_t len, bool is_end)
{
	unsigned type = bytes[WASPMOTE_START_LEN];
	size_t count = bytes[WASPMOTE_HEAD_LEN - 1];
	size_t end = WASPMOTE_HEAD_LEN + count;
	bool leads_to_boundary =
		len == end || (len > end && memchr("\r\n<", bytes[end], 4) != NULL);

	if (len < end && !is_end)
		return 0;
	if (type < 6 && (count < COUNTED_BYTES_MIN || !leads_to_boundary))
		return uncounted_length(bytes, len, is_end);
	/* A frame that was cut takes the beginning of the next with it. */
	if (!leads_to_boundary && len > end)
		return next_start(bytes, end);
	return len < end ? len : end;
}

size_t waspmote_length(const uint8_t *bytes, size_t len, bool is_end)
{
	if (len < WASPMOTE_HEAD_LEN)
		return is_end ? len : 0;
	if ((bytes[WASPMOTE_START_LEN] & WASPMOTE_ASCII) != 0)
		return ascii_length(bytes, len, is_end);
	return binary_length(bytes, len, is_end);
}
