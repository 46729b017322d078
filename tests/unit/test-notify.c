/* SPDX-License-Identifier: MIT */
/* notify: what a service manager hears, on a real socket. */
#include "notify.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "tap.h"

static struct notify n;
static struct reason why;
static int64_t now;

static int64_t fake(void)
{
	return now;
}

/* A manager that listens: at a path, or behind an `@` without one. */
static int listen_at(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len = (socklen_t)(sizeof address.sun_family + strlen(name));
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, name, strlen(name) + 1);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	else
		len++;
	if (bind(fd, (struct sockaddr *)&address, len) != 0)
		return -1;
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

/* The next message, "" when there is none. */
static const char *heard(int fd)
{
	static char text[500];
	ssize_t len = recv(fd, text, sizeof text - 1, 0);

	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static void a_manager_hears_how_it_goes(int fd)
{
	ok(notify_open(&n, &why) && n.fd >= 0, "the manager is found");
	ok(getenv("NOTIFY_SOCKET") == NULL, "a child cannot speak for us");
	ok((fcntl(n.fd, F_GETFD) & FD_CLOEXEC) != 0, "nor has it the socket");
	notify_ready(&n);
	same(heard(fd), "READY=1", "it hears when all runs");
	notify_status(&n, "%u of %u running", 3, 3);
	same(heard(fd), "STATUS=3 of 3 running", "how it is");
	notify_status(&n, "3 of 3 running");
	same(heard(fd), "", "the same is not said again");
	notify_status(&n, "2 of 3 running; x: a\nREADY=1");
	same(heard(fd), "STATUS=2 of 3 running; x: a READY=1",
	     "no words of a far side become a message of their own");
	notify_extend(&n, 60000);
	same(heard(fd), "EXTEND_TIMEOUT_USEC=60000000", "that more time is needed");
	now = 123;
	notify_reloading(&n);
	same(heard(fd), "RELOADING=1\nMONOTONIC_USEC=124000",
	     "when a reload began, not before it was asked for");
	notify_stopping(&n);
	same(heard(fd), "STOPPING=1", "and that it ends");
}

static void the_watchdog_is_fed_twice_in_its_time(int fd)
{
	char text[24];

	snprintf(text, sizeof text, "%d", (int)getpid());
	setenv("WATCHDOG_PID", text, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	notify_open(&n, &why);
	ok(getenv("WATCHDOG_USEC") == NULL && getenv("WATCHDOG_PID") == NULL,
	   "no child thinks that it is watched");
	now = 1000;
	notify_alive(&n, now);
	same(heard(fd), "WATCHDOG=1", "at once");
	ok(notify_next(&n) == 16000, "and again after half of the time");
	notify_alive(&n, 15999);
	same(heard(fd), "", "not before");
	notify_alive(&n, 16001);
	same(heard(fd), "WATCHDOG=1", "but then");
	notify_close(&n);
}

static void a_watchdog_of_another_process_is_not_ours(int fd)
{
	setenv("WATCHDOG_PID", "1", 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	notify_open(&n, &why);
	ok(notify_next(&n) == INT64_MAX, "there is nothing to wake up for");
	notify_alive(&n, INT64_MAX - 1);
	same(heard(fd), "", "and nothing is said");
	notify_close(&n);
}

/* What a wait is for: ends when the manager has heard that we are patient and live. */
static int work(int manager, int out)
{
	bool is_extended = false, is_alive = false;

	while (!is_extended || !is_alive) {
		const char *text = heard(manager);

		is_extended |= strcmp(text, "EXTEND_TIMEOUT_USEC=60000000") == 0;
		is_alive |= strcmp(text, "WATCHDOG=1") == 0;
		usleep(100);
	}
	return write(out, "x", 1) == 1 ? 0 : 1;
}

static void a_long_wait_is_told(int fd)
{
	int fds[2], status = 1;
	pid_t child;

	setenv("WATCHDOG_USEC", "4000", 1); /* 2 ms each */
	if (!notify_open(&n, &why) || pipe(fds) != 0)
		return;
	child = fork();
	if (child == 0)
		_exit(work(fd, fds[1]));
	notify_wait(&n, fds[0]);
	ok(waitpid(child, &status, 0) == child && status == 0,
	   "a wait ends with its work, and the manager was kept patient");
	while (*heard(fd) != '\0')
		;
	close(fds[0]);
	close(fds[1]);
	notify_close(&n);
}

static void without_a_manager_nothing_is_done(void)
{
	unsetenv("NOTIFY_SOCKET");
	setenv("WATCHDOG_USEC", "1000000", 1);
	ok(notify_open(&n, &why) && n.fd < 0, "there is none");
	ok(notify_next(&n) == INT64_MAX, "an idle router stays idle");
	notify_ready(&n);
	notify_status(&n, "alone");
	notify_wait(&n, 0);
	ok(n.status[0] == '\0', "and all calls return at once");
	setenv("NOTIFY_SOCKET", "nonsense", 1);
	ok(!notify_open(&n, &why) && n.fd < 0, "an address that is none");
	same(why.text, "NOTIFY_SOCKET=nonsense is no socket's address", "is told");
}

int main(void)
{
	char path[] = "/tmp/test-notify-XXXXXX";
	char name[60];
	int fd;

	clock_replace(fake, NULL);
	if (mkdtemp(path) == NULL)
		return 1;
	snprintf(name, sizeof name, "%s/socket", path);
	fd = listen_at(name);
	if (!ok(fd >= 0, "a manager listens at a path"))
		return done();
	a_manager_hears_how_it_goes(fd);
	notify_close(&n);
	setenv("NOTIFY_SOCKET", name, 1);
	the_watchdog_is_fed_twice_in_its_time(fd);
	setenv("NOTIFY_SOCKET", name, 1);
	a_watchdog_of_another_process_is_not_ours(fd);
	unsetenv("WATCHDOG_PID");
	setenv("NOTIFY_SOCKET", name, 1);
	a_long_wait_is_told(fd);
	close(fd);
	unlink(name);
	rmdir(path);

	snprintf(name, sizeof name, "@test-notify-%d", (int)getpid());
	fd = listen_at(name);
	ok(fd >= 0 && notify_open(&n, &why), "a manager without a path");
	notify_ready(&n);
	same(heard(fd), "READY=1", "is reached as well");
	notify_close(&n);
	close(fd);
	without_a_manager_nothing_is_done();
	return done();
}
