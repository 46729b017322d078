/* SPDX-License-Identifier: MIT */
/* Reads ISO 8601.  Knows the calendar; no zones, no leap seconds. */
#include "isotime.h"

#include <string.h>

/* Reads exactly `digits` digits. */
static bool read_number(const char **at, int digits, int max, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return *number <= max;
}

static bool read_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && is_leap ? 29 : days[month - 1];
}

/* Years are counted from March, so that the leap day is a year's last. */
static int64_t days_since_1970(int year, int month, int day)
{
	int64_t y = month > 2 ? year : year - 1;
	int64_t months = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * months + 2) / 5 + day - 1 -
	       719468;
}

static bool read_fraction(const char **at, int *ms)
{
	int digits = 0;

	*ms = 0;
	if (!read_char(at, '.'))
		return true;
	for (; **at >= '0' && **at <= '9'; (*at)++)
		if (digits++ < 3)
			*ms = *ms * 10 + (**at - '0');
	for (int i = digits; i < 3; i++)
		*ms *= 10;
	return digits > 0;
}

static bool read_zone(const char **at, int *offset_minutes)
{
	int sign = **at == '-' ? -1 : 1;
	int hours, minutes;

	*offset_minutes = 0;
	if (read_char(at, 'Z'))
		return true;
	if (!read_char(at, '+') && !read_char(at, '-'))
		return false;
	if (!read_number(at, 2, 23, &hours))
		return false;
	read_char(at, ':');
	if (!read_number(at, 2, 59, &minutes))
		return false;
	*offset_minutes = sign * (hours * 60 + minutes);
	return true;
}

bool isotime_parse(const char *text, int64_t *ms)
{
	const char *at = text;
	int year, month, day, hour, minute, second, part, offset;

	if (!read_number(&at, 4, 9999, &year) || year < 1970 || !read_char(&at, '-') ||
	    !read_number(&at, 2, 12, &month) || month == 0 || !read_char(&at, '-') ||
	    !read_number(&at, 2, days_in_month(year, month), &day) || day == 0)
		return false;
	if (!read_char(&at, 'T') || !read_number(&at, 2, 23, &hour) ||
	    !read_char(&at, ':') || !read_number(&at, 2, 59, &minute) ||
	    !read_char(&at, ':') || !read_number(&at, 2, 59, &second) ||
	    !read_fraction(&at, &part) || !read_zone(&at, &offset) || *at != '\0')
		return false;
	*ms = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute - offset) *
	              60000 +
	      second * 1000 + part;
	return *ms >= 0;
}
