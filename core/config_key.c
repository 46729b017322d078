/* SPDX-License-Identifier: MIT */
/* What stands where a key should and is none.  Knows how keys look, not which there are.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "option.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

/* As the word would be if it were a key: "Client-Id" is client_id. */
static void write_as_key(char key[OPTION_NAME_MAX + 1], const char *word)
{
	size_t len = 0;

	for (; word[len] != '\0' && len < OPTION_NAME_MAX; len++)
		key[len] = strchr("-. \t", word[len]) != NULL
		                   ? '_'
		                   : (char)tolower((unsigned char)word[len]);
	key[len] = '\0';
}

/* Lines of a value that should have gone on may be a secret, which has digits. */
static bool can_be_shown(const char *word)
{
	size_t len = strspn(word, LETTERS);

	return len > 0 && len <= 24 && word[len] == '\0';
}

void config_explain_key(const struct config_reading *how, const char *plugin,
                        const char *word, char out[CONFIG_KEY_TEXT_MAX])
{
	char key[OPTION_NAME_MAX + 1];
	const char *nearest = NULL;
	bool is_one_word = strpbrk(word, " \t") == NULL;

	write_as_key(key, word);
	if (plugin != NULL && how->nearest_key != NULL)
		nearest = how->nearest_key(how->context, plugin, key);
	if (nearest != NULL && (is_one_word || strcmp(nearest, key) == 0))
		snprintf(out, CONFIG_KEY_TEXT_MAX, "\"%.*s\" is no key: is %s meant?",
		         OPTION_NAME_MAX, word, nearest);
	else
		snprintf(out, CONFIG_KEY_TEXT_MAX,
		         "%s%s%sis no key: keys are lower-case letters, digits and _",
		         can_be_shown(word) ? "\"" : "", can_be_shown(word) ? word : "",
		         can_be_shown(word) ? "\" " : "");
}
