/* SPDX-License-Identifier: MIT */
/* Decodes what a descriptor gives until its end.  Knows no files and no options. */
#include "decode.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "intake.h"
#include "json.h"
#include "waspmote.h"

#define READ_SIZE 65536

struct run {
	const struct decode *d;
	struct buf in; /* read and not done with */
	struct buf document;
	struct intake line;
	struct frame frame;
	uint64_t place;   /* of the first byte of `in`: a line or a byte, from 1 */
	bool is_end;      /* nothing comes behind `in` */
	bool is_skipping; /* the rest of a line that is too long */
	bool has_errors;
};

/* --- what is said ------------------------------------------------------------ */

static void report(struct run *r, uint64_t place, const char *kind, const char *text)
{
	fprintf(r->d->errors, "%s %llu: %s%s\n", r->d->is_stream ? "byte" : "line",
	        (unsigned long long)place, kind, text);
}

static void report_error(struct run *r, uint64_t place, const char *text)
{
	report(r, place, "", text);
	r->has_errors = true;
}

static void print_frame(struct run *r, uint64_t place, const char *warning)
{
	if (warning[0] != '\0')
		report(r, place, "warning: ", warning);
	buf_clear(&r->document);
	json_add_document(&r->document, &r->frame, NULL);
	buf_char(&r->document, '\n');
	fwrite(buf_string(&r->document), 1, r->document.len, r->d->out);
}

/* --- lines ------------------------------------------------------------------- */

static bool is_blank(const uint8_t *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r' &&
		    line[i] != '\n')
			return false;
	return true;
}

static uint64_t count_lines(const uint8_t *bytes, size_t len)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void take_line(struct run *r, const uint8_t *line, size_t len)
{
	struct reason why;

	if (r->is_skipping) {
		r->is_skipping = false;
		return;
	}
	if (is_blank(line, len))
		return;
	intake_begin(&r->line, line, len);
	do {
		if (intake_next(&r->line, &r->frame, r->d->sensors, &why) == INTAKE_FRAME)
			print_frame(r, r->place, why.text);
		else
			report_error(r, r->place, why.text);
	} while (r->line.left > 0);
}

/* At the end of input a line needs no LF, and nothing more comes for a raw frame. */
static size_t last_line_length(const uint8_t *at, size_t len)
{
	size_t from = len < WASPMOTE_HEAD_LEN ? len : WASPMOTE_HEAD_LEN;
	const uint8_t *lf = memchr(at + from, '\n', len - from);

	return lf == NULL ? len : (size_t)(lf - at) + 1;
}

static size_t take_lines(struct run *r, const uint8_t *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		size_t line = intake_line_length(data + done, len - done);

		if (line == 0 && r->is_end)
			line = last_line_length(data + done, len - done);
		if (line == 0)
			break;
		take_line(r, data + done, line);
		r->place += count_lines(data + done, line);
		done += line;
	}
	/* What is kept back is longer than any line: its rest need not be kept. */
	if (len - done > FRAME_TEXT_MAX) {
		take_line(r, data + done, len - done);
		r->is_skipping = true;
		done = len;
	}
	return done;
}

/* --- a stream ---------------------------------------------------------------- */

static void report_garbage(struct run *r, size_t garbage)
{
	char text[64];

	if (garbage == 0)
		return;
	snprintf(text, sizeof text, "%zu bytes that are no frame", garbage);
	report_error(r, r->place, text);
}

static size_t take_stream(struct run *r, const uint8_t *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		struct reason why;
		const uint8_t *frame;
		size_t frame_len, garbage = 0;
		size_t used = intake_stream(data + done, len - done, r->is_end, &frame,
		                            &frame_len, &garbage);

		if (used == 0)
			break;
		report_garbage(r, garbage);
		done += used - frame_len;
		r->place += used - frame_len;
		if (frame_len == 0)
			continue;
		if (intake_raw(&r->frame, frame, frame_len, r->d->sensors, &why) ==
		    INTAKE_FRAME) {
			print_frame(r, r->place, why.text);
		} else {
			report_error(r, r->place, why.text);
			frame_len = intake_resume(frame, frame_len);
		}
		done += frame_len;
		r->place += frame_len;
	}
	return done;
}

/* --- all --------------------------------------------------------------------- */

/* Reads once; false when there is no more, or it failed. */
static bool read_more(struct run *r, struct reason *why)
{
	char bytes[READ_SIZE];
	ssize_t got;

	do
		got = read(r->d->in, bytes, sizeof bytes);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return fail_errno(why, "cannot read");
	if (got > 0)
		buf_add(&r->in, bytes, (size_t)got);
	r->is_end = got == 0;
	return !r->in.failed || fail(why, "out of memory");
}

static bool take_what_came(struct run *r, struct reason *why)
{
	const uint8_t *data = (const uint8_t *)buf_string(&r->in);
	size_t done = r->d->is_stream ? take_stream(r, data, r->in.len)
	                              : take_lines(r, data, r->in.len);

	buf_drop(&r->in, done);
	if (r->document.failed)
		return fail(why, "out of memory");
	return fflush(r->d->out) == 0 || fail_errno(why, "cannot write");
}

enum decode_result decode_run(const struct decode *d, struct reason *why)
{
	struct run r = {.d = d, .place = 1};
	bool is_fine = true;

	while (is_fine && !r.is_end)
		is_fine = read_more(&r, why) && take_what_came(&r, why);
	buf_free(&r.in);
	buf_free(&r.document);
	frame_free(&r.frame);
	if (!is_fine)
		return DECODE_FAILED;
	return r.has_errors ? DECODE_PARTLY : DECODE_FINE;
}
