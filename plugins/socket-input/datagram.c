/* SPDX-License-Identifier: MIT */
/* Datagrams and their lines. */
#include "datagram.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static void look_for_drops(struct datagram *d, struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL;
	     c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL)
			memcpy(&d->dropped, CMSG_DATA(c), sizeof d->dropped);
}

bool datagram_read(struct datagram *d, int fd)
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(sizeof(uint32_t))];
	} control;
	struct iovec into = {.iov_base = d->data, .iov_len = sizeof d->data};
	struct msghdr message = {
		.msg_iov = &into,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t n;

	do
		n = recvmsg(fd, &message, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	d->at = 0;
	d->len = n < 0 ? 0 : (size_t)n;
	if (n < 0)
		return false;
	look_for_drops(d, &message);
	return true;
}

bool datagram_next(struct datagram *d, client_line_length *line_length,
                   const uint8_t **line, size_t *len)
{
	size_t whole;

	if (d->at == d->len)
		return false;
	*line = d->data + d->at;
	whole = line_length(*line, d->len - d->at);
	if (whole == 0)
		whole = d->len - d->at;
	*len = client_without_end(*line, whole);
	d->at += whole;
	return true;
}
