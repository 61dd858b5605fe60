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

static bool ends_with(const char *word, const char *end)
{
	const size_t len = strlen(word), tail = strlen(end);

	return len >= tail && !strcmp(word + len - tail, end);
}

/* "blacklist NAME", unless it is @asked for by name; "install NAME /bin/false". */
static bool forbids(char *line, const char *name, bool asked)
{
	char *save, *word = strtok_r(line, " \t", &save);
	char *module = word ? strtok_r(NULL, " \t", &save) : NULL;
	char *command = module ? strtok_r(NULL, " \t", &save) : NULL;
	const char *base = command ? strrchr(command, '/') : NULL;

	if (!module || !same_name(module, name, strlen(module)))
		return false;
	if (!strcmp(word, "blacklist"))
		return !asked;
	base = base ? base + 1 : command;
	return !strcmp(word, "install") && base &&
	       (!strcmp(base, "false") || !strcmp(base, "true"));
}

/* "install NAME ... modprobe @module ...": whoever wants NAME gets that one, by
 * its own name, to which "blacklist" does not apply. */
static bool passes_on(char *line, const char *name, const char *module)
{
	char *save, *word = strtok_r(line, " \t", &save);
	char *from = word ? strtok_r(NULL, " \t", &save) : NULL;
	bool modprobe = false;

	if (!from || strcmp(word, "install") ||
	    !same_name(from, name, strlen(from)))
		return false;
	while ((word = strtok_r(NULL, " \t", &save))) {
		if (modprobe && same_name(word, module, strlen(word)))
			return true;
		modprobe |= ends_with(word, "modprobe");
	}
	return false;
}

/**
 * struct search - what is looked for in modprobe.d
 * @root: where
 * @module: which must not be loaded
 * @own: the kernel's own driver, wishes for which may be passed on to it
 * @list: the result
 * @asked: it is asked for by name, see passes_on()
 */
struct search {
	const struct root *root;
	const char *module;
	const char *own;
	struct tsm_blacklist *list;
	bool asked;
};

/* Whether modprobe reads another file of that name instead. */
static bool is_masked(const struct root *root, const char *path)
{
	const char *const name = strrchr(path, '/') + 1;
	char other[TSM_PATH];
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(other, sizeof(other), "%s/%s", dirs[i], name);
		if (!strcmp(other, path))
			return false;
		if (root_exists(root, other))
			return true;
	}
	return false;
}

/* A file's text; a line that ends in a backslash goes on in the next one. */
static char *read_file(const struct root *root, const char *path)
{
	char *text = is_masked(root, path) ? NULL :
		     root_text(root, path, TEXT_MAX), *p;

	for (p = text; p && (p = strstr(p, "\\\n"));)
		p[0] = p[1] = ' ';
	return text;
}

static void search_wishes(const char *path, void *data)
{
	struct search *search = data;
	char *text = read_file(search->root, path), *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		search->asked |= passes_on(line, search->own, search->module);
	free(text);
}

static void search_file(const char *path, void *data)
{
	const struct search *search = data;
	char *text, *line, *save;

	if (search->list->file[0])
		return;
	text = read_file(search->root, path);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!forbids(line, search->module, search->asked))
			continue;
		snprintf(search->list->file, sizeof(search->list->file), "/%s",
			 path);
		break;
	}
	free(text);
}

static void search_all(struct search *search,
		       void (*each)(const char *path, void *data))
{
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		root_files(search->root, dirs[i], ".conf", each, search);
}

static void look_for(const struct root *root, const char *module,
		     const char *own, struct tsm_blacklist *list)
{
	struct search search = { root, module, own, list, false };
	char *line = root_text(root, "proc/cmdline", TEXT_MAX);

	if (strcmp(module, own))
		search_all(&search, search_wishes);
	if (line) {
		list->refused = line_has(line, "module_blacklist=", module);
		list->command_line = !search.asked &&
			line_has(line, "modprobe.blacklist=", module);
	}
	free(line);
	search_all(&search, search_file);
}

void blacklist_probe(const struct root *root, struct tsm_system *sys)
{
	const char *const own = sys->tee == TSM_TEE_TDX ? "tdx_guest" :
							  "sev_guest";

	look_for(root, "tsm_guest", own, &sys->ours_blacklist);
	look_for(root, own, own, &sys->intree_blacklist);
}
