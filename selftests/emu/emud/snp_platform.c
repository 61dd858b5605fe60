// SPDX-License-Identifier: MIT
/* The emulated AMD machines: one of each generation, which all evidence shares. */

#include "snp.h"

#include <err.h>
#include <string.h>

/*
 * tsm_emu.ko writes the same into the reports that it wants signed. Chip IDs
 * are words and no random numbers, so that a dump says what it is.
 */
const struct snp_product snp_products[NR_SNP_PRODUCTS] = {
	{
		.name = "Milan",
		.chip_product = "Milan-B0",
		.version = 2,
		.bl = 4, .tee = 0, .snp = 22, .ucode = 213,
		.chip_id = "EMULATED MILAN CHIP ",
		.hwid_len = SNP_CHIP_ID_SIZE,
		.firmware = { 1, 55, 21 },
		.platform_info = 0x3,
	},
	{
		.name = "Genoa",
		.chip_product = "Genoa",
		.version = 3,
		.bl = 10, .tee = 0, .snp = 23, .ucode = 84,
		.chip_id = "EMULATED GENOA CHIP ",
		.hwid_len = SNP_CHIP_ID_SIZE,
		.family = 0x19, .model = 0x11, .stepping = 1,
		.firmware = { 1, 55, 40 },
		.platform_info = 0x25,
	},
	{
		.name = "Turin",
		.chip_product = "Turin",
		.version = 5,
		.has_fmc = true,
		.fmc = 1, .bl = 2, .tee = 1, .snp = 4, .ucode = 72,
		.chip_id = "EMUTURIN",
		.hwid_len = 8,
		.family = 0x1a, .model = 0x02, .stepping = 1,
		.firmware = { 1, 55, 40 },
		.platform_info = 0x25,
	},
};

/* The product whose reports are of that version; NULL if there is none. */
const struct snp_product *snp_product_of(unsigned int version)
{
	for (size_t i = 0; i < NR_SNP_PRODUCTS; i++)
		if (snp_products[i].version == version)
			return &snp_products[i];
	warnx("SNP report version %u: want 2, 3 or 5", version);
	return NULL;
}

/* AMD 56860, TCB_VERSION: Turin moved everything but the microcode. */
void snp_tcb(const struct snp_product *product, uint8_t tcb[SNP_TCB_SIZE])
{
	memset(tcb, 0, SNP_TCB_SIZE);
	if (product->has_fmc) {
		tcb[0] = product->fmc;
		tcb[1] = product->bl;
		tcb[2] = product->tee;
		tcb[3] = product->snp;
	} else {
		tcb[0] = product->bl;
		tcb[1] = product->tee;
		tcb[6] = product->snp;
	}
	tcb[7] = product->ucode;
}
