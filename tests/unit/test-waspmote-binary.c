/* SPDX-License-Identifier: MIT */
/* waspmote_binary and waspmote_layout: every layout, and how they are told apart. */
#include "decoding.h"

#define V15 "3B2F6F057C1054E6"
#define V12 "18580322" /* 408421154, the highest byte first */

#define BAT "3446"       /* 70 */
#define TC  "4A0000D841" /* 27 */
#define STR                                                                              \
	"4102"                                                                           \
	"6869" /* hi */

static struct buf line;

/* A frame as hex; `count` is the count byte, -1: the number of bytes. */
static const char *frame(int type, int count, const char *serial, const char *node,
                         const char *rest)
{
	size_t bytes = strlen(serial) / 2 + strlen(node) + 1 + strlen(rest) / 2;

	buf_clear(&line);
	buf_format(&line, "3C3D3E%02X%02X%s", type,
	           count < 0 ? (unsigned)bytes : (unsigned)count, serial);
	buf_hex(&line, (const uint8_t *)node, strlen(node));
	buf_format(&line, "23%s", rest);
	return buf_string(&line);
}

/* "serial/node/sequence readings" of a frame, or why there is none. */
static const char *brief(const char *hex)
{
	static char text[4096];
	const char *document = decoded(hex);
	const struct frame *f = &decoding_frame;

	if (document[0] != '{')
		return document;
	snprintf(text, sizeof text, "%s/%s/%d %s", f->serial, f->node, f->sequence,
	         buf_string(&f->readings));
	return text;
}

static void v15_boards_send_serials_of_eight_bytes(void)
{
	same(brief(frame(6, -1, V15, "node_01", "29" BAT TC STR)),
	     V15 "/node_01/41 {\"BAT\":70,\"TC\":27,\"STR\":\"hi\"}",
	     "an information frame");
	same(brief(frame(6, -1, V15, "", "FF")), V15 "//255 {}", "no name, no fields");
	same(brief(frame(6, -1, V15, "sixteen_bytes_00", "00" BAT)),
	     V15 "/sixteen_bytes_00/0 {\"BAT\":70}", "a name of 16 bytes");
	same(brief(frame(6, -1, "2323232323232323", "n", "01" BAT)),
	     "2323232323232323/n/1 {\"BAT\":70}", "a serial of # only");
	same(brief(frame(6, -1, V15, "n", "23" BAT)), V15 "/n/35 {\"BAT\":70}",
	     "a sequence of #");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "4105"
	                 "3C3D3E2323")),
	     V15 "/n/1 {\"STR\":\"<=>##\"}",
	     "text may hold all that stands for something");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "4100"
	                 "4103"
	                 "C3E900")),
	     V15 "/n/1 {\"STR\":\"\",\"STR_2\":\"\xEF\xBF\xBD\xEF\xBF\xBD\\u0000\"}",
	     "empty text, and text that is no UTF-8");
}

static void values_are_what_their_type_says(void)
{
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "36BDFF"
	                 "3FE40306FF9CFF"
	                 "4E70110100")),
	     V15 "/n/1 {\"RSSI\":-67,\"ACC\":[996,-250,-100],\"LUX\":70000}",
	     "signed and unsigned whole numbers");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "3A0D0B16"
	                 "3B0C2238"
	                 "3CFBFF"
	                 "7B002F6859")),
	     V15 "/n/1 {\"DATE\":[13,11,22],\"TIME\":[12,34,56],\"GMT\":-5,"
	         "\"TST\":1500000000}",
	     "date and time are arrays of numbers");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "4A00000080"
	                 "4ACDCC4CBE"
	                 "4A6042A20D")),
	     V15 "/n/1 {\"TC\":-0,\"TC_2\":-0.2,\"TC_3\":1e-30}",
	     "floats have the fewest digits that give the same float");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "4A0000C07F"
	                 "4A0000807F"
	                 "4A000080FF")),
	     V15 "/n/1 {\"TC\":null,\"TC_2\":null,\"TC_3\":null}",
	     "NaN and infinity, which JSON cannot say, are null");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "C0"
	                 "0000010002000300FFFF050006000700" BAT)),
	     V15 "/n/1 {\"PM_BINH\":[0,1,2,3,65535,5,6,7],\"BAT\":70}",
	     "unsigned whole numbers, many of them");
}

