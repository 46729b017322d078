/* SPDX-License-Identifier: MIT */
/* Requests and responses. */
#include "web.h"

#include <microhttpd.h>
#include <stdarg.h>
#include <string.h>

#include "body.h"
#include "form.h"
#include "gate.h"
#include "head.h"
#include "token.h"

#define MEMORY_MAX    32768 /* of a connection, for its request's head and parameters */
#define RUNS_MAX      4     /* in one go */
#define TOKEN_MS      1000  /* a token that was changed holds at the latest then */
#define RETRY_AFTER_S "5"

/* --- responses --------------------------------------------------------------- */

static void add_headers(struct MHD_Response *response, const struct reply *reply,
                        unsigned status, bool is_last)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE,
	                        reply_type(reply));
	/* a GET that stores must not be answered by anybody between */
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER,
		                        RETRY_AFTER_S);
	if (status == MHD_HTTP_UNAUTHORIZED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
		                        "Bearer realm=\"frame-router\"");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW,
		                        "GET, HEAD, POST, PUT");
	if (is_last)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

/* Sends the reply.  MHD_NO breaks the connection off: better no answer than half. */
static enum MHD_Result respond(struct server *s, struct client *c, unsigned status,
                               bool is_last)
{
	const struct reply *reply = &c->request.reply;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (reply->failed)
		return MHD_NO;
	response = MHD_create_response_from_buffer(reply->len, reply->text,
	                                           MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return MHD_NO;
	add_headers(response, reply, status, is_last);
	result = MHD_queue_response(c->connection, status, response);
	MHD_destroy_response(response);
	gate_move(s, c, CLIENT_ANSWER);
	return result;
}

static enum MHD_Result refuse(struct server *s, struct client *c,
                              const struct refusal *refusal)
{
	enum head_body type = head_body(c->connection);
	bool is_json = c->request.reply.is_json || type == HEAD_BODY_JSON ||
	               type == HEAD_BODY_JSON_LINES;

	server_grumble(s, &s->refusal, "refused a request: %u, %s", refusal->status,
	               refusal->text);
	reply_error(&c->request.reply, is_json, refusal->text);
	return respond(s, c, refusal->status, refusal->is_last);
}

/* --- the head ---------------------------------------------------------------- */

static const char *current_token(struct server *s)
{
	int64_t now = server_now_ms(s);

	if (s->token_ms == 0 || now - s->token_ms >= TOKEN_MS) {
		s->token = s->services->option_text(s->router, "token");
		s->token_ms = now;
	}
	return s->token == NULL || *s->token == '\0' ? NULL : s->token;
}

static struct refusal check_sender(struct server *s, struct client *c)
{
	const char *shown = MHD_lookup_connection_value(c->connection, MHD_HEADER_KIND,
	                                                MHD_HTTP_HEADER_AUTHORIZATION);
	const union MHD_ConnectionInfo *session;

	if (s->tls.client_ca != NULL && !c->is_verified) {
		session = MHD_get_connection_info(c->connection,
		                                  MHD_CONNECTION_INFO_GNUTLS_SESSION);
		c->is_verified = session != NULL && tls_is_verified(session->tls_session);
		if (!c->is_verified)
			return (struct refusal){403, "a client certificate is needed",
			                        true};
	}
	if (!s->has_token)
		return (struct refusal){0};
	if (current_token(s) == NULL)
		return (struct refusal){503, "the token cannot be read here", true};
	if (!token_is_right(shown, s->token))
		return (struct refusal){401, "Authorization: Bearer TOKEN is needed",
		                        true};
	return (struct refusal){0};
}

static struct refusal check_head(struct server *s, struct client *c, const char *method,
                                 const char *version)
{
	const struct head_line line = {method, version, c->request.target_len};
	struct refusal refusal = head_check_framing(c->connection, &line);

	if (refusal.status == 0)
		refusal = check_sender(s, c);
	if (refusal.status == 0)
		refusal = head_check_request(c->connection, method, s->max_body);
	return refusal;
}

/* --- the body ---------------------------------------------------------------- */

/* What the body holds, by its type, and by its looks where a type is often wrong. */
static enum parts_result take_body(struct server *s, struct client *c, bool *is_json,
                                   const char **why)
{
	struct request *r = &c->request;
	enum head_body type = head_body(c->connection);
	bool is_list = false;
	enum parts_result result;

	*is_json = type == HEAD_BODY_JSON || type == HEAD_BODY_JSON_LINES;
	if (type != HEAD_BODY_JSON_LINES && body_is_json(r->body, r->body_len))
		*is_json = true;
	else if (type == HEAD_BODY_FORM ? form_has_frame(r->body, r->body_len)
	                                : form_begins(r->body, r->body_len))
		return form_take(r->body, r->body_len, &r->parts);
	if (*is_json && type != HEAD_BODY_JSON_LINES)
		result = body_take_json(r->body, r->body_len, &r->parts, &is_list, why);
	else
		result = body_take_lines(r->body, r->body_len, s->services->line_length,
		                         &r->parts);
	reply_begin(&r->reply, *is_json, is_list || r->parts.count > 1);
	return result;
}

static struct refusal take_parts(struct server *s, struct client *c)
{
	struct request *r = &c->request;
	const char *why = "";
	bool is_json = false;
	enum parts_result result;

	if (r->is_too_large)
		return (struct refusal){413, "the body is larger than max_body", true};
	if (r->failed)
		return (struct refusal){503, "out of memory", true};
	result = form_take(r->query, r->query_len, &r->parts);
	if (result == PARTS_FINE && r->body_len > 0)
		result = take_body(s, c, &is_json, &why);
	if (result == PARTS_BROKEN)
		return (struct refusal){400, why, false};
	if (result == PARTS_NO_MEMORY)
		return (struct refusal){503, "out of memory", true};
	if (result == PARTS_TOO_MANY)
		return (struct refusal){413, "more than 1000 frames in one request",
		                        false};
	if (r->parts.count == 0)
		return (struct refusal){
			400, "no frame here: frame=HEX, or a body with frames, is needed",
			false};
	return (struct refusal){0};
}

static enum MHD_Result end_of_request(struct server *s, struct client *c)
{
	struct refusal refusal = take_parts(s, c);

	if (refusal.status != 0)
		return refuse(s, c, &refusal);
	c->request.state = REQUEST_WAITING;
	gate_move(s, c, CLIENT_WAITS);
	MHD_suspend_connection(c->connection);
	server_take(s, c);
	return MHD_YES;
}

/* --- MHD's callbacks --------------------------------------------------------- */

static enum MHD_Result see_request(void *context, struct MHD_Connection *connection,
                                   const char *url, const char *method,
                                   const char *version, const char *data, size_t *len,
                                   void **of_request)
{
	struct server *s = context;
	struct client *c = *of_request;
	struct request *r = &c->request;
	struct refusal refusal;

	(void)connection, (void)url;
	switch (r->state) {
	case REQUEST_HEAD:
		r->state = REQUEST_BODY;
		refusal = check_head(s, c, method, version);
		if (refusal.status != 0)
			return refuse(s, c, &refusal);
		gate_move(s, c, CLIENT_BODY);
		return MHD_YES;
	case REQUEST_BODY:
		if (*len == 0)
			return end_of_request(s, c);
		request_add(r, data, *len, s->max_body);
		*len = 0;
		return MHD_YES;
	case REQUEST_ANSWERED:
		return respond(s, c, reply_end(&r->reply), false);
	case REQUEST_NONE:
	case REQUEST_WAITING:
		break;
	}
	return MHD_NO;
}

static void *see_target(void *context, const char *target,
                        struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct client *c = info->socket_context;

	(void)context;
	request_begin(&c->request, target);
	return c;
}

static void see_end(void *context, struct MHD_Connection *connection, void **of_request,
                    enum MHD_RequestTerminationCode how)
{
	struct client *c = *of_request;

	(void)connection, (void)how;
	request_end(&c->request);
	gate_move(context, c, CLIENT_IDLE);
}

static void see_connection(void *context, struct MHD_Connection *connection,
                           void **of_connection, enum MHD_ConnectionNotificationCode what)
{
	struct server *s = context;
	const union MHD_ConnectionInfo *session;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		gate_leave(s, *of_connection);
		return;
	}
	*of_connection = s->entering;
	s->entering->connection = connection;
	s->entering = NULL;
	if (s->tls.client_ca == NULL)
		return;
	session = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (session != NULL && session->tls_session != NULL)
		tls_demand_certificate(session->tls_session);
}

