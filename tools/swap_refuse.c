// SPDX-License-Identifier: MIT
/* What can be known to fail before anything is changed: our module's file, and
 * what this kernel lets nobody do. */
#include "swap.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>

static int check_parameters(struct swap *swap)
{
	char words[sizeof(swap->parameters)], *word, *save;
	size_t len;
	int ret;

	memcpy(words, swap->parameters, sizeof(words));
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		len = strcspn(word, "=");
		ret = tsm_module_has_parameter(swap->modules, OURS, word, len);
		if (ret < 0)
			return swap_fail(swap, OURS ": %s", strerror(-ret));
		if (!ret)
			return swap_fail(swap, OURS " has no parameter %.*s: modinfo -p tells which it has",
					 (int)len, word);
	}
	return DONE;
}

/* Why modules.dep does not have it, and what helps. */
static int explain_missing(struct swap *swap)
{
	const struct tsm_install *install = &swap->sys.install;
	const char *kernel = tsm_modules_kernel(swap->modules);

	if (install->ours[0])
		return swap_fail(swap, "%s is there, but not in modules.dep: depmod %s",
				 install->ours, kernel);
	if (!install->source[0])
		return swap_fail(swap, "install it: the package is tsm-guest-dkms; or load one from a build tree, --module FILE");
	if (install->in_range == TSM_ANSWER_NO)
		return swap_fail(swap, "it is made for Linux 6.1 to 7.3");
	if (!install->headers)
		return swap_fail(swap, "build it: apt install linux-headers-%s",
				 kernel);
	return swap_fail(swap, "build it: dkms autoinstall -k %s", kernel);
}

static int refuse_signature(struct swap *swap,
			    const struct tsm_module_file *file)
{
	/* whether it trusts one, only loading tells */
	if (file->is_signed || !swap->sys.signing.required)
		return DONE;
	return swap_fail(swap, "%s: not signed, and this kernel loads nothing that is not (Secure Boot): have DKMS sign it, with a key enrolled by mokutil --import",
			 file->path);
}

int refuse_module(struct swap *swap, struct tsm_module_file *file)
{
	const char *kernel = tsm_modules_kernel(swap->modules);
	struct tsm_error err;
	int ret = 0;

	if (tsm_system_diagnose(swap->root, &swap->sys, &err))
		return swap_fail(swap, "%s", err.text);
	if (swap->file)
		ret = tsm_module_use_file(swap->modules, OURS, swap->file,
					  &err);
	if (!ret)
		ret = tsm_module_find(swap->modules, OURS, file, &err);
	if (ret) {
		swap_fail(swap, "%s", err.text);
		return ret == -ENOENT && !swap->file ? explain_missing(swap) :
						       FAILED;
	}
	if (file->kernel[0] && strcmp(file->kernel, kernel))
		return swap_fail(swap, "%s: built for Linux %s, but this is %s",
				 file->path, file->kernel, kernel);
	if (swap->sys.ours_blacklist.refused)
		return swap_fail(swap, "module_blacklist= on the kernel's command line has " OURS ": take it away there, and restart");
	if (refuse_signature(swap, file))
		return FAILED;
	return check_parameters(swap);
}

int refuse_built_in(struct swap *swap)
{
	const struct tsm_system *sys = &swap->sys;
	const struct intree *m;

	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++)
		if (m->state.built_in)
			return swap_fail(swap, "%s is built into this kernel and cannot be unloaded: another kernel is needed",
					 m->name);
	if (!swap->intree[0].state.loaded && sys->driver == TSM_DRIVER_INTREE)
		return swap_fail(swap, "the driver %s is built into this kernel and cannot be unloaded: another kernel is needed",
				 swap_provider(swap));
	if (sys->report_dir[0] && !sys->report_module)
		return swap_fail(swap, "tsm is built into this kernel and cannot be unloaded: another kernel is needed");
	return DONE;
}

/* What root of a container has not, as a rule. */
static int refuse_sandbox(struct swap *swap)
{
	if (swap->at.confined ||
	    prctl(PR_CAPBSET_READ, CAP_SYS_MODULE, 0, 0, 0) != 0)
		return DONE;
	return swap_fail(swap, "nobody may load modules here%s%s%s, root included (CAP_SYS_MODULE): do it on the host of the container",
			 swap->sys.container[0] ? ", in a container (" : "",
			 swap->sys.container,
			 swap->sys.container[0] ? ")" : "");
}

int refuse_kernel(struct swap *swap)
{
	char disabled[16];

	if (refuse_sandbox(swap))
		return FAILED;
	tsm_module_read(&swap->at, "proc/sys/kernel/modules_disabled",
			disabled, sizeof(disabled));
	if (!strcmp(disabled, "1"))
		return swap_fail(swap, "kernel.modules_disabled is set: no module goes or comes until this guest is restarted");
	return DONE;
}
