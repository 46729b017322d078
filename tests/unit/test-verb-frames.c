/* SPDX-License-Identifier: MIT */
/* verb_decode and verb_simulate: their command lines, as main() calls them. */
#include "verb.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define V15_HEX "3C3D3E060D3B2F6F057C1054E66E23013446"

static char folder[4096];

const char *verb_sensor_folder(void)
{
	return folder;
}

const char *const *verb_sensor_files(void)
{
	return NULL;
}

static char out[100000], errors[10000];

static void slurp(FILE *file, char *text, size_t size)
{
	rewind(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* Runs a verb in a child with `in` as its input; the exit code, 128 + the signal if it
 * was killed. */
static int run(const char *in, int (*verb)(int, char **), const char *const *argv)
{
	FILE *from = tmpfile(), *to = tmpfile(), *said = tmpfile();
	int argc = 0, status = -1;
	pid_t child;

	while (argv[argc] != NULL)
		argc++;
	fputs(in, from);
	rewind(from);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		dup2(fileno(from), STDIN_FILENO);
		dup2(fileno(to), STDOUT_FILENO);
		dup2(fileno(said), STDERR_FILENO);
		exit(verb(argc, (char **)argv));
	}
	waitpid(child, &status, 0);
	fclose(from);
	slurp(to, out, sizeof out);
	slurp(said, errors, sizeof errors);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define RUN(in, verb, ...) run(in, verb, (const char *const[]){__VA_ARGS__, NULL})

static void decode_reads_files_and_standard_input(void)
{
	char path[] = "/tmp/frame-router-test-XXXXXX";
	int fd = mkstemp(path);

	ok(fd >= 0 && write(fd, V15_HEX, sizeof V15_HEX - 1) > 0,
	   "a file with one frame");
	close(fd);
	ok(RUN("", verb_decode, "decode", path) == 0, "is decoded");
	ok(strstr(out, "\"readings\":{\"BAT\":70}}\n") != NULL && errors[0] == '\0',
	   "to one line, without a word");
	ok(RUN(V15_HEX "\n" V15_HEX, verb_decode, "decode", "-") == 0 &&
	           strstr(strchr(out, '\n'), "BAT") != NULL,
	   "- is standard input");
	ok(RUN(V15_HEX, verb_decode, "decode", "--state", "/nowhere") == 0 &&
	           out[0] == '{',
	   "as is no name, whatever the router's folders are");
	ok(RUN("x<=>\x86\x01#s#n#1#BAT:7#", verb_decode, "decode", "--stream") == 1 &&
	           out[0] == '{',
	   "a stream may hold garbage");
	same(errors, "byte 1: 1 bytes that are no frame\n", "which is an error");
	unlink(path);
}

static void decode_says_what_is_wrong(void)
{
	ok(RUN("x\n" V15_HEX, verb_decode, "decode") == 1 && out[0] == '{',
	   "a line that is no frame does not stop it, but is an error");
	same(errors, "line 1: neither hex, JSON nor a raw frame: \"x\"\n", "and named");
	ok(RUN("", verb_decode, "decode", "/nowhere/x") == 1, "a file that is not there");
	same(errors, "frame-router: cannot open /nowhere/x: No such file or directory\n",
	     "is named");
	ok(RUN("", verb_decode, "decode", "/") == 1, "a folder is no file");
	same(errors, "frame-router: decoding /: cannot read: Is a directory\n",
	     "and named");
	ok(RUN("", verb_decode, "decode", "--wrong") == 2 &&
	           strstr(errors, "unknown option --wrong\nusage: ") != NULL,
	   "an option that it has not is wrong usage");
	ok(RUN("", verb_decode, "decode", "a", "b") == 2, "two files too");
	ok(RUN("", verb_decode, "decode", "--help") == 0 &&
	           strncmp(out, "usage: ", 7) == 0,
	   "help is no error");
}

static int count_lines(void)
{
	int lines = 0;

	for (const char *p = out; *p != '\0'; p++)
		lines += *p == '\n';
	return lines;
}

static void simulate_makes_as_many_frames_as_it_is_told(void)
{
	char first[sizeof out];

	ok(RUN("", verb_simulate, "simulate", "--count", "100", "--seed", "5") == 0 &&
	           count_lines() == 100,
	   "100 frames, at once");
	strcpy(first, out);
	ok(RUN("", verb_simulate, "simulate", "--seed=5", "--count=100",
	       "--format=hex") == 0,
	   "the same orders in another order");
	same(out, first, "make the same frames");
	ok(RUN("", verb_simulate, "simulate", "--count", "100") == 0 &&
	           strcmp(out, first) != 0,
	   "without a seed they are others each time");
	ok(RUN("", verb_simulate, "simulate", "--count", "3", "--rate", "1000", "--nodes",
	       "1", "--format", "json") == 0 &&
	           count_lines() == 3 && strncmp(out, "{\"node\":\"garden\"", 16) == 0,
	   "JSON of one node at a rate");
	ok(RUN("", verb_simulate, "simulate", "--count", "1", "--format", "ascii") == 0 &&
	           strncmp(out, "<=>", 3) == 0,
	   "ASCII frames are raw");
}

static void simulate_says_what_is_wrong(void)
{
	static const char *const wrong[][2] = {{"--nodes", "0"},    {"--nodes", "10001"},
	                                       {"--rate", "-1"},    {"--rate", "x"},
	                                       {"--count", "1x"},   {"--seed", ""},
	                                       {"--format", "xml"}, {"--speed", "1"},
	                                       {"--rate", "nan"},   {"--count", "-1"}};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		ok(RUN("", verb_simulate, "simulate", wrong[i][0], wrong[i][1]) == 2 &&
		           strstr(errors, "usage: ") != NULL && out[0] == '\0',
		   "%s %s is wrong usage", wrong[i][0], wrong[i][1]);
	ok(RUN("", verb_simulate, "simulate", "file") == 2, "it reads no file");
	ok(RUN("", verb_simulate, "simulate", "--help") == 0 &&
	           strncmp(out, "usage: ", 7) == 0,
	   "help is no error");
}

static void simulate_ends_quietly_when_nobody_reads(void)
{
	char first[100];
	int ends[2], status = -1;
	pid_t child;

	fflush(stdout);
	if (!ok(pipe(ends) == 0, "a pipe"))
		return;
	child = fork();
	if (child == 0) {
		const char *const argv[] = {"simulate", "--rate", "0", NULL};

		close(ends[0]);
		dup2(ends[1], STDOUT_FILENO);
		exit(verb_simulate(3, (char **)argv));
	}
	close(ends[1]);
	ok(read(ends[0], first, sizeof first) > 0,
	   "an endless simulation begins at once");
	close(ends[0]);
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "and ends with its reader");
}

int main(void)
{
	const char *top = getenv("top_srcdir");

	snprintf(folder, sizeof folder, "%s/core/sensors", top == NULL ? "." : top);
	decode_reads_files_and_standard_input();
	decode_says_what_is_wrong();
	simulate_makes_as_many_frames_as_it_is_told();
	simulate_says_what_is_wrong();
	simulate_ends_quietly_when_nobody_reads();
	return done();
}
