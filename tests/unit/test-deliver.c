/* SPDX-License-Identifier: MIT */
/*
 * deliver: whatever a far side says, whenever, and whatever crashes, no frame is lost and
 * the accounts balance.  Against a model, with a clock that the test sets; the numbers
 * come from a seed, which a failure names.
 */
#include "deliver_world.h"
#include "tap.h"

#define REPEATS 6 /* of each manner */

static const struct manner manners[] = {
	{.name = "one that takes all at once",
         .options = "",
         .window = 10,
         .batch = 4,
         .deliver = 100},
	{.name = "of readings, one that answers later",
         .options = "",
         .is_per_reading = true,
         .window = 10,
         .batch = 10,
         .retry = 5,
         .silent = 20,
         .trouble = 3000},
	{.name = "a window of one",
         .options = "",
         .window = 1,
         .batch = 1,
         .deliver = 50,
         .retry = 20,
         .lose = 2,
         .silent = 2,
         .refuses_open = 30,
         .trouble = 200},
	{.name = "a window of one, of readings",
         .options = "batch_wait = 2s\n",
         .is_per_reading = true,
         .window = 1,
         .batch = 20,
         .deliver = 50,
         .retry = 10,
         .lose = 1,
         .asks_to_wait = 2,
         .trouble = 1500},
	{.name = "one that rejects",
         .options = "",
         .window = 5,
         .batch = 3,
         .deliver = 40,
         .retry = 5,
         .reject = 40,
         .bad = 5,
         .trouble = 200},
	{.name = "readings that are rejected",
         .options = "batch_wait = 500ms\n",
         .is_per_reading = true,
         .window = 7,
         .batch = 5,
         .deliver = 30,
         .retry = 5,
         .reject = 20,
         .bad = 3,
         .limits = 3,
         .lies = 10,
         .trouble = 2500},
	{.name = "SenML",
         .options = "",
         .is_senml = true,
         .window = 10,
         .batch = 10,
         .deliver = 50,
         .retry = 10,
         .trouble = 300},
	{.name = "one that rejects all, wrongly",
         .options = "",
         .is_mistaken = true,
         .window = 20,
         .batch = 20,
         .reject = 100,
         .trouble = 300},
	{.name = "links that break",
         .options = "",
         .window = 4,
         .batch = 4,
         .deliver = 20,
         .lose = 10,
         .refuses_open = 20,
         .breakers = 4,
         .lies = 20,
         .trouble = 300},
	{.name = "a store that is busy, and a disk that is full",
         .options = "",
         .is_per_reading = true,
         .window = 6,
         .batch = 6,
         .deliver = 50,
         .reject = 10,
         .bad = 2,
         .store = 30,
         .trouble = 2500},
	{.name = "crashes",
         .options = "",
         .is_per_reading = true,
         .window = 3,
         .batch = 3,
         .deliver = 50,
         .retry = 3,
         .reject = 3,
         .lose = 1,
         .crash = 10,
         .trouble = 4000},
	{.name = "crashes behind a stuck front",
         .options = "",
         .window = 2,
         .batch = 9,
         .deliver = 80,
         .retry = 30,
         .silent = 80,
         .crash = 20,
         .trouble = 400},
	{.name = "frames that are given up in flight",
         .options = "",
         .is_per_reading = true,
         .window = 8,
         .batch = 8,
         .deliver = 10,
         .retry = 10,
         .reject = 10,
         .lose = 1,
         .silent = 60,
         .evict = 60,
         .breakers = 1,
         .trouble = 2500},
	{.name = "silence while frames are given up",
         .options = "",
         .window = 2,
         .batch = 2,
         .silent = 100,
         .evict = 100,
         .trouble = 60},
	{.name = "everything",
         .options = "batch_wait = 1s\n",
         .is_per_reading = true,
         .window = 5,
         .batch = 8,
         .deliver = 40,
         .retry = 5,
         .reject = 10,
         .lose = 2,
         .silent = 10,
         .refuses_open = 10,
         .asks_to_wait = 2,
         .limits = 2,
         .crash = 2,
         .bad = 2,
         .breakers = 1,
         .evict = 5,
         .store = 10,
         .trouble = 4000},
};

static void whatever_a_far_side_does(const char *state, unsigned number)
{
	unsigned repeats =
		getenv("REPEATS") != NULL ? (unsigned)atoi(getenv("REPEATS")) : REPEATS;
	unsigned lives = 0;
	uint64_t seed = 0;

	manner = manners[number];
	do {
		live_on(state, number, ++seed);
		lives += lasting->lives;
	} while (lasting->fault[0] == '\0' && seed < repeats);
	ok(lasting->fault[0] == '\0',
	   "%s: nothing is lost, all is counted (%u lives)%s%s", manner.name, lives,
	   lasting->fault[0] == '\0' ? "" : ": ", lasting->fault);
	if (lasting->fault[0] != '\0')
		printf("# with seed %u, in life %u\n", (unsigned)seed, lasting->lives);
}

int main(void)
{
	char state[256];

	lasting = mmap(NULL, sizeof *lasting, PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	state_make(state);
	state_prepare(state);
	fill_store(state);
	for (unsigned i = 0; i < sizeof manners / sizeof *manners; i++)
		whatever_a_far_side_does(state, i);
	state_remove(state);
	return done();
}
