/* SPDX-License-Identifier: MIT */
/* One checksummed number in a file.  Does not know the database it speaks of. */
#include "highwater.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "checksum.h"
#include "statedir.h"

struct record {
	char magic[8]; /* of this layout */
	struct highwater mark;
	uint64_t sum; /* over all before it */
};

static const char magic[8] = "FRHIGH1";

int highwater_open(const char *state, struct reason *why)
{
	return statedir_open(state, "high-water", why);
}

void highwater_write(int fd, const struct highwater *mark)
{
	struct record record;

	memset(&record, 0, sizeof record); /* the holes between members are summed, too */
	memcpy(record.magic, magic, sizeof magic);
	memcpy(record.mark.store_id, mark->store_id, sizeof mark->store_id);
	record.mark.last = mark->last;
	record.mark.log_pages = mark->log_pages;
	record.sum = checksum(&record, offsetof(struct record, sum));
	/* A mark that cannot be written is one that is behind: nothing is lost by it. */
	if (pwrite(fd, &record, sizeof record, 0) < 0)
		return;
}

bool highwater_read(int fd, struct highwater *mark)
{
	struct record record;

	if (pread(fd, &record, sizeof record, 0) != sizeof record ||
	    memcmp(record.magic, magic, sizeof magic) != 0 ||
	    record.sum != checksum(&record, offsetof(struct record, sum)))
		return false;
	*mark = record.mark;
	mark->store_id[sizeof mark->store_id - 1] = '\0';
	return true;
}
