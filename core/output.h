/* SPDX-License-Identifier: MIT */
/*
 * An output's process from inside: what its files share.  deliver.c is the loop,
 * output_open.c makes and ends all this, output_load.c reads frames, output_services.c is
 * what the plugin calls, output_settle.c what verdicts do, output_link.c opens and closes
 * the plugin.
 */
#ifndef CORE_OUTPUT_H
#define CORE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "backoff.h"
#include "judge.h"
#include "ledger.h"
#include "live.h"
#include "log.h"
#include "mailbox.h"
#include "message.h"
#include "place.h"
#include "plugin.h"
#include "process.h"
#include "settings.h"
#include "statedir.h"
#include "store.h"
#include "window.h"

#define OUTPUT_REPEAT_FIRST 1 /* ms after a foreign write that showed nothing */

struct output {
	struct option_source options; /* first, for option_service_text() */
	const struct settings *settings;
	const struct unit *unit;
	struct plugin plugin;
	struct process process; /* signals, the supervisor's pipe, and the descriptor to
	                           wait on */

	struct store *store;
	struct place *place;
	struct place_data at; /* what the place says; written back at each move */
	struct ledger *ledger;
	struct live *live;
	struct statedir_watch watch;
	struct mailbox mailbox;

	struct window window;
	struct message *messages;      /* one for each slot of the window */
	char **reasons;                /* why a slot was rejected; one for each, owned */
	struct reading_list *readings; /* of the frame that is loaded; NULL: per frame */
	unsigned room_wanted;      /* the next frame has so many messages; 0: not known */
	struct senml_units *units; /* NULL: not needed */
	struct message_plan plan;
	const struct message
		*submitting; /* the message of the submit() that is running */

	/* options, in ms and messages */
	int64_t timeout_ms, batch_wait_ms, hold_bytes, hold_ms;
	unsigned window_max, batch;

	/* the link */
	void *instance;
	bool is_open;
	bool is_unconfirmed;
	char link[MAILBOX_TEXT]; /* how it is connected, or why it is unconfirmed */
	unsigned limit;          /* of the far side; 0: none */
	struct backoff backoff;
	int64_t not_before_ms; /* backing off until then; 0: not */
	char trouble[400];     /* why */
	struct complaint complaint;
	struct judge judge;
	unsigned probes; /* submits left in this round, while the judge distrusts */

	/* what was read from the store */
	uint64_t loaded;    /* the last id that was read */
	bool may_have_more; /* the store may hold frames behind it */
	int64_t repeat_ms;  /* when to read again after a foreign event; 0: not */
	int64_t repeat_wait_ms;

	/* what was taken by the plugin since the last flush */
	unsigned unflushed;
	int64_t unflushed_since_ms;

	/* the delivery log's open range */
	uint64_t log_from, log_frames;
	int64_t log_due_ms; /* 0: nothing to write */
	int64_t purge_due_ms;
	char receipt[MAILBOX_TEXT];
	int64_t hold_due_ms;

	/* messages given up in flight: the plugin still has them */
	unsigned strays;
	int64_t strays_since_ms; /* when the first of them was submitted */
	uint64_t late;
	struct reason broken; /* not "": the store failed, the process ends */
};

/* output_open.c */
bool output_open(struct output *o, const struct settings *settings,
                 const struct unit *unit, const char *state, struct reason *why);
void output_close(struct output *o);

/* output_load.c: fills the window */
void output_load(struct output *o);

/* output_services.c */
extern const struct frame_services output_services;

/* output_link.c: opening and closing the plugin, backing off */
void output_connect(struct output *o);
void output_disconnect(struct output *o); /* takes the last verdicts first */
void output_back_off(struct output *o, uint32_t at_least_ms, const char *why);
void output_lost(struct output *o,
                 const char *why); /* the link broke: judge, close, back off */
void output_say(struct output *o); /* tells status how it is */

/* output_settle.c */
void output_verdict(struct output *o, struct window_slot *slot,
                    enum frame_verdict verdict, const char *reason);
/* Sets a message aside for good, and with it a copy of its frame. */
void output_reject(struct output *o, struct window_slot *slot, const char *reason);
void output_take_mail(struct output *o);
void output_settle_held(struct output *o,
                        bool all);     /* those rejected long enough ago, or all */
void output_advance(struct output *o); /* moves the place past what is done */
void output_evict(struct output *o);   /* `hold`: gives the oldest up */
void output_write_log(struct output *o, bool is_end);

#endif
