/* SPDX-License-Identifier: MIT */
/*
 * store: many processes at once, some of them killed.  What must be in the store is told
 * by the writers' own ledgers in shared memory, not by what arrived.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "state.h"
#include "store_keep.h"
#include "tap.h"

#define WRITERS    4
#define FRAMES_MAX 400000

/* Per writer: how many frames were committed, and how many were begun to be. */
struct ledger_of {
	_Atomic int committed;
	_Atomic int begun;
	_Atomic int64_t longest_ms; /* wait for one group */
	_Atomic int groups;
};

struct shared {
	struct ledger_of writers[WRITERS];
	_Atomic bool stop;     /* no new groups */
	_Atomic bool is_over;  /* and none is under way any more */
	_Atomic uint64_t read; /* id the reader has come to */
	_Atomic int wrong;     /* frames that the reader should not have seen */
	unsigned char seen[WRITERS][FRAMES_MAX];
};

static struct shared *shared;

/* Writes groups of `per` frames, numbered on from what is committed, until told to stop.
 */
static void write_groups(const char *state, int me, int per)
{
	struct ledger_of *ledger = &shared->writers[me];
	struct reason why = {""};
	struct frame f = {0};
	struct store *s;
	char name[16];

	snprintf(name, sizeof name, "w%d", me);
	must(store_open_writer(&s, state, 0, &why), &why);
	while (!shared->stop) {
		int64_t start = clock_monotonic_ms(), took;
		int number = ledger->begun;

		if (number + per > FRAMES_MAX)
			break;
		must(store_begin(s, &why), &why);
		ledger->begun = number + per;
		for (int i = 0; i < per; i++) {
			frame_fill(&f, name, number + i);
			must(store_append(s, &f, &why), &why);
		}
		must(store_commit(s, &why), &why);
		ledger->committed += per;
		ledger->groups++;
		took = clock_monotonic_ms() - start;
		if (took > ledger->longest_ms)
			ledger->longest_ms = took;
	}
	_exit(0);
}

static pid_t start_writer(const char *state, int me, int per)
{
	pid_t pid = fork();

	if (pid == 0)
		write_groups(state, me, per);
	return pid;
}

static bool check_row(void *context, const struct store_row *row)
{
	uint64_t *last = context;
	int writer = row->frame->source[1] - '0', number = -1;

	sscanf(buf_string(&row->frame->readings), "{\"N\":%d", &number);
	if (row->frame->id != *last + 1 || row->missing != 0 || writer < 0 ||
	    writer >= WRITERS || number < 0 || number >= FRAMES_MAX ||
	    shared->seen[writer][number] != 0)
		shared->wrong++;
	else
		shared->seen[writer][number] = 1;
	*last = row->frame->id;
	return true;
}

/* Reads as an output does, until nothing more comes after the stop. */
static void read_on(const char *state)
{
	struct reason why = {""};
	uint64_t last = 0;
	struct store *s;

	must(store_open_reader(&s, state, &why), &why);
	for (;;) {
		bool is_over = shared->is_over;
		long got = store_read(s, last, 500, check_row, &last, &why);

		must(got >= 0, &why);
		shared->read = last;
		if (got == 0 && is_over)
			_exit(0);
		if (got == 0)
			usleep(200);
	}
}

static pid_t start_reader(const char *state)
{
	pid_t pid = fork();

	if (pid == 0)
		read_on(state);
	return pid;
}

/* Copies the log back all the time, waiting for its turn. */
static pid_t start_keeper(const char *state)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct reason why = {""};
		struct store *s;

		must(store_open_keeper(&s, state, &why), &why);
		while (!shared->stop) {
			must(store_checkpoint(s, LOG_COPY, WAIT_TURN, &why) !=
			             STEP_FAILED,
			     &why);
			usleep(1000);
		}
		_exit(0);
	}
	return pid;
}

static void reset(void)
{
	memset(shared, 0, sizeof *shared);
}

