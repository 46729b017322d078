/* SPDX-License-Identifier: MIT */
/* Values of options: reading, checking, explaining.  Knows the types, not the keys. */
#include "option.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "quote.h"
#include "utf8.h"

#define DURATIONS "500ms, 30s, 5m, 12h or 7d"
#define SIZES     "64K, 10M or 1G"

struct unit_name {
	const char *name;
	int64_t factor;
};

/* The largest first: so the first that divides a number is the one to write it with. */
static const struct unit_name duration_units[] = {
	{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}, {NULL, 0},
};
static const struct unit_name size_units[] = {
	{"T", INT64_C(1) << 40},
	{"G", INT64_C(1) << 30},
	{"M", INT64_C(1) << 20},
	{"K", INT64_C(1) << 10},
	{NULL, 0},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits at `*text` and moves it behind them; false when they are too many. */
static bool read_digits(const char **text, int64_t *number)
{
	int64_t n = 0;

	for (; is_digit(**text); (*text)++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, **text - '0', &n))
			return false;
	*number = n;
	return true;
}

bool option_parse_number(const char *text, int64_t *number, struct reason *why)
{
	char shown[QUOTE_SIZE];
	bool is_negative = text[0] == '-';
	const char *at = text + (is_negative ? 1 : 0);

	if (!is_digit(*at))
		return fail(why, "%s is no whole number", quote_show(shown, text));
	if (!read_digits(&at, number))
		return fail(why, "%.*s is too large", QUOTE_MAX, text);
	if (*at != '\0')
		return fail(why, "%s is no whole number", quote_show(shown, text));
	if (is_negative)
		*number = -*number;
	return true;
}

bool option_parse_yes_no(const char *text, bool *is_yes, struct reason *why)
{
	char shown[QUOTE_SIZE];

	*is_yes = strcmp(text, "yes") == 0;
	if (!*is_yes && strcmp(text, "no") != 0)
		return fail(why, "%s is neither yes nor no", quote_show(shown, text));
	return true;
}

/* `what` is "duration" or "size", `examples` how one looks. */
struct measure {
	const char *what;
	const struct unit_name *units;
	const char *examples;
};

static const struct measure duration = {"duration", duration_units, DURATIONS};
static const struct measure size = {"size", size_units, SIZES};

static bool parse_measure(const struct measure *m, const char *text, int64_t *number,
                          struct reason *why)
{
	char shown[QUOTE_SIZE];
	const struct unit_name *unit = m->units;
	const char *at = text;

	if (!is_digit(*at))
		return fail(why, "%s is no %s: write %s", quote_show(shown, text),
		            m->what, m->examples);
	if (!read_digits(&at, number))
		return fail(why, "%.*s is too large", QUOTE_MAX, text);
	if (*at == '\0')
		return fail(why, "a %s needs a unit: %s", m->what, m->examples);
	while (unit->name != NULL && strcmp(unit->name, at) != 0)
		unit++;
	if (unit->name == NULL)
		return fail(why, "%s is no %s: write %s", quote_show(shown, text),
		            m->what, m->examples);
	if (__builtin_mul_overflow(*number, unit->factor, number))
		return fail(why, "%.*s is too large", QUOTE_MAX, text);
	return true;
}

bool option_parse_duration(const char *text, int64_t *ms, struct reason *why)
{
	return parse_measure(&duration, text, ms, why);
}

bool option_parse_size(const char *text, int64_t *bytes, struct reason *why)
{
	return parse_measure(&size, text, bytes, why);
}

bool option_is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);
	const char *at = choices;

	while (len > 0 && strchr(text, '|') == NULL) {
		size_t word = strcspn(at, "|");

		if (word == len && memcmp(at, text, len) == 0)
			return true;
		if (at[word] == '\0')
			break;
		at += word + 1;
	}
	return false;
}

static bool check_choice(const struct frame_option *option, const char *value,
                         struct reason *why)
{
	char shown[QUOTE_SIZE];
	char words[200];
	size_t at = 0;

	if (option_is_choice(option->choices, value))
		return true;
	for (const char *c = option->choices; *c != '\0' && at < sizeof words - 3; c++) {
		if (*c == '|')
			words[at++] = ',';
		words[at++] = *c == '|' ? ' ' : *c;
	}
	words[at] = '\0';
	if (strchr(option->choices, '|') == NULL)
		return fail(why, "%s is unknown; there is only %s",
		            quote_show(shown, value), words);
	return fail(why, "%s is none of %s", quote_show(shown, value), words);
}

