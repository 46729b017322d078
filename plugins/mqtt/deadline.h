/* SPDX-License-Identifier: MIT */
/* Moments on a clock that never jumps, in ms, and waiting until one of them. */
#ifndef PLUGINS_MQTT_DEADLINE_H
#define PLUGINS_MQTT_DEADLINE_H

#include <poll.h>
#include <stdint.h>

int64_t deadline_now(void);

/* poll() until `deadline_ms` (INT64_MAX: for ever), not stopped by signals.  Returns what
 * poll() does: 0 when the time is over. */
int deadline_poll(struct pollfd *fds, nfds_t count, int64_t deadline_ms);

#endif
