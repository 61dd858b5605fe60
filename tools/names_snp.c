// SPDX-License-Identifier: MIT
/* Names that AMD's specification gives to bits and numbers of SNP reports. */
#include "tsmctl.h"

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

/* SEV-SNP firmware ABI, ATTESTATION_REPORT, offset 48h */
const struct bit_name snp_flag_bits[] = {
	{ "AUTHOR_KEY_EN", TSM_SNP_FLAG_AUTHOR_KEY_EN },
	{ "MASK_CHIP_KEY", TSM_SNP_FLAG_MASK_CHIP_KEY },
	{ NULL, 0 }
};

const char *snp_generation_name(enum tsm_snp_generation generation)
{
	switch (generation) {
	case TSM_SNP_MILAN_OR_GENOA:
		return "Milan or Genoa";
	case TSM_SNP_MILAN:
		return "Milan";
	case TSM_SNP_GENOA:
		return "Genoa";
	case TSM_SNP_TURIN:
		return "Turin";
	case TSM_SNP_VENICE:
		return "Venice";
	default:
		return "unknown";
	}
}

const char *snp_signing_key_name(unsigned int key)
{
	switch (key) {
	case TSM_SNP_SIGNING_KEY_VCEK:
		return "VCEK";
	case TSM_SNP_SIGNING_KEY_VLEK:
		return "VLEK";
	case TSM_SNP_SIGNING_KEY_NONE:
		return "none: not signed";
	}
	return "unknown";
}
