/* SPDX-License-Identifier: MIT */
/* intake: lines and streams, whatever they hold. */
#include "decoding.h"

#define V15_HEX "3C3D3E060D3B2F6F057C1054E66E23013446"
#define V15_RAW                                                                          \
	"<=>\x06\x0D;/o\x05|\x10T\xE6n#\x01"                                             \
	"4F" /* 18 bytes */
#define ASCII "<=>\x86\x01#3B2F6F057C1054E6#n#1#BAT:70#"

#define DOCUMENT                                                                         \
	"{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"                \
	"\"type\":\"information\",\"readings\":{\"BAT\":70}}"

/* --- lines ------------------------------------------------------------------- */

static bool is_line(const char *data, size_t len, size_t want)
{
	return intake_line_length((const uint8_t *)data, len) == want;
}

static void a_line_ends_at_its_end(void)
{
	ok(is_line("", 0, 0) && is_line("3C3D", 4, 0), "without an end there is no line");
	ok(is_line("3C3D\n3E", 7, 5) && is_line("\n\n", 2, 1) && is_line("a\r\nb", 4, 3),
	   "it reaches up to LF");
	ok(is_line("<=>\x86\n#s#n#1#A:1#\nrest", 22, 17),
	   "LF as a count byte does not end it");
	ok(is_line(" <=>\n\n#s#n#1#A:1#\nrest", 22, 18),
	   "nor as a type byte behind a blank");
	ok(is_line("<=>\x86", 4, 0) && is_line("<=>\x86\n", 5, 0) &&
	           is_line("<=>\n\n", 5, 0),
	   "a raw head is no line yet");
	ok(is_line("<=>\x06\x0D;/o\x05|\x10\n\nn#\x01\n\n\nrest", 24, 19),
	   "LF within a binary frame does not end it");
	ok(is_line("<=>\x06\x0D;/o\x05|\x10\n\nn#\x01\n", 17, 0),
	   "nor when the rest has yet to come");
	ok(is_line("<=>\x06\x0D;/o\x05|\x10\n\nn#\x01\n\nXrest", 23, 12),
	   "but when the frame ends elsewhere, LF is what it is");
	ok(is_line("<=>\x00\x02"
	           "1234#\x01\nrest",
	           16, 12),
	   "a count of fields is no length");
}

static void every_form_of_a_line_gives_the_frame(void)
{
	same(decoded(V15_HEX), DOCUMENT, "hex");
	ok(decoding_frame.raw.len == 18 && memcmp(decoding_frame.raw.data, "<=>", 3) == 0,
	   "whose bytes are kept");
	same(decoded("3c3d3e060d3b2F6f057c1054e66e23013446"), DOCUMENT,
	     "hex in any case");
	same(decoded(" \t" V15_HEX "\r\n"), DOCUMENT, "hex with white space around");
	same(decoded_line(V15_HEX "\0\0\n", sizeof V15_HEX + 2), DOCUMENT,
	     "hex with padding");
	same(decoded(V15_RAW), DOCUMENT, "a raw binary frame");
	same(decoded(V15_RAW "\r\n"), DOCUMENT, "and its line's end");
	ok(decoding_frame.raw.len == 18, "which is not kept");
	same(decoded(ASCII), DOCUMENT, "a raw ASCII frame");
	same(decoded("\n" ASCII " \r\n"), DOCUMENT, "and white space around");
	ok(decoding_frame.raw.len == sizeof ASCII - 1, "which is not kept");
	same(decoded("3C3D3E86012333423246364630353743313035344536236E233123"
	             "4241543A373023"),
	     DOCUMENT, "an ASCII frame in hex");
	same(decoded(DOCUMENT), DOCUMENT, "JSON");
	ok(decoding_frame.raw.len == sizeof DOCUMENT - 1, "whose text is kept");
	same(decoded(" " DOCUMENT "\n"), DOCUMENT, "JSON with white space around");
}

static void a_raw_frame_keeps_bytes_that_look_like_white_space(void)
{
	static const char binary[] = "<=>\x06\x0D;/o\x05|\x10T\xE6n#\x01"
				     "4\n"
				     "\r\n";

	same(decoded_line(binary, sizeof binary - 1),
	     "{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"
	     "\"type\":\"information\",\"readings\":{\"BAT\":10}}",
	     "a battery of 10 % at the frame's end is no LF");
	same(decoded("<=>\x86\n#s#n#1#"),
	     "{\"node\":\"n\",\"serial\":\"s\",\"sequence\":1,\"type\":\"information\","
	     "\"readings\":{}}",
	     "a count byte of 10 is no LF");
}

