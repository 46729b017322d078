/* SPDX-License-Identifier: MIT */
/* live: what a process says of itself. */
#include "live.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "state.h"
#include "tap.h"

static void what_is_said_can_be_read(const char *path)
{
	struct reason why = {""};
	struct live_data data;
	struct live *l, *second;
	int64_t changed;

	ok(!live_read(path, &data), "no file: nobody lives");
	must(live_open(&l, path, &why), &why);
	ok(live_read(path, &data) && data.pid == getpid() && data.reason[0] == '\0',
	   "it lives, and has nothing to say");
	live_version(l, "2.0.11");
	live_reason(l, 12345, "backing off %d s: %s", 8, "connection refused");
	live_in_flight(l, 7, 2);
	ok(live_read(path, &data) && data.in_flight == 7 && data.late == 2 &&
	           data.until_ms == 12345,
	   "the numbers are told");
	same(data.reason, "backing off 8 s: connection refused", "and the reason");
	same(data.version, "2.0.11", "and the plugin's version");
	changed = data.changed_ms;
	live_reason(l, 0, "backing off %d s: %s", 8, "connection refused");
	live_read(path, &data);
	ok(changed > 0 && data.changed_ms == changed && data.until_ms == 0,
	   "the same words again are no change");
	live_reason(l, 0, "%300d", 1);
	ok(live_read(path, &data) && strlen(data.reason) == 255, "long words are cut");
	ok(data.error_ms == 0 && data.error[0] == '\0', "nothing has gone wrong yet");
	live_error(l, "connection refused");
	live_reason(l, 0, "%s", "");
	ok(live_read(path, &data) && data.error_ms > 0 && data.reason[0] == '\0',
	   "a trouble is remembered when it is over");
	same(data.error, "connection refused", "in its words");
	ok(!live_open(&second, path, &why), "two cannot live behind one file");
	live_close(l);
	ok(!live_read(path, &data), "after an orderly end nobody lives");
}

static void be_busy(const char *path)
{
	struct reason why = {""};
	struct live *l;

	must(live_open(&l, path, &why), &why);
	live_reason(l, 0, "busy");
}

static void the_killed_do_not_live(const char *path)
{
	struct reason why = {""};
	struct live_data data;
	struct live *l;
	pid_t pid = state_child(be_busy, path);

	ok(live_read(path, &data) && data.pid == pid, "another process can be asked");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(!live_read(path, &data), "status would show a dead process as running");
	ok(live_open(&l, path, &why) && live_read(path, &data) && data.reason[0] == '\0',
	   "the next one of that name begins with nothing to say");
	live_close(l);
}

static void a_reader_never_sees_half_a_change(const char *path)
{
	struct reason why = {""};
	struct live_data data;
	struct live *l;
	int halves = 0, seen = 0;
	pid_t pid;

	must(live_open(&l, path, &why), &why);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 20000; i++) {
			if (!live_read(path, &data) || data.reason[0] == '\0')
				continue;
			seen++;
			if (strspn(data.reason, data.reason[0] == 'a' ? "a" : "b") !=
			    strlen(data.reason))
				halves++;
		}
		_exit(halves > 0 ? 1 : seen == 0 ? 2 : 0);
	}
	while (waitpid(pid, &seen, WNOHANG) == 0) {
		live_reason(
			l, 0, "%s",
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		live_reason(l, 0, "%s",
		            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	}
	ok(WIFEXITED(seen) && WEXITSTATUS(seen) == 0,
	   "20,000 looks at a reason that changes all the time: none saw half of one");
	live_close(l);
}

static void a_file_of_rubbish_is_no_life(const char *path)
{
	struct reason why = {""};
	struct live_data data;
	struct live *l;
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	must(fd >= 0 && write(fd, "rubbish", 7) == 7, &why);
	close(fd);
	ok(!live_read(path, &data), "rubbish tells nothing");
	ok(live_open(&l, path, &why) && live_read(path, &data), "and is written over");
	live_close(l);
}

int main(void)
{
	char state[256], path[STATE_PATH_MAX];

	state_make(state);
	statedir_path(path, state, "broker.live");
	what_is_said_can_be_read(path);
	the_killed_do_not_live(path);
	a_reader_never_sees_half_a_change(path);
	a_file_of_rubbish_is_no_life(path);
	state_remove(state);
	return done();
}
