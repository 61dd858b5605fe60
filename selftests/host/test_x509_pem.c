// SPDX-License-Identifier: MIT
/* tools/lib/pem.c and x509_pool.c: certificates as they come. */
#include "../../tools/lib/chain.h"
#include "forge.h"
#include "tap.h"

#include <errno.h>

static struct forge_intel pki;

/* leaf, CA, root, as a quote has them */
static void make_chain(struct bytes *text)
{
	forge_intel_init(&pki);
	forge_intel_make(&pki);
	text->len = 0;
	forge_pem(text, "CERTIFICATE", &pki.leaf_der);
	forge_pem(text, "CERTIFICATE", &pki.ca_der);
	forge_pem(text, "CERTIFICATE", &pki.root_der);
}

static int parse(const struct bytes *text, size_t max, size_t size,
		 size_t *count)
{
	static const struct x509 zero;
	uint8_t *copy = exact_copy(text->p, text->len);
	uint8_t *der = malloc(size ? size : 1);
	struct tsm_error err = { "" };
	struct x509 cert[4];
	int ret;

	ret = pem_chain_parse(copy, text->len, der, size, cert, max, count,
			      &err);
	CHECK(!ret == !*err.text);
	if (ret) {
		CHECK_EQ(0, *count);
		CHECK(!memcmp(&cert[0], &zero, sizeof(zero)));
	}
	free(der);
	free(copy);
	return ret;
}

static void a_chain_is_decoded(void)
{
	struct bytes text;
	size_t count;

	make_chain(&text);
	CHECK_EQ(0, parse(&text, 4, 4096, &count));
	CHECK_EQ(3, count);
	/* NULs, as the QE ends it; newlines; and carriage returns */
	fill(&text, 0, 1);
	CHECK_EQ(0, parse(&text, 4, 4096, &count));
	fill(&text, 0, 3);
	CHECK_EQ(0, parse(&text, 4, 4096, &count));
	make_chain(&text);
	put(&text, "\r\n\n", 3);
	CHECK_EQ(0, parse(&text, 4, 4096, &count));
	make_chain(&text);
	text.len--;
	CHECK_EQ(0, parse(&text, 4, 4096, &count));
	CHECK_EQ(3, count);
}

static void room_is_kept_to(void)
{
	struct bytes text;
	size_t count, size;

	make_chain(&text);
	size = pki.leaf_der.len + pki.ca_der.len + pki.root_der.len;
	CHECK_EQ(0, parse(&text, 3, size, &count));
	CHECK_EQ(-EFBIG, parse(&text, 2, size, &count));
	CHECK_EQ(-EFBIG, parse(&text, 3, size - 1, &count));
	CHECK_EQ(-EFBIG, parse(&text, 3, 0, &count));
	text.len = 0;
	CHECK_EQ(-EBADMSG, parse(&text, 3, size, &count));
	fill(&text, 0, 5);
	CHECK_EQ(-EBADMSG, parse(&text, 3, size, &count));
	fill(&text, '\n', 1);
	CHECK_EQ(-EBADMSG, parse(&text, 3, size, &count));
}

/* Puts @text behind the first place that has @where, into a chain. */
static int with(const char *where, const char *text, size_t len)
{
	struct bytes chain, changed = { .len = 0 };
	size_t count, at;
	uint8_t *found;

	make_chain(&chain);
	found = memmem(chain.p, chain.len, where, strlen(where));
	if (!found)
		abort();
	at = (size_t)(found - chain.p) + strlen(where);
	put(&changed, chain.p, at);
	put(&changed, text, len);
	put(&changed, chain.p + at, chain.len - at);
	return parse(&changed, 4, 4096, &count);
}

