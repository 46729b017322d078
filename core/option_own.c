/* SPDX-License-Identifier: MIT */
/* Values of the router's own types: commit, hold, begin; and nearness of words. */
#include "option.h"

#include <stdio.h>
#include <string.h>

#include "isotime.h"
#include "quote.h"

#define WORD_MAX    64 /* longer words are cut before they are compared */
#define LONGEST_MS  (INT64_C(3650) * 86400000)
#define LONGEST_GAP 3 /* edits between words that are still taken for each other */

bool option_parse_commit(const char *text, int64_t *ms, struct reason *why)
{
	char shown[QUOTE_SIZE];

	*ms = 0;
	if (strcmp(text, "immediate") == 0)
		return true;
	if (!option_parse_duration(text, ms, NULL))
		return fail(why, "%s is neither immediate nor a duration such as 1s",
		            quote_show(shown, text));
	return true;
}

bool option_parse_hold(const char *text, int64_t *ms, int64_t *bytes, struct reason *why)
{
	char shown[QUOTE_SIZE];
	bool is_age = option_parse_duration(text, ms, NULL);
	bool is_size = !is_age && option_parse_size(text, bytes, NULL);

	if (!is_age)
		*ms = 0;
	if (!is_size)
		*bytes = 0;
	if (!is_age && !is_size)
		return fail(why, "%s is neither a duration (7d) nor a size (500M)",
		            quote_show(shown, text));
	if ((is_age ? *ms : *bytes) == 0)
		return fail(why, "an output that holds nothing would lose every frame");
	if (*ms > LONGEST_MS)
		return fail(why, "is out of its limits: at most 3650d");
	return true;
}

bool option_parse_time(const char *text, int64_t *wall_ms, struct reason *why)
{
	char shown[QUOTE_SIZE];
	char midnight[sizeof "2026-11-22T00:00:00Z"];

	snprintf(midnight, sizeof midnight, "%sT00:00:00Z", text);
	if (!isotime_parse(strlen(text) == strlen("2026-11-22") ? midnight : text,
	                   wall_ms))
		return fail(why,
		            "%s is no time: write 2026-11-22 or "
		            "2026-11-22T10:40:00Z",
		            quote_show(shown, text));
	return true;
}

bool option_parse_begin(const char *text, enum option_begin *begin, int64_t *wall_ms,
                        struct reason *why)
{
	char shown[QUOTE_SIZE];

	*wall_ms = 0;
	*begin = OPTION_BEGIN_OLDEST;
	if (strcmp(text, "oldest") == 0)
		return true;
	*begin = OPTION_BEGIN_NOW;
	if (strcmp(text, "now") == 0)
		return true;
	*begin = OPTION_BEGIN_TIME;
	if (!option_parse_time(text, wall_ms, NULL))
		return fail(why,
		            "%s is neither oldest, now, nor a time such as "
		            "2026-11-22 or 2026-11-22T10:40:00Z",
		            quote_show(shown, text));
	return true;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned option_distance(const char *a, const char *b)
{
	unsigned len_a = (unsigned)strnlen(a, WORD_MAX);
	unsigned len_b = (unsigned)strnlen(b, WORD_MAX);
	unsigned row[3][WORD_MAX + 1]; /* of a[i - 2], a[i - 1] and a[i], by turns */

	for (unsigned j = 0; j <= len_b; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= len_a; i++) {
		unsigned *two_up = row[(i + 1) % 3];
		unsigned *up = row[(i + 2) % 3];
		unsigned *now = row[i % 3];

		now[0] = i;
		for (unsigned j = 1; j <= len_b; j++) {
			now[j] = least(least(up[j], now[j - 1]) + 1,
			               up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], two_up[j - 2] + 1);
		}
	}
	return row[len_a % 3][len_b];
}

void option_nearest_try(struct option_nearest *n, const char *candidate)
{
	unsigned distance = option_distance(n->word, candidate);
	unsigned len = (unsigned)strlen(n->word);

	/* more than a third of a word wrong is another word, not a slip */
	if (distance > LONGEST_GAP || distance * 3 > len + 1)
		return;
	if (n->best == NULL || distance < n->distance) {
		n->best = candidate;
		n->distance = distance;
	}
}
