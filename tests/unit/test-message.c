/* SPDX-License-Identifier: MIT */
/* message: a frame as a plugin gets to see it. */
#include "message.h"

#include "tap.h"

static void make(struct frame *f, const char *node)
{
	frame_clear(f);
	f->id = 42;
	f->received_ms = 1795344000123;
	f->clock_ok = true;
	f->sequence = f->type = FRAME_NONE;
	f->measured_ms = FRAME_NONE;
	snprintf(f->source, sizeof f->source, "nodes");
	snprintf(f->node, sizeof f->node, "%s", node);
	buf_text(&f->readings, "{\"TC\":23.5}");
}

static void a_frame_is_one_message(void)
{
	struct message_plan plan = {
		.origin = {"5f0c31d2a9b4e877", "gw-7"},
		.names = {"path"},
		.count = 1,
	};
	struct frame_message seen;
	struct reason why = {""};
	struct message m = {0};
	struct frame f = {0};

	ok(template_compile(&plan.topic, "frames/#ID_WASP#", TEMPLATE_TOPIC, &why) &&
	           template_compile(&plan.templates[0], "/d/%Y/#ID_WASP#.jsonl",
	                            TEMPLATE_PATH, &why),
	   "the templates are good %s", why.text);
	make(&f, "SCP4");
	ok(message_render(&m, &plan, &f, NULL) == MESSAGE_MADE, "a frame is rendered");
	message_show(&m, 7, 2, &seen);
	ok(seen.id == 7 && seen.attempt == 2 && seen.struct_size == sizeof seen,
	   "the attempt is named");
	same(seen.uid, "5f0c31d2a9b4e877-42", "the uid is store id and frame id");
	same(seen.topic, "frames/SCP4", "the topic names the node");
	same(seen.node, "SCP4", "so does the node");
	same(seen.payload,
	     "{\"uid\":\"5f0c31d2a9b4e877-42\",\"id\":42,\"router\":\"gw-7\",\"node\":"
	     "\"SCP4\","
	     "\"received\":\"2026-11-22T10:40:00.123Z\",\"source\":\"nodes\","
	     "\"readings\":{\"TC\":23.5}}",
	     "the payload is the document");
	ok(seen.payload_len == strlen(seen.payload) &&
	           seen.document_len == seen.payload_len,
	   "with its length");
	same(message_rendered(&m, &plan, "path"), "/d/2026/SCP4.jsonl",
	     "a plugin's own template is rendered, too");
	ok(message_rendered(&m, &plan, "other") == NULL, "another name is none");
	make(&f, "");
	message_render(&m, &plan, &f, NULL);
	message_show(&m, 8, 1, &seen);
	same(seen.topic, "frames/_", "a frame without a node has a topic all the same");
	same(seen.node, "", "and no node");
	message_free(&m);
	frame_free(&f);
	template_free(plan.topic);
	template_free(plan.templates[0]);
}

static struct reading_list list;
static struct message parts[4];

/* Renders each reading of the frame; how many there are. */
static unsigned render_parts(const struct message_plan *plan, const struct frame *f)
{
	struct message_part part = {.whole = NULL};

	if (!reading_list_fill(&list, buf_string(&f->readings), NULL))
		return 0;
	for (unsigned i = 0; i < list.count; i++) {
		part.reading = reading_get(&list, i);
		message_render(&parts[i], plan, f, &part);
		part.whole = &parts[0];
	}
	return list.count;
}

static void forget_parts(void)
{
	for (int i = 0; i < 4; i++)
		message_free(&parts[i]);
	reading_list_free(&list);
}

static void each_reading_is_a_message(void)
{
	struct message_plan plan = {.origin = {"5f0c31d2a9b4e877", "gw-7"},
	                            .is_per_reading = true};
	struct frame_message one, two;
	struct reason why;
	struct frame f = {0};

	template_compile(&plan.topic, "#ID_WASP#/#SENSOR#", TEMPLATE_TOPIC, &why);
	make(&f, "SCP4");
	buf_clear(&f.readings);
	buf_text(&f.readings, "{\"TC\":19.940,\"ACC\":[996,-250]}");
	ok(render_parts(&plan, &f) == 2, "two readings are two messages");
	message_show(&parts[0], 1, 1, &one);
	message_show(&parts[1], 2, 1, &two);
	same(one.uid, "5f0c31d2a9b4e877-42-TC", "each has a uid of its own");
	same(two.uid, "5f0c31d2a9b4e877-42-ACC", "with its tag");
	same(one.topic, "SCP4/TC", "and a topic");
	same(two.payload,
	     "{\"uid\":\"5f0c31d2a9b4e877-42-ACC\",\"id\":42,\"router\":\"gw-7\","
	     "\"node\":"
	     "\"SCP4\",\"received\":\"2026-11-22T10:40:00.123Z\",\"source\":\"nodes\","
	     "\"readings\":{\"ACC\":[996,-250]}}",
	     "its document has that reading alone");
	ok(two.payload_len == strlen(two.payload), "with its length");
	ok(strstr(one.payload, "19.940}}") != NULL, "and the digits that were sent");
	ok(two.document == one.document && strstr(two.document, "TC") != NULL &&
	           two.document_len == strlen(two.document),
	   "the whole frame is at hand for each");
	same(message_tag(&parts[1]), "ACC", "a dead letter can name it");
	forget_parts();
	frame_free(&f);
	template_free(plan.topic);
}

