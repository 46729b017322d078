/* SPDX-License-Identifier: MIT */
/* sandbox: what the service may write and read, and the words that help when it may not.
 */
#include "sandbox.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define SERVICE 4711

static char dir[] = "/var/lib/test-sandbox-XXXXXX";
static struct sandbox s;
static struct reason why;

static const char *in_dir(const char *name)
{
	static char paths[4][200];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof paths[0], "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	fputs(text, f);
	fclose(f);
}

/* Reads the units again: those of etc go before those of lib. */
static void read_units(void)
{
	char etc[200], lib[200];
	const char *dirs[] = {etc, lib, NULL};

	snprintf(etc, sizeof etc, "%s/etc", dir);
	snprintf(lib, sizeof lib, "%s/lib", dir);
	sandbox_free(&s);
	sandbox_read(&s, dirs);
}

static bool may_write(const char *path)
{
	why.text[0] = '\0';
	return sandbox_may_write(&s, path, false, &why);
}

static bool may_read(const char *path)
{
	why.text[0] = '\0';
	return sandbox_may_read(&s, path, false, &why);
}

static void without_a_unit_only_rights_count(void)
{
	read_units();
	ok(!s.has_unit, "there is no unit");
	ok(may_write("/tmp/x"), "a file in /tmp can be made");
	ok(may_read("/etc/passwd"), "and /etc/passwd be read");
	ok(!may_read("/nowhere/x"), "but not what is not there");
	same(why.text, "/nowhere/x is not readable: No such file or directory",
	     "and it is said why");
}

static void a_strict_unit_leaves_little_to_write(void)
{
	write_file("lib/frame-router.service",
	           "[Unit]\nProtectSystem=no\n[Service]\nProtectSystem=strict\n"
	           "ProtectHome = yes\nPrivateTmp=yes\nStateDirectory=frame-router\n"
	           "RuntimeDirectory=frame-router\n#ReadWritePaths=/srv\n");
	read_units();
	ok(s.has_unit && s.is_strict && s.hides_home && s.has_own_tmp,
	   "what confines the service is known");
	ok(!may_write("/srv/frames.jsonl"), "a file in /srv cannot be made");
	same(why.text,
	     "/srv is not writable for the service: systemctl edit frame-router and add "
	     "[Service] ReadWritePaths=/srv",
	     "the command that allows it is told");
	ok(!may_write("/nowhere/deep/x"), "nor one in a folder that is not there");
	same(why.text,
	     "/nowhere/deep is not writable for the service: make it, and systemctl edit "
	     "frame-router and add [Service] ReadWritePaths=/nowhere/deep",
	     "which has to be made first: the service does not start without it");
	ok(may_write("/var/lib/frame-router/x") && may_write("/run/frame-router/x"),
	   "its own directories are open to it");
	ok(!may_write("/var/lib/frame-router2/x"), "not those that begin alike");
	ok(may_read("/etc/passwd"), "it may read the system");
}

static void home_and_tmp_are_not_what_they_look_like(void)
{
	ok(!may_write("/tmp/frames.jsonl"),
	   "a file in /tmp would be nowhere to be found");
	same(why.text,
	     "the service has a /tmp of its own (PrivateTmp=yes): choose another folder",
	     "as the service has one of its own");
	ok(!may_read("/var/tmp/ca.pem") && !may_read("/tmp"),
	   "nor are others' seen there");
	ok(!may_read("/home"), "homes are hidden");
	ok(!may_write("/root/frames.jsonl"), "also root's");
	same(why.text,
	     "the service cannot see /root: choose another folder, or systemctl edit "
	     "frame-router and add [Service] ProtectHome=no ReadWritePaths=/root",
	     "and what would show them is told");
}

static void a_drop_in_of_the_operator_counts(void)
{
	write_file("etc/frame-router.service.d/paths.conf",
	           "[Service]\nReadWritePaths=/srv -/opt/x \"+/mnt\"\nPrivateTmp=no\n");
	write_file("etc/frame-router.service.d/paths.conf~",
	           "[Service]\nPrivateTmp=yes\n");
	read_units();
	ok(may_write("/srv/frames.jsonl") && may_write("/srv/deep/frames.jsonl"),
	   "what it allows is allowed");
	ok(may_write("/opt/x/y") && may_write("/mnt/y") && !may_write("/opt/y"),
	   "in each way of writing it");
	ok(may_write("/tmp/x") == false &&
	           strstr(why.text, "ReadWritePaths=/tmp") != NULL,
	   "what it changes is changed");
	write_file("etc/frame-router.service", "[Service]\nProtectSystem=full\n");
	read_units();
	ok(may_write("/tmp/x") && !s.is_strict,
	   "a unit of the operator's own takes the place of ours");
}

