/* SPDX-License-Identifier: MIT */
/* Builds SNP reports: SEV-SNP firmware ABI, 56860, "ATTESTATION_REPORT". */
#ifndef TSM_HOST_SNP_BUILD_H
#define TSM_HOST_SNP_BUILD_H

#include "bytes.h"

/* Offsets of fields, and the size of all. */
enum {
	SNP_VERSION = 0x0, SNP_GUEST_SVN = 0x4, SNP_POLICY = 0x8,
	SNP_FAMILY_ID = 0x10, SNP_IMAGE_ID = 0x20, SNP_VMPL = 0x30,
	SNP_ALGO = 0x34, SNP_CURRENT_TCB = 0x38, SNP_PLATFORM_INFO = 0x40,
	SNP_FLAGS = 0x48, SNP_REPORT_DATA = 0x50, SNP_MEASUREMENT = 0x90,
	SNP_HOST_DATA = 0xc0, SNP_ID_KEY_DIGEST = 0xe0,
	SNP_AUTHOR_KEY_DIGEST = 0x110, SNP_REPORT_ID = 0x140,
	SNP_REPORT_ID_MA = 0x160, SNP_REPORTED_TCB = 0x180, SNP_CPUID = 0x188,
	SNP_CHIP_ID = 0x1a0, SNP_COMMITTED_TCB = 0x1e0, SNP_CURRENT = 0x1e8,
	SNP_COMMITTED = 0x1ec, SNP_LAUNCH_TCB = 0x1f0, SNP_LAUNCH_MIT = 0x1f8,
	SNP_CURRENT_MIT = 0x200, SNP_SIGNATURE = 0x2a0, SNP_SIZE = 0x4a0,
};

/* What is reserved in all versions: from, to. */
static const size_t snp_reserved[][2] = {
	{ 0x4c, 0x50 }, { 0x18b, 0x1a0 }, { 0x1eb, 0x1ec }, { 0x1ef, 0x1f0 },
	{ 0x208, 0x2a0 }, { 0x330, 0x4a0 },
};

/* Each byte another one, but for what makes it a report of a Genoa. */
static inline void build_snp(struct bytes *b, uint32_t version)
{
	size_t i;

	b->len = 0;
	for (i = 0; i < SNP_SIZE; i++)
		fill(b, (uint8_t)(i * 7 + i / 256 + 1), 1);
	poke32(b, SNP_VERSION, version);
	poke32(b, SNP_POLICY, 0x30000);
	poke32(b, SNP_POLICY + 4, 0);
	poke32(b, SNP_VMPL, 1);
	poke32(b, SNP_ALGO, 1);
	poke32(b, SNP_FLAGS, 0);
	b->p[SNP_CPUID] = version < 3 ? 0 : 0x19;
	b->p[SNP_CPUID + 1] = version < 3 ? 0 : 0x11;
	b->p[SNP_CPUID + 2] = version < 3 ? 0 : 1;
	if (version < 5)
		memset(b->p + SNP_LAUNCH_MIT, 0, 16);
	for (i = 0; i < sizeof(snp_reserved) / sizeof(snp_reserved[0]); i++)
		memset(b->p + snp_reserved[i][0], 0,
		       snp_reserved[i][1] - snp_reserved[i][0]);
}

#endif /* TSM_HOST_SNP_BUILD_H */