static const char *uid_of(int number)
{
	struct frame_message seen;

	message_show(&parts[number], 1, 1, &seen);
	return seen.uid + strlen("5f0c31d2a9b4e877-42");
}

static void no_two_readings_have_one_uid(void)
{
	struct message_plan plan = {.origin = {"5f0c31d2a9b4e877", "gw-7"},
	                            .is_per_reading = true};
	struct frame f = {0};

	make(&f, "SCP4");
	buf_clear(&f.readings);
	buf_text(&f.readings, "{\"a b\\r\\n\":1,\"TC\":2,\"TC\":3}");
	ok(render_parts(&plan, &f) == 3, "a foreign program may write a tag twice");
	same(uid_of(0), "-a%20b%0D%0A", "a uid is fit for a header");
	same(uid_of(1), "-TC", "the first");
	same(uid_of(2), "-TC~2", "the second is another");
	buf_clear(&f.readings);
	buf_format(&f.readings, "{\"%0120d1\":1,\"%0120d2\":2}", 0, 0);
	render_parts(&plan, &f);
	ok(strlen(uid_of(0)) < 120 && strcmp(uid_of(0), uid_of(1)) != 0,
	   "long tags are cut, and stay apart");
	forget_parts();
	frame_free(&f);
}

static void a_message_is_what_the_template_says(void)
{
	struct message_plan plan = {.origin = {"5f0c31d2a9b4e877", "gw-7"},
	                            .format = MESSAGE_TEMPLATE,
	                            .is_per_reading = true};
	struct frame_message seen;
	struct reason why;
	struct frame f = {0};

	template_compile(&plan.payload, "{\"u\":#UID#,\"s\":\"#SENSOR#\",\"v\":#VALUE#}",
	                 TEMPLATE_MESSAGE, &why);
	make(&f, "SCP4");
	buf_clear(&f.readings);
	buf_text(&f.readings, "{\"STR\":\"a \\\"b\\\" \\\\ \\u00e4\"}");
	render_parts(&plan, &f);
	message_show(&parts[0], 1, 1, &seen);
	same(seen.payload,
	     "{\"u\":\"5f0c31d2a9b4e877-42-STR\",\"s\":\"STR\",\"v\":\"a \\\"b\\\" \\\\ "
	     "\\u00e4\"}",
	     "the reading as the node's JSON");
	same(seen.topic, "", "without a topic");
	forget_parts();
	frame_free(&f);
	template_free(plan.payload);
}

static void a_pack_without_a_record_is_not_sent(void)
{
	struct message_plan plan = {.origin = {"5f0c31d2a9b4e877", "gw-7"},
	                            .format = MESSAGE_SENML};
	struct frame_message seen;
	struct message m = {0};
	struct frame f = {0};

	make(&f, "SCP4");
	ok(message_render(&m, &plan, &f, NULL) == MESSAGE_MADE, "a frame is a pack");
	message_show(&m, 1, 1, &seen);
	same(seen.payload,
	     "[{\"bn\":\"gw-7/SCP4/\",\"bt\":1795344000.123,\"n\":\"TC\",\"v\":23.5}]",
	     "of its readings");
	buf_clear(&f.readings);
	buf_text(&f.readings, "{\"TC\":null}");
	ok(message_render(&m, &plan, &f, NULL) == MESSAGE_EMPTY,
	   "one that measured nothing has nothing to send");
	message_free(&m);
	frame_free(&f);
}

int main(void)
{
	a_frame_is_one_message();
	each_reading_is_a_message();
	no_two_readings_have_one_uid();
	a_message_is_what_the_template_says();
	a_pack_without_a_record_is_not_sent();
	return done();
}
