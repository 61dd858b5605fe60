// SPDX-License-Identifier: MIT
/* tools/lib/chain.c: who issued what, and what was revoked. */
#include "../../tools/lib/chain.h"
#include "forge.h"
#include "tap.h"

#include <errno.h>

/* One certificate and its issuer, as they are to be judged. */
struct pair {
	struct forge_cert cert;
	struct forge_cert issuer;
	unsigned int below;
};

static struct tsm_crypto *crypto;

static void init_pair(struct pair *pair)
{
	static struct forge_intel pki;

	if (!crypto && tsm_crypto_new(&crypto))
		abort();
	forge_intel_init(&pki);
	pair->cert = pki.leaf;
	pair->issuer = pki.ca;
	pair->below = 0;
}

static void make(const struct forge_cert *spec, struct bytes *der,
		 struct x509 *cert)
{
	struct tsm_error err = { "" };

	forge_cert(der, spec);
	if (!CHECK_EQ(0, x509_parse(der->p, der->len, cert, &err)))
		printf("# %s\n", err.text);
}

static enum chain_fault fault_of(const struct pair *pair)
{
	enum chain_fault fault = CHAIN_FINE;
	struct bytes cert_der, issuer_der;
	struct x509 cert, issuer;

	make(&pair->cert, &cert_der, &cert);
	make(&pair->issuer, &issuer_der, &issuer);
	CHECK_EQ(0, chain_link(crypto, &cert, &issuer, pair->below, &fault));
	return fault;
}

static void an_honest_link_is_fine(void)
{
	struct pair pair;

	init_pair(&pair);
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
	pair.cert.deviations = FORGE_UNKNOWN;
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
	pair.issuer.deviations = FORGE_NO_USAGE;
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
}

static void links_of_amd_are_fine(void)
{
	static const char *const products[] = { "Milan", "Genoa", "Turin" };
	static struct forge_amd pki;
	struct pair pair;
	size_t i;

	init_pair(&pair);
	for (i = 0; i < FORGE_COUNT(products); i++) {
		forge_amd_init(&pki, products[i]);
		pair = (struct pair){ pki.vcek, pki.ask, 0 };
		CHECK_EQ(CHAIN_FINE, fault_of(&pair));
		pair = (struct pair){ pki.vlek, pki.asvk, 0 };
		CHECK_EQ(CHAIN_FINE, fault_of(&pair));
		pair = (struct pair){ pki.ask, pki.ark, 0 };
		CHECK_EQ(CHAIN_FINE, fault_of(&pair));
		pair = (struct pair){ pki.ark, pki.ark, 1 };
		CHECK_EQ(CHAIN_FINE, fault_of(&pair));
		/* a VCEK of an ASVK */
		pair = (struct pair){ pki.vcek, pki.asvk, 0 };
		CHECK_EQ(CHAIN_NAME, fault_of(&pair));
		pair.cert.issuer = pki.asvk.subject;
		CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
	}
}

static void another_name_is_noticed(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.cert.issuer = "Forged SGX PCK Platform C";
	CHECK_EQ(CHAIN_NAME, fault_of(&pair));
	pair.cert.issuer = "forged sgx pck platform ca";
	CHECK_EQ(CHAIN_NAME, fault_of(&pair));
}

static void the_same_name_of_another_key_is_noticed(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.issuer.key = forge_key(FORGE_P256, 7);
	CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
	pair.issuer.key = forge_key(FORGE_P384, 7);
	CHECK_EQ(CHAIN_ALGORITHM, fault_of(&pair));
}

static void who_is_no_ca_cannot_issue(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.issuer.ca = false;
	pair.issuer.path_len = -1;
	CHECK_EQ(CHAIN_NOT_CA, fault_of(&pair));
	init_pair(&pair);
	pair.issuer.deviations = FORGE_NO_CONSTRAINTS;
	CHECK_EQ(CHAIN_NOT_CA, fault_of(&pair));
	init_pair(&pair);
	pair.issuer.usage = FORGE_DIGITAL_SIGNATURE | FORGE_CRL_SIGN;
	CHECK_EQ(CHAIN_NOT_CA, fault_of(&pair));
}

static void a_path_may_be_as_long_as_its_cas_allow(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.below = 1;
	CHECK_EQ(CHAIN_PATH_LEN, fault_of(&pair));
	pair.issuer.path_len = 1;
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
	pair.below = 2;
	CHECK_EQ(CHAIN_PATH_LEN, fault_of(&pair));
	pair.issuer.path_len = -1;
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
}

