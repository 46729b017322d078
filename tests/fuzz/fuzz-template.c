/* SPDX-License-Identifier: MIT */
/*
 * Any template and any values: what a node sent never leaves its level of a topic, its
 * component of a path, or its line, and the result is bounded.
 */
#include "template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

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
	assert(count_of(buf_string(got), '/') == count_of(text, '/'));
	assert(strpbrk(buf_string(got), "+#") == NULL);
	assert(buf_string(got)[0] != '$' || text[0] == '$');
}

static void check_path(const char *text, const struct buf *got)
{
	assert(count_of(buf_string(got), '/') == count_of(text, '/'));
	if (strstr(text, "..") == NULL && strchr(text, '.') == NULL)
		assert(strstr(buf_string(got), "/.") == NULL &&
		       buf_string(got)[0] != '.');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[70000];
	static char router[300];
	struct template_values values = {.router = router, .uid = "0011-1"};
	struct frame frame = {0};
	struct buf got = {0};
	struct template *t;
	struct reason why;
	enum template_use use = TEMPLATE_TEXT;

	if (size > 0) {
		use = data[0] % 3;
		frame.received_ms = (int64_t)data[0] << (data[0] % 56);
		frame.type = frame.sequence = data[0];
		data++;
		size--;
	}
	take(&data, &size, text, sizeof text);
	take(&data, &size, frame.node, sizeof frame.node);
	take(&data, &size, router, sizeof router);
	take(&data, &size, frame.serial, sizeof frame.serial);
	values.frame = &frame;
	if (!template_compile(&t, text, use, &why))
		return 0;
	template_render(t, &values, &got);
	template_free(t);
	assert(got.len <= TEMPLATE_RESULT_MAX && strlen(buf_string(&got)) == got.len);
	assert(utf8_is_valid((const uint8_t *)buf_string(&got), got.len));
	for (size_t i = 0; i < got.len; i++)
		assert((unsigned char)got.data[i] >= 0x20 && got.data[i] != 0x7F);
	if (use == TEMPLATE_TOPIC)
		check_topic(text, &got);
	if (use == TEMPLATE_PATH)
		check_path(text, &got);
	buf_free(&got);
	return 0;
}
