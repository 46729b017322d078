/* SPDX-License-Identifier: MIT */
/* buf: bytes and hexadecimal digits. */
#include "buf.h"

#include <limits.h>

#include "tap.h"

static void what_is_added_stands_there_in_order(void)
{
	struct buf b = {0};

	same(buf_string(&b), "", "an empty buffer is an empty text");
	buf_text(&b, "a");
	buf_char(&b, 'b');
	buf_format(&b, "%s-%d", "c", 7);
	buf_number(&b, INT64_MIN);
	buf_number(&b, 0);
	same(buf_string(&b), "abc-7-92233720368547758080",
	     "texts and numbers stand in order");
	buf_clear(&b);
	buf_hex(&b, (const uint8_t *)"\x00\xfeZ", 3);
	same(buf_string(&b), "00FE5A", "bytes become upper-case digits");
	buf_drop(&b, 2);
	same(buf_string(&b), "FE5A", "dropping takes from the front");
	buf_drop(&b, 99);
	ok(b.len == 0, "dropping more than there is leaves nothing");
	buf_free(&b);
}

static void a_long_text_is_kept_whole(void)
{
	struct buf b = {0};

	for (int i = 0; i < 100000; i++)
		buf_char(&b, (char)('a' + i % 26));
	ok(b.len == 100000 && b.data[99999] == 'a' + 99999 % 26 && b.data[100000] == '\0',
	   "100,000 characters are all there, with a NUL behind");
	buf_free(&b);
}

static void digits_are_read_in_any_case(void)
{
	uint8_t out[4];

	ok(hex_decode(out, "3c3D3e", 6) == 3 && memcmp(out, "<=>", 3) == 0,
	   "upper and lower case digits make the same bytes");
	ok(hex_decode(out, "3c3", 3) == -1, "an odd number of digits is no bytes");
	ok(hex_decode(out, "3g", 2) == -1, "g is no digit");
	ok(hex_decode(out, "", 0) == 0, "nothing is no bytes, and no error");
}

int main(void)
{
	what_is_added_stands_there_in_order();
	a_long_text_is_kept_whole();
	digits_are_read_in_any_case();
	return done();
}
