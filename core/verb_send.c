/* SPDX-License-Identifier: MIT */
/* frame-router send [FILE|-]: stores frames, like an input of that name. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backoff.h"
#include "clock.h"
#include "exits.h"
#include "group.h"
#include "log.h"
#include "statedir.h"
#include "store_prepare.h"
#include "verb.h"

const char verb_send_help[] =
	"usage: frame-router send [FILE|-] [--conf DIR] [--state DIR]\n"
	"\n"
	"Stores frames, one a line: hexadecimal digits, a raw ASCII frame, or a JSON "
	"object with\n"
	"`readings`.  Each is on disk when it is counted.  Needs no running router: "
	"outputs\n"
	"deliver what is stored as soon as they run.  Says `line N: reason` for lines "
	"that are\n"
	"no frames, keeps those in quarantine, and ends with exit code 1 if there were "
	"any.\n";

#define READ_SIZE (256 * 1024)
#define SAY_MS    200 /* between two progress lines */

struct sender {
	struct group group;
	struct store *store;
	struct buf rest; /* read and not yet made lines of */
	uint64_t line;   /* number of the last line */
	uint64_t stored, wrong;
	uint64_t first_id, last_id;
	int64_t size; /* of the file; 0: not known */
	int64_t done; /* bytes */
	int64_t said_ms;
	bool is_terminal;
};

static void say_progress(struct sender *s, bool is_last)
{
	int64_t now = clock_monotonic_ms();

	if (!s->is_terminal || (!is_last && now < s->said_ms + SAY_MS))
		return;
	s->said_ms = now;
	if (s->size > 0) {
		int percent = (int)(s->done * 100 / s->size);

		fprintf(stderr, "\r[%-40.*s] %3d %%  %llu frames stored ",
		        percent * 2 / 5, "########################################",
		        percent, (unsigned long long)s->stored);
	} else {
		fprintf(stderr, "\r%llu frames stored ", (unsigned long long)s->stored);
	}
	if (is_last)
		fputs("\r\033[K", stderr);
}

static void account(struct sender *s)
{
	for (size_t i = 0; i < s->group.len; i++) {
		const struct group_item *item = &s->group.items[i];

		if (item->answer == FRAME_ANSWER_STORED) {
			s->stored++;
			if (s->first_id == 0)
				s->first_id = item->frame.id;
			s->last_id = item->frame.id;
			if (item->why.text[0] == '\0')
				continue;
		} else {
			s->wrong++;
		}
		fprintf(stderr, "%sline %llu: %s%s%s\n", s->is_terminal ? "\r\033[K" : "",
		        (unsigned long long)item->token,
		        item->answer == FRAME_ANSWER_STORED ? "warning: " : "",
		        item->why.text,
		        item->answer == FRAME_ANSWER_KEPT      ? " (kept in quarantine)"
		        : item->answer == FRAME_ANSWER_REFUSED ? " (not kept)"
		                                               : "");
	}
}

static bool is_refused_for_now(const struct group *g)
{
	for (size_t i = 0; i < g->len; i++)
		if (g->items[i].answer == FRAME_ANSWER_LATER)
			return true;
	return false;
}

/* Stores the group, however long the store takes to have room. */
static bool commit(struct sender *s)
{
	struct reason why = {""};
	struct backoff backoff;
	bool has_said = false;

	backoff_init(&backoff, 100, 5000);
	while (s->group.len > 0) {
		if (!group_commit(&s->group, s->store, &why)) {
			fprintf(stderr, "frame-router: %s\n", why.text);
			return false;
		}
		if (!is_refused_for_now(&s->group))
			break;
		if (!has_said)
			fprintf(stderr, "frame-router: %s: waiting\n", why.text);
		has_said = true;
		poll(NULL, 0, (int)backoff_next(&backoff));
	}
	account(s);
	group_clear(&s->group);
	say_progress(s, false);
	return true;
}

