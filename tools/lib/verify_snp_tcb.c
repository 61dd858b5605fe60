// SPDX-License-Identifier: MIT
/*
 * What the certificate of an SNP signing key says of the machine, held against
 * the report: AMD 57230, "VCEK and VLEK certificate extensions".
 */
#include "verify_snp.h"

#include <stdio.h>

/**
 * struct place - where a component of the TCB stands
 * @at: byte of TCB_VERSION
 * @number: of the extension, 3.1 to 3.9
 * @name: as in the firmware's ABI
 * @query: as the KDS calls it; NULL for what is reserved, which a certificate
 *	may lack if it is 0 in the report
 */
struct place {
	uint8_t at;
	uint8_t number;
	const char *name;
	const char *query;
};

#define NR_PLACES	8

static const struct place milan[NR_PLACES] = {
	{ 0, 1, "BOOT_LOADER", "blSPL" }, { 1, 2, "TEE", "teeSPL" },
	{ 2, 4, "SPL4", NULL }, { 3, 5, "SPL5", NULL },
	{ 4, 6, "SPL6", NULL }, { 5, 7, "SPL7", NULL },
	{ 6, 3, "SNP", "snpSPL" }, { 7, 8, "MICROCODE", "ucodeSPL" },
};

static const struct place turin[NR_PLACES] = {
	{ 0, 9, "FMC", "fmcSPL" }, { 1, 1, "BOOT_LOADER", "blSPL" },
	{ 2, 2, "TEE", "teeSPL" }, { 3, 3, "SNP", "snpSPL" },
	{ 4, 5, "SPL5", NULL }, { 5, 6, "SPL6", NULL },
	{ 6, 7, "SPL7", NULL }, { 7, 8, "MICROCODE", "ucodeSPL" },
};

static const struct place *places(const struct snp_judge *s)
{
	return s->snp.turin_tcb ? turin : milan;
}

static bool has_spl(const struct x509 *cert, const struct place *place)
{
	return cert->snp.has_spl >> place->number & 1;
}

/* Sentences on what differs; nothing if the two are of one TCB. */
static void compare(const struct snp_judge *s, const struct x509 *cert,
		    struct reason *reason)
{
	const uint8_t *tcb = s->snp.report.reported_tcb.bytes;
	const struct place *place = places(s), *end = place + NR_PLACES;
	unsigned int svn, spl;

	for (; place < end; place++) {
		svn = tcb[place->at];
		spl = cert->snp.spl[place->number];
		if (!has_spl(cert, place) && (place->query || svn))
			reason_add(reason,
				   "%s is %u in the report and missing in the certificate",
				   place->name, svn);
		else if (svn < spl)
			reason_add(reason,
				   "%s is %u in the report and %u in the certificate: %u short",
				   place->name, svn, spl, spl - svn);
		else if (svn > spl)
			reason_add(reason,
				   "%s is %u in the report and %u in the certificate: %u more",
				   place->name, svn, spl, svn - spl);
	}
}

bool snp_same_tcb(const struct snp_judge *s, const struct x509 *cert)
{
	struct reason reason = { .len = 0 };

	compare(s, cert, &reason);
	return !reason.len;
}

void snp_tcb_query(const struct snp_judge *s, struct reason *text)
{
	const uint8_t *tcb = s->snp.report.reported_tcb.bytes;
	const struct place *place = places(s), *end = place + NR_PLACES;
	char one[24], all[96] = "";
	size_t len = 0;

	for (; place < end; place++) {
		if (!place->query)
			continue;
		snprintf(one, sizeof(one), "%s%s=%u", len ? "&" : "",
			 place->query, tcb[place->at]);
		len += (size_t)snprintf(all + len, sizeof(all) - len, "%s", one);
	}
	reason_add(text, "%s", all);
}

/* REPORTED_TCB selects the key, so that less is no excuse, and more neither. */
void snp_check_tcb(struct snp_judge *s)
{
	const uint8_t *tcb = s->snp.report.reported_tcb.bytes;
	const struct x509 *leaf = s->cert[SNP_LEAF];
	struct tsm_snp_tcb_part part[TSM_SNP_TCB_PARTS];
	struct reason reason = { .len = 0 };
	char text[96] = "";
	size_t i, count, len = 0;

	if (!leaf) {
		judge_skip(s->judge, "tcb", "not reached: certificates failed");
		return;
	}
	compare(s, leaf, &reason);
	if (reason.len) {
		judge_fail(s->judge, "tcb", "%s", reason.text);
		return;
	}
	count = tsm_snp_tcb_parts((const union tsm_snp_tcb *)tcb,
				  s->snp.turin_tcb, part);
	for (i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s%s %u", i ? ", " : "", part[i].name,
					part[i].svn);
	judge_pass(s->judge, "tcb", "%s", text);
}

static bool is_zero(const uint8_t *data, size_t len)
{
	while (len && !*data) {
		data++;
		len--;
	}
	return !len;
}

bool snp_same_chip(const struct snp_judge *s, const struct x509 *cert)
{
	const uint8_t *id = s->snp.report.chip_id;
	const size_t len = cert->snp.hw_id_len;

	return cert->snp.has & TSM_SNP_EXT_HW_ID && len <= TSM_SNP_CHIP_ID_SIZE &&
	       !memcmp(id, cert->snp.hw_id, len) &&
	       is_zero(id + len, TSM_SNP_CHIP_ID_SIZE - len);
}

