/* SPDX-License-Identifier: MIT */
/* Lines on stderr.  Knows the journal's level prefixes and JSON's quotes, not what there
 * is to say. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "utf8.h"

#define LINE_MAX_BYTES    1200
#define FIRST_INTERVAL_MS 60000
#define LAST_INTERVAL_MS  3600000

static char who[80] = "frame-router";
static enum log_level least = LOG_LEVEL_INFO;
static enum log_format format_of_lines = LOG_FORMAT_AUTO;

void log_init(const char *name, enum log_level level)
{
	snprintf(who, sizeof who, "%s", name);
	least = level;
}

void log_write_as(enum log_format format)
{
	format_of_lines = format;
}

static const char *const levels[] = {"error", "warning", "info", "debug", NULL};
static const char *const formats[] = {"auto", "text", "json", NULL};

/* Which of the words it is; -1: none. */
static int find_word(const char *const *words, const char *text)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	return -1;
}

bool log_level_parse(const char *text, enum log_level *level)
{
	int found = find_word(levels, text);

	if (found >= 0)
		*level = (enum log_level)found;
	return found >= 0;
}

bool log_format_parse(const char *text, enum log_format *format)
{
	int found = find_word(formats, text);

	if (found >= 0)
		*format = (enum log_format)found;
	return found >= 0;
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

/* Whether our stderr is the very stream that the journal gave to somebody above us. */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &st) == 0 && st.st_dev == (dev_t)device &&
	       st.st_ino == (ino_t)inode;
}

static size_t write_text(char *line, size_t size, enum log_level level, const char *safe)
{
	static const char *const word[] = {"error: ", "warning: ", "", ""};

	return (size_t)snprintf(line, size, "%s: %s%s\n", who, word[level], safe);
}

/* `safe` is valid UTF-8 without control characters: quotes and backslashes are left. */
static size_t add_json(char *line, const char *safe)
{
	size_t at = 0;

	line[at++] = '"';
	for (; *safe != '\0'; safe++) {
		if (*safe == '"' || *safe == '\\')
			line[at++] = '\\';
		line[at++] = *safe;
	}
	line[at++] = '"';
	return at;
}

static size_t write_json(char *line, size_t size, enum log_level level, const char *safe)
{
	char time[CLOCK_ISO_SIZE];
	char unit[sizeof who];
	size_t at;

	clock_iso(clock_wall_ms(), time);
	at = (size_t)snprintf(line, size,
	                      "{\"time\":\"%s\",\"level\":\"%s\",\"unit\":", time,
	                      levels[level]);
	at += add_json(line + at, log_escape(unit, sizeof unit, who));
	at += (size_t)snprintf(line + at, size - at, ",\"text\":");
	at += add_json(line + at, safe);
	return at + (size_t)snprintf(line + at, size - at, "}\n");
}

/* As a sentence of ours, or word for word. */
static void write_line(enum log_level level, const char *text, bool is_ours)
{
	static const char *const prefix[] = {"<3>", "<4>", "<6>", "<7>"};
	char safe[LINE_MAX_BYTES];
	char line[2 * (LINE_MAX_BYTES + sizeof who) + 120]; /* all of it quoted */
	size_t at = 0;

	log_escape(safe, sizeof safe, text);
	if (format_of_lines != LOG_FORMAT_TEXT && is_journal())
		at = (size_t)snprintf(line, sizeof line, "%s", prefix[level]);
	if (format_of_lines == LOG_FORMAT_JSON)
		at += write_json(line + at, sizeof line - at, level, safe);
	else if (is_ours)
		at += write_text(line + at, sizeof line - at, level, safe);
	else
		at += (size_t)snprintf(line + at, sizeof line - at, "%s\n", safe);
	/* one write, so that lines of several processes do not mix; nowhere to complain
	 */
	if (write(STDERR_FILENO, line, at) < 0)
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
	write_line(level, text, true);
}

void log_quote(const char *line)
{
	enum log_level level =
		strstr(line, ": warning: ") != NULL ? LOG_LEVEL_WARNING : LOG_LEVEL_ERROR;

	if (level <= least)
		write_line(level, line, false);
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