static void what_is_no_frame_is_kept_or_refused(void)
{
	struct buf line = {0};

	same(decoded(""), "refused: an empty line", "nothing");
	same(decoded(" \r\n"), "refused: an empty line", "white space");
	same(decoded_line("\0\0", 2), "refused: an empty line", "padding");
	same(decoded("hello\x1b[2J"),
	     "kept: neither hex, JSON nor a raw frame: \"hello?[2J\"",
	     "text is kept, and shown without what a terminal obeys");
	ok(decoding_frame.raw.len == 9, "as it came");
	same(decoded("3C3D3E0"), "kept: neither hex, JSON nor a raw frame: \"3C3D3E0\"",
	     "an odd number of digits");
	same(decoded("68656C6C6F"), "kept: no <=> at the beginning",
	     "hex that is no frame");
	same(buf_string(&decoding_frame.raw), "hello", "is kept as its bytes");
	same(decoded("\xFF"), "kept: neither hex, JSON nor a raw frame: \"?\"",
	     "one byte");
	same(decoded("{\"readings\":"),
	     "refused: JSON ends too early: an object expected",
	     "JSON with a fault is refused");
	while (line.len < FRAME_TEXT_MAX)
		buf_text(&line, "ab");
	ok(strncmp(decoded(buf_string(&line)), "kept: no <=>", 12) == 0,
	   "a line of 65536 bytes is looked at");
	buf_text(&line, "ab");
	same(decoded(buf_string(&line)), "refused: a line of more than 65536 bytes",
	     "a longer one is not");
	buf_free(&line);
}

static void a_frame_leaves_nothing_to_the_next(void)
{
	decoded("3C3D3E06103B2F6F057C1054E66E23013450F90102");
	same(decoded("{\"readings\":{}}"), "{\"readings\":{}}", "all of it is forgotten");
	ok(decoding_why.text[0] == '\0', "its warning too");
	decoded("{\"measured\":\"2017-07-14T02:40:00.000Z\",\"duplicate\":true,"
	        "\"readings\":{}}");
	same(decoded(V15_HEX), DOCUMENT, "whatever it was");
}

/* --- several frames in one line ---------------------------------------------- */

#define ASCII_HEX                                                                        \
	"3C3D3E86012333423246364630353743313035344536236E233123"                         \
	"4241543A373023"

static void frames_glued_in_one_line_are_all_taken(void)
{
	same(decoded(V15_HEX V15_HEX V15_HEX), DOCUMENT "\n" DOCUMENT "\n" DOCUMENT,
	     "three in hex");
	ok(decoding_frame.raw.len == 18, "each with its own bytes");
	same(decoded(V15_HEX "0000" V15_HEX "0D0A" ASCII_HEX "0D0A00"),
	     DOCUMENT "\n" DOCUMENT "\n" DOCUMENT, "binary and ASCII, padding between");
	same(decoded(ASCII_HEX V15_HEX ASCII_HEX), DOCUMENT "\n" DOCUMENT "\n" DOCUMENT,
	     "an ASCII frame ends before <=>");
	same(decoded(V15_RAW V15_RAW "\r\n"), DOCUMENT "\n" DOCUMENT, "two raw ones");
	same(decoded(ASCII ASCII "\r\n"), DOCUMENT "\n" DOCUMENT, "two raw ASCII ones");
	ok(decoding_frame.raw.len == sizeof ASCII - 1, "without the line's end");
}

static void what_is_between_glued_frames_is_kept(void)
{
	same(decoded(V15_HEX "414243" V15_HEX),
	     DOCUMENT "\nkept: no <=> between two frames\n" DOCUMENT,
	     "three strange bytes between two frames");
	same(decoded(V15_HEX "3C3D3E06FF3C3D3E070D3B" V15_HEX),
	     DOCUMENT
	     "\nkept: cut short: the count byte says 255, 24 bytes follow it\n" DOCUMENT,
	     "two that were cut are one piece");
	same(decoded("3C3D3E06103B2F" V15_HEX),
	     "kept: cut short: the count byte says 16, 2 bytes follow it\n" DOCUMENT,
	     "a frame that was cut does not take the next with it");
	ok(decoding_frame.raw.len == 18, "which is whole");
}