static void v12_boards_send_serials_of_four_bytes_in_either_order(void)
{
	same(brief(frame(0, -1, V12, "v12", "C8" BAT "0C0000D841")),
	     "408421154/v12/200 {\"BAT\":70,\"TCA\":27}", "the highest byte first");
	same(brief(frame(0, -1, "22035818", "v12", "C8" BAT)),
	     "408421154/v12/200 {\"BAT\":70}", "the lowest byte first");
	same(brief(frame(0, -1, "020A2B2C", "v12", "C8" BAT)),
	     "34220844/v12/200 {\"BAT\":70}", "an old serial of 34 millions");
	same(brief(frame(0, -1, "18580316", "v12", "C8" BAT)),
	     "408421142/v12/200 {\"BAT\":70}",
	     "when both orders are likely, that of today's library");
	same(brief(frame(0, -1, "12345678", "v12", "C8" BAT)),
	     "305419896/v12/200 {\"BAT\":70}", "and when none is");
	same(brief(frame(0, -1, "23232318", "", "23" BAT)), "404955939//35 {\"BAT\":70}",
	     "# in the serial, no name");
}

static void old_libraries_count_fields(void)
{
	same(brief(frame(0, 2, "22035818", "N1", "05" BAT "0C0000D841")),
	     "408421154/N1/5 {\"BAT\":70,\"TCA\":27}",
	     "NFIELDS behind a serial of four bytes");
	same(brief(frame(2, 1, "12345678", "N1", "05" BAT)),
	     "2018915346/N1/5 {\"BAT\":70}", "whose lowest byte is first, likely or not");
	same(brief(frame(0, '?', "22035818", "N1", "06")), "408421154/N1/6 {}",
	     "? stands for no fields");
	same(brief(frame(0, 0, "22035818", "N1", "06")), "408421154/N1/6 {}", "0 too");
	same(brief(frame(0, 2,
	                 "233430383432313135"
	                 "23",
	                 "N1", "05" BAT BAT)),
	     "40842115/N1/5 {\"BAT\":70,\"BAT_2\":70}", "a serial of digits between #");
	same(brief(frame(3, '?', "2334303834323131353423", "", "05")), "408421154//5 {}",
	     "without name and fields");
	ok(decoding_why.text[0] == '\0', "none of it is worth a warning");
	same(brief(frame(0, 2, "22035818", "N1", "05" BAT "F90102")),
	     "408421154/N1/5 {\"BAT\":70}", "an unknown sensor among counted fields");
	ok(decoding_frame.undecoded.len == 3, "leaves its bytes");
	same(brief(frame(0, 5, "22035818", "N1", "05" BAT "F90102")),
	     "kept: no known layout fits",
	     "but not when the rest has no room for those counted");
	same(brief(frame(0, 3, "22035818", "N1", "05" BAT "F90102")),
	     "kept: no known layout fits", "by one byte");
}

static void events_come_from_either_board(void)
{
	for (int type = 1; type <= 5; type++) {
		same(brief(frame(type, -1, V15, "ev", "15" BAT)),
		     V15 "/ev/21 {\"BAT\":70}", "a v15 board's, whatever the table");
		same(brief(frame(type, -1, V12, "node_01", "15" BAT)),
		     "408421154/node_01/21 {\"BAT\":70}", "a v12 board's");
	}
	same(brief(frame(2, -1, V15, "", "15" BAT)), V15 "//21 {\"BAT\":70}",
	     "a v15 board's without a name");
	same(brief(frame(2, -1, V12, "", "15" BAT)), "408421154//21 {\"BAT\":70}",
	     "a v12 board's without a name");
	same(brief(frame(2, -1, V15, "sixteen_bytes_00", "15" BAT)),
	     V15 "/sixteen_bytes_00/21 {\"BAT\":70}", "a v15 board's with a long name");
	same(brief(frame(2, -1, V12, "sixteen_bytes_00", "15" BAT)),
	     "408421154/sixteen_bytes_00/21 {\"BAT\":70}",
	     "a v12 board's with a long name");
	same(brief(frame(2, -1, "12345678", "n1", "15" BAT)),
	     "305419896/n1/21 {\"BAT\":70}",
	     "a v12 board's with an unlikely serial and a short name");
	same(brief(frame(2, -1, "0011223344556677", "node_01", "15" BAT)),
	     "0011223344556677/node_01/21 {\"BAT\":70}",
	     "a v15 serial whose second half may be a name");
	same(brief(frame(2, -1, "3B2F6F057C102323", "ev", "15" BAT)),
	     "3B2F6F057C102323/ev/21 {\"BAT\":70}", "# in the second half of the serial");
	same(brief(frame(2, -1, V15, "ev", "15" BAT "2901")),
	     V15 "/ev/21 {\"BAT\":70,\"PIR\":1}",
	     "a sensor that only one table reads to the end");
	same(brief(frame(2, -1, V12, "ev", "15" BAT "290000D841")),
	     "408421154/ev/21 {\"BAT\":70,\"TD\":27}",
	     "and one that only the other does");
	same(brief(frame(2, -1, V15, "ev", "15" BAT "F90102")), V15 "/ev/21 {\"BAT\":70}",
	     "an unknown sensor does not change the board");
	same(brief(frame(2, -1, V12, "node_01", "15" BAT "F90102")),
	     "408421154/node_01/21 {\"BAT\":70}", "nor this one");
	same(brief(frame(0, -1, V15, "ev", "15" BAT)), V15 "/ev/21 {\"BAT\":70}",
	     "type 0 with a v15 serial");
	same(brief(frame(0, -1, V12, "ab\xC3(node", "15" BAT)),
	     "408421154/ab\xEF\xBF\xBD(node/21 {\"BAT\":70}",
	     "type 0 with a likely v12 serial and a broken name");
	same(brief(frame(2, -1, "163B6F057C1054E6", "ev", "15" BAT)),
	     "163B6F057C1054E6/ev/21 {\"BAT\":70}",
	     "a v15 serial that begins like one of a v12 board");
	same(brief(frame(2, -1, "165803226E6F6465", "x", "15" BAT "BD0100")),
	     "165803226E6F6465/x/21 {\"BAT\":70,\"CB_FP\":1}",
	     "what fits to the end, when both names are text");
}

