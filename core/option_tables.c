/* SPDX-License-Identifier: MIT */
/* The keys that are no plugin's: one row each feeds parser, errors, help and examples. */
#include "option.h"

#define SECOND 1000
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (INT64_C(24) * HOUR)
#define KIB    INT64_C(1024)
#define TIB    (KIB * KIB * KIB * KIB)

/* A row: struct_size is set, what is not named is absent. */
#define ROW(...)                                                                         \
	(&(const struct frame_option){.struct_size = sizeof(struct frame_option),        \
	                              __VA_ARGS__})

const struct frame_option *const option_router[] = {
	ROW(.name = "name", .type = FRAME_OPTION_TEXT,
            .help = "what this router is called in documents and topics; the host's name "
                    "when unset"),
	ROW(.name = "state", .type = FRAME_OPTION_PATH,
            .help = "the folder of the store and all else that lasts"),
	ROW(.name = "keep", .type = FRAME_OPTION_DURATION, .default_value = "1d",
            .maximum = 3650 * DAY,
            .help = "how long a frame stays after every output is done with it"),
	ROW(.name = "max_size", .type = FRAME_OPTION_SIZE, .default_value = "1G",
            .minimum = 64 * KIB, .maximum = 64 * TIB,
            .help = "the store takes no new frame beyond this size"),
	ROW(.name = "commit", .type = OPTION_COMMIT, .default_value = "immediate",
            .maximum = MINUTE,
            .help = "immediate, or how long frames are gathered to be synced and "
                    "answered "
                    "together"),
	ROW(.name = "plugin_dir", .type = FRAME_OPTION_LIST,
            .help = "one more folder where plugins are looked for; may stand several "
                    "times"),
	ROW(.name = "overrides", .type = FRAME_OPTION_YES_NO, .default_value = "yes",
            .help = "whether enable, disable and the like may overlay conf.d"),
	ROW(.name = "log_level", .type = FRAME_OPTION_CHOICE, .default_value = "info",
            .choices = "error|warning|info|debug",
            .help = "the least important lines that are still logged"),
	ROW(.name = "log_format", .type = FRAME_OPTION_CHOICE, .default_value = "auto",
            .choices = "auto|text|json",
            .help = "how a line is logged: as text, or as an object of JSON; auto: as "
                    "text, "
                    "with its level before it for the journal"),
	ROW(.name = "sensors", .type = FRAME_OPTION_LIST,
            .help = "a table of own sensors (CSV); may stand several times"),
	NULL,
};

#define ENABLED                                                                          \
	ROW(.name = "enabled", .type = FRAME_OPTION_YES_NO, .default_value = "yes",      \
	    .help = "whether it runs")

const struct frame_option *const option_every_input[] = {
	ENABLED,
	NULL,
};

const struct frame_option *const option_every_output[] = {
	ENABLED,
	ROW(.name = "where", .type = OPTION_SQL,
            .help = "send only frames for which this SQL condition holds"),
	ROW(.name = "select", .type = OPTION_SQL,
            .help = "an SQL expression that makes the readings that are sent"),
	ROW(.name = "format", .type = FRAME_OPTION_CHOICE, .default_value = "json",
            .choices = "json|senml|template",
            .help = "how a message is written; template when there is a message"),
	ROW(.name = "topic", .type = FRAME_OPTION_TEMPLATE,
            .help = "the topic of a message, with wildcards such as #ID_WASP#"),
	ROW(.name = "message", .type = FRAME_OPTION_TEMPLATE,
            .help = "the message itself, with wildcards; JSON when it begins with { or "
                    "["),
	ROW(.name = "per", .type = FRAME_OPTION_CHOICE, .default_value = "auto",
            .choices = "auto|frame|reading",
            .help = "one message per frame or per reading; auto: per reading when a "
                    "template names #SENSOR# or #VALUE#"),
	ROW(.name = "window", .type = FRAME_OPTION_NUMBER, .default_value = "100",
            .minimum = 1, .maximum = 10000, .unit = "messages",
            .help = "how many messages may be unconfirmed; 1 keeps the order even after "
                    "a retry"),
	ROW(.name = "batch", .type = FRAME_OPTION_NUMBER, .default_value = "100",
            .minimum = 1, .maximum = 10000, .unit = "messages",
            .help = "how many messages are sent together at most, within window"),
	ROW(.name = "batch_wait", .type = FRAME_OPTION_DURATION, .default_value = "0s",
            .maximum = HOUR, .help = "how long a batch may wait to fill"),
	ROW(.name = "timeout", .type = FRAME_OPTION_DURATION, .default_value = "10s",
            .minimum = 100, .maximum = HOUR,
            .help = "how long the far side may take to answer"),
	ROW(.name = "retry_min", .type = FRAME_OPTION_DURATION, .default_value = "500ms",
            .minimum = 10, .maximum = DAY, .help = "the wait after a first failure"),
	ROW(.name = "retry_max", .type = FRAME_OPTION_DURATION, .default_value = "60s",
            .minimum = 10, .maximum = DAY,
            .help = "the longest wait; it doubles from retry_min after each failure"),
	ROW(.name = "hold", .type = OPTION_HOLD,
            .help = "frames older or more than this are given up; 80 % of max_size when "
                    "unset"),
	ROW(.name = "begin", .type = OPTION_BEGIN, .default_value = "oldest",
            .help = "where a new output begins: oldest, now or a time"),
	NULL,
};

static const struct frame_option *const no_options[] = {NULL};

static const struct frame_option *const tls[] = {
	ROW(.name = "ca_file", .type = FRAME_OPTION_PATH,
            .help = "certificate authorities to trust; the system's when unset"),
	ROW(.name = "cert_file", .type = FRAME_OPTION_PATH, .help = "our certificate"),
	ROW(.name = "key_file", .type = FRAME_OPTION_PATH,
            .help = "the key of our certificate"),
	ROW(.name = "insecure", .type = FRAME_OPTION_YES_NO, .default_value = "no",
            .help = "yes talks to a far side that cannot prove who it is"),
	NULL,
};

const struct frame_option *const *option_group(uint32_t groups)
{
	return (groups & FRAME_GROUP_TLS) != 0 ? tls : no_options;
}
