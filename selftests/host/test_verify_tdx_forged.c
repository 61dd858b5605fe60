// SPDX-License-Identifier: MIT
/* Quotes under a good chain that are wrong themselves, or only look as if. */
#include "forged_tdx.h"
#include "../../tools/lib/verify.h"

#include <openssl/bn.h>
#include <openssl/sha.h>

static const uint16_t kinds[][2] = { { 4, 2 }, { 5, 2 }, { 5, 3 }, { 5, 4 } };

/* Intel's root signs nothing for tests: this one may be taken for it. */
static bool pretend_intel;

enum root_owner __real_root_owner(const struct tsm_verifier *v,
				  const struct x509 *cert);
enum root_owner __wrap_root_owner(const struct tsm_verifier *v,
				  const struct x509 *cert);

enum root_owner __wrap_root_owner(const struct tsm_verifier *v,
				  const struct x509 *cert)
{
	const enum root_owner owner = __real_root_owner(v, cert);

	return pretend_intel && owner == ROOT_ADDED ? ROOT_INTEL : owner;
}

static unsigned int signatures;

int __real_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t parts_count, const uint8_t *signature);
int __wrap_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t parts_count, const uint8_t *signature);
int __real_tsm_crypto_signed_by(const struct tsm_crypto *crypto,
				const struct x509 *issuer,
				const struct tsm_blob *tbs,
				enum x509_signature algorithm,
				const uint8_t *signature,
				const struct tsm_blob *raw_signature);
int __wrap_tsm_crypto_signed_by(const struct tsm_crypto *crypto,
				const struct x509 *issuer,
				const struct tsm_blob *tbs,
				enum x509_signature algorithm,
				const uint8_t *signature,
				const struct tsm_blob *raw_signature);

int __wrap_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t parts_count, const uint8_t *signature)
{
	signatures++;
	return __real_tsm_crypto_ecdsa(crypto, key, point, parts, parts_count,
				       signature);
}

int __wrap_tsm_crypto_signed_by(const struct tsm_crypto *crypto,
				const struct x509 *issuer,
				const struct tsm_blob *tbs,
				enum x509_signature algorithm,
				const uint8_t *signature,
				const struct tsm_blob *raw_signature)
{
	signatures++;
	return __real_tsm_crypto_signed_by(crypto, issuer, tbs, algorithm,
					   signature, raw_signature);
}

/* They are what judging takes time for: none is checked twice. */
static void five_signatures_are_checked(void)
{
	struct forged *f = forged_new(5, 3);

	signatures = 0;
	forged_passes(f);
	CHECK_EQ(5, signatures);
	forged_free(f);
}

static void every_kind_is_accepted(void)
{
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(kinds); i++) {
		f = forged_new(kinds[i][0], kinds[i][1]);
		forged_passes(f);
		pretend_intel = true;
		forged_passes(f);
		CHECK(!f->j.is_emulated);
		CHECK(!strcmp(f->j.signer, "Intel SGX PCK"));
		pretend_intel = false;
		forged_free(f);
	}
}

/* Each byte of the body of each kind is covered. */
static void every_byte_of_every_body_is_signed(void)
{
	struct forged *f;
	uint8_t *end, *p;
	size_t i;

	for (i = 0; i < FORGE_COUNT(kinds); i++) {
		f = forged_new(kinds[i][0], kinds[i][1]);
		end = forged_make(f);
		for (p = f->bytes.p; p < end; p++) {
			*p ^= 0x10;
			forged_judge(f);
			CHECK_EQ(TSM_REJECTED, f->j.judged);
			*p ^= 0x10;
		}
		forged_passes(f);
		forged_free(f);
	}
}

/**
 * struct twist - something wrong with a quote
 * @what: it is
 * @twist: makes it so
 * @failed: the checks that fail
 * @part: of the first reason
 */
struct twist {
	const char *what;
	void (*twist)(struct forge_quote *quote);
	const char *failed;
	const char *part;
};

#define TWIST(name, statement) \
	static void name(struct forge_quote *quote) { statement; }

static const uint8_t order[32] = {
	0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
	0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
};

TWIST(other_vendor, quote->header[27] ^= 1)
TWIST(other_signer, quote->signer = forge_key(FORGE_P256, 5))
TWIST(other_attestation, quote->attestation = forge_key(FORGE_P256, 5))
TWIST(other_pck, quote->qe_signer = forge_key(FORGE_P256, 5))
TWIST(signed_by_pck, quote->signer = quote->qe_signer)
TWIST(unbound, quote->bind = false)
TWIST(second_half, quote->qe[320 + 63] = 1)
TWIST(all_wrong, other_vendor(quote); other_signer(quote); other_pck(quote);
      unbound(quote); quote->body[120] = 1)