static void a_leaf_that_is_a_ca_counts(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.cert.ca = true;
	CHECK_EQ(CHAIN_PATH_LEN, fault_of(&pair));
	pair.issuer.path_len = 1;
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
}

static void a_root_does_not_count_for_itself(void)
{
	static struct forge_intel pki;
	struct pair pair;

	init_pair(&pair);
	forge_intel_init(&pki);
	pair = (struct pair){ pki.root, pki.root, 1 };
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
	pair.below = 2;
	CHECK_EQ(CHAIN_PATH_LEN, fault_of(&pair));
	pair = (struct pair){ pki.ca, pki.root, 0 };
	CHECK_EQ(CHAIN_FINE, fault_of(&pair));
	pair.issuer.path_len = 0;
	CHECK_EQ(CHAIN_PATH_LEN, fault_of(&pair));
}

static void critical_extensions_must_be_understood(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.cert.deviations = FORGE_UNKNOWN_CRITICAL;
	CHECK_EQ(CHAIN_CRITICAL, fault_of(&pair));
	init_pair(&pair);
	pair.issuer.deviations = FORGE_UNKNOWN_CRITICAL;
	CHECK_EQ(CHAIN_CRITICAL, fault_of(&pair));
}

static void weak_algorithms_are_refused(void)
{
	static const enum forge_signature ecdsa[] = { FORGE_ECDSA_SHA1,
						      FORGE_ECDSA_SHA384 };
	static const enum forge_signature rsa[] = {
		FORGE_PSS_SHA256, FORGE_PSS_SALT32, FORGE_RSA_PKCS1,
	};
	struct pair pair;
	size_t i;

	for (i = 0; i < FORGE_COUNT(ecdsa); i++) {
		init_pair(&pair);
		pair.cert.how = ecdsa[i];
		CHECK_EQ(CHAIN_ALGORITHM, fault_of(&pair));
	}
	for (i = 0; i < FORGE_COUNT(rsa); i++) {
		init_pair(&pair);
		pair.issuer.key = pair.cert.signer = forge_key(FORGE_RSA, 0);
		CHECK_EQ(CHAIN_FINE, fault_of(&pair));
		pair.cert.how = rsa[i];
		CHECK_EQ(CHAIN_ALGORITHM, fault_of(&pair));
	}
}

static void weak_keys_are_refused(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.issuer.key = pair.cert.signer = forge_key(FORGE_RSA_WEAK, 0);
	CHECK_EQ(CHAIN_ALGORITHM, fault_of(&pair));
	init_pair(&pair);
	pair.issuer.key = forge_key(FORGE_P521, 0);
	CHECK_EQ(CHAIN_ALGORITHM, fault_of(&pair));
}

static void a_spoilt_signature_is_noticed(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.cert.deviations = FORGE_BAD_SIGNATURE;
	CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
	pair.issuer.key = pair.cert.signer = forge_key(FORGE_RSA, 0);
	CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
}

static void a_key_off_its_curve_verifies_nothing(void)
{
	struct pair pair;

	init_pair(&pair);
	pair.issuer.deviations = FORGE_OFF_CURVE;
	CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
	pair.issuer.key = pair.cert.signer = forge_key(FORGE_P384, 0);
	CHECK_EQ(CHAIN_SIGNATURE, fault_of(&pair));
}

static void each_fault_has_its_sentence(void)
{
	int a, b;

	for (a = CHAIN_FINE; a <= CHAIN_SIGNATURE; a++) {
		CHECK(*chain_fault_text((enum chain_fault)a));
		for (b = CHAIN_FINE; b < a; b++)
			CHECK(strcmp(chain_fault_text((enum chain_fault)a),
				     chain_fault_text((enum chain_fault)b)));
	}
}

static void validity_has_both_its_ends(void)
{
	struct x509 cert = { .not_before = 100, .not_after = 200 };

	CHECK_EQ(CHAIN_NOT_YET, chain_time(&cert, INT64_MIN));
	CHECK_EQ(CHAIN_NOT_YET, chain_time(&cert, 99));
	CHECK_EQ(CHAIN_VALID, chain_time(&cert, 100));
	CHECK_EQ(CHAIN_VALID, chain_time(&cert, 200));
	CHECK_EQ(CHAIN_EXPIRED, chain_time(&cert, 201));
	CHECK_EQ(CHAIN_EXPIRED, chain_time(&cert, INT64_MAX));
	cert.not_after = INT64_MAX;
	CHECK_EQ(CHAIN_VALID, chain_time(&cert, INT64_MAX));
}

/* All that Intel's PKI has, in one pool; and what is to be looked up. */
struct lists {
	struct forge_intel pki;
	struct cert_pool pool;
	struct x509 leaf;
	struct x509 ca;
};