static void nothing_but_newlines_is_between(void)
{
	static const char after[] = "-----END CERTIFICATE-----\n";
	static const char begin[] = "-----BEGIN CERTIFICATE-----";

	CHECK_EQ(0, with(after, "\n", 1));
	CHECK_EQ(0, with(after, "\r\n", 2));
	CHECK_EQ(0, with(begin, "\n\n", 2));
	/* lines may be of any length, but none is empty */
	CHECK_EQ(0, with("-----BEGIN CERTIFICATE-----\nMII", "\n", 1));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "\n\n", 2));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "\r\n\r\n", 4));
	CHECK_EQ(-EBADMSG, with(after, "x", 1));
	CHECK_EQ(-EBADMSG, with(after, " ", 1));
	CHECK_EQ(-EBADMSG, with(after, "\t", 1));
	CHECK_EQ(-EBADMSG, with(after, "\0", 1));
	CHECK_EQ(-EBADMSG, with(after, "-----BEGIN X-----\n", 18));
	CHECK_EQ(-EBADMSG, with("-----END CERTIFICATE-----", "x", 1));
	CHECK_EQ(-EBADMSG, with("-----END CERTIFICATE-----", "-", 1));
	CHECK_EQ(-EBADMSG, with(begin, " \n", 2));
	CHECK_EQ(-EBADMSG, with(begin, "A", 1));
	CHECK_EQ(-EBADMSG, with("-----END CERT", "X", 1));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "*", 1));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "=", 1));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "-", 1));
	CHECK_EQ(-EBADMSG, with("-----BEGIN CERTIFICATE-----\nMII", "A", 1));
}

/* A chain of one, whose DER has a length that leaves spare bits in base64. */
static void make_padded(struct bytes *text, size_t pads)
{
	struct forge_cert spec;
	struct bytes der;
	char name[64] = "x";

	forge_intel_init(&pki);
	spec = pki.leaf;
	spec.subject = name;
	do {
		strcat(name, "x");
		/* ECDSA signatures have one length or another */
		forge_cert(&der, &spec);
	} while ((3 - der.len % 3) % 3 != pads && strlen(name) < 60);
	CHECK_EQ(pads, (3 - der.len % 3) % 3);
	text->len = 0;
	forge_pem(text, "CERTIFICATE", &der);
}

static void a_certificate_has_one_text(void)
{
	struct bytes text;
	size_t count, pads;
	uint8_t *at;

	for (pads = 1; pads <= 2; pads++) {
		make_padded(&text, pads);
		CHECK_EQ(0, parse(&text, 1, 4096, &count));
		/* the last digit: of its bits 2 or 4 are of no byte */
		at = memmem(text.p, text.len, "=", 1);
		if (!at)
			abort();
		at[-1]++;
		CHECK_EQ(-EBADMSG, parse(&text, 1, 4096, &count));
		at[-1]--;
		at[0] = 'A';
		CHECK_EQ(-EBADMSG, parse(&text, 1, 4096, &count));
		at[0] = '\n';
		CHECK_EQ(-EBADMSG, parse(&text, 1, 4096, &count));
		at[0] = '=';
		CHECK_EQ(0, parse(&text, 1, 4096, &count));
	}
	make_padded(&text, 0);
	CHECK_EQ(0, parse(&text, 1, 4096, &count));
	at = memmem(text.p, text.len, "\n-----END", 9);
	if (!at)
		abort();
	*at = '=';
	CHECK_EQ(-EBADMSG, parse(&text, 1, 4096, &count));
}

static void no_bit_of_a_chain_can_be_changed(void)
{
	struct bytes text, changed;
	struct x509 cert[4];
	uint8_t der[4096];
	size_t count, bit, same = 0;
	static uint8_t before[4096];
	size_t len;

	make_chain(&text);
	fill(&text, 0, 1);
	if (!CHECK_EQ(0, pem_chain_parse(text.p, text.len, before,
					 sizeof(before), cert, 4, &count, NULL)))
		return;
	len = pki.leaf_der.len + pki.ca_der.len + pki.root_der.len;
	for (bit = 0; bit < 8 * text.len; bit++) {
		changed = text;
		changed.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (pem_chain_parse(changed.p, changed.len, der, sizeof(der),
				    cert, 4, &count, NULL))
			continue;
		same += count == 3 && !memcmp(der, before, len);
	}
	CHECK_EQ(0, same);
}

static struct cert_pool pool;

static int add(const struct bytes *b, size_t *added)
{
	uint8_t *copy = exact_copy(b->p, b->len);
	struct tsm_error err = { "" };
	const size_t certs = pool.certs, crls = pool.crls;
	int ret;

	ret = cert_pool_add(&pool, copy, b->len, added, &err);
	/* what is in it is its own */
	free(copy);
	CHECK(!ret == !*err.text);
	if (ret) {
		CHECK_EQ(0, *added);
		CHECK(pool.certs == certs && pool.crls == crls);
	}
	return ret;
}

