/* SPDX-License-Identifier: MIT */
/* decode: lines and streams to JSON lines. */
#include "decode.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoding.h"

#define V15_HEX "3C3D3E060D3B2F6F057C1054E66E23013446"
#define V15_RAW                                                                          \
	"<=>\x06\x0D;/o\x05|\x10T\xE6n#\x01"                                             \
	"4F"

#define DOCUMENT                                                                         \
	"{\"node\":\"n\",\"serial\":\"3B2F6F057C1054E6\",\"sequence\":1,"                \
	"\"type\":\"information\",\"readings\":{\"BAT\":70}}\n"

/* What became of the last input. */
static char *out, *errors;
static enum decode_result result;
static struct reason why;

static void decode_from(int in, bool is_stream)
{
	struct decode d = {.in = in, .is_stream = is_stream, .sensors = decoding_sensors};
	size_t len;

	free(out);
	free(errors);
	d.out = open_memstream(&out, &len);
	d.errors = open_memstream(&errors, &len);
	why.text[0] = '\0';
	result = decode_run(&d, &why);
	fclose(d.out);
	fclose(d.errors);
}

static void decode_bytes(const void *bytes, size_t len, bool is_stream)
{
	FILE *file = tmpfile();

	fwrite(bytes, 1, len, file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	decode_from(fileno(file), is_stream);
	fclose(file);
}

static void every_line_becomes_a_document_or_an_error(void)
{
	static const char lines[] = V15_HEX "\n\n" DOCUMENT "hello\r\n \n"
					    "<=>\x86\n#3B2F6F057C1054E6#n#1#BAT:70#\n"
					    "{\"x\":1}\n" V15_HEX;

	decode_bytes(lines, sizeof lines - 1, false);
	same(out, DOCUMENT DOCUMENT DOCUMENT DOCUMENT,
	     "hex, JSON and raw frames are printed");
	same(errors,
	     "line 4: neither hex, JSON nor a raw frame: \"hello\"\n"
	     "line 6: warning: the count byte says 10 fields, there are 1\n"
	     "line 8: JSON without readings\n",
	     "errors and warnings name the line that an editor shows");
	ok(result == DECODE_PARTLY, "and the result says so");
}

static void warnings_are_no_errors(void)
{
	static const char unended[] = "<=>\x86\x01#s#n#1#A:1";

	decode_bytes(unended, sizeof unended - 1, false);
	same(errors, "line 1: warning: the last # is missing\n", "a warning is said");
	ok(result == DECODE_FINE, "but all was decoded");
	decode_bytes("", 0, false);
	ok(result == DECODE_FINE && out[0] == '\0' && errors[0] == '\0',
	   "nothing is fine");
}

static void a_line_that_is_too_long_costs_itself_only(void)
{
	struct buf lines = {0};

	buf_text(&lines, V15_HEX "\n");
	while (lines.len < 300000)
		buf_text(&lines, "3C3D3E");
	buf_text(&lines, "\n" V15_HEX "\n");
	decode_bytes(lines.data, lines.len, false);
	same(out, DOCUMENT DOCUMENT, "those before and behind it are decoded");
	same(errors, "line 2: a line of more than 65536 bytes\n", "and it is named once");
	buf_free(&lines);
}

static void a_stream_is_decoded_frame_by_frame(void)
{
	static const char stream[] =
		"xx" V15_RAW "\n\n<=>\x06\x22;/o\x05|\x10T\xE6n#\x01\x4A" V15_RAW
		"<=>\x86\x01#3B2F6F057C1054E6#n#1#BAT:70#\r\n<=>\x06";
	static const char cut[] = "<=>\x06\x40;/o" V15_RAW;

	decode_bytes(stream, sizeof stream - 1, true);
	same(out, DOCUMENT DOCUMENT DOCUMENT, "binary and ASCII frames are printed");
	same(errors,
	     "byte 1: 2 bytes that are no frame\n"
	     "byte 23: cut short: the count byte says 34, 12 bytes follow it\n"
	     "byte 94: cut short: 4 bytes\n",
	     "errors name the byte, and a broken frame does not take the next with it");
	ok(result == DECODE_PARTLY, "and the result says so");
	decode_bytes(cut, sizeof cut - 1, true);
	same(out, DOCUMENT, "nor does one that would reach beyond the end");
	same(errors, "byte 1: cut short: the count byte says 64, 21 bytes follow it\n",
	     "which is named");
}

static void a_frame_is_printed_before_more_comes(void)
{
	int in[2], back[2];
	char got[sizeof DOCUMENT];
	pid_t child;

	fflush(stdout);
	if (!ok(pipe(in) == 0 && pipe(back) == 0, "two pipes"))
		return;
	child = fork();
	if (child == 0) {
		struct decode d = {.in = in[0], .sensors = decoding_sensors};

		close(in[1]);
		d.out = fdopen(back[1], "w");
		d.errors = stderr;
		_exit(decode_run(&d, &why) == DECODE_FINE ? 0 : 1);
	}
	close(in[0]);
	close(back[1]);
	ok(write(in[1], V15_HEX "\n", sizeof V15_HEX) > 0 &&
	           read(back[0], got, sizeof got) == sizeof DOCUMENT - 1,
	   "who follows a live input sees each frame at once");
	close(in[1]);
	ok(read(back[0], got, sizeof got) == 0, "and the end at the end");
	close(back[0]);
}

static void failures_are_told(void)
{
	struct decode d = {.errors = stderr, .sensors = decoding_sensors};
	FILE *file = tmpfile();

	decode_from(-1, false);
	ok(result == DECODE_FAILED, "what cannot be read fails");
	same(why.text, "cannot read: Bad file descriptor", "with the reason");
	fputs(V15_HEX "\n", file);
	fflush(file);
	lseek(fileno(file), 0, SEEK_SET);
	d.in = fileno(file);
	d.out = fopen("/dev/full", "w");
	if (d.out == NULL) {
		ok(true, "no /dev/full here # SKIP");
	} else {
		ok(decode_run(&d, &why) == DECODE_FAILED, "a full disk fails");
		same(why.text, "cannot write: No space left on device",
		     "with the reason");
		fclose(d.out);
	}
	fclose(file);
}

int main(void)
{
	if (!decoding_begin())
		return done();
	every_line_becomes_a_document_or_an_error();
	warnings_are_no_errors();
	a_line_that_is_too_long_costs_itself_only();
	a_stream_is_decoded_frame_by_frame();
	a_frame_is_printed_before_more_comes();
	failures_are_told();
	free(out);
	free(errors);
	decoding_end();
	return done();
}
