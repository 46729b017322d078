/* SPDX-License-Identifier: MIT */
/*
 * The options of a unit as its plugin asks for them: what option_text(), option_number()
 * and option_list() of the contract answer.  Any thread.
 */
#ifndef CORE_OPTION_SOURCE_H
#define CORE_OPTION_SOURCE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "plugin.h"
#include "unit.h"

struct option_source {
	const struct unit *unit; /* both borrowed */
	const struct plugin *plugin;
	pthread_mutex_t lock;          /* of all below */
	struct option_secret *secrets; /* every text that was handed out of a file */
	struct complaint complaint;    /* about a file that cannot be read */
};

void option_source_init(struct option_source *s, const struct unit *u,
                        const struct plugin *p);

/* Wipes the secrets that were handed out: after the plugin's close(). */
void option_source_forget(struct option_source *s);

/*
 * As in struct frame_services.  The file of a secret is read at each call; a text stays
 * where it is until option_source_forget(), also when the file has another by then.
 */
const char *option_source_text(struct option_source *s, const char *name);
int64_t option_source_number(struct option_source *s, const char *name);
const char *option_source_list(struct option_source *s, const char *name, size_t index);

/*
 * Services that are the same for all plugins.  Their `router` points to a struct whose
 * first member is a struct option_source.
 */
const char *option_service_text(void *router, const char *name);
int64_t option_service_number(void *router, const char *name);
const char *option_service_list(void *router, const char *name, size_t index);
void option_service_log(void *router, enum frame_log_level level, const char *line);
int64_t option_service_now_ms(void *router);

/*
 * Services of which only these three, log() and now_ms() do anything, for check(): their
 * `router` is a struct option_source.
 */
struct frame_input_services;
struct frame_services;
extern const struct frame_services option_source_services;
extern const struct frame_input_services option_source_input_services;

#endif
