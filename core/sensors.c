/* SPDX-License-Identifier: MIT */
/* The sensor tables in memory.  Knows ids, tags and ages; not how they are read. */
#include "sensors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensors_private.h"

static const struct sensor nothing; /* is_known is false */

static const struct {
	const char *name;
	const char *file;
} tables[SENSORS_TABLES] = {
	[SENSORS_V12] = {"v12", "sensors_v12.csv"},
	[SENSORS_V15] = {"v15", "sensors_v15.csv"},
	[SENSORS_AGR] = {"agr", "sensors_agr_xtr.csv"},
	[SENSORS_WTR] = {"wtr", "sensors_wtr_xtr.csv"},
};

/* What the library wrote before: from the history of its tables. */
static const struct older {
	enum sensor_table table;
	uint8_t first, last; /* ids */
	uint8_t age;         /* this one and, unless another line says so, greater */
	uint8_t type;
} older[] = {
	{SENSORS_V12, 38, 38, 2, SENSOR_UINT8},  /* LW: float since v018 */
	{SENSORS_V12, 89, 94, 1, SENSOR_FLOAT},  /* GPS: string since v048, */
	{SENSORS_V12, 89, 94, 2, SENSOR_UINT32}, /* and before v018 */
	{SENSORS_V15, 89, 91, 1, SENSOR_FLOAT},  /* GPS: string since v048 */
};

#define OLDER (sizeof older / sizeof older[0])

const char *sensors_table_name(enum sensor_table table)
{
	return tables[table].name;
}

/* Where a tag stands, or the free slot where it would: some are always free. */
static size_t find_slot(const struct sensors *s, const char *tag, size_t len)
{
	uint32_t hash = 2166136261U;
	size_t slot;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (uint8_t)tag[i]) * 16777619U;
	for (slot = hash % TAG_SLOTS; s->tags[slot].tag != NULL;
	     slot = (slot + 1) % TAG_SLOTS) {
		const char *have = s->tags[slot].tag;

		if (strncmp(have, tag, len) == 0 && have[len] == '\0')
			break;
	}
	return slot;
}

static void index_tag(struct sensors *s, enum sensor_table table,
                      const struct sensor *sensor)
{
	struct tag_entry *entry =
		&s->tags[find_slot(s, sensor->tag, strlen(sensor->tag))];

	entry->tag = sensor->tag;
	entry->known |= (uint8_t)(1U << table);
	if (sensor->types[0] == SENSOR_STRING && sensor->fields == 1)
		entry->string |= (uint8_t)(1U << table);
}

static void index_tags(struct sensors *s)
{
	for (int table = 0; table < SENSORS_TABLES; table++)
		for (int id = 0; id < SENSOR_IDS; id++)
			if (s->sensor[table][id].is_known)
				index_tag(s, (enum sensor_table)table,
				          &s->sensor[table][id]);
}

/* Which table an operator's file adds to, by its name; SENSORS_TABLES: none. */
static enum sensor_table table_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	int table = 0;

	for (; table < SENSORS_TABLES; table++) {
		size_t len = strlen(tables[table].name);

		if (strncmp(name, tables[table].name, len) == 0 &&
		    strchr("-_.", name[len]) != NULL && name[len] != '\0')
			break;
	}
	return (enum sensor_table)table;
}

static bool load_standard(struct sensors *s, const char *folder, struct reason *why)
{
	for (int table = 0; table < SENSORS_TABLES; table++) {
		char path[4096];
		int len =
			snprintf(path, sizeof path, "%s/%s", folder, tables[table].file);

		if (len < 0 || (size_t)len >= sizeof path)
			return fail(why, "%.60s...: the folder's name is too long",
			            folder);
		if (!sensors_read_csv(s->sensor[table], path, NULL, why))
			return false;
	}
	return true;
}

static bool load_extra(struct sensors *s, const char *const *extra, struct reason *why)
{
	for (; *extra != NULL; extra++) {
		enum sensor_table table = table_of_file(*extra);

		if (table == SENSORS_TABLES)
			return fail(
				why,
				"%s: the name must begin with v12-, v15-, agr- or wtr-, "
				"the table that it adds to",
				*extra);
		if (!sensors_read_csv(s->sensor[table], *extra, s->is_own[table], why))
			return false;
	}
	return true;
}

static void make_older(struct sensors *s)
{
	for (size_t i = 0; i < OLDER; i++)
		for (int id = older[i].first; id <= older[i].last; id++) {
			struct sensor *sensor = &s->older[i][id - older[i].first];

			*sensor = s->sensor[older[i].table][id];
			sensor->types[0] = older[i].type;
			sensor->bytes = older[i].type == SENSOR_UINT8 ? 1 : 4;
		}
}

bool sensors_load(struct sensors **out, const char *standard, const char *const *extra,
                  struct reason *why)
{
	struct sensors *s = calloc(1, sizeof *s);

	static_assert(OLDER <= OLDER_LINES, "room for every line");
	if (s == NULL)
		return fail(why, "out of memory");
	if (!load_standard(s, standard, why) ||
	    (extra != NULL && !load_extra(s, extra, why))) {
		sensors_free(s);
		return false;
	}
	make_older(s);
	index_tags(s);
	*out = s;
	return true;
}

void sensors_free(struct sensors *s)
{
	free(s);
}

static const struct sensor *get_older(const struct sensors *s, enum sensor_table table,
                                      uint8_t id, unsigned age)
{
	const struct sensor *found = NULL;

	if (s->is_own[table][id] || !s->sensor[table][id].is_known)
		return NULL;
	for (size_t i = 0; i < OLDER; i++)
		if (older[i].table == table && id >= older[i].first &&
		    id <= older[i].last && older[i].age <= age)
			found = &s->older[i][id - older[i].first];
	return found;
}

const struct sensor *sensors_get(const struct sensors *s, enum sensor_table table,
                                 uint8_t id, unsigned age)
{
	const struct sensor *found = NULL;

	assert(table < SENSORS_TABLES && age < SENSORS_AGES);
	if (age > 0)
		found = get_older(s, table, id, age);
	if (found == NULL)
		found = &s->sensor[table][id];
	return found->is_known ? found : &nothing;
}

bool sensors_tag_is_known(const struct sensors *s, const char *tag, size_t len)
{
	return s->tags[find_slot(s, tag, len)].tag != NULL;
}

bool sensors_tag_is_string(const struct sensors *s, enum sensor_table table,
                           const char *tag, size_t len)
{
	const struct tag_entry *entry = &s->tags[find_slot(s, tag, len)];

	if ((entry->known >> table & 1) != 0)
		return (entry->string >> table & 1) != 0;
	return entry->string != 0;
}
