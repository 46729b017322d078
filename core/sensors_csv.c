/* SPDX-License-Identifier: MIT */
/* Reads a sensor table from CSV.  Knows its columns; not which table it becomes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sensors_private.h"
#include "utf8.h"

#define COLUMNS_MAX 32

enum column { ID, TAG, FIELDS, TYPES, UNIT, DECIMALS, COLUMNS };

static const char *const column_names[COLUMNS] = {"id",    "tag",  "fields",
                                                  "types", "unit", "decimals"};

static const struct {
	const char *name;
	uint8_t bytes; /* 0: a string */
} types[] = {
	[SENSOR_UINT8] = {"uint8", 1},   [SENSOR_INT8] = {"int8", 1},
	[SENSOR_UINT16] = {"uint16", 2}, [SENSOR_INT16] = {"int16", 2},
	[SENSOR_UINT32] = {"uint32", 4}, [SENSOR_INT32] = {"int32", 4},
	[SENSOR_FLOAT] = {"float", 4},   [SENSOR_STRING] = {"string", 0},
};

#define TYPES_COUNT (sizeof types / sizeof types[0])

unsigned sensors_type_bytes(enum sensor_type type)
{
	return types[type].bytes;
}

struct csv {
	struct sensor *table;
	bool *is_own; /* NULL: not asked for */
	bool seen[SENSOR_IDS];
	int place[COLUMNS]; /* of each column in a line, -1: not there */
};

/* Cuts a line at its commas, in place; quotes around a cell go.  Returns the number of
 * cells. */
static int cut(char *line, char *cells[COLUMNS_MAX])
{
	int count = 0;
	char *at = line;

	while (count < COLUMNS_MAX) {
		char end = ',';

		if (*at == '"') {
			at++;
			end = '"';
		}
		cells[count++] = at;
		at += strcspn(at, end == '"' ? "\"" : ",");
		if (*at == '"')
			*at++ = '\0';
		at = strchrnul(at, ',');
		if (*at == '\0')
			break;
		*at++ = '\0';
	}
	return count;
}

static bool read_head(struct csv *csv, char *line, struct reason *why)
{
	char *cells[COLUMNS_MAX];
	int count = cut(line, cells);

	for (int column = 0; column < COLUMNS; column++) {
		csv->place[column] = -1;
		for (int i = 0; i < count; i++)
			if (strcmp(cells[i], column_names[column]) == 0)
				csv->place[column] = i;
		if (csv->place[column] < 0 && column <= TYPES)
			return fail(why, "the head line names no column %s",
			            column_names[column]);
	}
	return true;
}

static bool read_number(const char *text, long max, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *number >= 0 &&
	       *number <= max;
}

static bool find_type(const char *name, size_t len, uint8_t *type)
{
	for (size_t i = 0; i < TYPES_COUNT; i++)
		if (strncmp(types[i].name, name, len) == 0 &&
		    types[i].name[len] == '\0') {
			*type = (uint8_t)i;
			return true;
		}
	return false;
}

/* One type for all values, or one for each, parted by `;`. */
static bool read_types(struct sensor *sensor, const char *text, struct reason *why)
{
	unsigned bytes = 0;
	unsigned given = 0;
	bool has_string = false;

	for (const char *at = text;; at++) {
		size_t len = strcspn(at, ";");

		if (given == sensor->fields)
			return fail(why, "more types than fields (%u)", sensor->fields);
		if (!find_type(at, len, &sensor->types[given]))
			return fail(why,
			            "\"%.*s\" is no type (uint8, int8, uint16, int16, "
			            "uint32, "
			            "int32, float, string)",
			            (int)(len > 40 ? 40 : len), at);
		given++;
		at += len;
		if (*at == '\0')
			break;
	}
	if (given != 1 && given != sensor->fields)
		return fail(why, "%u types for %u fields", given, sensor->fields);
	for (unsigned i = 0; i < sensor->fields; i++) {
		if (given == 1)
			sensor->types[i] = sensor->types[0];
		has_string = has_string || sensor->types[i] == SENSOR_STRING;
		bytes += sensors_type_bytes((enum sensor_type)sensor->types[i]);
	}
	sensor->bytes = has_string ? 0 : (uint8_t)bytes;
	return true;
}

