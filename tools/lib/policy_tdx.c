// SPDX-License-Identifier: MIT
/* What a policy can demand of a TD quote. */
#include "lib_private.h"
#include "names.h"
#include "policy_private.h"

static const char *pcesvn_of(const struct policy_subject *subject,
			     uint32_t *value)
{
	if (!subject->pck)
		return "there is no PCK certificate to tell";
	*value = subject->pck->pcesvn;
	return NULL;
}

static const char *qe_svn_of(const struct policy_subject *subject,
			     uint32_t *value)
{
	*value = le16toh(subject->quote->qe.report.isvsvn);
	return NULL;
}

/* Who lists what is acceptable wants it judged. */
static const char *status_of(const struct policy_subject *subject,
			     uint32_t *value)
{
	*value = (uint32_t)subject->j->tcb_status;
	return *value == TSM_TCB_UNKNOWN ?
	       "the TCB was not judged, for which collateral is needed" : NULL;
}

static const char *status_choice(unsigned int bit)
{
	return bit <= TSM_TCB_REVOKED ?
	       tsm_tcb_status_name((enum tsm_tcb_status)bit) : NULL;
}

/* What is revoked, or below all that Intel lists, is nobody's to accept. */
#define REFUSED	(1u << TSM_TCB_UNKNOWN | 1u << TSM_TCB_NOT_SUPPORTED | \
		 1u << TSM_TCB_REVOKED)

/* How memory is protected: with integrity, a chip on the bus cannot change it. */
static const char *sgx_type_of(const struct policy_subject *subject,
			       uint32_t *value)
{
	if (!subject->pck)
		return "there is no PCK certificate to tell";
	*value = subject->pck->sgx_type;
	return NULL;
}

static const char *sgx_type_choice(unsigned int bit)
{
	static const char *const names[] = {
		"standard", "scalable", "scalable with integrity",
	};

	return bit < sizeof(names) / sizeof(names[0]) ? names[bit] : NULL;
}

#define OF_POLICY(member)	offsetof(struct tsm_policy, tdx.member)

#define BODY(member, field) \
	.kind = POLICY_VALUES, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_BODY, \
	.at = offsetof(struct tsm_quote_td15ex, td15.td10.field), \
	.size = TSM_TDX_MR_SIZE

#define PCK(member, field) \
	.kind = POLICY_VALUES, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_PCK, .at = offsetof(struct tsm_pck, field), \
	.size = sizeof(((struct tsm_pck *)NULL)->field)

#define BITS(member, table) \
	.kind = POLICY_BITS, .name = #member, .policy = OF_POLICY(member), \
	.source = POLICY_OF_BODY, \
	.at = offsetof(struct tsm_quote_td15ex, td15.td10.member), \
	.names = table

#define LEAST(member, function) \
	.kind = POLICY_NUMBER, .name = #member, .policy = OF_POLICY(member), \
	.size = UINT16_MAX, .number = function

const struct policy_item policy_tdx_items[] = {
	{ .name = "report_data", .kind = POLICY_VALUES,
	  .policy = offsetof(struct tsm_policy, report_data),
	  .source = POLICY_OF_BODY,
	  .at = offsetof(struct tsm_quote_td15ex, td15.td10.reportdata),
	  .size = TSM_TDX_REPORTDATA_SIZE },
	{ BODY(mrtd, mrtd) },
	{ BODY(rtmr0, rtmr[0]) },
	{ BODY(rtmr1, rtmr[1]) },
	{ BODY(rtmr2, rtmr[2]) },
	{ BODY(rtmr3, rtmr[3]) },
	{ BODY(mrconfigid, mrconfigid) },
	{ BODY(mrowner, mrowner) },
	{ BODY(mrownerconfig, mrownerconfig) },
	{ BODY(mrseam, mrseam) },
	{ BODY(mrsignerseam, mrsignerseam) },
	{ .name = "mrservicetd", .kind = POLICY_VALUES,
	  .policy = OF_POLICY(mrservicetd), .source = POLICY_OF_BODY15,
	  .at = offsetof(struct tsm_quote_td15ex, td15.mrservicetd),
	  .size = TSM_TDX_MR_SIZE },
	{ BITS(td_attributes, td_attribute_bits) },
	{ BITS(xfam, xfam_bits) },
	{ .name = "minimum_tee_tcb_svn", .kind = POLICY_SVNS,
	  .policy = OF_POLICY(minimum_tee_tcb_svn), .source = POLICY_OF_BODY,
	  .at = offsetof(struct tsm_quote_td15ex, td15.td10.tee_tcb_svn) },
	{ .name = "minimum_sgx_tcb", .kind = POLICY_SVNS,
	  .policy = OF_POLICY(minimum_sgx_tcb), .source = POLICY_OF_PCK,
	  .at = offsetof(struct tsm_pck, comp_svn) },
	{ LEAST(minimum_pcesvn, pcesvn_of) },
	{ LEAST(minimum_qe_svn, qe_svn_of) },
	{ .name = "tcb_statuses", .kind = POLICY_CHOICES,
	  .policy = OF_POLICY(tcb_statuses), .choice = status_choice,
	  .refused = REFUSED,
	  .number = status_of },
	{ .name = "sgx_types", .kind = POLICY_CHOICES,
	  .policy = OF_POLICY(sgx_types), .choice = sgx_type_choice,
	  .number = sgx_type_of },
	{ PCK(fmspc, fmspc) },
	{ PCK(pceid, pceid) },
	{ PCK(ppid, ppid) },
	{ PCK(platform_instance_id, instance_id) },
	{ .name = "allow_debug", .kind = POLICY_BOOL,
	  .policy = OF_POLICY(allow_debug) },
	{ .name = NULL }
};

bool policy_accepts_tcb(const struct tsm_policy *policy,
			enum tsm_tcb_status status)
{
	const uint32_t given = policy ? policy->tdx.tcb_statuses : 0;
	const uint32_t accepted = given ? given : 1u << TSM_TCB_UP_TO_DATE;

	return (unsigned int)status <= TSM_TCB_REVOKED && accepted >> status & 1;
}

void policy_apply_tdx(const struct tsm_policy *policy,
		      const struct tsm_quote *quote, const struct tsm_pck *pck,
		      struct tsm_judgement *judgement)
{
	const struct policy_subject subject = {
		.policy = policy,
		.j = judgement,
		.quote = quote,
		.pck = pck,
	};

	policy_check(&subject, policy_tdx_items);
}
