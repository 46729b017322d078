/* SPDX-License-Identifier: MIT */
/* A frame, or one of its readings, rendered for one output. */
#include "message.h"

#include <ctype.h>
#include <string.h>

void message_free(struct message *m)
{
	buf_free(&m->block);
}

/*
 * Adds "-TAG" to a uid, so that no two readings of a frame have the same: what would not
 * be harmless in a header is percent-encoded.
 */
static void add_tag(struct buf *out, const struct reading *r)
{
	size_t end = out->len + 1 + MESSAGE_TAG_MAX;
	const char *c;

	buf_char(out, '-');
	for (c = r->tag; *c != '\0' && out->len + 3 <= end && !out->failed; c++) {
		if ((unsigned char)*c < 0x80 && (isalnum(*c) || strchr("._-", *c)))
			buf_char(out, *c);
		else
			buf_format(out, "%%%02X", (unsigned char)*c);
	}
	if (*c != '\0' || r->is_again)
		buf_format(out, "~%u", r->number);
}

static size_t add_uid(struct message *m, const struct message_plan *plan,
                      const struct frame *f, const struct message_part *part)
{
	char uid[JSON_UID_SIZE];
	size_t at = m->block.len;

	json_uid(uid, plan->origin.store_id, f->id);
	buf_text(&m->block, uid);
	if (part != NULL)
		add_tag(&m->block, &part->reading);
	buf_char(&m->block, '\0');
	return at;
}

/* Renders into the block and ends the text; says where it begins. */
static size_t add_template(struct message *m, const struct template *t,
                           const struct template_values *values)
{
	size_t at = m->block.len;

	if (t != NULL)
		template_render(t, values, &m->block);
	buf_char(&m->block, '\0');
	return at;
}

static void add_json_part(struct message *m, const struct message_plan *plan,
                          const struct frame *f, const struct message_part *part,
                          const char *uid)
{
	const struct json_part json = {
		.uid = uid,
		.tag = part->reading.tag,
		.value = part->reading.value,
		.value_len = part->reading.value_len,
	};

	json_add_part(&m->block, f, &plan->origin, &json);
}

/* Adds what is not the document itself. */
static enum message_result add_payload(struct message *m, const struct message_plan *plan,
                                       const struct template_values *values,
                                       const struct message_part *part)
{
	static const enum message_result results[] = {
		[SENML_MADE] = MESSAGE_MADE,
		[SENML_EMPTY] = MESSAGE_EMPTY,
		[SENML_UNFIT] = MESSAGE_UNFIT,
	};
	enum senml_result senml = SENML_MADE;

	m->payload_at = m->block.len;
	if (plan->format == MESSAGE_TEMPLATE)
		template_render(plan->payload, values, &m->block);
	else if (plan->format == MESSAGE_JSON)
		add_json_part(m, plan, values->frame, part, values->uid);
	else
		senml = senml_add(&m->block, values->frame, plan->origin.router,
		                  plan->units, part == NULL ? NULL : &part->reading);
	m->payload_len = m->block.len - m->payload_at;
	buf_char(&m->block, '\0');
	return results[senml];
}

static void add_head(struct message *m, const struct message_plan *plan,
                     const struct frame *f, const struct message_part *part)
{
	m->whole = part == NULL ? NULL : part->whole;
	if (m->whole == NULL) {
		json_add_document(&m->block, f, &plan->origin);
		m->document_len = m->block.len;
	}
	buf_char(&m->block, '\0');
	m->uid_at = add_uid(m, plan, f, part);
	m->node_at = m->block.len;
	buf_add(&m->block, f->node, strlen(f->node) + 1);
	m->tag_at = 0;
	if (part != NULL) {
		m->tag_at = m->block.len;
		buf_add(&m->block, part->reading.tag, strlen(part->reading.tag) + 1);
	}
}

enum message_result message_render(struct message *m, const struct message_plan *plan,
                                   const struct frame *f, const struct message_part *part)
{
	enum message_result result = MESSAGE_MADE;
	struct template_values values = {.frame = f, .router = plan->origin.router};
	char uid[JSON_UID_SIZE + 3 * MESSAGE_TAG_MAX];

	buf_clear(&m->block);
	m->received_ms = f->received_ms;
	m->is_unfit = false;
	add_head(m, plan, f, part);
	if (m->block.failed)
		return MESSAGE_FAILED;
	/* the block may move while it grows */
	memcpy(uid, m->block.data + m->uid_at, m->node_at - m->uid_at);
	values.uid = uid;
	if (part != NULL) {
		values.sensor = part->reading.tag;
		values.value = part->reading.plain;
		values.value_json = part->reading.value;
		values.value_json_len = part->reading.value_len;
	}
	m->payload_at = 0;
	m->payload_len = m->document_len;
	if (plan->format != MESSAGE_JSON || part != NULL)
		result = add_payload(m, plan, &values, part);
	m->topic_at = add_template(m, plan->topic, &values);
	for (unsigned i = 0; i < plan->count; i++)
		m->rendered_at[i] = add_template(m, plan->templates[i], &values);
	return m->block.failed ? MESSAGE_FAILED : result;
}

void message_show(const struct message *m, uint64_t ticket, unsigned attempt,
                  struct frame_message *out)
{
	const struct message *whole = m->whole == NULL ? m : m->whole;

	*out = (struct frame_message){
		.struct_size = sizeof *out,
		.attempt = attempt,
		.id = ticket,
		.received_ms = m->received_ms,
		.uid = m->block.data + m->uid_at,
		.topic = m->block.data + m->topic_at,
		.payload = m->block.data + m->payload_at,
		.payload_len = m->payload_len,
		.document = whole->block.data,
		.document_len = whole->document_len,
		.node = m->block.data + m->node_at,
	};
}

const char *message_tag(const struct message *m)
{
	return m->tag_at == 0 ? NULL : m->block.data + m->tag_at;
}

const char *message_rendered(const struct message *m, const struct message_plan *plan,
                             const char *name)
{
	for (unsigned i = 0; i < plan->count; i++)
		if (strcmp(plan->names[i], name) == 0)
			return m->block.data + m->rendered_at[i];
	return NULL;
}
