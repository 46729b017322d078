/* SPDX-License-Identifier: MIT */
/* The two clocks, and how a moment is written. */
#include "clock.h"

#include <time.h>

/* 2025-01-01: no machine that runs this program lives before it. */
#define EARLIEST_MS INT64_C(1735689600000)
#define LATEST_MS   INT64_C(253402300799999) /* the end of the year 9999 */

static int64_t (*fake_monotonic)(void);
static int64_t (*fake_wall)(void);

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
	return fake_monotonic != NULL ? fake_monotonic() : read_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
	return fake_wall != NULL ? fake_wall() : read_ms(CLOCK_REALTIME);
}

bool clock_is_plausible(int64_t wall_ms)
{
	return wall_ms >= EARLIEST_MS && wall_ms <= LATEST_MS;
}

/* The last `digits` digits of a number; returns where they end. */
static char *write_digits(char *at, int64_t number, int digits)
{
	for (int i = digits; i-- > 0; number /= 10)
		at[i] = (char)('0' + number % 10);
	return at + digits;
}

/* Years are counted from March, so that the leap day is a year's last. */
static char *write_date(char *at, int64_t days_since_1970)
{
	int64_t days = days_since_1970 + 719468; /* since 0000-03-01 */
	int64_t era = days / 146097, day = days % 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	at = write_digits(at, era * 400 + year + (month >= 10), 4);
	*at++ = '-';
	at = write_digits(at, month >= 10 ? month - 9 : month + 3, 2);
	*at++ = '-';
	return write_digits(at, day - (153 * month + 2) / 5 + 1, 2);
}

/* By hand, as it is done for each frame: gmtime_r() and snprintf() take five times as
 * long. */
void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	int64_t ms = wall_ms < 0 ? 0 : wall_ms > LATEST_MS ? LATEST_MS : wall_ms;
	char *at = write_date(out, ms / 86400000);

	*at++ = 'T';
	at = write_digits(at, ms / 3600000 % 24, 2);
	*at++ = ':';
	at = write_digits(at, ms / 60000 % 60, 2);
	*at++ = ':';
	at = write_digits(at, ms / 1000 % 60, 2);
	*at++ = '.';
	at = write_digits(at, ms % 1000, 3);
	*at++ = 'Z';
	*at = '\0';
}

void clock_replace(int64_t (*monotonic_ms)(void), int64_t (*wall_ms)(void))
{
	fake_monotonic = monotonic_ms;
	fake_wall = wall_ms;
}
