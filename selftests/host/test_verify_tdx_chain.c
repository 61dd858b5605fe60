// SPDX-License-Identifier: MIT
/* Quotes whose chains are put together otherwise, and lengths that lie. */
#include "forged_tdx.h"

/* Which certificates, in which order: L leaf, C CA, R root, T TCB signing, X a leaf
 * of another CA of the same name, Y that CA, Z its root. */
struct order {
	const char *chain;
	const char *failed;
	const char *part;
};

static const struct order orders[] = {
	{ "LCR", "", "" },
	{ "", "pck_chain", "the quote has no PCK chain" },
	{ "L", "pck_chain",
	  "the issuer of Forged SGX PCK Certificate is missing: 1 of 3" },
	{ "LC", "", "" },	/* the root is known, for it was added */
	{ "LR", "pck_chain",
	  "the issuer of Forged SGX PCK Certificate is missing: 2 of 3" },
	{ "CR", "pck_chain qe_report_signature", "" },
	{ "C", "pck_chain qe_report_signature", "" },
	{ "R", "pck_chain qe_report_signature", "" },
	{ "LRC", "pck_chain root", "names another issuer" },
	{ "CLR", "pck_chain qe_report_signature", "" },
	{ "RCL", "pck_chain root qe_report_signature", "" },
	{ "LCC", "pck_chain root", "" },
	{ "LLR", "pck_chain", "" },
	{ "LLC", "pck_chain root", "" },
	{ "LCRR", "pck_chain", "more than 3" },
	{ "LLCR", "pck_chain", "more than 3" },
	{ "LCRT", "pck_chain", "more than 3" },
	{ "LCRLCR", "pck_chain", "more than 3" },
	{ "LTR", "pck_chain", "names another issuer" },
	{ "LCT", "pck_chain root", "names another issuer" },
	{ "XCR", "pck_chain qe_report_signature",
	  "Forged SGX PCK Certificate was not signed by its issuer's key" },
	{ "LYR", "pck_chain", "was not signed by its issuer's key" },
	{ "LCZ", "pck_chain root", "was not signed by its issuer's key" },
	{ "XYZ", "root qe_report_signature", "" },
	{ "TCR", "pck_chain qe_report_signature", "names another issuer" },
};

static void init_other(struct forge_intel *other)
{
	forge_intel_init(other);
	other->root.key = other->root.signer = other->ca.signer =
		forge_key(FORGE_P256, 5);
	other->ca.key = other->leaf.signer = forge_key(FORGE_P256, 6);
	other->leaf.key = forge_key(FORGE_P256, 7);
	forge_intel_make(other);
}

static const struct bytes *certificate(const struct forge_intel *pki,
				       const struct forge_intel *other,
				       char letter)
{
	switch (letter) {
	case 'L':
		return &pki->leaf_der;
	case 'C':
		return &pki->ca_der;
	case 'R':
		return &pki->root_der;
	case 'T':
		return &pki->tcb_signing_der;
	case 'X':
		return &other->leaf_der;
	case 'Y':
		return &other->ca_der;
	default:
		return &other->root_der;
	}
}

static void set_chain(struct forged *f, const struct forge_intel *other,
		      const char *letters)
{
	f->quote.chain.len = 0;
	for (; *letters; letters++)
		forge_pem(&f->quote.chain, "CERTIFICATE",
			  certificate(&f->pki, other, *letters));
	fill(&f->quote.chain, 0, 1);
}

static void only_leaf_ca_and_root_in_that_order(void)
{
	struct forge_intel *other = malloc(sizeof(*other));
	struct forged *f = forged_new(4, 2);
	size_t i;

	init_other(other);
	for (i = 0; i < FORGE_COUNT(orders); i++) {
		const bool was_ok = tap_ok;

		tap_ok = true;
		set_chain(f, other, orders[i].chain);
		forged_fails(f, orders[i].failed, orders[i].part);
		CHECK_EQ(*orders[i].failed ? TSM_REJECTED : TSM_ACCEPTED,
			 f->j.judged);
		if (!tap_ok)
			printf("# that was: '%s'\n", orders[i].chain);
		tap_ok &= was_ok;
	}
	forged_free(f);
	free(other);
}

/* With all of the PKI, and the other one's, beside the quote. */
static const struct order completed[] = {
	{ "LCR", "", "" },
	{ "LC", "", "" },
	{ "LR", "", "" },
	{ "L", "", "" },
	{ "", "", "" },
	/* what is in the quote must fit all the same */
	{ "C", "pck_chain qe_report_signature", "" },
	{ "LY", "pck_chain root", "was not signed by its issuer's key" },
	{ "LT", "pck_chain",
	  "Forged SGX TCB Signing in the quote issued none of the others" },
	{ "LL", "pck_chain",
	  "Forged SGX PCK Certificate in the quote issued none of the others" },
	{ "LRC", "pck_chain root", "" },
	{ "LCRR", "pck_chain", "more than 3" },
	/* and is not mended */
	{ "X", "root qe_report_signature", "" },
};

