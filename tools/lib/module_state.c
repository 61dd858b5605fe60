// SPDX-License-Identifier: MIT
/* What /sys/module tells of a module: is it loaded, who needs it, with what. */
#include "module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool tsm_module_read(const struct root *root, const char *path, char *line,
		     size_t size)
{
	int fd = root_open(root, path, 0);
	ssize_t n = fd < 0 ? -1 : read(fd, line, size - 1);

	if (fd >= 0)
		close(fd);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return n >= 0;
}

/* Appends @word to @text, if it fits. */
static bool add_word(char *text, size_t size, const char *word)
{
	const size_t used = strlen(text);

	if (used + strlen(word) + 2 > size)
		return false;
	sprintf(text + used, "%s%s", used ? " " : "", word);
	return true;
}

static void find_holders(const struct root *root, const char *name,
			 struct tsm_module_state *state)
{
	unsigned int i = 0;
	struct dirent *e;
	char path[128];
	DIR *dir;

	snprintf(path, sizeof(path), "sys/module/%s/holders", name);
	dir = root_dir(root, path);
	for (; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++) {
		if (e->d_name[0] == '.')
			continue;
		state->nr_holders++;
		add_word(state->holders, sizeof(state->holders), e->d_name);
	}
	if (dir)
		closedir(dir);
}

void tsm_module_look(const struct root *root, const char *name,
		     struct tsm_module_state *state)
{
	char path[128], line[32];

	memset(state, 0, sizeof(*state));
	snprintf(path, sizeof(path), "sys/module/%s", name);
	if (!root_exists(root, path))
		return;
	snprintf(path, sizeof(path), "sys/module/%s/initstate", name);
	if (!tsm_module_read(root, path, line, sizeof(line))) {
		/* only what is loaded has a state */
		state->built_in = true;
		return;
	}
	state->loaded = !strcmp(line, "live");
	state->changing = !state->loaded;
	snprintf(path, sizeof(path), "sys/module/%s/refcnt", name);
	state->references = tsm_module_read(root, path, line, sizeof(line)) ?
			    strtol(line, NULL, 10) : -1;
	find_holders(root, name, state);
}

void tsm_module_parameters(const struct root *root, const char *name,
			   char *text, size_t size)
{
	char path[512], value[256], word[640];
	unsigned int i = 0;
	struct dirent *e;
	DIR *dir;

	text[0] = '\0';
	snprintf(path, sizeof(path), "sys/module/%s/parameters", name);
	dir = root_dir(root, path);
	for (; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "sys/module/%s/parameters/%s",
			 name, e->d_name);
		/* what the kernel would take apart is quoted; it knows no
		 * other quoting */
		if (!tsm_module_read(root, path, value, sizeof(value)) ||
		    strchr(value, '"'))
			continue;
		snprintf(word, sizeof(word), "%s=%s%s%s", e->d_name,
			 strchr(value, ' ') ? "\"" : "", value,
			 strchr(value, ' ') ? "\"" : "");
		add_word(text, size, word);
	}
	if (dir)
		closedir(dir);
}

bool tsm_module_value(const char *words, const char *name, char *value,
		      size_t size)
{
	const size_t len = strlen(name);
	bool found = false;
	size_t n;

	for (; *words; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		if (n <= len || strncmp(words, name, len) || words[len] != '=')
			continue;
		found = n - len - 1 < size;
		if (found)
			snprintf(value, size, "%.*s", (int)(n - len - 1),
				 words + len + 1);
	}
	return found;
}
