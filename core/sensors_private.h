/* SPDX-License-Identifier: MIT */
/* What sensors.c and sensors_csv.c share. */
#ifndef CORE_SENSORS_PRIVATE_H
#define CORE_SENSORS_PRIVATE_H

#include "sensors.h"

#define SENSOR_IDS  256
#define TAG_SLOTS   2048 /* twice the ids of all tables */
#define OLDER_LINES 4
#define OLDER_IDS   6 /* of one line */

struct tag_entry {
	const char *tag; /* NULL: the slot is free */
	uint8_t known;   /* a bit for each table that has it, */
	uint8_t string;  /* and where its type is string */
};

struct sensors {
	struct sensor sensor[SENSORS_TABLES][SENSOR_IDS];
	bool is_own[SENSORS_TABLES][SENSOR_IDS]; /* from an operator's file */
	struct sensor older[OLDER_LINES][OLDER_IDS];
	struct tag_entry tags[TAG_SLOTS]; /* open addressing */
};

/* Reads one file into a table; `is_own` (or NULL) becomes true for each of its ids. */
bool sensors_read_csv(struct sensor table[SENSOR_IDS], const char *path,
                      bool is_own[SENSOR_IDS], struct reason *why);

#endif
