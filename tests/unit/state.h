/* SPDX-License-Identifier: MIT */
/*
 * A state directory for one test, and frames and places to put in.  state_make() makes it
 * under TMPDIR or /tmp; state_remove() takes it away with all that is in it.
 */
#ifndef TESTS_UNIT_STATE_H
#define TESTS_UNIT_STATE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "db.h"
#include "frame.h"
#include "place.h"
#include "statedir.h"
#include "store.h"
#include "store_prepare.h"

__attribute__((unused)) static void state_make(char state[256])
{
	const char *tmp = getenv("TMPDIR");

	snprintf(state, 256, "%s/frame-router-test-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(state) == NULL) {
		printf("Bail out! cannot make %s\n", state);
		exit(1);
	}
}

static int state_unlink(const char *path, const struct stat *info, int kind,
                        struct FTW *at)
{
	(void)info, (void)kind, (void)at;
	return remove(path);
}

__attribute__((unused)) static void state_remove(const char *state)
{
	nftw(state, state_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

/* For what has to work for the test to mean anything. */
#define must(condition, why)                                                             \
	do {                                                                             \
		if (!(condition)) {                                                      \
			printf("Bail out! %s:%d: %s: %s\n", __FILE__, __LINE__,          \
			       #condition, (why)->text);                                 \
			exit(1);                                                         \
		}                                                                        \
	} while (0)

/* A prepared store. */
__attribute__((unused)) static void state_prepare(const char *state)
{
	struct reason why = {""};

	must(store_prepare(state, &why) == PREPARE_FINE, &why);
}

__attribute__((unused)) static void frame_fill(struct frame *f, const char *source,
                                               int number)
{
	frame_clear(f);
	f->received_ms = clock_wall_ms();
	f->clock_ok = true;
	f->sequence = number & 255;
	f->type = 0x86;
	snprintf(f->source, sizeof f->source, "%s", source);
	snprintf(f->node, sizeof f->node, "SCP4");
	snprintf(f->serial, sizeof f->serial, "5C2A1F7E9B3D0846");
	buf_format(&f->readings,
	           "{\"N\":%d,\"TC\":23.5,\"HUM\":45.25,\"ACC\":[996,-250,-100],"
	           "\"STR\":\"a text\"}",
	           number);
	buf_format(&f->raw,
	           "<=>\x86\x05#5C2A1F7E9B3D0846#SCP4#%d#N:%d#TC:23.5#HUM:45.25#"
	           "ACC:996;-250;-100#STR:a text#",
	           number & 255, number);
}

/* Stores `count` frames in one group; the id of the last. */
__attribute__((unused)) static uint64_t state_store(struct store *s, const char *source,
                                                    int count)
{
	static int number;
	struct frame f = {0};
	struct reason why = {""};

	must(store_begin(s, &why), &why);
	for (int i = 0; i < count; i++) {
		frame_fill(&f, source, number++);
		must(store_append(s, &f, &why), &why);
	}
	must(store_commit(s, &why), &why);
	count = (int)f.id;
	frame_free(&f);
	return (uint64_t)count;
}

__attribute__((unused)) static struct store *state_open(const char *state)
{
	struct reason why = {""};
	struct store *s;

	must(store_open_writer(&s, state, 0, &why), &why);
	return s;
}

/* The place of that output: all up to the cursor is delivered. */
__attribute__((unused)) static void state_set_place(const char *state, const char *name,
                                                    const char *id, uint64_t cursor)
{
	struct place_data data = {.cursor = cursor, .delivered = cursor};
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	enum place_state found;
	struct place *p;

	statedir_file(path, state, "outputs", name, "place");
	must(place_open(&p, path, &found, &why), &why);
	strcpy(data.store_id, id);
	place_set(p, &data);
	place_close(p);
}

/* All zero when there is none that is good. */
__attribute__((unused)) static struct place_data state_place(const char *state,
                                                             const char *name)
{
	char path[STATE_PATH_MAX];
	struct place_data data;

	statedir_file(path, state, "outputs", name, "place");
	place_read(path, false, &data);
	return data;
}

/* A number from frames.db by SQL; SQL that changes it. */
__attribute__((unused)) static int64_t state_ask(const char *state, const char *sql)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	int64_t number = -1;
	struct db *d;

	statedir_path(path, state, "frames.db");
	must(db_open(&d, path, DB_READ, &why), &why);
	must(db_number(d, sql, &number, &why), &why);
	db_close(d);
	return number;
}

__attribute__((unused)) static void state_run(const char *state, const char *sql)
{
	char path[STATE_PATH_MAX];
	struct reason why = {""};
	struct db *d;

	statedir_path(path, state, "frames.db");
	must(db_open(&d, path, DB_WRITE, &why), &why);
	must(db_run(d, sql, &why), &why);
	db_close(d);
}

/* A process that does this, and then waits for its end; returns when it waits. */
__attribute__((unused)) static pid_t state_child(void (*work)(const char *path),
                                                 const char *path)
{
	struct reason why = {""};
	int ready[2];
	char c;
	pid_t pid;

	must(pipe(ready) == 0, &why);
	pid = fork();
	if (pid == 0) {
		work(path);
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	must(read(ready[0], &c, 1) == 1, &why);
	close(ready[0]);
	return pid;
}

/* Runs each test with a prepared state directory of its own; the list ends with NULL. */
__attribute__((unused)) static void state_each(void (*const *tests)(const char *state))
{
	char state[256];

	for (; *tests != NULL; tests++) {
		state_make(state);
		state_prepare(state);
		(*tests)(state);
		state_remove(state);
	}
}

#endif
