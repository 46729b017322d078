/* SPDX-License-Identifier: MIT */
/* Who a store is: its id, the one before, and the machine that it lives on. */
#ifndef CORE_STORE_IDENTITY_H
#define CORE_STORE_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "db.h"
#include "reason.h"
#include "store.h"

#define MACHINE_SIZE 17

struct store_identity {
	char id[STORE_ID_SIZE];
	char former[STORE_ID_SIZE]; /* "": none */
	char machine[MACHINE_SIZE]; /* "": not known */
};

/* Reads the row of table store; *out has id "" when there is none that is whole. */
bool identity_read(struct db *d, struct store_identity *out, struct reason *why);
/* Writes it as the only row. */
bool identity_write(struct db *d, const struct store_identity *identity,
                    struct reason *why);
/* A new id; the old one becomes `former`; the machine is this one. */
bool identity_renew(struct store_identity *identity, struct reason *why);
/* A digest of this machine's id; "" when it has none. */
void identity_machine(char out[MACHINE_SIZE]);

/*
 * The highest cursor of all places of this store or its former self.  A number that no
 * store can have reached is left out.
 */
uint64_t identity_highest_cursor(const char *state,
                                 const struct store_identity *identity);
/* Gives every place of the former store to this one, cursor and counters as they are. */
bool identity_adopt_places(const char *state, const struct store_identity *identity,
                           struct reason *why);

#endif