static void one_frame_stays_one(void)
{
	same(decoded("3C3D3E06103B2F6F057C1054E66E230141033C3D3E"),
	     "{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"
	     "\"type\":\"information\",\"readings\":{\"STR\":\"<=>\"}}",
	     "<=> in a text is a text");
	ok(strchr(decoded("<=>\x86\x01#3B2F6F057C1054E6#n#1#STR:a<=>b#"), '\n') == NULL,
	   "in an ASCII frame, too");
}

static void a_line_has_at_most_1000_pieces(void)
{
	static struct intake in;
	struct buf line = {0};
	unsigned frames = 0, kept = 0;

	while (line.len + 18 <= FRAME_TEXT_MAX)
		buf_add(&line, V15_RAW, 18);
	intake_begin(&in, (const uint8_t *)line.data, line.len);
	do {
		if (intake_next(&in, &decoding_frame, decoding_sensors, &decoding_why) ==
		    INTAKE_FRAME)
			frames++;
		else
			kept++;
	} while (in.left > 0);
	ok(frames == 999 && kept == 1, "more are no frames: %u and %u", frames, kept);
	same(decoding_why.text, "more than 1000 frames in one line", "which is said");
	ok(decoding_frame.raw.len == line.len - (size_t)999 * 18, "and are kept whole");
	buf_clear(&line);
	while (line.len + 3 <= FRAME_TEXT_MAX)
		buf_text(&line, "<=>");
	same(decoded(buf_string(&line)), "kept: no known layout fits a frame of type 60",
	     "20,000 beginnings without a frame are one piece");
	buf_free(&line);
}

/* --- streams ----------------------------------------------------------------- */

/* What a stream holds: [frame] in hex, (n) bytes of garbage, handed over `step` bytes at
 * a time. */
static const char *stream_of(const char *data, size_t len, size_t step)
{
	static struct buf text;
	struct buf in = {0};
	size_t given = 0, skipped = 0;

	buf_clear(&text);
	for (;;) {
		const uint8_t *frame;
		size_t frame_len, garbage = 0, used;

		used = intake_stream((const uint8_t *)buf_string(&in), in.len,
		                     given == len, &frame, &frame_len, &garbage);
		skipped += garbage;
		if (skipped > 0 && (frame_len > 0 || given == len)) {
			buf_format(&text, "(%zu)", skipped);
			skipped = 0;
		}
		if (frame_len > 0) {
			buf_char(&text, '[');
			buf_hex(&text, frame, frame_len);
			buf_char(&text, ']');
		}
		buf_drop(&in, used);
		if (used > 0)
			continue;
		if (given == len)
			break;
		step = step < len - given ? step : len - given;
		buf_add(&in, data + given, step);
		given += step;
	}
	if (in.len > 0)
		buf_format(&text, "left %zu", in.len);
	buf_free(&in);
	return buf_string(&text);
}

/* In one piece and byte by byte. */
static void is_stream(const char *data, size_t len, const char *want, const char *text)
{
	same(stream_of(data, len, len), want, text);
	same(stream_of(data, len, 1), want, "also byte by byte");
}

#define STREAM(data, want, text) is_stream(data, sizeof data - 1, want, text)

static void frames_are_found_in_a_stream(void)
{
	STREAM("", "", "nothing");
	STREAM(V15_RAW V15_RAW, "[" V15_HEX "][" V15_HEX "]",
	       "binary frames glued together");
	STREAM("\r\n\0 " V15_RAW "\0\0\0\n" V15_RAW "\n", "[" V15_HEX "][" V15_HEX "]",
	       "padding between is nothing");
	STREAM("xy<" V15_RAW "<=" V15_RAW "<=", "(3)[" V15_HEX "](2)[" V15_HEX "](2)",
	       "garbage between is counted");
	STREAM("<=>\x86\x01#s#n#1#A:1#<=>\x86\x01#s#n#2#A:2#\r\n<=>\x86\x01#s#n#3#A:3",
	       "[3C3D3E86012373236E233123413A3123][3C3D3E86012373236E233223413A3223]"
	       "[3C3D3E86012373236E233323413A33]",
	       "ASCII frames, the last one cut");
	STREAM("<=>\x86\x01#s#n#1#A:1\n<=>\x86\x01#s#n#2#A:2#\n",
	       "[3C3D3E86012373236E233123413A310A][3C3D3E86012373236E233223413A3223]",
	       "one without its last # does not take the next with it");
	STREAM("<=>\x86\x02#s#n#1#TIME:1-2-3-5#\0STR:x#\0\0\0" V15_RAW,
	       "[3C3D3E86022373236E23312354494D453A312D322D332D3523005354523A7823]"
	       "[" V15_HEX "]",
	       "NUL before a tag is a stray byte, NULs before a frame are padding");
	STREAM("<=>\x06\x10;/o\x05|\x10T\xE6n#\x01"
	       "A\x03<=>" V15_RAW,
	       "[3C3D3E06103B2F6F057C1054E66E230141033C3D3E][" V15_HEX "]",
	       "<=> within a frame is its own");
}

