/* SPDX-License-Identifier: MIT */
/* The words of an answer. */
#ifndef SOCKET_INPUT_ANSWER_H
#define SOCKET_INPUT_ANSWER_H

#include <frame_input.h>

#include <stddef.h>

#define ANSWER_MAX 640 /* bytes of an answer; a longer reason is cut */

/* Writes the line, LF at its end, and returns its length. */
size_t answer_write(char line[ANSWER_MAX], enum frame_answer answer, uint64_t id,
                    const char *text);

#endif
