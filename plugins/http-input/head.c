/* SPDX-License-Identifier: MIT */
/* Headers, as MHD has read them. */
#include "head.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SPACES_MAX 256 /* before a header's value */

static const struct refusal fine;

struct fields {
	size_t count;
	size_t bytes; /* of their lines */
	unsigned lengths, codings, hosts, authorizations;
	bool is_bad;
};

static bool is_token(const char *text)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		char c = *text;

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && strchr(others, c) == NULL)
			return false;
	}
	return true;
}

static bool has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (((unsigned char)*text < ' ' && *text != '\t') || *text == 0x7F)
			return true;
	return false;
}

static bool is_number(const char *text)
{
	return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/*
 * MHD cuts a line into its name and value where they lie: what is between them was the
 * colon and white space.  After a folded line that is not so.
 */
static size_t line_bytes(struct fields *f, const char *name, const char *value)
{
	size_t name_len = strlen(name);
	uintptr_t gap = (uintptr_t)value - (uintptr_t)name - name_len;

	f->is_bad |= gap < 1 || gap > 1 + SPACES_MAX;
	return name_len + gap + strlen(value) + strlen("\r\n");
}

static enum MHD_Result see_field(void *context, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
	struct fields *f = context;

	(void)kind;
	f->count++;
	if (value == NULL)
		value = "";
	f->is_bad |= !is_token(name) || has_control(value);
	f->bytes += line_bytes(f, name, value);
	f->hosts += strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0;
	f->authorizations += strcasecmp(name, MHD_HTTP_HEADER_AUTHORIZATION) == 0;
	if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
		f->lengths++;
		f->is_bad |= !is_number(value);
	} else if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
		f->codings++;
		f->is_bad |= strcasecmp(value, "chunked") != 0;
	}
	return MHD_YES;
}

static size_t head_size(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
	                               MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)
	        ->header_size;
}

/*
 * MHD joins folded lines, takes a lone LF for an end of line and cuts a value at a NUL,
 * and tells nobody: but then the head is not as long as its lines together.  Versions
 * from 0.9.77 on are told to refuse such themselves.
 */
static bool adds_up(struct MHD_Connection *connection, const struct head_line *line,
                    const struct fields *f)
{
#if MHD_VERSION < 0x00097700
	size_t first = strlen(line->method) + strlen(" ") + line->target_len +
	               strlen(" ") + strlen(line->version) + strlen("\r\n");

	return !f->is_bad && head_size(connection) == first + f->bytes + strlen("\r\n");
#else
	(void)connection, (void)line, (void)f;
	return true;
#endif
}

struct refusal head_check_framing(struct MHD_Connection *connection,
                                  const struct head_line *line)
{
	struct fields f = {0};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, see_field, &f);
	if (f.count > HEAD_FIELDS_MAX || head_size(connection) > HEAD_BYTES_MAX)
		return (struct refusal){431, "too many headers", true};
	if (f.lengths > 1 || f.codings > 1 || f.lengths + f.codings > 1)
		return (struct refusal){400, "the length of the body is not clear", true};
	if (f.hosts > 1 || f.authorizations > 1)
		return (struct refusal){400, "a header stands there twice", true};
	if (f.codings > 0 && strcmp(line->version, MHD_HTTP_VERSION_1_1) != 0)
		return (struct refusal){400, "HTTP/1.0 has no transfer coding", true};
	if (f.is_bad || !adds_up(connection, line, &f))
		return (struct refusal){400, "a header is malformed", true};
	return fine;
}

static const char *value_of(struct MHD_Connection *connection, const char *name)
{
	const char *value =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

	return value == NULL ? "" : value;
}

static bool has_type(const char *value, const char *type)
{
	size_t len = strlen(type);

	return strncasecmp(value, type, len) == 0 && strchr("; \t", value[len]) != NULL;
}

enum head_body head_body(struct MHD_Connection *connection)
{
	const char *type = value_of(connection, MHD_HTTP_HEADER_CONTENT_TYPE);

	if (*type == '\0' || has_type(type, "application/x-www-form-urlencoded"))
		return HEAD_BODY_FORM;
	if (has_type(type, "application/json"))
		return HEAD_BODY_JSON;
	if (has_type(type, "application/x-ndjson") || has_type(type, "application/jsonl"))
		return HEAD_BODY_JSON_LINES;
	return HEAD_BODY_OTHER;
}

static bool is_allowed(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "POST") == 0 ||
	       strcmp(method, "PUT") == 0 || strcmp(method, "HEAD") == 0;
}

struct refusal head_check_request(struct MHD_Connection *connection, const char *method,
                                  size_t max_body)
{
	const char *length = value_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *coding = value_of(connection, MHD_HTTP_HEADER_CONTENT_ENCODING);
	const char *type = value_of(connection, MHD_HTTP_HEADER_CONTENT_TYPE);

	if (!is_allowed(method))
		return (struct refusal){405, "GET, POST, PUT or HEAD is needed", true};
	/* a number too large for the type becomes its maximum */
	if (*length != '\0' && strtoull(length, NULL, 10) > max_body)
		return (struct refusal){413, "the body is larger than max_body", true};
	if (*coding != '\0' && strcasecmp(coding, "identity") != 0)
		return (struct refusal){415, "the body must not be compressed", true};
	if (has_type(type, "multipart/form-data"))
		return (struct refusal){
			415, "a form is needed as application/x-www-form-urlencoded",
			true};
	return fine;
}
