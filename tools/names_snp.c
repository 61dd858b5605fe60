// SPDX-License-Identifier: MIT
/* Names that AMD's specification gives to bits and numbers of SNP reports. */
#include "tsmctl.h"

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
