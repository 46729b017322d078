/* SPDX-License-Identifier: MIT */
/* A frame, rendered for one output. */
#include "message.h"

#include <string.h>

void message_free(struct message *m)
{
	buf_free(&m->block);
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

bool message_render(struct message *m, const struct message_plan *plan,
                    const struct frame *f)
{
	struct template_values values = {
		.frame = f,
		.uid = m->uid,
		.router = plan->origin.router,
	};

	buf_clear(&m->block);
	m->received_ms = f->received_ms;
	json_uid(m->uid, plan->origin.store_id, f->id);
	json_add_document(&m->block, f, &plan->origin);
	m->document_len = m->block.len;
	buf_char(&m->block, '\0');
	m->node_at = m->block.len;
	buf_add(&m->block, f->node, strlen(f->node) + 1);
	m->topic_at = add_template(m, plan->topic, &values);
	for (unsigned i = 0; i < plan->count; i++)
		m->rendered_at[i] = add_template(m, plan->templates[i], &values);
	return !m->block.failed;
}

void message_show(const struct message *m, uint64_t ticket, unsigned attempt,
                  struct frame_message *out)
{
	*out = (struct frame_message){
		.struct_size = sizeof *out,
		.attempt = attempt,
		.id = ticket,
		.received_ms = m->received_ms,
		.uid = m->uid,
		.topic = m->block.data + m->topic_at,
		.payload = m->block.data,
		.payload_len = m->document_len,
		.document = m->block.data,
		.document_len = m->document_len,
		.node = m->block.data + m->node_at,
	};
}

const char *message_rendered(const struct message *m, const struct message_plan *plan,
                             const char *name)
{
	for (unsigned i = 0; i < plan->count; i++)
		if (strcmp(plan->names[i], name) == 0)
			return m->block.data + m->rendered_at[i];
	return NULL;
}
