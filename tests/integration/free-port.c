/* SPDX-License-Identifier: MIT */
/*
 * Prints a TCP port of 127.0.0.1 that nobody uses, below those that the kernel gives to
 * outgoing connections: so a server that a test stops finds its port free when it starts
 * again.  Another test may take it all the same: whoever starts a server looks whether
 * that worked, and asks again.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST 12000
#define COUNT 20000 /* up to 31999; Linux begins at 32768 */
#define TRIES 200

static int is_free(unsigned port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int code = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof address);

	if (fd >= 0)
		close(fd);
	return code == 0;
}

int main(void)
{
	uint32_t random;

	for (int i = 0; i < TRIES; i++) {
		unsigned port;

		if (getrandom(&random, sizeof random, 0) != sizeof random)
			break;
		port = FIRST + random % COUNT;
		if (is_free(port)) {
			printf("%u\n", port);
			return 0;
		}
	}
	fputs("free-port: none found\n", stderr);
	return 1;
}
