/* SPDX-License-Identifier: MIT */
/* What the two files of the stand-in for the router share. */
#ifndef TESTS_INTEGRATION_PLUGIN_HOST_PRIVATE_H
#define TESTS_INTEGRATION_PLUGIN_HOST_PRIVATE_H

#include "host.h"
#include "plugin_host.h"

#define LINKS 3

struct plugin_host {
	struct host host; /* first: it is the services' router */
	struct frame_output plugin;
	void *instance;
	bool is_open;
	const char *rendered; /* of option_rendered(); NULL: as option_text() */

	/* the host's lock guards what follows: services come from any thread */
	struct plugin_host_outcome *outcome; /* by id */
	uint64_t outcome_size;
	unsigned submitted, settled, unknown, limit;
	uint32_t retry_after_ms;
	unsigned count[4]; /* by verdict */
	bool has_link[LINKS];
	enum frame_link last_link;
	char link_why[LINKS][240];
};

extern const struct frame_services plugin_host_services;

/* With the lock held. */
struct plugin_host_outcome *plugin_host_outcome_at(struct plugin_host *h, uint64_t id);
/* With the lock held.  `is_late`: by settle(), so that it must have been submitted. */
void plugin_host_settle(struct plugin_host *h, uint64_t id, enum frame_verdict verdict,
                        const char *reason, bool is_late);

#endif
