/* SPDX-License-Identifier: MIT */
/* frame-router.conf(5) has the keys of the router's own tables, with their defaults and
 * limits. */
#include <limits.h>
#include <stdlib.h>

#include "option.h"
#include "tap.h"
#include "verb_plugins.h"

#define KEY ".It Cm "

static char page[65536];

static bool read_page(void)
{
	const char *source = getenv("top_srcdir");
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/core/frame-router.conf.5",
	         source == NULL ? "." : source);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	page[fread(page, 1, sizeof page - 1, f)] = '\0';
	fclose(f);
	return true;
}

/* What stands below a heading, to be freed. */
static char *cut_section(const char *heading)
{
	char line[100];
	const char *start, *end;

	snprintf(line, sizeof line, ".Ss %s\n", heading);
	start = strstr(page, line);
	if (start == NULL)
		return strdup("");
	end = strstr(start + 1, "\n.S");
	return end == NULL ? strdup(start) : strndup(start, (size_t)(end - start));
}

/* Takes the next key with all that is said of it; NULL: that was the last. */
static char *take_key(char **at)
{
	char *start = strstr(*at, KEY), *end;

	if (start == NULL)
		return NULL;
	end = strstr(start + 1, "\n" KEY);
	if (end != NULL)
		*end++ = '\0';
	*at = end == NULL ? start + strlen(start) : end;
	return start;
}

static void is_described(const struct frame_option *o, const char *text)
{
	struct buf head = {0}, limits = {0};
	char line[200];

	buf_format(&head, KEY "%s", o->name);
	if (o->default_value != NULL)
		buf_format(&head, " Pq %s", o->default_value);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
	same(line, buf_string(&head), "the page has the next key and its default");
	verb_option_limits(o, &limits);
	buf_text(&limits, ".");
	ok(limits.len == 1 || strstr(text, buf_string(&limits)) != NULL,
	   "the page says what %s may be: %s", o->name, buf_string(&limits));
	ok(strchr(text, '\n') != NULL, "and explains %s", o->name);
	buf_free(&head);
	buf_free(&limits);
}

static void the_page_has_the_table(const char *heading,
                                   const struct frame_option *const *table)
{
	char *section = cut_section(heading), *at = section, *text;

	for (; *table != NULL; table++) {
		text = take_key(&at);
		is_described(*table, text == NULL ? "" : text);
	}
	text = take_key(&at);
	same(text == NULL ? "" : text, "", "the page has no key that is none any more");
	free(section);
}

int main(void)
{
	ok(read_page(), "the page can be read");
	the_page_has_the_table("Keys of [router]", option_router);
	the_page_has_the_table("Keys of every input", option_every_input);
	the_page_has_the_table("Keys of every output", option_every_output);
	return done();
}