static void give_all(struct forged *f, const struct forge_intel *other)
{
	static const char letters[] = "ZYXTRCL";
	size_t i;

	for (i = 0; i < sizeof(letters) - 1; i++)
		forged_add(f, certificate(&f->pki, other, letters[i]),
			   tsm_verifier_add_certs);
}

static void what_is_missing_may_be_given(void)
{
	struct forge_intel *other = malloc(sizeof(*other));
	struct forged *f = forged_new(5, 3);
	size_t i;

	init_other(other);
	give_all(f, other);
	for (i = 0; i < FORGE_COUNT(completed); i++) {
		const bool was_ok = tap_ok;

		tap_ok = true;
		set_chain(f, other, completed[i].chain);
		forged_fails(f, completed[i].failed, completed[i].part);
		CHECK_EQ(*completed[i].failed ? TSM_REJECTED : TSM_ACCEPTED,
			 f->j.judged);
		if (!tap_ok)
			printf("# that was: '%s'\n", completed[i].chain);
		tap_ok &= was_ok;
	}
	forged_free(f);
	free(other);
}

/* As they are but for one bit of their signature, and in front of all. */
static void broken_copies_do_not_hide_what_is_good(void)
{
	static const char letters[] = "LCR";
	struct forge_intel *other = malloc(sizeof(*other));
	static struct bytes bad;
	struct forged *f;
	size_t i;

	init_other(other);
	for (i = 0; i < sizeof(letters) - 1; i++) {
		f = forged_new(5, 3);
		/* the last byte of S */
		bad = *certificate(&f->pki, other, letters[i]);
		bad.p[bad.len - 1] ^= 1;
		forged_add(f, &bad, tsm_verifier_add_certs);
		give_all(f, other);
		set_chain(f, other, "");
		forged_fails(f, "", "");
		CHECK_EQ(TSM_ACCEPTED, f->j.judged);
		forged_free(f);
	}
	free(other);
}

/* [DCAP] A.3.9: 1 to 4 identify the platform, 7 is another chain. */
static void other_certification_data_need_a_chain(void)
{
	struct forge_intel *other = malloc(sizeof(*other));
	unsigned int type, given;
	struct forged *f;
	uint8_t *end;

	init_other(other);
	for (given = 0; given < 2; given++) {
		f = forged_new(4, 2);
		if (given)
			give_all(f, other);
		end = forged_make(f);
		for (type = 0; type < 9; type++) {
			end[AT_TYPE] = (uint8_t)type;
			forged_fails(f, type == 5 || given ? "" : "pck_chain",
				     type == 5 || given ? "" :
				     "the quote has no PCK chain (certification data of type");
			CHECK_EQ(type == 5 || given ? TSM_ACCEPTED :
						      TSM_REJECTED,
				 f->j.judged);
		}
		forged_free(f);
	}
	free(other);
}

/* What came with the quote is a candidate, as what was given before is. */
static void a_chain_may_come_with_the_quote(void)
{
	struct forged *f = forged_new(4, 2);
	struct tsm_blob certs = { f->quote.chain.p, f->quote.chain.len };
	struct bytes chain = f->quote.chain;

	certs.data = chain.p;
	certs.len = chain.len - 1;
	f->quote.chain.len = 0;
	forge_quote(&f->bytes, &f->quote);
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &certs, &f->j,
			       NULL));
	if (!CHECK_EQ(TSM_ACCEPTED, f->j.judged))
		show_judgement(&f->j);
	/* and one that cannot be read is said to be that */
	chain.p[40] = '?';
	CHECK_EQ(0, tsm_verify(f->v, f->bytes.p, f->bytes.len, &certs, &f->j,
			       NULL));
	check_failed(&f->j, "pck_chain", "");
	forged_free(f);
}

static void text_around_the_chain(void)
{
	static const struct {
		const char *before;
		const char *between;
		const char *behind;
		size_t nuls;
		const char *bad;
	} texts[] = {
		{ "", "", "", 0, NULL },
		{ "", "", "", 1, NULL },
		{ "", "", "", 9, NULL },
		{ "\n", "\n", "\n", 1, NULL },
		{ "", "", "\n", 0, NULL },
		{ "x", "", "", 1, "" },
		{ "", "x", "", 1, "" },
		{ "", "", "x", 1, "neither newline nor NUL at offset" },
		{ "", "", "x", 0, "neither newline nor NUL at offset" },
		{ "", "", " ", 1, "neither newline nor NUL at offset" },
		{ "", "", "\n\t", 0, "neither newline nor NUL at offset" },
		{ "", "Bag Attributes\n", "", 1, "" },
		{ "", "-----BEGIN CERTIFICATE-----\n", "", 1, "" },
		{ "", "-----END CERTIFICATE-----\n", "", 1, "" },
		{ "", "", "-----BEGIN CERTIFICATE-----\n", 1, "" },
		{ "", "",
		  "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", 1,
		  "" },
		{ "", "", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
		  1, "" },
	};
	struct forged *f = forged_new(4, 2);
	struct bytes *chain = &f->quote.chain;
	size_t i;

	for (i = 0; i < FORGE_COUNT(texts); i++) {
		chain->len = 0;
		put(chain, texts[i].before, strlen(texts[i].before));
		forge_pem(chain, "CERTIFICATE", &f->pki.leaf_der);
		put(chain, texts[i].between, strlen(texts[i].between));
		forge_pem(chain, "CERTIFICATE", &f->pki.ca_der);
		forge_pem(chain, "CERTIFICATE", &f->pki.root_der);
		put(chain, texts[i].behind, strlen(texts[i].behind));
		fill(chain, 0, texts[i].nuls);
		forged_fails(f, texts[i].bad ? "pck_chain" : "",
			     texts[i].bad ? texts[i].bad : "");
	}
	/* a NUL ends nothing that goes on behind it */
	set_chain(f, NULL, "LC");
	forge_pem(chain, "CERTIFICATE", &f->pki.root_der);
	forged_fails(f, "pck_chain", "malformed");
	forged_free(f);
}

