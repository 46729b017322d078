/* SPDX-License-Identifier: MIT */
/* sensors: the tables, and how an operator extends them. */
#include "sensors.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static char standard[4096];
static char folder[] = "/tmp/frame-router-test-XXXXXX";
static struct reason why;

/* Loads the standard tables and one file of that name and content, if not NULL. */
static struct sensors *load(const char *name, const char *content)
{
	char path[200];
	const char *extra[] = {path, NULL};
	struct sensors *s = NULL;
	FILE *file;

	why.text[0] = '\0';
	snprintf(path, sizeof path, "%s/%s", folder, name == NULL ? "" : name);
	if (name == NULL)
		return sensors_load(&s, standard, NULL, &why) ? s : NULL;
	file = fopen(path, "w");
	fputs(content, file);
	fclose(file);
	if (!sensors_load(&s, standard, extra, &why))
		s = NULL;
	unlink(path);
	/* Only what comes behind the folder's random name can be compared. */
	if (strncmp(why.text, folder, strlen(folder)) == 0)
		memmove(why.text, why.text + strlen(folder) + 1,
		        strlen(why.text) - strlen(folder));
	return s;
}

static void the_standard_tables_hold_all_sensors(void)
{
	static const unsigned wanted[SENSORS_TABLES] = {174, 152, 241, 194};
	struct sensors *s = load(NULL, NULL);
	const struct sensor *sensor;

	ok(s != NULL, "the standard tables are read: %s", why.text);
	for (int table = 0; s != NULL && table < SENSORS_TABLES; table++) {
		unsigned known = 0;

		for (int id = 0; id < 256; id++)
			known += sensors_get(s, (enum sensor_table)table, (uint8_t)id, 0)
			                 ->is_known;
		ok(known == wanted[table], "%s has %u sensors",
		   sensors_table_name((enum sensor_table)table), known);
	}
	sensor = sensors_get(s, SENSORS_V15, 53, 0);
	ok(strcmp(sensor->tag, "GPS") == 0 && sensor->fields == 2 && sensor->bytes == 8 &&
	           sensor->types[1] == SENSOR_FLOAT && sensor->decimals == 6,
	   "a row becomes a sensor");
	same(sensor->unit, "deg", "with its unit");
	ok(!sensors_get(s, SENSORS_V15, 249, 0)->is_known,
	   "an id without a row is unknown");
	ok(sensors_tag_is_string(s, SENSORS_V15, "STR", 3) &&
	           !sensors_tag_is_string(s, SENSORS_V15, "STRX", 4) &&
	           sensors_tag_is_string(s, SENSORS_V15, "ST", 2) &&
	           !sensors_tag_is_string(s, SENSORS_V12, "ST", 2),
	   "a tag's type is that of its table, or of one that has it");
	ok(sensors_tag_is_known(s, "BAT", 3) && !sensors_tag_is_known(s, "BA", 2) &&
	           !sensors_tag_is_known(s, "", 0),
	   "a tag is known whole or not");
	sensors_free(s);
}

static void types_that_changed_are_known_by_age(void)
{
	struct sensors *s = load(NULL, NULL);

	ok(sensors_get(s, SENSORS_V15, 89, 0)->types[0] == SENSOR_STRING &&
	           sensors_get(s, SENSORS_V15, 89, 1)->types[0] == SENSOR_FLOAT,
	   "speed was a float before it was text");
	ok(sensors_get(s, SENSORS_V12, 89, 2)->types[0] == SENSOR_UINT32 &&
	           sensors_get(s, SENSORS_V12, 38, 1)->types[0] == SENSOR_FLOAT &&
	           sensors_get(s, SENSORS_V12, 38, 2)->bytes == 1,
	   "and a whole number before that");
	ok(sensors_get(s, SENSORS_V15, 89, 2)->types[0] == SENSOR_FLOAT,
	   "a type holds for all ages before it");
	same(sensors_get(s, SENSORS_V15, 52, 2)->tag, "BAT", "others never changed");
	sensors_free(s);
	s = load("v15-own.csv", "id,tag,fields,types\n89,SPEED,1,uint8\n");
	ok(s != NULL && sensors_get(s, SENSORS_V15, 89, 1)->types[0] == SENSOR_UINT8,
	   "an operator's row is meant for every age");
	sensors_free(s);
}

