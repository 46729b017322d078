/* SPDX-License-Identifier: MIT */
/*
 * Two slots, written in turn: while one is being written the other is whole, so a kill
 * between any two instructions leaves the place before or the place after.  Each slot
 * lies in a page of its own, so that the same holds for what a power cut leaves of the
 * disk.
 */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.h"

#define SLOT_SIZE 4096
#define FILE_SIZE (2 * SLOT_SIZE)
#define LOOKS     1000 /* of a reader whose writer is quicker each time */
#define MORE      10   /* looks when but one slot is torn, as a crash may have left it */

struct slot {
	char magic[8];     /* of this layout */
	uint64_t sequence; /* of writing; the higher one counts.  0: the place was never
	                      set */
	struct place_data data;
	uint64_t sum; /* over all before it */
};

static const char magic[8] = "FRPLACE";

struct place {
	int fd;
	unsigned char *map;
	struct slot now; /* what the newer slot holds */
	unsigned at;     /* where that is: 0 or 1 */
};

static struct slot *slot_at(unsigned char *map, unsigned at)
{
	return (struct slot *)(void *)(map + (size_t)at * SLOT_SIZE);
}

static void fill_slot(struct slot *slot, uint64_t sequence, const struct place_data *data)
{
	memset(slot, 0, sizeof *slot); /* the holes between members are summed, too */
	memcpy(slot->magic, magic, sizeof magic);
	slot->sequence = sequence;
	slot->data = *data;
	slot->sum = checksum(slot, offsetof(struct slot, sum));
}

static bool slot_is_whole(const struct slot *slot)
{
	return memcmp(slot->magic, magic, sizeof magic) == 0 &&
	       slot->sum == checksum(slot, offsetof(struct slot, sum)) &&
	       memchr(slot->data.store_id, '\0', sizeof slot->data.store_id) != NULL;
}

/* The newer of the whole slots. */
static enum place_state pick(unsigned char *bytes, struct slot *out, unsigned *at)
{
	enum place_state state = PLACE_DAMAGED;

	for (unsigned i = 0; i < 2; i++) {
		const struct slot *slot = slot_at(bytes, i);

		if (!slot_is_whole(slot) ||
		    (state != PLACE_DAMAGED && slot->sequence <= out->sequence))
			continue;
		*out = *slot;
		*at = i;
		state = slot->sequence == 0 ? PLACE_NONE : PLACE_GOOD;
	}
	return state;
}

/*
 * Written, so that no later store to the map needs room: two whole slots that say
 * nothing, or, for a place that is damaged, zeros.  Those are damage, too, to whoever
 * looks before the place is set: one that was killed there has not begun.
 */
static bool write_file(int fd, bool is_damaged)
{
	static unsigned char bytes[FILE_SIZE];
	struct slot empty;

	fill_slot(&empty, 0, &(struct place_data){0});
	memset(bytes, 0, sizeof bytes);
	if (!is_damaged) {
		memcpy(bytes, &empty, sizeof empty);
		memcpy(bytes + SLOT_SIZE, &empty, sizeof empty);
	}
	return pwrite(fd, bytes, sizeof bytes, 0) == FILE_SIZE &&
	       ftruncate(fd, FILE_SIZE) == 0 && fsync(fd) == 0;
}

/* Finds what the file holds and makes it FILE_SIZE long. */
static bool take_file(struct place *p, enum place_state *state)
{
	struct stat info;
	void *map;

	if (fstat(p->fd, &info) != 0)
		return false;
	if (info.st_size != FILE_SIZE && !write_file(p->fd, info.st_size != 0))
		return false;
	map = mmap(NULL, FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (map == MAP_FAILED)
		return false;
	p->map = map;
	*state = pick(p->map, &p->now, &p->at);
	if (*state != PLACE_DAMAGED)
		return true;
	fill_slot(&p->now, 0, &(struct place_data){0});
	p->at = 0;
	return write_file(p->fd, true);
}

bool place_open(struct place **out, const char *path, enum place_state *state,
                struct reason *why)
{
	struct place *p = calloc(1, sizeof *p);

	if (p == NULL)
		return fail(why, "out of memory");
	p->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (p->fd >= 0 && take_file(p, state)) {
		*out = p;
		return true;
	}
	fail_errno(why, "cannot use %s", path);
	place_close(p);
	return false;
}

void place_close(struct place *p)
{
	if (p == NULL)
		return;
	if (p->map != NULL)
		munmap(p->map, FILE_SIZE);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

const struct place_data *place_get(const struct place *p)
{
	return &p->now.data;
}

void place_set(struct place *p, const struct place_data *data)
{
	struct slot next;

	fill_slot(&next, p->now.sequence + 1, data);
	p->at = 1 - p->at;
	/* The slot before must be in the map whole before this one is touched. */
	atomic_thread_fence(memory_order_seq_cst);
	memcpy(slot_at(p->map, p->at), &next, sizeof next);
	p->now = next;
}

bool place_sync(struct place *p, struct reason *why)
{
	return fdatasync(p->fd) == 0 || fail_errno(why, "cannot sync an output's place");
}

/*
 * By pread, not by a map: who owns the file may be cutting it just now.  A slot that is
 * torn is mostly one that is just being written, and newer than the other: while pread
 * was at it the place may have moved twice.
 */
static enum place_state read_file(int fd, struct slot *slot)
{
	_Alignas(struct slot) unsigned char bytes[FILE_SIZE];
	enum place_state state = PLACE_DAMAGED;
	bool is_torn = true;
	unsigned at;

	for (int look = 0; look < LOOKS && is_torn; look++) {
		ssize_t len = pread(fd, bytes, sizeof bytes, 0);

		if (len == 0)
			return PLACE_NONE;
		if (len == FILE_SIZE)
			state = pick(bytes, slot, &at);
		is_torn = state == PLACE_DAMAGED ||
		          (look < MORE && !slot_is_whole(slot_at(bytes, 1 - at)));
	}
	return state;
}

enum place_state place_read(const char *path, bool durable, struct place_data *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum place_state state;
	struct slot slot;

	*out = (struct place_data){0};
	if (fd < 0)
		return errno == ENOENT ? PLACE_NONE : PLACE_DAMAGED;
	state = read_file(fd, &slot);
	/* Read first, then synced: what is told is then on the disk, or something later
	 * is. */
	if (state == PLACE_GOOD && durable && fdatasync(fd) != 0)
		state = PLACE_DAMAGED;
	if (state == PLACE_GOOD)
		*out = slot.data;
	close(fd);
	return state;
}
