/* SPDX-License-Identifier: MIT */
/*
 * Every member of the plugin contract lies where ABI 1 put it.  The numbers are those of
 * a machine with 64-bit pointers; whoever changes one breaks every plugin that is
 * installed.
 */
#include <frame_output.h>

#include "tap.h"

struct member {
	const char *name;
	size_t offset;
	size_t size;
	size_t frozen_offset;
	size_t frozen_size;
};

#define MEMBER(type, member, frozen_offset, frozen_size)                                 \
	{                                                                                \
#type "." #member, offsetof(struct type, member),                        \
			sizeof(((struct type *)0)->member), frozen_offset, frozen_size   \
	}

static const struct member members[] = {
	MEMBER(frame_option, struct_size, 0, 4),
	MEMBER(frame_option, type, 4, 4),
	MEMBER(frame_option, flags, 8, 4),
	MEMBER(frame_option, reserved, 12, 4),
	MEMBER(frame_option, name, 16, 8),
	MEMBER(frame_option, default_value, 24, 8),
	MEMBER(frame_option, choices, 32, 8),
	MEMBER(frame_option, unit, 40, 8),
	MEMBER(frame_option, minimum, 48, 8),
	MEMBER(frame_option, maximum, 56, 8),
	MEMBER(frame_option, help, 64, 8),

	MEMBER(frame_message, struct_size, 0, 4),
	MEMBER(frame_message, attempt, 4, 4),
	MEMBER(frame_message, id, 8, 8),
	MEMBER(frame_message, received_ms, 16, 8),
	MEMBER(frame_message, uid, 24, 8),
	MEMBER(frame_message, topic, 32, 8),
	MEMBER(frame_message, payload, 40, 8),
	MEMBER(frame_message, payload_len, 48, 8),
	MEMBER(frame_message, document, 56, 8),
	MEMBER(frame_message, document_len, 64, 8),
	MEMBER(frame_message, node, 72, 8),

	MEMBER(frame_services, struct_size, 0, 4),
	MEMBER(frame_services, reserved, 4, 4),
	MEMBER(frame_services, option_text, 8, 8),
	MEMBER(frame_services, option_number, 16, 8),
	MEMBER(frame_services, option_list, 24, 8),
	MEMBER(frame_services, option_rendered, 32, 8),
	MEMBER(frame_services, settle, 40, 8),
	MEMBER(frame_services, link, 48, 8),
	MEMBER(frame_services, retry_after, 56, 8),
	MEMBER(frame_services, limit_window, 64, 8),
	MEMBER(frame_services, count, 72, 8),
	MEMBER(frame_services, log, 80, 8),
	MEMBER(frame_services, wake_fd, 88, 8),
	MEMBER(frame_services, now_ms, 96, 8),

	MEMBER(frame_output, struct_size, 0, 4),
	MEMBER(frame_output, abi, 4, 4),
	MEMBER(frame_output, name, 8, 8),
	MEMBER(frame_output, version, 16, 8),
	MEMBER(frame_output, description, 24, 8),
	MEMBER(frame_output, options, 32, 8),
	MEMBER(frame_output, groups, 40, 4),
	MEMBER(frame_output, reserved, 44, 4),
	MEMBER(frame_output, check, 48, 8),
	MEMBER(frame_output, open, 56, 8),
	MEMBER(frame_output, submit, 64, 8),
	MEMBER(frame_output, flush, 72, 8),
	MEMBER(frame_output, poll, 80, 8),
	MEMBER(frame_output, test, 88, 8),
	MEMBER(frame_output, close, 96, 8),
};

static void every_member_lies_where_it_lay(void)
{
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		const struct member *m = &members[i];

		ok(m->offset == m->frozen_offset && m->size == m->frozen_size,
		   "%s is %zu bytes at %zu (was %zu at %zu)", m->name, m->size, m->offset,
		   m->frozen_size, m->frozen_offset);
	}
}

static void structs_never_shrink(void)
{
	ok(sizeof(struct frame_option) >= 72, "frame_option has all that plugins read");
	ok(sizeof(struct frame_message) >= 80, "frame_message has all that plugins read");
	ok(sizeof(struct frame_services) >= 104,
	   "frame_services has all that plugins call");
	ok(sizeof(struct frame_output) >= 104, "frame_output has all that plugins set");
}

static void numbers_keep_their_meaning(void)
{
	ok(FRAME_DELIVERED == 0 && FRAME_PENDING == 1 && FRAME_RETRY == 2 &&
	           FRAME_REJECTED == 3,
	   "an old plugin's DELIVERED is still DELIVERED, and so are the others");
	ok(FRAME_LINK_DOWN == 0 && FRAME_LINK_UP == 1 && FRAME_LINK_UNCONFIRMED == 2,
	   "states of the link");
	ok(FRAME_LOG_ERROR == 0 && FRAME_LOG_WARNING == 1 && FRAME_LOG_INFO == 2 &&
	           FRAME_LOG_DEBUG == 3,
	   "levels of the log");
	ok(FRAME_OPTION_TEXT == 0 && FRAME_OPTION_NUMBER == 1 &&
	           FRAME_OPTION_YES_NO == 2 && FRAME_OPTION_DURATION == 3 &&
	           FRAME_OPTION_SIZE == 4 && FRAME_OPTION_CHOICE == 5 &&
	           FRAME_OPTION_PATH == 6 && FRAME_OPTION_SECRET == 7 &&
	           FRAME_OPTION_TEMPLATE == 8 && FRAME_OPTION_LIST == 9,
	   "types of options");
	ok(FRAME_OPTION_REQUIRED == 1 && FRAME_OPTION_DANGEROUS == 2 &&
	           FRAME_OPTION_IS_PATH == 4 && FRAME_OPTION_IS_URL == 8,
	   "flags of options");
	ok(FRAME_GROUP_TLS == 1, "groups of options");
	ok(sizeof(enum frame_verdict) == 4, "a verdict is an int for every compiler");
}

int main(void)
{
	if (sizeof(void *) != 8) {
		printf("1..0 # SKIP the numbers are those of 64-bit machines\n");
		return 0;
	}
	every_member_lies_where_it_lay();
	structs_never_shrink();
	numbers_keep_their_meaning();
	return done();
}
