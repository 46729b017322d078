/* SPDX-License-Identifier: MIT */
/* Starting and ending mosquitto; up is what it says itself, not a guess.
 */
#include "mqtt_broker.h"

#include <arpa/inet.h>
#include <assert.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 10000

static const char *const programs[] = {"/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto",
                                       "/usr/bin/mosquitto"};

static const char *program(void)
{
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
		if (access(programs[i], X_OK) == 0)
			return programs[i];
	return NULL;
}

bool mqtt_broker_is_installed(void)
{
	return program() != NULL;
}

void mqtt_broker_init(struct mqtt_broker *b)
{
	const char *under = getenv("TMPDIR");

	*b = (struct mqtt_broker){.out_fd = -1, .address = "127.0.0.1"};
	snprintf(b->folder, sizeof b->folder, "%s/mqtt-test-XXXXXX",
	         under == NULL ? "/tmp" : under);
	assert(mkdtemp(b->folder) != NULL);
}

static unsigned free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert(bind(fd, (struct sockaddr *)&address, len) == 0);
	assert(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	close(fd);
	return ntohs(address.sin_port);
}

static void write_config(const struct mqtt_broker *b, const char *path)
{
	FILE *file = fopen(path, "w");
	const char *at, *next;

	assert(file != NULL);
	fprintf(file, "log_dest stderr\nlog_type information\nlog_type error\n");
	fprintf(file, "per_listener_settings false\n");
	if (geteuid() == 0)
		fprintf(file, "user root\n"); /* or it could not read its folder */
	fprintf(file, "listener %u %s\n", b->port, b->address);
	for (at = b->config; (next = strstr(at, "%s")) != NULL; at = next + 2)
		fprintf(file, "%.*s%s", (int)(next - at), at, b->folder);
	fprintf(file, "%s\n", at);
	fclose(file);
}

static void spawn(struct mqtt_broker *b, const char *config_path)
{
	int out[2];

	assert(pipe2(out, O_CLOEXEC) == 0);
	fflush(stdout);
	b->pid = fork();
	assert(b->pid >= 0);
	if (b->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		dup2(out[1], 2);
		execl(program(), "mosquitto", "-c", config_path, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	b->out_fd = out[0];
}

/* Reads until it says that it runs; false when it ends before. */
static bool is_up(struct mqtt_broker *b, char *said, size_t size)
{
	struct pollfd out = {.fd = b->out_fd, .events = POLLIN};
	size_t len = 0;
	ssize_t got;

	said[0] = '\0';
	while (len < size - 1 && poll(&out, 1, START_MS) > 0) {
		got = read(b->out_fd, said + len, size - 1 - len);
		if (got <= 0)
			return false;
		len += (size_t)got;
		said[len] = '\0';
		if (strstr(said, " running") != NULL)
			return true;
	}
	return false;
}

void mqtt_broker_kill(struct mqtt_broker *b)
{
	if (b->pid == 0)
		return;
	kill(b->pid, SIGKILL);
	waitpid(b->pid, NULL, 0);
	close(b->out_fd);
	b->pid = 0;
	b->out_fd = -1;
}

bool mqtt_broker_make_certificates(const struct mqtt_broker *b)
{
	const char *source = getenv("top_srcdir");
	char command[4400];

	snprintf(command, sizeof command,
	         "'%s/tests/integration/make-certificates.sh' '%s'",
	         source == NULL ? "." : source, b->folder);
	return system(command) == 0;
}

void mqtt_broker_start(struct mqtt_broker *b, const char *config)
{
	bool has_port = b->port != 0;
	char path[128], said[4096] = "";

	snprintf(b->config, sizeof b->config, "%s", config);
	snprintf(path, sizeof path, "%s/mosquitto.conf", b->folder);
	for (unsigned i = 0; i < 5; i++) {
		if (!has_port)
			b->port = free_port();
		write_config(b, path);
		spawn(b, path);
		if (is_up(b, said, sizeof said))
			return;
		mqtt_broker_kill(b); /* another program was faster to take the port */
	}
	printf("Bail out! mosquitto does not start: %s\n", said);
	exit(99);
}

void mqtt_broker_end(struct mqtt_broker *b)
{
	char command[128];

	mqtt_broker_kill(b);
	snprintf(command, sizeof command, "rm -rf '%s'", b->folder);
	if (system(command) != 0)
		printf("# %s stays\n", b->folder);
}