static struct lists lists;

static void add(struct cert_pool *pool, const struct bytes *der)
{
	struct tsm_error err = { "" };
	size_t added;

	if (!CHECK_EQ(0, cert_pool_add(pool, der->p, der->len, &added, &err)))
		printf("# %s\n", err.text);
	CHECK_EQ(1, added);
}

static void init_lists(void)
{
	struct pair pair;

	init_pair(&pair);
	cert_pool_clear(&lists.pool);
	forge_intel_init(&lists.pki);
}

static enum crl_state look(int64_t at)
{
	enum crl_state state = CRL_NONE;

	make(&lists.pki.leaf, &lists.pki.leaf_der, &lists.leaf);
	make(&lists.pki.ca, &lists.pki.ca_der, &lists.ca);
	CHECK_EQ(0, crl_look(crypto, &lists.pool, &lists.leaf, &lists.ca, at,
			     &state));
	return state;
}

static void add_list(void)
{
	forge_crl(&lists.pki.ca_crl_der, &lists.pki.ca_crl);
	add(&lists.pool, &lists.pki.ca_crl_der);
}

static void an_issuer_is_found_by_name_and_signature(void)
{
	const struct x509 *issuer = NULL;
	struct forge_cert impostor;
	struct bytes der;

	init_lists();
	impostor = lists.pki.ca;
	impostor.key = forge_key(FORGE_P256, 7);
	forge_cert(&der, &impostor);
	forge_intel_make(&lists.pki);
	look(FORGE_NOW);
	add(&lists.pool, &lists.pki.root_der);
	add(&lists.pool, &der);
	CHECK_EQ(0, chain_issuer(crypto, &lists.pool, &lists.leaf, &issuer));
	CHECK(!issuer);
	add(&lists.pool, &lists.pki.ca_der);
	CHECK_EQ(0, chain_issuer(crypto, &lists.pool, &lists.leaf, &issuer));
	CHECK(issuer == lists.pool.cert[2]);
	CHECK_EQ(0, chain_issuer(crypto, &lists.pool, &lists.ca, &issuer));
	CHECK(issuer == lists.pool.cert[0]);
	CHECK_EQ(0, chain_issuer(crypto, &lists.pool, lists.pool.cert[0],
				 &issuer));
	CHECK(issuer == lists.pool.cert[0]);
	cert_pool_clear(&lists.pool);
	CHECK_EQ(0, chain_issuer(crypto, &lists.pool, &lists.leaf, &issuer));
	CHECK(!issuer);
}

static void a_current_list_clears_or_revokes(void)
{
	init_lists();
	CHECK_EQ(CRL_NONE, look(FORGE_NOW));
	add_list();
	CHECK_EQ(CRL_CLEAR, look(FORGE_NOW));
	init_lists();
	lists.pki.ca_crl.revoked[0] = 0;
	lists.pki.ca_crl.revoked[1] = 127;
	lists.pki.ca_crl.revoked[2] = lists.pki.leaf.serial;
	lists.pki.ca_crl.count = 2;
	add_list();
	CHECK_EQ(CRL_CLEAR, look(FORGE_NOW));
	lists.pki.ca_crl.count = 3;
	add_list();
	CHECK_EQ(CRL_REVOKED, look(FORGE_NOW));
}

static void a_list_of_amd_revokes_an_ask(void)
{
	static struct forge_amd pki;
	struct bytes ask_der, ark_der;
	enum crl_state state;
	struct x509 ask, ark;

	init_lists();
	forge_amd_init(&pki, "Milan");
	make(&pki.ask, &ask_der, &ask);
	make(&pki.ark, &ark_der, &ark);
	forge_crl(&pki.crl_der, &pki.crl);
	add(&lists.pool, &pki.crl_der);
	CHECK_EQ(0, crl_look(crypto, &lists.pool, &ask, &ark, FORGE_NOW,
			     &state));
	CHECK_EQ(CRL_CLEAR, state);
	pki.crl.is_version1 = true;
	pki.crl.revoked[0] = pki.ask.serial;
	pki.crl.count = 1;
	forge_crl(&pki.crl_der, &pki.crl);
	add(&lists.pool, &pki.crl_der);
	CHECK_EQ(0, crl_look(crypto, &lists.pool, &ask, &ark, FORGE_NOW,
			     &state));
	CHECK_EQ(CRL_REVOKED, state);
}

