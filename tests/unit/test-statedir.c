/* SPDX-License-Identifier: MIT */
/* statedir: locks and the wake-up; turnstile: one at a time. */
#include "statedir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "state.h"
#include "tap.h"
#include "turnstile.h"

static void paths_that_do_not_fit_are_refused(void)
{
	char path[STATE_PATH_MAX], state[STATE_PATH_MAX];

	memset(state, 'a', sizeof state);
	state[STATE_PATH_MAX - 6] = '\0';
	ok(statedir_path(path, state, "gate"), "511 bytes fit");
	ok(!statedir_path(path, state, "gates"),
	   "512 do not: no other file is touched instead");
	ok(statedir_file(path, "/s", "outputs", "broker", "place"),
	   "a file of an output");
	same(path, "/s/outputs/broker.place", "lies in its folder");
}

static void folders_are_made_once(const char *state)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct stat info;

	ok(statedir_make(state, &why) && statedir_make(state, &why), "twice is no error");
	statedir_path(path, state, "outputs");
	ok(stat(path, &info) == 0 && (info.st_mode & 07027) == 0,
	   "others cannot look into the folder");
	ok(!statedir_make("/nonexistent/state", &why), "the parent has to be there");
}

static void hold(const char *path)
{
	struct reason why = {""};
	pid_t holder;
	int fd;

	must(statedir_lock(&fd, path, &holder, &why), &why);
}

static void a_lock_names_its_holder_and_dies_with_him(const char *state)
{
	struct reason why = {""}, want = {""};
	char path[STATE_PATH_MAX];
	pid_t pid, holder;
	int fd;

	statedir_path(path, state, "outputs/broker.lock");
	pid = state_child(hold, path);
	ok(!statedir_lock(&fd, path, &holder, &why) && holder == pid,
	   "a second process is refused: both would move the same place");
	fail(&want, "already running as process %ld", (long)pid);
	same(why.text, want.text, "and told who it is");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(statedir_lock(&fd, path, &holder, &why), "kill -9 frees the lock");
	close(fd);
}

static bool waits(int fd, int ms)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, ms) == 0;
}

static void a_wake_is_told_from_the_log(const char *state)
{
	struct reason why = {""};
	char path[STATE_PATH_MAX];
	struct statedir_watch w;
	int log;

	must(statedir_watch(&w, state, &why), &why);
	ok(waits(w.fd, 0) && !statedir_watch_read(&w), "at first there is nothing");
	statedir_wake(state);
	ok(!waits(w.fd, 1000) && statedir_watch_read(&w) && !w.foreign,
	   "a touch wakes: a commit is there to be read");
	ok(waits(w.fd, 0), "and is read once");
	log = statedir_open(state, "frames.db-wal", &why);
	ok(!waits(w.fd, 1000) && statedir_watch_read(&w) && w.foreign,
	   "a log that is made is a foreign program's");
	must(write(log, "x", 1) == 1, &why);
	ok(!waits(w.fd, 1000) && statedir_watch_read(&w) && w.foreign,
	   "so is a write to it: read again a little later");
	statedir_path(path, state, "frames.db-wal");
	unlink(path);
	close(log);
	statedir_watch_read(&w);
	log = statedir_open(state, "frames.db-wal", &why);
	statedir_watch_read(&w);
	must(write(log, "x", 1) == 1, &why);
	ok(!waits(w.fd, 1000) && statedir_watch_read(&w) && w.foreign,
	   "a log that was made anew is watched, too");
	must(write(log, "x", 1) == 1, &why);
	statedir_wake(state);
	ok(!waits(w.fd, 1000) && statedir_watch_read(&w) && !w.foreign,
	   "both at once is a wake of ours");
	close(log);
	log = statedir_open(state, "effective", &why);
	close(log);
	ok(!statedir_watch_read(&w), "other files of the folder wake nobody");
	statedir_watch_close(&w);
}

static void the_turnstile_lets_one_in(const char *state)
{
	struct turnstile a = TURNSTILE_CLOSED, b = TURNSTILE_CLOSED;
	struct reason why = {""};

	must(turnstile_open(&a, state, &why) && turnstile_open(&b, state, &why), &why);
	ok(turnstile_enter(&a, &why), "the first goes in");
	ok(!turnstile_try(&b), "the second would have to wait");
	turnstile_leave(&a);
	ok(turnstile_try(&b), "and goes in when the first has left");
	turnstile_close(&b);
	ok(turnstile_try(&a), "closing leaves, too");
	turnstile_close(&a);
	turnstile_close(&a);
}

/* One child is inside all the time but for moments; another wants in fifty times. */
static void a_busy_writer_does_not_starve_another(const char *state)
{
	int *rounds = mmap(NULL, sizeof *rounds, PROT_READ | PROT_WRITE,
	                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile int *busy_rounds = rounds;
	struct turnstile t = TURNSTILE_CLOSED;
	struct reason why = {""};
	pid_t busy = fork();
	int passed = 0;

	if (busy == 0) {
		must(turnstile_open(&t, state, &why), &why);
		for (;;) {
			turnstile_enter(&t, &why);
			++*busy_rounds;
			usleep(1000); /* the work inside */
			turnstile_leave(&t);
		}
	}
	must(turnstile_open(&t, state, &why), &why);
	for (int i = 0; i < 50; i++) {
		int before = *busy_rounds;

		while (*busy_rounds ==
		       before) /* it is inside, at the beginning of its work */
			usleep(50);
		before = *busy_rounds;
		turnstile_enter(&t, &why);
		passed += *busy_rounds - before;
		turnstile_leave(&t);
	}
	ok(passed <= 10,
	   "a small writer waits for the group that is inside, and no more: "
	   "%d groups came before it in 50 turns",
	   passed);
	kill(busy, SIGKILL);
	waitpid(busy, NULL, 0);
	ok(turnstile_enter(&t, &why), "one killed inside leaves");
	turnstile_close(&t);
	munmap(rounds, sizeof *rounds);
}

int main(void)
{
	char state[256];

	state_make(state);
	paths_that_do_not_fit_are_refused();
	folders_are_made_once(state);
	a_lock_names_its_holder_and_dies_with_him(state);
	a_wake_is_told_from_the_log(state);
	the_turnstile_lets_one_in(state);
	a_busy_writer_does_not_starve_another(state);
	state_remove(state);
	return done();
}
