/* SPDX-License-Identifier: MIT */
/* The output "file" on a disk that fails: full, broken, torn by a crash. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file_world.h"
#include "plugin_host_private.h"
#include "tap.h"

static void set_file_size_limit(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void a_torn_last_line_stays_alone(void)
{
	struct plugin_host *h;

	file_put("torn.jsonl", "{\"n\":1}\n{\"n\":");
	h = file_start("torn.jsonl", "always");
	ok(file_drive(h, 3, 3, "torn.jsonl") == 1,
	   "a file with half a line at its end goes on");
	same(file_text("torn.jsonl"), "{\"n\":1}\n{\"n\":\n{\"n\":3}\n",
	     "the half line is ended, and the next stands whole");
	same(plugin_host_outcome(h, 3).reason, "torn.jsonl at byte 14",
	     "the receipt knows of it");
	file_put("foreign", "");
	ok(truncate(file_path("torn.jsonl"), 10) == 0 &&
	           file_drive(h, 4, 4, "torn.jsonl") == 1,
	   "a line torn by another program while the file is open");
	same(file_text("torn.jsonl"), "{\"n\":1}\n{\"\n{\"n\":4}\n", "is ended too");
	plugin_host_free(h);
}

static void a_file_that_may_not_grow_keeps_whole_lines(void)
{
	struct plugin_host *h = file_start("small.jsonl", "always");

	file_drive(h, 1, 9, "small.jsonl");
	set_file_size_limit(100);
	ok(file_drive(h, 10, 29, "small.jsonl") == 0 &&
	           plugin_host_count(h, FRAME_RETRY) == 20,
	   "a batch that does not fit is tried again, whole");
	ok(strstr(plugin_host_outcome(h, 10).reason, "largest size") != NULL,
	   "in words: %s", plugin_host_outcome(h, 10).reason);
	ok(file_holds("small.jsonl", 1, 9), "no part of it stays in the file");
	set_file_size_limit(RLIM_INFINITY);
	plugin_host_close(h);
	plugin_host_open(h);
	ok(file_drive(h, 10, 29, "small.jsonl") == 20 && file_holds("small.jsonl", 1, 29),
	   "when there is room again each stands there once");
	plugin_host_free(h);
}

static void a_full_disk_is_named_and_got_over(void)
{
	struct plugin_host *h;
	char want[300];
	unsigned ok_before;

	mkdir(file_path("tiny"), 0700);
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("tmpfs", file_path("tiny"), "tmpfs", 0, "size=64k") != 0) {
		ok(true, "a full disk # SKIP mounting is not allowed here");
		return;
	}
	h = file_start("tiny/#ID_WASP#", "always");
	ok_before = file_drive(h, 1, 5, "tiny/f");
	for (unsigned i = 0; i < 16; i++) {
		int fd = open(file_path("tiny/ballast"), O_WRONLY | O_CREAT | O_APPEND,
		              0600);
		static const char page[4096];

		if (write(fd, page, sizeof page) < 0)
			i = 16;
		close(fd);
	}
	ok(ok_before == 5 && file_drive(h, 6, 2000, "tiny/f") == 0,
	   "nothing is delivered to a full disk");
	snprintf(want, sizeof want, "no space left on %s", file_path("tiny"));
	same(plugin_host_outcome(h, 6).reason, want, "the reason names the file system");
	ok(file_holds("tiny/f", 1, 5), "what was there is whole");
	unlink(file_path("tiny/ballast"));
	plugin_host_close(h);
	plugin_host_open(h);
	ok(file_drive(h, 6, 2000, "tiny/f") == 1995 && file_holds("tiny/f", 1, 2000),
	   "with room again all arrives, once");
	plugin_host_free(h);
	umount2(file_path("tiny"), MNT_DETACH);
}

static void a_failed_sync_delivers_nothing(void)
{
	struct plugin_host *h = file_start("sync.jsonl", "always");

	file_drive(h, 1, 3, "sync.jsonl");
	file_disk.sync_error = EIO;
	ok(file_drive(h, 4, 6, "sync.jsonl") == 0 &&
	           plugin_host_count(h, FRAME_RETRY) == 3,
	   "the whole batch is tried again");
	ok(strstr(plugin_host_outcome(h, 4).reason, "Input/output error") != NULL,
	   "the reason is the disk's: %s", plugin_host_outcome(h, 4).reason);
	ok(file_holds("sync.jsonl", 1, 3),
	   "what may not be on disk is taken out of the file");
	ok(file_drive(h, 7, 9, "sync.jsonl") == 3, "the next batch is written");
	same(file_text("sync.jsonl"),
	     "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":7}\n{\"n\":8}\n{\"n\":9}\n",
	     "behind what was confirmed");
	file_disk.sync_error = EINTR;
	ok(file_drive(h, 10, 10, "sync.jsonl") == 1, "a signal in a sync is no failure");
	plugin_host_free(h);
}

static void a_failed_late_sync_is_said_aloud(void)
{
	struct plugin_host *h = file_start("late.jsonl", "interval");

	file_drive(h, 1, 3, "late.jsonl");
	file_disk.sync_error = EIO;
	plugin_host_close(h);
	ok(strstr(plugin_host_log(h), "may be lost") != NULL,
	   "sync = interval cannot take a delivery back, but logs it");
	ok(file_holds("late.jsonl", 1, 3),
	   "and leaves in the file what it called delivered");
	plugin_host_free(h);
}

static void partial_writes_are_finished_or_taken_back(void)
{
	struct plugin_host *h = file_start("partial.jsonl", "always");

	file_disk.write_max = 7;
	ok(file_drive(h, 1, 50, "partial.jsonl") == 50 &&
	           file_holds("partial.jsonl", 1, 50),
	   "a disk that takes 7 bytes at a time gets all");
	file_disk.write_error = ENOSPC;
	file_disk.write_after = 5;
	ok(file_drive(h, 51, 60, "partial.jsonl") == 0 &&
	           file_holds("partial.jsonl", 1, 50),
	   "35 bytes and then no more: they are taken back");
	file_disk.write_error = EINTR;
	file_disk.write_after = 3;
	ok(file_drive(h, 61, 70, "partial.jsonl") == 10,
	   "a signal in a write is no failure");
	plugin_host_free(h);
}

static void another_programs_lines_are_left_alone(void)
{
	struct plugin_host *h = file_start("shared.jsonl", "always");
	FILE *f;

	file_drive(h, 1, 2, "shared.jsonl");
	f = fopen(file_path("shared.jsonl"), "a");
	fputs("theirs\n", f);
	fclose(f);
	file_disk.sync_error = EIO;
	file_drive(h, 3, 3, "shared.jsonl");
	same(file_text("shared.jsonl"), "{\"n\":1}\n{\"n\":2}\ntheirs\n",
	     "taking our line back leaves theirs");
	ok(file_drive(h, 4, 4, "shared.jsonl") == 1, "and it goes on behind it");
	same(plugin_host_outcome(h, 4).reason, "shared.jsonl at byte 23",
	     "where the receipt says");
	file_disk.sync_error = EIO;
	file_disk.intruder = file_path("shared.jsonl");
	file_drive(h, 5, 5, "shared.jsonl");
	same(file_text("shared.jsonl"),
	     "{\"n\":1}\n{\"n\":2}\ntheirs\n{\"n\":4}\n{\"n\":5}\ntheirs\n",
	     "behind ours their line is not cut off, though ours will come again");
	ok(plugin_host_outcome(h, 5).verdict == FRAME_RETRY, "since it is not confirmed");
	plugin_host_free(h);
}

static void a_failing_file_does_not_hold_others_up(void)
{
	struct plugin_host *h = file_start("mixed/#ID_WASP#", "always");

	file_drive(h, 1, 1, "mixed/a");
	file_drive(h, 2, 2, "mixed/b");
	file_disk.sync_error = EIO;
	file_send(h, 3, "mixed/a");
	file_send(h, 4, "mixed/b");
	plugin_host_flush(h);
	ok(plugin_host_count(h, FRAME_RETRY) == 1 &&
	           plugin_host_count(h, FRAME_DELIVERED) == 3,
	   "of two files one fails: the other's messages are delivered");
	plugin_host_free(h);
}

/* Adds up how often each id stands in the file; false: something else stands there. */
static bool count_lines(const char *path, unsigned *stands, uint64_t ids)
{
	const char *text = file_text(path);

	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		char line[40];
		uint64_t id = strtoull(text + strlen("{\"n\":"), NULL, 10);
		int len = snprintf(line, sizeof line, "{\"n\":%llu}",
		                   (unsigned long long)id);

		if (id > ids || end - text != len || memcmp(text, line, (size_t)len) != 0)
			return false;
		stands[id]++;
	}
	return *text == '\0';
}

