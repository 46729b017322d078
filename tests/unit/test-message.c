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

int main(void)
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
	return done();
}
