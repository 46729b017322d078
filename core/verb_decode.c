/* SPDX-License-Identifier: MIT */
/* frame-router decode: frames to JSON lines, without a router. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "exits.h"
#include "verb.h"

const char verb_decode_help[] =
	"usage: frame-router decode [--stream] [FILE|-] [--conf DIR] [--state DIR]\n"
	"\n"
	"Decodes frames, one a line (hexadecimal digits, raw, or JSON), to JSON lines.  "
	"Needs\n"
	"no router.  Says `line N: reason` for what it cannot decode, goes on, and ends "
	"with\n"
	"exit code 1 if there was any.\n"
	"\n"
	"  --stream     the input is a stream of raw bytes, not lines\n";

static int say_failure(const struct reason *why)
{
	fprintf(stderr, "frame-router: %s\n", why->text);
	return 1;
}

static int decode_descriptor(const struct surroundings *where, int in, bool is_stream,
                             const char *name)
{
	struct settings settings = {0};
	struct decode d = {in, stdout, stderr, is_stream, NULL};
	struct sensors *sensors;
	enum decode_result result;
	struct reason why;

	/* the operator's own sensor tables, as far as a configuration names them */
	verb_settings(&settings, where, NULL);
	if (!sensors_load(&sensors, where->sensors, settings_sensors(&settings), &why)) {
		settings_free(&settings);
		return say_failure(&why);
	}
	d.sensors = sensors;
	result = decode_run(&d, &why);
	sensors_free(sensors);
	settings_free(&settings);
	if (result == DECODE_FAILED) {
		fail_context(&why, "decoding %s", name);
		return say_failure(&why);
	}
	return result == DECODE_FINE ? 0 : 1;
}

static int decode_file(const struct surroundings *where, const char *path, bool is_stream)
{
	struct reason why;
	int code;
	int in;

	if (strcmp(path, "-") == 0)
		return decode_descriptor(where, STDIN_FILENO, is_stream,
		                         "standard input");
	in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0) {
		fail_errno(&why, "cannot open %s", path);
		return say_failure(&why);
	}
	code = decode_descriptor(where, in, is_stream, path);
	close(in);
	return code;
}

int verb_decode(int argc, char **argv)
{
	struct surroundings where;
	bool is_stream = false;
	const char *file = NULL;

	if (!verb_surroundings(&argc, argv, &where))
		return EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--stream") == 0)
			is_stream = true;
		else if ((argv[i][0] == '-' && argv[i][1] != '\0') || file != NULL)
			return verb_usage(verb_decode_help);
		else
			file = argv[i];
	}
	return decode_file(&where, file == NULL ? "-" : file, is_stream);
}
