/* SPDX-License-Identifier: MIT */
/* trust: whose files are taken, and who else may write or read them. */
#include "trust.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "tap.h"

static struct reason why;

static struct stat file_of(uid_t owner, gid_t group, mode_t mode)
{
	return (struct stat){.st_uid = owner, .st_gid = group, .st_mode = S_IFREG | mode};
}

static bool is_trusted(uid_t owner, gid_t group, mode_t mode)
{
	struct stat st = file_of(owner, group, mode);

	return trust_file(&st, "/a/file", &why);
}

static bool is_secret(uid_t owner, gid_t group, mode_t mode)
{
	struct stat st = file_of(owner, group, mode);

	return trust_secret(&st, "/a/file", &why);
}

static void an_owner_is_root_or_us(void)
{
	ok(is_trusted(0, 0, 0644), "root's file is trusted");
	ok(is_trusted(geteuid(), getegid(), 0644), "so is ours");
	ok(!is_trusted(4711, 4711, 0600), "somebody else's is not");
	same(why.text,
	     "/a/file belongs to user 4711; it must be root's or that of the user who "
	     "runs "
	     "the router",
	     "and it is said what it should be");
}

static void others_must_not_write(void)
{
	ok(!is_trusted(0, 0, 0602), "a file that everybody can write");
	same(why.text, "/a/file can be written by others (chmod go-w /a/file)",
	     "with the command that helps");
	ok(!is_trusted(0, 4711, 0620), "one that a group can write");
	ok(is_trusted(0, 4711, 0644), "reading is no writing");
}

/* Whether this machine has the user of the service, and we look at files for it. */
static bool has_service(void)
{
	struct account service;

	return geteuid() == 0 && account_find(&service, ACCOUNT_SERVICE);
}

static void others_must_not_read_a_secret(void)
{
	ok(is_secret(0, 0, 0600) && is_secret(0, 0, 0400), "0600 and 0400 are safe");
	ok(!is_secret(0, 0, 0604), "a secret that everybody can read");
	same(why.text,
	     has_service() ? "/a/file holds a secret and can be read by others (chgrp "
	                     "frame-router /a/file && chmod 640 /a/file)"
	                   : "/a/file holds a secret and can be read by others (chmod "
	                     "600 /a/file)",
	     "with the command that helps");
	ok(!is_secret(0, 4711, 0640), "one that a group can read");
	ok(!is_secret(0, 0, 0602), "one that others can write");
}

static void a_service_user_trusts_its_own_group(void)
{
	if (geteuid() != 0 || setegid(4712) != 0 || seteuid(4711) != 0) {
		ok(true, "the group of a service user # SKIP needs root");
		return;
	}
	ok(is_trusted(4711, 4712, 0660), "an ordinary user's own group may write");
	ok(is_secret(0, 4712, 0640), "and read what root wrote for it");
	ok(is_secret(0, 0, 0440), "a systemd credential looks like root's group");
	ok(!is_trusted(0, 0, 0660), "which still must not write");
	ok(!is_trusted(4713, 4712, 0600), "other users of the group are others");
	ok(!is_secret(4711, 4713, 0640), "and so are other groups");
	ok(seteuid(0) == 0 && setegid(0) == 0, "root again");
	ok(!is_trusted(0, 0, 0660), "root's group is no private one");
}

/* Root checks a configuration that the service will read. */
static void root_knows_the_group_of_the_service(void)
{
	struct account service;

	if (!has_service() || !account_find(&service, ACCOUNT_SERVICE)) {
		ok(true, "the group of the service # SKIP there is no such user here");
		return;
	}
	ok(is_secret(0, service.gid, 0640), "which may read a secret");
	ok(!is_secret(0, service.gid, 0660), "but not write what root reads");
	ok(!is_secret(0, service.gid, 0644), "and nobody else may read it");
	same(why.text,
	     "/a/file holds a secret and can be read by others (chgrp frame-router "
	     "/a/file && chmod 640 /a/file)",
	     "the advice does not shut the service out");
	ok(!is_trusted(service.uid, service.gid, 0600),
	   "what belongs to the service is not root's to trust");
}

static void folders_are_looked_at_as_files_are(void)
{
	char dir[] = "/tmp/test-trust-XXXXXX";
	char path[100];

	if (!ok(mkdtemp(dir) != NULL, "a folder"))
		return;
	snprintf(path, sizeof path, "%s/file", dir);
	ok(trust_folder_of(path, &why), "of ours is fine");
	chmod(dir, 0702);
	ok(!trust_folder_of(path, &why) && strstr(why.text, dir) != NULL,
	   "one that others can write is not");
	ok(!trust_folder_of("/tmp/file", &why), "nor is /tmp, for all its sticky bit");
	ok(trust_folder_of("/file", &why), "the root is");
	rmdir(dir);
	ok(!trust_folder_of(path, &why) && strstr(why.text, "No such file") != NULL,
	   "nor one that is not there");
}

static void only_regular_files_are_opened(void)
{
	struct stat st;
	int fd = trust_open("/proc/self/exe", &st, &why);

	ok(fd >= 0 && S_ISREG(st.st_mode), "a file is opened");
	close(fd);
	ok(trust_open("/", &st, &why) < 0 &&
	           strcmp(why.text, "/ is a folder, no file") == 0,
	   "a folder is not");
	ok(trust_open("/dev/null", &st, &why) < 0 &&
	           strcmp(why.text, "/dev/null is no regular file") == 0,
	   "nor a device");
	ok(trust_open("/nowhere", &st, &why) < 0 &&
	           strstr(why.text, "No such file") != NULL,
	   "nor what is not there");
}

int main(void)
{
	an_owner_is_root_or_us();
	others_must_not_write();
	others_must_not_read_a_secret();
	a_service_user_trusts_its_own_group();
	root_knows_the_group_of_the_service();
	folders_are_looked_at_as_files_are();
	only_regular_files_are_opened();
	return done();
}
