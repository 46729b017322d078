/* SPDX-License-Identifier: MIT */
/* control: requests and answers over the socket, and what strangers may send. */
#include "control.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tap.h"

static struct control control;
static atomic_int calls; /* served by a thread of its own */
static atomic_bool is_ready = true;

static bool answer(void *context, const char *line, uint64_t *ticket, struct buf *reply)
{
	(void)context;
	(void)ticket;
	calls++;
	if (!is_ready)
		return false;
	buf_format(reply, "you said %s\n", line);
	return true;
}

/* Serves until the flag at `context` is set. */
static void *serve(void *context)
{
	struct pollfd fds[CONTROL_FDS];
	atomic_bool *is_over = context;

	while (!*is_over) {
		poll(fds, control_poll_fds(&control, fds), 10);
		control_serve(&control, answer, NULL);
	}
	return NULL;
}

static int raw_client(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		return -1;
	return fd;
}

static void a_question_gets_its_answer(const char *path)
{
	struct reason why = {""};
	struct buf reply = {0};

	ok(control_ask(path, "status", 5000, &reply, &why) == CONTROL_ANSWERED,
	   "a question is answered: %s", why.text);
	same(buf_string(&reply), "you said status\n", "with what was asked for");
	buf_free(&reply);
	ok(control_ask("/nonexistent/control", "status", 5000, &reply, &why) ==
	           CONTROL_NOBODY,
	   "where nobody listens, the answer is no");
	ok(strstr(why.text, "No such file") != NULL, "with the reason: %s", why.text);
}

static void nonsense_disturbs_nobody(const char *path)
{
	static char flood[3 * CONTROL_LINE];
	int clients[CONTROL_CLIENTS + 4], before = calls;
	struct reason why = {""};
	struct buf reply = {0};
	char byte;

	memset(flood, 'x', sizeof flood);
	clients[0] = raw_client(path);
	ok(send(clients[0], flood, sizeof flood, MSG_NOSIGNAL) != 0 &&
	           read(clients[0], &byte, 1) <= 0,
	   "a line without an end is cut off");
	close(clients[0]);
	clients[0] = raw_client(path);
	close(clients[0]);
	ok(control_ask(path, "still there?", 5000, &reply, &why) == CONTROL_ANSWERED &&
	           calls == before + 1,
	   "neither that nor a client that leaves was taken for a question");
	buf_free(&reply);
	for (int i = 0; i < CONTROL_CLIENTS + 4; i++)
		clients[i] = raw_client(path);
	/* the last of them found no room */
	ok(control_ask(path, "status", 300, &reply, &why) == CONTROL_SILENT,
	   "where too many ask, nobody says that no router runs: %s", why.text);
	for (int i = 0; i < CONTROL_CLIENTS + 4; i++)
		close(clients[i]);
	ok(control_ask(path, "status", 20000, &reply, &why) == CONTROL_ANSWERED,
	   "who waits is let in %s", why.text);
	same(buf_string(&reply), "you said status\n",
	     "when they are gone, others are heard");
	buf_free(&reply);
}

static void *become_ready(void *context)
{
	(void)context;
	usleep(50000);
	is_ready = true;
	return NULL;
}

static void an_answer_may_take_time(const char *path)
{
	struct reason why = {""};
	struct buf reply = {0};
	int before = calls;
	pthread_t thread;

	is_ready = false;
	pthread_create(&thread, NULL, become_ready, NULL);
	ok(control_ask(path, "stop archive", 5000, &reply, &why) == CONTROL_ANSWERED,
	   "a slow request is answered, too");
	same(buf_string(&reply), "you said stop archive\n", "when it has come about");
	ok(calls > before + 1, "it was asked for again and again");
	pthread_join(thread, NULL);
	buf_free(&reply);
}

static void an_answer_is_not_waited_for_without_end(const char *path)
{
	struct reason why = {""};
	struct buf reply = {0};

	is_ready = false;
	ok(control_ask(path, "stop archive", 100, &reply, &why) == CONTROL_SILENT,
	   "who asks goes on with his life");
	same(why.text, "the router did not answer in time", "and says why");
	is_ready = true;
	buf_free(&reply);
}

int main(void)
{
	char folder[] = "/tmp/frame-router-control.XXXXXX";
	struct reason why = {""};
	atomic_bool is_over = false;
	pthread_t thread;
	char path[100];

	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/control", folder);
	ok(control_open(&control, path, &why), "the socket is made %s", why.text);
	pthread_create(&thread, NULL, serve, &is_over);
	a_question_gets_its_answer(path);
	nonsense_disturbs_nobody(path);
	an_answer_may_take_time(path);
	an_answer_is_not_waited_for_without_end(path);
	is_over = true;
	pthread_join(thread, NULL);
	control_close(&control);
	ok(access(path, F_OK) != 0, "it is gone at the end");
	rmdir(folder);
	return done();
}
