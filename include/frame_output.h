/* SPDX-License-Identifier: MIT */
/**
 * @file
 * @brief The contract of an output plugin of frame-router: all that one needs.
 *
 * A plugin is a shared object that exports one function, frame_output_plugin().
 * The router owns time and the past: storage, order, windows, templates, retry,
 * back-off, metrics, options and secrets.  The plugin connects, sends, and tells
 * the truth.
 *
 * @par Lifetime
 * One process runs one instance of one plugin.  The router calls check() when a
 * configuration is checked; in the process of an output it calls open(), then
 * submit(), flush() and poll() as messages come, and close().  When open() fails
 * or the link breaks, the router calls close(), backs off, and calls open()
 * again: a plugin needs no retry loop of its own.
 *
 * @par Threads
 * All callbacks are made from one thread, one at a time.  A callback may block
 * up to the option `timeout`; only its own output waits.  One that has not
 * returned `timeout` + 10 s after it was called is killed with its process.
 * Of the services, settle(), link(), retry_after(), limit_window(), count(),
 * log() and now_ms() may be called from any thread between open() and the end
 * of close(); the others from within a callback only.
 *
 * @par Signals
 * In the process of an output SIGPIPE and SIGXFSZ are ignored: a write() to what
 * nobody reads, or beyond a limit, fails with EPIPE or EFBIG.  SIGTERM and SIGINT
 * are the router's, and blocked.
 *
 * @par Strings
 * Every string is UTF-8 and ends with NUL.  Pointers that the router hands out
 * are borrowed for the call, those of option_text() until close() returns.
 * The router copies what it is given.
 *
 * @par Compatibility
 * Every struct begins with its own size and grows at its end only.  A plugin
 * built with an older header works with any newer router: fields that the plugin
 * does not know are taken as absent.  A plugin that wants more than the router
 * has looks at struct_size before it calls a service that came later.
 */
#ifndef FRAME_OUTPUT_H
#define FRAME_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a message.  The values are part of the ABI. */
enum frame_verdict {
	FRAME_DELIVERED =
		0, /**< the far side has taken it over: the router may forget it */
	FRAME_PENDING = 1,  /**< handed over; settle() will follow */
	FRAME_RETRY = 2,    /**< not now: the router submits it again; one is enough for
	                         the whole output to back off, nothing is submitted
	                         meanwhile */
	FRAME_REJECTED = 3, /**< never: the router sets it aside as a dead letter */
};

/** The state of the connection, for frame_services.link(). */
enum frame_link {
	FRAME_LINK_DOWN = 0, /**< lost: close() and, after a back-off, open() follow */
	FRAME_LINK_UP = 1,   /**< connected; @p why names how ("MQTT 5, TLS 1.3") */
	FRAME_LINK_UNCONFIRMED = 2, /**< connected, but the far side confirms nothing
	                                 ("qos 0"): status shows "not confirmed" */
};

/** Levels of frame_services.log(). */
enum frame_log_level {
	FRAME_LOG_ERROR = 0,   /**< somebody has to do something */
	FRAME_LOG_WARNING = 1, /**< odd, but it goes on */
	FRAME_LOG_INFO = 2,    /**< a change of state */
	FRAME_LOG_DEBUG = 3,   /**< for the author of the plugin */
};

/** Kinds of options.  The values are part of the ABI. */
enum frame_option_type {
	FRAME_OPTION_TEXT = 0,     /**< any text */
	FRAME_OPTION_NUMBER = 1,   /**< a whole number within minimum and maximum */
	FRAME_OPTION_YES_NO = 2,   /**< yes or no: 1 or 0 by option_number() */
	FRAME_OPTION_DURATION = 3, /**< `500ms 30s 5m 12h 7d`: ms by option_number() */
	FRAME_OPTION_SIZE = 4,     /**< `64K 10M 1G` (1024): bytes by option_number() */
	FRAME_OPTION_CHOICE = 5,   /**< one word of frame_option.choices */
	FRAME_OPTION_PATH = 6,     /**< a file that the plugin reads */
	FRAME_OPTION_SECRET = 7, /**< text that is never shown nor logged; the router adds
	                              the option NAME_file, read at each option_text() */
	FRAME_OPTION_TEMPLATE = 8, /**< text with wildcards: option_rendered() */
	FRAME_OPTION_LIST = 9,     /**< may stand several times: option_list() */
};

