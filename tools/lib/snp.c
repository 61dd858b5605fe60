// SPDX-License-Identifier: MIT
/* Decodes SEV-SNP reports, SEV-SNP firmware ABI "ATTESTATION_REPORT". */
#include "lib_private.h"

#include <errno.h>

/* Version 2 says nothing of the CPU, but Turin has but 8 bytes of chip id. */
static enum tsm_snp_generation by_chip_id(const uint8_t *id)
{
	static const uint8_t zero[TSM_SNP_CHIP_ID_SIZE];
	const size_t used = TSM_SNP_CHIP_ID_SIZE_TURIN;

	/* all zero: masked, or signed by a VLEK, which Milan has, too */
	if (memcmp(id, zero, used) &&
	    !memcmp(id + used, zero, sizeof(zero) - used))
		return TSM_SNP_TURIN;
	return TSM_SNP_MILAN_OR_GENOA;
}

static enum tsm_snp_generation by_cpuid(uint8_t family, uint8_t model)
{
	static const struct {
		uint8_t family;
		uint8_t first;
		uint8_t last;
		enum tsm_snp_generation generation;
	} models[] = {
		{ TSM_SNP_CPUID_FAM_19H, 0x00, 0x0f, TSM_SNP_MILAN },
		{ TSM_SNP_CPUID_FAM_19H, 0x10, 0x1f, TSM_SNP_GENOA },
		{ TSM_SNP_CPUID_FAM_19H, 0xa0, 0xaf, TSM_SNP_GENOA },
		{ TSM_SNP_CPUID_FAM_1AH, 0x00, 0x11, TSM_SNP_TURIN },
		{ TSM_SNP_CPUID_FAM_1AH, 0x50, 0x57, TSM_SNP_VENICE },
		{ TSM_SNP_CPUID_FAM_1AH, 0x90, 0xaf, TSM_SNP_VENICE },
		{ TSM_SNP_CPUID_FAM_1AH, 0xc0, 0xc7, TSM_SNP_VENICE },
	};
	size_t i;

	for (i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (models[i].family == family && model >= models[i].first &&
		    model <= models[i].last)
			return models[i].generation;
	}
	return TSM_SNP_UNKNOWN;
}

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len && !*p) {
		p++;
		len--;
	}
	return !len;
}

/* Later versions use some of what earlier ones reserve. */
static bool reserved_zero(const struct tsm_snp_report *r, uint32_t version)
{
	const uint8_t *cpuid = &r->cpuid_fam_id;

	if (version < TSM_SNP_REPORT_V3 && !is_zero(cpuid, 3))
		return false;
	if (version < TSM_SNP_REPORT_V5 &&
	    (r->launch_mit_vector || r->current_mit_vector))
		return false;
	return is_zero(r->reserved1, sizeof(r->reserved1)) &&
	       is_zero(r->reserved2, sizeof(r->reserved2)) &&
	       is_zero(r->reserved3, sizeof(r->reserved3)) &&
	       !r->current_version.reserved && !r->committed_version.reserved &&
	       is_zero(r->signature.reserved, sizeof(r->signature.reserved));
}

static void classify(struct tsm_snp *snp)
{
	const struct tsm_snp_report *r = &snp->report;

	if (snp->version < TSM_SNP_REPORT_V3)
		snp->generation = by_chip_id(r->chip_id);
	else
		snp->generation = by_cpuid(r->cpuid_fam_id, r->cpuid_mod_id);
	/* an unknown model has the layout of its family, or of what is newer */
	snp->turin_tcb = snp->version < TSM_SNP_REPORT_V3 ?
			 snp->generation == TSM_SNP_TURIN :
			 r->cpuid_fam_id >= TSM_SNP_CPUID_FAM_1AH;
	snp->reserved_zero = reserved_zero(r, snp->version);
}

int tsm_snp_parse(const void *data, size_t len, struct tsm_snp *snp,
		  struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);

	memset(snp, 0, sizeof(*snp));
	if (!cursor_copy(&c, &snp->report, sizeof(snp->report)))
		return tsm_error_set(err, -EBADMSG,
				     "SNP report: %zu bytes, expected %zu", len,
				     sizeof(snp->report));
	snp->version = le32toh(snp->report.version);
	if (snp->version < TSM_SNP_REPORT_V2) {
		tsm_error_set(err, 0, "SNP report: version %u is not supported",
			      snp->version);
		memset(snp, 0, sizeof(*snp));
		return -EPROTONOSUPPORT;
	}
	snp->signed_part = (struct tsm_blob){ data, TSM_SNP_REPORT_SIGNED_SIZE };
	snp->trailing = (struct tsm_blob){ c.pos, c.left };
	classify(snp);
	return 0;
}

size_t tsm_snp_tcb_parts(const union tsm_snp_tcb *tcb, bool turin,
			 struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS])
{
	size_t n = 0;

	if (turin) {
		part[n++] = (struct tsm_snp_tcb_part){ "FMC", tcb->turin.fmc };
		part[n++] = (struct tsm_snp_tcb_part){ "BOOT_LOADER",
						       tcb->turin.bootloader };
		part[n++] = (struct tsm_snp_tcb_part){ "TEE", tcb->turin.tee };
		part[n++] = (struct tsm_snp_tcb_part){ "SNP", tcb->turin.snp };
		part[n++] = (struct tsm_snp_tcb_part){ "MICROCODE",
						       tcb->turin.microcode };
	} else {
		part[n++] = (struct tsm_snp_tcb_part){ "BOOT_LOADER",
						       tcb->milan.bootloader };
		part[n++] = (struct tsm_snp_tcb_part){ "TEE", tcb->milan.tee };
		part[n++] = (struct tsm_snp_tcb_part){ "SNP", tcb->milan.snp };
		part[n++] = (struct tsm_snp_tcb_part){ "MICROCODE",
						       tcb->milan.microcode };
	}
	return n;
}
