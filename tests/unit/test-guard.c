/* SPDX-License-Identifier: MIT */
/* guard: what foreign code does to its process does not happen to ours. */
#include "guard.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "tap.h"

static struct reason why;
static int changed;

static bool say_yes(void *context, struct reason *reason)
{
	changed = 1;
	return context == &changed && !fail(reason, "a warning");
}

static bool say_no(void *context, struct reason *reason)
{
	(void)context;
	return fail(reason, "because");
}

static bool crash(void *context, struct reason *reason)
{
	(void)context, (void)reason;
	abort();
}

static bool leave(void *context, struct reason *reason)
{
	(void)context, (void)reason;
	exit(7);
}

static bool hang(void *context, struct reason *reason)
{
	(void)context, (void)reason;
	while (pause() != 0)
		;
	return true;
}

/* As one that closes what it does not know, and hangs then. */
static bool hang_unseen(void *context, struct reason *reason)
{
	closefrom(3);
	return hang(context, reason);
}

static bool print(void *context, struct reason *reason)
{
	(void)context, (void)reason;
	printf("not ok 999 - a plugin's words stand in the output\n");
	fflush(stdout);
	return true;
}

static void an_answer_comes_back(void)
{
	ok(guard_run(say_yes, &changed, 10, &why) == GUARD_YES, "true is YES");
	same(why.text, "a warning", "with its reason");
	ok(changed == 0, "our memory stays as it was");
	ok(guard_run(say_no, NULL, 10, &why) == GUARD_NO, "false is NO");
	same(why.text, "because", "with its reason");
}

static void a_death_is_told(void)
{
	int64_t before = clock_monotonic_ms();

	ok(guard_run(crash, NULL, 10, &why) == GUARD_LOST, "an abort is LOST");
	same(why.text, "died of signal 6 (Aborted)", "and told");
	ok(guard_run(leave, NULL, 10, &why) == GUARD_LOST, "an exit is LOST");
	same(why.text, "ended the process (exit code 7)", "and told");
	ok(clock_monotonic_ms() - before < 5000, "neither is waited for");
}

static void a_hang_ends_at_its_deadline(void)
{
	ok(guard_run(hang, NULL, 1, &why) == GUARD_LOST, "a hang is LOST");
	same(why.text, "had not returned after 1 s", "and told");
	ok(guard_run(hang_unseen, NULL, 1, &why) == GUARD_LOST,
	   "one that closed our pipe too");
	same(why.text, "had not returned after 1 s", "and told");
}

static void its_output_is_not_ours(void)
{
	int out = dup(STDERR_FILENO);
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	ok(guard_run(print, NULL, 10, &why) == GUARD_YES,
	   "what it prints goes to standard error");
	dup2(out, STDERR_FILENO);
	close(out);
	close(null);
}

int main(void)
{
	an_answer_comes_back();
	a_death_is_told();
	a_hang_ends_at_its_deadline();
	its_output_is_not_ours();
	return done();
}
