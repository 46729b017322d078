/* SPDX-License-Identifier: MIT */
/*
 * Any template and any values: what a node sent never leaves its level of a topic, its
 * component of a path, or its line, and the result is bounded.  A message that begins as
 * JSON is JSON, whatever the values are.
 */
#include "template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "json_scan.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Takes the bytes up to the next NUL, at most `room` of them. */
static const char *take(const uint8_t **data, size_t *size, char *out, size_t room)
{
	size_t len = strnlen((const char *)*data, *size);
	size_t step = len < *size ? len + 1 : len;

	len = len < room ? len : room - 1;
	memcpy(out, *data, len);
	out[len] = '\0';
	*data += step;
	*size -= step;
	return out;
}

static size_t count_of(const char *text, char c)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += *text == c;
	return count;
}

static void check_topic(const char *text, const struct buf *got)
{
	/* the levels of a date's format are the template's own */
	if (strstr(text, "#TS(") == NULL)
		assert(count_of(buf_string(got), '/') == count_of(text, '/'));
	assert(strpbrk(buf_string(got), "+#") == NULL);
	assert(buf_string(got)[0] != '$' || text[0] == '$');
}

static void check_path(const char *text, const struct buf *got)
{
	if (strstr(text, "#TS(") != NULL)
		return;
	assert(count_of(buf_string(got), '/') == count_of(text, '/'));
	if (strstr(text, "..") == NULL && strchr(text, '.') == NULL)
		assert(strstr(buf_string(got), "/.") == NULL &&
		       buf_string(got)[0] != '.');
}

static void check_message(const char *text, const struct buf *got)
{
	struct json_scan s;

	/* a line is one line, but for the template's own tabs */
	for (size_t i = 0; i < got->len; i++)
		assert((unsigned char)got->data[i] >= 0x20 || got->data[i] == '\t');
	text += strspn(text, " \t");
	if (*text != '{' && *text != '[')
		return;
	json_scan_begin(&s, buf_string(got), got->len, NULL);
	assert(json_scan_value(&s, NULL) && json_scan_end(&s));
}

/* A reading: any text as its tag, and as its value both plain and as JSON. */
static void set_reading(struct template_values *values, const char *tag,
                        const char *value)
{
	static struct buf json;
	struct json_scan s;

	buf_clear(&json);
	json_scan_begin(&s, value, strlen(value), NULL);
	/* what nests deeply is JSON, but not for a reader with a limit */
	if (strpbrk(value, "[{") != NULL || !json_scan_value(&s, &json)) {
		buf_clear(&json);
		json_add_string(&json, value, strlen(value));
	}
	values->sensor = tag;
	values->value = value;
	values->value_json = json.data;
	values->value_json_len = json.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[70000];
	static char router[300], tag[300], value[3000];
	struct template_values values = {.router = router, .uid = "0011-1"};
	struct frame frame = {0};
	struct buf got = {0};
	struct template *t;
	struct reason why;
	enum template_use use = TEMPLATE_TEXT;

	if (size > 0) {
		use = data[0] % 5;
		frame.received_ms = (int64_t)data[0] << (data[0] % 56);
		frame.type = frame.sequence = data[0];
		data++;
		size--;
	}
	take(&data, &size, text, sizeof text);
	take(&data, &size, frame.node, sizeof frame.node);
	take(&data, &size, router, sizeof router);
	take(&data, &size, frame.serial, sizeof frame.serial);
	take(&data, &size, tag, sizeof tag);
	take(&data, &size, value, sizeof value);
	values.frame = &frame;
	if (value[0] != '\0')
		set_reading(&values, tag, value);
	if (!template_compile(&t, text, use, &why))
		return 0;
	template_render(t, &values, &got);
	template_free(t);
	assert(got.len <= TEMPLATE_RESULT_MAX || use == TEMPLATE_MESSAGE);
	assert(strlen(buf_string(&got)) == got.len);
	assert(utf8_is_valid((const uint8_t *)buf_string(&got), got.len));
	for (size_t i = 0; i < got.len && use != TEMPLATE_MESSAGE; i++)
		assert((unsigned char)got.data[i] >= 0x20 && got.data[i] != 0x7F);
	if (use == TEMPLATE_MESSAGE)
		check_message(text, &got);
	if (use == TEMPLATE_TOPIC)
		check_topic(text, &got);
	if (use == TEMPLATE_PATH)
		check_path(text, &got);
	buf_free(&got);
	return 0;
}