/* A VLEK belongs to a provider, whose chips all have it. */
static void check_provider(struct snp_judge *s, const struct x509 *leaf)
{
	if (leaf->snp.has & TSM_SNP_EXT_HW_ID)
		judge_fail(s->judge, "chip_id",
			   "the certificate of a VLEK names a chip, which none does");
	else if (!(leaf->snp.has & TSM_SNP_EXT_CSP_ID))
		judge_fail(s->judge, "chip_id",
			   "the certificate of a VLEK names no provider (cspID)");
	else
		judge_skip(s->judge, "chip_id",
			   "a VLEK is of no single chip: this one is of %s",
			   leaf->snp.csp_id);
}

void snp_check_chip_id(struct snp_judge *s)
{
	const uint8_t *id = s->snp.report.chip_id;
	const struct x509 *leaf = s->cert[SNP_LEAF];
	char of_cert[2 * TSM_SNP_CHIP_ID_SIZE_TURIN + 1];
	char of_report[2 * TSM_SNP_CHIP_ID_SIZE_TURIN + 1];

	if (!leaf)
		judge_skip(s->judge, "chip_id",
			   "not reached: certificates failed");
	else if (snp_kind(leaf, NULL) == SNP_KIND_VLEK)
		check_provider(s, leaf);
	else if (!(leaf->snp.has & TSM_SNP_EXT_HW_ID))
		judge_fail(s->judge, "chip_id",
			   "the certificate of a VCEK names no chip (hwID)");
	else if (leaf->snp.has & TSM_SNP_EXT_CSP_ID)
		judge_fail(s->judge, "chip_id",
			   "the certificate of a VCEK names a provider, %s",
			   leaf->snp.csp_id);
	else if (is_zero(id, TSM_SNP_CHIP_ID_SIZE))
		judge_skip(s->judge, "chip_id",
			   "the host has CHIP_ID masked, so that it is 0; the signature is of chip %s...",
			   text_hex(leaf->snp.hw_id, 8, of_cert));
	else if (!snp_same_chip(s, leaf))
		judge_fail(s->judge, "chip_id",
			   "CHIP_ID %s... of the report is not hwID %s... of the certificate, %zu bytes",
			   text_hex(id, 8, of_report),
			   text_hex(leaf->snp.hw_id, 8, of_cert),
			   leaf->snp.hw_id_len);
	else
		judge_pass(s->judge, "chip_id", "%s...",
			   text_hex(id, 8, of_report));
}

static const char *generation_name(enum tsm_snp_generation generation)
{
	switch (generation) {
	case TSM_SNP_MILAN:
		return "Milan";
	case TSM_SNP_GENOA:
		return "Genoa";
	case TSM_SNP_TURIN:
		return "Turin";
	case TSM_SNP_VENICE:
		return "Venice";
	case TSM_SNP_MILAN_OR_GENOA:
		return "Milan or Genoa";
	default:
		return "unknown";
	}
}

/* Version 2 has no CPUID, and the chain says which of the two it is. */
static bool fits(enum tsm_snp_generation generation, const char *product)
{
	if (generation == TSM_SNP_MILAN_OR_GENOA)
		return !strcmp(product, "Milan") || !strcmp(product, "Genoa");
	return !strcmp(product, generation_name(generation));
}

/* "Milan-B0" is of Milan. Bergamo and Siena are of Genoa's line. */
static bool is_of(const char *name, const char *product)
{
	const size_t len = strcspn(name, "-");

	if (!strcmp(product, "Genoa") &&
	    ((len == 7 && !memcmp(name, "Bergamo", 7)) ||
	     (len == 5 && !memcmp(name, "Siena", 5))))
		return true;
	return len && len == strlen(product) && !memcmp(name, product, len);
}

void snp_check_product(struct snp_judge *s)
{
	const struct tsm_snp_report *r = &s->snp.report;
	const struct x509 *leaf = s->cert[SNP_LEAF];
	const char *name = generation_name(s->snp.generation);
	char cpu[64] = "version 2, which has no CPUID";
	struct reason wrong = { .len = 0 };

	if (s->snp.version >= TSM_SNP_REPORT_V3)
		snprintf(cpu, sizeof(cpu), "family 0x%x, model 0x%x, stepping %u",
			 r->cpuid_fam_id, r->cpuid_mod_id, r->cpuid_step);
	if (s->snp.generation == TSM_SNP_UNKNOWN)
		reason_add(&wrong, "no product is known of %s", cpu);
	else if (s->product[0] && !fits(s->snp.generation, s->product))
		reason_add(&wrong,
			   "the report is of %s (%s), the chain of %s",
			   name, cpu, s->product);
	if (leaf && s->product[0] && !is_of(leaf->snp.product, s->product))
		reason_add(&wrong,
			   "the certificate is of \"%s\", its chain of %s",
			   leaf->snp.product, s->product);
	if (wrong.len)
		judge_fail(s->judge, "product", "%s", wrong.text);
	else if (!s->product[0])
		judge_skip(s->judge, "product",
			   "not reached: without a chain it is not known whose the root is; the report is of %s",
			   name);
	else
		judge_pass(s->judge, "product", "%s (%s)", s->product, cpu);
}
