/* SPDX-License-Identifier: MIT */
/* The grammar of conf.d, as config.h describes it. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "utf8.h"

#define ERRORS_MAX 100 /* in one file: a file that is no configuration has thousands */
#define BLANKS     " \t"

#define VARIABLE_MAX 256 /* bytes of a name, with NUL */

struct reader {
	struct config *c;
	const struct config_reading *how;
	const char *file;
	const char *at; /* the rest of the file */
	const char *end;
	unsigned line;    /* of the logical line at hand: where it begins */
	unsigned next;    /* the line at `at` */
	unsigned errors;  /* so far, in this file */
	bool is_skipping; /* the section's head was wrong: that was the error */
	struct config_section *section; /* NULL: none yet */
	struct buf text;                /* the logical line */
	struct buf value;
	bool is_variable; /* some of the value came from the environment */
};

/* No error repeats what stands behind a key: it may be a secret. */
__attribute__((format(printf, 2, 3))) static bool wrong(struct reader *r,
                                                        const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	config_error(r->c, r->file, r->line, "%s", text);
	if (r->section != NULL && !r->is_skipping)
		r->section->is_broken = true;
	r->errors++;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Takes the next line of the file, without its end and a CR before that. */
static size_t take_line(struct reader *r, const char **start)
{
	const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));
	size_t len = (size_t)((lf == NULL ? r->end : lf) - r->at);

	*start = r->at;
	r->at = lf == NULL ? r->end : lf + 1;
	r->next++;
	if (len > 0 && (*start)[len - 1] == '\r')
		len--;
	return len;
}

/* What is wrong with bytes that should be text; NULL: nothing. */
static const char *fault(const char *bytes, size_t len)
{
	if (memchr(bytes, '\0', len) != NULL)
		return "a NUL byte: this is no text";
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)bytes[i] < 0x20 && bytes[i] != '\t') ||
		    bytes[i] == 0x7F)
			return "a control character";
	if (!utf8_is_valid((const uint8_t *)bytes, len))
		return "bytes that are no UTF-8";
	return NULL;
}

static void trim_end(struct buf *b)
{
	while (b->len > 0 && is_blank(b->data[b->len - 1]))
		b->data[--b->len] = '\0';
}

/* Whether the line goes on in the next; if so its backslash is gone. */
static bool take_continuation(struct reader *r)
{
	size_t len = r->text.len;

	while (len > 0 && is_blank(r->text.data[len - 1]))
		len--;
	if (len == 0 || r->text.data[len - 1] != '\\' || r->how->is_own)
		return false;
	r->text.len = len - 1;
	r->text.data[r->text.len] = '\0';
	return true;
}

/*
 * Reads a line with its continuations into r->text, without the white space before it; ""
 * for a comment.  False: it is wrong, and read to its end all the same.
 */
static bool read_line(struct reader *r)
{
	bool is_fine = true;
	bool goes_on = false;

	r->line = r->next;
	buf_clear(&r->text);
	do {
		const char *start;
		size_t len = take_line(r, &start);
		const char *why = fault(start, len);

		for (; len > 0 && is_blank(*start); len--)
			start++;
		if (!goes_on && len > 0 && (*start == '#' || *start == ';'))
			return why == NULL || wrong(r, "%s", why);
		if (is_fine && why != NULL)
			is_fine = wrong(r, "%s", why);
		if (is_fine && r->text.len + len > CONFIG_LINE_MAX)
			is_fine = wrong(r, "is longer than %d bytes", CONFIG_LINE_MAX);
		if (!is_fine) /* only its end matters: does it go on? */
			buf_clear(&r->text);
		buf_add(&r->text, start, len);
		goes_on = take_continuation(r);
		if (goes_on && r->at == r->end)
			is_fine = wrong(r, "goes on (\\) behind the end of the file");
	} while (goes_on && r->at < r->end);
	return is_fine;
}