TWIST(no_auth, quote->auth_len = 0)
TWIST(long_auth, quote->auth_len = 64)
TWIST(reserved_header, quote->header[8] = 1)
TWIST(user_data, quote->header[47] = 1)

static const struct twist twists[] = {
	{ "no authentication data", no_auth, "", "" },
	{ "64 bytes of it", long_auth, "", "" },
	{ "a reserved field that is signed", reserved_header, "", "" },
	{ "user data that are signed", user_data, "", "" },
	{ "another vendor", other_vendor, "qe_vendor",
	  "939a7233f79c4ca9940a0db3957f0606, expected 939a7233f79c4ca9940a0db3957f0607" },
	{ "signed by another key", other_signer, "quote_signature", "" },
	{ "with another key, unsigned", other_attestation, "quote_signature",
	  "the attestation key did not sign" },
	{ "signed by the PCK", signed_by_pck, "quote_signature", "" },
	{ "a QE report of another PCK", other_pck, "qe_report_signature",
	  "the key of Forged SGX PCK Certificate did not sign" },
	{ "a QE report that names no key", unbound, "attestation_key",
	  "its REPORTDATA is 00000000000000000000000000000000..." },
	{ "REPORTDATA with more behind the hash", second_half,
	  "attestation_key", "second half" },
	{ "all of it wrong", all_wrong,
	  "qe_vendor qe_report_signature attestation_key quote_signature debug",
	  "" },
};

static void each_twist_fails_its_check(void)
{
	struct forged *f;
	size_t i, kind;

	for (i = 0; i < FORGE_COUNT(twists) * FORGE_COUNT(kinds); i++) {
		const struct twist *t = &twists[i / FORGE_COUNT(kinds)];
		const bool was_ok = tap_ok;

		tap_ok = true;
		kind = i % FORGE_COUNT(kinds);
		f = forged_new(kinds[kind][0], kinds[kind][1]);
		t->twist(&f->quote);
		forged_fails(f, t->failed, t->part);
		if (!tap_ok)
			printf("# that was: %s\n", t->what);
		forged_free(f);
		tap_ok &= was_ok;
	}
}

/* Another quote of the same platform: same PCK, same QE, another key. */
static void a_qe_report_of_another_quote(void)
{
	struct forged *a = forged_new(4, 2), *b = forged_new(4, 2);
	uint8_t *from, *to;

	/* both under the PKI of the first */
	b->quote.attestation = b->quote.signer = forge_key(FORGE_P256, 6);
	forged_passes(a);
	forged_passes(b);
	from = forged_make(a);
	to = forged_make(b);
	memcpy(to + AT_QE, from + AT_QE, 384 + 64);
	forged_fails(b, "attestation_key", "names another one");
	/* and its key, too, which did not sign this body */
	memcpy(to + AT_KEY, from + AT_KEY, 64);
	forged_fails(b, "quote_signature", "");
	/* and its signature: that is not over this body, if that is another */
	to[-1] ^= 1;
	memcpy(to + AT_SIGNATURE, from + AT_SIGNATURE, 64);
	forged_fails(b, "quote_signature", "");
	forged_free(a);
	forged_free(b);
}

static void authentication_data_are_bound(void)
{
	struct forged *f = forged_new(5, 4);
	uint8_t *end = forged_make(f);

	end[AT_AUTH] ^= 1;
	forged_fails(f, "attestation_key", "names another one");
	end[AT_AUTH] ^= 1;
	end[AT_AUTH + 31] ^= 0x80;
	forged_fails(f, "attestation_key", "names another one");
	forged_free(f);
}

static void put_size(uint8_t *to, size_t size, int bytes)
{
	for (; bytes--; size >>= 8)
		*to++ = (uint8_t)size;
}