/* Makes frames of all whole lines; of what is left too at the end. */
static bool take_lines(struct sender *s, bool is_end)
{
	size_t at = 0;

	while (at < s->rest.len) {
		const uint8_t *line = (const uint8_t *)s->rest.data + at;
		size_t left = s->rest.len - at;
		size_t len = intake_line_length(line, left);

		if (len == 0 && !is_end && left <= FRAME_TEXT_MAX)
			break;
		if (len == 0)
			len = left;
		at += len;
		s->line++;
		group_add(&s->group, line, len, s->line, true);
		if (group_is_full(&s->group) && !commit(s))
			return false;
	}
	s->done += (int64_t)at;
	buf_drop(&s->rest, at);
	return commit(s);
}

static int send_all(struct sender *s, int fd)
{
	static char part[READ_SIZE];
	ssize_t got;

	while ((got = read(fd, part, sizeof part)) > 0) {
		buf_add(&s->rest, part, (size_t)got);
		if (s->rest.failed) {
			fprintf(stderr, "frame-router: out of memory\n");
			return EXIT_FAILED;
		}
		if (!take_lines(s, false))
			return EXIT_STORAGE;
	}
	if (got < 0) {
		perror("frame-router: cannot read");
		return EXIT_FAILED;
	}
	return take_lines(s, true) ? EXIT_FINE : EXIT_STORAGE;
}

/* Whoever works with the store has prepared it; else it is done here, alone. */
static bool prepare(const char *state, int *users, struct reason *why)
{
	bool is_alone;

	if (!statedir_make(state, why) || !statedir_use(users, state, &is_alone, why))
		return false;
	if (is_alone && store_prepare(state, why) != PREPARE_FINE)
		return false;
	return statedir_join(*users, why);
}

static void end(struct sender *s)
{
	say_progress(s, true);
	if (s->stored == 1)
		fprintf(stderr, "1 frame stored (id %llu)\n",
		        (unsigned long long)s->first_id);
	else if (s->stored > 1)
		fprintf(stderr, "%llu frames stored (ids %llu to %llu)\n",
		        (unsigned long long)s->stored, (unsigned long long)s->first_id,
		        (unsigned long long)s->last_id);
	if (s->wrong > 0)
		fprintf(stderr, "%llu lines were no frames\n",
		        (unsigned long long)s->wrong);
	group_free(&s->group);
	buf_free(&s->rest);
	store_close(s->store);
}

static int open_input(const char *file, int64_t *size)
{
	int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	*size = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0;
	return fd;
}

int verb_send(int argc, char **argv)
{
	struct settings settings = {0};
	struct surroundings where;
	struct sensors *sensors = NULL;
	struct reason why = {""};
	struct sender s = {.is_terminal = isatty(STDERR_FILENO)};
	int code = EXIT_FAILED;
	int users; /* open, and so held, until the end */
	int fd;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	if (argc > 2 || (argc == 2 && argv[1][0] == '-' && argv[1][1] != '\0'))
		return verb_usage(verb_send_help, NULL);
	fd = open_input(argc == 2 ? argv[1] : "-", &s.size);
	if (fd < 0) {
		fprintf(stderr, "frame-router: cannot open %s: %m\n", argv[1]);
		return EXIT_FAILED;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!verb_settings(&settings, &where, &why) ||
	    !prepare(where.state, &users, &why) ||
	    !sensors_load(&sensors, settings.sensors, settings_sensors(&settings),
	                  &why) ||
	    !store_open_writer(&s.store, where.state, settings.max_size, &why) ||
	    !group_init(&s.group, sensors, "send", &why))
		fprintf(stderr, "frame-router: %s\n", why.text);
	else
		code = send_all(&s, fd);
	end(&s);
	sensors_free(sensors);
	settings_free(&settings);
	close(fd);
	return code == EXIT_FINE && s.wrong > 0 ? EXIT_FAILED : code;
}
