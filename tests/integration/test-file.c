/* SPDX-License-Identifier: MIT */
/* The output "file" on a disk that works: lines, names, syncs, rotation. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_world.h"
#include "plugin_host_private.h"
#include "tap.h"

static unsigned mode_of(const char *path)
{
	struct stat st;

	return lstat(file_path("%s", path), &st) == 0 ? st.st_mode & 07777 : 0;
}

static bool exists(const char *path)
{
	struct stat st;

	return lstat(file_path("%s", path), &st) == 0;
}

static unsigned open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void a_line_is_delivered_when_it_is_on_disk(void)
{
	struct plugin_host *h = file_start("one/deep/frames.jsonl", "always");

	same(plugin_host_link_why(h, FRAME_LINK_UP), file_path("one/deep/frames.jsonl"),
	     "the link is up and names the file");
	ok(file_send(h, 1, "one/deep/frames.jsonl") == FRAME_PENDING &&
	           file_send(h, 2, "one/deep/frames.jsonl") == FRAME_PENDING,
	   "messages are taken for a batch");
	ok(plugin_host_in_flight(h) == 2 && file_disk.syncs == 0,
	   "nothing is called delivered before it is written");
	plugin_host_flush(h);
	ok(plugin_host_count(h, FRAME_DELIVERED) == 2 && file_disk.syncs == 1,
	   "both are delivered after one sync");
	ok(file_holds("one/deep/frames.jsonl", 1, 2), "each stands in a line, in order");
	same(plugin_host_outcome(h, 1).reason, "frames.jsonl at byte 0",
	     "the receipt says where the line begins");
	same(plugin_host_outcome(h, 2).reason, "frames.jsonl at byte 8",
	     "so does that of the second");
	plugin_host_close(h);
	plugin_host_open(h);
	ok(file_drive(h, 3, 3, "one/deep/frames.jsonl") == 1 &&
	           file_holds("one/deep/frames.jsonl", 1, 3),
	   "after a restart lines are added, none is overwritten");
	same(plugin_host_outcome(h, 3).reason, "frames.jsonl at byte 16",
	     "the receipt counts from the beginning of the file");
	plugin_host_free(h);
}

static void a_group_can_read_the_files_whatever_the_umask(void)
{
	struct plugin_host *h;
	mode_t before = umask(077);

	h = file_start("modes/#ID_WASP#/f.jsonl", "always");
	file_drive(h, 1, 1, "modes/n/f.jsonl");
	ok(mode_of("modes") == 0750 && mode_of("modes/n") == 0750,
	   "directories are made with mode 0750");
	ok(mode_of("modes/n/f.jsonl") == 0640, "files are made with mode 0640");
	chmod(file_path("modes/n/f.jsonl"), 0600);
	plugin_host_close(h);
	plugin_host_open(h);
	file_drive(h, 2, 2, "modes/n/f.jsonl");
	ok(mode_of("modes/n/f.jsonl") == 0600,
	   "the mode of a file that was there is kept");
	umask(before);
	plugin_host_free(h);
}

static void each_file_is_synced_once_a_batch(void)
{
	struct plugin_host *h = file_start("nodes/#ID_WASP#.jsonl", "always");

	for (uint64_t id = 1; id <= 99; id++)
		file_send(h, id, id % 3 == 0 ? "nodes/a.jsonl" : "nodes/b.jsonl");
	plugin_host_flush(h);
	ok(plugin_host_count(h, FRAME_DELIVERED) == 99 && file_disk.syncs == 2,
	   "99 messages for two files cost two syncs");
	plugin_host_flush(h);
	ok(file_disk.syncs == 2, "a flush of nothing syncs nothing");
	same(plugin_host_outcome(h, 3).reason, "a.jsonl at byte 0",
	     "each file has its own receipts");
	plugin_host_free(h);
}

static void what_is_not_synced_is_called_unconfirmed(void)
{
	struct plugin_host *h = file_start("never.jsonl", "never");
	int64_t deadline_ms;

	same(plugin_host_link_why(h, FRAME_LINK_UNCONFIRMED), "sync = never",
	     "status shows: not confirmed");
	ok(file_drive(h, 1, 10, "never.jsonl") == 10 && file_disk.syncs == 0,
	   "sync = never delivers without a sync");
	plugin_host_free(h);

	h = file_start("interval.jsonl", "interval");
	same(plugin_host_link_why(h, FRAME_LINK_UNCONFIRMED), "sync = interval",
	     "status shows: not confirmed");
	ok(file_drive(h, 1, 10, "interval.jsonl") == 10 && file_disk.syncs == 0,
	   "sync = interval delivers at once");
	deadline_ms = plugin_host_now_ms() + 20000;
	while (file_disk.syncs == 0 && plugin_host_now_ms() < deadline_ms)
		h->plugin.poll(h->instance, deadline_ms);
	ok(file_disk.syncs == 1 && plugin_host_now_ms() < deadline_ms,
	   "and syncs a second later, though no message follows");
	file_drive(h, 11, 11, "interval.jsonl");
	plugin_host_close(h);
	ok(file_disk.syncs == 2, "what is not synced yet is when it closes");
	plugin_host_free(h);
}

static void a_new_name_is_made_durable(void)
{
	struct plugin_host *h = file_start("names/#ID_WASP#/f.jsonl", "always");

	file_drive(h, 1, 1, "names/a/f.jsonl");
	ok(file_disk.name_syncs == 2,
	   "a new directory and a new file are two new names: %u", file_disk.name_syncs);
	file_drive(h, 2, 2, "names/a/f.jsonl");
	ok(file_disk.name_syncs == 2, "an old file needs no more");
	rename(file_path("names/a/f.jsonl"), file_path("names/a/g.jsonl"));
	file_put("names/a/f.jsonl", "");
	file_drive(h, 3, 3, "names/a/f.jsonl");
	ok(file_disk.name_syncs == 3, "one that another program made does");
	plugin_host_free(h);
}

static void an_unused_file_is_closed(void)
{
	struct plugin_host *h = file_start("unused/#ID_WASP#", "always");
	unsigned before;

	file_drive(h, 1, 1, "unused/old");
	file_drive(h, 2, 2, "unused/new");
	before = open_descriptors();
	plugin_host_jump(h, 30000);
	file_drive(h, 3, 3, "unused/new");
	ok(open_descriptors() == before, "after half a minute a file is still open");
	plugin_host_jump(h, 31000);
	file_drive(h, 4, 4, "unused/new");
	ok(open_descriptors() == before - 1, "after a minute it is closed");
	ok(file_drive(h, 5, 5, "unused/old") == 1, "and opened again when it is needed");
	plugin_host_free(h);
}

static void no_name_leaves_the_directory(void)
{
	static const char *const bad[] = {
		"jail/../escaped", "jail/a/../../escaped",
		"jail/..",         "jail/a/..",
		"jail/",           "jail/.",
	};
	struct plugin_host *h = file_start("jail/#ID_WASP#", "always");
	char name[400];

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ok(file_send(h, i + 1, bad[i]) == FRAME_REJECTED,
		   "%s is no file in jail: %s", bad[i], plugin_host_why(h));
	ok(file_send(h, 50, "elsewhere") == FRAME_REJECTED && !exists("elsewhere"),
	   "a path that does not begin with the template's directory is refused");
	snprintf(name, sizeof name, "jail/%0300d", 7);
	ok(file_send(h, 51, name) == FRAME_REJECTED,
	   "a name that no file can have is refused");
	same(plugin_host_why(h), "a part of the path is longer than 255 bytes",
	     "and the reason says so");
	ok(!exists("escaped"), "nothing was made outside");
	ok(file_drive(h, 60, 60, "jail/..a") == 1 && exists("jail/..a"),
	   "a name that begins with two points is a name");
	ok(file_drive(h, 61, 61, "jail/-rf ;$(reboot)\n\x1b[2J") == 1,
	   "whatever else a name holds, it is a name");
	plugin_host_free(h);
}

static void links_are_not_followed(void)
{
	struct plugin_host *h = file_start("linked/#ID_WASP#/f.jsonl", "always");

	mkdir(file_path("outside"), 0700);
	file_put("outside/f.jsonl", "canary");
	ok(symlink("../outside", file_path("linked/n")) == 0, "a directory is a link");
	ok(file_send(h, 1, "linked/n/f.jsonl") == FRAME_RETRY, "it is refused, and kept");
	ok(strstr(plugin_host_why(h), "'n' is a symbolic link") != NULL,
	   "the reason says what is in the way: %s", plugin_host_why(h));
	mkdir(file_path("linked/m"), 0700);
	ok(symlink("../../outside/f.jsonl", file_path("linked/m/f.jsonl")) == 0,
	   "a file is a link");
	ok(file_send(h, 2, "linked/m/f.jsonl") == FRAME_RETRY &&
	           strstr(plugin_host_why(h), "'f.jsonl' is a symbolic link") != NULL,
	   "it is refused: %s", plugin_host_why(h));
	same(file_text("outside/f.jsonl"), "canary", "what the links name is unchanged");
	unlink(file_path("linked/n"));
	ok(file_drive(h, 3, 3, "linked/n/f.jsonl") == 1, "without the link it goes on");
	plugin_host_free(h);
}

static void only_regular_files_are_written(void)
{
	struct plugin_host *h = file_start("odd/#ID_WASP#", "always");

	mkfifo(file_path("odd/fifo"), 0600);
	mkdir(file_path("odd/dir"), 0700);
	file_put("odd/file", "");
	ok(file_send(h, 1, "odd/fifo") == FRAME_RETRY &&
	           strstr(plugin_host_why(h), "is no regular file") != NULL,
	   "a FIFO that nobody reads does not hang it: %s", plugin_host_why(h));
	ok(file_send(h, 2, "odd/dir") == FRAME_RETRY &&
	           strstr(plugin_host_why(h), "is no regular file") != NULL,
	   "a directory is refused: %s", plugin_host_why(h));
	ok(file_send(h, 3, "odd/file/f") == FRAME_RETRY &&
	           strstr(plugin_host_why(h), "is no directory") != NULL,
	   "a file where a directory belongs is refused: %s", plugin_host_why(h));
	plugin_host_free(h);
}

static void a_rotated_file_is_begun_anew(void)
{
	struct plugin_host *h = file_start("rotated.jsonl", "always");

	file_drive(h, 1, 2, "rotated.jsonl");
	rename(file_path("rotated.jsonl"), file_path("rotated.1"));
	ok(file_drive(h, 3, 4, "rotated.jsonl") == 2 &&
	           file_holds("rotated.jsonl", 3, 4) && file_holds("rotated.1", 1, 2),
	   "after a rename lines go to a new file");
	same(plugin_host_outcome(h, 4).reason, "rotated.jsonl at byte 8",
	     "the receipt counts from its beginning");
	unlink(file_path("rotated.jsonl"));
	ok(file_drive(h, 5, 5, "rotated.jsonl") == 1 && file_holds("rotated.jsonl", 5, 5),
	   "after a deletion too");
	rename(file_path("rotated.jsonl"), file_path("rotated.2"));
	file_put("rotated.jsonl", "");
	ok(file_drive(h, 6, 6, "rotated.jsonl") == 1 && file_holds("rotated.jsonl", 6, 6),
	   "and when the new file was made by the one who rotated");
	ok(truncate(file_path("rotated.jsonl"), 0) == 0 &&
	           file_drive(h, 7, 7, "rotated.jsonl") == 1 &&
	           file_holds("rotated.jsonl", 7, 7),
	   "a file that was copied and cut to nothing goes on at its beginning");
	same(plugin_host_outcome(h, 7).reason, "rotated.jsonl at byte 0",
	     "as the receipt says");
	plugin_host_free(h);
}

static void a_line_break_would_be_two_lines(void)
{
	struct plugin_host *h = file_start("breaks.jsonl", "always");

	ok(plugin_host_send(h, 1, "", "a\nforged") == FRAME_REJECTED,
	   "a text with a line break is refused: %s", plugin_host_why(h));
	ok(plugin_host_send(h, 2, "", "") == FRAME_PENDING,
	   "an empty text is an empty line");
	plugin_host_flush(h);
	same(file_text("breaks.jsonl"), "\n",
	     "nothing of the refused one is in the file");
	plugin_host_free(h);
}

static void many_files_need_few_descriptors(void)
{
	struct plugin_host *h = file_start("many/#ID_WASP#/%H.jsonl", "always");
	unsigned before = open_descriptors(), most = 0, whole = 0;
	char path[64];

	for (uint64_t id = 1; id <= 600; id++) {
		snprintf(path, sizeof path, "many/n%u/12.jsonl", (unsigned)id % 200);
		file_send(h, id, path);
		if (id % 150 == 0)
			plugin_host_flush(h);
		if (open_descriptors() > most)
			most = open_descriptors();
	}
	ok(plugin_host_count(h, FRAME_DELIVERED) == 600,
	   "600 messages for 200 files arrive");
	for (unsigned n = 0; n < 200; n++) {
		char want[64];

		snprintf(path, sizeof path, "many/n%u/12.jsonl", n);
		snprintf(want, sizeof want, "{\"n\":%u}\n{\"n\":%u}\n{\"n\":%u}\n",
		         n == 0 ? 200 : n, (n == 0 ? 200 : n) + 200,
		         (n == 0 ? 200 : n) + 400);
		whole += strcmp(file_text(path), want) == 0;
	}
	ok(whole == 200, "each file holds its own lines, in order (%u of 200)", whole);
	ok(most - before <= 64, "with at most 64 files open (%u)", most - before);
	plugin_host_free(h);
}

static void invented_names_do_not_fill_the_disk(void)
{
	struct plugin_host *h = file_load("flood/#ID_WASP#", "always");

	plugin_host_set(h, "max_new_files", "2");
	plugin_host_open(h);
	ok(file_drive(h, 1, 1, "flood/a") == 1 && file_drive(h, 2, 2, "flood/b") == 1,
	   "as many files as allowed are made");
	ok(file_send(h, 3, "flood/c") == FRAME_RETRY && !exists("flood/c"),
	   "another one has to wait: %s", plugin_host_why(h));
	file_put("flood/d", "");
	ok(file_drive(h, 4, 4, "flood/a") == 1 && file_drive(h, 5, 5, "flood/d") == 1,
	   "files that are there go on");
	plugin_host_jump(h, 3600000);
	ok(file_drive(h, 6, 6, "flood/c") == 1, "after an hour it is made");
	plugin_host_free(h);
}

static void open_says_what_is_wrong(void)
{
	struct plugin_host *h = file_load("blocked/frames.jsonl", "always");
	char text[600];

	file_put("blocked", "I am a file");
	ok(!plugin_host_open(h), "a directory that cannot be made is an error at once");
	snprintf(text, sizeof text, "%s: Not a directory", file_path("blocked/"));
	same(plugin_host_why(h), text, "in words");
	unlink(file_path("blocked"));
	ok(plugin_host_open(h) && file_drive(h, 1, 1, "blocked/frames.jsonl") == 1,
	   "and once it is put right it goes on");
	plugin_host_free(h);

	h = file_load("checked/#ID_WASP#/../x", "always");
	ok(!plugin_host_check(h), "a template that leaves its directory is refused: %s",
	   plugin_host_why(h));
	plugin_host_set(h, "path", "checked/#ID_WASP#/");
	ok(!plugin_host_check(h), "so is one that names no file: %s", plugin_host_why(h));
	plugin_host_set(h, "path", "../checked/#ID_WASP#.%Y");
	ok(plugin_host_check(h),
	   "before the first wildcard '..' is the owner's own wish");
	ok(!exists("checked"), "a check makes nothing");
	plugin_host_free(h);
}

static void a_hundred_thousand_lines_equal_the_ledger(void)
{
	struct plugin_host *h = file_start("bulk.jsonl", "always");
	unsigned delivered = 0;

	for (uint64_t id = 1; id <= 100000; id += 500)
		delivered += file_drive(h, id, id + 499, "bulk.jsonl");
	ok(delivered == 100000 && file_disk.syncs == 200,
	   "100,000 delivered in 200 syncs");
	ok(file_holds("bulk.jsonl", 1, 100000), "the file holds each once, in order");
	plugin_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	a_line_is_delivered_when_it_is_on_disk();
	a_group_can_read_the_files_whatever_the_umask();
	each_file_is_synced_once_a_batch();
	what_is_not_synced_is_called_unconfirmed();
	a_new_name_is_made_durable();
	an_unused_file_is_closed();
	no_name_leaves_the_directory();
	links_are_not_followed();
	only_regular_files_are_written();
	a_rotated_file_is_begun_anew();
	a_line_break_would_be_two_lines();
	many_files_need_few_descriptors();
	invented_names_do_not_fill_the_disk();
	open_says_what_is_wrong();
	a_hundred_thousand_lines_equal_the_ledger();
	file_world_end();
	return done();
}