/* A quote with @size bytes of authentication data, more than struct bytes holds. */
static uint8_t *with_authentication(struct forged *f, size_t size, size_t *len)
{
	const uint8_t *end = forged_make(f);
	const size_t before = (size_t)(end - f->bytes.p);
	const size_t chain = f->quote.chain.len;
	uint8_t *all, *out, *bound;

	*len = before + AT_AUTH + size + 6 + chain;
	all = calloc(1, *len);
	bound = malloc(64 + size);
	if (!all || !bound)
		abort();
	out = all + before;
	memcpy(all, f->bytes.p, before + AT_AUTH);
	memset(out + AT_AUTH, 0xa5, size);
	memcpy(out + AT_AUTH + size, end + AT_TYPE, 6 + chain);
	memcpy(bound, out + AT_KEY, 64);
	memcpy(bound + 64, out + AT_AUTH, size);
	SHA256(bound, 64 + size, out + AT_QE + 320);
	forge_sign_raw(out + AT_QE_SIGNATURE, f->quote.qe_signer, out + AT_QE,
		       384);
	put_size(out + AT_AUTH_SIZE, size, 2);
	put_size(out + AT_SIG_SIZE, *len - before - AT_SIGNATURE, 4);
	put_size(out + AT_OUTER_SIZE, *len - before - AT_QE, 4);
	free(bound);
	return all;
}

static void the_most_authentication_data(void)
{
	static const size_t sizes[] = { 0, 1, 31, 33, 255, 256, 65535 };
	struct forged *f = forged_new(4, 2);
	struct tsm_judgement j;
	uint8_t *quote;
	size_t i, len;

	for (i = 0; i < FORGE_COUNT(sizes); i++) {
		quote = with_authentication(f, sizes[i], &len);
		judge_bytes(f->v, quote, len, &j);
		if (!CHECK_EQ(TSM_ACCEPTED, j.judged))
			show_judgement(&j);
		judge_bytes(f->v, quote, len - 1, &j);
		check_failed(&j, "format", "");
		free(quote);
	}
	forged_free(f);
}

/* R and S with their first bit set, or not: DER of them would be longer, or not. */
static void every_kind_of_signature(void)
{
	unsigned int seen = 0, tries;
	struct forged *f = forged_new(4, 2);

	for (tries = 0; tries < 200 && seen != 15; tries++) {
		const uint8_t *end;

		f->made = false;
		end = forged_make(f);
		seen |= 1u << ((end[AT_SIGNATURE] >> 7) * 2 +
			       (end[AT_SIGNATURE + 32] >> 7));
		forged_passes(f);
	}
	CHECK_EQ(15, seen);
	forged_free(f);
}

static void put_number(uint8_t *to, const BIGNUM *number)
{
	if (BN_bn2binpad(number, to, 32) != 32)
		abort();
}

/* What stands for each number of a signature: never right, but for the last. */
static void numbers_out_of_range(void)
{
	static const char *const names[] = { "quote_signature",
					     "qe_report_signature" };
	static const size_t at[] = { AT_SIGNATURE, AT_QE_SIGNATURE };
	struct forged *f = forged_new(5, 3);
	uint8_t *end = forged_make(f), good[64];
	BIGNUM *n = BN_bin2bn(order, 32, NULL), *number = BN_new();
	size_t i, half;

	for (i = 0; i < 4; i++) {
		uint8_t *sig = end + at[i / 2], *it;

		half = i % 2;
		it = sig + 32 * half;
		memcpy(good, sig, 64);
		memset(it, 0, 32);
		forged_fails(f, names[i / 2], "");
		it[31] = 1;
		forged_fails(f, names[i / 2], "");
		memcpy(it, order, 32);
		forged_fails(f, names[i / 2], "");
		it[31]++;
		forged_fails(f, names[i / 2], "");
		memset(it, 0xff, 32);
		forged_fails(f, names[i / 2], "");
		/* R and S the other way round, and all zero */
		memcpy(sig, good + 32, 32);
		memcpy(sig + 32, good, 32);
		forged_fails(f, names[i / 2], "");
		memset(sig, 0, 64);
		forged_fails(f, names[i / 2], "");
		/* n - x is right for S, and wrong for R */
		memcpy(sig, good, 64);
		BN_bin2bn(it, 32, number);
		BN_sub(number, n, number);
		put_number(it, number);
		forged_fails(f, half ? "" : names[i / 2], "");
		memcpy(sig, good, 64);
	}
	forged_passes(f);
	BN_free(n);
	BN_free(number);
	forged_free(f);
}

static void keys_that_are_no_points(void)
{
	struct forged *f = forged_new(4, 2);
	uint8_t *end = forged_make(f);
	size_t i;

	end[AT_KEY + 63] ^= 1;
	forged_fails(f, "attestation_key quote_signature", "");
	for (i = 0; i < 2; i++) {
		memset(end + AT_KEY, i ? 0xff : 0, 64);
		forged_fails(f, "attestation_key quote_signature", "");
	}
	forged_free(f);
}

