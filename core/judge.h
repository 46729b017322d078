/* SPDX-License-Identifier: MIT */
/*
 * When a verdict is to be believed.  A far side that rejects everything is misconfigured
 * (a wrong token must not turn a backlog into dead letters), and a message on which the
 * link breaks again and again must not stop all others.  Knows messages by numbers that
 * never come again, 0: none.  Pure.
 */
#ifndef CORE_JUDGE_H
#define CORE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#define JUDGE_REJECTS      10 /* in a row, with nothing delivered between: distrust them */
#define JUDGE_LOSSES_ALONE 5  /* links lost on one message: send it alone */
#define JUDGE_LOSSES_END   10 /* and five more: reject it */

struct judge {
	unsigned rejects;    /* since the last delivery */
	bool distrusts;      /* rejections are taken as "not now" */
	uint64_t suspect;    /* the oldest message in flight when the link was lost */
	unsigned losses;     /* links lost with it in front */
	uint64_t deliveries; /* ever */
};

void judge_delivered(struct judge *j, uint64_t number);

/* True: hold this message back as rejected.  False: too many; distrust begins or goes on,
 * and everything held is to be tried again. */
bool judge_rejected(struct judge *j);

enum judge_loss { JUDGE_TRY_ON, JUDGE_ALONE, JUDGE_REJECT };
/* The link was lost with `oldest` in flight as the oldest (0: nothing was). */
enum judge_loss judge_lost(struct judge *j, uint64_t oldest);

/* The message that has to be sent alone, 0: none. */
uint64_t judge_alone(const struct judge *j);

/* A message has left for good, whatever became of it. */
void judge_gone(struct judge *j, uint64_t number);

#endif