static void the_file_is_what_was_delivered_whatever_fails(void)
{
	enum { ROUNDS = 4000, IDS = ROUNDS * 20 };
	struct plugin_host *h = file_start("any.jsonl", "always");
	unsigned *stands = calloc(IDS + 1, sizeof *stands);
	unsigned files = 0, delivered = 0, wrong = 0;
	uint64_t last = 0;
	bool is_whole;
	char path[40];

	srand(42);
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint64_t first = last + 1;

		file_disk.write_max = rand() % 3 == 0 ? (size_t)(rand() % 50 + 1) : 0;
		if (rand() % 4 == 0) {
			file_disk.write_error = rand() % 2 == 0 ? ENOSPC : EIO;
			file_disk.write_after = (unsigned)(rand() % 8);
		}
		file_disk.sync_error = rand() % 4 == 0 ? EIO : 0;
		last += (uint64_t)(rand() % 20 + 1);
		delivered += file_drive(h, first, last, "any.jsonl");
		file_disk = (struct file_disk){0};
		if (rand() % 50 == 0) {
			snprintf(path, sizeof path, "any.%u", ++files);
			rename(file_path("any.jsonl"), file_path("%s", path));
		}
	}
	is_whole = count_lines("any.jsonl", stands, last);
	for (unsigned n = 1; n <= files; n++) {
		snprintf(path, sizeof path, "any.%u", n);
		is_whole = is_whole && (strcmp(file_text(path), "(none)") == 0 ||
		                        count_lines(path, stands, last));
	}
	for (uint64_t id = 1; id <= last; id++)
		wrong +=
			stands[id] !=
			(plugin_host_outcome(h, id).verdict == FRAME_DELIVERED ? 1U : 0U);
	ok(is_whole, "%u files hold whole lines only", files + 1);
	ok(wrong == 0 && delivered > 1000 && delivered < last - 1000,
	   "each of %u delivered stands there once, and none of the %llu others (%u "
	   "wrong)",
	   delivered, (unsigned long long)last - delivered, wrong);
	free(stands);
	plugin_host_free(h);
}

