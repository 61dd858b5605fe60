// SPDX-License-Identifier: MIT
/* Tables of the bits that evidence and policies have in common, by name. */
#include "names.h"

#include <stddef.h>
#include <tsm/snp.h>
#include <tsm/tdx.h>

/* TDX Module ABI, "ATTRIBUTES Definition" */
const struct bit_name td_attribute_bits[] = {
	{ "DEBUG", TSM_TDX_ATTR_DEBUG },
	{ "HGS_PLUS_PROF", TSM_TDX_ATTR_HGS_PLUS_PROF },
	{ "PERF_PROF", TSM_TDX_ATTR_PERF_PROF },
	{ "PMT_PROF", TSM_TDX_ATTR_PMT_PROF },
	{ "ICSSD", TSM_TDX_ATTR_ICSSD },
	{ "SERVTD_EXT", TSM_TDX_ATTR_SERVTD_EXT },
	{ "LASS", TSM_TDX_ATTR_LASS },
	{ "SEPT_VE_DISABLE", TSM_TDX_ATTR_SEPT_VE_DISABLE },
	{ "MIGRATABLE", TSM_TDX_ATTR_MIGRATABLE },
	{ "PKS", TSM_TDX_ATTR_PKS },
	{ "KL", TSM_TDX_ATTR_KL },
	{ "TPA", TSM_TDX_ATTR_TPA },
	{ "PERFMON", TSM_TDX_ATTR_PERFMON },
	{ NULL, 0 }
};

/* Intel SDM volume 1, "XSAVE-Supported Features and State-Component Bitmaps" */
const struct bit_name xfam_bits[] = {
	{ "X87", 0 },
	{ "SSE", 1 },
	{ "AVX", 2 },
	{ "BNDREGS", 3 },
	{ "BNDCSR", 4 },
	{ "OPMASK", 5 },
	{ "ZMM_HI256", 6 },
	{ "HI16_ZMM", 7 },
	{ "PT", 8 },
	{ "PKRU", 9 },
	{ "PASID", 10 },
	{ "CET_U", 11 },
	{ "CET_S", 12 },
	{ "HDC", 13 },
	{ "UINTR", 14 },
	{ "LBR", 15 },
	{ "HWP", 16 },
	{ "TILECFG", 17 },
	{ "TILEDATA", 18 },
	{ "APX", 19 },
	{ NULL, 0 }
};

/* SEV-SNP firmware ABI, "Guest Policy" */
const struct bit_name snp_policy_bits[] = {
	{ "SMT", TSM_SNP_POLICY_SMT },
	{ "RESERVED_ONE", TSM_SNP_POLICY_RESERVED_ONE },
	{ "MIGRATE_MA", TSM_SNP_POLICY_MIGRATE_MA },
	{ "DEBUG", TSM_SNP_POLICY_DEBUG },
	{ "SINGLE_SOCKET", TSM_SNP_POLICY_SINGLE_SOCKET },
	{ "CXL_ALLOW", TSM_SNP_POLICY_CXL_ALLOW },
	{ "MEM_AES_256_XTS", TSM_SNP_POLICY_MEM_AES_256_XTS },
	{ "RAPL_DIS", TSM_SNP_POLICY_RAPL_DIS },
	{ "CIPHERTEXT_HIDING_DRAM", TSM_SNP_POLICY_CIPHERTEXT_HIDING_DRAM },
	{ "PAGE_SWAP_DISABLE", TSM_SNP_POLICY_PAGE_SWAP_DISABLE },
	{ NULL, 0 }
};

/* SEV-SNP firmware ABI, ATTESTATION_REPORT, PLATFORM_INFO */
const struct bit_name snp_platform_bits[] = {
	{ "SMT_EN", TSM_SNP_PLATFORM_SMT_EN },
	{ "TSME_EN", TSM_SNP_PLATFORM_TSME_EN },
	{ "ECC_EN", TSM_SNP_PLATFORM_ECC_EN },
	{ "RAPL_DIS", TSM_SNP_PLATFORM_RAPL_DIS },
	{ "CIPHERTEXT_HIDING_DRAM_EN",
	  TSM_SNP_PLATFORM_CIPHERTEXT_HIDING_DRAM_EN },
	{ "ALIAS_CHECK_COMPLETE", TSM_SNP_PLATFORM_ALIAS_CHECK_COMPLETE },
	{ "IOMMU_WRITE_SAFE", TSM_SNP_PLATFORM_IOMMU_WRITE_SAFE },
	{ "TIO_EN", TSM_SNP_PLATFORM_TIO_EN },
	{ NULL, 0 }
};
