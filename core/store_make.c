/* SPDX-License-Identifier: MIT */
/* Builds frames.db beside its place.  Knows nothing of what is put in. */
#include "store_make.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "statedir.h"
#include "store_schema.h"

#define NAME "frames.db.new"

static void remove_files(const char *state)
{
	static const char *const names[] = {NAME, NAME "-wal", NAME "-shm",
	                                    NAME "-journal"};
	char path[STATE_PATH_MAX];

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (statedir_path(path, state, names[i]))
			unlink(path);
}

static bool prepare_tables(struct db *d, struct reason *why)
{
	return db_trust_own_rows(d, why) &&
	       db_run(d, "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN",
	              why) &&
	       store_schema_make(d, why) && db_run(d, "COMMIT", why);
}

bool store_make_open(struct db **out, const char *state, struct reason *why)
{
	char path[STATE_PATH_MAX];

	if (!statedir_path(path, state, NAME))
		return fail(why, "%s: the path is too long", state);
	remove_files(state);
	if (!db_open(out, path, DB_CREATE, why))
		return false;
	if (prepare_tables(*out, why))
		return true;
	db_close(*out);
	*out = NULL;
	return false;
}

static bool sync_file(const char *path, struct reason *why)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool is_synced = fd >= 0 && fsync(fd) == 0;

	if (!is_synced)
		fail_errno(why, "cannot sync %s", path);
	if (fd >= 0)
		close(fd);
	return is_synced;
}

bool store_make_close(struct db *d, const char *state,
                      const struct store_identity *identity, struct reason *why)
{
	char path[STATE_PATH_MAX];
	bool is_done = statedir_path(path, state, NAME) && db_run(d, "BEGIN", why) &&
	               identity_write(d, identity, why) &&
	               db_run(d, "COMMIT; PRAGMA journal_mode = WAL", why);

	db_close(d);
	return is_done && sync_file(path, why);
}

bool store_make_name(const char *state, struct reason *why)
{
	char from[STATE_PATH_MAX], to[STATE_PATH_MAX];

	if (!statedir_path(from, state, NAME) || !statedir_path(to, state, "frames.db"))
		return fail(why, "%s: the path is too long", state);
	if (rename(from, to) != 0)
		return fail_errno(why, "cannot rename %s", from);
	remove_files(state);
	return statedir_sync(state, why);
}

bool store_make_is_whole(const char *state)
{
	struct store_identity identity = {.id = ""};
	char path[STATE_PATH_MAX];
	struct db *d;

	if (!statedir_path(path, state, NAME) || access(path, F_OK) != 0)
		return false;
	if (db_open(&d, path, DB_READ, NULL)) {
		identity_read(d, &identity, NULL);
		db_close(d);
	}
	if (identity.id[0] == '\0')
		remove_files(state);
	return identity.id[0] != '\0';
}