static void check_added(const struct bytes *b, size_t certs, size_t crls)
{
	size_t added;

	cert_pool_clear(&pool);
	CHECK_EQ(0, add(b, &added));
	CHECK_EQ(certs + crls, added);
	CHECK_EQ(certs, pool.certs);
	CHECK_EQ(crls, pool.crls);
	cert_pool_clear(&pool);
}

static void a_pool_takes_pem_among_text(void)
{
	struct bytes text, b = { .len = 0 };
	const struct bytes key = { .p = "no key at all", .len = 13 };

	make_chain(&text);
	check_added(&text, 3, 0);
	put(&b, "subject=CN = somebody\n", 22);
	forge_pem(&b, "PRIVATE KEY", &key);
	put(&b, text.p, text.len);
	put(&b, "\nsome - more -----BEG\n", 22);
	forge_pem(&b, "X509 CRL", &pki.ca_crl_der);
	forge_pem(&b, "DH PARAMETERS", &key);
	check_added(&b, 3, 1);
}

static void a_pool_takes_any_white_space(void)
{
	struct bytes text, b = { .len = 0 };
	size_t i;

	make_chain(&text);
	for (i = 0; i < text.len; i++) {
		if (text.p[i] == '\n')
			put(&b, " \t\r\n", 4);
		else
			put(&b, &text.p[i], 1);
	}
	/* less than what a struct bytes has */
	check_added(&b, 3, 0);
}

static void a_pool_takes_headers_of_the_pcs(void)
{
	static const char odd[] = "+/=\n ";
	struct bytes text, b = { .len = 0 };
	char escape[4];
	size_t i;

	make_chain(&text);
	for (i = 0; i < text.len; i++) {
		if (strchr(odd, text.p[i])) {
			snprintf(escape, sizeof(escape), i % 2 ? "%%%02X" :
				 "%%%02x", text.p[i]);
			put(&b, escape, 3);
		} else {
			put(&b, &text.p[i], 1);
		}
	}
	check_added(&b, 3, 0);
	/* escapes that are none stay what they are, here no base64 */
	b.p[b.len - 1] = 'G';
	put(&b, "%", 1);
	cert_pool_clear(&pool);
	CHECK_EQ(0, add(&b, &i));
}

static void a_pool_takes_der_and_hex(void)
{
	struct bytes text, hex = { .len = 0 };
	char digits[4];
	size_t i;

	make_chain(&text);
	check_added(&pki.leaf_der, 1, 0);
	check_added(&pki.root_crl_der, 0, 1);
	for (i = 0; i < pki.ca_crl_der.len; i++) {
		snprintf(digits, sizeof(digits), i % 2 ? "%02x" : "%02X",
			 pki.ca_crl_der.p[i]);
		put(&hex, digits, 2);
	}
	check_added(&hex, 0, 1);
	put(&hex, "\r\n", 2);
	check_added(&hex, 0, 1);
	hex.p[7] = 'g';
	check_added(&hex, 0, 0);
	hex.len = 1;
	check_added(&hex, 0, 0);
}

static void a_pool_takes_a_table_of_amd(void)
{
	static struct forge_amd amd;
	struct bytes table;

	forge_amd_init(&amd, "Genoa");
	forge_amd_make(&amd);
	forge_table(&table, &amd, false, false);
	check_added(&table, 3, 0);
	forge_table(&table, &amd, true, true);
	check_added(&table, 3, 0);
	/* what is in an entry of another GUID is nobody's business */
	table.p[24] ^= 0x55;
	check_added(&table, 2, 0);
	/* an offset behind its end */
	table.p[19] = 0xff;
	cert_pool_clear(&pool);
	CHECK_EQ(-EBADMSG, add(&table, &(size_t){ 0 }));
}

