// SPDX-License-Identifier: MIT
/* Quotes whose signatures are right, and whose certificates or lists are not. */
#include "forged_tdx.h"

/**
 * struct deviation - something wrong with a PKI
 * @what: it is
 * @change: makes it so
 * @failed: the checks that fail
 * @part: of the first reason
 */
struct deviation {
	const char *what;
	void (*change)(struct forge_intel *pki);
	const char *failed;
	const char *part;
};

#define CHANGE(name, statement) \
	static void name(struct forge_intel *pki) { statement; }

CHANGE(nothing, (void)pki)
CHANGE(leaf_expired, pki->leaf.until = FORGE_NOW - 1)
CHANGE(leaf_until_now, pki->leaf.until = FORGE_NOW)
CHANGE(leaf_from_now, pki->leaf.from = FORGE_NOW)
CHANGE(leaf_not_yet, pki->leaf.from = FORGE_NOW + 1)
CHANGE(ca_expired, pki->ca.until = FORGE_NOW - 1)
CHANGE(ca_not_yet, pki->ca.from = FORGE_NOW + 1)
CHANGE(root_expired, pki->root.until = FORGE_NOW - 1)
CHANGE(root_not_yet, pki->root.from = FORGE_NOW + 1)
CHANGE(all_expired, pki->root.until = pki->ca.until = pki->leaf.until =
       FORGE_NOW - 1)
CHANGE(leaf_sha1, pki->leaf.how = FORGE_ECDSA_SHA1)
CHANGE(ca_sha1, pki->ca.how = FORGE_ECDSA_SHA1)
CHANGE(root_sha1, pki->root.how = FORGE_ECDSA_SHA1)
CHANGE(leaf_sha384, pki->leaf.how = FORGE_ECDSA_SHA384)
CHANGE(leaf_p384, pki->leaf.key = forge_key(FORGE_P384, 2))
CHANGE(leaf_p521, pki->leaf.key = forge_key(FORGE_P521, 2))
CHANGE(leaf_rsa, pki->leaf.key = forge_key(FORGE_RSA, 2))
CHANGE(ca_p384, pki->ca.key = pki->leaf.signer = forge_key(FORGE_P384, 1))
CHANGE(leaf_off_curve, pki->leaf.deviations = FORGE_OFF_CURVE)
CHANGE(ca_off_curve, pki->ca.deviations = FORGE_OFF_CURVE)
CHANGE(leaf_is_ca, pki->leaf.ca = true)
CHANGE(leaf_for_certs, pki->leaf.usage = FORGE_CERT_SIGN)
CHANGE(leaf_without_pck, pki->leaf.pck = NULL)
CHANGE(ca_is_none, pki->ca.ca = false; pki->ca.path_len = -1)
CHANGE(ca_without_constraints, pki->ca.deviations = FORGE_NO_CONSTRAINTS)
CHANGE(ca_for_data, pki->ca.usage = FORGE_DIGITAL_SIGNATURE)
CHANGE(root_is_none, pki->root.ca = false; pki->root.path_len = -1)
CHANGE(root_for_leaves, pki->root.path_len = 0)
CHANGE(leaf_critical, pki->leaf.deviations = FORGE_UNKNOWN_CRITICAL)
CHANGE(leaf_unknown, pki->leaf.deviations = FORGE_UNKNOWN)
CHANGE(ca_critical, pki->ca.deviations = FORGE_UNKNOWN_CRITICAL)
CHANGE(root_critical, pki->root.deviations = FORGE_UNKNOWN_CRITICAL)
CHANGE(leaf_twice, pki->leaf.deviations = FORGE_EXTENSION_TWICE)
CHANGE(leaf_version_1, pki->leaf.deviations = FORGE_VERSION_1)
CHANGE(leaf_two_algorithms, pki->leaf.deviations = FORGE_INNER_ALGORITHM)
CHANGE(leaf_signature, pki->leaf.deviations = FORGE_BAD_SIGNATURE)
CHANGE(ca_signature, pki->ca.deviations = FORGE_BAD_SIGNATURE)
CHANGE(root_signature, pki->root.deviations = FORGE_BAD_SIGNATURE)
CHANGE(leaf_by_other, pki->leaf.signer = forge_key(FORGE_P256, 5))
CHANGE(ca_by_other, pki->ca.signer = forge_key(FORGE_P256, 5))
CHANGE(root_by_other, pki->root.signer = forge_key(FORGE_P256, 5))
CHANGE(leaf_by_root, pki->leaf.signer = pki->root.key;
       pki->leaf.issuer = pki->root.subject)
