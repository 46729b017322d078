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

/* Days before 1 March of that year, counted from 1 March of the year 0. */
static uint32_t days_before(uint32_t year)
{
	return 365 * year + year / 4 - year / 100 + year / 400;
}

/* Counted from March, so that the leap day is a year's last and months go 31 30 31 30 31.
 */
static void find_date(uint32_t days_since_1970, uint32_t *year, uint32_t *month,
                      uint32_t *day)
{
	uint32_t days = days_since_1970 + 719468;
	uint32_t y = days / 365, m; /* one too many for every 1500 years */

	while (days_before(y) > days)
		y--;
	days -= days_before(y);
	m = (5 * days + 2) / 153;
	*day = days - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = *month > 2 ? y : y + 1;
}

static char *put_digits(char *at, uint32_t number, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		at[i] = (char)('0' + number % 10);
	at[digits] = behind;
	return at + digits + 1;
}

void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	int64_t ms = wall_ms < 0 ? 0 : wall_ms > LATEST_MS ? LATEST_MS : wall_ms;
	uint32_t of_day = (uint32_t)(ms % 86400000), year, month, day;

	/* Each document of each output has such a text or two: snprintf takes longer. */
	find_date((uint32_t)(ms / 86400000), &year, &month, &day);
	out = put_digits(out, year, 4, '-');
	out = put_digits(out, month, 2, '-');
	out = put_digits(out, day, 2, 'T');
	out = put_digits(out, of_day / 3600000, 2, ':');
	out = put_digits(out, of_day / 60000 % 60, 2, ':');
	out = put_digits(out, of_day / 1000 % 60, 2, '.');
	out = put_digits(out, of_day % 1000, 3, 'Z');
	*out = '\0';
}

void clock_replace(int64_t (*monotonic_ms)(void), int64_t (*wall_ms)(void))
{
	fake_monotonic = monotonic_ms;
	fake_wall = wall_ms;
}