static void debug_bits(void)
{
	struct forged *f = forged_new(5, 3);
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		f->quote.body[120 + bit / 8] ^= (uint8_t)(1u << bit % 8);
		tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED);
		forged_fails(f, bit < 8 ? "debug" : "", "");
		tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED |
					     TSM_VERIFY_ALLOW_DEBUG);
		forged_passes(f);
		f->quote.body[120 + bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	forged_free(f);
}

TWIST(qe_debug, quote->qe[48] |= 2)
TWIST(qe_signer, quote->qe[128] ^= 1)
TWIST(qe_product, quote->qe[256] = 1)
TWIST(qe_product_high, quote->qe[257] = 1)
TWIST(seam_signer, quote->body[64] = 1)
TWIST(seam_signer_end, quote->body[111] = 0x80)
TWIST(seam_debug, quote->body[112] = 1)
TWIST(seam_attributes, quote->body[119] = 0x80)

/* Under a root that was added the rest of the quote is as the emulator has it. */
static const struct twist pins[] = {
	{ "a QE in debug mode", qe_debug, "qe", "debug mode" },
	{ "a QE of somebody else", qe_signer, "qe",
	  "MRSIGNER is dd9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5, expected dc9e" },
	{ "another enclave of Intel", qe_product, "qe",
	  "ISVPRODID is 1, expected 2" },
	{ "yet another", qe_product_high, "qe", "ISVPRODID is 258" },
	{ "a module of somebody else", seam_signer, "td_module",
	  "MRSIGNERSEAM is 01000000" },
	{ "yet another", seam_signer_end, "td_module", "MRSIGNERSEAM is" },
	{ "a module in debug mode", seam_debug, "td_module",
	  "SEAMATTRIBUTES is 0x1," },
	{ "other attributes", seam_attributes, "td_module",
	  "SEAMATTRIBUTES is 0x8000000000000000" },
};

static void what_is_pinned_under_intels_root(void)
{
	struct forged *f;
	size_t i;

	for (i = 0; i < FORGE_COUNT(pins); i++) {
		f = forged_new(5, 3);
		pins[i].twist(&f->quote);
		pretend_intel = true;
		forged_fails(f, pins[i].failed, pins[i].part);
		pretend_intel = false;
		forged_passes(f);
		CHECK_EQ(TSM_CHECK_SKIPPED,
			 check_of(&f->j, pins[i].failed)->verdict);
		forged_free(f);
	}
}

static void trailing_bytes(void)
{
	static const size_t sizes[] = { 0, 1, 70, 307, 3065 };
	const unsigned int strict = TSM_VERIFY_ALLOW_EMULATED |
				    TSM_VERIFY_STRICT;
	struct forged *f = forged_new(4, 2);
	size_t i;

	for (i = 0; i < FORGE_COUNT(sizes); i++) {
		f->quote.trailing = sizes[i];
		tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED);
		forged_passes(f);
		CHECK(!sizes[i] ||
		      strstr(check_of(&f->j, "trailing_bytes")->reason,
			     "0 of them not zero"));
		tsm_verifier_set_flags(f->v, strict);
		forged_fails(f, sizes[i] ? "trailing_bytes" : "", "");
	}
	f->quote.trailing = 0;
	forged_make(f);
	fill(&f->bytes, 0xee, 39);
	tsm_verifier_set_flags(f->v, TSM_VERIFY_ALLOW_EMULATED);
	forged_passes(f);
	CHECK(strstr(check_of(&f->j, "trailing_bytes")->reason,
		     "39 follow the evidence, 39 of them not zero"));
	tsm_verifier_set_flags(f->v, strict);
	forged_fails(f, "trailing_bytes", "39 follow");
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "every version and body is accepted if it is right",
	  every_kind_is_accepted },
	{ "five signatures are checked, each once",
	  five_signatures_are_checked },
	{ "every byte of header and body is signed",
	  every_byte_of_every_body_is_signed },
	{ "each twist fails its check and no other",
	  each_twist_fails_its_check },
	{ "the QE report of another quote of the platform is noticed",
	  a_qe_report_of_another_quote },
	{ "authentication data are bound, too", authentication_data_are_bound },
	{ "from 0 to 65535 bytes of it are taken",
	  the_most_authentication_data },
	{ "R and S may be high or not", every_kind_of_signature },
	{ "R and S out of range, or swapped, are refused",
	  numbers_out_of_range },
	{ "a key must be a point of the curve", keys_that_are_no_points },
	{ "each of the debug bits is debug, and no other", debug_bits },
	{ "QE and TDX module are pinned under Intel's root alone",
	  what_is_pinned_under_intels_root },
	{ "trailing bytes are remarked on, and refused if strict",
	  trailing_bytes },
};

TAP_MAIN(tests)
