/* SPDX-License-Identifier: MIT */
/* frame-router decode: frames to JSON lines, without a router. */
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "verb.h"

#define USAGE "usage: frame-router decode [--stream] [FILE|-]\n"

static int complain(const struct reason *why)
{
	fprintf(stderr, "frame-router: %s\n", why->text);
	return 1;
}

static int decode_descriptor(int in, bool is_stream, const char *name)
{
	struct decode d = {in, stdout, stderr, is_stream, NULL};
	struct sensors *sensors;
	enum decode_result result;
	struct reason why;

	if (!sensors_load(&sensors, verb_sensor_folder(), verb_sensor_files(), &why))
		return complain(&why);
	d.sensors = sensors;
	result = decode_run(&d, &why);
	sensors_free(sensors);
	if (result == DECODE_FAILED) {
		fail_context(&why, "decoding %s", name);
		return complain(&why);
	}
	return result == DECODE_FINE ? 0 : 1;
}

static int decode_file(const char *path, bool is_stream)
{
	struct reason why;
	int code;
	int in;

	if (strcmp(path, "-") == 0)
		return decode_descriptor(STDIN_FILENO, is_stream, "standard input");
	in = open(path, O_RDONLY | O_CLOEXEC);
	if (in < 0) {
		fail_errno(&why, "cannot open %s", path);
		return complain(&why);
	}
	code = decode_descriptor(in, is_stream, path);
	close(in);
	return code;
}

int verb_decode(int argc, char **argv)
{
	static const struct option options[] = {
		{"stream", no_argument, NULL, 's'},
		{"conf", required_argument, NULL, 'c'},  /* main has looked at */
		{"state", required_argument, NULL, 'c'}, /* these two */
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	bool is_stream = false;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(USAGE, stdout);
			return 0;
		}
		if (option == '?') {
			fprintf(stderr, "frame-router: decode: unknown option %s\n" USAGE,
			        argv[optind - 1]);
			return 2;
		}
		is_stream = is_stream || option == 's';
	}
	if (argc - optind > 1) {
		fputs("frame-router: decode: more than one file\n" USAGE, stderr);
		return 2;
	}
	return decode_file(optind < argc ? argv[optind] : "-", is_stream);
}
