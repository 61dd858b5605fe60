// SPDX-License-Identifier: MIT
/* What a policy can demand of an SNP report. */
#include "lib_private.h"
#include "names.h"
#include "policy_private.h"

static const char *guest_svn_of(const struct policy_subject *subject,
				uint32_t *value)
{
	*value = le32toh(subject->snp->report.guest_svn);
	return NULL;
}

/* What the guest's owner demands of the firmware: major, minor. */
static const char *abi_of(const struct policy_subject *subject, uint32_t *value)
{
	*value = le64toh(subject->snp->report.policy) &
		 (TSM_SNP_POLICY_ABI_MAJOR | TSM_SNP_POLICY_ABI_MINOR);
	return NULL;
}

/* Not the current one: the host may return to this whenever it likes. */
static const char *firmware_of(const struct policy_subject *subject,
			       uint32_t *value)
{
	const struct tsm_snp_version *v =
		&subject->snp->report.committed_version;

	*value = (uint32_t)v->major << 16 | (uint32_t)v->minor << 8 | v->build;
	return NULL;
}

static const char *vmpl_of(const struct policy_subject *subject,
			   uint32_t *value)
{
	*value = le32toh(subject->snp->report.vmpl);
	return *value == TSM_SNP_VMPL_HOST ?
	       "it was asked for by the host, not by the guest" : NULL;
}

static const char *signer_of(const struct policy_subject *subject,
			     uint32_t *value)
{
	*value = le32toh(subject->snp->report.flags) >>
		 TSM_SNP_SIGNING_KEY_SHIFT & TSM_SNP_SIGNING_KEY_MASK;
	return NULL;
}

static const char *signer_choice(unsigned int bit)
{
	switch (bit) {
	case TSM_SNP_SIGNING_KEY_VCEK:
		return "VCEK";
	case TSM_SNP_SIGNING_KEY_VLEK:
		return "VLEK";
	}
	return NULL;
}

static const char *product_choice(unsigned int bit)
{
	static const char *const names[] = { "Milan", "Genoa", "Turin" };

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}

static const char *product_of(const struct policy_subject *subject,
			      uint32_t *value)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = product_choice(i)); i++) {
		*value = i;
		if (!strcmp(name, subject->product))
			return NULL;
	}
	return "the product line is not known";
}

const char *policy_tcb_name(unsigned int index)
{
	static const char *const names[] = {
		"fmc", "boot_loader", "tee", "snp", "microcode",
	};

	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}

#define OF_POLICY(member)	offsetof(struct tsm_policy, snp.member)
#define OF_REPORT(member)	offsetof(struct tsm_snp_report, member)

#define REPORT(member) \
	.kind = POLICY_VALUES, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_REPORT, .at = OF_REPORT(member), \
	.size = sizeof(((struct tsm_snp_report *)NULL)->member)

#define BITS(member, table) \
	.kind = POLICY_BITS, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_REPORT, .at = OF_REPORT(member), .names = table

#define TCB(member, field) \
	.kind = POLICY_TCB, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_REPORT, .at = OF_REPORT(field)

const struct policy_item policy_snp_items[] = {
	{ .name = "report_data", .kind = POLICY_VALUES,
	  .policy = offsetof(struct tsm_policy, report_data),
	  .source = POLICY_OF_REPORT, .at = OF_REPORT(report_data),
	  .size = TSM_SNP_REPORTDATA_SIZE },
	{ REPORT(measurement) },
	{ REPORT(host_data) },
	{ REPORT(family_id) },
	{ REPORT(image_id) },
	{ REPORT(report_id) },
	{ REPORT(report_id_ma) },
	{ REPORT(id_key_digest) },
	{ REPORT(author_key_digest) },
	{ REPORT(chip_id), .short_size = TSM_SNP_CHIP_ID_SIZE_TURIN },
	{ .name = "csp_id", .kind = POLICY_STRINGS,
	  .policy = OF_POLICY(csp_id),
	  .size = sizeof(((struct tsm_snp_ext *)NULL)->csp_id) },
	{ BITS(policy, snp_policy_bits) },
	{ BITS(platform_info, snp_platform_bits) },
	{ TCB(minimum_tcb, reported_tcb) },
	{ TCB(minimum_launch_tcb, launch_tcb) },
	{ .name = "minimum_guest_svn", .kind = POLICY_NUMBER,
	  .policy = OF_POLICY(minimum_guest_svn), .size = UINT32_MAX,
	  .number = guest_svn_of },
	{ .name = "minimum_abi", .kind = POLICY_VERSION,
	  .policy = OF_POLICY(minimum_abi), .size = 2, .number = abi_of },
	{ .name = "minimum_firmware", .kind = POLICY_VERSION,
	  .policy = OF_POLICY(minimum_firmware), .size = 3,
	  .number = firmware_of },
	{ .name = "vmpl", .kind = POLICY_NUMBERS, .policy = OF_POLICY(vmpl),
	  .size = TSM_SNP_VMPL_COUNT - 1, .number = vmpl_of },
	{ .name = "signers", .kind = POLICY_CHOICES,
	  .policy = OF_POLICY(signers), .choice = signer_choice,
	  .number = signer_of },
	{ .name = "products", .kind = POLICY_CHOICES,
	  .policy = OF_POLICY(products), .choice = product_choice,
	  .number = product_of },
	{ .name = "allow_debug", .kind = POLICY_BOOL,
	  .policy = OF_POLICY(allow_debug) },
	{ .name = NULL }
};

void policy_apply_snp(const struct tsm_policy *policy,
		      const struct tsm_snp *snp, const struct tsm_snp_ext *ext,
		      const char *product, struct tsm_judgement *judgement)
{
	const struct policy_subject subject = {
		.policy = policy,
		.j = judgement,
		.snp = snp,
		.ext = ext,
		.product = product,
	};

	policy_check(&subject, policy_snp_items);
}
