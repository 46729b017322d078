/* SPDX-License-Identifier: MIT */
/*
 * The contract of an input plugin: the mirror of include/frame_output.h, from
 * which it takes options and strings.  Not installed and not promised: it may
 * change with every version of the router.
 *
 * One process runs one instance.  All callbacks and all services are called from
 * one thread.  The router calls poll() again and again; the plugin hands over
 * what it received by frame(); when poll() has returned, the router commits all
 * of it at once and calls answer() for each, in the order of frame().  So a
 * sender hears "ok" only after its frame is on disk, and while one commit syncs,
 * the next group gathers in the kernel's buffers.
 */
#ifndef FRAME_INPUT_H
#define FRAME_INPUT_H

#include <frame_output.h>

/* What became of a frame that was handed over. */
enum frame_answer {
	FRAME_ANSWER_STORED = 0, /* on disk under `id` */
	FRAME_ANSWER_KEPT =
		1, /* no frame, kept in quarantine: do not send it again; text says why */
	FRAME_ANSWER_REFUSED = 2, /* nonsense that was not kept: text says why */
	FRAME_ANSWER_LATER =
		3, /* the store takes nothing now: send it again; text says why */
};

struct frame_input_services {
	uint32_t struct_size;
	uint32_t reserved;

	/* Options, log, clock and descriptor: as in struct frame_services. */
	const char *(*option_text)(void *router, const char *name);
	int64_t (*option_number)(void *router, const char *name);
	const char *(*option_list)(void *router, const char *name, size_t index);
	void (*log)(void *router, enum frame_log_level level, const char *text);
	int (*wake_fd)(void *router);
	int64_t (*now_ms)(void *router);

	/*
	 * The length of the first complete line of `data`, its end of line
	 * included, or 0 when more bytes are needed.  Knows that the type and count
	 * bytes of a raw ASCII frame may be a newline.
	 */
	size_t (*line_length)(const uint8_t *data, size_t len);

	/*
	 * Hands over one line's bytes (hex, JSON or a raw frame, without its end of
	 * line); copied.  `token` comes back in answer().  `can_resend` says whether
	 * the sender can be told to come again: if not (UDP), a full store makes
	 * room by evicting its oldest frames.  Returns how many more
	 * frames may be handed over in this poll(): at 0, return from poll().
	 */
	size_t (*frame)(void *router, const uint8_t *data, size_t len, uint64_t token,
	                int can_resend);

	/*
	 * Within answer(): how many frames the line held that is being answered, as
	 * one line of several frames does.  Of a stored line the `id` is the last of
	 * them, and the others are those before it without a gap.
	 */
	size_t (*answered_frames)(void *router);
};

struct frame_input {
	uint32_t struct_size;
	uint32_t abi; /* 1 */
	const char *name;
	const char *version;
	const char *description;
	const struct frame_option *const *options;
	uint32_t groups;
	uint32_t reserved;

	/* As in struct frame_output, may be NULL; `why` along with 0 is a warning. */
	int (*check)(void *router, const struct frame_input_services *services, char *why,
	             size_t why_len);

	/* Opens its sockets or devices.  0: ready; else why, and open() comes again. */
	int (*open)(void **instance, void *router,
	            const struct frame_input_services *services, char *why,
	            size_t why_len);

	/*
	 * Waits until something was handed over by frame(), until deadline_ms
	 * (now_ms()), or until wake_fd() is readable, and returns.
	 */
	void (*poll)(void *instance, int64_t deadline_ms);

	/* Tells the sender of `token` what became of its frame; `text` may be NULL. */
	void (*answer)(void *instance, uint64_t token, enum frame_answer answer,
	               uint64_t id, const char *text);

	/* All answers of this commit have been given: write them out.  May be NULL. */
	void (*flush)(void *instance);

	void (*close)(void *instance);
};

/* The one function that an input plugin exports. */
const struct frame_input *frame_input_plugin(void);

#endif