/* Only what it says at its start is of use: later it speaks of strangers' mistakes. */
static void see_log(void *context, const char *format, va_list args)
{
	struct server *s = context;

	if (s->daemon == NULL)
		vsnprintf(s->said, sizeof s->said, format, args);
}

/* --- life -------------------------------------------------------------------- */

bool web_start(struct server *s, struct why *why)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
	                 MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls.cert},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls.key},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
		{s->tls.client_ca == NULL ? MHD_OPTION_END : MHD_OPTION_HTTPS_MEM_TRUST,
	         0, s->tls.client_ca},
		{MHD_OPTION_END, 0, NULL},
	};

	if (s->tls.cert == NULL)
		tls[0].option = MHD_OPTION_END;
	else
		flags |= MHD_USE_TLS;
	s->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, see_request, s, MHD_OPTION_EXTERNAL_LOGGER, see_log,
		s, MHD_OPTION_URI_LOG_CALLBACK, see_target, s,
		MHD_OPTION_NOTIFY_COMPLETED, see_end, s, MHD_OPTION_NOTIFY_CONNECTION,
		see_connection, s, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)s->client_max + 1, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)MEMORY_MAX,
#if MHD_VERSION >= 0x00097700
		MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#endif
		MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (s->daemon == NULL)
		return why_not(why, "cannot start: %.150s",
		               s->said[0] == '\0' ? "out of memory" : s->said);
	return true;
}

void web_stop(struct server *s)
{
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	s->daemon = NULL;
}

int web_fd(const struct server *s)
{
	return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

bool web_is_busy(const struct server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;

	return MHD_get_timeout(s->daemon, &ms) == MHD_YES && ms == 0;
}

void web_run(struct server *s)
{
	unsigned n = 0;

	do
		MHD_run(s->daemon);
	while (++n < RUNS_MAX && web_is_busy(s));
}

void web_add(struct server *s, struct client *c)
{
	MHD_add_connection(s->daemon, c->fd, &c->from.to.any, c->from.len);
}

void web_resume(struct client *c)
{
	c->request.state = REQUEST_ANSWERED;
	MHD_resume_connection(c->connection);
}
