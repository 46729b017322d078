/* SPDX-License-Identifier: MIT */
/* float32: the shortest text of a float. */
#include "float32.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

static const char *text_of(float number)
{
	static char out[FLOAT32_TEXT_SIZE];

	return float32_text(out, number) == strlen(out) ? out : "wrong length";
}

static void what_sensors_measure_has_few_digits(void)
{
	same(text_of(19.94F), "19.94", "19.94");
	same(text_of(100857.5F), "100857.5", "100857.5");
	same(text_of(-0.886233F), "-0.886233", "-0.886233");
	same(text_of(0.0F), "0", "0");
	same(text_of(-0.0F), "-0", "-0, which is another float");
	same(text_of(0.1F), "0.1",
	     "0.1, which a double would show as 0.10000000149011612");
	same(text_of(27.0F), "27", "27, without a point");
	same(text_of(1000000.0F), "1000000", "a million");
	same(text_of(0.28412917F), "0.28412917", "eight digits");
	same(text_of(59.7265625F), "59.726562", "half-way the even digit is taken");
}

static void great_and_small_numbers_are_json_too(void)
{
	same(text_of(FLT_MAX), "3.4028235e+38", "the greatest");
	same(text_of(1e20F), "100000000000000000000", "21 digits are plain");
	same(text_of(1e21F), "1e+21", "22 are not");
	same(text_of(16777216.0F), "16777216", "2^24");
	same(text_of(123456792.0F), "123456790", "what no digit tells is 0");
	same(text_of(0.000001F), "0.000001", "a millionth is plain");
	same(text_of(0.0000001F), "1e-7", "a tenth of it is not");
	same(text_of(FLT_MIN), "1.1754944e-38", "the smallest with all digits");
	same(text_of(1.4e-45F), "1e-45", "the smallest of all");
	same(text_of(0x1p90F), "1.2379401e+27",
	     "the farther of two, when only it has 8 digits");
}

/* Whether fewer digits would have done. */
static bool is_shortest(float number)
{
	char text[FLOAT32_TEXT_SIZE], shorter[FLOAT32_TEXT_SIZE];
	int digits = 0;
	bool is_leading = true;

	float32_text(text, number);
	for (const char *p = text; *p != '\0' && *p != 'e'; p++) {
		is_leading = is_leading && (*p < '1' || *p > '9');
		digits += *p >= '0' && *p <= '9' && !is_leading;
	}
	if (strtof(text, NULL) != number)
		return false;
	if (digits < 2 || strchr(text, '.') == NULL)
		return true;
	snprintf(shorter, sizeof shorter, "%.*e", digits - 2, (double)number);
	return strtof(shorter, NULL) != number;
}

static void any_float_comes_back_from_the_fewest_digits(void)
{
	bool is_fine = true;

	for (uint32_t bits = 1; bits < 0x7F800000; bits += 49999) {
		float number;

		memcpy(&number, &bits, sizeof number);
		is_fine = is_fine && is_shortest(number);
	}
	ok(is_fine, "42,000 floats of every magnitude");
}

static void a_comma_in_the_locale_changes_nothing(void)
{
	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL)
		ok(true, "no German locale here # SKIP");
	else
		same(text_of(1.5e30F), "1.5e+30", "numbers are JSON in German too");
	setlocale(LC_NUMERIC, "C");
}

int main(void)
{
	what_sensors_measure_has_few_digits();
	great_and_small_numbers_are_json_too();
	any_float_comes_back_from_the_fewest_digits();
	a_comma_in_the_locale_changes_nothing();
	return done();
}
