/* SPDX-License-Identifier: MIT */
/* What options say together, the same for every plugin that has them. */
#include <arpa/inet.h>
#include <string.h>

#include "option.h"
#include "settings_private.h"
#include "template.h"

static bool is_given(const struct config_section *s, const char *key)
{
	const char *text = config_text(s, key);

	return text != NULL && *text != '\0';
}

/* Whether nothing that is sent to the host leaves this machine. */
static bool is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return (ntohl(four.s_addr) >> 24) == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcasecmp(host, "localhost") == 0 ||
	       strcasecmp(host, "localhost.") == 0 ||
	       strcasecmp(host, "ip6-localhost") == 0;
}

/* The line of a key, that of the section when it is not written. */
static const struct config_value *place_of(const struct config_section *s,
                                           const char *key, struct config_value *section)
{
	const struct config_value *v = config_value(s, key);

	*section = (struct config_value){.file = s->file, .line = s->line};
	return v != NULL ? v : section;
}

static bool check_retries(struct checker *k, const struct config_section *s,
                          const struct unit *u, const struct plugin *p)
{
	struct config_value section;
	const struct config_value *at = place_of(s, "retry_max", &section);

	if (unit_number(u, p, "retry_min") <= unit_number(u, p, "retry_max"))
		return true;
	config_error(k->c, at->file, at->line, "retry_max is shorter than retry_min");
	return false;
}

/* A password must not travel in the clear because somebody forgot to think of it. */
static bool check_password(struct checker *k, const struct config_section *s,
                           const struct unit *u, const struct plugin *p)
{
	const char *host = unit_text(u, p, "host");
	const char *key = is_given(s, "password") ? "password" : "password_file";
	struct config_value section;
	const struct config_value *at = place_of(s, key, &section);

	if (!is_given(s, key) || plugin_option(p, "tls") == NULL || is_given(s, "tls") ||
	    unit_number(u, p, "tls") == 1)
		return true;
	if (host == NULL || *host == '\0' || is_loopback(host))
		return true;
	config_error(
		k->c, at->file, at->line,
		"%s would travel to %.100s unencrypted: set tls = yes, or tls = no if "
		"that is meant",
		key, host);
	return false;
}

static bool check_secrets(struct checker *k, const struct config_section *s,
                          const struct plugin *p)
{
	char file_key[OPTION_FILE_KEY_SIZE];
	bool is_fine = true;

	for (const struct frame_option *const *o = p->options; *o != NULL; o++) {
		if ((*o)->type != FRAME_OPTION_SECRET)
			continue;
		option_file_key((*o)->name, file_key);
		if (is_given(s, (*o)->name) && is_given(s, file_key)) {
			const struct config_value *v = config_value(s, file_key);

			config_error(k->c, v->file, v->line,
			             "%s is set as well: leave one out", (*o)->name);
			is_fine = false;
		}
	}
	return is_fine;
}

static void warn_of_insecure(struct checker *k, const struct config_section *s)
{
	const struct config_value *v = config_value(s, "insecure");

	if (v != NULL && strcmp(v->text, "yes") == 0)
		config_warning(k->c, v->file, v->line,
		               "insecure: anybody on the way can read and change what is "
		               "sent, and the password");
}

void settings_add_implied(struct checker *k, const struct config_section *s,
                          const struct plugin *p, struct config_section *to)
{
	const struct frame_option *message = plugin_option(p, "message");

	if (p->kind != PLUGIN_OUTPUT || config_value(s, "format") != NULL)
		return;
	if (is_given(s, "message") ||
	    (config_value(s, "message") == NULL && message->default_value != NULL))
		settings_add_own(k, to, "format", "template");
}

/* A message is a template, and a template is a message. */
static bool check_format(struct checker *k, const struct config_section *s,
                         const struct unit *u, const struct plugin *p)
{
	const char *format = unit_text(u, p, "format"),
		   *text = unit_text(u, p, "message");
	bool has_message = text != NULL && *text != '\0';
	struct config_value section;
	const struct config_value *at = place_of(s, "format", &section);

	if (has_message == (strcmp(format, "template") == 0))
		return true;
	if (has_message)
		config_error(k->c, at->file, at->line,
		             "format = %s does not go with a message: leave one out",
		             format);
	else
		config_error(k->c, at->file, at->line,
		             "format = template needs a message = ...");
	return false;
}

static bool is_per_reading(const struct unit *u, const struct plugin *p,
                           const struct frame_option *o)
{
	const char *text = unit_text(u, p, o->name);
	struct template *t = NULL;
	bool is = false;

	if (o->type != FRAME_OPTION_TEMPLATE || text == NULL)
		return false;
	if (template_compile(&t, text, template_use_of(o), NULL))
		is = template_is_per_reading(t);
	template_free(t);
	return is;
}

/* A whole frame has no #SENSOR#. */
static bool check_per(struct checker *k, const struct config_section *s,
                      const struct unit *u, const struct plugin *p)
{
	const struct frame_option *const *tables[] = {p->options, plugin_common(p), NULL};
	struct config_value section;
	const struct config_value *at = place_of(s, "per", &section);

	if (strcmp(unit_text(u, p, "per"), "frame") != 0)
		return true;
	for (size_t i = 0; tables[i] != NULL; i++)
		for (const struct frame_option *const *o = tables[i]; *o != NULL; o++)
			if (is_per_reading(u, p, *o)) {
				config_error(k->c, at->file, at->line,
				             "per = frame, but %s names #SENSOR# or "
				             "#VALUE#, which stand for one reading",
				             (*o)->name);
				return false;
			}
	return true;
}

bool settings_check_rules(struct checker *k, const struct config_section *s,
                          const struct unit *u, const struct plugin *p)
{
	bool is_fine = check_secrets(k, s, p);

	if (p->kind == PLUGIN_OUTPUT) {
		is_fine = check_retries(k, s, u, p) && is_fine;
		is_fine = check_format(k, s, u, p) && is_fine;
		is_fine = check_per(k, s, u, p) && is_fine;
	}
	if (plugin_option(p, "insecure") != NULL)
		warn_of_insecure(k, s);
	return check_password(k, s, u, p) && is_fine;
}