static void what_is_nothing_adds_nothing(void)
{
	static const char *const texts[] = {
		"", "\n", "0", "{\"tcbInfo\":1}", "-----BEGIN", "%",
		"300", "3000", "30030201",
	};
	struct bytes b;
	size_t i;

	for (i = 0; i < FORGE_COUNT(texts); i++) {
		b.len = 0;
		put(&b, texts[i], strlen(texts[i]));
		check_added(&b, 0, 0);
	}
	/* DER of something else: a key, PKCS #8 */
	b.len = 0;
	put(&b, "\x30\x08\x02\x01\x00\x30\x03\x06\x01\x2a", 10);
	check_added(&b, 0, 0);
	put(&b, "\0", 1);
	check_added(&b, 0, 0);
	b.len = 1;
	check_added(&b, 0, 0);
}

static void what_is_malformed_adds_nothing(void)
{
	static const char *const texts[] = {
		"-----BEGIN CERTIFICATE----",
		"-----BEGIN ",
		"-----BEGIN CERTIFICATE-----",
		"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nM*A=\n-----END CERTIFICATE-----\n",
		"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----END X509 CRL-----\n",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----X",
		"-----BEGIN CERTIFICATE-----\nMAA=\n-----END X",
		"-----BEGIN%20CERTIFICATE-----%0AMAA=",
		"-----BEGIN%20",
	};
	struct bytes text, b;
	size_t i, added;

	make_chain(&text);
	cert_pool_clear(&pool);
	CHECK_EQ(0, add(&text, &added));
	for (i = 0; i < FORGE_COUNT(texts); i++) {
		b.len = 0;
		/* one that is good, before it */
		if (i < 10)
			forge_pem(&b, "CERTIFICATE", &pki.root_der);
		put(&b, texts[i], strlen(texts[i]));
		if (!CHECK_EQ(-EBADMSG, add(&b, &added)))
			printf("# of text %zu\n", i);
	}
	b = pki.leaf_der;
	fill(&b, 0, 1);
	CHECK_EQ(-EBADMSG, add(&b, &added));
	b = pki.leaf_der;
	/* version 4 */
	b.p[12] = 3;
	CHECK_EQ(-EBADMSG, add(&b, &added));
	b = pki.ca_crl_der;
	b.p[b.len - 1] ^= 1;
	CHECK_EQ(0, add(&b, &added));
	b.p[8]++;
	CHECK_EQ(-EBADMSG, add(&b, &added));
	cert_pool_clear(&pool);
}

#define POOL_MAX	16384

static void a_pool_has_its_limits(void)
{
	struct bytes text;
	size_t i, added;
	int ret = 0;

	make_chain(&text);
	cert_pool_clear(&pool);
	for (i = 0; i < POOL_MAX && !ret; i++)
		ret = add(&pki.root_der, &added);
	CHECK_EQ(0, ret);
	CHECK_EQ(-EFBIG, add(&pki.root_der, &added));
	CHECK_EQ(POOL_MAX, pool.certs);
	CHECK_EQ(0, add(&pki.ca_crl_der, &added));
	for (i = 1; i < POOL_MAX && !ret; i++)
		ret = add(&pki.ca_crl_der, &added);
	CHECK_EQ(0, ret);
	CHECK_EQ(-EFBIG, add(&pki.ca_crl_der, &added));
	cert_pool_clear(&pool);
	CHECK_EQ(-EFBIG, cert_pool_add(&pool, "", (16u << 20) + 1, &added,
				       NULL));
}

static const struct tap_test tests[] = {
	{ "a chain is decoded", a_chain_is_decoded },
	{ "room is kept to", room_is_kept_to },
	{ "nothing but newlines is between", nothing_but_newlines_is_between },
	{ "a certificate has one text", a_certificate_has_one_text },
	{ "no bit of a chain can be changed",
	  no_bit_of_a_chain_can_be_changed },
	{ "a pool takes PEM among text", a_pool_takes_pem_among_text },
	{ "a pool takes any white space", a_pool_takes_any_white_space },
	{ "a pool takes headers of the PCS", a_pool_takes_headers_of_the_pcs },
	{ "a pool takes DER and hex", a_pool_takes_der_and_hex },
	{ "a pool takes a table of AMD", a_pool_takes_a_table_of_amd },
	{ "what is nothing adds nothing", what_is_nothing_adds_nothing },
	{ "what is malformed adds nothing", what_is_malformed_adds_nothing },
	{ "a pool has its limits", a_pool_has_its_limits },
};

TAP_MAIN(tests)