CHANGE(leaf_of_other_name, pki->leaf.issuer = "Another CA")
CHANGE(ca_of_other_name, pki->ca.issuer = "Another Root CA")
CHANGE(root_of_other_name, pki->root.issuer = "Another Root CA")
CHANGE(root_other_key, pki->root.key = pki->root.signer = pki->ca.signer =
       forge_key(FORGE_P256, 5))
CHANGE(root_renewed, pki->root.serial = 77)

static const struct deviation deviations[] = {
	{ "nothing", nothing, "", "" },
	{ "the leaf ends now", leaf_until_now, "", "" },
	{ "the leaf begins now", leaf_from_now, "", "" },
	{ "a leaf with an extension that nobody knows", leaf_unknown, "", "" },
	{ "a renewed root with the same key", root_renewed, "", "" },
	{ "an expired leaf", leaf_expired, "validity",
	  "Forged SGX PCK Certificate expired 2025-05-31T23:59:59Z, it is 2025-06-01T00:00:00Z" },
	{ "a leaf of tomorrow", leaf_not_yet, "validity",
	  "Forged SGX PCK Certificate is valid from 2025-06-01T00:00:01Z, it is 2025-06-01T00:00:00Z" },
	{ "an expired CA", ca_expired, "validity",
	  "Forged SGX PCK Platform CA expired" },
	{ "a CA of tomorrow", ca_not_yet, "validity",
	  "Forged SGX PCK Platform CA is valid from" },
	{ "an expired root", root_expired, "validity",
	  "Forged SGX Root CA expired" },
	{ "a root of tomorrow", root_not_yet, "validity",
	  "Forged SGX Root CA is valid from" },
	{ "all of them expired", all_expired, "validity", "; Forged SGX Root" },
	{ "a leaf signed with SHA-1", leaf_sha1, "pck_chain", "weak, unknown" },
	{ "a CA signed with SHA-1", ca_sha1, "pck_chain", "weak, unknown" },
	{ "a root signed with SHA-1", root_sha1, "pck_chain", "weak, unknown" },
	{ "a leaf signed with SHA-384", leaf_sha384, "pck_chain",
	  "Forged SGX PCK Certificate is not signed with ECDSA and SHA-256" },
	{ "a leaf on P-384", leaf_p384, "pck_chain",
	  "the key of Forged SGX PCK Certificate is not one of P-256" },
	{ "a leaf on P-521", leaf_p521, "pck_chain", "" },
	{ "a leaf with an RSA key", leaf_rsa, "pck_chain", "" },
	{ "a CA on P-384", ca_p384, "pck_chain",
	  "the key of Forged SGX PCK Platform CA is not one of P-256" },
	{ "a leaf whose key is not on the curve", leaf_off_curve,
	  "qe_report_signature", "" },
	{ "a CA whose key is not on the curve", ca_off_curve, "pck_chain",
	  "was not signed by its issuer's key" },
	{ "a leaf that is a CA", leaf_is_ca, "pck_chain",
	  "not for signatures over reports" },
	{ "a leaf for certificates", leaf_for_certs, "pck_chain",
	  "not for signatures over reports" },
	{ "a leaf without Intel's extension", leaf_without_pck, "pck_chain",
	  "has no SGX extension" },
	{ "a CA that is none", ca_is_none, "pck_chain",
	  "issued by one who may not issue" },
	{ "a CA without constraints", ca_without_constraints, "pck_chain",
	  "issued by one who may not issue" },
	{ "a CA for data", ca_for_data, "pck_chain",
	  "issued by one who may not issue" },
	{ "a root that is no CA", root_is_none, "pck_chain",
	  "Forged SGX PCK Platform CA was issued by one who may not" },
	{ "a root that allows no CA", root_for_leaves, "pck_chain",
	  "below more CAs than its issuer allows" },
	{ "a critical extension in the leaf", leaf_critical, "pck_chain",
	  "critical extension" },
	{ "a critical extension in the CA", ca_critical, "pck_chain",
	  "critical extension" },
	{ "a critical extension in the root", root_critical, "pck_chain",
	  "critical extension" },
	{ "an extension twice", leaf_twice, "pck_chain", "" },
	{ "a leaf of version 1", leaf_version_1, "pck_chain", "" },
	{ "two algorithms in a leaf", leaf_two_algorithms, "pck_chain", "" },
	{ "a bad signature of the leaf", leaf_signature, "pck_chain",
	  "Forged SGX PCK Certificate was not signed by its issuer's key (issuer should be Forged SGX PCK Platform CA)" },
	{ "a bad signature of the CA", ca_signature, "pck_chain",
	  "Forged SGX PCK Platform CA was not signed" },
	{ "a bad signature of the root", root_signature, "pck_chain",
	  "Forged SGX Root CA was not signed" },
	{ "a leaf signed by another", leaf_by_other, "pck_chain",
	  "Forged SGX PCK Certificate was not signed" },
	{ "a CA signed by another", ca_by_other, "pck_chain",
	  "Forged SGX PCK Platform CA was not signed" },
	{ "a root signed by another", root_by_other, "pck_chain",
	  "Forged SGX Root CA was not signed" },
	{ "a leaf signed by the root", leaf_by_root, "pck_chain",
	  "Forged SGX PCK Certificate names another issuer" },
	{ "a leaf of another issuer", leaf_of_other_name, "pck_chain",
	  "Forged SGX PCK Certificate names another issuer" },
	{ "a CA of another issuer", ca_of_other_name, "pck_chain",
	  "Forged SGX PCK Platform CA names another issuer" },
	{ "a root of another issuer", root_of_other_name, "pck_chain",
	  "Forged SGX Root CA names another issuer" },
	{ "a root of the same name with another key", root_other_key, "root",
	  "the key of Forged SGX Root CA is neither" },
};

