/* SPDX-License-Identifier: MIT */
/* The schema of frames.db, version 1.0, told to people who read or write it with SQL. */
#include "store_schema.h"

#include <stddef.h>

#define STRINGIFY(text) #text
#define TEXT(number)    STRINGIFY(number)

#define NOW "CAST((julianday('now') - 2440587.5) * 86400000 + 0.5 AS INTEGER)"

/* CHECK constraints are for foreign programs: the router's own writers do not run them.
 * Their names are the messages that SQLite gives. */
static const char frame_sql[] =
	"CREATE TABLE frame (\n"
	"  -- What nodes sent, one row a frame, in the order of arrival.  To hand a "
	"frame to\n"
	"  -- the router:  INSERT INTO frame (node, readings) VALUES ('n1', "
	"'{\"TC\":23.5}');\n"
	"  -- Keep to WAL mode, PRAGMA synchronous = FULL, PRAGMA wal_autocheckpoint = 0 "
	"and\n"
	"  -- PRAGMA busy_timeout = 5000; never checkpoint while the router runs.\n"
	"  id INTEGER PRIMARY KEY AUTOINCREMENT, -- given by the store, never twice\n"
	"  received INTEGER NOT NULL DEFAULT (" NOW
	"), -- when it came, ms since 1970 UTC\n"
	"  measured INTEGER, -- the node's own time, ms since 1970 UTC; NULL: not known\n"
	"  clock_ok INTEGER NOT NULL DEFAULT 1, -- 0: the gateway's clock was not set\n"
	"  source TEXT NOT NULL DEFAULT 'sql', -- the input that it came by\n"
	"  node TEXT, -- the sender's own name\n"
	"  serial TEXT, -- its chip number, as the node prints it\n"
	"  sequence INTEGER, -- the node's frame counter, 0 to 255\n"
	"  type INTEGER, -- the wire byte, 0 to 255\n"
	"  readings TEXT NOT NULL, -- JSON object: one member a reading\n"
	"  duplicate INTEGER NOT NULL DEFAULT 0, -- 1: the same bytes came a moment "
	"before\n"
	"  undecoded BLOB, -- bytes of a binary frame behind an unknown sensor\n"
	"  raw BLOB, -- the bytes as received\n"
	"  CONSTRAINT \"frame.id is above 0\" CHECK (id > 0),\n"
	"  CONSTRAINT \"frame.received is in ms since 1970\"\n"
	"    CHECK (received BETWEEN 0 AND 253402300799999),\n"
	"  CONSTRAINT \"frame.measured is in ms since 1970\"\n"
	"    CHECK (measured BETWEEN 0 AND 253402300799999),\n"
	"  CONSTRAINT \"frame.clock_ok is 0 or 1\" CHECK (clock_ok IN (0, 1)),\n"
	"  CONSTRAINT \"frame.source has 1 to 64 bytes\"\n"
	"    CHECK (length(CAST(source AS BLOB)) BETWEEN 1 AND 64),\n"
	"  CONSTRAINT \"frame.node has at most 128 bytes\"\n"
	"    CHECK (length(CAST(node AS BLOB)) <= 128),\n"
	"  CONSTRAINT \"frame.serial has at most 64 bytes\"\n"
	"    CHECK (length(CAST(serial AS BLOB)) <= 64),\n"
	"  CONSTRAINT \"frame.sequence is 0 to 255\" CHECK (sequence BETWEEN 0 AND "
	"255),\n"
	"  CONSTRAINT \"frame.type is 0 to 255\" CHECK (type BETWEEN 0 AND 255),\n"
	"  CONSTRAINT \"frame.readings is a JSON object of at most 65536 bytes\"\n"
	"    CHECK (json_valid(readings) AND json_type(readings) = 'object'\n"
	"      AND instr(readings, char(0)) = 0\n"
	"      AND length(CAST(readings AS BLOB)) <= 65536),\n"
	"  CONSTRAINT \"frame.duplicate is 0 or 1\" CHECK (duplicate IN (0, 1)),\n"
	"  CONSTRAINT \"frame.undecoded has at most 65536 bytes\"\n"
	"    CHECK (length(undecoded) <= 65536),\n"
	"  CONSTRAINT \"frame.raw has at most 65536 bytes\" CHECK (length(raw) <= "
	"65536)\n"
	") STRICT";

