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
	SENSOR_STRING,
};

#define SENSOR_FIELDS_MAX 32 /* values in one reading */
#define SENSOR_TAG_MAX    31

struct sensor {
	bool is_known;
	char tag[SENSOR_TAG_MAX + 1]; /* "TC" */
	uint8_t fields;               /* values, 1 to SENSOR_FIELDS_MAX */
	uint8_t types[SENSOR_FIELDS_MAX]; /* enum sensor_type of each value */
	uint8_t decimals;                 /* that the vendor prints */
	char unit[16];                    /* "" when none is known */
};

struct sensors; /* the four tables, 256 ids each; read-only once loaded, any thread */

/*
 * Reads sensors_v12.csv, sensors_v15.csv, sensors_agr_xtr.csv and
 * sensors_wtr_xtr.csv from the folder `standard`; then each file of `extra` (paths,
 * ends with NULL; may be NULL), whose rows replace or add to the table that the file's name
 * begins with ("v15-our-station.csv"; v12, v15, agr or wtr).  Columns:
 * id,name,tag,fields,types,sizes,unit,decimals, with a head line; `types` is one type for
 * all values or one for each, parted by `;`; `sizes` and everything behind `types` may be
 * absent in an operator's file.  An error names file and line.
 */
bool sensors_load(struct sensors **out, const char *standard, const char *const *extra,
                  struct reason *why);
void sensors_free(struct sensors *s); /* NULL is fine */

/* The meaning of an id; is_known is false for one that the table does not hold. */
const struct sensor *sensors_get(const struct sensors *s, enum sensor_table table,
                                 uint8_t id);

/* Whether readings of that tag are strings, in any table (ASCII frames). */
bool sensors_tag_is_string(const struct sensors *s, const char *tag, size_t len);

#endif
