/* SPDX-License-Identifier: MIT */
/* judge: when a rejection, or a broken link, is the frame's fault. */
#include "judge.h"

#include "tap.h"

static void a_single_rejection_is_believed(void)
{
	struct judge j = {0};

	ok(judge_rejected(&j) && !j.distrusts, "one bad frame is the frame's fault");
}

static void ten_in_a_row_are_the_far_sides_fault(void)
{
	struct judge j = {0};
	unsigned believed = 0;

	for (unsigned i = 0; i < JUDGE_REJECTS; i++)
		believed += judge_rejected(&j);
	ok(believed == 9 && j.distrusts,
	   "the tenth is not believed: a backlog is not lost");
	ok(!judge_rejected(&j), "nor is the eleventh");
	judge_delivered(&j, 1);
	ok(judge_rejected(&j), "after a delivery, rejections count again");
}

static void deliveries_between_keep_rejections_believed(void)
{
	struct judge j = {0};
	bool believed = true;

	for (unsigned i = 0; i < 100; i++) {
		believed &= judge_rejected(&j);
		if (i % 5 == 0)
			judge_delivered(&j, i);
	}
	ok(believed, "a hundred bad frames among good ones are all set aside");
}

static void a_frame_that_breaks_the_link_goes_alone_and_then_away(void)
{
	struct judge j = {0};
	enum judge_loss loss = JUDGE_TRY_ON;

	for (unsigned i = 0; i < JUDGE_LOSSES_ALONE - 1; i++)
		loss = judge_lost(&j, 7);
	ok(loss == JUDGE_TRY_ON && judge_alone(&j) == 0, "four lost links prove nothing");
	ok(judge_lost(&j, 7) == JUDGE_ALONE && judge_alone(&j) == 7,
	   "after the fifth, frame 7 is sent alone");
	for (unsigned i = 0; i < 4; i++)
		loss = judge_lost(&j, 7);
	ok(loss == JUDGE_ALONE, "alone it gets five more chances");
	ok(judge_lost(&j, 7) == JUDGE_REJECT, "at the tenth it is rejected");
	judge_gone(&j, 7);
	ok(judge_alone(&j) == 0, "then the others flow again");
}

static void another_frame_in_front_begins_the_count_anew(void)
{
	struct judge j = {0};

	for (unsigned i = 0; i < 4; i++)
		judge_lost(&j, 7);
	judge_lost(&j, 8);
	ok(judge_lost(&j, 7) == JUDGE_TRY_ON, "a shaky link is nobody's fault");
	ok(judge_lost(&j, 0) == JUDGE_TRY_ON,
	   "nor is one that breaks with nothing in flight");
}

static void a_far_side_that_drops_all_takes_no_backlog_along(void)
{
	struct judge j = {0};
	unsigned rejected = 0;

	for (uint64_t id = 1; id <= 50; id++) {
		for (unsigned i = 0; i < JUDGE_LOSSES_END; i++)
			rejected += judge_lost(&j, id) == JUDGE_REJECT;
		judge_gone(&j, id);
	}
	ok(rejected == JUDGE_REJECTS - 1 && j.distrusts,
	   "the tenth frame on which the link breaks is kept: %u went", rejected);
}

int main(void)
{
	a_far_side_that_drops_all_takes_no_backlog_along();
	a_single_rejection_is_believed();
	ten_in_a_row_are_the_far_sides_fault();
	deliveries_between_keep_rejections_believed();
	a_frame_that_breaks_the_link_goes_alone_and_then_away();
	another_frame_in_front_begins_the_count_anew();
	return done();
}
