/* SPDX-License-Identifier: MIT */
/* PHP's date(), letter by letter.  Knows the calendar; not what a template is. */
#include "phpdate.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LAST_MS      INT64_C(253402300799999) /* the end of the year 9999 */
#define DAY_S        86400
#define ZONE_MAX     256
#define ZONES_FOLDER "/zoneinfo/"

/* The letters, by the function that knows them. */
#define DAY_LETTERS   "dDjlNSwz"
#define YEAR_LETTERS  "WoFMmntLYy"
#define TIME_LETTERS  "aABgGhHisuv"
#define WHOLE_LETTERS "eIOPpTZcrU"

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

struct moment {
	int64_t ms;
	int64_t seconds;
	struct tm tm;
};

static void add_padded(struct buf *out, long number, int digits)
{
	char text[8];
	int at = digits;

	while (at > 0) {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	}
	buf_add(out, text, (size_t)digits);
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(const struct tm *tm)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return lengths[tm->tm_mon] + (tm->tm_mon == 1 && is_leap(tm->tm_year + 1900));
}

static const char *ordinal_of(int day)
{
	if (day / 10 == 1)
		return "th";
	return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

/* Swatch beats: thousandths of a day in UTC+1. */
static long beats_of(int64_t seconds)
{
	return (long)((seconds + 3600) % DAY_S * 10 / 864);
}

static void add_offset(struct buf *out, const struct moment *m, const char *between)
{
	long minutes = labs(m->tm.tm_gmtoff) / 60;

	buf_char(out, m->tm.tm_gmtoff < 0 ? '-' : '+');
	add_padded(out, minutes / 60, 2);
	buf_text(out, between);
	add_padded(out, minutes % 60, 2);
}

/* The name of a zone in its file's path, NULL: it lies elsewhere. */
static const char *name_in(const char *path)
{
	const char *folder = strstr(path, ZONES_FOLDER);

	return folder == NULL ? NULL : folder + strlen(ZONES_FOLDER);
}

/* CET-1CEST,M3.5.0,M10.5.0/3, not Etc/GMT+5. */
static bool is_rule(const char *zone)
{
	return strpbrk(zone, ",<") != NULL ||
	       (strpbrk(zone, "0123456789") != NULL && strchr(zone, '/') == NULL);
}

/* "Europe/Berlin", as far as the system says so; a rule such as CET-1CEST has no name. */
static void add_zone(struct buf *out, const struct moment *m)
{
	const char *zone = getenv("TZ"), *name = NULL;
	char link[ZONE_MAX];
	ssize_t len;

	if (zone != NULL) {
		zone += *zone == ':';
		if (*zone == '\0')
			name = "UTC";
		else if (*zone == '/')
			name = name_in(zone);
		else if (!is_rule(zone))
			name = zone;
	} else if ((len = readlink("/etc/localtime", link, sizeof link - 1)) > 0) {
		link[len] = '\0';
		name = name_in(link);
	}
	buf_text(out, name != NULL ? name : m->tm.tm_zone);
}

static void add_day(struct buf *out, char letter, const struct moment *m)
{
	const struct tm *tm = &m->tm;

	switch (letter) {
	case 'd':
		add_padded(out, tm->tm_mday, 2);
		break;
	case 'D':
		buf_add(out, days[tm->tm_wday], 3);
		break;
	case 'j':
		buf_number(out, tm->tm_mday);
		break;
	case 'l':
		buf_text(out, days[tm->tm_wday]);
		break;
	case 'N':
		buf_number(out, tm->tm_wday == 0 ? 7 : tm->tm_wday);
		break;
	case 'S':
		buf_text(out, ordinal_of(tm->tm_mday));
		break;
	case 'w':
		buf_number(out, tm->tm_wday);
		break;
	default: /* z */
		buf_number(out, tm->tm_yday);
		break;
	}
}

static void add_year(struct buf *out, char letter, const struct moment *m)
{
	const struct tm *tm = &m->tm;
	char text[8];

	switch (letter) {
	case 'W':
		buf_add(out, text, strftime(text, sizeof text, "%V", tm));
		break;
	case 'o':
		buf_add(out, text, strftime(text, sizeof text, "%G", tm));
		break;
	case 'F':
		buf_text(out, months[tm->tm_mon]);
		break;
	case 'M':
		buf_add(out, months[tm->tm_mon], 3);
		break;
	case 'm':
		add_padded(out, tm->tm_mon + 1, 2);
		break;
	case 'n':
		buf_number(out, tm->tm_mon + 1);
		break;
	case 't':
		buf_number(out, days_in_month(tm));
		break;
	case 'L':
		buf_char(out, is_leap(tm->tm_year + 1900) ? '1' : '0');
		break;
	case 'Y':
		buf_number(out, tm->tm_year + 1900);
		break;
	default: /* y */
		add_padded(out, tm->tm_year % 100, 2);
		break;
	}
}

static void add_time(struct buf *out, char letter, const struct moment *m)
{
	const struct tm *tm = &m->tm;
	int twelfth = tm->tm_hour % 12 == 0 ? 12 : tm->tm_hour % 12;

	switch (letter) {
	case 'a':
		buf_text(out, tm->tm_hour < 12 ? "am" : "pm");
		break;
	case 'A':
		buf_text(out, tm->tm_hour < 12 ? "AM" : "PM");
		break;
	case 'B':
		add_padded(out, beats_of(m->seconds), 3);
		break;
	case 'g':
		buf_number(out, twelfth);
		break;
	case 'G':
		buf_number(out, tm->tm_hour);
		break;
	case 'h':
		add_padded(out, twelfth, 2);
		break;
	case 'H':
		add_padded(out, tm->tm_hour, 2);
		break;
	case 'i':
		add_padded(out, tm->tm_min, 2);
		break;
	case 's':
		add_padded(out, tm->tm_sec, 2);
		break;
	case 'u':
		add_padded(out, (long)(m->ms % 1000) * 1000, 6);
		break;
	default: /* v */
		add_padded(out, (long)(m->ms % 1000), 3);
		break;
	}
}

static void add_format(struct buf *out, const char *format, const struct moment *m);

static void add_whole(struct buf *out, char letter, const struct moment *m)
{
	switch (letter) {
	case 'e':
		add_zone(out, m);
		break;
	case 'I':
		buf_char(out, m->tm.tm_isdst > 0 ? '1' : '0');
		break;
	case 'O':
		add_offset(out, m, "");
		break;
	case 'P':
		add_offset(out, m, ":");
		break;
	case 'p':
		if (m->tm.tm_gmtoff == 0)
			buf_char(out, 'Z');
		else
			add_offset(out, m, ":");
		break;
	case 'T':
		buf_text(out, m->tm.tm_zone);
		break;
	case 'Z':
		buf_number(out, m->tm.tm_gmtoff);
		break;
	case 'c':
		add_format(out, "Y-m-d\\TH:i:sP", m);
		break;
	case 'r':
		add_format(out, "D, d M Y H:i:s O", m);
		break;
	default: /* U */
		buf_number(out, m->seconds);
		break;
	}
}

static void add_format(struct buf *out, const char *format, const struct moment *m)
{
	for (; *format != '\0'; format++) {
		if (*format == '\\' && format[1] != '\0')
			buf_char(out, *++format);
		else if (strchr(DAY_LETTERS, *format) != NULL)
			add_day(out, *format, m);
		else if (strchr(YEAR_LETTERS, *format) != NULL)
			add_year(out, *format, m);
		else if (strchr(TIME_LETTERS, *format) != NULL)
			add_time(out, *format, m);
		else if (strchr(WHOLE_LETTERS, *format) != NULL)
			add_whole(out, *format, m);
		else
			buf_char(out, *format);
	}
}

void phpdate_add(struct buf *out, const char *format, int64_t wall_ms)
{
	struct moment m = {.ms = wall_ms < 0 ? 0 : wall_ms > LAST_MS ? LAST_MS : wall_ms};
	time_t seconds = (time_t)(m.ms / 1000);

	m.seconds = seconds;
	localtime_r(&seconds, &m.tm);
	add_format(out, format, &m);
}

bool phpdate_has_letter(const char *format, size_t len)
{
	static const char letters[] = DAY_LETTERS YEAR_LETTERS TIME_LETTERS WHOLE_LETTERS;

	for (size_t i = 0; i < len; i++) {
		if (format[i] == '\\')
			i++;
		else if (strchr(letters, format[i]) != NULL)
			return true;
	}
	return false;
}

bool phpdate_is_number(const char *format)
{
	/* a number has no 0 before its first digit, and a sign nowhere else */
	return *format != '\0' && strchr("UYojnNwztLGgIZ", *format) != NULL &&
	       strspn(format + 1, "0123456789YymdHhisuvB") == strlen(format + 1);
}
