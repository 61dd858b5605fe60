// SPDX-License-Identifier: MIT
/* The steps by which one driver takes another one's place. */
#include "swap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#define CONFIGFS	"/sys/kernel/config"

int step_note(struct swap *swap, const char *verb, const char *object,
	      int error, const char *detail)
{
	struct step *s = swap->steps + swap->nr_steps;

	if (swap->nr_steps == STEPS_MAX)
		return error;
	swap->nr_steps++;
	snprintf(s->name, sizeof(s->name), "%s %s", verb, object);
	snprintf(s->detail, sizeof(s->detail), "%s", detail ? detail : "");
	s->error = -error;
	s->result = error ? "failed" : swap->dry_run ? "would" : "done";
	if (!out_is_json(swap->out) && (swap->verbose || swap->dry_run))
		out_verdict(swap->out, s->name, error ? OUT_BAD :
			    swap->dry_run ? OUT_OPEN : OUT_GOOD, s->result,
			    s->detail);
	return error;
}

/* Notes what a function of the library came to, and complains. */
static int note(struct swap *swap, const char *verb, const char *object,
		int ret, const struct tsm_error *err)
{
	if (ret)
		swap_fail(swap, "%s %s", verb, err->text);
	return step_note(swap, verb, object, ret, ret ? err->text : NULL);
}

int step_needs(struct swap *swap, const char *module)
{
	struct tsm_error err = { .text = "" };
	int ret = 0;

	if (!swap->dry_run)
		ret = tsm_module_load(swap->modules, module, TSM_MODULE_NEEDS,
				      NULL, &err);
	ret = note(swap, "load what is needed by", module, ret, &err);
	if (ret)
		explain_load(swap, module, ret);
	return ret;
}

/* As systemd does when the module is loaded, and others may have just done. */
int step_configfs(struct swap *swap)
{
	struct tsm_error err = { .text = "" };
	int ret = 0;

	if (swap->sys.configfs[0])
		return 0;
	if (!swap->dry_run &&
	    mount("configfs", CONFIGFS, "configfs",
		  MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME, NULL) &&
	    errno != EBUSY) {
		ret = -errno;
		snprintf(err.text, sizeof(err.text), "configfs on %s: %s",
			 CONFIGFS, strerror(errno));
	}
	return note(swap, "mount", "configfs", ret, &err);
}

/* With parameters that it showed, unless it does not take those. */
static int load_again(struct swap *swap, const char *module,
		      const char *parameters, struct tsm_error *err)
{
	const unsigned int all = TSM_MODULE_NEEDS | TSM_MODULE_ITSELF;
	int ret;

	if (swap->dry_run)
		return 0;
	ret = tsm_module_load(swap->modules, module, all, parameters, err);
	if ((ret == -EINVAL || ret == -EPERM) && parameters[0])
		ret = tsm_module_load(swap->modules, module, all, NULL, err);
	return ret == -EEXIST ? 0 : ret;
}

int step_reload(struct swap *swap, const char *verb, const char *module,
		const char *parameters)
{
	struct tsm_error err = { .text = "" };
	int ret = load_again(swap, module, parameters, &err);

	note(swap, verb, module, ret, &err);
	if (ret)
		explain_load(swap, module, ret);
	return ret;
}

int step_load(struct swap *swap, const char *module, const char *parameters)
{
	struct tsm_error err = { .text = "" };
	int ret = 0;

	if (!swap->dry_run)
		ret = tsm_module_load(swap->modules, module,
				      TSM_MODULE_NEEDS | TSM_MODULE_ITSELF,
				      parameters, &err);
	if (ret == -EEXIST) {
		step_note(swap, "load", module, 0, "was loaded already");
		return 1;
	}
	if (ret)
		swap_fail(swap, "load %s", err.text);
	step_note(swap, "load", module, ret, ret ? err.text : parameters);
	if (ret)
		explain_load(swap, module, ret);
	return ret;
}

int step_unload(struct swap *swap, const char *module)
{
	struct tsm_error err = { .text = "" };
	int ret = 0;

	if (!swap->dry_run)
		ret = tsm_module_unload(swap->modules, module, &err);
	note(swap, "unload", module, ret, &err);
	/* nobody used it when we looked, or it is a request that the kernel
	 * is not done with, although nobody waits for it */
	if (ret == -EAGAIN)
		swap_fail(swap, "%s came into use just now: try again", module);
	return ret;
}

int step_unload_intree(struct swap *swap)
{
	struct intree *m;
	int ret;

	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++) {
		if (!m->state.loaded)
			continue;
		ret = step_unload(swap, m->name);
		if (ret)
			return ret;
		m->unloaded = !swap->dry_run;
	}
	return 0;
}

int step_put_back(struct swap *swap)
{
	struct intree *m;
	int ret = 0, first = 0;

	for (m = swap->intree + INTREE_MAX; m-- > swap->intree;) {
		if (!m->unloaded)
			continue;
		ret = step_reload(swap, "put back", m->name, m->parameters);
		m->unloaded = ret != 0;
		if (!first)
			first = ret;
	}
	return first;
}