static bool read_tag(struct sensor *sensor, const char *text, struct reason *why)
{
	size_t len = strlen(text);

	if (len == 0 || len > SENSOR_TAG_MAX)
		return fail(why, "a tag has 1 to %d bytes", SENSOR_TAG_MAX);
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)text[i] <= ' ' || strchr(":#;\x7F", text[i]) != NULL)
			return fail(why,
			            "a tag has no spaces, control characters, : # or ;");
	if (!utf8_is_valid((const uint8_t *)text, len))
		return fail(why, "the tag is not UTF-8");
	memcpy(sensor->tag, text, len + 1);
	return true;
}

static bool read_unit(struct sensor *sensor, const char *text, struct reason *why)
{
	size_t len = strlen(text);

	if (len > SENSOR_UNIT_MAX || !utf8_is_valid((const uint8_t *)text, len))
		return fail(why, "a unit has at most %d bytes of UTF-8", SENSOR_UNIT_MAX);
	memcpy(sensor->unit, text, len + 1);
	return true;
}

static bool read_row(struct csv *csv, char *line, struct reason *why)
{
	struct sensor sensor = {.is_known = true};
	char *cells[COLUMNS_MAX];
	const char *cell[COLUMNS];
	int count = cut(line, cells);
	long id, number;

	for (int column = 0; column < COLUMNS; column++)
		cell[column] = csv->place[column] >= 0 && csv->place[column] < count
		                       ? cells[csv->place[column]]
		                       : "";
	if (!read_number(cell[ID], SENSOR_IDS - 1, &id))
		return fail(why, "\"%.40s\" is no id (0 to 255)", cell[ID]);
	if (csv->seen[id])
		return fail(why, "id %ld stands in this file already", id);
	if (!read_number(cell[FIELDS], SENSOR_FIELDS_MAX, &number) || number == 0)
		return fail(why, "\"%.40s\" is no number of fields (1 to %d)",
		            cell[FIELDS], SENSOR_FIELDS_MAX);
	sensor.fields = (uint8_t)number;
	if (!read_tag(&sensor, cell[TAG], why) || !read_types(&sensor, cell[TYPES], why))
		return false;
	if (cell[DECIMALS][0] != '\0' && !read_number(cell[DECIMALS], 20, &number))
		return fail(why, "\"%.40s\" is no number of decimals", cell[DECIMALS]);
	sensor.decimals = cell[DECIMALS][0] == '\0' ? 0 : (uint8_t)number;
	if (!read_unit(&sensor, cell[UNIT], why))
		return false;
	csv->table[id] = sensor;
	csv->seen[id] = true;
	if (csv->is_own != NULL)
		csv->is_own[id] = true;
	return true;
}

static bool read_lines(struct csv *csv, FILE *file, const char *path, struct reason *why)
{
	char *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	bool is_fine = true;
	bool has_head = false;

	while (is_fine && getline(&line, &size, file) >= 0) {
		char *text = line;

		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (number == 1 && strncmp(text, "\xEF\xBB\xBF", 3) == 0)
			text += 3; /* the mark that spreadsheets put first */
		if (*text == '\0')
			continue;
		is_fine = has_head ? read_row(csv, text, why) : read_head(csv, text, why);
		has_head = true;
	}
	free(line);
	if (!is_fine)
		return fail_context(why, "%s:%u", path, number);
	if (ferror(file))
		return fail_errno(why, "%s: cannot read", path);
	return has_head || fail(why, "%s: the file is empty", path);
}

bool sensors_read_csv(struct sensor table[SENSOR_IDS], const char *path,
                      bool is_own[SENSOR_IDS], struct reason *why)
{
	struct csv csv = {.table = table, .is_own = is_own};
	FILE *file = fopen(path, "re");
	bool is_fine;

	if (file == NULL)
		return fail_errno(why, "cannot read the sensor table %s", path);
	is_fine = read_lines(&csv, file, path, why);
	fclose(file);
	return is_fine;
}
