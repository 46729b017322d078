/* SPDX-License-Identifier: MIT */
/* Opens and closes the store, and sorts its failures into what a caller can do about
 * them. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ballast.h"
#include "store_internal.h"
#include "store_schema.h"

bool store_is_broken(struct store *s)
{
	s->trouble = STORE_BROKEN;
	return false;
}

bool store_is_in_place(struct store *s, struct reason *why)
{
	if (!db_has_moved(s->db))
		return true;
	fail(why, "frames.db was moved or removed while it was in use");
	return store_is_broken(s);
}

static void mark_suspect(const struct store *s)
{
	int fd = statedir_open(s->state, "suspect", NULL);

	if (fd >= 0)
		close(fd);
}

bool store_failed(struct store *s, struct reason *why)
{
	switch (db_trouble(s->db)) {
	case DB_REFUSED:
		s->trouble = STORE_REFUSED;
		return false;
	case DB_BUSY:
		s->trouble = STORE_BUSY;
		return fail_context(why, "another program holds the store");
	case DB_FULL:
		s->trouble = STORE_FULL;
		ballast_give_up(s->state);
		return fail(why, DISK_FULL);
	case DB_CORRUPT:
		mark_suspect(s);
		break;
	default:
		break;
	}
	return store_is_broken(s);
}

static bool check_version(struct store *s, struct reason *why)
{
	int64_t application, version;

	if (!db_number(s->db, "PRAGMA application_id", &application, why) ||
	    !db_number(s->db, "PRAGMA user_version", &version, why))
		return false;
	if (application != STORE_APPLICATION_ID)
		return fail(why, "%s/frames.db is no store of this program", s->state);
	if (version / 100 != STORE_MAJOR)
		return fail(why, "%s/frames.db has schema %d.%d, this program knows %d.x",
		            s->state, (int)(version / 100), (int)(version % 100),
		            STORE_MAJOR);
	return true;
}

static bool read_id(struct store *s, struct reason *why)
{
	struct db_statement *q;
	const char *text;
	size_t len = 0;
	int rows;

	if (!db_prepare(s->db, &q, "SELECT id FROM store", why))
		return false;
	rows = db_step(q, why);
	text = rows > 0 ? db_column_text(q, 0, &len) : NULL;
	if (rows == 0 || (text != NULL && len != STORE_ID_SIZE - 1))
		fail(why, "%s/frames.db has no id", s->state);
	else if (text != NULL)
		memcpy(s->id, text, STORE_ID_SIZE);
	db_finalize(q);
	return s->id[0] != '\0';
}

static bool open_store(struct store **out, const char *state, enum db_mode mode,
                       struct reason *why)
{
	struct store *s = calloc(1, sizeof *s);
	char path[STATE_PATH_MAX];

	if (s == NULL)
		return fail(why, "out of memory");
	s->writer.turnstile = (struct turnstile)TURNSTILE_CLOSED;
	s->writer.high_fd = s->writer.wake_fd = -1;
	if (!statedir_path(path, state, "frames.db")) {
		fail(why, "%s: the path is too long", state);
		goto undo;
	}
	snprintf(s->state, sizeof s->state, "%s", state);
	if (!db_open(&s->db, path, mode, why) || !check_version(s, why) ||
	    !read_id(s, why) || !store_prepare_reader(s, why))
		goto undo;
	*out = s;
	return true;

undo:
	store_close(s);
	return false;
}

bool store_open_reader(struct store **out, const char *state, struct reason *why)
{
	return open_store(out, state, DB_READ, why);
}

bool store_open_writer(struct store **out, const char *state, int64_t max_size,
                       struct reason *why)
{
	if (!open_store(out, state, DB_WRITE, why))
		return false;
	(*out)->writer.max_size = max_size;
	if (store_prepare_writer(*out, why))
		return true;
	store_close(*out);
	*out = NULL;
	return false;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_close_writer(s);
	db_close(s->db);
	frame_free(&s->reader.frame);
	free(s);
}

const char *store_id(const struct store *s)
{
	return s->id;
}

enum store_trouble store_trouble(const struct store *s)
{
	return s->trouble;
}
