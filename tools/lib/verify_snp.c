// SPDX-License-Identifier: MIT
/*
 * Judges SNP reports: SEV-SNP Firmware ABI, 56860, "ATTESTATION_REPORT
 * Structure" and "Signature Format". Everything is looked at that does not hang
 * on what already failed, so that people see all that is wrong at once.
 */
#include "verify_snp.h"

#include <errno.h>

/* Bits of the guest's policy of which the ABI says what they allow. */
#define POLICY_KNOWN	((1ULL << (TSM_SNP_POLICY_PAGE_SWAP_DISABLE + 1)) - 1)

/* Bytes of R, and of S, that P-384 needs. */
#define SCALAR		48

/*
 * Of a version that is not known the layout cannot be vouched for, though each
 * so far has kept that of its predecessor: what looks like a measurement may
 * then be something else.
 * Return: whether the report can be read.
 */
static bool is_readable(struct snp_judge *s)
{
	const struct tsm_blob *data = &s->judge->data;
	struct tsm_error err;

	if (tsm_snp_parse(data->data, data->len, &s->snp, &err)) {
		judge_fail(s->judge, "format", "%s", err.text);
		return false;
	}
	if (s->snp.version > TSM_SNP_REPORT_NEWEST) {
		judge_fail(s->judge, "format",
			   "version %u is not known here, %d is the newest that is",
			   s->snp.version, TSM_SNP_REPORT_NEWEST);
		return false;
	}
	return true;
}

static void check_vmpl(const struct tsm_snp_report *r, struct reason *wrong,
		       struct reason *remark)
{
	const uint32_t vmpl = le32toh(r->vmpl);

	if (vmpl == TSM_SNP_VMPL_HOST)
		reason_add(remark,
			   "the host asked for it, not the guest: its REPORT_DATA is not the guest's word");
	else if (vmpl >= TSM_SNP_VMPL_COUNT)
		reason_add(wrong, "VMPL is %u, there are 0 to %d", vmpl,
			   TSM_SNP_VMPL_COUNT - 1);
	else
		reason_add(remark, "VMPL %u", vmpl);
}

/* What is reserved is refused, as other verifiers do: with it in use the report
 * would be of a version that is not known. PLATFORM_INFO is a list of facts, of
 * which firmware adds some without a new version, and all of it is let be. */
static void check_format(struct snp_judge *s)
{
	const struct tsm_snp_report *r = &s->snp.report;
	const uint64_t policy = le64toh(r->policy);
	const uint32_t algo = le32toh(r->signature_algo);
	struct reason wrong = { .len = 0 }, remark = { .len = 0 };

	reason_add(&remark, "version %u", s->snp.version);
	check_vmpl(r, &wrong, &remark);
	if (algo != TSM_SNP_ALGO_ECDSA_P384_SHA384)
		reason_add(&wrong,
			   "SIGNATURE_ALGO is %u, known is %d, ECDSA P-384 with SHA-384",
			   algo, TSM_SNP_ALGO_ECDSA_P384_SHA384);
	if (!(policy >> TSM_SNP_POLICY_RESERVED_ONE & 1))
		reason_add(&wrong, "POLICY 0x%llx lacks bit %d, which is always 1",
			   (unsigned long long)policy,
			   TSM_SNP_POLICY_RESERVED_ONE);
	if (policy & ~POLICY_KNOWN)
		reason_add(&wrong,
			   "POLICY 0x%llx has bits of which it is not known here what they allow",
			   (unsigned long long)policy);
	if (!s->snp.reserved_zero)
		reason_add(&wrong,
			   "bytes that version %u reserves, in the report or behind S, are not 0",
			   s->snp.version);
	if (wrong.len)
		judge_fail(s->judge, "format", "%s", wrong.text);
	else
		judge_pass(s->judge, "format", "%s", remark.text);
}

