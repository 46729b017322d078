/* SPDX-License-Identifier: MIT */
/* group: lines are answered by what became of them, and only what was stored is promised.
 */
#include "group.h"

#include <stdlib.h>
#include <unistd.h>

#include "store_prepare.h"
#include "tap.h"

#define HEX                                                                              \
	"3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0FCC447"

static void add(struct group *g, const char *line, uint64_t token)
{
	group_add(g, (const uint8_t *)line, strlen(line), token, true);
}

static void each_line_gets_its_own_answer(struct group *g, struct store *s)
{
	struct reason why = {""};

	add(g, HEX, 1);
	add(g, "nonsense", 2);
	add(g, "{\"readings\":", 3);
	add(g, "{\"node\":\"j\",\"readings\":{\"TC\":1}}", 4);
	add(g, HEX, 5);
	ok(group_commit(g, s, &why), "five lines are committed %s", why.text);
	ok(g->items[0].answer == FRAME_ANSWER_STORED && g->items[0].frame.id == 1,
	   "a frame is stored under id 1");
	ok(g->items[1].answer == FRAME_ANSWER_KEPT && g->items[1].why.text[0] != '\0',
	   "what is no frame is kept: %s", g->items[1].why.text);
	ok(g->items[2].answer == FRAME_ANSWER_REFUSED && g->items[2].why.text[0] != '\0',
	   "broken JSON is refused: %s", g->items[2].why.text);
	ok(g->items[3].answer == FRAME_ANSWER_STORED && g->items[3].frame.id == 2,
	   "a JSON document is stored under the next id");
	ok(g->items[4].answer == FRAME_ANSWER_STORED && g->items[4].frame.duplicate &&
	           !g->items[0].frame.duplicate,
	   "a frame that is repeated is stored, and marked");
	ok(g->items[4].token == 5, "the sender's token is kept");
	group_clear(g);
	ok(store_last_id(s) == 3, "three frames are in the store");
}

static void a_line_of_several_frames_is_one_answer(struct group *g, struct store *s)
{
	struct reason why = {""};
	uint64_t before = store_last_id(s);
	struct group_line line;
	size_t at;

	add(g, HEX HEX "00" HEX, 1);
	add(g, HEX "4142" HEX, 2);
	add(g, "nonsense", 3);
	ok(group_commit(g, s, &why) && store_last_id(s) == before + 5,
	   "five frames of two lines are stored %s", why.text);
	ok(g->len == 7, "what is between two frames is kept");
	at = group_line(g, 0, &line);
	ok(line.token == 1 && line.answer == FRAME_ANSWER_STORED &&
	           line.id == before + 3 && line.frames == 3 && line.text[0] == '\0',
	   "the first line is answered by its last id and a count of three");
	at = group_line(g, at, &line);
	ok(line.token == 2 && line.answer == FRAME_ANSWER_STORED &&
	           line.id == before + 5 && line.frames == 2,
	   "the second by its frames");
	same(line.text, "no <=> between two frames", "and by what was kept");
	at = group_line(g, at, &line);
	ok(line.token == 3 && line.answer == FRAME_ANSWER_KEPT && line.frames == 0,
	   "a line without a frame has none");
	ok(at == g->len, "there is no fourth");
	group_clear(g);
}

/* The value of reading N in the stored frame, -1 when it cannot be read. */
static int value_of(struct store *s, uint64_t id)
{
	struct frame f = {0};
	int value = -1;

	if (!store_fetch(s, id, &f, NULL) ||
	    sscanf(buf_string(&f.readings), "{\"N\":%d}", &value) != 1)
		value = -1;
	frame_free(&f);
	return value;
}

