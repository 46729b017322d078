/* SPDX-License-Identifier: MIT */
/*
 * What the stand-ins for the router have in common, for inputs and for outputs: a plugin
 * that is loaded by its path, its options, its log, its clock.
 */
#ifndef TESTS_INTEGRATION_HOST_H
#define TESTS_INTEGRATION_HOST_H

#include <frame_output.h>

#include <pthread.h>
#include <stdbool.h>

#define HOST_OPTIONS_MAX 64

/* The first member of the stand-in, whose address is the `router` of its services. */
struct host {
	const struct frame_option *const *options; /* of the plugin; NULL: none */
	struct {
		char *key, *value;
	} set[HOST_OPTIONS_MAX];
	unsigned set_len;
	char why[480];
	int wake_fd;
	int64_t jumped_ms;

	pthread_mutex_t lock; /* guards what follows, and what the stand-in says */
	pthread_cond_t changed;
	char log[16384];
};

/*
 * Loads the plugin and gives what its one function returns.  Ends the test with "Bail
 * out!" when there is none at `path`.
 */
const void *host_load(struct host *h, const char *path, const char *symbol);
/* The shared object stays loaded. */
void host_free(struct host *h);

/* An option as in conf.d; a LIST gets one more value; NULL unsets it. */
void host_set(struct host *h, const char *key, const char *value);

/* Services. */
const char *host_option_text(void *router, const char *name);
const char *host_option_list(void *router, const char *name, size_t index);
int64_t host_option_number(void *router, const char *name);
void host_log(void *router, enum frame_log_level level, const char *text);
int host_wake_fd(void *router);
int64_t host_now_ms(void *router);

/* Makes the descriptor of host_wake_fd() readable, and no longer so. */
void host_wake(struct host *h);
void host_clear_wake(struct host *h);

/* The real clock, and how far the plugin's is moved on against it. */
int64_t host_clock_ms(void);
void host_jump(struct host *h, int64_t ms);

/* With the lock held: waits until something has changed; false at the deadline. */
bool host_wait(struct host *h, int64_t deadline_ms);
/* A number that the lock guards. */
unsigned host_read(struct host *h, const unsigned *number);

#endif
