/* SPDX-License-Identifier: MIT */
/*
 * One line per change of state, on stderr: "NAME: what happened: why".  Control
 * characters and bytes that are no UTF-8 are escaped, so that nothing that came
 * from outside can forge a line or speak to a terminal.  Any thread.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Who speaks (copied), and the least important level that is still written. */
void log_init(const char *name, enum log_level level);

/*
 * How lines are written: as "NAME: text", or each as an object of JSON,
 * {"time":...,"level":...,"unit":...,"text":...}.  Before a line that the journal takes
 * stands its level, which the journal takes off: with AUTO and JSON, when stderr is the
 * stream that JOURNAL_STREAM names.
 */
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

/* From now on; LOG_FORMAT_AUTO before the first call. */
void log_write_as(enum log_format format);

/* Reads "auto", "text" or "json". */
bool log_format_parse(const char *text, enum log_format *format);

/* Reads "error", "warning", "info" or "debug". */
bool log_level_parse(const char *text, enum log_level *level);

void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A line of a check of the configuration, which says itself whether it is an error or a
 * warning: nothing is put before it but what the journal or JSON needs. */
void log_quote(const char *line);

#define log_error(...)   log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

/*
 * A plugin's own line, with its enum frame_log_level; one that is none counts as debug.
 * `unit` says whose it is where the process has another name, else NULL.
 */
void log_from_plugin(unsigned level, const char *unit, const char *line);

/*
 * A complaint is made once, repeated at growing intervals (1 minute to 1 hour)
 * with the number of times it was held back, and released when it is over.
 * All zero is a complaint not made.
 */
struct complaint {
	int64_t next_ms;     /* not before this moment again */
	int64_t interval_ms; /* 0: not complaining */
	unsigned suppressed;
	char text[200]; /* what was said last: other words are said at once */
};

void complain(struct complaint *c, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Says `format` if the complaint was made, and forgets it. */
void complaint_release(struct complaint *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Copies `text` to `out`, escaping control characters and invalid UTF-8 as \xHH;
 * cuts at `size`.  Returns `out`.
 */
char *log_escape(char *out, size_t size, const char *text);

#endif