static bool check_head(struct reader *r, const char *plugin, const char *name)
{
	if (strcmp(plugin, "router") == 0)
		return name == NULL || wrong(r, "[router] has no name");
	if (*plugin == '\0' && name != NULL)
		return wrong(r,
		             "[\"%s\"] has no plugin: write [PLUGIN \"%s\"], as in "
		             "[file \"%s\"]",
		             name, name, name);
	if (!config_name_is_valid(plugin))
		return wrong(r, "\"%s\" cannot be a plugin", plugin);
	if (name == NULL)
		return wrong(r,
		             "an input or output has a plugin and a name: write "
		             "[%s \"NAME\"], or [PLUGIN \"%s\"] as in [file \"%s\"]",
		             plugin, plugin, plugin);
	if (!config_name_is_valid(name))
		return wrong(r,
		             "\"%s\" cannot be a name: use letters, digits, . _ and -, a "
		             "letter or digit first, at most %d",
		             name, CONFIG_NAME_MAX);
	return true;
}

/* Splits `[plugin "name"]` in its place; *name is NULL for [plugin]. */
static bool split_head(struct reader *r, char *at, char **plugin, char **name)
{
	char *gap;

	at += 1 + strspn(at + 1, BLANKS);
	*plugin = at;
	*name = NULL;
	at += strcspn(at, BLANKS "\"]");
	gap = at; /* where the plugin ends */
	at += strspn(at, BLANKS);
	if (*at == '"') {
		*name = ++at;
		at += strcspn(at, "\"");
		if (*at == '"')
			*at++ = '\0';
		at += strspn(at, BLANKS);
	}
	if (*at != ']')
		return wrong(r, "is no section: write [PLUGIN \"NAME\"], as in [file "
		                "\"archive\"]");
	if (at[1] != '\0')
		return wrong(r, "\"%.60s\" behind the section's ]", at + 1);
	*gap = '\0';
	return true;
}

static bool enter_section(struct reader *r)
{
	struct config_section *s;
	char *plugin;
	char *name;

	if (!split_head(r, r->text.data, &plugin, &name) || !check_head(r, plugin, name))
		return false;
	s = name == NULL ? config_router(r->c) : config_find(r->c, name);
	if (s == NULL)
		s = config_add_section(r->c, plugin, name == NULL ? "" : name, r->file,
		                       r->line);
	else if (strcmp(s->plugin, plugin) != 0)
		return wrong(r, "the name \"%s\" is taken by [%s \"%s\"] (%s:%u)", name,
		             s->plugin, name, s->file, s->line);
	r->section = s;
	return s != NULL;
}

static bool is_variable(const char *name, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz_0123456789";

	return len > 0 && len < VARIABLE_MAX && strspn(name, letters) >= len &&
	       !(name[0] >= '0' && name[0] <= '9');
}

/* Adds what the `${...}` at `*at` stands for; `*at` moves behind it. */
static bool add_variable(struct reader *r, const char **at)
{
	const char *start = *at + 2;
	const char *close = strchr(start, '}');
	size_t len = strcspn(start, "}:");
	bool has_default = strncmp(start + len, ":-", 2) == 0;
	char name[VARIABLE_MAX];
	const char *text;
	const char *why;

	if (close == NULL)
		return wrong(r, "a ${ without its }: $$ stands for a $");
	if (!is_variable(start, len) || (!has_default && start[len] != '}'))
		return wrong(r, "a ${...} that is no variable: write ${NAME} or "
		                "${NAME:-text}, and $$ for a $");
	*at = close + 1;
	memcpy(name, start, len);
	name[len] = '\0';
	text = getenv(name);
	if (has_default && (text == NULL || *text == '\0')) {
		buf_add(&r->value, start + len + 2, (size_t)(close - start) - len - 2);
		return true;
	}
	if (text == NULL)
		return wrong(r, "the variable %s is not set (${%s:-} does without)", name,
		             name);
	why = fault(text, strlen(text));
	if (why != NULL)
		return wrong(r, "the variable %s holds %s", name, why);
	buf_text(&r->value, text);
	r->is_variable = true;
	return true;
}