static bool may_bind(unsigned port)
{
	why.text[0] = '\0';
	return sandbox_may_bind(&s, port, &why);
}

static void a_low_port_needs_a_capability(void)
{
	static const char allow[] =
		"[Service]\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"
		"CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n";
	unsigned first = 1024;
	FILE *f = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");

	if (f == NULL || fscanf(f, "%u", &first) != 1 || first < 2) {
		ok(true, "low ports # SKIP everybody may listen on them");
		return;
	}
	fclose(f);
	write_file("etc/frame-router.service",
	           "[Service]\nCapabilityBoundingSet=\nAmbientCapabilities=\n");
	write_file("etc/frame-router.service.d/paths.conf", "");
	read_units();
	ok(!may_bind(1), "the service has none");
	ok(strstr(why.text, "may not listen on port 1: choose another, or systemctl edit "
	                    "frame-router and add [Service] "
	                    "AmbientCapabilities=CAP_NET_BIND_SERVICE "
	                    "CapabilityBoundingSet=CAP_NET_BIND_SERVICE") != NULL,
	   "what gives it is told");
	ok(may_bind(first) && may_bind(0), "other ports are open to all");
	write_file("etc/frame-router.service.d/paths.conf", allow);
	read_units();
	ok(may_bind(1), "which does help");
	write_file("etc/frame-router.service.d/paths.conf",
	           "[Service]\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n");
	read_units();
	ok(!may_bind(1), "half of it does not");
}

static void what_systemd_makes_need_not_be_there(void)
{
	write_file("etc/frame-router.service", "[Service]\nProtectSystem=strict\n"
	                                       "RuntimeDirectory=test-sandbox-none\n");
	read_units();
	s.user = (struct account){"service", SERVICE, SERVICE};
	ok(may_write("/run/test-sandbox-none/nodes"),
	   "a folder that is made when the service starts");
	ok(!may_write("/run/nodes"), "not its neighbours");
	ok(strstr(why.text, "for the service: chown service /run, and systemctl edit") !=
	           NULL,
	   "of a folder that is somebody else's it is told");
}

static void the_rights_are_those_of_its_user(void)
{
	if (geteuid() != 0) {
		ok(true, "the rights of another user # SKIP needs root");
		return;
	}
	s.user = (struct account){"service", SERVICE, SERVICE};
	write_file("key.pem", "secret");
	chmod(in_dir("key.pem"), 0600);
	ok(!may_read(in_dir("key.pem")), "a key that only root can read");
	ok(strstr(why.text,
	          "is not readable for service (chgrp service /var/lib/test-") != NULL,
	   "is told, with the command that helps");
	ok(chmod(dir, 0755) == 0 && chown(in_dir("key.pem"), 0, SERVICE) == 0 &&
	           chmod(in_dir("key.pem"), 0640) == 0 && may_read(in_dir("key.pem")),
	   "which does help");
	ok(!may_write(in_dir("out/frames.jsonl")), "a folder that only root can write");
	ok(strstr(why.text, "is not writable for service: Permission denied") != NULL,
	   "is told");
	ok(strstr(why.text, "/out && chown service /var/lib/test-") != NULL,
	   "with what would make it");
	ok(chown(dir, SERVICE, SERVICE) == 0 && may_write(in_dir("out/frames.jsonl")),
	   "one of its own is fine");
	ok(!may_write(in_dir("key.pem")), "but for a file there that is root's");
	ok(geteuid() == 0, "and we are who we were");
}

int main(void)
{
	static const char *const names[] = {
		"etc/frame-router.service.d/paths.conf",
		"etc/frame-router.service.d/paths.conf~",
		"etc/frame-router.service.d",
		"etc/frame-router.service",
		"etc",
		"lib/frame-router.service",
		"lib",
		"key.pem",
	};

	/* not in /tmp, which is a case of its own */
	if (mkdtemp(dir) == NULL) {
		printf("1..0 # SKIP cannot write in /var/lib\n");
		return 0;
	}
	mkdir(in_dir("etc"), 0755);
	mkdir(in_dir("lib"), 0755);
	mkdir(in_dir("etc/frame-router.service.d"), 0755);
	without_a_unit_only_rights_count();
	a_strict_unit_leaves_little_to_write();
	home_and_tmp_are_not_what_they_look_like();
	a_drop_in_of_the_operator_counts();
	the_rights_are_those_of_its_user();
	a_low_port_needs_a_capability();
	what_systemd_makes_need_not_be_there();
	sandbox_free(&s);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		remove(in_dir(names[i]));
	rmdir(dir);
	return done();
}
