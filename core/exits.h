/* SPDX-License-Identifier: MIT */
/* Exit codes of frame-router, of all its verbs and processes. */
#ifndef CORE_EXITS_H
#define CORE_EXITS_H

#define EXIT_FINE    0
#define EXIT_FAILED  1 /* the answer is no, or it failed */
#define EXIT_USAGE   2
#define EXIT_STORAGE 74 /* the disk or the database */
#define EXIT_RUNNING 75 /* another one runs */
#define EXIT_DENIED  77
#define EXIT_CONFIG  78 /* configuration, or a newer schema */

#endif
