// SPDX-License-Identifier: MIT
/* What keeps a module from being loaded that is there. */
#include "system_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX	(64u << 10)

/* The man page modprobe.d(5), in its order. */
static const char *const dirs[] = {
	"etc/modprobe.d", "run/modprobe.d", "usr/local/lib/modprobe.d",
	"usr/lib/modprobe.d", "lib/modprobe.d",
};

/* "-" and "_" are one in names of modules. */
static bool same_name(const char *a, const char *b, size_t len)
{
	size_t i;

	for (i = 0; i < len && b[i]; i++) {
		if (a[i] != b[i] && !(a[i] == '-' && b[i] == '_'))
			return false;
	}
	return i == len && !b[i];
}

/* Whether a parameter of the kernel, NAME=MODULE,MODULE..., has the module. */
static bool line_has(const char *line, const char *parameter, const char *name)
{
	const size_t len = strlen(parameter);
	const char *p = line;
	size_t n;

	while ((p = strstr(p, parameter))) {
		const bool begins = p == line || p[-1] == ' ';

		p += len;
		if (!begins)
			continue;
		do {
			n = strcspn(p, ", \n");
			if (same_name(p, name, n))
				return true;
			p += n;
		} while (*p++ == ',');
		p--;
	}
	return false;
}

/* "blacklist NAME", or "install NAME /bin/false". */
static bool forbids(char *line, const char *name)
{
	char *save, *word = strtok_r(line, " \t", &save);
	char *module = word ? strtok_r(NULL, " \t", &save) : NULL;
	char *command = module ? strtok_r(NULL, " \t", &save) : NULL;
	const char *base = command ? strrchr(command, '/') : NULL;

	if (!module || !same_name(module, name, strlen(module)))
		return false;
	if (!strcmp(word, "blacklist"))
		return true;
	base = base ? base + 1 : command;
	return !strcmp(word, "install") && base &&
	       (!strcmp(base, "false") || !strcmp(base, "true"));
}

struct search {
	const struct root *root;
	const char *module;
	struct tsm_blacklist *list;
};

static void search_file(const char *path, void *data)
{
	const struct search *search = data;
	char *text, *line, *save;

	if (search->list->file[0])
		return;
	text = root_text(search->root, path, TEXT_MAX);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!forbids(line, search->module))
			continue;
		snprintf(search->list->file, sizeof(search->list->file), "/%s",
			 path);
		break;
	}
	free(text);
}

static void look_for(const struct root *root, const char *module,
		     struct tsm_blacklist *list)
{
	struct search search = { root, module, list };
	char *line = root_text(root, "proc/cmdline", TEXT_MAX);
	size_t i;

	if (line) {
		list->refused = line_has(line, "module_blacklist=", module);
		list->command_line = line_has(line, "modprobe.blacklist=",
					      module);
	}
	free(line);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		root_files(root, dirs[i], ".conf", search_file, &search);
}

void blacklist_probe(const struct root *root, struct tsm_system *sys)
{
	look_for(root, "tsm_guest", &sys->ours_blacklist);
	look_for(root, sys->tee == TSM_TEE_TDX ? "tdx_guest" : "sev_guest",
		 &sys->intree_blacklist);
}
