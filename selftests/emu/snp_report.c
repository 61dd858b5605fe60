// SPDX-License-Identifier: GPL-2.0-only
/* Attestation reports of the emulated chips, up to the signature. */

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "emu.h"
#include "emu_compat.h"
#include "emu_wire.h"
#include "snp_host.h"

/* Names, not digests, so that a dump of any evidence says what it is. */
struct snp_identity emu_identity = {
	.policy = 0x30000,	/* reserved bit that is 1, SMT allowed */
	.measurement = "EMULATED SNP MEASUREMENT",
	.host_data = "EMULATED HOST DATA",
	.report_id = "EMULATED REPORT ID",
};

DEFINE_SPINLOCK(emu_identity_lock);

/**
 * struct chip - one of the emulated platforms
 * @version: of its reports
 * @tcb: TCB_VERSION: Milan, Genoa: boot loader, TEE, four reserved, SNP,
 *	microcode; Turin: FMC, boot loader, TEE, SNP, three reserved, microcode
 * @cpuid: family, model, stepping
 * @firmware: build, minor, major
 * @platform_info: usual for it
 * @id: CHIP_ID
 */
struct chip {
	unsigned int version;
	u8 tcb[TCB_SIZE];
	u8 cpuid[3];
	u8 firmware[3];
	u64 platform_info;
	u8 id[CHIP_ID_SIZE];
};

static const struct chip chips[] = {
	{
		.version = 2,
		.tcb = { 4, 0, 0, 0, 0, 0, 22, 213 },
		.firmware = { 21, 55, 1 },
		.platform_info = 0x3,
		.id = "EMULATED MILAN CHIP ",
	}, {
		.version = 3,
		.tcb = { 10, 0, 0, 0, 0, 0, 23, 84 },
		.cpuid = { 0x19, 0x11, 1 },
		.firmware = { 40, 55, 1 },
		.platform_info = 0x25,
		.id = "EMULATED GENOA CHIP ",
	}, {
		.version = 5,
		.tcb = { 1, 2, 1, 4, 0, 0, 0, 72 },
		.cpuid = { 0x1a, 0x02, 1 },
		.firmware = { 40, 55, 1 },
		.platform_info = 0x25,
		.id = "EMUTURIN",
	},
};

static const struct chip *chip_of(unsigned int version)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(chips); i++)
		if (chips[i].version == version)
			return &chips[i];
	return &chips[1];
}

/**
 * emu_platform_info - PLATFORM_INFO of a chip
 * @version: of its reports
 */
u64 emu_platform_info(unsigned int version)
{
	guard(spinlock_irqsave)(&emu_identity_lock);
	return emu_identity.platform_info_set ? emu_identity.platform_info :
		chip_of(version)->platform_info;
}

static void put_guest(u8 *report)
{
	const struct snp_identity *id = &emu_identity;
	bool author = memchr_inv(id->author_key_digest, 0,
				 sizeof(id->author_key_digest));

	guard(spinlock_irqsave)(&emu_identity_lock);
	put_unaligned_le64(id->policy, report + RPT_POLICY);
	memcpy(report + RPT_FAMILY_ID, id->family_id, sizeof(id->family_id));
	memcpy(report + RPT_IMAGE_ID, id->image_id, sizeof(id->image_id));
	memcpy(report + RPT_MEASUREMENT, id->measurement,
	       sizeof(id->measurement));
	memcpy(report + RPT_HOST_DATA, id->host_data, sizeof(id->host_data));
	memcpy(report + RPT_ID_KEY_DIGEST, id->id_key_digest,
	       sizeof(id->id_key_digest));
	memcpy(report + RPT_AUTHOR_KEY_DIGEST, id->author_key_digest,
	       sizeof(id->author_key_digest));
	memcpy(report + RPT_REPORT_ID, id->report_id, sizeof(id->report_id));
	/* [FW] no migration agent is associated */
	memset(report + RPT_REPORT_ID_MA, 0xff, 32);
	report[RPT_FLAGS] |= author ? FLAG_AUTHOR_KEY_EN : 0;
}

static void put_platform(u8 *report, const struct chip *chip, u32 signing_key)
{
	static const unsigned int tcbs[] = {
		RPT_CURRENT_TCB, RPT_REPORTED_TCB, RPT_COMMITTED_TCB,
		RPT_LAUNCH_TCB,
	};

	put_unaligned_le64(emu_platform_info(chip->version),
			   report + RPT_PLATFORM_INFO);
	for (unsigned int i = 0; i < ARRAY_SIZE(tcbs); i++)
		memcpy(report + tcbs[i], chip->tcb, TCB_SIZE);
	if (chip->version >= RPT_CPUID_SINCE) {
		report[RPT_CPUID_FAM_ID] = chip->cpuid[0];
		report[RPT_CPUID_MOD_ID] = chip->cpuid[1];
		report[RPT_CPUID_STEP] = chip->cpuid[2];
	}
	memcpy(report + RPT_CURRENT_BUILD, chip->firmware, 3);
	memcpy(report + RPT_COMMITTED_BUILD, chip->firmware, 3);
	/* Who has VLEKs does not show which chip it is. */
	if (signing_key != SIGNING_KEY_VLEK)
		memcpy(report + RPT_CHIP_ID, chip->id, CHIP_ID_SIZE);
	report[RPT_FLAGS] |= signing_key << FLAG_SIGNING_KEY_SHIFT;
	put_unaligned_le32(SIGN_ECDSA_P384_SHA384, report + RPT_SIGNATURE_ALGO);
}

static bool sign(u8 report[REPORT_SIZE], u32 version, u32 signing_key)
{
	const struct emu_ask ask = {
		.kind = EMU_SNP_REPORT,
		.version = version,
		.signing_key = signing_key,
		.body = report,
		.len = REPORT_SIZE,
	};
	u8 *answer __free(kfree) = NULL;
	u32 len;

	answer = emu_ask_wait(&ask, &len);
	if (!answer || len != REPORT_SIZE)
		return false;
	memcpy(report, answer, REPORT_SIZE);
	return true;
}

/**
 * emu_report_make - [FW] ATTESTATION_REPORT
 * @plan: which chip
 * @signing_key: SIGNING_KEY_VCEK or SIGNING_KEY_VLEK
 * @vmpl: for which
 * @report_data: 64 bytes
 * @report: where to
 *
 * Return: false when nobody signs it.
 */
bool emu_report_make(const struct snp_plan *plan, u32 signing_key, u32 vmpl,
		     const u8 report_data[REPORT_DATA_SIZE],
		     u8 report[REPORT_SIZE])
{
	const struct chip *chip = chip_of(plan->report_version);

	memset(report, 0, REPORT_SIZE);
	put_unaligned_le32(chip->version, report + RPT_VERSION);
	put_unaligned_le32(vmpl, report + RPT_VMPL);
	memcpy(report + RPT_REPORT_DATA, report_data, REPORT_DATA_SIZE);
	put_guest(report);
	put_platform(report, chip, signing_key);
	return sign(report, chip->version, signing_key);
}
