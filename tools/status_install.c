// SPDX-License-Identifier: MIT
/* What keeps tsm_guest from being loaded, and how to have it serve. */
#include "status.h"

#include <string.h>

/* Names of files become parts of commands. */
static bool is_plain_path(const char *path)
{
	return path[strspn(path, "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/")] == '\0';
}

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

static void find_unsigned(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_install *install = &sys->install;
	struct finding *f;

	f = find(list, "unsigned",
		 "%s is not signed, and this kernel takes signed modules only (%s): loading it would be refused",
		 install->ours, sys->signing.secure_boot == TSM_ANSWER_YES ?
		 "Secure Boot" : "lockdown, or module.sig_enforce");
	if (!install->source[0]) {
		helps(f, "sign it with a key that is enrolled: kmodsign, or sign-file of the kernel's build tree");
		return;
	}
	helps(f, "build it anew: DKMS signs what it builds; then enrol its key");
	mended_by(f, "dkms build --force tsm-guest/%s -k %s && dkms install --force tsm-guest/%s -k %s",
		  install->source, install->release, install->source,
		  install->release);
}

static void find_key(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_signing *signing = &sys->signing;
	struct finding *f;

	f = find(list, "key_not_enrolled",
		 "tsm_guest is signed by a key that this machine does not know (%s): loading it would be refused",
		 signing->signer[0] ? signing->signer : "DKMS's");
	if (signing->pending) {
		helps(f, "a key awaits the next start: restart, and confirm it in the blue menu (Enroll MOK)");
		mended_by(f, "systemctl reboot");
	} else if (signing->by_dkms) {
		helps(f, "enrol it: this asks for a password, which the next start asks for again");
		mended_by(f, "mokutil --import /var/lib/dkms/mok.pub");
	} else {
		helps(f, "enrol it: mokutil --import its certificate");
	}
}

static void find_unloadable(struct findings *list,
			    const struct tsm_system *sys)
{
	const struct tsm_install *install = &sys->install;
	const struct tsm_signing *signing = &sys->signing;

	if (!install->indexed)
		mended_by(find(list, "not_indexed",
			       "%s is there, but modprobe does not find it",
			       install->ours),
			  "depmod %s", install->release);
	if (sys->ours_blacklist.refused)
		helps(find(list, "module_blacklist",
			   "module_blacklist= on the kernel's command line has tsm_guest: the kernel refuses to load it"),
		      "take it away where the boot loader has it (/etc/default/grub, then update-grub), and restart");
	if (signing->required && signing->is_signed == TSM_ANSWER_NO)
		find_unsigned(list, sys);
	else if (signing->required && signing->enrolled == TSM_ANSWER_NO)
		find_key(list, sys);
}

/* What keeps it away whoever loads it. */
static void find_causes(struct findings *list, const struct tsm_system *sys)
{
	const struct tsm_install *install = &sys->install;

	if (install->ours[0])
		find_unloadable(list, sys);
	else if (install->source[0] && install->in_range == TSM_ANSWER_NO)
		helps(find(list, "kernel_range",
			   "tsm_guest is made for Linux 6.1 to 7.3, and this is %s",
			   install->release),
		      "another kernel, or the kernel's own driver until there is a tsm_guest for this one");
	else if (install->source[0])
		find_unbuilt(list, install);
}

static bool has_cause(const struct tsm_system *sys)
{
	struct findings none = { .count = 0 };

	find_causes(&none, sys);
	return none.count;
}

/* The kernel says so afterwards, without the module's name in most cases. */
static void find_refusal(struct findings *list, const struct tsm_system *sys)
{
	struct finding *f;

	f = find(list, "load_refused",
		 "a module was refused, says the kernel's log: %s",
		 sys->refusal);
	if (has_cause(sys))
		helps(f, "the reason, if it was tsm_guest, is told above");
	else if (strstr(sys->refusal, "version magic") ||
		 strstr(sys->refusal, "symbol"))
		mended_by(f, "dkms autoinstall -k %s", sys->install.release);
	else if (strstr(sys->refusal, " is taken: "))
		mended_by(f, "tsmctl load");
	else if (sys->signing.by_dkms)
		mended_by(f, "mokutil --import /var/lib/dkms/mok.pub");
	else
		helps(f, "tsmctl load -v tells more, if it was tsm_guest");
}

void find_obstacles(struct findings *list, const struct tsm_system *sys)
{
	find_causes(list, sys);
	if (sys->refusal[0] && sys->install.ours[0])
		find_refusal(list, sys);
}

/* @name: module that is not loaded at boot because of this: three letters, and
 * "_guest", for which modprobe.d may have "-guest" */
static void find_blacklist(struct findings *list, const char *name,
			   const struct tsm_blacklist *blacklist)
{
	struct finding *f;

	if (blacklist->file[0]) {
		f = find(list, "blacklisted",
			 "%s is not loaded at boot, for %s is against it", name,
			 blacklist->file);
		if (is_plain_path(blacklist->file))
			mended_by(f, "sed -i -E '/^\\s*(blacklist|install)\\s+%.3s[-_]guest\\b/d' %s",
				  name, blacklist->file);
		else
			helps(f, "take its line out of there");
	} else if (blacklist->command_line) {
		f = find(list, "blacklisted",
			 "%s is not loaded at boot, for modprobe.blacklist= on the kernel's command line is against it",
			 name);
		helps(f, "take it away where the boot loader has it (/etc/default/grub, then update-grub)");
	}
}

/* The kernel's own matters only where there is none of ours. */
void find_blacklists(struct findings *list, const struct tsm_system *sys)
{
	if (sys->install.ours[0])
		find_blacklist(list, "tsm_guest", &sys->ours_blacklist);
	else if (sys->driver == TSM_DRIVER_NONE && sys->install.intree[0])
		find_blacklist(list, sys->tee == TSM_TEE_TDX ? "tdx_guest" :
							       "sev_guest",
			       &sys->intree_blacklist);
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

void mended_by_ours(struct finding *f, const struct tsm_system *sys)
{
	if (sys->container[0]) {
		helps(f, "not in this container (%s), but on its host: tsmctl load",
		      sys->container);
	} else if (built_in(sys)) {
		helps(f, "%s is built into this kernel and cannot be unloaded: another kernel",
		      built_in(sys));
	} else if (has_cause(sys)) {
		helps(f, "what keeps tsm_guest away is told below");
	} else if (is_absent(&sys->install)) {
		/* no command: no archive has the package, so apt would look
		 * for it in vain */
		helps(f, "install the package tsm-guest-dkms; from a build tree: tsmctl load -f tsm_guest.ko");
	} else {
		mended_by(f, "tsmctl load");
	}
}

/* The kernel's own is better than none. */
void mended_by_driver(struct finding *f, const struct tsm_system *sys)
{
	const bool wanting = is_absent(&sys->install) || has_cause(sys);

	if (!wanting || !sys->install.intree[0] || sys->container[0] ||
	    sys->intree_blacklist.refused) {
		mended_by_ours(f, sys);
		return;
	}
	helps(f, is_absent(&sys->install) ?
	      "the kernel's own driver is there, tsm_guest is not installed" :
	      "the kernel's own driver is there; what keeps tsm_guest away is told below");
	mended_by(f, "modprobe %s%s", sys->intree_blacklist.file[0] ?
		  "--ignore-install " : "",
		  sys->tee == TSM_TEE_TDX ? "tdx_guest" : "sev_guest");
}