static void many_frames_keep_their_order_and_their_ids(struct group *g, struct store *s)
{
	uint64_t before = store_last_id(s), stored = 0;
	int64_t received = (int64_t)store_input_received(s, "nodes");
	struct reason why = {""};
	bool is_fine = true;
	char line[64];

	/* runs of all lengths, parted by what is no frame, and a refused one within */
	for (int i = 0; i < 60; i++) {
		bool is_garbage = i == 3 || i == 13 || i == 30 || i == 31;

		snprintf(line, sizeof line,
		         is_garbage ? "n%d" : "{\"readings\":{\"N\":%d}}", i);
		add(g, line, (uint64_t)i);
	}
	buf_clear(&g->items[40].frame.readings);
	buf_text(&g->items[40].frame.readings, "[]");
	ok(group_commit(g, s, &why), "sixty lines are committed %s", why.text);
	for (size_t i = 0; i < g->len; i++) {
		const struct group_item *item = &g->items[i];

		if (item->answer != FRAME_ANSWER_STORED)
			continue;
		stored++;
		is_fine = is_fine && item->frame.id == before + stored &&
		          value_of(s, item->frame.id) == (int)i;
	}
	ok(is_fine, "each frame is under the id that its sender was told, in order");
	ok(stored == 55 && store_last_id(s) == before + stored,
	   "none is lost or doubled");
	ok(g->items[40].answer == FRAME_ANSWER_REFUSED &&
	           g->items[13].answer == FRAME_ANSWER_KEPT,
	   "one that the store refuses does not harm those beside it");
	ok((int64_t)store_input_received(s, "nodes") == received + 55,
	   "the input has counted them");
	group_clear(g);
}

static void a_store_that_is_full_says_come_again(struct group *g, const char *state)
{
	struct reason why = {""};
	uint64_t before, stored = 0;
	struct store *s;
	char line[1200];

	memset(line, 'x', sizeof line);
	memcpy(line, "{\"readings\":{\"S\":\"", 18);
	memcpy(line + sizeof line - 4, "\"}}", 4);
	ok(store_open_writer(&s, state, 512 * 1024, &why), "a small store %s", why.text);
	before = store_last_id(s);
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < 10; i++)
			add(g, line, 0);
		ok(group_commit(g, s, &why) || round < 0,
		   "a full store is not a broken one");
		if (g->items[0].answer == FRAME_ANSWER_LATER)
			break;
		stored += g->len;
		group_clear(g);
	}
	ok(g->items[0].answer == FRAME_ANSWER_LATER, "at last it takes no more: %s",
	   group_reason(g, &g->items[0]));
	ok(store_last_id(s) == before + stored,
	   "what was promised is there, and no more");
	group_clear(g);
	group_add(g, (const uint8_t *)HEX, strlen(HEX), 0, false);
	ok(group_commit(g, s, &why) && g->items[0].answer == FRAME_ANSWER_STORED,
	   "a sender who cannot come again is taken at the cost of the oldest");
	group_clear(g);
	store_close(s);
}

static bool prepare(const char *state, struct reason *why)
{
	return store_prepare(state, why) == PREPARE_FINE;
}

int main(void)
{
	char state[] = "/tmp/frame-router-group.XXXXXX", tables[4096], command[128];
	const char *top = getenv("top_srcdir");
	struct sensors *sensors = NULL;
	struct reason why = {""};
	struct store *s = NULL;
	struct group g;

	snprintf(tables, sizeof tables, "%s/core/sensors", top == NULL ? "." : top);
	if (mkdtemp(state) == NULL || !prepare(state, &why) ||
	    !sensors_load(&sensors, tables, NULL, &why) ||
	    !group_init(&g, sensors, "nodes", &why) ||
	    !store_open_writer(&s, state, 0, &why)) {
		printf("Bail out! %s\n", why.text);
		return 1;
	}
	each_line_gets_its_own_answer(&g, s);
	a_line_of_several_frames_is_one_answer(&g, s);
	many_frames_keep_their_order_and_their_ids(&g, s);
	store_close(s);
	a_store_that_is_full_says_come_again(&g, state);
	group_free(&g);
	sensors_free(sensors);
	snprintf(command, sizeof command, "rm -rf %s", state);
	if (system(command) != 0)
		return 1;
	return done();
}
