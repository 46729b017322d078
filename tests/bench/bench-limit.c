/* SPDX-License-Identifier: MIT */
/*
 * What the machine allows at most: the least that any router must do that keeps its word.
 *
 *   bench-limit sqlite PATH ROWS BYTES   rows into a new database of that name, 500 a
 *                                        commit, in WAL mode with synchronous = FULL
 *   bench-limit file PATH FILE BATCH     the lines of FILE, appended and synced BATCH at
 *                                        a time
 *
 *   bench-limit pace PATH ROWS BYTES     one row a commit, one commit a millisecond
 *   bench-limit version                  SQLite's
 *
 * Prints "FRAMES SECONDS BEGIN"; pace the "P50 P99" ms of a commit.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define COMMIT_ROWS 500

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_die(sqlite3_errmsg(db));
}

struct row {
	char *text;
	int len;
};

static void insert(sqlite3_stmt *q, const struct row *row)
{
	sqlite3_bind_int64(q, 1, 1700000000000);
	sqlite3_bind_text(q, 2, row->text, row->len, SQLITE_STATIC);
	if (sqlite3_step(q) != SQLITE_DONE)
		bench_die("sqlite3_step failed");
	sqlite3_reset(q);
}

static sqlite3_stmt *make_table(sqlite3 **db, const char *path)
{
	sqlite3_stmt *q;

	if (sqlite3_open(path, db) != SQLITE_OK)
		bench_die(path);
	run(*db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	         "CREATE TABLE f (id INTEGER PRIMARY KEY AUTOINCREMENT, "
	         "received INTEGER, readings TEXT)");
	if (sqlite3_prepare_v2(*db, "INSERT INTO f (received, readings) VALUES (?1, ?2)",
	                       -1, &q, NULL) != SQLITE_OK)
		bench_die(sqlite3_errmsg(*db));
	return q;
}

static void add_groups(sqlite3 *db, sqlite3_stmt *q, size_t rows, const struct row *row)
{
	int64_t begin_us = bench_now_us();

	for (size_t i = 0; i < rows; i++) {
		if (i % COMMIT_ROWS == 0)
			run(db, "BEGIN IMMEDIATE");
		insert(q, row);
		if (i % COMMIT_ROWS == COMMIT_ROWS - 1 || i == rows - 1)
			run(db, "COMMIT");
	}
	bench_print_rate(rows, begin_us);
}

static void add_paced(sqlite3_stmt *q, size_t rows, const struct row *row)
{
	struct bench_times times = {.us = NULL};
	int64_t next_us = bench_now_us();

	for (size_t i = 0; i < rows; i++, next_us += 1000) {
		int64_t begin_us;

		bench_sleep_until(next_us);
		begin_us = bench_now_us();
		insert(q, row);
		bench_add_time(&times, bench_now_us() - begin_us);
	}
	bench_print_times(&times);
}

static void limit_sqlite(const char *path, size_t rows, size_t bytes, int is_paced)
{
	struct row row = {.text = malloc(bytes), .len = (int)bytes};
	sqlite3_stmt *q;
	sqlite3 *db;

	if (row.text == NULL)
		bench_die("no memory");
	memset(row.text, 'x', bytes);
	q = make_table(&db, path);
	if (is_paced)
		add_paced(q, rows, &row);
	else
		add_groups(db, q, rows, &row);
	sqlite3_finalize(q);
	sqlite3_close(db);
	free(row.text);
}

static void limit_file(const char *path, const char *from, size_t batch)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct bench_lines l;
	int64_t begin_us;

	if (fd < 0)
		bench_die(path);
	bench_read_lines(&l, from);
	begin_us = bench_now_us();
	for (size_t i = 0; i < l.count; i += batch) {
		size_t end = i + batch < l.count ? i + batch : l.count;
		size_t len = l.at[end] - l.at[i];

		if (write(fd, l.text + l.at[i], len) != (ssize_t)len ||
		    fdatasync(fd) != 0)
			bench_die(path);
	}
	bench_print_rate(l.count, begin_us);
	close(fd);
	free(l.text);
	free(l.at);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	errno = 0;
	if (argc == 2 && strcmp(what, "version") == 0)
		printf("SQLite %s\n", sqlite3_libversion());
	else if (argc == 5 && strcmp(what, "file") == 0)
		limit_file(argv[2], argv[3], strtoul(argv[4], NULL, 10));
	else if (argc == 5 && (strcmp(what, "sqlite") == 0 || strcmp(what, "pace") == 0))
		limit_sqlite(argv[2], strtoul(argv[3], NULL, 10),
		             strtoul(argv[4], NULL, 10), strcmp(what, "pace") == 0);
	else
		bench_die("usage: bench-limit sqlite|pace PATH ROWS BYTES | "
		          "file PATH FILE BATCH | version");
	return 0;
}
