/* SPDX-License-Identifier: MIT */
/* Clocks that a test sets: time passes when it says so. */
#ifndef TESTS_UNIT_FAKE_CLOCK_H
#define TESTS_UNIT_FAKE_CLOCK_H

#include <stdint.h>

#include "clock.h"

#define HOUR INT64_C(3600000)

static int64_t fake_wall_ms = INT64_C(1790000000000), fake_monotonic_ms = 1000;

static int64_t fake_wall(void)
{
	return fake_wall_ms;
}

static int64_t fake_monotonic(void)
{
	return fake_monotonic_ms;
}

static void fake_clock_begin(void)
{
	clock_replace(fake_monotonic, fake_wall);
}

static void pass(int64_t ms)
{
	fake_wall_ms += ms;
	fake_monotonic_ms += ms;
}

#endif
