# SPDX-License-Identifier: MIT
# Prints each function longer than -v most lines between its braces (K&R: both in column 1).
FNR == 1 { inside = 0 }
/^[A-Za-z_].*\(/ && !inside { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { inside = 1; begin = FNR }
/^\}/ && inside {
	inside = 0
	if (FNR - begin - 1 > most)
		print FILENAME ":" begin ": " name "() has " FNR - begin - 1 " lines"
}
