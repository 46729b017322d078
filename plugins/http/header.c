/* SPDX-License-Identifier: MIT */
/* What may stand in a header line. */
#include "header.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const own[] = {
	"Connection", "Content-Length",    "Expect",  "Host", "Idempotency-Key",
	"TE",         "Transfer-Encoding", "Upgrade",
};

bool header_is_value(const char *value)
{
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') || *value == 0x7F)
			return false;
	return true;
}

bool header_is(const char *line, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(line, name, len) == 0 && line[len] == ':';
}

bool header_check(const char *line, char *why, size_t why_len)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
	size_t len = strspn(line, token);

	if (!header_is_value(line)) {
		snprintf(why, why_len, "header %.*s has a control character", (int)len,
		         line);
		return false;
	}
	if (len == 0 || line[len] != ':') {
		snprintf(why, why_len, "header is no \"Name: value\": %.100s", line);
		return false;
	}
	if (line[len + 1 + strspn(line + len + 1, " \t")] == '\0') {
		snprintf(why, why_len, "header %.100s has no value", line);
		return false;
	}
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		if (header_is(line, own[i])) {
			snprintf(why, why_len,
			         "header %s is made by the output itself: leave it out",
			         own[i]);
			return false;
		}
	}
	return true;
}
