/* SPDX-License-Identifier: MIT */
/* Tells whole bytes from torn or flipped ones; no protection against intent. */
#ifndef CORE_CHECKSUM_H
#define CORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* 64-bit FNV-1a.  Never 0, so that a file of zeros is never whole. */
uint64_t checksum(const void *bytes, size_t len);

#endif
