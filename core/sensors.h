/* SPDX-License-Identifier: MIT */
/*
 * The sensor tables: what the id byte of a reading in a binary frame means.  Data,
 * read from CSV files once per process; an operator extends them by own files.
 */
#ifndef CORE_SENSORS_H
#define CORE_SENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reason.h"

enum sensor_table { SENSORS_V12, SENSORS_V15, SENSORS_AGR, SENSORS_WTR, SENSORS_TABLES };

enum sensor_type {
	SENSOR_UINT8,
	SENSOR_INT8,
	SENSOR_UINT16,
	SENSOR_INT16,
	SENSOR_UINT32,
	SENSOR_INT32,
	SENSOR_FLOAT,
	SENSOR_STRING, /* a length byte, and so many bytes */
};

#define SENSOR_FIELDS_MAX 32 /* values in one reading */
#define SENSOR_TAG_MAX    31
#define SENSOR_UNIT_MAX   15

/*
 * The library changed types under the same id, and no frame tells its version: the tables
 * are those of the newest, age 0; greater ages are older (see sensors_get).
 */
#define SENSORS_AGES 3

struct sensor {
	bool is_known;
	uint8_t fields;   /* values, 1 to SENSOR_FIELDS_MAX */
	uint8_t bytes;    /* of all values; 0: there are strings among them */
	uint8_t decimals; /* that the vendor prints */
	uint8_t types[SENSOR_FIELDS_MAX]; /* enum sensor_type of each value */
	char tag[SENSOR_TAG_MAX + 1];     /* "TC" */
	char unit[SENSOR_UNIT_MAX + 1];   /* "" when none is known */
};

struct sensors; /* the four tables, 256 ids each; read-only once loaded, any thread */

/*
 * Reads sensors_v12.csv, sensors_v15.csv, sensors_agr_xtr.csv and
 * sensors_wtr_xtr.csv from the folder `standard`; then each file of `extra` (paths,
 * ends with NULL; may be NULL), whose rows replace or add to the table that the file's
 * name begins with ("v15-our-station.csv"; v12, v15, agr or wtr).  The head line names
 * the columns, in any order: id, tag, fields and types are needed, unit and decimals may
 * be there, others are left alone.  `types` is one type for all values or one for each,
 * parted by `;`.  An error names file and line.
 */
bool sensors_load(struct sensors **out, const char *standard, const char *const *extra,
                  struct reason *why);
void sensors_free(struct sensors *s); /* NULL is fine */

/*
 * The meaning of an id; is_known is false for one that the table does not hold.  Age 1 is
 * what the library wrote from its v018 to v047, age 2 from v011 to v017: the same but for
 * a few types.  A row of an operator's file is of every age.
 */
const struct sensor *sensors_get(const struct sensors *s, enum sensor_table table,
                                 uint8_t id, unsigned age);

/* "v15" and the like, for people. */
const char *sensors_table_name(enum sensor_table table);

/* Bytes of one value; 0 for a string. */
unsigned sensors_type_bytes(enum sensor_type type);

/* Whether any table knows the tag. */
bool sensors_tag_is_known(const struct sensors *s, const char *tag, size_t len);

/* Whether readings of that tag are strings: in this table, or in any if this one does not
 * know it. */
bool sensors_tag_is_string(const struct sensors *s, enum sensor_table table,
                           const char *tag, size_t len);

#endif
