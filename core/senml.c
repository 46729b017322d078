/* SPDX-License-Identifier: MIT */
/* SenML packs.  Knows its names and values; units are in senml_units.c. */
#include "senml.h"

#include <ctype.h>
#include <string.h>

/* Times before this mean "so many seconds from now" (RFC 8428, 4.5.3). */
#define ABSOLUTE_MS (INT64_C(1000) << 28)

struct pack {
	struct buf *out;
	const struct frame *frame;
	const char *router;
	const struct senml_units *units;
	unsigned records;
};

/* One name begins with a letter or digit, and holds a few other characters. */
static void add_name(struct buf *out, const char *name, bool is_first)
{
	if (*name == '\0')
		buf_char(out, is_first ? '0' : '_');
	for (const char *c = name; *c != '\0'; c++) {
		bool is_sign = strchr("-:._", *c) != NULL;
		bool is_fine = (unsigned char)*c < 0x80 && (isalnum(*c) || is_sign);

		if (is_first && c == name && !(is_fine && isalnum(*c)))
			buf_char(out, '0');
		buf_char(out, is_fine ? *c : '_');
	}
}

static void add_base(struct pack *p)
{
	const struct frame *f = p->frame;
	int64_t ms = f->measured_ms != FRAME_NONE ? f->measured_ms : f->received_ms;
	const char *node = f->node[0] != '\0' ? f->node : f->serial;

	buf_text(p->out, "\"bn\":\"");
	add_name(p->out, p->router, true);
	buf_char(p->out, '/');
	add_name(p->out, node, false);
	buf_text(p->out, "/\",");
	if (ms < ABSOLUTE_MS)
		return;
	buf_text(p->out, "\"bt\":");
	buf_number(p->out, ms / 1000);
	if (ms % 1000 != 0) {
		const char fraction[] = {'.', (char)('0' + ms / 100 % 10),
		                         (char)('0' + ms / 10 % 10),
		                         (char)('0' + ms % 10)};
		size_t len = sizeof fraction;

		while (fraction[len - 1] == '0')
			len--;
		buf_add(p->out, fraction, len);
	}
	buf_char(p->out, ',');
}

/* The value and its label; anything but a single value is told by its text. */
static void add_value(struct buf *out, const char *value, size_t len)
{
	switch (*value) {
	case '"':
		buf_text(out, "\"vs\":");
		buf_add(out, value, len);
		break;
	case 't':
	case 'f':
		buf_text(out, "\"vb\":");
		buf_add(out, value, len);
		break;
	case '[':
	case '{':
		buf_text(out, "\"vs\":");
		json_add_string(out, value, len);
		break;
	default:
		buf_text(out, "\"v\":");
		buf_add(out, value, len);
		break;
	}
}

static const char *unit_of(const struct pack *p, const char *tag, unsigned number)
{
	if (strcmp(tag, "GPS") == 0)
		return number == 1 ? "lat" : number == 2 ? "lon" : NULL;
	return senml_unit(p->units, tag);
}

/* `number` of the value in its reading, 0: it is the only one. */
static void add_record(struct pack *p, const char *tag, unsigned number,
                       const char *value, size_t len)
{
	const char *unit = unit_of(p, tag, number);

	if (len == 0 || *value == 'n') /* null: NaN, or nothing was measured */
		return;
	buf_text(p->out, p->records == 0 ? "[{" : ",{");
	if (p->records++ == 0)
		add_base(p);
	buf_text(p->out, "\"n\":\"");
	add_name(p->out, tag, false);
	if (number > 0) {
		buf_char(p->out, '.');
		buf_number(p->out, number);
	}
	buf_text(p->out, "\",");
	if (unit != NULL && strchr("\"tf[{", *value) == NULL) {
		buf_text(p->out, "\"u\":\"");
		buf_text(p->out, unit);
		buf_text(p->out, "\",");
	}
	add_value(p->out, value, len);
	buf_char(p->out, '}');
}

static void add_reading(struct pack *p, const char *tag, const char *value, size_t len)
{
	const char *end = value + len;
	unsigned number = 0;

	if (*value != '[') {
		add_record(p, tag, 0, value, len);
		return;
	}
	for (const char *at = value + 1; at < end - 1; at++) {
		size_t element = json_element_length(at, end);

		add_record(p, tag, ++number, at, element);
		at += element;
	}
}

static bool add_each(void *context, const char *tag, const char *value)
{
	add_reading(context, tag, value, strlen(value));
	return true;
}

enum senml_result senml_add(struct buf *out, const struct frame *f, const char *router,
                            const struct senml_units *units,
                            const struct reading *reading)
{
	struct pack p = {.out = out, .frame = f, .router = router, .units = units};
	size_t start = out->len;

	if (reading != NULL) {
		add_reading(&p, reading->tag, reading->value, reading->value_len);
	} else if (!json_each_reading(buf_string(&f->readings), add_each, &p)) {
		out->len = start; /* half a frame is none */
		return SENML_UNFIT;
	}
	if (p.records == 0)
		return SENML_EMPTY;
	buf_char(out, ']');
	return SENML_MADE;
}
