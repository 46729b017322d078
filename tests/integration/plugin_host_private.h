/* SPDX-License-Identifier: MIT */
/* What the two files of the stand-in for the router share. */
#ifndef TESTS_INTEGRATION_PLUGIN_HOST_PRIVATE_H
#define TESTS_INTEGRATION_PLUGIN_HOST_PRIVATE_H

#include <pthread.h>

#include "plugin_host.h"

#define OPTIONS_MAX 64
#define LINKS       3

struct setting {
	char *key;
	char *value;
};

struct plugin_host {
	struct frame_output plugin;
	void *instance;
	bool is_open;
	char why[480];
	struct setting set[OPTIONS_MAX];
	unsigned set_len;
	int64_t jumped_ms;
	const char *rendered; /* of option_rendered(); NULL: as option_text() */
	int wake_fd;

	pthread_mutex_t lock; /* guards what follows: services come from any thread */
	pthread_cond_t changed;
	struct plugin_host_outcome *outcome; /* by id */
	uint64_t outcome_size;
	unsigned submitted, settled, unknown, limit;
	uint32_t retry_after_ms;
	unsigned count[4]; /* by verdict */
	bool has_link[LINKS];
	enum frame_link last_link;
	char link_why[LINKS][240];
	char log[16384];
};

extern const struct frame_services plugin_host_services;

int64_t plugin_host_option(struct plugin_host *h, const char *key);
/* With the lock held. */
struct plugin_host_outcome *plugin_host_outcome_at(struct plugin_host *h, uint64_t id);
/* With the lock held.  `is_late`: by settle(), so that it must have been submitted. */
void plugin_host_settle(struct plugin_host *h, uint64_t id, enum frame_verdict verdict,
                        const char *reason, bool is_late);

#endif