static void frames_that_count_fields_are_found(void)
{
	static const char g1[] =
		"<=>\x00\x03\x22\x03\x58\x18N1#\x05"
		"4<\x0C\0\0\xD8"
		"A?\xE9\xFF\xAB"
		"\xFF\x10\x04\n<=>\x00?\x22\x03\x58\x18N1#\x06\n" V15_RAW;

	same(stream_of(g1, sizeof g1 - 1, sizeof g1),
	     "[3C3D3E0003220358184E312305343C0C0000D8413FE9FFABFF1004]"
	     "[3C3D3E003F220358184E312306][" V15_HEX "]",
	     "up to the next frame, when their count leads nowhere");
}

static void a_stream_goes_on_behind_a_broken_frame(void)
{
	static const uint8_t cut[] = "<=>\x06\x22;/o<=>\x06\x0D;/o\x05|\x10T\xE6n#\x01"
				     "4F";

	ok(intake_resume(cut, sizeof cut - 1) == 8, "at the next <=> inside it");
	ok(intake_resume(cut + 8, 18) == 18, "behind it, when there is none");
	ok(intake_resume(cut, 0) == 0 && intake_resume(cut, 1) == 1, "of any length");
}

static void a_stream_without_end_is_not_kept_for_ever(void)
{
	struct buf data = {0};
	const uint8_t *frame;
	size_t len, garbage = 0, used;

	buf_text(&data, "<=>\x86\x01#s#n#1#STR:");
	while (data.len < 5000)
		buf_char(&data, 'x');
	used = intake_stream((const uint8_t *)data.data, data.len, false, &frame, &len,
	                     &garbage);
	ok(used == 4096 && len == 4096,
	   "a frame that never ends is given up at 4096 bytes");
	buf_clear(&data);
	while (data.len < 300000)
		buf_text(&data, "<=>");
	for (size_t i = 0; i < 5 && data.len > 0; i++) {
		used = intake_stream((const uint8_t *)data.data, data.len, false, &frame,
		                     &len, &garbage);
		ok(used > 0 && len > 0 && len <= 260,
		   "starts without frames are given up");
		buf_drop(&data, used);
	}
	buf_free(&data);
}

static void any_bytes_come_to_an_end(void)
{
	uint64_t random = 7;
	bool is_fine = true;

	for (int i = 0; i < 3000; i++) {
		char data[200];
		size_t len = (random >> 33) % sizeof data;

		for (size_t k = 0; k < len; k++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			data[k] = "<=>#\n\r\0A:\x86\x06\x0D\x00\xFFx<"[random >> 60];
		}
		is_fine = is_fine && strstr(stream_of(data, len, len), "left") == NULL;
		is_fine = is_fine && strstr(stream_of(data, len, 7), "left") == NULL;
		(void)intake_line_length((const uint8_t *)data, len);
		decoded_line(data, len);
	}
	ok(is_fine, "3,000 random streams are used up");
}

int main(void)
{
	if (!decoding_begin())
		return done();
	a_line_ends_at_its_end();
	every_form_of_a_line_gives_the_frame();
	a_raw_frame_keeps_bytes_that_look_like_white_space();
	what_is_no_frame_is_kept_or_refused();
	a_frame_leaves_nothing_to_the_next();
	frames_glued_in_one_line_are_all_taken();
	what_is_between_glued_frames_is_kept();
	one_frame_stays_one();
	a_line_has_at_most_1000_pieces();
	frames_are_found_in_a_stream();
	frames_that_count_fields_are_found();
	a_stream_goes_on_behind_a_broken_frame();
	a_stream_without_end_is_not_kept_for_ever();
	any_bytes_come_to_an_end();
	decoding_end();
	return done();
}
