/* SPDX-License-Identifier: MIT */
/* A float32 as text: the fewest digits that give the same float32 again. */
#ifndef CORE_FLOAT32_H
#define CORE_FLOAT32_H

#include <stddef.h>

#define FLOAT32_TEXT_SIZE 40

/*
 * Writes a finite number and NUL; returns the length.  Of several texts with the fewest
 * digits it is the nearest.  Plain for 1e-7 < |number| < 1e21 ("19.94", "100857.5",
 * "-0.886233"), else with an exponent ("1e-7", "1.5e+21"), as RFC 8785 writes numbers,
 * but for "-0".  Always JSON, whatever the locale.
 */
size_t float32_text(char out[FLOAT32_TEXT_SIZE], float number);

#endif
