/* SPDX-License-Identifier: MIT */
/* Templates rendered: values made harmless for where they go. */
#include "template.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "phpdate.h"
#include "template_parts.h"
#include "utf8.h"

#define LAST_MS INT64_C(253402300799999) /* the end of the year 9999 */

bool template_is_unfit(const uint8_t *c, size_t len)
{
	if (len == 1)
		return c[0] < 0x20 || c[0] == 0x7F;
	if (len == 2)
		return c[0] == 0xC2 && c[1] < 0xA0;
	if (len == 3) /* U+FDD0 to U+FDEF, U+FFFE, U+FFFF */
		return c[0] == 0xEF && ((c[1] == 0xB7 && c[2] >= 0x90 && c[2] <= 0xAF) ||
		                        (c[1] == 0xBF && c[2] >= 0xBE));
	return (c[1] & 0x0F) == 0x0F && c[2] == 0xBF &&
	       c[3] >= 0xBE; /* U+nFFFE, U+nFFFF */
}

static size_t write_time(char *out, size_t size, char pattern, const struct tm *tm)
{
	switch (pattern) {
	case 'Y':
		return strftime(out, size, "%Y", tm);
	case 'm':
		return strftime(out, size, "%m", tm);
	case 'd':
		return strftime(out, size, "%d", tm);
	case 'j':
		return strftime(out, size, "%j", tm);
	case 'H':
		return strftime(out, size, "%H", tm);
	case 'M':
		return strftime(out, size, "%M", tm);
	case 'S':
		return strftime(out, size, "%S", tm);
	case 'F':
		return strftime(out, size, "%Y-%m-%d", tm);
	case 'G':
		return strftime(out, size, "%G", tm);
	case 'V':
		return strftime(out, size, "%V", tm);
	default:
		assert(pattern == 'u');
		return strftime(out, size, "%u", tm);
	}
}

static void add_time(struct buf *out, char pattern, int64_t ms)
{
	time_t seconds = (time_t)((ms < 0 ? 0 : ms > LAST_MS ? LAST_MS : ms) / 1000);
	char text[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	buf_add(out, text, write_time(text, sizeof text, pattern, &tm));
}

/* The text of a wildcard, before it is made harmless; "" when there is none. */
static const char *value_of(enum part_kind kind, const struct template_values *v,
                            char number[24])
{
	int n = kind == PART_TYPE ? v->frame->type : v->frame->sequence;
	const char *text = NULL;

	switch (kind) {
	case PART_ID:
		snprintf(number, 24, "%llu", (unsigned long long)v->frame->id);
		return number;
	case PART_TYPE:
	case PART_SEQUENCE:
		if (n == FRAME_NONE)
			return "";
		snprintf(number, 24, "%d", n);
		return number;
	case PART_NODE:
		return v->frame->node;
	case PART_SERIAL:
		return v->frame->serial;
	case PART_ROUTER:
		text = v->router;
		break;
	case PART_UID:
		text = v->uid;
		break;
	case PART_SENSOR:
		text = v->sensor;
		break;
	default:
		assert(kind == PART_VALUE);
		text = v->value;
		break;
	}
	return text == NULL ? "" : text;
}

/* Adds a value to a line, message or topic; `apart` may not be in it. */
static void add_plain(struct buf *out, const char *value, size_t room, const char *apart)
{
	size_t rest = strlen(value);

	while (rest > 0) {
		const uint8_t *c = (const uint8_t *)value;
		size_t len = utf8_length(c, rest);
		bool is_fine = len > 0 && !template_is_unfit(c, len) &&
		               strchr(apart, *c) == NULL;
		size_t step = len > 0 ? len : 1;

		if (room < (is_fine ? step : 1))
			break;
		room -= is_fine ? step : 1;
		buf_add(out, is_fine ? value : "_", is_fine ? step : 1);
		value += step;
		rest -= step;
	}
}

/*
 * Adds a value as one component of a path or URL.  In a file's name `%` is a character
 * like any other; a URL's reader decodes it, so there a point at the beginning becomes
 * `_`.
 */
static void add_component(struct buf *out, const char *value, enum template_use use)
{
	static const char harmless[] = "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t room = TEMPLATE_VALUE_MAX;

	if (use == TEMPLATE_URL && *value == '.') {
		buf_char(out, '_');
		room--;
		value++;
	}

	for (const char *c = value; *c != '\0'; c++) {
		/* a point at the beginning would hide the file, or make it `..` */
		bool is_fine = strchr(harmless, *c) != NULL &&
		               (*c != '.' || c > value || use == TEMPLATE_URL);

		if (room < (is_fine ? 1 : 3))
			break;
		room -= is_fine ? 1 : 3;
		if (is_fine)
			buf_char(out, *c);
		else
			buf_format(out, "%%%02X", (unsigned char)*c);
	}
}

static void add_value(const struct template *t, const struct part *p, const char *value,
                      struct buf *out)
{
	if (*value == '\0' && t->use != TEMPLATE_MESSAGE)
		buf_char(out, '_');
	else if (t->use == TEMPLATE_PATH || t->use == TEMPLATE_URL)
		add_component(out, value, t->use);
	else if (t->use == TEMPLATE_TOPIC)
		/* levels in a format are the operator's own */
		add_plain(out, value, TEMPLATE_VALUE_MAX,
		          p->kind == PART_DATE ? "+#" : "+#/");
	else
		add_plain(out, value,
		          t->use == TEMPLATE_MESSAGE ? SIZE_MAX : TEMPLATE_VALUE_MAX, "");
}

static void add_wildcard(const struct template *t, const struct part *p,
                         const struct template_values *values, struct buf *out)
{
	struct buf date = {0};
	char number[24];
	const char *text;

	if (p->kind == PART_DATE) {
		phpdate_add(&date, t->texts.data + p->from, values->frame->received_ms);
		out->failed |= date.failed;
		text = buf_string(&date);
	} else {
		text = value_of(p->kind, values, number);
	}
	if (t->is_json)
		template_json_add(p, values, text, out);
	else
		add_value(t, p, text, out);
	buf_free(&date);
}

void template_render(const struct template *t, const struct template_values *values,
                     struct buf *out)
{
	size_t start = out->len;

	for (unsigned i = 0; i < t->count; i++) {
		const struct part *p = &t->parts[i];

		if (p->kind == PART_TEXT)
			buf_add(out, t->texts.data + p->from, p->len);
		else if (p->kind == PART_TIME)
			add_time(out, t->texts.data[p->from], values->frame->received_ms);
		else
			add_wildcard(t, p, values, out);
	}
	/* topics that begin with $ are the broker's own */
	if (t->use == TEMPLATE_TOPIC && t->count > 0 && t->parts[0].kind != PART_TEXT &&
	    !out->failed && out->data[start] == '$')
		out->data[start] = '_';
}
