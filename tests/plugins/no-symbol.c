/* SPDX-License-Identifier: MIT */
/* A shared object that is no plugin. */
#include "table.h"

EXPORT int no_symbol_at_all(void);

int no_symbol_at_all(void)
{
	const struct frame_output table = TABLE("no-symbol");

	return (int)table.abi;
}
