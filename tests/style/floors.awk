# SPDX-License-Identifier: MIT
# Reads floors.txt, then lines `core/FILE.c:#include "OTHER.h"` and `core/FILE.c:`.  Prints what
# includes a higher floor or has none, or, with -v edges=1, pairs of one floor for tsort.

# The module of a file: its stem, or as much of it up to a `_` as floors.txt knows.
function module(path, stem)
{
	stem = path
	sub(/.*\//, "", stem)
	sub(/\.[ch]$/, "", stem)
	while (!(stem in floor) && sub(/_[^_]*$/, "", stem))
		;
	return stem in floor ? stem : ""
}

FNR == NR {
	for (i = 2; $1 !~ /^#/ && i <= NF; i++)
		floor[$i] = $1
	next
}

{
	path = $0
	sub(/:.*/, "", path)
	from = module(path)
	if (from == "") {
		if (!edges && !told[path]++)
			print path ": has no floor in tests/style/floors.txt"
		next
	}
	if ($0 !~ /#[ \t]*include/)
		next
	split($0, part, /["<>]/)
	if (!(("core/" part[2]) in exists))
		next
	to = module(part[2])
	if (to == "" || to == from)
		next
	if (edges && floor[to] == floor[from])
		print from, to
	if (!edges && floor[to] > floor[from])
		print path ": floor " floor[from] " includes " part[2] " of floor " floor[to]
}

BEGIN {
	while ((getline line < headers) > 0)
		exists[line] = 1
}
