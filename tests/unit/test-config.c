/* SPDX-License-Identifier: MIT */
/* config: the grammar of conf.d, and what overlays what. */
#include "config.h"

#include <stdlib.h>

#include "config_world.h"
#include "tap.h"

static const struct config_reading own = {.is_list = is_list, .is_own = true};

static bool read_bytes(const char *name, const char *text, size_t len)
{
	return config_read_text(&c, name, text, len, &people);
}

static bool read_as(const char *name, const char *text)
{
	return read_bytes(name, text, strlen(text));
}

static const char *problems_of(const char *text)
{
	read_as("f", text);
	return problems();
}

/* The value of `key` in a section [p "n"] of these lines. */
static const char *value_of(const char *lines)
{
	buf_clear(&out);
	buf_format(&out, "[p \"n\"]\n%s", lines);
	config_free(&c);
	if (!read_as("f", buf_string(&out)))
		return problems();
	return config_text(config_find(&c, "n"), "key");
}

static void a_value_stands_as_it_is_written(void)
{
	same(value_of("key = {\"id\":\"#ID#\"} ; # no comment"),
	     "{\"id\":\"#ID#\"} ; # no comment",
	     "quotes, # and ; are part of a value: a template stays whole");
	same(value_of("  key\t=\t two  words \t\r\n"), "two  words",
	     "white space around is no part, that inside is; CR LF ends a line");
	same(value_of("key = a=b"), "a=b", "only the first = divides");
	same(value_of("key =\n"), "", "an empty value is a value");
	same(value_of("key = \"x\""), "\"x\"", "quotes are not taken away");
	same(value_of("key = C:\\n\\t"), "C:\\n\\t", "there are no escapes");
	same(value_of("key = \xC3\xA4\xE2\x82\xAC"), "\xC3\xA4\xE2\x82\xAC",
	     "UTF-8 stays");
	same(value_of("\xEF\xBB\xBFkey = x"),
	     "f:2: error: is no key: keys are lower-case "
	     "letters, digits and _\n",
	     "a byte order mark stands only at a file's beginning");
	ok(read_as("f", "\xEF\xBB\xBF[p \"m\"]\nkey = x\n"), "there it is skipped");
	config_free(&c);
}

static void a_backslash_goes_on_in_the_next_line(void)
{
	same(value_of("key = one \\\n\t  two\\\nthree\n"), "one twothree",
	     "backslash, line end and the white space behind them go");
	same(value_of("key = one \\ \t\r\n  two\n"), "one two",
	     "white space that nobody sees behind the backslash does not matter");
	same(value_of("key = a \\\n# b\n"), "a # b", "a # there begins no comment");
	same(value_of("# comment \\\nkey = x\n"), "x",
	     "a comment does not swallow the next line");
	same(value_of("key = a \\\n"),
	     "f:2: error: goes on (\\) behind the end of the file\n",
	     "a file cannot end so");
	config_free(&c);
	ok(!read_as("f", "[p \"n\"]\nkey = a \\\nb\n\nbad\n"), "a wrong line behind one");
	same(problems(),
	     "f:5: error: is neither a section nor key = value (a value goes on here "
	     "when the line above ends with \\)\n",
	     "lines are still counted right");
}