static bool join(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static void wait_for(_Atomic int *number, int least)
{
	int64_t deadline = clock_monotonic_ms() + 60000;

	while (*number < least && clock_monotonic_ms() < deadline)
		usleep(500);
}

/* Every committed frame was seen once, and whole groups at that. */
static void judge(const char *what, bool all_committed)
{
	int missing = 0, halves = 0, total = 0;

	for (int w = 0; w < WRITERS; w++) {
		int seen = 0;

		for (int i = 0; i < shared->writers[w].begun; i++)
			seen += shared->seen[w][i];
		total += seen;
		if (seen < shared->writers[w].committed)
			missing += shared->writers[w].committed - seen;
		if (all_committed && seen != shared->writers[w].committed)
			halves++;
	}
	ok(missing == 0, "%s: of %d frames none that was committed is lost", what, total);
	ok(halves == 0, "%s: and none that was not is there", what);
	ok(shared->wrong == 0,
	   "%s: each was seen once, in the order of the ids, without a hole", what);
}

static void many_writers_and_a_reader_agree(void)
{
	pid_t writers[WRITERS], reader, keeper;
	bool is_fine = true;
	char state[256];

	reset();
	state_make(state);
	state_prepare(state);
	reader = start_reader(state);
	keeper = start_keeper(state);
	for (int i = 0; i < WRITERS; i++)
		writers[i] = start_writer(state, i, i == 0 ? 1 : 50 * i);
	wait_for(&shared->writers[0].groups, 100);
	shared->stop = true;
	for (int i = 0; i < WRITERS; i++)
		is_fine = join(writers[i]) && is_fine;
	shared->is_over = true;
	ok(is_fine && join(reader) && join(keeper), "no process fails");
	judge("four writers", true);
	state_remove(state);
}

static void a_small_writer_gets_its_turn(void)
{
	pid_t busy, busy2, small;
	char state[256];

	reset();
	state_make(state);
	state_prepare(state);
	busy = start_writer(state, 0, 500);
	busy2 = start_writer(state, 1, 500);
	small = start_writer(state, 2, 1);
	wait_for(&shared->writers[2].groups, 200);
	shared->stop = true;
	ok(join(busy) && join(busy2) && join(small), "no process fails");
	ok(shared->writers[2].groups >= 200 && shared->writers[2].longest_ms < 1000,
	   "beside two busy ones a single frame waits %lld ms at most, in %d groups",
	   (long long)shared->writers[2].longest_ms, shared->writers[2].groups);
	ok(shared->writers[0].groups * 3 > shared->writers[1].groups &&
	           shared->writers[1].groups * 3 > shared->writers[0].groups,
	   "and the busy ones share: %d and %d groups", shared->writers[0].groups,
	   shared->writers[1].groups);
	state_remove(state);
}

/* Writers are killed wherever they are; new ones go on behind what they had begun. */
static void killed_writers_lose_nothing(void)
{
	pid_t writers[WRITERS], reader;
	char state[256];
	int kills = 120;

	reset();
	state_make(state);
	state_prepare(state);
	reader = start_reader(state);
	for (int i = 0; i < WRITERS; i++)
		writers[i] = start_writer(state, i, 1 + 20 * i);
	for (int i = 0; i < kills; i++) {
		int victim = i % WRITERS;

		usleep(1000 + 997 * (unsigned)i % 7000); /* a random moment, not a wait */
		kill(writers[victim], SIGKILL);
		waitpid(writers[victim], NULL, 0);
		writers[victim] = start_writer(state, victim, 1 + 20 * victim);
	}
	shared->stop = true;
	for (int i = 0; i < WRITERS; i++)
		join(writers[i]);
	shared->is_over = true;
	ok(join(reader), "the reader does not fail");
	judge("120 kills", false);
	state_remove(state);
}

int main(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	many_writers_and_a_reader_agree();
	a_small_writer_gets_its_turn();
	killed_writers_lose_nothing();
	return done();
}
