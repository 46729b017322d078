/* SPDX-License-Identifier: MIT */
/* account: root in a folder of somebody else. */
#include "account.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define SERVICE 4711

static char dir[] = "/tmp/test-account-XXXXXX";
static struct reason why;

static void a_user_is_found_by_name(void)
{
	struct account root;

	ok(account_find(&root, "root") && root.uid == 0 && root.gid == 0, "root");
	ok(!account_find(&root, "no such user") && root.name[0] == '\0',
	   "and one that is not there is not");
}

static void root_becomes_the_owner(void)
{
	int status = 1;

	if (fork() == 0) {
		bool is_fine = account_become_owner(dir, &why) && geteuid() == SERVICE &&
		               getuid() == SERVICE && getegid() == SERVICE &&
		               getgroups(0, NULL) == 1 && setuid(0) != 0;

		_exit(is_fine ? 0 : 1);
	}
	wait(&status);
	ok(status == 0, "of a folder that is not root's, and cannot go back");
	ok(!account_is_ours(dir, &why), "what cannot change its user is refused");
	same(strchr(why.text, ' '),
	     " belongs to 4711, and root would shut it out: systemctl start "
	     "frame-router, or runuser -u 4711 -- frame-router run",
	     "with the command that helps");
}

static void what_is_ours_stays_ours(void)
{
	ok(account_become_owner(dir, &why) && account_is_ours(dir, &why),
	   "a folder of ours changes nothing");
	ok(account_become_owner("/nowhere", &why) && account_is_ours("/nowhere", &why),
	   "nor does one that is still to be made");
}

int main(void)
{
	if (!ok(mkdtemp(dir) != NULL, "a folder"))
		return done();
	a_user_is_found_by_name();
	what_is_ours_stays_ours();
	if (geteuid() == 0 && chown(dir, SERVICE, SERVICE) == 0)
		root_becomes_the_owner();
	else
		ok(true, "root in another's folder # SKIP needs root");
	rmdir(dir);
	return done();
}
