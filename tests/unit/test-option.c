/* SPDX-License-Identifier: MIT */
/* option: values of every type, their limits, and what an error says. */
#include "option.h"

#include "tap.h"

static struct reason why;

/* The complaint about a value, "" when it is fine. */
static const char *complaint(const struct frame_option *option, const char *value)
{
	why.text[0] = '\0';
	if (option_check(option, value, &why))
		return "";
	return why.text;
}

static void a_number_is_whole_and_within_its_limits(void)
{
	struct frame_option o = {.type = FRAME_OPTION_NUMBER,
	                         .minimum = 1,
	                         .maximum = 65535,
	                         .unit = "ports"};
	static const char *const bad[] = {"",     "x",   "+1",  " 1",  "1 ",
	                                  "0x10", "1.5", "1,5", "--1", "\xD9\xA1"};
	int64_t n;

	same(complaint(&o, "1883"), "", "a port is taken");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(strstr(complaint(&o, bad[i]), "no whole number") != NULL,
		   "\"%s\" is not taken for a number", bad[i]);
	same(complaint(&o, "0"), "is out of its limits: 1 to 65535 ports",
	     "one below the limit is refused, with the limits");
	same(complaint(&o, "65536"), "is out of its limits: 1 to 65535 ports",
	     "one above it too");
	same(complaint(&o, "9223372036854775808"), "9223372036854775808 is too large",
	     "an overflow does not wrap round");
	ok(option_parse_number("-7", &n, &why) && n == -7, "a number may be negative");
	o.minimum = o.maximum = 0;
	same(complaint(&o, "-5"), "", "without limits every number is fine");
}

static void a_duration_needs_a_unit(void)
{
	struct frame_option o = {.type = FRAME_OPTION_DURATION};
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {{"500ms", 500},    {"30s", 30000},    {"5m", 300000},
	            {"12h", 43200000}, {"7d", 604800000}, {"0s", 0}};
	static const char *const bad[] = {"s",     "1 s", "1S",  "5min",
	                                  "1h30m", "-1s", "1.5s"};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(*complaint(&o, good[i].text) == '\0' &&
		           option_number(&o, good[i].text) == good[i].ms,
		   "%s are %lld ms", good[i].text, (long long)good[i].ms);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(strstr(complaint(&o, bad[i]),
		          "is no duration: write 500ms, 30s, 5m, 12h or 7d") != NULL,
		   "\"%s\" is no duration, and the error says what one looks like",
		   bad[i]);
	same(complaint(&o, "10"), "a duration needs a unit: 500ms, 30s, 5m, 12h or 7d",
	     "a bare number is refused: it could be seconds or ms");
	same(complaint(&o, "99999999999999999d"), "99999999999999999d is too large",
	     "an overflow in the unit is seen");
	o.minimum = 100;
	o.maximum = 3600000;
	same(complaint(&o, "50ms"), "is out of its limits: 100ms to 1h",
	     "limits are written as durations");
}

static void a_size_needs_a_unit(void)
{
	struct frame_option o = {.type = FRAME_OPTION_SIZE};

	ok(*complaint(&o, "64K") == '\0' && option_number(&o, "64K") == 65536,
	   "64K are 65536 bytes");
	ok(option_number(&o, "1G") == INT64_C(1073741824), "1G is 1024 times 1M");
	same(complaint(&o, "10"), "a size needs a unit: 64K, 10M or 1G",
	     "a bare number is refused");
	same(complaint(&o, "10MB"), "\"10MB\" is no size: write 64K, 10M or 1G",
	     "another spelling is refused with the right one");
	same(complaint(&o, "9999999999T"), "9999999999T is too large",
	     "an overflow is seen");
}

static void a_choice_is_one_of_its_words(void)
{
	struct frame_option o = {.type = FRAME_OPTION_CHOICE, .choices = "auto|5|3.1.1"};

	same(complaint(&o, "3.1.1"), "", "a word of the choice is taken");
	same(complaint(&o, "3"), "\"3\" is none of auto, 5, 3.1.1",
	     "the beginning of a word is not the word");
	same(complaint(&o, "auto|5"), "\"auto|5\" is none of auto, 5, 3.1.1",
	     "two words are not one");
	ok(*complaint(&o, "") != '\0', "an empty choice is none");
	o.choices = "json";
	same(complaint(&o, "xml"), "\"xml\" is unknown; there is only json",
	     "where there is one word, the error says so");
}

static void yes_and_no_are_all_there_is(void)
{
	struct frame_option o = {.type = FRAME_OPTION_YES_NO};

	ok(*complaint(&o, "yes") == '\0' && option_number(&o, "yes") == 1, "yes is 1");
	ok(*complaint(&o, "no") == '\0' && option_number(&o, "no") == 0, "no is 0");
	same(complaint(&o, "true"), "\"true\" is neither yes nor no",
	     "another word is refused with the right ones");
}

