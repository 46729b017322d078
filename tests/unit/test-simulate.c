/* SPDX-License-Identifier: MIT */
/* simulate: frames that are valid, plausible, and the same for the same seed. */
#include "simulate.h"

#include "decoding.h"

/* `count` lines of a simulation; to be freed. */
static struct buf lines_of(unsigned nodes, uint64_t seed, enum simulate_format format,
                           unsigned count)
{
	struct simulation *s = simulation_new(nodes, seed);
	struct buf out = {0};

	for (unsigned i = 0; i < count; i++)
		simulation_add(s, format, &out);
	simulation_free(s);
	return out;
}

static void the_same_seed_gives_the_same_frames(void)
{
	for (int format = 0; format < 3; format++) {
		struct buf a = lines_of(3, 7, (enum simulate_format)format, 200);
		struct buf b = lines_of(3, 7, (enum simulate_format)format, 200);
		struct buf c = lines_of(3, 8, (enum simulate_format)format, 200);

		ok(a.len == b.len && memcmp(a.data, b.data, a.len) == 0,
		   "the same seed gives the same frames");
		ok(a.len != c.len || memcmp(a.data, c.data, a.len) != 0,
		   "another seed gives others");
		buf_free(&a);
		buf_free(&b);
		buf_free(&c);
	}
}

struct census {
	unsigned frames, ascii, events, gps, acc, str, bat;
	int first_sequence, last_sequence;
	bool is_fine;
};

static bool count_reading(void *context, const char *tag, const char *value)
{
	struct census *c = context;
	double number = strtod(value, NULL);

	c->gps += strcmp(tag, "GPS") == 0 && value[0] == '[';
	c->acc += strcmp(tag, "ACC") == 0 && value[0] == '[';
	c->str += strcmp(tag, "STR") == 0 && value[0] == '"';
	c->bat += strcmp(tag, "BAT") == 0;
	if (strcmp(tag, "BAT") == 0)
		c->is_fine = c->is_fine && number > 0 && number <= 100;
	if (strcmp(tag, "TC") == 0)
		c->is_fine = c->is_fine && number >= -20 && number <= 42;
	if (strcmp(tag, "HUM") == 0)
		c->is_fine = c->is_fine && number >= 10 && number <= 100;
	if (strcmp(tag, "PRES") == 0)
		c->is_fine = c->is_fine && number >= 96000 && number <= 104000;
	return true;
}

/* Of a simulation of one node. */
static struct census take_census(struct buf *lines)
{
	struct census c = {.last_sequence = -1, .is_fine = true};
	const uint8_t *at = (const uint8_t *)lines->data;
	size_t left = lines->len;

	while (left > 0) {
		size_t len = intake_line_length(at, left);
		const struct frame *f = &decoding_frame;

		if (len == 0)
			break;
		c.is_fine = c.is_fine && decoded_line(at, len)[0] == '{' &&
		            decoding_why.text[0] == '\0' &&
		            strcmp(f->node, "garden") == 0 && strlen(f->serial) == 16 &&
		            f->undecoded.len == 0;
		c.is_fine = c.is_fine && (c.last_sequence == -1 ||
		                          f->sequence == (c.last_sequence + 1) % 256);
		if (c.frames++ == 0)
			c.first_sequence = f->sequence;
		c.last_sequence = f->sequence;
		c.ascii += (f->type & 128) != 0;
		c.events += (f->type & 127) == 2;
		json_each_reading(buf_string(&f->readings), count_reading, &c);
		at += len;
		left -= len;
	}
	return c;
}

static void every_frame_is_valid_and_plausible(void)
{
	static const char *const names[] = {"hex", "ASCII", "JSON"};

	for (int format = 0; format < 3; format++) {
		struct buf lines = lines_of(1, 3, (enum simulate_format)format, 3000);
		struct census c = take_census(&lines);

		ok(c.is_fine && c.frames == 3000,
		   "%s: 3000 frames decode, numbered without a gap", names[format]);
		ok(c.bat == 3000 && c.gps > 100 && c.acc > 100 && c.str > 50 &&
		           c.events == c.acc,
		   "%s: now and then with a position, a movement, a text", names[format]);
		ok(format != SIMULATE_HEX || (c.ascii > 100 && c.ascii < 600),
		   "most frames in hex are binary");
		ok(format != SIMULATE_ASCII || c.ascii == 3000, "all others are not");
		buf_free(&lines);
	}
}

static void every_format_says_the_same(void)
{
	struct buf hex = lines_of(1, 5, SIMULATE_HEX, 1000);
	struct buf ascii = lines_of(1, 5, SIMULATE_ASCII, 1000);
	struct census a = take_census(&hex), b = take_census(&ascii);

	ok(a.first_sequence == b.first_sequence && a.gps == b.gps && a.acc == b.acc &&
	           a.str == b.str,
	   "the format changes how frames are written only");
	buf_free(&hex);
	buf_free(&ascii);
}

static void nodes_have_names_of_their_own(void)
{
	struct simulation *s = simulation_new(1000, 1);
	char names[1000][FRAME_NODE_MAX + 1];
	struct buf line = {0};
	bool is_fine = true;

	for (int i = 0; i < 1000; i++) {
		buf_clear(&line);
		simulation_add(s, SIMULATE_HEX, &line);
		is_fine = is_fine && decoded(buf_string(&line))[0] == '{' &&
		          strlen(decoding_frame.node) <= 16;
		strcpy(names[i], decoding_frame.node);
		for (int k = 0; k < i; k++)
			is_fine = is_fine && strcmp(names[k], names[i]) != 0;
	}
	ok(is_fine, "1000 nodes send in turn under 1000 names");
	simulation_free(s);
	buf_free(&line);
}

int main(void)
{
	if (!decoding_begin())
		return done();
	the_same_seed_gives_the_same_frames();
	every_frame_is_valid_and_plausible();
	every_format_says_the_same();
	nodes_have_names_of_their_own();
	decoding_end();
	return done();
}
