// SPDX-License-Identifier: MIT
/* What keeps tsm_guest from being loaded, and how to have it serve. */
#include "status.h"

#include <string.h>

/* The package is there, the module is not. */
static void find_unbuilt(struct findings *list,
			 const struct tsm_install *install)
{
	struct finding *f;

	if (!install->headers) {
		f = find(list, "no_headers",
			 "tsm_guest %s is installed, but not for this kernel: DKMS needs the kernel's headers to build it",
			 install->source);
		mended_by(f, "apt install linux-headers-%s", install->release);
		return;
	}
	f = find(list, "not_built",
		 "tsm_guest %s is installed, but not built for this kernel",
		 install->source);
	if (install->build_log)
		helps(f, "build it; if that fails, /var/lib/dkms/tsm-guest/%s/build/make.log tells why",
		      install->source);
	mended_by(f, "dkms autoinstall -k %s", install->release);
}

/* Whether there is nothing of ours for this kernel: no file, and no source. */
static bool is_absent(const struct tsm_install *install)
{
	return !install->ours[0] && !install->source[0];
}

void find_obstacles(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_install *install = &sys->install;

	if (is_absent(install))
		return;
	if (install->ours[0] && !install->indexed)
		mended_by(find(list, "not_indexed",
			       "%s is there, but modprobe does not find it",
			       install->ours),
			  "depmod %s", install->release);
	else if (!install->ours[0] && install->in_range == TSM_ANSWER_NO)
		helps(find(list, "kernel_range",
			   "tsm_guest is made for Linux 6.1 to 7.3, and this is %s",
			   install->release),
		      "another kernel, or the kernel's own driver until there is a tsm_guest for this one");
	else if (!install->ours[0])
		find_unbuilt(list, install);
}

/* What cannot be unloaded stays in the way whatever is installed. */
static const char *built_in(const struct tsm_system *sys)
{
	if (sys->driver == TSM_DRIVER_INTREE &&
	    !strcmp(sys->driver_name, "built in"))
		return "it";
	if (sys->report_dir[0] && !sys->report_module)
		return "tsm";
	return NULL;
}

static bool has_obstacle(const struct tsm_system *sys)
{
	struct findings none = { .count = 0 };

	find_obstacles(&none, sys);
	return none.count;
}

void mended_by_ours(struct finding *f, const struct tsm_system *sys)
{
	if (built_in(sys)) {
		helps(f, "%s is built into this kernel and cannot be unloaded: another kernel",
		      built_in(sys));
	} else if (has_obstacle(sys)) {
		helps(f, "what keeps tsm_guest away is told below");
	} else if (is_absent(&sys->install)) {
		helps(f, "install it; from a build tree: tsmctl load -f tsm_guest.ko");
		mended_by(f, "apt install tsm-guest-dkms");
	} else {
		mended_by(f, "tsmctl load");
	}
}

/* The kernel's own is better than none. */
void mended_by_driver(struct finding *f, const struct tsm_system *sys)
{
	const bool wanting = is_absent(&sys->install) || has_obstacle(sys);

	if (!wanting || !sys->install.intree[0]) {
		mended_by_ours(f, sys);
		return;
	}
	helps(f, is_absent(&sys->install) ?
	      "the kernel's own driver is there, tsm_guest is not installed" :
	      "the kernel's own driver is there; what keeps tsm_guest away is told below");
	mended_by(f, "modprobe %s",
		  sys->tee == TSM_TEE_TDX ? "tdx_guest" : "sev_guest");
}