static void a_list_counts_in_its_time(void)
{
	init_lists();
	add_list();
	CHECK_EQ(CRL_STALE, look(FORGE_LIST_FROM - 1));
	CHECK_EQ(CRL_CLEAR, look(FORGE_LIST_FROM));
	CHECK_EQ(CRL_CLEAR, look(FORGE_LIST_UNTIL));
	CHECK_EQ(CRL_STALE, look(FORGE_LIST_UNTIL + 1));
	init_lists();
	lists.pki.ca_crl.until = INT64_MIN;
	add_list();
	CHECK_EQ(CRL_STALE, look(FORGE_NOW));
}

static void what_a_stale_list_has_stays_revoked(void)
{
	init_lists();
	add_list();
	lists.pki.ca_crl.until = FORGE_LIST_FROM + 1;
	lists.pki.ca_crl.revoked[0] = lists.pki.leaf.serial;
	lists.pki.ca_crl.count = 1;
	add_list();
	CHECK_EQ(CRL_REVOKED, look(FORGE_NOW));
}

static void forged_lists_say_nothing(void)
{
	init_lists();
	lists.pki.ca_crl.signer = forge_key(FORGE_P256, 7);
	lists.pki.ca_crl.revoked[0] = lists.pki.leaf.serial;
	lists.pki.ca_crl.count = 1;
	add_list();
	CHECK_EQ(CRL_BAD, look(FORGE_NOW));
	lists.pki.ca_crl.signer = lists.pki.ca.key;
	lists.pki.ca_crl.how = FORGE_ECDSA_SHA1;
	add_list();
	CHECK_EQ(CRL_BAD, look(FORGE_NOW));
	/* an authentic one beside them counts */
	lists.pki.ca_crl.how = FORGE_AS_KEY;
	lists.pki.ca_crl.count = 0;
	add_list();
	CHECK_EQ(CRL_CLEAR, look(FORGE_NOW));
}

static void a_delta_does_not_clear(void)
{
	init_lists();
	lists.pki.ca_crl.is_delta = true;
	add_list();
	CHECK_EQ(CRL_BAD, look(FORGE_NOW));
}

static void who_may_not_sign_lists_clears_nothing(void)
{
	init_lists();
	lists.pki.ca.usage = FORGE_CERT_SIGN;
	add_list();
	CHECK_EQ(CRL_BAD, look(FORGE_NOW));
}

static void a_list_of_another_issuer_is_passed_over(void)
{
	init_lists();
	forge_crl(&lists.pki.root_crl_der, &lists.pki.root_crl);
	add(&lists.pool, &lists.pki.root_crl_der);
	CHECK_EQ(CRL_NONE, look(FORGE_NOW));
	cert_pool_clear(&lists.pool);
	tsm_crypto_free(crypto);
}

static const struct tap_test tests[] = {
	{ "an honest link is fine", an_honest_link_is_fine },
	{ "links of AMD are fine", links_of_amd_are_fine },
	{ "another name is noticed", another_name_is_noticed },
	{ "the same name of another key is noticed",
	  the_same_name_of_another_key_is_noticed },
	{ "who is no CA cannot issue", who_is_no_ca_cannot_issue },
	{ "a path may be as long as its CAs allow",
	  a_path_may_be_as_long_as_its_cas_allow },
	{ "a leaf that is a CA counts", a_leaf_that_is_a_ca_counts },
	{ "a root does not count for itself", a_root_does_not_count_for_itself },
	{ "critical extensions must be understood",
	  critical_extensions_must_be_understood },
	{ "weak algorithms are refused", weak_algorithms_are_refused },
	{ "weak keys are refused", weak_keys_are_refused },
	{ "a spoilt signature is noticed", a_spoilt_signature_is_noticed },
	{ "a key off its curve verifies nothing",
	  a_key_off_its_curve_verifies_nothing },
	{ "each fault has its sentence", each_fault_has_its_sentence },
	{ "validity has both its ends", validity_has_both_its_ends },
	{ "an issuer is found by name and signature",
	  an_issuer_is_found_by_name_and_signature },
	{ "a current list clears or revokes", a_current_list_clears_or_revokes },
	{ "a list of AMD revokes an ASK", a_list_of_amd_revokes_an_ask },
	{ "a list counts in its time", a_list_counts_in_its_time },
	{ "what a stale list has stays revoked",
	  what_a_stale_list_has_stays_revoked },
	{ "forged lists say nothing", forged_lists_say_nothing },
	{ "a delta does not clear", a_delta_does_not_clear },
	{ "who may not sign lists clears nothing",
	  who_may_not_sign_lists_clears_nothing },
	{ "a list of another issuer is passed over",
	  a_list_of_another_issuer_is_passed_over },
};

TAP_MAIN(tests)