static void check_signing_key(struct snp_judge *s)
{
	static const char *const name[] = { "VCEK", "VLEK" };
	const bool masked = le32toh(s->snp.report.flags) >>
			    TSM_SNP_FLAG_MASK_CHIP_KEY & 1;
	const struct x509 *leaf = s->cert[SNP_LEAF];
	enum snp_kind kind;

	if (s->signing_key == TSM_SNP_SIGNING_KEY_NONE) {
		judge_fail(s->judge, "signing_key",
			   "none: the firmware did not sign this report%s",
			   masked ? ", as the host has MASK_CHIP_KEY set and loaded no VLEK" : "");
		return;
	}
	if (s->signing_key > TSM_SNP_SIGNING_KEY_VLEK) {
		judge_fail(s->judge, "signing_key",
			   "SIGNING_KEY is %u, known are 0, VCEK, and 1, VLEK",
			   s->signing_key);
		return;
	}
	kind = leaf ? snp_kind(leaf, NULL) : SNP_KIND_OTHER;
	if (leaf && (kind == SNP_KIND_VLEK) !=
		    (s->signing_key == TSM_SNP_SIGNING_KEY_VLEK))
		judge_fail(s->judge, "signing_key",
			   "the report says %s, but there is only the certificate of a %s",
			   name[s->signing_key],
			   kind == SNP_KIND_VLEK ? "VLEK" : "VCEK");
	else
		judge_pass(s->judge, "signing_key", "%s%s", name[s->signing_key],
			   masked ? ", though MASK_CHIP_KEY is set" : "");
}

/* Little-endian in 72 bytes, of which P-384 has 48. */
static bool to_big_endian(const uint8_t from[72], uint8_t to[SCALAR])
{
	size_t i;

	for (i = 0; i < SCALAR; i++)
		to[i] = from[SCALAR - 1 - i];
	for (; i < 72; i++) {
		if (from[i])
			return false;
	}
	return true;
}

int snp_signed_by(const struct snp_judge *s, const struct x509 *cert,
		  bool *is_signed)
{
	const struct tsm_snp_signature *sig = &s->snp.report.signature;
	uint8_t rs[2 * SCALAR];
	int ret;

	*is_signed = false;
	if (cert->key != X509_KEY_P384 ||
	    le32toh(s->snp.report.signature_algo) !=
		    TSM_SNP_ALGO_ECDSA_P384_SHA384 ||
	    !to_big_endian(sig->r, rs) || !to_big_endian(sig->s, rs + SCALAR))
		return 0;
	ret = tsm_crypto_ecdsa(s->judge->v->crypto, X509_KEY_P384,
			       cert->point.data, &s->snp.signed_part, 1, rs);
	if (ret < 0)
		return ret;
	*is_signed = ret;
	return 0;
}

static void check_signature(struct snp_judge *s)
{
	static const uint8_t zero[SCALAR];
	const struct tsm_snp_signature *sig = &s->snp.report.signature;
	const struct x509 *leaf = s->cert[SNP_LEAF];
	uint8_t r[SCALAR], t[SCALAR];
	bool fits = to_big_endian(sig->r, r);
	char name[CERT_NAME_SIZE];

	fits &= to_big_endian(sig->s, t);
	if (s->is_signed)
		judge_pass(s->judge, "signature", "ECDSA P-384 with SHA-384");
	else if (!fits)
		judge_fail(s->judge, "signature",
			   "R or S has more than 384 bits");
	else if (!memcmp(r, zero, SCALAR) || !memcmp(t, zero, SCALAR))
		judge_fail(s->judge, "signature", "R or S is 0: nobody signed");
	else if (!leaf)
		judge_skip(s->judge, "signature",
			   "not reached: certificates failed");
	else if (leaf->key != X509_KEY_P384)
		judge_fail(s->judge, "signature",
			   "the key of %s is not one of P-384",
			   cert_name(leaf, name));
	else
		judge_fail(s->judge, "signature",
			   "the key of %s did not sign these bytes, nor did that of any other certificate (%zu tried)",
			   cert_name(leaf, name), s->candidates);
}

