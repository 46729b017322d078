/* SPDX-License-Identifier: MIT */
/*
 * Makes the store and checks it before anybody works with it: schema and its version,
 * store id and machine, oldest and newest rows, high-water mark, id sequence.  A database
 * that proves corrupt is set aside, and what can be read of it is salvaged.  Run once,
 * alone, by the supervisor's helper.
 */
#ifndef CORE_STORE_PREPARE_H
#define CORE_STORE_PREPARE_H

#include <stdbool.h>

#include "reason.h"

enum prepare_result {
	PREPARE_FINE,
	PREPARE_FAILED, /* storage: exit code 74 */
	PREPARE_NEWER,  /* a newer schema, left untouched: exit code 78 */
};

/*
 * Makes folders and files under `state` as needed.  Says on the log what it found and
 * mended.  The machine is known by /etc/machine-id, or by the file that
 * FRAME_ROUTER_MACHINE_ID names in the environment.
 */
enum prepare_result store_prepare(const char *state, struct reason *why);

#endif
