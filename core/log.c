/* SPDX-License-Identifier: MIT */
/* Lines on stderr.  Knows the journal's level prefixes; does not know who reads them. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "utf8.h"

#define LINE_MAX_BYTES    1200
#define FIRST_INTERVAL_MS 60000
#define LAST_INTERVAL_MS  3600000

static char who[80] = "frame-router";
static enum log_level least = LOG_LEVEL_INFO;

void log_init(const char *name, enum log_level level)
{
	snprintf(who, sizeof who, "%s", name);
	least = level;
}

bool log_level_parse(const char *text, enum log_level *level)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(text, names[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

char *log_escape(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);
	size_t at = 0;

	for (size_t i = 0; i < len;) {
		size_t step = utf8_length((const uint8_t *)text + i, len - i);
		unsigned char c = (unsigned char)text[i];
		bool is_plain = step > 0 && c >= 0x20 && c != 0x7F &&
		                !(c == 0xC2 && (unsigned char)text[i + 1] < 0xA0);

		if (is_plain) {
			if (at + step >= size)
				break;
			memcpy(out + at, text + i, step);
			at += step;
			i += step;
		} else {
			if (at + 4 >= size)
				break;
			at += (size_t)snprintf(out + at, size - at, "\\x%02X", c);
			i++;
		}
	}
	out[at] = '\0';
	return out;
}

static void write_line(enum log_level level, const char *text)
{
	static const char *const prefix[] = {"<3>", "<4>", "<6>", "<7>"};
	static const char *const word[] = {"error: ", "warning: ", "", ""};
	char safe[LINE_MAX_BYTES];
	char line[LINE_MAX_BYTES + 120];
	int len;

	log_escape(safe, sizeof safe, text);
	len = snprintf(line, sizeof line, "%s%s: %s%s\n",
	               getenv("JOURNAL_STREAM") != NULL ? prefix[level] : "", who,
	               word[level], safe);
	/* one write, so that lines of several processes do not mix; nowhere to complain
	 */
	if (write(STDERR_FILENO, line, (size_t)len) < 0)
		return;
}

void log_line(enum log_level level, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list args;

	if (level > least)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	write_line(level, text);
}

void complain(struct complaint *c, enum log_level level, const char *format, ...)
{
	int64_t now = clock_monotonic_ms();
	char text[sizeof c->text];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);

	if (c->interval_ms != 0 && strcmp(text, c->text) != 0 && c->suppressed == 0)
		c->interval_ms = 0;
	if (c->interval_ms != 0 && now < c->next_ms) {
		c->suppressed++;
		return;
	}
	if (c->suppressed > 0)
		log_line(level, "%s (%u times more)", text, c->suppressed);
	else
		log_line(level, "%s", text);
	memcpy(c->text, text, sizeof text);
	c->suppressed = 0;
	c->interval_ms = c->interval_ms == 0                     ? FIRST_INTERVAL_MS
	                 : c->interval_ms * 4 > LAST_INTERVAL_MS ? LAST_INTERVAL_MS
	                                                         : c->interval_ms * 4;
	c->next_ms = now + c->interval_ms;
}

void complaint_release(struct complaint *c, const char *format, ...)
{
	char text[LINE_MAX_BYTES];
	va_list args;

	if (c->interval_ms == 0)
		return;
	*c = (struct complaint){0};
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	log_line(LOG_LEVEL_INFO, "%s", text);
}

void log_from_plugin(unsigned level, const char *unit, const char *line)
{
	/* The contract counts its levels as enum log_level does. */
	enum log_level ours =
		level < LOG_LEVEL_DEBUG ? (enum log_level)level : LOG_LEVEL_DEBUG;

	log_line(ours, "%s%s%s", unit != NULL ? unit : "", unit != NULL ? ": " : "",
	         line);
}
