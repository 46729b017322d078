/* SPDX-License-Identifier: MIT */
/* One checksummed number in a file.  Does not know the database it speaks of. */
#include "highwater.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "checksum.h"
#include "statedir.h"

struct mark {
	char magic[8]; /* of this layout */
	char store_id[24];
	uint64_t last;
	uint64_t sum; /* over all before it */
};

static const char magic[8] = "FRHIGH1";

int highwater_open(const char *state, struct reason *why)
{
	return statedir_open(state, "high-water", why);
}

void highwater_write(int fd, const char *store_id, uint64_t last)
{
	struct mark mark = {.last = last};

	memcpy(mark.magic, magic, sizeof magic);
	memcpy(mark.store_id, store_id, strnlen(store_id, 16));
	mark.sum = checksum(&mark, offsetof(struct mark, sum));
	/* A mark that cannot be written is one that is behind: nothing is lost by it. */
	if (pwrite(fd, &mark, sizeof mark, 0) < 0)
		return;
}

bool highwater_read(int fd, char store_id[17], uint64_t *last)
{
	struct mark mark;

	if (pread(fd, &mark, sizeof mark, 0) != sizeof mark ||
	    memcmp(mark.magic, magic, sizeof magic) != 0 ||
	    mark.sum != checksum(&mark, offsetof(struct mark, sum)))
		return false;
	memcpy(store_id, mark.store_id, 17);
	store_id[16] = '\0';
	*last = mark.last;
	return true;
}
