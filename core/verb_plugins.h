/* SPDX-License-Identifier: MIT */
/* How options are shown to people; between the files verb_plugins*.c alone. */
#ifndef CORE_VERB_PLUGINS_H
#define CORE_VERB_PLUGINS_H

#include "buf.h"
#include "plugin.h"

/* What values an option takes: "1 to 65535", "auto, 5 or 3.1.1", "". */
void verb_option_limits(const struct frame_option *o, struct buf *out);

/* The options of a plugin as a table. */
void verb_plugin_table(const struct plugin *p, struct buf *out);

/*
 * A file for conf.d: a section of that name with every option, its default and its help;
 * `given` are `key=value`, set, all others are comments.
 */
void verb_plugin_example(const struct plugin *p, const char *name, char **given,
                         struct buf *out);

#endif
