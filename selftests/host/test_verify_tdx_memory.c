// SPDX-License-Identifier: MIT
/*
 * Without memory there is no judgement: each allocation of the library and of
 * OpenSSL fails once, and all from each one on, and the result is -ENOMEM or what
 * it always is. Nothing that lacked memory may be taken for evidence that is bad,
 * nor for such that is good.
 */
#include "forged_tdx.h"
#include "lack_memory.h"

#include <errno.h>
#include <openssl/crypto.h>

/**
 * struct outcome - how often what came of it
 * @denied: -ENOMEM
 * @as_ever: the usual judgement, for the memory was not needed
 */
struct outcome {
	unsigned int denied;
	unsigned int as_ever;
};

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	while (len && !*bytes) {
		bytes++;
		len--;
	}
	return !len;
}

/* What comes with the quote. */
static struct tsm_blob came;

static void fail_at(struct forged *f, const struct tsm_judgement *usual,
		    long at, struct outcome *outcome)
{
	struct tsm_judgement j;
	struct tsm_error err = { "" };
	int ret;

	memset(&j, 0x55, sizeof(j));
	until_failure = at;
	ret = tsm_verify(f->v, f->bytes.p, f->bytes.len, &came, &j, &err);
	until_failure = -1;
	CHECK_EQ(0, ERR_peek_error());
	if (ret) {
		outcome->denied++;
		CHECK_EQ(-ENOMEM, ret);
		CHECK(is_zero(&j, sizeof(j)));
		CHECK(strstr(err.text, "memory"));
		return;
	}
	outcome->as_ever++;
	if (!CHECK(!memcmp(&j, usual, sizeof(j)))) {
		printf("# allocation %ld\n", at);
		show_judgement(&j);
	}
}

static void fail_everywhere(struct forged *f)
{
	struct outcome outcome = { 0, 0 };
	struct tsm_judgement usual;
	long at, total;

	if (!f->made)
		forge_quote(&f->bytes, &f->quote);
	/* what is made once in a process is made now */
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &came, &usual,
			       NULL));
	calls = 0;
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &came, &usual,
			       NULL));
	total = calls;
	for (at = 0; at < total; at++) {
		all_fail = false;
		fail_at(f, &usual, at, &outcome);
		all_fail = true;
		fail_at(f, &usual, at, &outcome);
	}
	printf("# %ld allocations: %u times -ENOMEM, %u times as ever\n",
	       total, outcome.denied, outcome.as_ever);
	CHECK(total && outcome.denied);
}

static void good_quotes(void)
{
	struct forged *f = forged_new(5, 3);

	fail_everywhere(f);
	forged_free(f);
}

static void bad_quotes(void)
{
	struct forged *f = forged_new(4, 2);

	f->quote.signer = forge_key(FORGE_P256, 5);
	f->quote.qe_signer = forge_key(FORGE_P256, 6);
	f->quote.bind = false;
	fail_everywhere(f);
	forged_free(f);
}

static void keys_off_the_curve(void)
{
	struct forged *f = forged_new(4, 2);

	f->pki.leaf.deviations = f->pki.ca.deviations = FORGE_OFF_CURVE;
	forged_pki_again(f);
	fail_everywhere(f);
	forged_free(f);
}

static void numbers_out_of_range(void)
{
	static const uint8_t ones[64] = { [0 ... 63] = 0xff };
	struct forged *f = forged_new(4, 2);

	f->quote.signature = f->quote.qe_signature = ones;
	fail_everywhere(f);
	forged_free(f);
}

static void quotes_with_lists(void)
{
	struct forged *f = forged_new(5, 4);

	forged_add(f, &f->pki.root_crl_der, tsm_verifier_add_crls);
	forged_add(f, &f->pki.ca_crl_der, tsm_verifier_add_crls);
	fail_everywhere(f);
	forged_free(f);
}

static void quotes_whose_chain_is_elsewhere(void)
{
	struct forged *f = forged_new(4, 2);

	f->quote.chain.len = 0;
	forged_add(f, &f->pki.leaf_der, tsm_verifier_add_certs);
	forged_add(f, &f->pki.ca_der, tsm_verifier_add_certs);
	fail_everywhere(f);
	forged_free(f);
}

static void quotes_whose_chain_comes_along(void)
{
	struct forged *f = forged_new(4, 2);
	const struct bytes chain = f->quote.chain;

	came = (struct tsm_blob){ chain.p, chain.len - 1 };
	f->quote.chain.len = 0;
	fail_everywhere(f);
	came = (struct tsm_blob){ NULL, 0 };
	forged_free(f);
}

static void quotes_judged_by_collateral(void)
{
	const struct real_quote *real = &real_quotes[0];
	struct forged *f;
	struct loaded quote;

	if (!have_data())
		return;
	f = forged_new(4, 2);
	quote = load(real->file);
	f->bytes.len = 0;
	put(&f->bytes, quote.p, quote.len);
	f->made = true;
	tsm_verifier_set_time(f->v, real->at);
	give(f->v, DCAP_QVL "tdx_quote_collateral.json",
	     tsm_verifier_add_collateral);
	fail_everywhere(f);
	free(quote.p);
	forged_free(f);
}

/* Whoever sets up a verifier is told, too, and nothing is lost. */
static void setting_up(void)
{
	struct forged *f = forged_new(4, 2);
	struct tsm_verifier *v;
	struct tsm_error err;
	unsigned int denied = 0;
	size_t added;
	long at;
	int ret;

	for (at = 0; at < 10000; at++) {
		all_fail = at % 2;
		until_failure = at / 2;
		ret = tsm_verifier_new(&v);
		if (!ret)
			ret = tsm_verifier_add_roots(v, f->pki.root_der.p,
						     f->pki.root_der.len,
						     &added, &err);
		until_failure = -1;
		if (!ret)
			CHECK_EQ(1, added);
		else
			denied += CHECK_EQ(-ENOMEM, ret);
		CHECK_EQ(0, ERR_peek_error());
		tsm_verifier_free(v);
		v = NULL;
		if (!ret && all_fail)
			break;
	}
	printf("# %u times -ENOMEM\n", denied);
	CHECK(denied && at < 10000);
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "good quotes", good_quotes },
	{ "quotes with wrong signatures", bad_quotes },
	{ "keys that are not on the curve", keys_off_the_curve },
	{ "numbers out of range", numbers_out_of_range },
	{ "quotes judged with lists", quotes_with_lists },
	{ "quotes whose chain is elsewhere", quotes_whose_chain_is_elsewhere },
	{ "quotes whose chain comes along", quotes_whose_chain_comes_along },
	{ "quotes judged by collateral", quotes_judged_by_collateral },
	{ "setting up a verifier", setting_up },
};

TAP_MAIN(tests)
