/* SPDX-License-Identifier: MIT */
/* A row of table frame, or of one with the same columns, and a frame in memory. */
#ifndef CORE_STORE_ROW_H
#define CORE_STORE_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "db.h"
#include "frame.h"

/* A row of frame: the columns as they come first in a SELECT, without raw. */
#define STORE_ROW_COLUMNS "id, " STORE_ROW_SHOWN
#define STORE_ROW_SHOWN                                                                  \
	"received, measured, clock_ok, source, node, serial, sequence, type, "           \
	"duplicate, "                                                                    \
	"undecoded, readings"
enum { STORE_ROW_WIDTH = 12 };
/* Makes a frame of the row that stands.  False when its readings were none. */
bool store_row_read(struct db_statement *row, struct frame *out);
/* When the column raw comes behind them. */
void store_row_read_raw(struct db_statement *row, struct frame *out);
/* The text as readings of `out`; false, and nothing done, when it cannot be. */
bool store_row_set_readings(struct frame *out, const char *text, size_t len);

/* The same in an INSERT, but for the id. */
#define STORE_ROW_WRITTEN STORE_ROW_SHOWN ", raw"
#define STORE_ROW_BOUND   "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12"
enum { STORE_ROW_BINDS = 12 };
/* Binds what STORE_ROW_BOUND names, as ?FIRST and those behind it; the frame is borrowed
 * until they are bound again. */
void store_row_bind(struct db_statement *row, int first, const struct frame *f);

#endif
