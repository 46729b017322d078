/* SPDX-License-Identifier: MIT */
/*
 * An open output: collects messages, has requests under way, and settles.  All in the
 * router's thread.
 */
#ifndef PLUGINS_HTTP_CLIENT_H
#define PLUGINS_HTTP_CLIENT_H

#include <frame_output.h>

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

struct client;

/* `o` is copied; its texts are borrowed as long as the client lives.  NULL: `why`. */
struct client *client_new(const struct options *o, void *router,
                          const struct frame_services *services, char *why,
                          size_t why_len);
void client_free(struct client *c); /* gives up what is under way; NULL is fine */

enum frame_verdict client_submit(struct client *c, const struct frame_message *m,
                                 char *why, size_t why_len);
void client_flush(struct client *c);
void client_poll(struct client *c, int64_t deadline_ms);

#endif