static void the_routers_own_types_are_read(void)
{
	int64_t ms;
	int64_t bytes;
	enum option_begin begin;

	ok(option_parse_commit("immediate", &ms, &why) && ms == 0, "commit: immediate");
	ok(option_parse_commit("1s", &ms, &why) && ms == 1000, "commit: a duration");
	ok(!option_parse_commit("later", &ms, &why), "commit: nothing else");
	ok(option_parse_hold("7d", &ms, &bytes, &why) && ms == 604800000 && bytes == 0,
	   "hold: an age");
	ok(option_parse_hold("5M", &ms, &bytes, &why) && bytes == 5242880 && ms == 0,
	   "hold: a size; 5M is not 5m");
	ok(option_parse_hold("5m", &ms, &bytes, &why) && ms == 300000 && bytes == 0,
	   "hold: 5m are minutes");
	ok(!option_parse_hold("0s", &ms, &bytes, &why),
	   "hold: nothing would lose every frame");
	ok(!option_parse_hold("10", &ms, &bytes, &why), "hold: a bare number is neither");
	ok(option_parse_begin("oldest", &begin, &ms, &why) &&
	           begin == OPTION_BEGIN_OLDEST && ms == 0,
	   "begin: oldest");
	ok(option_parse_begin("now", &begin, &ms, &why) && begin == OPTION_BEGIN_NOW,
	   "begin: now");
}

static void a_time_is_read_in_utc(void)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{"1970-01-01", 0},
		{"2026-11-22", INT64_C(1795305600000)},
		{"2026-11-22T10:40:00Z", INT64_C(1795344000000)},
		{"2026-11-22T10:40:30.123Z", INT64_C(1795344030123)},
		{"2026-11-22T11:40:30+01:00", INT64_C(1795344030000)},
		{"2024-02-29", INT64_C(1709164800000)},
	};
	static const char *const bad[] = {
		"",
		"2026",
		"2026-13-01",
		"2026-02-29",
		"2026-1-1",
		"2026-11-22T25:00",
		"2026-11-22T10:40X",
		"2026-11-22T10:40Z",
		"2026-11-22 10:40:30",
		"yesterday",
	};
	enum option_begin begin;
	int64_t ms;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ok(option_parse_begin(good[i].text, &begin, &ms, &why) &&
		           begin == OPTION_BEGIN_TIME && ms == good[i].ms,
		   "%s is understood", good[i].text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(!option_parse_begin(bad[i], &begin, &ms, &why), "\"%s\" is no time",
		   bad[i]);
}

static void a_secret_is_never_repeated(void)
{
	struct frame_option o = {.type = FRAME_OPTION_SECRET};

	same(complaint(&o, "caf\xE9"), "", "a secret may be any bytes");
}

static void every_row_of_the_tables_is_sound(void)
{
	const struct frame_option *const *tables[] = {option_router, option_every_input,
	                                              option_every_output,
	                                              option_group(FRAME_GROUP_TLS)};

	for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
		for (const struct frame_option *const *o = tables[t]; *o != NULL; o++) {
			ok(option_name_is_valid((*o)->name) && (*o)->help != NULL,
			   "%s has a name and a help", (*o)->name);
			ok((*o)->default_value == NULL ||
			           option_check(*o, (*o)->default_value, &why),
			   "the default of %s is valid", (*o)->name);
			ok(option_find(tables[t], (*o)->name) == *o,
			   "%s stands there once", (*o)->name);
			ok(option_type_name((*o)->type) != NULL, "its type has a name");
		}
	ok(option_group(0)[0] == NULL, "no group has no options");
	ok(option_find(option_router, "nothing") == NULL, "an unknown key is not found");
}

static const char *nearest(const char *word)
{
	struct option_nearest n = {.word = word};

	for (const struct frame_option *const *o = option_every_output; *o != NULL; o++)
		option_nearest_try(&n, (*o)->name);
	return n.best == NULL ? "nothing" : n.best;
}

static void a_slip_finds_the_word_that_was_meant(void)
{
	ok(option_distance("host", "host") == 0, "the same word is no edit away");
	ok(option_distance("hots", "host") == 1, "two letters that changed places: one");
	ok(option_distance("", "abc") == 3, "three letters more: three");
	same(nearest("tiemout"), "timeout", "tiemout means timeout");
	same(nearest("windows"), "window", "windows means window");
	same(nearest("retrymax"), "retry_max", "retrymax means retry_max");
	same(nearest("password"), "nothing", "another word means nothing");
	same(nearest("x"), "nothing", "one letter means nothing");
}

static void numbers_are_written_as_conf_d_has_them(void)
{
	struct frame_option o = {.type = FRAME_OPTION_DURATION};
	char text[OPTION_NUMBER_SIZE];

	option_write_number(&o, 1500, text);
	same(text, "1500ms", "ms where seconds do not suffice");
	option_write_number(&o, 90000, text);
	same(text, "90s", "seconds where minutes do not suffice");
	option_write_number(&o, 0, text);
	same(text, "0s", "nothing is 0s");
	o.type = FRAME_OPTION_SIZE;
	option_write_number(&o, 65536, text);
	same(text, "64K", "64K");
	o.type = FRAME_OPTION_NUMBER;
	option_write_number(&o, -3, text);
	same(text, "-3", "a number as it is");
}

int main(void)
{
	a_number_is_whole_and_within_its_limits();
	a_duration_needs_a_unit();
	a_size_needs_a_unit();
	a_choice_is_one_of_its_words();
	yes_and_no_are_all_there_is();
	the_routers_own_types_are_read();
	a_time_is_read_in_utc();
	a_secret_is_never_repeated();
	every_row_of_the_tables_is_sound();
	a_slip_finds_the_word_that_was_meant();
	numbers_are_written_as_conf_d_has_them();
	return done();
}
