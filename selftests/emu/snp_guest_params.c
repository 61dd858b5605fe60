// SPDX-License-Identifier: GPL-2.0-only
/* Knobs of tee=snp that are about the guest: who it is, and its keys. */

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "emu_knobs.h"
#include "snp_host.h"

#define IDENTITY_KNOB(name, member, desc)				\
	static struct emu_bytes name = {				\
		emu_identity.member, sizeof(emu_identity.member),	\
		&emu_identity_lock					\
	};								\
	module_param_cb(name, &emu_bytes_ops, &name, 0644);		\
	MODULE_PARM_DESC(name, desc)

IDENTITY_KNOB(snp_measurement, measurement, "hex: MEASUREMENT");
IDENTITY_KNOB(snp_host_data, host_data, "hex: HOST_DATA");
IDENTITY_KNOB(snp_id_key_digest, id_key_digest, "hex: ID_KEY_DIGEST");
IDENTITY_KNOB(snp_author_key_digest, author_key_digest,
	      "hex: AUTHOR_KEY_DIGEST, which there is unless all zero");
IDENTITY_KNOB(snp_report_id, report_id, "hex: REPORT_ID");
IDENTITY_KNOB(snp_family_id, family_id, "hex: FAMILY_ID");
IDENTITY_KNOB(snp_image_id, image_id, "hex: IMAGE_ID");

#undef IDENTITY_KNOB

module_param_cb(snp_policy, &emu_hex64_ops, &emu_identity.policy, 0644);
MODULE_PARM_DESC(snp_policy, "hex: guest policy (30000)");

static bool is_end(const char *text)
{
	return text && (!*text || !strcmp(text, "\n"));
}

/* snp_platform_info: that of the chip unless there is a value */

static int info_set(const char *text, const struct kernel_param *kp)
{
	bool usual = is_end(text);
	u64 value = 0;
	int ret = usual ? 0 : kstrtou64(text, 16, &value);

	if (ret)
		return ret;
	guard(spinlock_irqsave)(&emu_identity_lock);
	emu_identity.platform_info = value;
	emu_identity.platform_info_set = !usual;
	return 0;
}

static int info_get(char *buffer, const struct kernel_param *kp)
{
	struct snp_plan plan;

	emu_snp_plan(&plan);
	return sysfs_emit(buffer, "0x%016llx\n",
			  emu_platform_info(plan.report_version));
}

static const struct kernel_param_ops info_ops = {
	.set = info_set,
	.get = info_get,
};

module_param_cb(snp_platform_info, &info_ops, NULL, 0644);
MODULE_PARM_DESC(snp_platform_info, "hex: PLATFORM_INFO, empty: that usual for the chip");

/*
 * Actions on a VMPCK, nothing to read. Not on the command line: there is no
 * guest yet. Return: what is behind the number and a blank, or NULL.
 */
static const char *read_id(const char *text, unsigned int *id)
{
	if (text[0] < '0' || text[0] >= '0' + NR_VMPCKS)
		return NULL;
	*id = text[0] - '0';
	return text[1] == ' ' ? text + 2 : text + 1;
}

static int seqno_set(const char *text, const struct kernel_param *kp)
{
	unsigned int id;
	const char *rest = read_id(text, &id);
	u32 value;

	if (!rest || text[1] != ' ' || kstrtou32(rest, 0, &value))
		return -EINVAL;
	return emu_psp_set_seqno(id, value);
}

static int rekey_set(const char *text, const struct kernel_param *kp)
{
	unsigned int id;

	return is_end(read_id(text, &id)) ? emu_psp_rekey(id) : -EINVAL;
}

static int wipe_set(const char *text, const struct kernel_param *kp)
{
	unsigned int id;

	return is_end(read_id(text, &id)) ? emu_psp_wipe(id) : -EINVAL;
}

static const struct kernel_param_ops seqno_ops = { .set = seqno_set };
static const struct kernel_param_ops rekey_ops = { .set = rekey_set };
static const struct kernel_param_ops wipe_ops = { .set = wipe_set };

module_param_cb(snp_seqno, &seqno_ops, NULL, 0200);
MODULE_PARM_DESC(snp_seqno, "write \"ID VALUE\": the counters of that VMPCK");
module_param_cb(snp_rekey, &rekey_ops, NULL, 0200);
MODULE_PARM_DESC(snp_rekey, "write ID: a new VMPCK, counters at 0");
module_param_cb(snp_wipe, &wipe_ops, NULL, 0200);
MODULE_PARM_DESC(snp_wipe, "write ID: no such VMPCK in the secrets page");
