/* SPDX-License-Identifier: MIT */
/* Templates that are JSON: checked when compiled, and their values as JSON. */
#include <string.h>

#include "json.h"
#include "json_scan.h"
#include "template_parts.h"
#include "utf8.h"

#define SHOWN_BYTES 20 /* of what is wrong, at most */

bool template_json_is_meant(const char *text)
{
	text += strspn(text, " \t");
	return *text == '{' || *text == '[';
}

void template_json_literal(struct template_json *j, const char *c, size_t len)
{
	buf_add(&j->mask, c, len);
	if (j->is_escaped)
		j->is_escaped = false;
	else if (j->is_inside && *c == '\\')
		j->is_escaped = true;
	else if (*c == '"')
		j->is_inside = !j->is_inside;
}

void template_json_wildcard(struct template_json *j, size_t len)
{
	static const char outside[] = "null"; /* the shortest is #ID# */

	for (size_t i = 0; i < len; i++)
		buf_char(&j->mask, j->is_inside             ? 'x'
		                   : i < sizeof outside - 1 ? outside[i]
		                                            : ' ');
	j->is_escaped = false;
}

bool template_json_check(const struct template_json *j, const char *text,
                         struct reason *why)
{
	struct json_scan s;
	const char *at;
	size_t len, shown;

	if (j->mask.failed)
		return fail(why, "out of memory");
	json_scan_begin(&s, j->mask.data, j->mask.len, NULL);
	if (json_scan_value(&s, NULL) && json_scan_end(&s))
		return true;
	at = text + (s.at - s.begin);
	len = strlen(at);
	if (len == 0)
		return fail(why, "is no valid JSON: it ends where %s is expected",
		            s.expected);
	shown = utf8_cut(at, SHOWN_BYTES);
	return fail(why, "is no valid JSON at byte %zu: %s is expected, not %.*s%s",
	            (size_t)(s.at - s.begin) + 1, s.expected, (int)shown, at,
	            len > shown ? "..." : "");
}

static void add_text(const char *text, struct buf *out)
{
	if (*text == '\0')
		buf_text(out, "null");
	else
		json_add_string(out, text, strlen(text));
}

static void add_value(const struct part *p, const struct template_values *values,
                      const char *text, struct buf *out)
{
	switch (p->kind) {
	case PART_ID:
	case PART_TYPE:
	case PART_SEQUENCE:
		buf_text(out, *text == '\0' ? "null" : text);
		break;
	case PART_VALUE:
		if (values->value_json == NULL)
			buf_text(out, "null");
		else
			buf_add(out, values->value_json, values->value_json_len);
		break;
	case PART_SENSOR: /* an empty tag is a tag */
		json_add_string(out, text, strlen(text));
		break;
	case PART_DATE:
		if (p->is_number && json_is_number(text, strlen(text)))
			buf_text(out, text);
		else
			json_add_string(out, text, strlen(text));
		break;
	default:
		add_text(text, out);
		break;
	}
}

void template_json_add(const struct part *p, const struct template_values *values,
                       const char *text, struct buf *out)
{
	if (p->is_quoted)
		json_add_escaped(out, text, strlen(text));
	else
		add_value(p, values, text, out);
}
