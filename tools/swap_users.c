// SPDX-License-Identifier: MIT
/* Who keeps a driver from being unloaded, by name, before anything is changed. */
#include "swap.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct user *add_user(struct swap *swap, const char *kind)
{
	struct user *u = swap->users + swap->nr_users;

	if (swap->nr_users == USERS_MAX)
		return NULL;
	swap->nr_users++;
	memset(u, 0, sizeof(*u));
	u->kind = kind;
	return u;
}

/* What exists in a directory of configfs, which only rmdir removes. */
static void find_items(struct swap *swap, const char *path, const char *what,
		       const char *module)
{
	DIR *dir = path[0] ? root_dir(&swap->at, path + 1) : NULL;
	unsigned int i = 0, more = 0;
	struct dirent *e;
	struct user *u;

	for (; dir && i < ENTRIES_MAX && (e = readdir(dir)); i++) {
		if (e->d_name[0] == '.' || e->d_type != DT_DIR)
			continue;
		u = add_user(swap, "item");
		if (!u) {
			more++;
			continue;
		}
		snprintf(u->object, sizeof(u->object), "%s/%s", path,
			 e->d_name);
		swap_fail(swap, "%s is in use: %s %s/%s exists", module, what,
			  path, e->d_name);
	}
	if (more)
		swap_fail(swap, "%s is in use: and %u more in %s", module,
			  more, path);
	if (dir)
		closedir(dir);
}

static void find_descriptors(struct swap *swap, const char *module)
{
	char config[160], security[160];
	const char *prefix[] = { NULL, NULL, NULL }, **next = prefix;
	struct tsm_module_user found[USERS_MAX];
	size_t count, i;
	struct user *u;

	snprintf(config, sizeof(config), "%s/tsm/", swap->sys.configfs);
	snprintf(security, sizeof(security), "%s/" OURS "/",
		 swap->sys.securityfs);
	/* what is not mounted has no files, but /tsm may be anything */
	if (swap->sys.configfs[0])
		*next++ = config;
	if (swap->sys.securityfs[0])
		*next = security;
	count = tsm_module_users(&swap->at, swap_device(swap), prefix,
				 found, USERS_MAX);
	for (i = 0; i < count && i < USERS_MAX; i++) {
		u = add_user(swap, "descriptor");
		if (u) {
			u->process = found[i];
			snprintf(u->object, sizeof(u->object), "%s",
				 found[i].path);
		}
		swap_fail(swap, "%s is in use: process %ld (%s) has %s open",
			  module, found[i].pid, found[i].command,
			  found[i].path);
	}
	if (count > USERS_MAX)
		swap_fail(swap, "%s is in use: %zu more descriptors are open",
			  module, count - USERS_MAX);
}

/* @name: of a module; whether we unload it before */
static bool leaves(const struct swap *swap, const char *name)
{
	size_t i;

	for (i = 0; i < INTREE_MAX; i++)
		if (!strcmp(swap->intree[i].name, name))
			return true;
	return false;
}

/*
 * Modules that hold a module and stay. Return: references that are no
 * module's, such as those of open files and of items.
 */
static long find_holders(struct swap *swap, const char *module,
			 const struct tsm_module_state *state)
{
	char names[sizeof(state->holders)], *name, *save;
	struct user *u;

	memcpy(names, state->holders, sizeof(names));
	for (name = strtok_r(names, " ", &save); name;
	     name = strtok_r(NULL, " ", &save)) {
		if (leaves(swap, name))
			continue;
		u = add_user(swap, "module");
		if (u)
			snprintf(u->object, sizeof(u->object), "%s", name);
		swap_fail(swap, "%s is in use: the module %s needs it", module,
			  name);
	}
	if (state->references < 0)
		swap_fail(swap, "%s: this kernel cannot unload modules",
			  module);
	return state->references - (long)state->nr_holders;
}

/* References that neither items nor processes account for. */
static void find_rest(struct swap *swap, const char *module, long references)
{
	struct user *u = add_user(swap, "references");

	if (u)
		snprintf(u->object, sizeof(u->object), "%ld", references);
	swap_fail(swap, geteuid() == 0 ?
		  "%s is in use: %ld references, of nobody that shows in /proc; what is in progress may have to end first" :
		  "%s is in use: %ld references; only root can see whose",
		  module, references);
}

/* Of all modules that would be unloaded. Return: their references that are no
 * module's; @module is set to the last that has any. */
static long find_references(struct swap *swap, bool ours, const char **module)
{
	struct tsm_module_state state;
	const struct intree *m;
	long references = 0, more;

	*module = OURS;
	if (ours) {
		tsm_module_look(&swap->at, OURS, &state);
		return find_holders(swap, OURS, &state);
	}
	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++) {
		if (!m->state.loaded)
			continue;
		more = find_holders(swap, m->name, &m->state);
		if (more > 0) {
			references += more;
			*module = m->name;
		}
	}
	return references;
}

int refuse_users(struct swap *swap, bool ours)
{
	const char *driver = ours ? OURS : swap_provider(swap);
	const char *owner = ours ? OURS : swap->sys.report_module;
	const char *module;
	long references;

	if (!ours && !swap_has_intree(swap))
		return DONE;
	references = find_references(swap, ours, &module);
	if (!owner)
		owner = driver;
	find_items(swap, swap->sys.report_dir, "report item", owner);
	find_items(swap, swap->sys.rtmrs_dir, "entry for a register", owner);
	if (references > 0)
		find_descriptors(swap, driver);
	if (references > 0 && !swap->nr_users)
		find_rest(swap, module, references);
	if (!swap->error[0])
		return DONE;
	return swap_fail(swap, "nothing was changed: end what uses it, rmdir items that nobody uses, and try again");
}
