/* SPDX-License-Identifier: MIT */
/*
 * What was handed to the broker and is not acknowledged: which packet id is which
 * message, and since when.  One thread adds, another takes; every function locks for
 * itself.
 */
#ifndef PLUGINS_MQTT_PENDING_H
#define PLUGINS_MQTT_PENDING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct pending_entry {
	uint64_t id;
	int64_t sent_ms;
	uint16_t mid;      /* 0: being handed over, not known yet */
	bool is_taken;     /* stays until all before it are taken */
	bool is_overtaken; /* something sent later was acknowledged */
};

struct pending {
	pthread_mutex_t lock;
	struct pending_entry *entry; /* a ring in the order of sending */
	unsigned head, len, size;    /* size is a power of two */
	int64_t taken_ms;            /* the last acknowledgement */
};

void pending_init(struct pending *p);
void pending_free(struct pending *p);

/* Before the message is handed over; its packet id follows by pending_name().  False: out
 * of memory. */
bool pending_add(struct pending *p, uint64_t id, int64_t now_ms);

/* The packet id of the message that was added last; nothing if it is acknowledged
 * already. */
void pending_name(struct pending *p, uint64_t id, uint16_t mid);

/* The message that was added last could not be handed over. */
void pending_drop(struct pending *p, uint64_t id);

/*
 * The broker has answered `mid`: gives its message and forgets it.  A packet id that is
 * not known belongs to the message that is being handed over at this moment: an answer
 * may be faster than the return from publishing.  False: there is no such message.
 */
bool pending_take(struct pending *p, uint16_t mid, int64_t now_ms, uint64_t *id);

/*
 * When the broker has to be given up if it goes on saying nothing: `timeout_ms` after the
 * oldest message was sent, or after the last acknowledgement while they come in order, as
 * over a slow link.  INT64_MAX: nothing is pending.
 */
int64_t pending_deadline(struct pending *p, int64_t timeout_ms);

/* Whether something that was sent after the oldest message is acknowledged. */
bool pending_is_overtaken(struct pending *p);

#endif
