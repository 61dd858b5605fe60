// SPDX-License-Identifier: MIT
/* No changed byte of a signed document, nor of what certifies it, is accepted. */
#include "forged_collateral.h"

/* Whether, with these bytes, all three checks still pass. */
static bool still_passes(struct forged *f, const void *info, size_t info_len,
			 const void *chain, size_t chain_len)
{
	struct tcb_result result;
	size_t added;
	bool passed;

	memset(&result, 0, sizeof(result));
	if (offer(f, chain, chain_len, &added) ||
	    offer(f, info, info_len, &added) ||
	    collateral_judge(&f->col, &f->platform, &f->judge, &result))
		CHECK_EQ(0, result.status);
	passed = result.tcb_info == TSM_CHECK_PASS;
	CHECK(passed || result.status == TSM_TCB_UNKNOWN);
	collateral_clear(&f->col);
	return passed;
}

static struct text info, response;

static struct forged *prepared(void)
{
	struct forged *f = forged_new();

	add_chain(f);
	collateral_clear(&f->col);
	info.len = response.len = 0;
	say_info(&info, &f->info);
	say_response(&response, "tcbInfo", info.s, f->pki.tcb_signing.key);
	CHECK(still_passes(f, response.s, response.len, f->pki.tcb_signing_der.p,
			   f->pki.tcb_signing_der.len));
	return f;
}

/* Hex digits of the signature may be of either case; nothing else is free. */
static bool is_free(size_t at, int bit)
{
	size_t digits = response.len - strlen("\"}") - 128;

	return bit == 5 && at >= digits && at < digits + 128 &&
	       (response.s[at] | 0x20) >= 'a' && (response.s[at] | 0x20) <= 'f';
}

static void no_bit_of_a_document_may_change(void)
{
	struct forged *f = prepared();
	size_t i;
	int bit;

	for (i = 0; i < response.len; i++) {
		/* each byte, in turn another bit; near the edges all of them */
		for (bit = 0; bit < 8; bit++) {
			if (bit != (int)(i % 8) && i > 40 &&
			    i < response.len - 150)
				continue;
			response.s[i] ^= (char)(1 << bit);
			if (!CHECK_EQ(is_free(i, bit),
				      still_passes(f, response.s, response.len,
						   f->pki.tcb_signing_der.p,
						   f->pki.tcb_signing_der.len)))
				printf("# byte %zu, bit %d\n", i, bit);
			response.s[i] ^= (char)(1 << bit);
		}
	}
	forged_free(f);
}

static void no_byte_may_go_or_come(void)
{
	struct forged *f = prepared();
	static struct text other;
	size_t i, len = strlen("{\"tcbInfo\":");

	/* within the document, each byte left out, and each doubled */
	for (i = len; i < len + info.len; i++) {
		other.len = 0;
		say(&other, "%.*s%s", (int)i, response.s, response.s + i + 1);
		CHECK(!still_passes(f, other.s, other.len,
				    f->pki.tcb_signing_der.p,
				    f->pki.tcb_signing_der.len));
		other.len = 0;
		say(&other, "%.*s%c%s", (int)i, response.s, response.s[i],
		    response.s + i);
		CHECK(!still_passes(f, other.s, other.len,
				    f->pki.tcb_signing_der.p,
				    f->pki.tcb_signing_der.len));
	}
	/* truncated anywhere */
	for (i = 0; i < response.len; i++)
		CHECK(!still_passes(f, response.s, i, f->pki.tcb_signing_der.p,
				    f->pki.tcb_signing_der.len));
	forged_free(f);
}

static void no_bit_of_the_certificate_may_change(void)
{
	struct forged *f = prepared();
	struct bytes *der = &f->pki.tcb_signing_der;
	size_t i;

	for (i = 0; i < 8 * der->len; i++) {
		der->p[i / 8] ^= (uint8_t)(1 << i % 8);
		if (!CHECK(!still_passes(f, response.s, response.len, der->p,
					 der->len)))
			printf("# byte %zu, bit %zu\n", i / 8, i % 8);
		der->p[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "no bit of a signed document may change",
	  no_bit_of_a_document_may_change },
	{ "no byte of one may go or come", no_byte_may_go_or_come },
	{ "no bit of the signer's certificate may change",
	  no_bit_of_the_certificate_may_change },
};

TAP_MAIN(tests)