/** Flags of an option, to be added. */
enum frame_option_flag {
	FRAME_OPTION_REQUIRED = 1,  /**< has no default and must be given */
	FRAME_OPTION_DANGEROUS = 2, /**< a command or path: only conf.d may set it */
	FRAME_OPTION_IS_PATH = 4,   /**< a TEMPLATE that becomes a path: `%` begins a
	                                 strftime pattern (UTC), what a node sent is one
	                                 harmless path component */
	FRAME_OPTION_IS_URL = 8,    /**< a TEMPLATE that becomes a URL: what a node sent
	                                 is percent-encoded and ends no component */
};

/**
 * One option, as it stands in conf.d.  Errors, `frame-router plugins NAME`,
 * example files and manuals are made from it.
 */
struct frame_option {
	uint32_t struct_size;      /**< sizeof(struct frame_option) */
	uint32_t type;             /**< enum frame_option_type */
	uint32_t flags;            /**< enum frame_option_flag, added */
	uint32_t reserved;         /**< 0 */
	const char *name;          /**< the key: lower case and `_` */
	const char *default_value; /**< as in conf.d; NULL: empty, or required */
	const char *choices;       /**< CHOICE: words parted by `|`; else NULL */
	const char *unit;          /**< NUMBER: what is counted, else NULL */
	int64_t minimum;           /**< smallest number; with maximum 0: no limits */
	int64_t maximum;  /**< largest number, in ms or bytes where it has such */
	const char *help; /**< one line, without a full stop */
};

/** Groups of ready-made options that a plugin takes as a whole. */
enum frame_option_group {
	/** ca_file, cert_file, key_file, insecure: the same in every plugin with TLS.
	 *  ca_file unset means the system's certificate authorities; insecure = yes
	 *  switches the verification of the far side off. */
	FRAME_GROUP_TLS = 1,
};

/** What is submitted.  Borrowed for the call of submit(). */
struct frame_message {
	uint32_t struct_size; /**< as the router knows it */
	uint32_t attempt;     /**< 1 for the first */
	uint64_t id;          /**< names this attempt in settle(); never used twice */
	int64_t received_ms; /**< when the router received the frame, ms since 1970 UTC */
	const char *uid;     /**< stable over retries, restarts and outputs: far sides
	                          recognise a duplicate by it; that of a single reading
	                          ends with its tag */
	const char *topic;   /**< the option `topic`, rendered; "" when there is none */
	const char *payload; /**< what to send, payload_len bytes, then a NUL; the option
	                          `format` (json, senml, template) says what it is */
	size_t payload_len;  /**< bytes */
	const char *document; /**< the frame as JSON, whatever the payload is */
	size_t document_len;  /**< bytes */
	const char *node;     /**< the sender's own name; "" when it has none */
};

/**
 * What the router does for a plugin.  The table lives as long as the process.
 * @p router is the pointer that open() and check() were given.
 */
struct frame_services {
	uint32_t struct_size; /**< as the router knows it */
	uint32_t reserved;    /**< 0 */

	/**
	 * The value of an option, its default if conf.d does not set it, NULL if it
	 * is neither.  A secret is read anew at each call, so that a rotated
	 * password is noticed; NULL when its file cannot be read (logged).
	 */
	const char *(*option_text)(void *router, const char *name);

	/** The number of a NUMBER, YES_NO, DURATION (ms) or SIZE (bytes) option. */
	int64_t (*option_number)(void *router, const char *name);

	/** The @p index th value of a LIST, NULL after the last. */
	const char *(*option_list)(void *router, const char *name, size_t index);

	/**
	 * A TEMPLATE option of the plugin, rendered for the message at hand.  Inside
	 * submit() only; borrowed until submit() returns.
	 */
	const char *(*option_rendered)(void *router, const char *name);