static void each_deviation_fails_its_check(void)
{
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(deviations); i++) {
		const struct deviation *d = &deviations[i];
		const bool was_ok = tap_ok;

		tap_ok = true;
		f = forged_new(4, 2);
		d->change(&f->pki);
		forged_pki_again(f);
		/* where the leaf cannot sign reports, somebody else does */
		if (EVP_PKEY_get_bits(f->pki.leaf.key) != 256)
			f->quote.qe_signer = forge_key(FORGE_P256, 2);
		forged_fails(f, d->failed, d->part);
		if (!tap_ok)
			printf("# that was: %s\n", d->what);
		CHECK_EQ(*d->failed ? TSM_REJECTED : TSM_ACCEPTED, f->j.judged);
		/* only whose chain is right is named */
		CHECK_EQ(!strstr(d->failed, "pck_chain") &&
			 !strstr(d->failed, "root"), f->j.is_emulated);
		forged_free(f);
		tap_ok &= was_ok;
	}
}

static void without_the_root_nothing_is_trusted(void)
{
	struct forged *f = forged_new(5, 3);

	tsm_verifier_free(f->v);
	f->v = verifier_at(FORGE_NOW, TSM_VERIFY_ALLOW_EMULATED);
	forged_fails(f, "root", "neither that of Intel's root nor");
	CHECK(!f->j.is_emulated && !f->j.signer[0]);
	/* given beside the quote it is a candidate, not a root */
	forged_add(f, &f->pki.root_der, tsm_verifier_add_certs);
	forged_fails(f, "root", "neither that of Intel's root nor");
	/* and what is not self-signed is never one */
	CHECK_EQ(0, tsm_verifier_add_roots(f->v, f->pki.ca_der.p,
					   f->pki.ca_der.len,
					   &(size_t){ 0 }, NULL));
	forged_fails(f, "root", "neither that of Intel's root nor");
	forged_free(f);
}

static void what_is_emulated_says_so(void)
{
	struct forged *f = forged_new(5, 3);

	forged_passes(f);
	CHECK(f->j.is_emulated);
	tsm_verifier_set_flags(f->v, 0);
	forged_fails(f, "", "");
	CHECK_EQ(TSM_EMULATED, f->j.judged);
	CHECK(strstr(check_of(&f->j, "root")->reason, "not Intel's"));
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&f->j, "qe")->verdict);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&f->j, "td_module")->verdict);
	forged_free(f);
}

