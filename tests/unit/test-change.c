/* SPDX-License-Identifier: MIT */
/* change: who has to begin anew between two effective configurations, and why. */
#include "change.h"

#include <stdlib.h>

#include "option.h"
#include "tap.h"

#define ROUTER "[router]\n.conf = /c\n.sensors = /s\nname = gw\nstate = /st\n"
#define NODES                                                                            \
	"[socket-input \"nodes\"]\n.kind = input\n.plugin = /p/socket-input.so\n"        \
	"enabled = yes\nlisten = unix:/n\n"
#define BROKER                                                                           \
	"[mqtt \"broker\"]\n.kind = output\n.plugin = /p/mqtt.so\n"                      \
	".stamp = plugin 1\n.stamp = ca_file 2\n.file = a.conf\n.line = 3\n"             \
	"host = a\nport = 1883\nenabled = yes\nheader = x\nheader = y\n"

static struct settings was, is;
static struct buf keys;

static void read_both(const char *before, const char *after)
{
	struct reason why = {""};

	settings_free(&was);
	settings_free(&is);
	if (!settings_read(&was, before, strlen(before), &why) ||
	    !settings_read(&is, after, strlen(after), &why)) {
		printf("Bail out! %s\n", why.text);
		exit(1);
	}
	buf_clear(&keys);
}

/* The keys for which it begins anew; "-": it goes on. */
static const char *unit(const char *before, const char *after, const char *name)
{
	read_both(before, after);
	return change_unit(&was, &is, name, &keys) ? buf_string(&keys) : "-";
}

static const char *housekeeping(const char *before, const char *after)
{
	read_both(before, after);
	return change_housekeeping(&was, &is, &keys) ? buf_string(&keys) : "-";
}

static void what_says_the_same_goes_on(void)
{
	same(unit(ROUTER NODES BROKER, ROUTER NODES BROKER, "broker"), "-",
	     "the same text");
	same(unit(ROUTER BROKER,
	          ROUTER "[mqtt \"broker\"]\n.kind = output\n.plugin = /p/mqtt.so\n"
	                 ".stamp = plugin 1\n.stamp = ca_file 2\n"
	                 ".override = enabled\nheader = x\nheader = y\n"
	                 ".file = b.conf\n.line = 99\n"
	                 "port = 1883\nenabled = no\nhost = a\n",
	          "broker"),
	     "-", "other lines, another order, and disabled: that is no restart");
	same(unit(ROUTER BROKER, ROUTER NODES BROKER, "broker"), "-",
	     "another section is added");
}

static void a_changed_key_is_named(void)
{
	same(unit(ROUTER BROKER "x = 1\n", ROUTER BROKER "x = 2\n", "broker"), "x",
	     "another value");
	same(unit(ROUTER BROKER "x = 1\ny = 1\n", ROUTER BROKER "z = 2\n", "broker"),
	     "x, y, z", "keys that went, and one that came");
	same(unit(ROUTER BROKER, ROUTER BROKER "header = z\n", "broker"), "header",
	     "a list that is longer");
	same(unit(ROUTER BROKER "header = z\n", ROUTER BROKER "header = w\n", "broker"),
	     "header", "a list whose last is another, told once");
}

static void another_file_behind_the_same_key_is_a_change(void)
{
	same(unit(ROUTER BROKER ".stamp = key_file 3\n",
	          ROUTER BROKER ".stamp = key_file 4\n", "broker"),
	     "file of key_file", "a renewed certificate");
	same(unit(ROUTER NODES ".stamp = plugin 3\n", ROUTER NODES ".stamp = plugin 4\n",
	          "nodes"),
	     "file of plugin", "an upgraded plugin");
	same(unit(ROUTER "[file \"x\"]\n.kind = output\n.plugin = /p/file.so\n"
	                 "enabled = yes\n",
	          ROUTER "[mqtt \"x\"]\n.kind = output\n.plugin = /p/mqtt.so\n"
	                 "enabled = yes\n",
	          "x"),
	     "plugin", "another plugin is all that is told");
}

static void the_router_s_keys_concern_those_who_use_them(void)
{
	static const struct {
		const char *line, *input, *output, *housekeeping;
	} rows[] = {
		{"keep = 2d", "-", "[router] keep", "[router] keep"},
		{"max_size = 2G", "[router] max_size", "[router] max_size",
	         "[router] max_size"},
		{"commit = 1s", "[router] commit", "-", "-"},
		{"log_level = debug", "[router] log_level", "[router] log_level",
	         "[router] log_level"},
		{"sensors = /x.csv", "[router] sensors", "-", "-"},
		{"plugin_dir = /x", "-", "-", "-"},
		{"overrides = no", "-", "-", "-"},
		{"unheard_of = 1", "[router] unheard_of", "[router] unheard_of",
	         "[router] unheard_of"},
	};
	char after[1000];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		printf("# an input, an output and the housekeeping:\n");
		snprintf(after, sizeof after, "%s%s\n%s%s", ROUTER, rows[i].line, NODES,
		         BROKER);
		same(unit(ROUTER NODES BROKER, after, "nodes"), rows[i].input,
		     rows[i].line);
		same(unit(ROUTER NODES BROKER, after, "broker"), rows[i].output,
		     rows[i].line);
		same(housekeeping(ROUTER NODES BROKER, after), rows[i].housekeeping,
		     rows[i].line);
	}
	same(unit(ROUTER BROKER "hold = 7d\n",
	          ROUTER "max_size = 2G\n" BROKER "hold = 7d\n", "broker"),
	     "-", "an output with a `hold` of its own does not mind max_size");
	same(unit(ROUTER BROKER "format = senml\n",
	          ROUTER "sensors = /x.csv\n" BROKER "format = senml\n", "broker"),
	     "[router] sensors", "SenML has its units from the sensor tables");
	for (const struct frame_option *const *o = option_router; *o != NULL; o++)
		ok(change_knows((*o)->name), "it is known who uses %s", (*o)->name);
}

static void the_housekeeping_minds_what_outputs_hold(void)
{
	same(housekeeping(ROUTER BROKER, ROUTER BROKER "hold = 7d\n"), "hold",
	     "it is new");
	same(housekeeping(ROUTER BROKER, ROUTER), "hold", "an output went");
	same(housekeeping(ROUTER BROKER, ROUTER NODES BROKER), "-", "an input came");
}

int main(void)
{
	what_says_the_same_goes_on();
	a_changed_key_is_named();
	another_file_behind_the_same_key_is_a_change();
	the_router_s_keys_concern_those_who_use_them();
	the_housekeeping_minds_what_outputs_hold();
	settings_free(&was);
	settings_free(&is);
	buf_free(&keys);
	return done();
}
