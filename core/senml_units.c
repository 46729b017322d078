/* SPDX-License-Identifier: MIT */
/* The units of the sensor tables that SenML registers (RFC 8428, 12.1; RFC 8798). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "senml.h"

#define IDS 256

/* Ours and SenML's.  Its secondary units (mV, %, kPa) would need a version of their own.
 */
static const char *const names[][2] = {
	{"degC", "Cel"},    {"%RH", "%RH"},   {"lux", "lx"},
	{"V", "V"},         {"A", "A"},       {"Ohm", "Ohm"},
	{"Ohms", "Ohm"},    {"m", "m"},       {"m/s", "m/s"},
	{"Pa", "Pa"},       {"W/m2", "W/m2"}, {"W/m\xC2\xB2", "W/m2"},
	{"s", "s"},         {"seconds", "s"}, {"pH", "pH"},
	{"deg", "deg"},     {"bytes", "B"},   {"Particles", "count"},
	{"Kgm-3", "kg/m3"},
};

struct entry {
	char tag[SENSOR_TAG_MAX + 1];
	const char *unit; /* of the table; "": none is known */
	bool is_unclear;  /* the tables do not agree */
};

struct senml_units {
	size_t count;
	struct entry entries[SENSORS_TABLES * IDS];
};

static int by_tag(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->tag, ((const struct entry *)b)->tag);
}

static const char *registered(const char *tag, const char *unit)
{
	if (strcmp(unit, "%") == 0)
		return strcmp(tag, "BAT") == 0 ? "%EL" : "";
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i][0], unit) == 0)
			return names[i][1];
	return "";
}

/* One entry a tag. */
static void merge(struct senml_units *u)
{
	size_t count = 0;

	qsort(u->entries, u->count, sizeof *u->entries, by_tag);
	for (size_t i = 0; i < u->count; i++) {
		struct entry *e = &u->entries[i], *last = &u->entries[count - 1];

		if (count == 0 || strcmp(last->tag, e->tag) != 0)
			u->entries[count++] = *e;
		else
			last->is_unclear |= strcmp(last->unit, e->unit) != 0;
	}
	u->count = count;
}

bool senml_units_make(struct senml_units **out, const struct sensors *sensors,
                      struct reason *why)
{
	struct senml_units *u = calloc(1, sizeof *u);

	if (u == NULL)
		return fail(why, "out of memory");
	for (unsigned i = 0; i < SENSORS_TABLES * IDS; i++) {
		const struct sensor *s = sensors_get(
			sensors, (enum sensor_table)(i / IDS), (uint8_t)(i % IDS), 0);
		struct entry *e = &u->entries[u->count];

		/* a unit that nobody found says nothing against another table's */
		if (!s->is_known || s->unit[0] == '\0')
			continue;
		snprintf(e->tag, sizeof e->tag, "%s", s->tag);
		e->unit = registered(s->tag, s->unit);
		u->count++;
	}
	merge(u);
	*out = u;
	return true;
}

void senml_units_free(struct senml_units *u)
{
	free(u);
}

static const struct entry *find(const struct senml_units *u, const char *tag, size_t len)
{
	struct entry wanted;

	if (len > SENSOR_TAG_MAX)
		return NULL;
	memcpy(wanted.tag, tag, len);
	wanted.tag[len] = '\0';
	return bsearch(&wanted, u->entries, u->count, sizeof *u->entries, by_tag);
}

const char *senml_unit(const struct senml_units *units, const char *tag)
{
	size_t len = strlen(tag), digits = len;
	const struct entry *e;

	if (units == NULL)
		return NULL;
	e = find(units, tag, len);
	while (digits > 0 && tag[digits - 1] >= '0' && tag[digits - 1] <= '9')
		digits--;
	/* one that comes again in a frame is numbered */
	if (e == NULL && digits < len && digits > 1 && tag[digits - 1] == '_')
		e = find(units, tag, digits - 1);
	return e == NULL || e->is_unclear || e->unit[0] == '\0' ? NULL : e->unit;
}
