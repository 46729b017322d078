/* SPDX-License-Identifier: MIT */
/* Tables of plugins, of either kind.  Trusts their pointers, not what they say. */
#include "plugin_table.h"

#include <stddef.h>
#include <string.h>

#include "utf8.h"

/* The first header of each kind ended here: nothing smaller was ever promised. */
#define OUTPUT_LEAST (offsetof(struct frame_output, close) + sizeof(void (*)(void)))
#define INPUT_LEAST  (offsetof(struct frame_input, close) + sizeof(void (*)(void)))

/* Both kinds begin alike. */
_Static_assert(offsetof(struct frame_output, struct_size) == 0 &&
                       offsetof(struct frame_input, struct_size) == 0 &&
                       offsetof(struct frame_output, abi) ==
                               offsetof(struct frame_input, abi),
               "the size and the ABI number are read before the kind matters");

/* The size that the table says, the ABI that it is made for. */
static bool check_head(const void *table, size_t least, uint32_t *size,
                       struct reason *why)
{
	uint32_t head[2];

	memcpy(head, table, sizeof head);
	*size = head[0];
	if (head[0] < sizeof head)
		return fail(why, "its table says a size of %u bytes", head[0]);
	if (head[1] != PLUGIN_ABI)
		return fail(why, "is made for ABI %u, this router knows ABI %d", head[1],
		            PLUGIN_ABI);
	if (head[0] < least)
		return fail(why, "its table has %u bytes, ABI %d has %zu", head[0],
		            PLUGIN_ABI, least);
	return true;
}

static bool fail_callback(const char *name, struct reason *why)
{
	return fail(why, "its table has no %s()", name);
}

static bool copy_output(struct plugin *out, const void *table, struct reason *why)
{
	struct frame_output *o = &out->output;
	uint32_t size;

	if (!check_head(table, OUTPUT_LEAST, &size, why))
		return false;
	memcpy(o, table, size < sizeof *o ? size : sizeof *o);
	o->struct_size = sizeof *o;
	out->name = o->name;
	out->version = o->version;
	out->description = o->description;
	if (o->open == NULL)
		return fail_callback("open", why);
	if (o->submit == NULL)
		return fail_callback("submit", why);
	return o->close != NULL || fail_callback("close", why);
}

static bool copy_input(struct plugin *out, const void *table, struct reason *why)
{
	struct frame_input *i = &out->input;
	uint32_t size;

	if (!check_head(table, INPUT_LEAST, &size, why))
		return false;
	memcpy(i, table, size < sizeof *i ? size : sizeof *i);
	i->struct_size = sizeof *i;
	out->name = i->name;
	out->version = i->version;
	out->description = i->description;
	if (i->open == NULL)
		return fail_callback("open", why);
	if (i->poll == NULL)
		return fail_callback("poll", why);
	if (i->answer == NULL)
		return fail_callback("answer", why);
	return i->close != NULL || fail_callback("close", why);
}

static bool is_one_line(const char *text)
{
	if (text == NULL || *text == '\0')
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			return false;
	return utf8_is_valid((const uint8_t *)text, strlen(text));
}

bool plugin_table_copy(struct plugin *out, const void *table, const char *name,
                       struct reason *why)
{
	if (out->kind == PLUGIN_OUTPUT ? !copy_output(out, table, why)
	                               : !copy_input(out, table, why))
		return false;
	if (!is_one_line(out->name) || !is_one_line(out->version) ||
	    !is_one_line(out->description))
		return fail(why,
		            "its name, version and description are not one line each");
	if (strcmp(out->name, name) != 0)
		return fail(why, "calls itself %.60s, but its file %s.so", out->name,
		            name);
	return true;
}