/* As large as the field may be, and full of what takes long to read. */
static void chains_without_end(void)
{
	struct forged *f = forged_new(4, 2);
	struct bytes *chain = &f->quote.chain;
	static const char begin[] = "-----BEGIN CERTIFICATE-----\n";
	size_t room;

	chain->len = 0;
	put(chain, begin, sizeof(begin) - 1);
	room = sizeof(chain->p) - chain->len - 2000;
	fill(chain, 'A', room);
	forged_fails(f, "pck_chain", "");
	chain->len = 0;
	while (chain->len < 6000)
		put(chain, begin, sizeof(begin) - 1);
	forged_fails(f, "pck_chain", "");
	forged_free(f);
}

static void lengths_that_lie(void)
{
	static const size_t at[] = { AT_SIG_SIZE, AT_OUTER_SIZE, AT_SIZE };
	struct forged *f = forged_new(5, 4);
	uint8_t *end = forged_make(f);
	const size_t base = (size_t)(end - f->bytes.p);
	uint32_t honest, i, n;

	for (i = 0; i < FORGE_COUNT(at); i++) {
		memcpy(&honest, end + at[i], 4);
		const uint32_t lies[] = {
			0, 1, honest - 1, honest + 1, honest ^ 0x80000000,
			honest | 0xff000000, 0x7fffffff, 0xffffffff,
			0u - honest, 0xffffffff - (uint32_t)base,
		};

		for (n = 0; n < FORGE_COUNT(lies); n++) {
			poke32(&f->bytes, base + at[i], lies[n]);
			forged_fails(f, "format", "quote: ");
			/* with bytes behind it to be swallowed */
			fill(&f->bytes, 0, 8);
			forged_judge(f);
			CHECK_EQ(TSM_REJECTED, f->j.judged);
			f->bytes.len -= 8;
		}
		poke32(&f->bytes, base + at[i], honest);
	}
	for (n = 0; n < 65536; n += 257) {
		memcpy(end + AT_AUTH_SIZE, &(uint16_t){ (uint16_t)n }, 2);
		forged_fails(f, "format", "quote: ");
	}
	end[AT_AUTH_SIZE] = 32;
	end[AT_AUTH_SIZE + 1] = 0;
	forged_passes(f);
	forged_free(f);
}

static void types_that_are_unknown(void)
{
	struct forged *f = forged_new(5, 2);
	uint8_t *end = forged_make(f);
	unsigned int n;

	for (n = 0; n < 256; n++) {
		end[AT_OUTER_TYPE] = (uint8_t)n;
		forged_fails(f, n == 6 ? "" : "format",
			     n == 6 ? "" : "outer certification data type");
	}
	end[AT_OUTER_TYPE] = 6;
	f->bytes.p[2] = 3;
	forged_fails(f, "format", "attestation key type 3");
	f->bytes.p[2] = 2;
	f->bytes.p[48] = 1;
	forged_fails(f, "format", "body type 1");
	f->bytes.p[48] = 3;
	forged_fails(f, "format", "body type 3 of 584 bytes, expected 648");
	f->bytes.p[48] = 2;
	forged_passes(f);
	forged_free(f);
}

static const struct tap_test tests[] = {
	{ "a chain is leaf, CA and root, in that order",
	  only_leaf_ca_and_root_in_that_order },
	{ "what is missing may be given beside the quote",
	  what_is_missing_may_be_given },
	{ "broken copies do not hide what is good",
	  broken_copies_do_not_hide_what_is_good },
	{ "certification data of other types need a chain",
	  other_certification_data_need_a_chain },
	{ "a chain may come with the quote", a_chain_may_come_with_the_quote },
	{ "nothing but newlines and NULs is around a chain",
	  text_around_the_chain },
	{ "chains without end are refused", chains_without_end },
	{ "lengths that lie are refused", lengths_that_lie },
	{ "types that are unknown are refused", types_that_are_unknown },
};

TAP_MAIN(tests)
