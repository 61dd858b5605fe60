// SPDX-License-Identifier: MIT
/* What of a quote can be changed unseen whose chain is given beside it. */
#include "flip_tdx.h"

static void each_bit_of_a_quote_without_chain(void)
{
	struct subject s = { .is_chain_given = true };
	size_t free_bits;

	if (!have_data())
		return;
	s.quote = load(INTEL "quote.dat");
	s.v = verifier_at(1672531200, TSM_VERIFY_ALLOW_EMULATED);
	give(s.v, INTEL "pckCert.pem", tsm_verifier_add_certs);
	give(s.v, INTEL "pckSignChain.pem", tsm_verifier_add_certs);
	give(s.v, INTEL "trustedRootCaCert.pem", tsm_verifier_add_roots);
	CHECK_EQ(0, tsm_quote_parse(s.quote.p, s.quote.len, &s.parsed, NULL));
	free_bits = flip_quote_bits(&s, INTEL "quote.dat", NULL);
	CHECK_EQ(8 * (s.parsed.certs.len + 2), free_bits);
	close_subject(&s);
}

static const struct tap_test tests[] = {
	{ "a chain given beside a quote leaves only its own certificates uncovered",
	  each_bit_of_a_quote_without_chain },
};

TAP_MAIN(tests)
