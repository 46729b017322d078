/* SPDX-License-Identifier: MIT */
/* waspmote, given what no node should send: nothing breaks, documents are sound. */
#include "decoding.h"
#include "sound.h"
#include "waspmote.h"

static const struct good {
	const char *name;
	const char *hex;
} goods[] = {
	{"G3", "3C3D3E06223B2F6F057C1054E66E6F64655F3031232934574A1F859F414C0000E4414DC0F"
               "CC447"},
	{"G3 with text", "3C3D3E06153B2F6F057C1054E66E2301410568656C6C6F3446"},
	{"G3 event", "3C3D3E020E3B2F6F057C1054E6657623163446"},
	{"G2", "3C3D3E00151858032276313223C8343C0C0000D8413E0000D241"},
	{"G1", "3C3D3E0003220358184E312305343C0C0000D8413FE9FFABFF1004"},
	{"G0", "3C3D3E0003233430383432313135234E312305343C0C0000D8413FE9FFABFF1004"},
	{"ASCII", "3C3D3E86033342324636463035374331303534453623"
                  "6E23323223545354523A78234241543A383723"},
	{"ASCII time",
         "3C3D3E860223334232464636303523233130302354494D453A312D322D332D3523"
         "005354523A783A793B7A5F7723"},
};

#define GOODS (sizeof goods / sizeof goods[0])

/* Whether the bytes are either kept or a frame with a sound document. */
static bool survives(const uint8_t *bytes, size_t len, bool *is_frame)
{
	enum intake_result result;

	/* A copy of their own, so that the sanitizer sees the byte behind the last. */
	uint8_t *copy = malloc(len == 0 ? 1 : len);

	memcpy(copy, bytes, len);
	result = intake_raw(&decoding_frame, copy, len, decoding_sensors, &decoding_why);
	free(copy);
	*is_frame = result == INTAKE_FRAME;
	return result == INTAKE_QUARANTINE ? decoding_why.text[0] != '\0'
	                                   : is_sound(&decoding_frame);
}

static long bytes_of(const struct good *good, uint8_t bytes[4096])
{
	return hex_decode(bytes, good->hex, strlen(good->hex));
}

static void a_frame_that_is_cut_anywhere_does_no_harm(void)
{
	for (size_t g = 0; g < GOODS; g++) {
		uint8_t bytes[4096];
		long len = bytes_of(&goods[g], bytes);
		bool is_binary = (bytes[3] & WASPMOTE_ASCII) == 0;
		bool is_counted = is_binary && bytes[4] == len - 5;
		bool is_fine = len > 0;
		bool is_frame;

		for (long n = 0; n < len; n++) {
			is_fine = is_fine && survives(bytes, (size_t)n, &is_frame);
			is_fine = is_fine && !(is_counted && is_frame);
		}
		ok(is_fine && survives(bytes, (size_t)len, &is_frame),
		   "%s: each beginning is kept or sound%s", goods[g].name,
		   is_counted ? ", none is taken for a whole frame" : "");
	}
}

static void a_bit_that_flips_anywhere_does_no_harm(void)
{
	for (size_t g = 0; g < GOODS; g++) {
		uint8_t bytes[4096];
		long len = bytes_of(&goods[g], bytes);
		bool is_fine = len > 0;
		bool is_frame;

		for (long bit = 0; bit < len * 8; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			is_fine = is_fine && survives(bytes, (size_t)len, &is_frame);
			bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		ok(is_fine, "%s: kept or sound with any bit flipped", goods[g].name);
	}
}

/* Every value of the byte at `place`. */
static bool survives_all_values(const struct good *good, size_t place)
{
	uint8_t bytes[4096];
	long len = bytes_of(good, bytes);
	bool is_fine = len > 0;
	bool is_frame;

	for (int value = 0; value < 256; value++) {
		bytes[place] = (uint8_t)value;
		is_fine = is_fine && survives(bytes, (size_t)len, &is_frame);
	}
	return is_fine;
}

static void every_type_and_count_does_no_harm(void)
{
	for (size_t g = 0; g < GOODS; g++) {
		ok(survives_all_values(&goods[g], 3), "%s: each of 256 types",
		   goods[g].name);
		ok(survives_all_values(&goods[g], 4), "%s: each of 256 counts",
		   goods[g].name);
	}
}

static void every_sensor_id_does_no_harm(void)
{
	static const uint8_t types[] = {0, 1, 6, 7, 8};
	bool is_fine = true;
	bool is_frame;

	for (size_t t = 0; t < sizeof types; t++)
		for (int id = 0; id < 256; id++)
			for (uint8_t len = 0; len < 60; len++) {
				uint8_t bytes[80] = "<=>\0\0serial##n#1";

				bytes[3] = types[t];
				bytes[4] = (uint8_t)(12 + len);
				bytes[16] = (uint8_t)id;
				for (uint8_t i = 0; i < len; i++)
					bytes[17 + i] = (uint8_t)(i * 37 + id);
				is_fine =
					is_fine && survives(bytes, 17U + len, &is_frame);
			}
	ok(is_fine, "each of 256 ids, in each table, with 0 to 59 bytes behind it");
}

static void any_bytes_do_no_harm(void)
{
	uint64_t random = 1;
	bool is_fine = true;
	bool is_frame;

	for (int i = 0; i < 20000; i++) {
		uint8_t bytes[300] = "<=>";
		size_t len = 3 + (random >> 40) % 290;

		for (size_t k = 3; k < len; k++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			bytes[k] = (uint8_t)(random >> 56);
			/* Header and ends are what parsers look for. */
			if ((random >> 48) % 8 == 0)
				bytes[k] = "#:;?\0\n<="[(random >> 32) % 8];
		}
		if (i % 2 == 0)
			bytes[4] = (uint8_t)(len - 5);
		is_fine = is_fine && survives(bytes, len, &is_frame);
	}
	ok(is_fine, "20,000 frames of random bytes");
}

int main(void)
{
	if (!decoding_begin())
		return done();
	a_frame_that_is_cut_anywhere_does_no_harm();
	a_bit_that_flips_anywhere_does_no_harm();
	every_type_and_count_does_no_harm();
	every_sensor_id_does_no_harm();
	any_bytes_do_no_harm();
	decoding_end();
	return done();
}
