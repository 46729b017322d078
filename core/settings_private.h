/* SPDX-License-Identifier: MIT */
/* A check of conf.d while it goes on; between the files settings_*.c alone. */
#ifndef CORE_SETTINGS_PRIVATE_H
#define CORE_SETTINGS_PRIVATE_H

#include "settings.h"

/* A plugin that conf.d names: looked for and loaded once. */
struct known {
	struct known *next;
	char name[CONFIG_NAME_MAX + 1];
	bool is_found;
	bool is_loaded;
	struct reason why; /* not found, or not loaded */
	struct plugin plugin;
};

struct checker {
	struct config *c;          /* conf.d */
	struct surroundings where; /* with what [router] says */
	const char *source;        /* conf.d, or the first of the files */
	bool is_final;
	struct config
		made; /* the effective configuration; names of files are those of `c` */
	struct known *known;
	struct overlay *overlays; /* settings_override.c */
	struct config overlaid;   /* sections of `c` with their overrides */
};

/* settings_plugins.c */
/* Finds and loads a plugin, or remembers why it could not be; never NULL but out of
 * memory. */
struct known *settings_known(struct checker *k, const char *name);
void settings_forget_known(struct checker *k);
/* Which keys of conf.d are lists; the context is the checker. */
bool settings_is_list(void *checker, const char *plugin, const char *key);
/* The key of a plugin or of [router] that a word nearly is, or NULL; the context is the
 * checker. */
const char *settings_nearest_key(void *checker, const char *plugin, const char *word);

/* settings_value.c */
/*
 * Checks a value and adds it to `to` as it is in force.  `is_file` says that the option
 * is the NAME_file of a secret.  False: told.
 */
struct settings_place {
	struct config_section *to;
	const struct frame_option *option;
	bool is_secret_file;
};
bool settings_add_value(struct checker *k, const struct settings_place *place,
                        const struct config_value *v);
/* Adds the default of an option, if it has one. */
bool settings_add_default(struct checker *k, const struct settings_place *place);
/* Adds a key of the router's own. */
void settings_add_own(struct checker *k, struct config_section *to, const char *key,
                      const char *text);
/* Tells that a section has a key that nobody knows; `tables` end with NULL. */
void settings_unknown_key(struct checker *k, const struct config_value *v,
                          const struct frame_option *const *const *tables);

/* settings_router.c */
void settings_check_router(struct checker *k);

/* settings_unit.c */
void settings_check_unit(struct checker *k, const struct config_section *s);

/* settings_service.c: warns of what the service could not read or write. */
void settings_check_service(struct checker *k);

/* settings_override.c */
void settings_read_overrides(struct checker *k);
void settings_forget_overrides(struct checker *k);
/* Checks a unit with its override; without it where that would be an error. */
void settings_check_section(struct checker *k, struct config_section *s);

/* settings_warn.c: what is allowed and hardly meant; of one value, of one
 * unit, and of all together. */
void settings_warn(struct checker *k, const struct config_section *s,
                   const struct unit *u, const struct plugin *p);
/* Of a value that is right by itself. */
void settings_warn_of_value(struct checker *k, const struct frame_option *o,
                            const struct config_value *v);
void settings_warn_of_pairs(struct checker *k);

/* settings_rules.c */
/* Adds what a section says without its key: `format` of one that has a message. */
void settings_add_implied(struct checker *k, const struct config_section *s,
                          const struct plugin *p, struct config_section *to);
/* Looks at what options say together.  False: told. */
bool settings_check_rules(struct checker *k, const struct config_section *s,
                          const struct unit *u, const struct plugin *p);

#endif
