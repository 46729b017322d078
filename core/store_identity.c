/* SPDX-License-Identifier: MIT */
/* Ids of store and machine, and the places that refer to them. */
#include "store_identity.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "checksum.h"
#include "clock.h"
#include "log.h"
#include "place.h"
#include "statedir.h"

#define CURSOR_MAX (UINT64_C(1) << 53)

static void copy_column(struct db_statement *q, int at, char *out, size_t size)
{
	size_t len;
	const char *text = db_column_text(q, at, &len);

	out[0] = '\0';
	if (text != NULL && len < size)
		memcpy(out, text, len + 1);
}

bool identity_read(struct db *d, struct store_identity *out, struct reason *why)
{
	struct db_statement *q;
	int rows;

	*out = (struct store_identity){.id = ""};
	if (!db_prepare(d, &q, "SELECT id, former, machine FROM store", why))
		return false;
	rows = db_step(q, why);
	if (rows > 0) {
		copy_column(q, 0, out->id, sizeof out->id);
		copy_column(q, 1, out->former, sizeof out->former);
		copy_column(q, 2, out->machine, sizeof out->machine);
		if (strlen(out->id) != STORE_ID_SIZE - 1)
			out->id[0] = '\0';
	}
	db_finalize(q);
	return rows >= 0;
}

bool identity_write(struct db *d, const struct store_identity *identity,
                    struct reason *why)
{
	struct db_statement *q;
	bool is_done;

	if (!db_run(d, "DELETE FROM store", why) ||
	    !db_prepare(d, &q,
	                "INSERT INTO store (id, former, created, machine) VALUES (?1, "
	                "?2, ?3, ?4)",
	                why))
		return false;
	db_bind_text(q, 1, identity->id);
	db_bind_text(q, 2, identity->former[0] == '\0' ? NULL : identity->former);
	db_bind_number(q, 3, clock_wall_ms());
	db_bind_text(q, 4, identity->machine);
	is_done = db_execute(q, why);
	db_finalize(q);
	return is_done;
}

bool identity_renew(struct store_identity *identity, struct reason *why)
{
	uint64_t random;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		return fail_errno(why, "cannot make a store id");
	memcpy(identity->former, identity->id, sizeof identity->former);
	snprintf(identity->id, sizeof identity->id, "%016llx",
	         (unsigned long long)random);
	identity_machine(identity->machine);
	return true;
}

/* A digest, as the machine's own id is not to be told about. */
void identity_machine(char out[MACHINE_SIZE])
{
	static const char salt[] = "frame-router\n";
	const char *path = getenv("FRAME_ROUTER_MACHINE_ID");
	char text[sizeof salt + 64];
	ssize_t len = 0;
	int fd = open(path != NULL ? path : "/etc/machine-id", O_RDONLY | O_CLOEXEC);

	out[0] = '\0';
	if (fd < 0)
		return;
	memcpy(text, salt, sizeof salt - 1);
	len = read(fd, text + sizeof salt - 1, 64);
	close(fd);
	/* 32 digits; "uninitialized" and an empty file are none */
	if (len >= 32)
		snprintf(out, MACHINE_SIZE, "%016llx",
		         (unsigned long long)checksum(text, sizeof salt - 1 + 32));
}

struct places {
	const char *state;
	const struct store_identity *identity;
	uint64_t highest;
	struct reason *why;
};

static bool look_at_cursor(void *context, const char *path, const char *name)
{
	struct places *p = context;
	struct place_data data;

	if (place_read(path, false, &data) != PLACE_GOOD ||
	    (strcmp(data.store_id, p->identity->id) != 0 &&
	     strcmp(data.store_id, p->identity->former) != 0))
		return true;
	if (data.cursor > CURSOR_MAX)
		log_warning("output %s: its place is no place: frame %llu", name,
		            (unsigned long long)data.cursor);
	else if (data.cursor > p->highest)
		p->highest = data.cursor;
	return true;
}

uint64_t identity_highest_cursor(const char *state, const struct store_identity *identity)
{
	struct places p = {.identity = identity};

	statedir_each(state, "outputs", "place", look_at_cursor, &p, NULL);
	return p.highest;
}

static bool rewrite_place(struct places *p, const char *path)
{
	enum place_state found;
	struct place_data data;
	struct place *place;
	bool is_done = true;

	if (!place_open(&place, path, &found, p->why))
		return false;
	data = *place_get(place);
	if (found == PLACE_GOOD && strcmp(data.store_id, p->identity->former) == 0) {
		memcpy(data.store_id, p->identity->id, sizeof data.store_id);
		place_set(place, &data);
		is_done = place_sync(place, p->why);
	}
	place_close(place);
	return is_done;
}

static bool adopt(void *context, const char *path, const char *name)
{
	struct places *p = context;
	char lock[STATE_PATH_MAX];
	struct place_data data;
	bool is_done;
	pid_t holder;
	int fd;

	if (place_read(path, false, &data) != PLACE_GOOD ||
	    strcmp(data.store_id, p->identity->former) != 0)
		return true;
	if (!statedir_file(lock, p->state, "outputs", name, "lock"))
		return true;
	if (!statedir_lock(&fd, lock, &holder, p->why))
		return fail_context(p->why, "cannot move the place of output %s", name);
	is_done = rewrite_place(p, path);
	close(fd);
	return is_done;
}

bool identity_adopt_places(const char *state, const struct store_identity *identity,
                           struct reason *why)
{
	struct places p = {.state = state, .identity = identity, .why = why};

	return identity->former[0] == '\0' ||
	       statedir_each(state, "outputs", "place", adopt, &p, why);
}