static void the_table_is_that_of_the_type(void)
{
	same(brief(frame(7, -1, V15, "A",
	                 "32"
	                 "000000AC41"
	                 "D26701" BAT)),
	     V15 "/A/50 {\"TC_A\":21.5,\"WD\":359,\"BAT\":70}",
	     "Smart Agriculture Xtreme");
	same(brief(frame(8, -1, V15, "W",
	                 "32"
	                 "0C0000AC41" BAT)),
	     V15 "/W/50 {\"TC1_A\":21.5,\"BAT\":70}", "Smart Water Xtreme");
	same(brief(frame(7, -1, V15, "A",
	                 "32"
	                 "2901" BAT)),
	     V15 "/A/50 {\"PIR\":1,\"BAT\":70}",
	     "a v15 board's alarm that an old library sent as type 7");
	ok(decoding_why.text[0] == '\0', "which is no one's fault now");
	same(brief(frame(7, -1, V15, "A", "32" BAT "840102")), V15 "/A/50 {\"BAT\":70}",
	     "an unknown sensor of type 7");
	same(brief(frame(8, -1, V15, "W", "32" BAT "D26701")),
	     V15 "/W/50 {\"BAT\":70,\"WD\":359}", "a sketch that set the wrong family");
	same(decoding_why.text, "type 8, but only the agr table fits", "which is said");
	same(brief(frame(6, -1, V15, "n", "32" BAT "0A6701")),
	     "kept: sensor id 10 at byte 18 goes beyond the frame's end",
	     "but not when two families fit");
}

static void older_libraries_wrote_other_types(void)
{
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "5900002041"
	                 "5B0000C03F" BAT)),
	     V15 "/n/1 {\"SPEED_OG\":10,\"ALT\":1.5,\"BAT\":70}",
	     "speed and altitude as floats, before they were text");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "5900000000"
	                 "5A00000000"
	                 "5B00000000")),
	     V15 "/n/1 {\"SPEED_OG\":0,\"COURSE_OG\":0,\"ALT\":0}", "all of them 0");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "5904"
	                 "31302E30" BAT)),
	     V15 "/n/1 {\"SPEED_OG\":\"10.0\",\"BAT\":70}", "and as text");
	same(brief(frame(0, 2, "22035818", "N1",
	                 "05"
	                 "2644" BAT)),
	     "408421154/N1/5 {\"LW\":68,\"BAT\":70}", "leaf wetness of one byte");
	same(brief(frame(0, -1, V12, "N1",
	                 "05"
	                 "2600008842" BAT)),
	     "408421154/N1/5 {\"LW\":68,\"BAT\":70}", "and as a float");
	ok(strncmp(brief(frame(6, -1, V15, "n",
	                       "01"
	                       "5900002041"
	                       "F90102")),
	           "kept", 4) == 0,
	   "but an older table must fit to the end");
}

