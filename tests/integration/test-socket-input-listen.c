/* SPDX-License-Identifier: MIT */
/* The input "socket-input": where it listens, and who may speak there. */
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socket_peer.h"
#include "tap.h"

static bool is_socket(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void a_unix_socket_replaces_only_a_dead_one(void)
{
	const char *path = peer_path("frames.sock");
	struct input_host *h = peer_load_unix(path), *second = peer_load_unix(path);
	char want[200], aside[200];
	struct peer *p;
	FILE *f;

	ok(input_host_open(h) && mode_of(path) == 0660, "it is made with mode 0660");
	p = peer_unix(path);
	peer_say(p, "a line\n");
	ok(peer_is_ok(p, 1, 1), "and answers");
	peer_free(p);

	snprintf(want, sizeof want, "unix:%s: another program listens there", path);
	ok(!input_host_open(second), "a second one cannot take it away");
	same(input_host_why(second), want, "and says so");
	ok(is_socket(path), "the first one's file stays");
	input_host_close(h);
	ok(!is_socket(path), "it goes when it is closed");

	input_host_open(h);
	snprintf(aside, sizeof aside, "%s", peer_path("aside"));
	ok(link(path, aside) == 0, "a program that is killed leaves its file");
	input_host_close(h);
	ok(rename(aside, path) == 0 && is_socket(path) && input_host_open(second),
	   "which is replaced");
	p = peer_unix(path);
	peer_say(p, "a line\n");
	ok(peer_is_ok(p, 1, 1), "and answers again");
	peer_free(p);

	unlink(path);
	ok(input_host_open(h), "somebody else takes the name over");
	input_host_close(second);
	ok(is_socket(path), "the first one leaves that file alone");
	input_host_close(h);

	f = fopen(path, "w");
	fputs("canary", f);
	fclose(f);
	snprintf(want, sizeof want, "unix:%s: a file that is no socket has this name",
	         path);
	ok(!input_host_open(h) && mode_of(path) != 0, "a file is never replaced");
	same(input_host_why(h), want, "and the reason says so");
	unlink(path);
	input_host_free(h);
	input_host_free(second);
}

static void a_unix_socket_is_for_those_it_names(void)
{
	const char *path = peer_path("mine.sock");
	struct input_host *h = peer_load_unix(path);

	input_host_set(h, "mode", "0600");
	ok(input_host_open(h) && mode_of(path) == 0600, "mode = 0600 is obeyed");
	input_host_free(h);

	h = peer_load_unix(path);
	input_host_set(h, "group", "no-such-group");
	ok(!input_host_check(h), "an unknown group is an error: %s", input_host_why(h));
	ok(!input_host_open(h) && !is_socket(path), "and nothing listens");
	input_host_free(h);

	h = peer_load_unix(path);
	input_host_set(h, "mode", "0888");
	ok(!input_host_check(h), "a mode is octal: %s", input_host_why(h));
	input_host_free(h);
}

static void wrong_addresses_are_told_before_anything_runs(void)
{
	static const char *const bad[] = {
		"4000",
		"tcp:4000",
		"tcp:127.0.0.1",
		"tcp:127.0.0.1:",
		"tcp:127.0.0.1:65536",
		"tcp:127.0.0.1:-1",
		"tcp:127.0.0.1:1x",
		"tcp:localhost:4000",
		"tcp::4000",
		"tcp:::1:4000",
		"tcp:[::1]",
		"udp:[127.0.0.1:4000",
		"sctp:127.0.0.1:1",
		"",
		"unix:",
		"unix:frames.sock",
	};
	static const char *const good[] = {
		"tcp:0.0.0.0:0",
		"tcp:[::]:65535",
		"udp:[::1]:4000",
		"unix:/run/frames.sock",
	};
	struct input_host *h;

	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		h = peer_load();
		input_host_set(h, "listen", bad[i]);
		ok(!input_host_check(h), "'%s' is wrong: %s", bad[i], input_host_why(h));
		input_host_free(h);
	}
	h = peer_load();
	for (unsigned i = 0; i < sizeof good / sizeof good[0]; i++)
		input_host_set(h, "listen", good[i]);
	ok(input_host_check(h), "right ones are right: %s", input_host_why(h));
	ok(strstr(input_host_why(h),
	          "listen: tcp:[::]:65535 reaches beyond this machine") != NULL,
	   "that the network reaches one is told, with which it is");
	input_host_free(h);
	h = peer_load();
	input_host_set(h, "listen", "unix:/run/frames.sock");
	input_host_set(h, "listen", "udp:[::1]:4000");
	input_host_set(h, "listen", "tcp:127.1.1.1:4000");
	ok(input_host_check(h) && strcmp(input_host_why(h), "") == 0,
	   "of those of this machine nothing is");
	input_host_free(h);
}

static void several_addresses_are_one_input(void)
{
	struct input_host *h = peer_load(), *second = peer_load();
	char listen[60], want[120];
	struct peer *p;

	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	input_host_set(h, "listen", "udp:127.0.0.1:0");
	input_host_set(h, "listen", "tcp:127.0.0.1:0");
	ok(input_host_open(h), "three addresses are listened on");
	p = peer_tcp(input_host_port(h, 2));
	peer_say(p, "a\n");
	ok(peer_is_ok(p, 1, 1), "the third answers");
	peer_free(p);
	p = peer_udp(input_host_port(h, 1));
	peer_say(p, "b\n");
	ok(input_host_wait(h, 2, SOON_MS), "the second takes datagrams");
	peer_free(p);

	snprintf(listen, sizeof listen, "tcp:127.0.0.1:%d", input_host_port(h, 0));
	input_host_set(second, "listen", "tcp:127.0.0.1:0");
	input_host_set(second, "listen", listen);
	snprintf(want, sizeof want, "%s: Address already in use", listen);
	ok(!input_host_open(second), "a port that is taken is an error");
	same(input_host_why(second), want, "which names it");
	input_host_free(second);
	input_host_free(h);
}

static void ipv6_is_spoken(void)
{
	struct input_host *h = peer_load();

	input_host_set(h, "listen", "tcp:[::1]:0");
	if (!input_host_open(h))
		ok(true, "IPv6 # SKIP %s", input_host_why(h));
	else
		ok(input_host_logged(h, "listening on tcp:[::1]:", SOON_MS),
		   "the log names the address and port");
	input_host_free(h);
}

int main(void)
{
	alarm(240); /* rather dead than hanging */
	a_unix_socket_replaces_only_a_dead_one();
	a_unix_socket_is_for_those_it_names();
	wrong_addresses_are_told_before_anything_runs();
	several_addresses_are_one_input();
	ipv6_is_spoken();
	peer_end();
	return done();
}