static void variables_are_replaced(void)
{
	setenv("CONFIG_TEST", "value", 1);
	setenv("CONFIG_EMPTY", "", 1);
	unsetenv("CONFIG_UNSET");
	same(value_of("key = <${CONFIG_TEST}>"), "<value>", "a variable is replaced");
	same(value_of("key = <${CONFIG_EMPTY}>"), "<>", "an empty one is empty");
	same(value_of("key = ${CONFIG_UNSET:-a b}"), "a b",
	     "an unset one has its default");
	same(value_of("key = ${CONFIG_EMPTY:-x}"), "x", "so has an empty one");
	same(value_of("key = ${CONFIG_TEST:-x}${CONFIG_UNSET:-}"), "value",
	     "one that is set does not need it");
	same(value_of("key = $$${CONFIG_TEST}$$"), "$value$", "$$ is a $");
	same(value_of("key = $SYS/x$"), "$SYS/x$", "any other $ stays");
	same(value_of("key = $${CONFIG_TEST}"), "${CONFIG_TEST}",
	     "$$ hides what looks like a variable");
	same(value_of("key = ${CONFIG_UNSET}"),
	     "f:2: error: the variable CONFIG_UNSET is not set (${CONFIG_UNSET:-} does "
	     "without)\n",
	     "an unset variable is an error, not nothing");
	ok(strstr(value_of("key = ${CONFIG_TEST"), "a ${ without its }") != NULL,
	   "an open ${ is an error");
	ok(strstr(value_of("key = ${}"), "that is no variable") != NULL, "so is ${}");
	ok(strstr(value_of("key = ${1A}"), "that is no variable") != NULL, "so is ${1A}");
	ok(strstr(value_of("key = ${A:x}"), "that is no variable") != NULL,
	   "so is ${A:x}");
	setenv("CONFIG_TEST", "two\nenabled = no", 1);
	same(value_of("key = ${CONFIG_TEST}"),
	     "f:2: error: the variable CONFIG_TEST holds a control character\n",
	     "a variable cannot add lines");
	setenv("CONFIG_TEST", "${HOME}", 1);
	same(value_of("key = ${CONFIG_TEST}"), "${HOME}",
	     "what it holds is not looked into");
	config_free(&c);
}

static void every_error_is_told_at_once_with_its_line(void)
{
	same(problems_of(
		     "x = 1\ny = 2\n[mqtt]\nhost = a\n[mqtt \"a b\"]\n[router \"x\"]\n"
		     "[mqtt broker]\n[mqtt \"b\"] # c\n[mqtt \"b\"\n[]\n"
		     "[\"a\"]\n[mqtt \"ok\"]\nHost = a\nhost\n= 5\n"),
	     "f:1: error: stands before any section: begin with [PLUGIN \"NAME\"]\n"
	     "f:3: error: an input or output has a plugin and a name: write "
	     "[mqtt \"NAME\"], or [PLUGIN \"mqtt\"] as in [file \"mqtt\"]\n"
	     "f:5: error: \"a b\" cannot be a name: use letters, digits, . _ and -, a "
	     "letter or digit first, at most 64\n"
	     "f:6: error: [router] has no name\n"
	     "f:7: error: is no section: write [PLUGIN \"NAME\"], as in [file "
	     "\"archive\"]\n"
	     "f:8: error: \" # c\" behind the section's ]\n"
	     "f:9: error: is no section: write [PLUGIN \"NAME\"], as in [file "
	     "\"archive\"]\n"
	     "f:10: error: \"\" cannot be a plugin\n"
	     "f:11: error: [\"a\"] has no plugin: write [PLUGIN \"a\"], as in [file "
	     "\"a\"]\n"
	     "f:13: error: \"Host\" is no key: keys are lower-case letters, digits and "
	     "_\n"
	     "f:14: error: is neither a section nor key = value (a value goes on here "
	     "when the line above ends with \\)\n"
	     "f:15: error: is no key: keys are lower-case letters, digits and _\n",
	     "all of them, each once, none for the keys of a section that is wrong");
}

static void an_error_repeats_no_secret(void)
{
	ok(strstr(problems_of("[p \"n\"]\npassword: hunter2\n"), "hunter2") == NULL,
	   "a line that is none");
	ok(strstr(problems_of("[p \"n\"]\npass word = hunter2\n"), "hunter2") == NULL,
	   "a key that is none");
	ok(strstr(problems_of("[p \"n\"]\npassword = hunter2${\n"), "hunter2") == NULL,
	   "a broken variable");
	ok(strstr(problems_of("[p \"n\"]\npassword = a\npassword = hunter2\n"),
	          "hunter2") == NULL,
	   "a key that comes twice");
}