	/**
	 * Ends a FRAME_PENDING message.  May be called from any thread, also inside
	 * submit(); an id that is unknown or settled already is ignored and counted.
	 * @p reason (may be NULL) is the far side's receipt for FRAME_DELIVERED, else
	 * why not.  FRAME_PENDING is no way to end a message and is ignored.
	 */
	void (*settle)(void *router, uint64_t id, enum frame_verdict verdict,
	               const char *reason);

	/**
	 * Tells the state of the link.  After FRAME_LINK_DOWN the router takes every
	 * pending message as FRAME_RETRY and calls close().
	 */
	void (*link)(void *router, enum frame_link state, const char *why);

	/** The far side asks not to be tried again for so many ms. */
	void (*retry_after)(void *router, uint32_t ms);

	/** The far side takes at most so many unconfirmed messages; until close(). */
	void (*limit_window)(void *router, uint32_t messages);

	/** Adds @p n to the plugin's metric @p name. */
	void (*count)(void *router, const char *name, uint64_t n);

	/** Logs one line; control characters are escaped. */
	void (*log)(void *router, enum frame_log_level level, const char *text);

	/** Readable when the router wants poll() to return; never read it. */
	int (*wake_fd)(void *router);

	/** A clock that never jumps, ms; the unit of poll()'s deadline. */
	int64_t (*now_ms)(void *router);
};

/**
 * The plugin.  A constant; every function but open(), submit() and close() may
 * be NULL.  @p why is a buffer of @p why_len bytes for one line of text that a
 * person reads in status: "connection refused", not "error 111".
 */
struct frame_output {
	uint32_t struct_size;    /**< sizeof(struct frame_output) */
	uint32_t abi;            /**< 1, written as a number: the contract you read */
	const char *name;        /**< as in conf.d and the file's name: "mqtt" */
	const char *version;     /**< the plugin's own */
	const char *description; /**< one line, without a full stop */
	const struct frame_option *const *options; /**< ends with NULL; NULL: none */
	uint32_t groups;                           /**< enum frame_option_group, added */
	uint32_t reserved;                         /**< 0 */

	/**
	 * Looks at the options together, without side effects; each alone has been
	 * checked.  0: fine; else @p why.  NULL: nothing more to check.
	 */
	int (*check)(void *router, const struct frame_services *services, char *why,
	             size_t why_len);

	/**
	 * Connects (within `timeout`).  0: ready, *@p instance is handed to all other
	 * callbacks; else @p why, *@p instance is ignored, and open() comes again
	 * after a back-off.
	 */
	int (*open)(void **instance, void *router, const struct frame_services *services,
	            char *why, size_t why_len);

	/**
	 * Sends a message, or takes it for a batch (FRAME_PENDING).  FRAME_RETRY and
	 * FRAME_REJECTED are explained in @p why; FRAME_DELIVERED may be given a
	 * receipt there.
	 */
	enum frame_verdict (*submit)(void *instance, const struct frame_message *message,
	                             char *why, size_t why_len);

	/**
	 * No more messages are at hand, or the batch is full: send what was taken.
	 * NULL: submit() sends at once.
	 */
	void (*flush)(void *instance);

	/**
	 * Waits for own I/O until @p deadline_ms (now_ms) or until wake_fd() is
	 * readable, whichever comes first.  NULL: the plugin has its own threads or
	 * nothing to wait for, and the router waits itself.
	 */
	void (*poll)(void *instance, int64_t deadline_ms);

	/**
	 * Tries the connection as open() does, without an instance, and sends no
	 * message.  0: fine; else @p why.  The router may call it when a person wants
	 * to know whether the far side can be reached, never in the course of
	 * delivering; it need not, so nothing may depend on it.  NULL: there is no
	 * such trial but open().
	 */
	int (*test)(void *router, const struct frame_services *services, char *why,
	            size_t why_len);

	/**
	 * Disconnects and frees @p instance; its threads have ended when it returns.
	 * What is pending then is submitted again later.
	 */
	void (*close)(void *instance);
};

/** The one function that a plugin exports. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const struct frame_output *
frame_output_plugin(void);

#ifdef __cplusplus
}
#endif

#endif
