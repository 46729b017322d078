/* SPDX-License-Identifier: MIT */
/* Stamps of files. */
#include "stamp.h"

#include <stdio.h>

char *stamp_write(char out[STAMP_SIZE], const struct stat *st)
{
	snprintf(out, STAMP_SIZE, "%llx:%llx:%lld:%lld.%09ld",
	         (unsigned long long)st->st_dev, (unsigned long long)st->st_ino,
	         (long long)st->st_size, (long long)st->st_mtim.tv_sec,
	         st->st_mtim.tv_nsec);
	return out;
}

char *stamp_of(char out[STAMP_SIZE], const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return stamp_write(out, &st);
	snprintf(out, STAMP_SIZE, "-");
	return out;
}
