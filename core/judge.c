/* SPDX-License-Identifier: MIT */
/* When a verdict is to be believed. */
#include "judge.h"

void judge_delivered(struct judge *j, uint64_t number)
{
	j->rejects = 0;
	j->distrusts = false;
	j->deliveries++;
	judge_gone(j, number);
}

bool judge_rejected(struct judge *j)
{
	j->rejects++;
	if (j->rejects >= JUDGE_REJECTS)
		j->distrusts = true;
	return !j->distrusts;
}

enum judge_loss judge_lost(struct judge *j, uint64_t oldest)
{
	if (oldest == 0)
		return JUDGE_TRY_ON;
	if (oldest != j->suspect) {
		j->suspect = oldest;
		j->losses = 0;
	}
	j->losses++;
	/* a far side on which every frame breaks is no message's fault, either */
	if (j->losses >= JUDGE_LOSSES_END && judge_rejected(j))
		return JUDGE_REJECT;
	return j->losses >= JUDGE_LOSSES_ALONE ? JUDGE_ALONE : JUDGE_TRY_ON;
}

uint64_t judge_alone(const struct judge *j)
{
	return j->losses >= JUDGE_LOSSES_ALONE ? j->suspect : 0;
}

void judge_gone(struct judge *j, uint64_t number)
{
	if (number == j->suspect) {
		j->suspect = 0;
		j->losses = 0;
	}
}
