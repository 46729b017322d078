/* SPDX-License-Identifier: MIT */
/* The shortest decimal text of a float32. */
#include "float32.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 9 /* always enough for a float32 */

/* digits * 10^exponent */
struct decimal {
	uint32_t digits;
	int exponent;
};

static const double power[] = {1e0, 1e1, 1e2, 1e3,  1e4,  1e5,  1e6,
                               1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13};

#define POWERS ((int)(sizeof power / sizeof power[0]))

/* A double half-way between two floats: rounding it again might go the wrong way. */
static bool is_between_floats(double d)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	return (bits & 0x1FFFFFFF) == 0x10000000;
}

static double round_half_even(double d)
{
	uint64_t whole = (uint64_t)d;
	double rest = d - (double)whole;

	if (rest > 0.5 || (rest == 0.5 && whole % 2 == 1))
		whole++;
	return (double)whole;
}

/*
 * What sensors measure: digits and powers are exact in a double here, so the quotient is
 * the double nearest to the decimal, and the cast gives the float nearest to it unless
 * that double lies half-way.  False: use shorten().
 */
static bool shorten_quickly(struct decimal *out, float number)
{
	if (number < 1e-4F || number >= 16777216.0F)
		return false;
	for (int places = 0; places < POWERS; places++) {
		double scaled = round_half_even((double)number * power[places]);
		double back = scaled / power[places];

		if (scaled > UINT32_MAX || is_between_floats(back))
			return false;
		if ((float)back == number) {
			*out = (struct decimal){(uint32_t)scaled, -places};
			return true;
		}
	}
	return false;
}

static bool is_same(struct decimal decimal, float number)
{
	char text[FLOAT32_TEXT_SIZE];

	/* Without a point, which a locale might write otherwise. */
	snprintf(text, sizeof text, "%ue%d", decimal.digits, decimal.exponent);
	return strtof(text, NULL) == number;
}

/* Any number above 0, by trying one digit more each time. */
static struct decimal shorten(float number)
{
	struct decimal found = {0, 0};

	for (int digits = 1; digits <= DIGITS_MAX; digits++) {
		char text[FLOAT32_TEXT_SIZE];
		const char *exponent;

		snprintf(text, sizeof text, "%.*e", digits - 1, (double)number);
		exponent = strchr(text, 'e');
		assert(exponent != NULL);
		found.digits = (uint32_t)(text[0] - '0');
		for (const char *p = exponent - (digits - 1); p < exponent; p++)
			found.digits = found.digits * 10 + (uint32_t)(*p - '0');
		found.exponent = atoi(exponent + 1) - (digits - 1);
		if (is_same(found, number))
			break;
		/* Below a power of two floats lie closer: there only the farther one may
		 * do. */
		found.digits++;
		if (is_same(found, number))
			break;
	}
	return found;
}

static size_t write_plain(char *out, const char *digits, int len, int point)
{
	char *at = out;

	if (point <= 0) {
		*at++ = '0';
		*at++ = '.';
		for (int i = point; i < 0; i++)
			*at++ = '0';
		memcpy(at, digits, (size_t)len);
		return (size_t)(at + len - out);
	}
	for (int i = 0; i < len || i < point; i++) {
		if (i == point)
			*at++ = '.';
		*at++ = i < len ? digits[i] : '0';
	}
	return (size_t)(at - out);
}

static size_t write_exponent(char *out, const char *digits, int len, int point)
{
	return (size_t)snprintf(out, FLOAT32_TEXT_SIZE - 1, "%c%s%.*se%+d", digits[0],
	                        len > 1 ? "." : "", len - 1, digits + 1, point - 1);
}

/* 0 has one digit, too; returns how many there are. */
static int write_digits(char out[DIGITS_MAX + 2], uint32_t number)
{
	char reversed[DIGITS_MAX + 2];
	int len = 0;

	do
		reversed[len++] = (char)('0' + number % 10);
	while ((number /= 10) != 0);
	for (int i = 0; i < len; i++)
		out[i] = reversed[len - 1 - i];
	return len;
}

size_t float32_text(char out[FLOAT32_TEXT_SIZE], float number)
{
	struct decimal found = {0, 0};
	char digits[DIGITS_MAX + 2];
	char *at = out;
	int len, point;

	assert(isfinite(number));
	if (signbit(number))
		*at++ = '-';
	number = fabsf(number);
	if (number != 0 && !shorten_quickly(&found, number))
		found = shorten(number);
	while (found.digits != 0 && found.digits % 10 == 0) {
		found.digits /= 10;
		found.exponent++;
	}
	len = write_digits(digits, found.digits);
	point = len + found.exponent;
	if (point > -6 && point <= 21)
		at += write_plain(at, digits, len, point);
	else
		at += write_exponent(at, digits, len, point);
	*at = '\0';
	return (size_t)(at - out);
}
