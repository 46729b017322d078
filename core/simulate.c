/* SPDX-License-Identifier: MIT */
/* Weather stations that do not exist.  Knows how their frames are written; no clock, no
 * I/O. */
#include "simulate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulate_write.h"

#define NAME_SIZE   17 /* a node's name has at most 16 characters */
#define SERIAL_SIZE 8

#define TYPE_EVENT       2
#define TYPE_INFORMATION 6

static const char *const places[] = {"garden", "roof",   "cellar", "harbour", "station",
                                     "meadow", "bridge", "tower",  "orchard", "lake"};
static const char *const texts[] = {"all well", "door \"north\" open", "lid: open",
                                    "rain; wind", "battery changed"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct node {
	char name[NAME_SIZE];
	uint8_t serial[SERIAL_SIZE];
	uint8_t sequence;
	int32_t battery;                         /* % */
	int32_t temperature, humidity, pressure; /* in the last decimal sent */
	int32_t latitude, longitude;
};

struct simulation {
	uint64_t random;
	unsigned next; /* node to send */
	unsigned count;
	struct node nodes[];
};

/* --- stations ---------------------------------------------------------------- */

/* splitmix64 */
static uint64_t draw(struct simulation *s)
{
	uint64_t z = s->random += 0x9E3779B97F4A7C15ULL;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
	return z ^ z >> 31;
}

static int32_t draw_between(struct simulation *s, int32_t low, int32_t high)
{
	return low + (int32_t)(draw(s) % (uint64_t)(high - low + 1));
}

static bool draw_one_in(struct simulation *s, unsigned n)
{
	return draw(s) % n == 0;
}

/* A step of at most `step`, within limits. */
static void drift(struct simulation *s, int32_t *value, int32_t step,
                  const int32_t limits[2])
{
	*value += draw_between(s, -step, step);
	if (*value < limits[0])
		*value = limits[0];
	if (*value > limits[1])
		*value = limits[1];
}

static void make_node(struct simulation *s, struct node *node, unsigned number)
{
	uint64_t random = draw(s);

	if (number < COUNT(places))
		snprintf(node->name, sizeof node->name, "%s", places[number]);
	else
		snprintf(node->name, sizeof node->name, "%s_%u",
		         places[number % COUNT(places)],
		         number / (unsigned)COUNT(places) + 1);
	for (int i = 0; i < SERIAL_SIZE; i++)
		node->serial[i] = (uint8_t)(random >> 8 * i);
	/* As the chips of these boards have it. */
	memcpy(node->serial + 3, "\x05\x7C\x10", 3);
	node->sequence = (uint8_t)draw_between(s, 0, 255);
	node->battery = draw_between(s, 40, 100);
	node->temperature = draw_between(s, 500, 2500);
	node->humidity = draw_between(s, 300, 800);
	node->pressure = draw_between(s, 9900000, 10200000);
	node->latitude = draw_between(s, 41000000, 43000000);
	node->longitude = draw_between(s, -2000000, 2000000);
}

struct simulation *simulation_new(unsigned nodes, uint64_t seed)
{
	struct simulation *s;

	assert(nodes > 0 && nodes <= SIMULATE_NODES_MAX);
	s = calloc(1, sizeof *s + nodes * sizeof s->nodes[0]);
	if (s == NULL)
		return NULL;
	s->random = seed;
	s->count = nodes;
	for (unsigned i = 0; i < nodes; i++)
		make_node(s, &s->nodes[i], i);
	return s;
}

void simulation_free(struct simulation *s)
{
	free(s);
}

/* --- what they say ----------------------------------------------------------- */

static struct field *add_field(struct sending *f, enum field_kind kind, int32_t value)
{
	struct field *field = &f->fields[f->count++];

	*field = (struct field){.kind = kind, .count = 1, .values = {value}};
	return field;
}

static void add_position(struct simulation *s, struct sending *f, const struct node *node)
{
	struct field *gps =
		add_field(f, FIELD_GPS, node->latitude + draw_between(s, -20, 20));

	gps->values[gps->count++] = node->longitude + draw_between(s, -20, 20);
}

static void add_movement(struct simulation *s, struct sending *f)
{
	struct field *acc = add_field(f, FIELD_ACC, draw_between(s, -300, 300));

	acc->values[acc->count++] = draw_between(s, -300, 300);
	acc->values[acc->count++] = draw_between(s, 900, 1050);
}

static void let_time_pass(struct simulation *s, struct node *node)
{
	static const int32_t temperature[] = {-2000, 4200};
	static const int32_t humidity[] = {100, 1000};
	static const int32_t pressure[] = {9600000, 10400000};

	drift(s, &node->temperature, 15, temperature);
	drift(s, &node->humidity, 8, humidity);
	drift(s, &node->pressure, 500, pressure);
	if (draw_one_in(s, 50))
		node->battery = node->battery > 15 ? node->battery - 1 : 100;
	node->sequence++;
}

static void make_sending(struct simulation *s, struct sending *f, const struct node *node)
{
	*f = (struct sending){.name = node->name,
	                      .serial = node->serial,
	                      .sequence = node->sequence,
	                      .type = TYPE_INFORMATION};
	add_field(f, FIELD_BAT, node->battery);
	add_field(f, FIELD_TC, node->temperature);
	add_field(f, FIELD_HUM, node->humidity);
	add_field(f, FIELD_PRES, node->pressure);
	if (draw_one_in(s, 10))
		add_position(s, f, node);
	if (draw_one_in(s, 15)) {
		f->type = TYPE_EVENT;
		add_movement(s, f);
	}
	if (draw_one_in(s, 20))
		add_field(f, FIELD_STR, 0)->text = texts[draw(s) % COUNT(texts)];
}

/* Most are binary, as boards send them unless told otherwise. */
static void add_hex(struct buf *out, const struct sending *f, bool is_ascii)
{
	struct buf bytes = {0};

	if (is_ascii)
		sending_add_ascii(&bytes, f);
	else
		sending_add_binary(&bytes, f);
	buf_hex(out, (const uint8_t *)bytes.data, bytes.len);
	out->failed = out->failed || bytes.failed;
	buf_free(&bytes);
}

void simulation_add(struct simulation *s, enum simulate_format format, struct buf *out)
{
	struct node *node = &s->nodes[s->next];
	struct sending f;
	bool is_ascii; /* drawn in every format, that all say the same */

	s->next = (s->next + 1) % s->count;
	let_time_pass(s, node);
	make_sending(s, &f, node);
	is_ascii = draw_one_in(s, 12);
	switch (format) {
	case SIMULATE_HEX:
		add_hex(out, &f, is_ascii);
		break;
	case SIMULATE_ASCII:
		sending_add_ascii(out, &f);
		break;
	case SIMULATE_JSON:
		sending_add_json(out, &f);
		break;
	}
	buf_char(out, '\n');
}
