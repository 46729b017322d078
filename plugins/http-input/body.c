/* SPDX-License-Identifier: MIT */
/* Finding where lines and documents begin and end. */
#include "body.h"

#include <string.h>

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* --- lines ------------------------------------------------------------------- */

static bool is_blank(const uint8_t *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_space(line[i]) && line[i] != '\0')
			return false;
	return true;
}

static size_t without_end(const uint8_t *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\n')
		len--;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	return len;
}

enum parts_result body_take_lines(const uint8_t *text, size_t len,
                                  body_line_length *line_length, struct parts *out)
{
	enum parts_result result = PARTS_FINE;

	while (len > 0 && result == PARTS_FINE) {
		size_t line = line_length(text, len);

		if (line == 0)
			line = len;
		if (!is_blank(text, line))
			result = parts_add(out, text, without_end(text, line));
		text += line;
		len -= line;
	}
	return result;
}

/* --- JSON -------------------------------------------------------------------- */

struct scan {
	const uint8_t *at, *end;
};

static void skip_space(struct scan *s)
{
	while (s->at < s->end && is_space(*s->at))
		s->at++;
}

static bool take_char(struct scan *s, uint8_t c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* Behind the string that begins here. */
static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
		if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
	if (s->at < s->end)
		s->at++;
}

/* Behind the object that begins here; false: it has no end. */
static bool skip_object(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->end) {
		uint8_t c = *s->at;

		if (c == '"') {
			skip_string(s);
			continue;
		}
		s->at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return true;
	}
	return false;
}

static enum parts_result take_object(struct scan *s, struct parts *out, const char **why)
{
	const uint8_t *begin = s->at;

	*why = "a JSON object is needed";
	if (s->at == s->end || *s->at != '{')
		return PARTS_BROKEN;
	*why = "a JSON object has no end";
	if (!skip_object(s))
		return PARTS_BROKEN;
	return parts_add(out, begin, (size_t)(s->at - begin));
}

/* Behind its `[`. */
static enum parts_result take_array(struct scan *s, struct parts *out, const char **why)
{
	enum parts_result result;

	skip_space(s);
	if (take_char(s, ']'))
		return PARTS_FINE;
	do {
		skip_space(s);
		result = take_object(s, out, why);
		skip_space(s);
	} while (result == PARTS_FINE && take_char(s, ','));
	if (result != PARTS_FINE || take_char(s, ']'))
		return result;
	*why = "a JSON array has no end";
	return PARTS_BROKEN;
}

bool body_is_json(const uint8_t *text, size_t len)
{
	struct scan s = {text, text + len};

	skip_space(&s);
	return s.at < s.end && (*s.at == '{' || *s.at == '[');
}

enum parts_result body_take_json(const uint8_t *text, size_t len, struct parts *out,
                                 bool *is_list, const char **why)
{
	struct scan s = {text, text + len};
	enum parts_result result = PARTS_FINE;

	*is_list = false;
	for (skip_space(&s); s.at < s.end && result == PARTS_FINE; skip_space(&s)) {
		if (take_char(&s, '[')) {
			*is_list = true;
			result = take_array(&s, out, why);
		} else {
			result = take_object(&s, out, why);
		}
	}
	return result;
}
