/* SPDX-License-Identifier: MIT */
/*
 * Loading tsm_guest.ko in an SNP guest: what is there before and after.
 */
#ifndef SELFTESTS_MODULE_SNP_H
#define SELFTESTS_MODULE_SNP_H

#include "module.h"
#include "snp_emu.h"

#define LOG_PREFIX	"tsm_guest: "
#define MISC_LEN	4096

/* Everything that a failed or undone load must leave as it was. */
struct snp_traces {
	bool module;
	bool device;
	bool subsystem;
	char misc[MISC_LEN];
};

static __maybe_unused void snp_traces_look(struct snp_traces *traces)
{
	memset(traces, 0, sizeof(*traces));
	traces->module = module_is_loaded(MODULE_NAME);
	traces->device = !access(SEV_GUEST, F_OK);
	traces->subsystem = !access(CONFIG_ROOT "/tsm", F_OK);
	file_read("/proc/misc", traces->misc, MISC_LEN - 1);
}

#define EXPECT_SAME_TRACES(before)					\
	do {								\
		struct snp_traces now;					\
									\
		snp_traces_look(&now);					\
		EXPECT_EQ((before)->module, now.module);		\
		EXPECT_EQ((before)->device, now.device);		\
		EXPECT_EQ((before)->subsystem, now.subsystem);		\
		EXPECT_STREQ((before)->misc, now.misc);			\
	} while (0)

#define SKIP_UNLESS_LOADABLE(path)					\
	do {								\
		const char *tee = getenv("TSM_TEE");			\
									\
		if (!(path) || access(path, R_OK))			\
			SKIP(return, "TSM_MODULE names no module");	\
		if (!tee || strcmp(tee, "snp"))				\
			SKIP(return, "needs an SNP guest: TSM_TEE=snp");	\
		if (report_present() || module_is_loaded(MODULE_NAME))	\
			SKIP(return, "a driver is loaded already: boot without one"); \
		SKIP_WITHOUT_EMULATOR();				\
	} while (0)

/* A new entry, a report, and no entry any more: NULL or what is wrong. */
static __maybe_unused const char *snp_one_report(uint32_t number, uint8_t *out)
{
	struct entry entry;
	const char *wrong;

	if (entry_renew(&entry, "ksft-module"))
		return "mkdir failed";
	wrong = snp_get_report(&entry, number, out);
	return entry_remove(&entry) ? "rmdir failed" : wrong;
}

/* As after a reboot: all the keys that a guest at its VMPL has are new. */
static __maybe_unused int snp_renew_keys(void)
{
	int i, ret = 0;

	for (i = snp_vmpl(); !ret && i < VMPCKS; i++)
		ret = vmpck_knob("snp_rekey", i, NULL);
	return ret;
}

/*
 * The kernel's channel holds the module for as long as a request takes, and a
 * moment longer than whoever waited for it.
 */
static __maybe_unused int snp_unload(void)
{
	time_t end = time(NULL) + PATIENCE_S;
	int ret;

	while ((ret = module_unload(MODULE_NAME)) == -EWOULDBLOCK &&
	       !channel_is_ours() && time(NULL) < end)
		nap();
	return ret;
}

#endif /* SELFTESTS_MODULE_SNP_H */