static bool check_limits(const struct frame_option *option, int64_t number,
                         struct reason *why)
{
	char least[OPTION_NUMBER_SIZE];
	char most[OPTION_NUMBER_SIZE];
	const char *unit = option->unit != NULL ? option->unit : "";

	if (option->minimum == 0 && option->maximum == 0)
		return true;
	if (number >= option->minimum && number <= option->maximum)
		return true;
	option_write_number(option, option->minimum, least);
	option_write_number(option, option->maximum, most);
	return fail(why, "is out of its limits: %s to %s%s%s", least, most,
	            *unit == '\0' ? "" : " ", unit);
}

/* Reads the number of an option that stands for one. */
static bool parse_as(const struct frame_option *option, const char *value,
                     int64_t *number, struct reason *why)
{
	bool is_yes;

	switch (option->type) {
	case FRAME_OPTION_NUMBER:
		return option_parse_number(value, number, why);
	case FRAME_OPTION_DURATION:
		return option_parse_duration(value, number, why);
	case FRAME_OPTION_SIZE:
		return option_parse_size(value, number, why);
	case OPTION_COMMIT:
		return option_parse_commit(value, number, why);
	default:
		assert(option->type == FRAME_OPTION_YES_NO);
		if (!option_parse_yes_no(value, &is_yes, why))
			return false;
		*number = is_yes;
		return true;
	}
}

bool option_has_number(const struct frame_option *option)
{
	switch (option->type) {
	case FRAME_OPTION_NUMBER:
	case FRAME_OPTION_YES_NO:
	case FRAME_OPTION_DURATION:
	case FRAME_OPTION_SIZE:
	case OPTION_COMMIT:
		return true;
	default:
		return false;
	}
}

bool option_check(const struct frame_option *option, const char *value,
                  struct reason *why)
{
	int64_t number;
	int64_t bytes;
	enum option_begin begin;

	if (option->type != FRAME_OPTION_SECRET &&
	    !utf8_is_valid((const uint8_t *)value, strlen(value)))
		return fail(why, "is no UTF-8");
	if (option_has_number(option))
		return parse_as(option, value, &number, why) &&
		       check_limits(option, number, why);
	switch (option->type) {
	case FRAME_OPTION_CHOICE:
		return check_choice(option, value, why);
	case OPTION_HOLD:
		return option_parse_hold(value, &number, &bytes, why);
	case OPTION_BEGIN:
		return option_parse_begin(value, &begin, &number, why);
	default:
		return true;
	}
}

int64_t option_number(const struct frame_option *option, const char *value)
{
	int64_t number = 0;
	bool is_valid = parse_as(option, value, &number, NULL);

	assert(is_valid);
	return number;
}

const char *option_type_name(uint32_t type)
{
	static const char *const names[] = {
		"text",   "number", "yes or no", "duration", "size",
		"choice", "path",   "secret",    "template", "list",
	};
	static const char *const own[] = {
		"duration",
		"age or size",
		"time",
		"SQL",
	};

	if (type < sizeof names / sizeof *names)
		return names[type];
	assert(type >= OPTION_COMMIT && type <= OPTION_SQL);
	return own[type - OPTION_COMMIT];
}

void option_write_number(const struct frame_option *option, int64_t number,
                         char out[OPTION_NUMBER_SIZE])
{
	const struct unit_name *unit = NULL;

	if (option->type == FRAME_OPTION_DURATION || option->type == OPTION_COMMIT)
		unit = duration_units;
	else if (option->type == FRAME_OPTION_SIZE)
		unit = size_units;
	if (number == 0 && unit == duration_units)
		unit += 3; /* "0s" reads better than "0d" */
	while (unit != NULL && unit->name != NULL && number % unit->factor != 0)
		unit++;
	snprintf(out, OPTION_NUMBER_SIZE, "%" PRId64 "%s",
	         unit == NULL || unit->name == NULL ? number : number / unit->factor,
	         unit == NULL || unit->name == NULL ? "" : unit->name);
}

const struct frame_option *option_find(const struct frame_option *const *table,
                                       const char *name)
{
	for (; table != NULL && *table != NULL; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}

bool option_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	return len <= OPTION_NAME_MAX && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}

void option_file_key(const char *name, char key[OPTION_FILE_KEY_SIZE])
{
	snprintf(key, OPTION_FILE_KEY_SIZE, "%.*s_file", OPTION_NAME_MAX, name);
}
