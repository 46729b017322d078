/* SPDX-License-Identifier: MIT */
/*
 * manager SOCKET FILE: a service manager's end of sd_notify(3).  Appends each message as
 * a line to the file, its line ends as blanks, until it is killed; "ready" on stdout.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char text[2000];
	ssize_t len;
	int fd, out;

	if (argc != 3 || strlen(argv[1]) >= sizeof address.sun_path)
		return 2;
	memcpy(address.sun_path, argv[1], strlen(argv[1]) + 1);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	out = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || out < 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
		perror(argv[1]);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while ((len = recv(fd, text, sizeof text - 1, 0)) >= 0) {
		for (ssize_t i = 0; i < len; i++)
			if (text[i] == '\n')
				text[i] = ' ';
		text[len] = '\n';
		if (write(out, text, (size_t)len + 1) < 0)
			break;
	}
	return 1;
}
