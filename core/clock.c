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

/* By hand, as it is done for each frame. */
static char *put(char *at, int number, int digits, char behind)
{
	for (int i = digits; i > 0; number /= 10)
		at[--i] = (char)('0' + number % 10);
	at[digits] = behind;
	return at + digits + 1;
}

void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	int64_t ms = wall_ms < 0 ? 0 : wall_ms > LATEST_MS ? LATEST_MS : wall_ms;
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char *at = out;

	gmtime_r(&seconds, &tm);
	at = put(at, tm.tm_year + 1900, 4, '-');
	at = put(at, tm.tm_mon + 1, 2, '-');
	at = put(at, tm.tm_mday, 2, 'T');
	at = put(at, tm.tm_hour, 2, ':');
	at = put(at, tm.tm_min, 2, ':');
	at = put(at, tm.tm_sec, 2, '.');
	at = put(at, (int)(ms % 1000), 3, 'Z');
	*at = '\0';
}

void clock_replace(int64_t (*monotonic_ms)(void), int64_t (*wall_ms)(void))
{
	fake_monotonic = monotonic_ms;
	fake_wall = wall_ms;
}
