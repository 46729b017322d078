/* SPDX-License-Identifier: MIT */
/* Files that hold a secret.  Knows nothing of what it is for. */
#include "secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "trust.h"

#define SECRET_MAX 65536 /* a long key in PEM has 4 KiB */

void secret_guard(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose search for leaks looks into the process */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void secret_forget(struct buf *secret)
{
	if (secret->data != NULL)
		explicit_bzero(secret->data, secret->size);
	buf_free(secret);
}

static bool read_all(int fd, const char *path, struct buf *out, struct reason *why)
{
	static const size_t size = SECRET_MAX + 1;
	ssize_t got;

	out->data = malloc(size); /* at once: growing would leave copies behind */
	if (out->data == NULL)
		return fail(why, "out of memory");
	out->size = size;
	while ((got = read(fd, out->data + out->len, size - 1 - out->len)) != 0) {
		if (got < 0 && errno != EINTR)
			return fail_errno(why, "cannot read %s", path);
		out->len += got < 0 ? 0 : (size_t)got;
	}
	if (out->len == SECRET_MAX)
		return fail(why, "%s is too large for a secret", path);
	if (memchr(out->data, '\0', out->len) != NULL)
		return fail(why, "%s holds a NUL byte: this is no text", path);
	while (out->len > 0 && strchr("\r\n", out->data[out->len - 1]) != NULL)
		out->len--;
	out->data[out->len] = '\0';
	return out->len > 0 || fail(why, "%s is empty", path);
}

bool secret_read(const char *path, struct buf *out, struct reason *why)
{
	struct stat st;
	int fd = trust_open(path, &st, why);
	bool is_fine;

	secret_forget(out);
	if (fd < 0)
		return false;
	is_fine = trust_secret(&st, path, why) && read_all(fd, path, out, why);
	close(fd);
	if (!is_fine)
		secret_forget(out);
	return is_fine;
}

/* Who wrote it may have meant a file, or forgotten the unit. */
static bool fail_credential(const char *value, struct reason *why)
{
	return fail(why,
	            "\"%.60s\" is no path, which begins with /, so it is a systemd "
	            "credential, which is not there: the unit needs [Service] "
	            "LoadCredential=%.60s:/PATH",
	            value, value);
}

bool secret_path(const char *value, char *path, size_t size, struct reason *why)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	int len;

	if (value[0] == '/') {
		len = snprintf(path, size, "%s", value);
	} else if (strchr(value, '/') != NULL) {
		return fail(why,
		            "\"%.60s\" is neither an absolute path nor the name of a "
		            "systemd credential",
		            value);
	} else if (dir == NULL || dir[0] == '\0') {
		return fail_credential(value, why);
	} else {
		len = snprintf(path, size, "%s/%s", dir, value);
	}
	if ((size_t)len >= size)
		return fail(why, "%.60s... is too long for a path", value);
	return value[0] == '/' || access(path, F_OK) == 0 || errno != ENOENT ||
	       fail_credential(value, why);
}
