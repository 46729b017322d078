/* SPDX-License-Identifier: MIT */
/* Options for a plugin, secrets from their files.  Knows nothing of what else it is
 * served. */
#include "option_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option.h"
#include "secret.h"

struct option_secret {
	struct option_secret *next;
	struct buf text;
};

void option_source_init(struct option_source *s, const struct unit *u,
                        const struct plugin *p)
{
	*s = (struct option_source){.unit = u, .plugin = p};
	pthread_mutex_init(&s->lock, NULL);
}

void option_source_forget(struct option_source *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->secrets != NULL) {
		struct option_secret *first = s->secrets;

		s->secrets = first->next;
		secret_forget(&first->text);
		free(first);
	}
	pthread_mutex_unlock(&s->lock);
}

/* Keeps the text, or finds it among those that were kept before; takes over `text`. */
static const char *keep(struct option_source *s, struct buf *text)
{
	struct option_secret *secret;

	for (secret = s->secrets; secret != NULL; secret = secret->next) {
		if (strcmp(secret->text.data, text->data) == 0) {
			secret_forget(text);
			return secret->text.data;
		}
	}
	secret = calloc(1, sizeof *secret);
	if (secret == NULL) {
		secret_forget(text);
		return NULL;
	}
	secret->text = *text;
	secret->next = s->secrets;
	s->secrets = secret;
	return secret->text.data;
}

static const char *read_secret(struct option_source *s, const char *name,
                               const char *path)
{
	struct buf text = {0};
	struct reason why;
	const char *kept = NULL;

	pthread_mutex_lock(&s->lock);
	if (secret_read(path, &text, &why)) {
		complaint_release(&s->complaint, "%s can be read again", name);
		kept = keep(s, &text);
	} else {
		complain(&s->complaint, LOG_LEVEL_ERROR, "%s: %s", name, why.text);
	}
	pthread_mutex_unlock(&s->lock);
	return kept;
}

const char *option_source_text(struct option_source *s, const char *name)
{
	const struct frame_option *o = plugin_option(s->plugin, name);
	char file_key[OPTION_FILE_KEY_SIZE];
	const char *path;

	if (o != NULL && o->type == FRAME_OPTION_SECRET) {
		option_file_key(name, file_key);
		path = unit_text(s->unit, s->plugin, file_key);
		if (path != NULL && *path != '\0')
			return read_secret(s, name, path);
	}
	return unit_text(s->unit, s->plugin, name);
}

int64_t option_source_number(struct option_source *s, const char *name)
{
	return unit_number(s->unit, s->plugin, name);
}

const char *option_source_list(struct option_source *s, const char *name, size_t index)
{
	return unit_list(s->unit, s->plugin, name, index);
}
