/* SPDX-License-Identifier: MIT */
/* The two clocks, and how a moment is written. */
#include "clock.h"

#include <stdio.h>
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

void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_SIZE])
{
	int64_t ms = wall_ms < 0 ? 0 : wall_ms > LATEST_MS ? LATEST_MS : wall_ms;
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char text[64];

	gmtime_r(&seconds, &tm);
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	         tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	         tm.tm_sec, (int)(ms % 1000));
	for (size_t i = 0; i < CLOCK_ISO_SIZE; i++)
		out[i] = text[i];
	out[CLOCK_ISO_SIZE - 1] = '\0';
}

void clock_replace(int64_t (*monotonic_ms)(void), int64_t (*wall_ms)(void))
{
	fake_monotonic = monotonic_ms;
	fake_wall = wall_ms;
}