/* An id that was not given is -1 here. */
static const char id_given_sql[] =
	"CREATE TRIGGER frame_id_is_given BEFORE INSERT ON frame WHEN NEW.id <> -1\n"
	"BEGIN\n"
	"  SELECT RAISE(ABORT, 'the store gives the ids: leave frame.id out');\n"
	"END";

static const char id_stays_sql[] =
	"CREATE TRIGGER frame_id_stays BEFORE UPDATE ON frame WHEN NEW.id <> OLD.id\n"
	"BEGIN\n"
	"  SELECT RAISE(ABORT, 'the store gives the ids: frame.id cannot be changed');\n"
	"END";

static const char store_sql[] =
	"CREATE TABLE store (\n"
	"  -- One row.\n"
	"  id TEXT PRIMARY KEY, -- 16 hex digits, the first part of every uid\n"
	"  former TEXT, -- the id before the store was renewed\n"
	"  created INTEGER NOT NULL, -- ms since 1970 UTC\n"
	"  machine TEXT NOT NULL -- a digest of /etc/machine-id; '': not known\n"
	") STRICT, WITHOUT ROWID";

static const char input_sql[] =
	"CREATE TABLE input (\n"
	"  -- What each input has brought, ever.\n"
	"  name TEXT PRIMARY KEY,\n"
	"  received INTEGER NOT NULL, -- frames\n"
	"  latest INTEGER NOT NULL -- when the last came, ms since 1970 UTC\n"
	") STRICT, WITHOUT ROWID";

static const char gap_sql[] =
	"CREATE TABLE gap (\n"
	"  -- Ids whose frames went before all outputs were past them.\n"
	"  first INTEGER PRIMARY KEY,\n"
	"  last INTEGER NOT NULL,\n"
	"  reason TEXT NOT NULL, -- evicted: to make room; lost: by the storage\n"
	"  at INTEGER NOT NULL -- ms since 1970 UTC\n"
	") STRICT";

static const char quarantine_sql[] =
	"CREATE TABLE quarantine (\n"
	"  -- Bytes that are no frame; the oldest go when there are more than 16 MiB.\n"
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"  received INTEGER NOT NULL, -- ms since 1970 UTC\n"
	"  source TEXT NOT NULL, -- the input that they came by\n"
	"  raw BLOB NOT NULL,\n"
	"  reason TEXT NOT NULL\n"
	") STRICT";

/* A number's own digits: json_extract() of two paths gives an array of their JSON texts.
 */
static const char parser_sql[] =
	"CREATE VIEW sensorParser AS\n"
	"  -- One row a reading, in Meshlium's columns.  INSERT makes a frame of one "
	"reading;\n"
	"  -- UPDATE and DELETE are accepted and do nothing.\n"
	"SELECT\n"
	"  frame.id * 1000 + reading.rowid AS id,\n"
	"  node AS id_wasp,\n"
	"  serial AS id_secret,\n"
	"  frame.type AS frame_type,\n"
	"  sequence AS frame_number,\n"
	"  reading.key AS sensor,\n"
	"  CASE\n"
	"    WHEN reading.type IN ('true', 'false') THEN reading.type\n"
	"    WHEN reading.type IN ('integer', 'real') THEN coalesce(nullif(substr(\n"
	"      json_extract(readings, reading.fullkey, reading.fullkey), 2, length(\n"
	"      json_extract(readings, reading.fullkey, reading.fullkey)) / 2 - 1), "
	"'null'),\n"
	"      CAST(reading.value AS TEXT))\n"
	"    WHEN reading.type = 'array' AND instr(reading.value, '\"') = 0\n"
	"      THEN replace(trim(reading.value, '[]'), ',', ';')\n"
	"    WHEN reading.type = 'array' THEN\n"
	"      (SELECT group_concat(value, ';') FROM json_each(reading.value))\n"
	"    ELSE reading.value\n"
	"  END AS value,\n"
	"  datetime(coalesce(measured, received) / 1000, 'unixepoch') AS timestamp,\n"
	"  0 AS sync,\n"
	"  CASE\n"
	"    WHEN raw IS NULL THEN 'noraw'\n"
	"    WHEN CAST(raw AS TEXT) GLOB '*[^ -~]*' THEN hex(raw)\n"
	"    ELSE CAST(raw AS TEXT)\n"
	"  END AS raw,\n"
	"  0 AS parser_type\n"
	"FROM frame, json_each(frame.readings) AS reading\n"
	"WHERE reading.rowid < 1000";