/* Lists anew, given as --crl would. */
static void give_lists(struct forged *f)
{
	tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED |
				     TSM_VERIFY_NEED_CRLS);
	forge_intel_make(&f->pki);
	forged_add(f, &f->pki.root_crl_der, tsm_verifier_add_crls);
	forged_add(f, &f->pki.ca_crl_der, tsm_verifier_add_crls);
}

static void revoke(struct forge_crl *crl, uint8_t serial)
{
	crl->revoked[crl->count++] = serial;
}

CHANGE(leaf_revoked, revoke(&pki->ca_crl, pki->leaf.serial))
CHANGE(others_revoked, revoke(&pki->ca_crl, pki->leaf.serial - 1);
       revoke(&pki->ca_crl, pki->leaf.serial + 1);
       revoke(&pki->root_crl, pki->leaf.serial);
       revoke(&pki->ca_crl, pki->ca.serial))
CHANGE(ca_revoked, revoke(&pki->root_crl, pki->ca.serial))
CHANGE(list_until_now, pki->ca_crl.until = FORGE_NOW)
CHANGE(list_stale, pki->ca_crl.until = FORGE_NOW - 1)
CHANGE(list_of_tomorrow, pki->ca_crl.from = FORGE_NOW + 1)
CHANGE(list_for_ever, pki->ca_crl.until = INT64_MIN)
CHANGE(root_list_stale, pki->root_crl.until = FORGE_NOW - 1)
CHANGE(list_by_other, pki->ca_crl.signer = forge_key(FORGE_P256, 5))
CHANGE(list_by_root, pki->ca_crl.signer = pki->root.key)
CHANGE(list_sha1, pki->ca_crl.how = FORGE_ECDSA_SHA1)
CHANGE(list_delta, pki->ca_crl.is_delta = true)
CHANGE(list_of_nobody, pki->ca_crl.issuer = "Another CA")
CHANGE(stale_and_revoked, list_stale(pki); leaf_revoked(pki))

static const struct deviation lists[] = {
	{ "lists without it", nothing, "", "" },
	{ "a list that ends now", list_until_now, "", "" },
	{ "others in the lists", others_revoked, "", "" },
	{ "the leaf revoked", leaf_revoked, "revocation",
	  "Forged SGX PCK Certificate is revoked by Forged SGX PCK Platform CA" },
	{ "the CA revoked", ca_revoked, "revocation",
	  "Forged SGX PCK Platform CA is revoked by Forged SGX Root CA" },
	{ "a stale list", list_stale, "revocation",
	  "no list of Forged SGX PCK Platform CA is current at 2025-06-01T00:00:00Z" },
	{ "a list of tomorrow", list_of_tomorrow, "revocation",
	  "is current at" },
	{ "a list without an end", list_for_ever, "revocation",
	  "Forged SGX PCK Platform CA" },
	{ "a stale list of the root", root_list_stale, "revocation",
	  "no list of Forged SGX Root CA is current" },
	{ "a list of another key", list_by_other, "revocation",
	  "the list of Forged SGX PCK Platform CA is not signed by it" },
	{ "a list signed by the root", list_by_root, "revocation",
	  "is not signed by it" },
	{ "a list signed with SHA-1", list_sha1, "revocation", "" },
	{ "a delta list", list_delta, "revocation", "not to be understood" },
	{ "no list of the CA", list_of_nobody, "revocation",
	  "there is no list of Forged SGX PCK Platform CA" },
	{ "a stale list that has the leaf", stale_and_revoked, "revocation",
	  "Forged SGX PCK Certificate is revoked" },
};

static void lists_say_who_is_revoked(void)
{
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(lists); i++) {
		const bool was_ok = tap_ok;

		tap_ok = true;
		f = forged_new(4, 2);
		lists[i].change(&f->pki);
		give_lists(f);
		forged_fails(f, lists[i].failed, lists[i].part);
		if (!tap_ok)
			printf("# that was: %s\n", lists[i].what);
		forged_free(f);
		tap_ok &= was_ok;
	}
}

static void lists_are_needed_once_asked_for(void)
{
	struct forged *f = forged_new(4, 2);

	forged_passes(f);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&f->j, "revocation")->verdict);
	tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED |
				     TSM_VERIFY_NEED_CRLS);
	forged_fails(f, "revocation", "there is no list of Forged SGX PCK");
	give_lists(f);
	forged_passes(f);
	CHECK_EQ(TSM_CHECK_PASS, check_of(&f->j, "revocation")->verdict);
	forged_free(f);

	/* which is the flag alone, not that there is one */
	f = forged_new(4, 2);
	forged_add(f, &f->pki.root_crl_der, tsm_verifier_add_crls);
	forged_passes(f);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&f->j, "revocation")->verdict);
	forged_free(f);
}