static void an_operator_adds_and_replaces(void)
{
	struct sensors *s =
		load("v15-own.csv", "\xEF\xBB\xBFtypes,name,tag,id,fields\r\n"
	                            "\r\n"
	                            "float;int16;string,\"one, two\",MIX,200,3\r\n"
	                            "int8,\"x\",T\xC3\xA9,52,2");
	const struct sensor *mix = s == NULL ? NULL : sensors_get(s, SENSORS_V15, 200, 0);

	ok(mix != NULL && mix->fields == 3 && mix->types[0] == SENSOR_FLOAT &&
	           mix->types[1] == SENSOR_INT16 && mix->types[2] == SENSOR_STRING &&
	           mix->bytes == 0,
	   "columns in any order, quotes, a type for each value: %s", why.text);
	ok(s != NULL && sensors_get(s, SENSORS_V15, 52, 0)->bytes == 2,
	   "one type for all");
	same(sensors_get(s, SENSORS_V12, 52, 0)->tag, "BAT",
	     "other tables stay as they are");
	ok(!sensors_tag_is_string(s, SENSORS_V15, "MIX", 3),
	   "a mixed reading is no text");
	sensors_free(s);
	s = load("agr.csv", "id,tag,fields,types,unit,decimals\n66,NEW,1,string,%RH,2\n");
	ok(s != NULL && sensors_tag_is_string(s, SENSORS_AGR, "NEW", 3) &&
	           sensors_get(s, SENSORS_AGR, 66, 0)->decimals == 2,
	   "the name tells the table");
	sensors_free(s);
}

static void faults_are_told_with_their_place(void)
{
	static const struct {
		const char *name, *content, *want;
	} faults[] = {
		{"mine.csv", "",
	         "mine.csv: the name must begin with v12-, v15-, agr- or wtr-, the table "
	         "that it "
	         "adds to"},
		{"v15.csv", "", "v15.csv: the file is empty"},
		{"v15.csv", "id,tag,types\n",
	         "v15.csv:1: the head line names no column fields"},
		{"v15.csv", "id,tag,fields,types\n256,A,1,float\n",
	         "v15.csv:2: \"256\" is no id (0 to 255)"},
		{"v15.csv", "id,tag,fields,types\n,A,1,float\n",
	         "v15.csv:2: \"\" is no id (0 to 255)"},
		{"v15.csv", "id,tag,fields,types\n1,A,1,float\n\n1,B,1,float\n",
	         "v15.csv:4: id 1 stands in this file already"},
		{"v15.csv", "id,tag,fields,types\n1,A,0,float\n",
	         "v15.csv:2: \"0\" is no number of fields (1 to 32)"},
		{"v15.csv", "id,tag,fields,types\n1,A,33,float\n",
	         "v15.csv:2: \"33\" is no number of fields (1 to 32)"},
		{"v15.csv", "id,tag,fields,types\n1,A,1,double\n",
	         "v15.csv:2: \"double\" is no type (uint8, int8, uint16, int16, uint32, "
	         "int32, "
	         "float, string)"},
		{"v15.csv", "id,tag,fields,types\n1,A,3,float;int8\n",
	         "v15.csv:2: 2 types for 3 fields"},
		{"v15.csv", "id,tag,fields,types\n1,A,1,float;int8\n",
	         "v15.csv:2: more types than fields (1)"},
		{"v15.csv", "id,tag,fields,types\n1,,1,float\n",
	         "v15.csv:2: a tag has 1 to 31 bytes"},
		{"v15.csv", "id,tag,fields,types\n1,A B,1,float\n",
	         "v15.csv:2: a tag has no spaces, control characters, : # or ;"},
		{"v15.csv", "id,tag,fields,types\n1,\xC3,1,float\n",
	         "v15.csv:2: the tag is not UTF-8"},
		{"v15.csv", "id,tag,fields,types,decimals\n1,A,1,float,x\n",
	         "v15.csv:2: \"x\" is no number of decimals"},
		{"v15.csv", "id,tag,fields,types,unit\n1,A,1,float,sixteen_bytes_00\n",
	         "v15.csv:2: a unit has at most 15 bytes of UTF-8"},
	};
	const char *missing[] = {"/nowhere/v15.csv", NULL};
	struct sensors *s;

	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		s = load(faults[i].name, faults[i].content);
		ok(s == NULL, "a faulty table is not used");
		same(why.text, faults[i].want, "and the fault is named");
		sensors_free(s);
	}
	ok(!sensors_load(&s, "/nowhere", NULL, &why), "nor is one that is not there");
	same(why.text,
	     "cannot read the sensor table /nowhere/sensors_v12.csv: No such file or "
	     "directory",
	     "which is named");
	ok(!sensors_load(&s, standard, missing, &why), "nor an operator's");
}

int main(void)
{
	const char *top = getenv("top_srcdir");

	snprintf(standard, sizeof standard, "%s/core/sensors", top == NULL ? "." : top);
	if (!ok(mkdtemp(folder) != NULL, "a folder for the operator's tables"))
		return done();
	the_standard_tables_hold_all_sensors();
	types_that_changed_are_known_by_age();
	an_operator_adds_and_replaces();
	faults_are_told_with_their_place();
	rmdir(folder);
	return done();
}