static const char parser_insert_sql[] =
	"CREATE TRIGGER sensorParser_insert INSTEAD OF INSERT ON sensorParser\n"
	"BEGIN\n"
	"  SELECT RAISE(ABORT, 'a row of sensorParser needs a sensor')\n"
	"    WHERE NEW.sensor IS NULL;\n"
	"  SELECT RAISE(ABORT, 'sensorParser.timestamp is no date and time')\n"
	"    WHERE NEW.timestamp IS NOT NULL AND julianday(NEW.timestamp) IS NULL;\n"
	"  INSERT INTO frame (measured, node, serial, type, sequence, raw, readings)\n"
	"  VALUES (\n"
	"    CAST((julianday(NEW.timestamp) - 2440587.5) * 86400000 + 0.5 AS INTEGER),\n"
	"    CAST(NEW.id_wasp AS TEXT),\n"
	"    CAST(NEW.id_secret AS TEXT),\n"
	"    NEW.frame_type,\n"
	"    NEW.frame_number,\n"
	"    CAST(nullif(NEW.raw, 'noraw') AS BLOB),\n"
	"    json_object(CAST(NEW.sensor AS TEXT), CASE\n"
	"      WHEN NEW.value IS NULL THEN NULL\n"
	"      WHEN NEW.value NOT GLOB '*[^-+.0-9eE]*' AND json_valid(NEW.value)\n"
	"        THEN json(NEW.value)\n"
	"      ELSE CAST(NEW.value AS TEXT)\n"
	"    END));\n"
	"END";

static const char parser_update_sql[] =
	"CREATE TRIGGER sensorParser_update INSTEAD OF UPDATE ON sensorParser\n"
	"BEGIN\n"
	"  SELECT 'connectors set sync: here each output keeps its own place';\n"
	"END";

static const char parser_delete_sql[] =
	"CREATE TRIGGER sensorParser_delete INSTEAD OF DELETE ON sensorParser\n"
	"BEGIN\n"
	"  SELECT 'frames go when every output is past them';\n"
	"END";

const struct schema_object store_schema[] = {
	{"table", "frame", frame_sql},
	{"trigger", "frame_id_is_given", id_given_sql},
	{"trigger", "frame_id_stays", id_stays_sql},
	{"table", "store", store_sql},
	{"table", "input", input_sql},
	{"table", "gap", gap_sql},
	{"table", "quarantine", quarantine_sql},
	{"view", "sensorParser", parser_sql},
	{"trigger", "sensorParser_insert", parser_insert_sql},
	{"trigger", "sensorParser_update", parser_update_sql},
	{"trigger", "sensorParser_delete", parser_delete_sql},
	{NULL, NULL, NULL},
};

bool store_schema_make(struct db *d, struct reason *why)
{
	for (const struct schema_object *o = store_schema; o->kind != NULL; o++)
		if (!db_run(d, o->sql, why))
			return false;
	return store_schema_mark(d, why);
}

bool store_schema_mark(struct db *d, struct reason *why)
{
	int64_t application, version;

	if (!db_number(d, "PRAGMA application_id", &application, why) ||
	    !db_number(d, "PRAGMA user_version", &version, why))
		return false;
	if (application == STORE_APPLICATION_ID && version == STORE_VERSION)
		return true;
	return db_run(d,
	              "PRAGMA application_id = " TEXT(
			      STORE_APPLICATION_ID) ";"
	                                            "PRAGMA user_version = " TEXT(
							    STORE_VERSION),
	              why);
}
