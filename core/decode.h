/* SPDX-License-Identifier: MIT */
/* Lines or a stream of raw frames in, JSON lines out: `frame-router decode`. */
#ifndef CORE_DECODE_H
#define CORE_DECODE_H

#include <stdbool.h>
#include <stdio.h>

#include "reason.h"
#include "sensors.h"

struct decode {
	int in; /* descriptor, read to its end */
	FILE *out;
	FILE *errors;
	bool is_stream; /* raw bytes, not lines */
	const struct sensors *sensors;
};

enum decode_result {
	DECODE_FINE,
	DECODE_PARTLY, /* something could not be decoded; `errors` says what */
	DECODE_FAILED, /* reading, writing or memory failed: why says so */
};

/*
 * Writes the document of each frame as one line to `out`, flushed whenever what has come
 * is done with.  To `errors` go lines "line N: what is wrong" and "line N: warning: ...";
 * in a stream "byte N: ...".
 */
enum decode_result decode_run(const struct decode *d, struct reason *why);

#endif
