/* SPDX-License-Identifier: MIT */
/* Copies a database under another's schema.  Knows the header's fields (SQLite's file
 * format, 1.3), not what the tables hold. */
#include "store_graft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "statedir.h"

#define PAGE_SIZE 4096

enum header_field {
	HEADER_WRITE_VERSION = 18,
	HEADER_READ_VERSION = 19,
	HEADER_CHANGES = 24,
	HEADER_PAGES = 28,
	HEADER_FREE_PAGE = 32,
	HEADER_FREE_PAGES = 36,
	HEADER_PAGES_VALID = 92, /* equal to the changes: the pages above are right */
};

static void put_number(unsigned char *at, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static bool copy_rest(int from, int to, off_t at)
{
	unsigned char bytes[16 * PAGE_SIZE];
	ssize_t len;

	/* A sector that cannot be read is damage like any other: zeros stand for it. */
	for (;; at += len) {
		len = pread(from, bytes, sizeof bytes, at);
		if (len == 0)
			return true;
		if (len < 0 && errno != EIO)
			return false;
		if (len < 0) {
			len = PAGE_SIZE;
			memset(bytes, 0, PAGE_SIZE);
		}
		if (pwrite(to, bytes, (size_t)len, at) != len)
			return false;
	}
}

static bool copy_file(const char *state, const char *from_name, const char *to_name,
                      off_t at)
{
	char path[STATE_PATH_MAX];
	int from = statedir_path(path, state, from_name)
	                   ? open(path, O_RDONLY | O_CLOEXEC)
	                   : -1;
	int to = from >= 0 ? statedir_open(state, to_name, NULL) : -1;
	bool is_done = from < 0 ? errno == ENOENT : to >= 0 && copy_rest(from, to, at);

	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return is_done;
}

/* The map of auto_vacuum, and where tables begin: these are the old store's own. */
static bool is_of_schema(struct db *fresh, int64_t page)
{
	struct db_statement *q;
	bool is_root;

	if (page == 2 ||
	    !db_prepare(fresh, &q, "SELECT 1 FROM sqlite_schema WHERE rootpage = ?1",
	                NULL))
		return false;
	db_bind_number(q, 1, page);
	is_root = db_step(q, NULL) > 0;
	db_finalize(q);
	return !is_root;
}

static void write_header(unsigned char *page, off_t size)
{
	page[HEADER_WRITE_VERSION] = page[HEADER_READ_VERSION] = 2; /* WAL */
	put_number(page + HEADER_CHANGES, 1);
	put_number(page + HEADER_PAGES_VALID, 1);
	put_number(page + HEADER_PAGES, (uint32_t)(size / PAGE_SIZE));
	put_number(page + HEADER_FREE_PAGE, 0);
	put_number(page + HEADER_FREE_PAGES, 0);
}

static bool write_pages(int from, int to, struct db *fresh)
{
	unsigned char page[PAGE_SIZE];
	struct stat info;
	int64_t pages;

	if (fstat(to, &info) != 0 || !db_number(fresh, "PRAGMA page_count", &pages, NULL))
		return false;
	for (int64_t i = 1; i <= pages; i++) {
		off_t at = (off_t)(i - 1) * PAGE_SIZE;

		if (!is_of_schema(fresh, i))
			continue;
		if (pread(from, page, sizeof page, at) != PAGE_SIZE)
			return false;
		if (i == 1)
			write_header(page, info.st_size);
		if (pwrite(to, page, sizeof page, at) != PAGE_SIZE)
			return false;
	}
	return true;
}

static bool write_schema(const char *state, struct db *fresh)
{
	int from = statedir_open(state, "frames.db.new", NULL);
	int to = statedir_open(state, "frames.db.graft", NULL);
	bool is_done = from >= 0 && to >= 0 && write_pages(from, to, fresh);

	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return is_done;
}

bool graft_make(const char *state, struct db *fresh, struct reason *why)
{
	graft_remove(state);
	if (copy_file(state, "frames.db", "frames.db.graft", PAGE_SIZE) &&
	    copy_file(state, "frames.db-wal", "frames.db.graft-wal", 0) &&
	    write_schema(state, fresh))
		return true;
	fail_errno(why, "cannot copy %s/frames.db", state);
	graft_remove(state);
	return false;
}

void graft_remove(const char *state)
{
	static const char *const names[] = {"frames.db.graft", "frames.db.graft-wal",
	                                    "frames.db.graft-shm"};
	char path[STATE_PATH_MAX];

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		if (statedir_path(path, state, names[i]))
			unlink(path);
}