struct progress {
	uint64_t delivered; /* every id up to this one */
};

static void write_until_killed(struct progress *p)
{
	struct plugin_host *h = file_start("killed.jsonl", "always");

	for (uint64_t id = 1;; id += 100) {
		if (file_drive(h, id, id + 99, "killed.jsonl") != 100)
			_exit(1);
		__atomic_store_n(&p->delivered, id + 99, __ATOMIC_SEQ_CST);
	}
}

static void what_was_delivered_survives_kill_9(void)
{
	struct progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE,
	                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t deadline_ms = plugin_host_now_ms() + 20000;
	uint64_t lines = 0, wrong = 0;
	const char *text;
	pid_t child = fork();
	int status;

	if (child == 0)
		write_until_killed(p);
	while (__atomic_load_n(&p->delivered, __ATOMIC_SEQ_CST) < 5000 &&
	       plugin_host_now_ms() < deadline_ms)
		sched_yield();
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	text = file_text("killed.jsonl");
	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
		wrong += strtoull(text + strlen("{\"n\":"), NULL, 10) != ++lines;
	ok(WIFSIGNALED(status) && p->delivered >= 5000 && lines >= p->delivered &&
	           wrong == 0,
	   "%llu were called delivered, %llu stand there in order",
	   (unsigned long long)p->delivered, (unsigned long long)lines);
	munmap(p, sizeof *p);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	a_torn_last_line_stays_alone();
	a_file_that_may_not_grow_keeps_whole_lines();
	a_failed_sync_delivers_nothing();
	a_failed_late_sync_is_said_aloud();
	partial_writes_are_finished_or_taken_back();
	another_programs_lines_are_left_alone();
	a_failing_file_does_not_hold_others_up();
	the_file_is_what_was_delivered_whatever_fails();
	what_was_delivered_survives_kill_9();
	a_full_disk_is_named_and_got_over();
	file_world_end();
	return done();
}
