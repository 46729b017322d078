/* SPDX-License-Identifier: MIT */
/*
 * The mqtt output with names: a name server that is silent, a name with several
 * addresses.  In namespaces of its own, with its own /etc/hosts, /etc/resolv.conf and
 * loopback.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mqtt_broker.h"
#include "mqtt_plugin.h"
#include "tap.h"

static struct mqtt_broker broker;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	bool is_written =
		fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_written;
}

static bool raise_loopback(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool is_up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;

	close(fd);
	return is_up;
}

/* `text` in the place of a file of the system, for this process and its children. */
static bool replace_file(const char *path, const char *name, const char *text)
{
	char own[128];

	snprintf(own, sizeof own, "%s/%s", broker.folder, name);
	return write_file(own, text) && mount(own, path, NULL, MS_BIND, NULL) == 0;
}

static bool enter_namespaces(void)
{
	char map[64];
	unsigned uid = getuid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0)
		return false;
	snprintf(map, sizeof map, "0 %u 1", uid);
	return write_file("/proc/self/uid_map", map) &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       raise_loopback() &&
	       replace_file("/etc/hosts", "hosts",
	                    "127.0.0.1 localhost\n"
	                    "127.0.0.2 twofold.test\n127.0.0.1 twofold.test\n") &&
	       replace_file("/etc/resolv.conf", "resolv.conf",
	                    "nameserver 127.0.0.1\n") &&
	       replace_file("/etc/nsswitch.conf", "nsswitch.conf", "hosts: files dns\n");
}

static int bind_to(int type, const char *address, unsigned port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &to.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
	if (bind(fd, (struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Drops SYNs: its queue is full, and nobody accepts. */
static void make_hole(const char *address, unsigned port, int filler[3])
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	int hole = bind_to(SOCK_STREAM, address, port);

	inet_pton(AF_INET, address, &to.sin_addr);
	listen(hole, 0);
	filler[0] = hole;
	for (unsigned i = 1; i < 3; i++) {
		filler[i] =
			socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (connect(filler[i], (struct sockaddr *)&to, sizeof to) < 0)
			continue; /* in progress, or swallowed already */
	}
}

static void a_silent_name_server_costs_the_timeout_only(void)
{
	int server = bind_to(SOCK_DGRAM, "127.0.0.1", 53);
	struct plugin_host *host = mqtt_plugin(broker.port, "700ms");
	int64_t start_ms = plugin_host_now_ms();

	plugin_host_set(host, "host", "broker.test");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "looking up broker.test takes too long"),
	   "a name server that does not answer is named as the reason");
	ok(plugin_host_now_ms() - start_ms < 2000,
	   "after the timeout, not after half a minute");
	plugin_host_set(host, "host", "localhost");
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, 100, "t", 5000),
	   "while that question hangs, the next connection works");
	plugin_host_free(host);
	close(server);
}

static void a_name_that_nobody_knows_is_named(void)
{
	struct plugin_host *host = mqtt_plugin(broker.port, "5s");

	plugin_host_set(host, "host", "broker.test");
	ok(!plugin_host_open(host) &&
	           says(plugin_host_why(host), "cannot look up broker.test"),
	   "a name without an address is named");
	plugin_host_free(host);
}

/* The resolver puts 127.0.0.1 first, as nearer to our own address. */
static void the_second_address_is_tried(const char *text, bool has_hole)
{
	struct plugin_host *host;
	bool is_tls = strcmp(text, "TLS") == 0;
	int64_t start_ms;
	int filler[3];
	char ca_file[128];

	mqtt_broker_kill(&broker);
	if (has_hole)
		make_hole("127.0.0.1", broker.port, filler);
	broker.address = "127.0.0.2";
	mqtt_broker_start(&broker,
	                  !is_tls ? "allow_anonymous true\n"
	                          : "allow_anonymous true\ncertfile %s/good.pem\n"
	                            "keyfile %s/good.key\n");
	host = mqtt_plugin(broker.port, "3s");
	plugin_host_set(host, "host", "twofold.test");
	if (is_tls) {
		snprintf(ca_file, sizeof ca_file, "%s/authority.pem", broker.folder);
		plugin_host_set(host, "tls", "yes");
		plugin_host_set(host, "ca_file", ca_file);
	}
	start_ms = plugin_host_now_ms();
	ok(plugin_host_open(host) && plugin_host_drive(host, 1, 500, "t", 5000) &&
	           plugin_host_now_ms() - start_ms >= (has_hole ? 1400 : 0),
	   "%s: where the first address %s, the second one is used", text,
	   has_hole ? "swallows packets" : "refuses");
	if (plugin_host_why(host)[0] != '\0')
		printf("# %s\n", plugin_host_why(host));
	plugin_host_free(host);
	for (unsigned i = 0; has_hole && i < 3; i++)
		close(filler[i]);
}

int main(void)
{
	if (!mqtt_broker_is_installed()) {
		printf("1..0 # SKIP mosquitto is not installed\n");
		return 0;
	}
	mqtt_broker_init(&broker);
	if (!enter_namespaces()) {
		mqtt_broker_end(&broker);
		printf("1..0 # SKIP no namespaces of our own can be made here\n");
		return 0;
	}
	mqtt_broker_start(&broker, "allow_anonymous true\n");
	a_name_that_nobody_knows_is_named();
	a_silent_name_server_costs_the_timeout_only();
	the_second_address_is_tried("plain", false);
	the_second_address_is_tried("plain", true);
	if (mqtt_broker_make_certificates(&broker)) {
		the_second_address_is_tried("TLS", false);
		the_second_address_is_tried("TLS", true);
	}
	mqtt_broker_end(&broker);
	return done();
}