static void bytes_that_are_no_text_are_refused(void)
{
	static const char nul[] = "[p \"n\"]\nkey = a\0b\n";

	read_bytes("f", nul, sizeof nul - 1);
	same(problems(), "f:2: error: a NUL byte: this is no text\n", "NUL");
	same(problems_of("[p \"n\"]\nkey = \x1B[2J\n"),
	     "f:2: error: a control character\n",
	     "an escape sequence never reaches a terminal");
	same(problems_of("[p \"n\"]\nkey = \xC3(\n"),
	     "f:2: error: bytes that are no UTF-8\n", "broken UTF-8");
	same(problems_of("[p \"n\"]\nkey = a\rb\n"), "f:2: error: a control character\n",
	     "a CR inside a line");
	same(problems_of(""), "", "an empty file is fine");
}

static char *long_line(size_t len)
{
	char *text = malloc(len + 32);
	int head = snprintf(text, len + 32, "[p \"n\"]\nkey=");

	memset(text + head, 'x', len - 4);
	strcpy(text + head + len - 4, "\n");
	return text;
}

static void a_line_may_be_a_mebibyte_long(void)
{
	char *text = long_line(CONFIG_LINE_MAX);

	ok(read_as("f", text) && strlen(config_text(config_find(&c, "n"), "key")) ==
	                                 CONFIG_LINE_MAX - 4,
	   "a line of exactly the limit is read whole");
	config_free(&c);
	free(text);
	text = long_line(CONFIG_LINE_MAX + 1);
	same(problems_of(text), "f:2: error: is longer than 1048576 bytes\n",
	     "one byte more is refused");
	free(text);
}

static void a_file_of_nonsense_gives_a_hundred_errors(void)
{
	struct buf text = {0};
	unsigned lines = 0;

	for (int i = 0; i < 100000; i++)
		buf_text(&text, "nonsense\n");
	problems_of(buf_string(&text));
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	ok(lines == 101 && strstr(out.data, "f:100: error: too many errors") != NULL,
	   "100 errors and a word that there are more, not 100,000");
	buf_free(&text);
}

static void a_later_file_overlays_key_by_key(void)
{
	const struct config_section *s;
	const struct config_value *v;

	read_as("10.conf", "[p \"n\"]\na = 1\nb = 2\nheader = x\nheader = y\n");
	read_as("20.conf", "[q \"m\"]\n[p \"n\"]\nb = 3\nheader = z\n");
	s = config_find(&c, "n");
	same(config_text(s, "a"), "1", "what the later file does not name stays");
	same(config_text(s, "b"), "3", "what it names is its own");
	ok(config_value(s, "b")->line == 3 &&
	           strcmp(config_value(s, "b")->file, "20.conf") == 0,
	   "and an error about it would name the later file");
	v = config_value(s, "header");
	ok(strcmp(v->text, "z") == 0 && config_next(v) == NULL,
	   "a later file's list takes the place of the whole list");
	ok(s->line == 1 && strcmp(s->file, "10.conf") == 0 && c.sections == s,
	   "sections stand in the order of their first mention");
	same(problems(), "", "and there is nothing to complain about");
}

static void a_key_stands_once_a_list_key_often(void)
{
	const struct config_value *v;

	same(problems_of("[p \"n\"]\na = 1\n[p \"m\"]\na = 1\n[p \"n\"]\na = 2\n"),
	     "f:6: error: a is set twice, first in line 2\n",
	     "twice in one file is an error, also when the section is entered again");
	read_as("f", "[p \"n\"]\nheader = 1\nx = 0\nheader = 2\nheader = 3\n");
	v = config_value(config_find(&c, "n"), "header");
	same(v->text, "1", "a list has its first value");
	v = config_next(v);
	same(v->text, "2", "its second");
	v = config_next(v);
	ok(strcmp(v->text, "3") == 0 && config_next(v) == NULL, "and its last, in order");
	config_free(&c);
	read_as("f", "[p \"n\"]\na = 1\n");
	ok(read_as("f", "[p \"n\"]\na = 2\n"),
	   "a file that is read twice overlays itself");
	config_free(&c);
}

