/* SPDX-License-Identifier: MIT */
/* A thread that may be left behind with its question. */
#include "lookup.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "deadline.h"

/* Who asks and who answers both hold it; the last to leave frees it. */
struct question {
	atomic_int holders;
	char *host;
	char port[12];
	int done_fd;             /* an eventfd: readable when there is an answer */
	atomic_bool is_answered; /* hands over what follows */
	int rc;
	int error; /* errno, when rc is EAI_SYSTEM */
	struct addrinfo *addresses;
};

static void leave(struct question *q)
{
	if (atomic_fetch_sub(&q->holders, 1) > 1)
		return;
	if (q->addresses != NULL)
		freeaddrinfo(q->addresses);
	if (q->done_fd >= 0)
		close(q->done_fd);
	free(q->host);
	free(q);
}

static int ask(const char *host, const char *port, int flags, struct addrinfo **addresses)
{
	struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | flags,
	};

	return getaddrinfo(host, port, &hints, addresses);
}

static void *answer(void *context)
{
	struct question *q = context;
	ssize_t written;

	q->rc = ask(q->host, q->port, 0, &q->addresses);
	q->error = errno;
	if (q->rc != 0)
		q->addresses = NULL;
	atomic_store(&q->is_answered, true);
	written = write(q->done_fd, &(uint64_t){1}, sizeof(uint64_t));
	assert(written > 0); /* it was empty */
	leave(q);
	return NULL;
}

static struct question *question_new(const char *host, const char *port)
{
	struct question *q = calloc(1, sizeof *q);

	if (q == NULL)
		return NULL;
	atomic_init(&q->holders, 1);
	snprintf(q->port, sizeof q->port, "%s", port);
	q->host = strdup(host);
	q->done_fd = eventfd(0, EFD_CLOEXEC);
	if (q->host != NULL && q->done_fd >= 0)
		return q;
	leave(q);
	return NULL;
}

/* Signals are for the router's thread. */
static bool start(struct question *q)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	atomic_store(&q->holders, 2);
	error = pthread_create(&thread, &attr, answer, q);
	if (error != 0)
		atomic_store(&q->holders, 1);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return error == 0;
}

struct addrinfo *lookup_host(const char *host, unsigned port, int64_t deadline_ms,
                             char *why, size_t why_len)
{
	struct addrinfo *addresses = NULL;
	struct question *q;
	struct pollfd done;
	char digits[12];

	snprintf(digits, sizeof digits, "%u", port);
	if (ask(host, digits, AI_NUMERICHOST, &addresses) == 0)
		return addresses;
	addresses = NULL;
	q = question_new(host, digits);
	if (q == NULL || !start(q)) {
		snprintf(why, why_len, "cannot look up %s: %s", host, strerror(errno));
		if (q != NULL)
			leave(q);
		return NULL;
	}
	done = (struct pollfd){.fd = q->done_fd, .events = POLLIN};
	if (deadline_poll(&done, 1, deadline_ms) <= 0 || !atomic_load(&q->is_answered))
		snprintf(why, why_len,
		         "looking up %s takes too long (is the name server there?)",
		         host);
	else if (q->rc != 0)
		snprintf(why, why_len, "cannot look up %s: %s", host,
		         q->rc == EAI_SYSTEM ? strerror(q->error) : gai_strerror(q->rc));
	else {
		addresses = q->addresses;
		q->addresses = NULL;
	}
	leave(q);
	return addresses;
}
