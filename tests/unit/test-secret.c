/* SPDX-License-Identifier: MIT */
/* secret: credentials as systemd makes them, and processes that hold secrets. */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "account.h"
#include "tap.h"

#define SERVICE 4711
#define OTHER   4713

static char dir[] = "/tmp/test-secret-XXXXXX";
static char file[60];

/* The access list that systemd gives a credential's file or folder: its owner root, and
 * one user more, both with these rights; st_mode shows those of the mask as the group's.
 */
static bool grant(const char *path, uid_t uid, unsigned short rights)
{
	struct {
		uint32_t version;
		struct {
			uint16_t tag, rights;
			uint32_t id;
		} entry[5];
	} acl = {2,
	         {{0x01, rights, UINT32_MAX},
	          {0x02, rights, uid},
	          {0x04, 0, UINT32_MAX},
	          {0x10, rights, UINT32_MAX},
	          {0x20, 0, UINT32_MAX}}};

	return setxattr(path, "system.posix_acl_access", &acl, sizeof acl, 0) == 0;
}

/* What `user` of the group `group` reads as the credential "broker"; "" and why. */
static bool reads(uid_t user, gid_t group, struct reason *why)
{
	struct account account = {.uid = user, .gid = group};
	char path[100];
	struct buf secret = {0};
	int status = 1;

	if (fork() == 0) {
		bool is_fine = account_become(&account, why) &&
		               secret_path("broker", path, sizeof path, why) &&
		               secret_read(path, &secret, why) &&
		               strcmp(secret.data, "s3cret") == 0;

		if (!is_fine)
			printf("# %s\n", why->text);
		fflush(stdout);
		_exit(is_fine ? 0 : 1);
	}
	wait(&status);
	return status == 0;
}

static void make_credential(void)
{
	FILE *f;

	if (mkdtemp(dir) == NULL)
		abort();
	snprintf(file, sizeof file, "%s/broker", dir);
	f = fopen(file, "w");
	fputs("s3cret\n", f);
	fclose(f);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
}

static void a_credential_is_read_by_the_service_alone(void)
{
	struct reason why = {""};
	struct stat st;

	if (geteuid() != 0) {
		ok(true, "credentials of a service # SKIP needs root");
		return;
	}
	if (grant(file, SERVICE, 4) && grant(dir, SERVICE, 5) && stat(file, &st) == 0) {
		ok((st.st_mode & 07777) == 0440 && st.st_uid == 0 && st.st_gid == 0,
		   "one with an access list looks as if root's group could read it");
		ok(reads(SERVICE, SERVICE, &why), "the service reads it");
		ok(!reads(OTHER, OTHER, &why), "and nobody else");
		removexattr(file, "system.posix_acl_access");
		removexattr(dir, "system.posix_acl_access");
	} else {
		ok(true, "access lists # SKIP this file system has none");
	}
	ok(chown(file, SERVICE, 0) == 0 && chmod(file, 0400) == 0 &&
	           chown(dir, SERVICE, 0) == 0 && chmod(dir, 0500) == 0,
	   "where there are none, systemd gives it to the service");
	ok(reads(SERVICE, SERVICE, &why), "which reads it too");
	ok(!reads(OTHER, OTHER, &why), "and nobody else");
	ok(chmod(dir, 0755) == 0 && chmod(file, 0444) == 0 &&
	           !reads(SERVICE, SERVICE, &why),
	   "one that everybody could read is refused");
	ok(chown(file, OTHER, OTHER) == 0 && chmod(file, 0440) == 0 &&
	           !reads(SERVICE, OTHER, &why),
	   "and one that somebody else made");
}

static void a_process_with_secrets_leaves_none_behind(void)
{
	int status = 1;

	if (fork() == 0) {
		struct rlimit core = {1, 1};

		secret_guard();
		getrlimit(RLIMIT_CORE, &core);
#ifdef __SANITIZE_ADDRESS__
		_exit(core.rlim_max != 0);
#else
		_exit(core.rlim_max != 0 || prctl(PR_GET_DUMPABLE) != 0);
#endif
	}
	wait(&status);
	ok(status == 0, "no core file, and no look into its memory");
}

int main(void)
{
	make_credential();
	a_credential_is_read_by_the_service_alone();
	a_process_with_secrets_leaves_none_behind();
	unlink(file);
	rmdir(dir);
	return done();
}