static void an_unknown_sensor_leaves_what_stands_before(void)
{
	same(decoded(frame(6, -1, V15, "n", "01" BAT "F90102")),
	     "{\"node\":\"n\",\"serial\":\"" V15
	     "\",\"sequence\":1,\"type\":\"information\","
	     "\"undecoded\":\"F90102\",\"readings\":{\"BAT\":70}}",
	     "readings before it, and the bytes from it on");
	same(decoding_why.text,
	     "sensor id 249 is not in the v15 table: 3 bytes are left undecoded",
	     "with a warning that names it");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "C80000D841")),
	     V15 "/n/1 {}", "also when it is the first, though another table knows it");
	ok(decoding_frame.undecoded.len == 5, "with all its bytes");
}

static void a_count_byte_that_is_wrong(void)
{
	same(brief(frame(6, 13, V15, "n", "01" BAT "0D0A0000")), V15 "/n/1 {\"BAT\":70}",
	     "padding behind a frame is no part of it");
	ok(decoding_why.text[0] == '\0', "and no reason for a warning");
	same(strchr(decoded(frame(6, 13, V15, "n", "01" BAT "3C3D3E0622")), '\n'),
	     "\nkept: cut short: the count byte says 34, 0 bytes follow it",
	     "nor is the next frame");
	same(brief(frame(6, 1, V15, "n", "01" BAT)), V15 "/n/1 {\"BAT\":70}",
	     "a frame that is whole, but counted wrong");
	same(decoding_why.text, "the count byte says 1, 13 bytes follow it",
	     "is read, and said");
	same(brief(frame(6, 13, V15, "n", "01" BAT "99AA")), V15 "/n/1 {\"BAT\":70}",
	     "bytes of whatever kind behind a frame");
	same(brief(frame(6, 14, V15, "n", "01" BAT)),
	     "kept: cut short: the count byte says 14, 13 bytes follow it",
	     "one byte missing");
	same(brief(frame(1, 0x48, V15, "n", "01" BAT)),
	     "kept: cut short: the count byte says 72, 13 bytes follow it",
	     "of either board");
}

static void what_has_no_readings_is_kept_with_the_reason(void)
{
	same(brief(frame(96, -1, V15, "n", "01" BAT)),
	     "kept: encrypted (type 96): the router cannot read it", "encrypted");
	same(brief(frame(99, -1, V12, "n", "01" BAT)),
	     "kept: encrypted (type 99): the router cannot read it", "encrypted, v12");
	same(brief(frame(121, -1, V15, "n", "01" BAT)),
	     "kept: part of a file or of a program (type 121): the router cannot read it",
	     "a program on its way to a node");
	same(brief(frame(42, -1, V15, "n", "01" BAT)), V15 "/n/1 {\"BAT\":70}",
	     "a type that nobody knows, but all fits");
	same(brief(frame(42, -1, V15, "n", "01" BAT "F900")),
	     "kept: no known layout fits a frame of type 42",
	     "and one where not all does");
	same(brief("3C3D3E"), "kept: cut short: 3 bytes", "only a start");
	same(brief("3C3D3E0600"), "kept: no node name that ends with # behind the serial",
	     "a head");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "41FF6162")),
	     "kept: sensor id 65 at byte 16 goes beyond the frame's end",
	     "a text longer than the frame");
	same(brief(frame(6, -1, V15, "n",
	                 "01"
	                 "41")),
	     "kept: sensor id 65 at byte 16 goes beyond the frame's end",
	     "a text without length");
	same(brief(frame(6, -1, V15, "a_name_of_17_byte", "01" BAT)),
	     "kept: no node name that ends with # behind the serial",
	     "a name of 17 bytes");
	same(brief("3C3D3E060A" V15 "6E23"),
	     "kept: no node name that ends with # behind the serial", "no sequence");
}

int main(void)
{
	if (!decoding_begin())
		return done();
	v15_boards_send_serials_of_eight_bytes();
	values_are_what_their_type_says();
	v12_boards_send_serials_of_four_bytes_in_either_order();
	old_libraries_count_fields();
	events_come_from_either_board();
	the_table_is_that_of_the_type();
	older_libraries_wrote_other_types();
	an_unknown_sensor_leaves_what_stands_before();
	a_count_byte_that_is_wrong();
	what_has_no_readings_is_kept_with_the_reason();
	buf_free(&line);
	decoding_end();
	return done();
}