static bool expand(struct reader *r, const char *at)
{
	buf_clear(&r->value);
	r->is_variable = false;
	buf_text(&r->value, ""); /* an empty value is a text too */
	while (*at != '\0') {
		size_t plain = strcspn(at, "$");

		buf_add(&r->value, at, plain);
		at += plain;
		if (at[0] == '$' && at[1] == '{' && !r->how->is_own) {
			if (!add_variable(r, &at))
				return false;
		} else if (at[0] == '$') {
			buf_char(&r->value, '$');
			at += at[1] == '$' ? 2 : 1;
		}
	}
	return !r->value.failed;
}

static bool set_value(struct reader *r, char *key)
{
	struct config_value new = {
		.key = key,
		.text = r->value.data,
		.file = r->file,
		.line = r->line,
		.is_variable = r->is_variable,
	};
	struct config_value *old = r->section->values;
	bool is_list = r->how->is_list != NULL &&
	               r->how->is_list(r->how->context, r->section->plugin, key);

	if (is_list) {
		config_drop_others(r->section, key, r->file);
		return config_add_value(r->c, r->section, &new);
	}
	while (old != NULL && strcmp(old->key, key) != 0)
		old = old->next;
	if (old == NULL)
		return config_add_value(r->c, r->section, &new);
	if (old->file == r->file)
		return wrong(r, "%s is set twice, first in line %u", key, old->line);
	old->file = r->file;
	old->line = r->line;
	old->is_variable = r->is_variable;
	return config_set_text(r->c, old, new.text);
}

static bool key_is_valid(const struct reader *r, const char *key)
{
	return option_name_is_valid(key) ||
	       (r->how->is_own && key[0] == '.' && option_name_is_valid(key + 1));
}

/* Splits `key = value` in its place; NULL: it is none. */
static char *split_value(const struct reader *r, char *key)
{
	char *equals = strchr(key, '=');
	char *value;

	if (equals == NULL)
		return NULL;
	value = equals + 1;
	value += r->how->is_own ? *value == ' ' : strspn(value, BLANKS);
	while (equals > key && is_blank(equals[-1]))
		equals--;
	*equals = '\0';
	return value;
}

static bool wrong_key(struct reader *r, const char *key)
{
	char text[CONFIG_KEY_TEXT_MAX];

	config_explain_key(r->how, r->section == NULL ? NULL : r->section->plugin, key,
	                   text);
	return wrong(r, "%s", text);
}

static bool read_key(struct reader *r)
{
	char *key = r->text.data;
	char *value = split_value(r, key);

	if (value == NULL)
		return wrong(r, "is neither a section nor key = value (a value goes on "
		                "here when the line above ends with \\)");
	if (!key_is_valid(r, key))
		return wrong_key(r, key);
	if (r->is_skipping)
		return true;
	if (r->section == NULL) {
		r->is_skipping = true;
		return wrong(r,
		             "stands before any section: begin with [PLUGIN \"NAME\"]");
	}
	return expand(r, value) && set_value(r, key);
}

static void read_logical_line(struct reader *r)
{
	if (!read_line(r))
		return;
	if (!r->how->is_own)
		trim_end(&r->text);
	if (r->text.len == 0 || r->text.failed)
		return;
	if (r->text.data[0] == '[') {
		r->is_skipping =
			true; /* a wrong head is no fault of the section before */
		r->is_skipping = !enter_section(r);
	} else {
		read_key(r);
	}
}

static void wipe(struct buf *b)
{
	if (b->data != NULL)
		explicit_bzero(b->data, b->size);
	buf_free(b);
}

bool config_read_text(struct config *c, const char *name, const char *text, size_t len,
                      const struct config_reading *how)
{
	struct reader r = {.c = c, .how = how, .at = text, .end = text + len, .next = 1};

	r.file = config_keep_name(c, name);
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		r.at += 3; /* some editors begin a file of UTF-8 so */
	while (r.at < r.end && !c->failed) {
		read_logical_line(&r);
		if (r.errors >= ERRORS_MAX) {
			wrong(&r, "too many errors: the rest is not read");
			break;
		}
		if (r.text.failed || r.value.failed) {
			c->failed = true;
			c->errors++;
		}
	}
	wipe(&r.value);
	wipe(&r.text);
	return r.errors == 0 && !c->failed;
}
