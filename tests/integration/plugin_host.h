/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the router, for tests of output plugins: loads one plugin by its path,
 * gives it options, hands it messages and keeps what it says of them.  Does not retry,
 * render templates, or check options.
 */
#ifndef TESTS_INTEGRATION_PLUGIN_HOST_H
#define TESTS_INTEGRATION_PLUGIN_HOST_H

#include <frame_output.h>

#include <stdbool.h>

/* What became of the message with an id. */
struct plugin_host_outcome {
	bool is_submitted;
	bool is_settled;            /* by submit() or by settle() */
	enum frame_verdict verdict; /* the first one */
	unsigned repeats;           /* settled again after that */
	char reason[160];           /* the receipt, or why not; cut */
};

struct plugin_host; /* one at a time and one plugin instance; ids are small numbers */

/* Ends the test with "Bail out!" when there is no plugin at `path`. */
struct plugin_host *plugin_host_load(const char *path);
/* Closes the plugin if it is open.  The shared object stays loaded. */
void plugin_host_free(struct plugin_host *h);

/*
 * Sets an option to a text as in conf.d (a LIST gets one more value, a TEMPLATE is given
 * out as it stands); NULL unsets it.  NAME_file of a SECRET is not known: set NAME.
 * Without it the default of the plugin's table, of the TLS group, or `timeout` 10s,
 * `window` 100 applies.
 */
void plugin_host_set(struct plugin_host *h, const char *key, const char *value);

/* What option_rendered() gives from now on, whatever is asked for; borrowed.  NULL: the
 * option's own text. */
void plugin_host_render(struct plugin_host *h, const char *text);

/* The callbacks; false or a verdict with the plugin's words in plugin_host_why(). */
bool plugin_host_check(struct plugin_host *h);
bool plugin_host_open(struct plugin_host *h); /* forgets outcomes, links, limits */
bool plugin_host_test(struct plugin_host *h); /* open() and close() if it has none */
enum frame_verdict plugin_host_submit(struct plugin_host *h,
                                      const struct frame_message *message);
void plugin_host_flush(struct plugin_host *h);
void plugin_host_close(struct plugin_host *h);
const char *plugin_host_why(const struct plugin_host *h);

/* submit() of a message `id` with the uid "00000000000000aa-ID" and a NUL-ended payload.
 */
enum frame_verdict plugin_host_send(struct plugin_host *h, uint64_t id, const char *topic,
                                    const char *payload);

/*
 * Sends the ids `first` to `last` with the payload `{"n":ID}`, as many at a time as the
 * window (and limit_window()) lets, and flushes.  True: all settled before `timeout_ms`
 * was over and the link did not break.
 */
bool plugin_host_drive(struct plugin_host *h, uint64_t first, uint64_t last,
                       const char *topic, int64_t timeout_ms);

/* Wait, calling the plugin's poll() if it has one; false: not within `timeout_ms`. */
bool plugin_host_wait_settled(struct plugin_host *h, unsigned count, int64_t timeout_ms);
/* Until fewer than `below` are in flight; false at once when the link breaks. */
bool plugin_host_wait_room(struct plugin_host *h, unsigned below, int64_t timeout_ms);
bool plugin_host_wait_link(struct plugin_host *h, enum frame_link state,
                           int64_t timeout_ms);

/* What is known so far.  An id that was never mentioned is all zero. */
struct plugin_host_outcome plugin_host_outcome(struct plugin_host *h, uint64_t id);
unsigned plugin_host_count(struct plugin_host *h, enum frame_verdict verdict);
unsigned plugin_host_in_flight(struct plugin_host *h);
unsigned plugin_host_unknown(struct plugin_host *h); /* settled, but never submitted */
unsigned plugin_host_limit(struct plugin_host *h);   /* of limit_window(); 0: none */
/* The longest that retry_after() asked for since open(). */
uint32_t plugin_host_retry_after(struct plugin_host *h);
/* The words of the last link() of that state since open(), "" if there was none. */
const char *plugin_host_link_why(struct plugin_host *h, enum frame_link state);
/* Everything that log() was given, a line each. */
const char *plugin_host_log(struct plugin_host *h);
int64_t plugin_host_now_ms(void);
/* Moves the plugin's clock on. */
void plugin_host_jump(struct plugin_host *h, int64_t ms);

#endif