static void check_debug(struct snp_judge *s)
{
	const struct tsm_verifier *v = s->judge->v;
	const bool debug = le64toh(s->snp.report.policy) >>
			   TSM_SNP_POLICY_DEBUG & 1;

	if (!debug)
		judge_pass(s->judge, "debug", "POLICY does not allow it");
	else if (v->flags & TSM_VERIFY_ALLOW_DEBUG ||
		 policy_allows_debug(v->policy, TSM_EVIDENCE_SNP_REPORT))
		judge_pass(s->judge, "debug",
			   "POLICY has bit %d: the host may read and write the guest's memory, which was allowed",
			   TSM_SNP_POLICY_DEBUG);
	else
		judge_fail(s->judge, "debug",
			   "POLICY has bit %d: the host may read and write the guest's memory",
			   TSM_SNP_POLICY_DEBUG);
}

static void check_report_data(struct snp_judge *s)
{
	const struct tsm_snp_report *r = &s->snp.report;

	if (s->judge->v->has_report_data &&
	    le32toh(r->vmpl) == TSM_SNP_VMPL_HOST)
		judge_fail(s->judge, "report_data",
			   "the host asked for the report, so that its REPORT_DATA is not the guest's word");
	else
		judge_report_data(s->judge, r->report_data);
}

static void check_trailing(struct snp_judge *s)
{
	if (s->has_table_behind && !(s->judge->v->flags & TSM_VERIFY_STRICT))
		judge_pass(s->judge, "trailing_bytes",
			   "%zu follow the report: a certificate table, taken for what came with it",
			   s->snp.trailing.len);
	else
		judge_trailing(s->judge, &s->snp.trailing);
}

/* What somebody wants of a report, or of the log beside it. */
static void check_wishes(struct snp_judge *s)
{
	const struct tsm_verifier *v = s->judge->v;
	const struct x509 *leaf = s->cert[SNP_LEAF];

	if (v->policy)
		policy_apply_snp(v->policy, &s->snp, leaf ? &leaf->snp : NULL,
				 s->product, s->judge->j);
	else
		judge_skip(s->judge, "policy", "no --policy");
	if (v->logs)
		judge_fail(s->judge, "event_log",
			   "an SNP report has no registers that a log could lead to");
	else
		judge_skip(s->judge, "event_log", "no --log");
}

/* Return: 0 or -ENOMEM. */
static int check_all(struct snp_judge *s)
{
	int ret;

	s->signing_key = le32toh(s->snp.report.flags) >>
			 TSM_SNP_SIGNING_KEY_SHIFT & TSM_SNP_SIGNING_KEY_MASK;
	check_format(s);
	ret = snp_own_certs(s);
	if (!ret)
		ret = snp_find_leaf(s);
	if (ret)
		return ret;
	check_signing_key(s);
	snp_check_certificates(s);
	ret = snp_check_chain(s);
	if (ret)
		return ret;
	snp_check_root(s);
	snp_check_validity(s);
	ret = snp_check_revocation(s);
	if (ret)
		return ret;
	check_signature(s);
	snp_check_product(s);
	snp_check_tcb(s);
	snp_check_chip_id(s);
	check_debug(s);
	check_trailing(s);
	check_report_data(s);
	check_wishes(s);
	return 0;
}

static void skip_all(struct judge *judge)
{
	static const char *const names[] = {
		"signing_key", "certificates", "chain", "root", "validity",
		"revocation", "signature", "product", "tcb", "chip_id", "debug",
		"trailing_bytes", "report_data", "policy", "event_log",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		judge_skip(judge, names[i], "not reached: format failed");
}

int judge_snp(struct judge *judge, struct tsm_error *err)
{
	struct snp_judge s = { .judge = judge };
	int ret = 0;

	if (is_readable(&s))
		ret = check_all(&s);
	else
		skip_all(judge);
	cert_pool_clear(&s.own);
	if (ret)
		tsm_error_set(err, ret, "SNP report: out of memory");
	return ret;
}