static void a_name_belongs_to_one_section(void)
{
	read_as("f", "[mqtt \"a\"]\n[file \"a\"]\npath = x\n[file \"b\"]\n");
	ok(config_text(config_find(&c, "a"), "path") == NULL,
	   "keys of the section that lost do not reach the other");
	same(problems(), "f:2: error: the name \"a\" is taken by [mqtt \"a\"] (f:1)\n",
	     "an output's name is the identity of its place: it cannot be two things");
	ok(config_name_is_valid("a.b_c-9") && config_name_is_valid("9"), "good names");
	ok(!config_name_is_valid("") && !config_name_is_valid(".a") &&
	           !config_name_is_valid("-rf") && !config_name_is_valid("a/b") &&
	           !config_name_is_valid("..") && !config_name_is_valid("\xC3\xA4"),
	   "names that would be no harmless file name");
	ok(config_name_is_valid(
		   "0123456789012345678901234567890123456789012345678901234567"
		   "890123") &&
	           !config_name_is_valid("01234567890123456789012345678901234567890123456"
	                                 "789012345678901234"),
	   "64 bytes are a name, 65 are none");
}

static void ten_thousand_sections_are_read(void)
{
	struct buf text = {0};

	for (int i = 0; i < 10000; i++)
		buf_format(&text, "[p \"n%d\"]\nkey = %d\n", i, i);
	ok(read_as("f", buf_string(&text)), "10,000 outputs are no error");
	same(config_text(config_find(&c, "n9999"), "key"), "9999", "the last is there");
	config_free(&c);
	buf_free(&text);
}

static void what_is_written_is_read_back_the_same(void)
{
	static const char *const values[] = {
		" leading", "trailing \t", "back\\", "$x ${Y} $$", "", "# no comment"};
	struct config_section *s = config_add_section(&c, "p", "n", "f", 1);
	struct buf text = {0};
	const struct config_value *v;
	size_t i = 0;

	for (i = 0; i < sizeof values / sizeof *values; i++)
		config_add_value(&c, s,
		                 &(struct config_value){.key = (char *)"header",
		                                        .text = (char *)values[i],
		                                        .file = "f"});
	config_add_value(&c, s,
	                 &(struct config_value){.key = (char *)".kind",
	                                        .text = (char *)"output",
	                                        .file = "f"});
	config_write_section(&text, s);
	config_free(&c);
	ok(config_read_text(&c, "effective", text.data, text.len, &own),
	   "what was written is read without an error");
	s = config_find(&c, "n");
	v = config_value(s, "header");
	for (i = 0; v != NULL; v = config_next(v), i++)
		same(v->text, values[i], "a value is what it was, to the last space");
	ok(i == sizeof values / sizeof *values, "all of them");
	same(config_text(s, ".kind"), "output", "keys of our own begin with a point");
	config_free(&c);
	ok(!config_read_text(&c, "f", text.data, text.len, &people),
	   "which no file of conf.d may use");
	config_free(&c);
	buf_free(&text);
}

int main(void)
{
	a_value_stands_as_it_is_written();
	a_backslash_goes_on_in_the_next_line();
	variables_are_replaced();
	every_error_is_told_at_once_with_its_line();
	an_error_repeats_no_secret();
	bytes_that_are_no_text_are_refused();
	a_line_may_be_a_mebibyte_long();
	a_file_of_nonsense_gives_a_hundred_errors();
	a_later_file_overlays_key_by_key();
	a_key_stands_once_a_list_key_often();
	a_name_belongs_to_one_section();
	ten_thousand_sections_are_read();
	what_is_written_is_read_back_the_same();
	buf_free(&out);
	return done();
}