/* Beside certificates a list is not asked for, but what it says counts. */
static void a_list_that_came_along_is_heard(void)
{
	struct forged *f = forged_new(4, 2);

	ca_revoked(&f->pki);
	forge_intel_make(&f->pki);
	forged_add(f, &f->pki.root_crl_der, tsm_verifier_add_certs);
	forged_fails(f, "revocation", "Forged SGX PCK Platform CA is revoked");
	forged_free(f);

	/* one that is current and does not have it is half of what is needed */
	f = forged_new(4, 2);
	forged_add(f, &f->pki.ca_crl_der, tsm_verifier_add_certs);
	forged_passes(f);
	CHECK_EQ(TSM_CHECK_SKIPPED, check_of(&f->j, "revocation")->verdict);
	forged_free(f);
}

/* With the chain and both lists beside the quote, as the host may give them.
 * @is_whole: the chain is in the quote, too */
static void judge_beside(struct forged *f, bool is_whole, unsigned int flags)
{
	struct bytes all = f->quote.chain;
	struct tsm_blob beside;

	forge_intel_make(&f->pki);
	all.len--;	/* the NUL */
	forge_pem(&all, "X509 CRL", &f->pki.root_crl_der);
	forge_pem(&all, "X509 CRL", &f->pki.ca_crl_der);
	beside = (struct tsm_blob){ all.p, all.len };
	all.len = f->quote.chain.len;
	if (!is_whole)
		f->quote.chain.len = 0;
	forge_quote(&f->bytes, &f->quote);
	f->quote.chain.len = all.len;
	tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED | flags);
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &beside, &f->j,
			       NULL));
}

/* The host chose them: they may say that somebody is revoked, not that he is not. */
static void lists_beside_the_quote_only_revoke(void)
{
	struct forged *f;
	int whole;

	for (whole = 0; whole < 2; whole++) {
		f = forged_new(4, 2);
		judge_beside(f, whole, 0);
		check_failed(&f->j, "", "");
		CHECK_EQ(TSM_CHECK_PASS,
			 check_of(&f->j, "revocation")->verdict);
		forged_free(f);

		f = forged_new(4, 2);
		judge_beside(f, whole, TSM_VERIFY_NEED_CRLS);
		check_failed(&f->j, "revocation",
			     "there is no list of Forged SGX PCK Platform CA");
		forged_free(f);

		f = forged_new(4, 2);
		leaf_revoked(&f->pki);
		judge_beside(f, whole, 0);
		check_failed(&f->j, "revocation",
			     "Forged SGX PCK Certificate is revoked");
		judge_beside(f, whole, TSM_VERIFY_NEED_CRLS);
		check_failed(&f->j, "revocation",
			     "Forged SGX PCK Certificate is revoked");
		forged_free(f);
	}
}

static void garbage_beside_a_whole_quote_is_none(void)
{
	static const char garbage[] = "-----BEGIN CERTIFICATE-----\n?";
	struct tsm_blob beside = { (const uint8_t *)garbage, sizeof(garbage) };
	struct forged *f = forged_new(4, 2);

	forge_quote(&f->bytes, &f->quote);
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &beside, &f->j,
			       NULL));
	check_failed(&f->j, "", "");
	CHECK_EQ(TSM_ACCEPTED, f->j.judged);
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "each deviation of a certificate fails its check and no other",
	  each_deviation_fails_its_check },
	{ "without the root nothing is trusted",
	  without_the_root_nothing_is_trusted },
	{ "what is emulated says so", what_is_emulated_says_so },
	{ "lists say who is revoked, as long as they are good",
	  lists_say_who_is_revoked },
	{ "lists are needed once they were asked for",
	  lists_are_needed_once_asked_for },
	{ "a list that came along is heard", a_list_that_came_along_is_heard },
	{ "lists beside the quote revoke, and vouch for nobody",
	  lists_beside_the_quote_only_revoke },
	{ "garbage beside a quote that has all is none",
	  garbage_beside_a_whole_quote_is_none },
};

TAP_MAIN(tests)
