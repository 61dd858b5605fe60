// SPDX-License-Identifier: MIT
/*
 * Certificates and lists of Intel and AMD, if they are there: TSM_DATA, or
 * ../shared/data beside the repository.
 */
#include "../../tools/lib/verify.h"
#include "bytes.h"
#include "tap.h"

#define GO_TDX	"google__go-tdx-guest/"
#define GO_SEV	"google__go-sev-guest/verify/"
#define TRUSTEE	"confidential-containers__trustee/deps/verifier/test_data/"
#define QVL	"intel__SGX-TDX-DCAP-QuoteVerificationLibrary/" \
		"Src/AttestationApp/sampleData/tdx/"

/* Every certificate and list that there is: quotes have theirs as text. */
static const char *const files[] = {
	GO_TDX "testing/testdata/quote_v5_sample.dat",
	GO_TDX "testing/testdata/tdx_prod_quote_SPR_E4.dat",
	GO_TDX "testing/testdata/ccel/cos-113-tdx-quote.dat",
	GO_TDX "testing/testdata/pckcrl",
	GO_TDX "testing/testdata/rootcrl.der",
	GO_TDX "verify/trusted_root.pem",
	TRUSTEE "tdx_quote_4.dat",
	TRUSTEE "tdx_quote_5.dat",
	TRUSTEE "snp/test-vcek.der",
	TRUSTEE "snp/test-vlek.der",
	"Phala-Network__dcap-qvl/sample/tdx_quote",
	"Phala-Network__dcap-qvl/sample/tdx_quote_outdated",
	GO_SEV "trust/ask_ark_milan.pem",
	GO_SEV "trust/ask_ark_milan_vlek.pem",
	GO_SEV "trust/ask_ark_genoa.pem",
	GO_SEV "trust/ask_ark_genoa_vlek.pem",
	GO_SEV "trust/ask_ark_turin_vcek.pem",
	GO_SEV "trust/ask_ark_turin_vlek.pem",
	GO_SEV "testdata/vcek.testcer",
	"virtee__sev/tests/certs_data/vcek_milan.der",
	"derived/snp/genoa-v3-azure.vcek.der",
	"derived/snp/genoa-v3-tsm.auxblob.bin",
	"derived/snp/turin-v5-oak.vcek.der",
	QVL "pckCert.pem",
	QVL "pckSignChain.pem",
	QVL "tcbSignChain.pem",
	QVL "trustedRootCaCert.pem",
	QVL "intermediateCaCrl.der",
	QVL "rootCaCrl.der",
};

#define FILES	(sizeof(files) / sizeof(files[0]))

static struct cert_pool pool;
static struct tsm_crypto *crypto;

static bool load(const char *dir, const char *file)
{
	struct tsm_error err = { "" };
	char path[512];
	size_t len, added = 0;
	uint8_t *data;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	ok = !tsm_file_read(path, 1 << 20, &data, &len, &err);
	if (ok) {
		ok = !cert_pool_add(&pool, data, len, &added, &err);
		free(data);
	}
	if (!ok || !added)
		printf("# %s: %s\n", file, err.text);
	return ok && added;
}

static bool have_pool(void)
{
	const char *dir = getenv("TSM_DATA");
	size_t i;

	if (!dir) {
		tap_skip("real evidence is not here: set TSM_DATA");
		return false;
	}
	if (pool.certs)
		return true;
	if (!CHECK_EQ(0, tsm_crypto_new(&crypto)))
		return false;
	for (i = 0; i < FILES; i++)
		CHECK(load(dir, files[i]));
	return true;
}

static bool is_cn(const struct x509 *cert, const char *text)
{
	return cert->common_name.len == strlen(text) &&
	       !memcmp(cert->common_name.data, text, strlen(text));
}

static void each_certificate_and_list_is_decoded(void)
{
	if (!have_pool())
		return;
	CHECK_EQ(49, pool.certs);
	CHECK_EQ(4, pool.crls);
}

static void each_link_is_fine(void)
{
	enum chain_fault fault;
	const struct x509 *issuer;
	size_t i;

	if (!have_pool())
		return;
	for (i = 0; i < pool.certs; i++) {
		const struct x509 *cert = pool.cert[i];

		CHECK_EQ(0, chain_issuer(crypto, &pool, cert, &issuer));
		if (!CHECK(issuer))
			continue;
		CHECK_EQ(0, chain_link(crypto, cert, issuer, 0, &fault));
		CHECK_EQ(CHAIN_FINE, fault);
	}
}

/* What chain.c takes as given. */
static void each_root_is_signed_by_its_own_key(void)
{
	size_t i, roots = 0;

	if (!have_pool())
		return;
	for (i = 0; i < pool.certs; i++) {
		const struct x509 *cert = pool.cert[i];

		if (!is_cn(cert, "Intel SGX Root CA") &&
		    !is_cn(cert, "ARK-Milan") && !is_cn(cert, "ARK-Genoa") &&
		    !is_cn(cert, "ARK-Turin"))
			continue;
		roots++;
		CHECK_EQ(1, tsm_crypto_signed_by(crypto, cert, &cert->tbs,
						 cert->algorithm,
						 cert->signature,
						 &cert->raw_signature));
	}
	CHECK_EQ(18, roots);
}

/* All that have such a name, each kind once */
static const char *const kinds[] = {
	"Intel SGX PCK Certificate", "Intel SGX PCK Platform CA",
	"Intel SGX Root CA", "SEV-VCEK", "SEV-VLEK", "SEV-Milan", "ARK-Turin",
};

static const struct x509 *find(const char *name)
{
	size_t i;

	for (i = 0; i < pool.certs; i++) {
		if (is_cn(pool.cert[i], name))
			return pool.cert[i];
	}
	return NULL;
}

/* Whether it is still fine, should it be a certificate at all */
static bool passes(const uint8_t *der, size_t len, const struct x509 *issuer,
		   bool is_root)
{
	enum chain_fault fault = CHAIN_FINE;
	struct x509 cert;

	if (x509_parse(der, len, &cert, NULL))
		return false;
	CHECK_EQ(0, chain_link(crypto, &cert, is_root ? &cert : issuer, 0,
			       &fault));
	return fault == CHAIN_FINE;
}

static void no_bit_of_a_certificate_can_be_changed(void)
{
	const struct x509 *cert, *issuer;
	size_t i, bit, passed;
	uint8_t *der;

	if (!have_pool())
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		cert = find(kinds[i]);
		if (!CHECK(cert) ||
		    !CHECK_EQ(0, chain_issuer(crypto, &pool, cert, &issuer)) ||
		    !CHECK(issuer))
			return;
		der = exact_copy(cert->der.data, cert->der.len);
		CHECK(passes(der, cert->der.len, issuer, issuer == cert));
		for (bit = passed = 0; bit < 8 * cert->der.len; bit++) {
			der[bit / 8] ^= (uint8_t)(1 << bit % 8);
			passed += passes(der, cert->der.len, issuer,
					 issuer == cert);
			der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		CHECK_EQ(0, passed);
		free(der);
	}
}

static enum crl_state look(const struct x509 *cert, int64_t at)
{
	enum crl_state state = CRL_NONE;
	const struct x509 *issuer;

	if (CHECK_EQ(0, chain_issuer(crypto, &pool, cert, &issuer)) &&
	    CHECK(issuer))
		CHECK_EQ(0, crl_look(crypto, &pool, cert, issuer, at, &state));
	return state;
}

static void lists_of_intel_are_authentic(void)
{
	const struct x509 *leaf, *ca;

	if (!have_pool())
		return;
	leaf = find("Intel SGX PCK Certificate");
	ca = find("Intel SGX PCK Platform CA");
	if (!CHECK(leaf) || !CHECK(ca))
		return;
	CHECK_EQ(CRL_CLEAR, look(leaf, 1687000000));	/* 2023-06-17 */
	CHECK_EQ(CRL_STALE, look(leaf, 1690000000));
	CHECK_EQ(CRL_CLEAR, look(ca, 1687000000));
	CHECK_EQ(CRL_STALE, look(ca, 1720000000));	/* 2024-07-03 */
}

static void a_serial_number_of_a_real_list_is_revoked(void)
{
	static const uint8_t serial[] = {
		0x6f, 0xc3, 0x4e, 0x50, 0x23, 0xe7, 0x28, 0x92, 0x34, 0x35,
		0xd6, 0x1a, 0xa4, 0xb8, 0x3c, 0x61, 0x81, 0x66, 0xad, 0x35,
	};
	const struct x509 *leaf;
	struct x509 revoked;

	if (!have_pool())
		return;
	leaf = find("Intel SGX PCK Certificate");
	if (!CHECK(leaf))
		return;
	revoked = *leaf;
	revoked.serial = (struct tsm_blob){ serial, sizeof(serial) };
	CHECK_EQ(CRL_REVOKED, look(&revoked, 1687000000));
	revoked.serial.len--;
	CHECK_EQ(CRL_CLEAR, look(&revoked, 1687000000));
}

static void no_bit_of_a_list_can_be_changed(void)
{
	struct cert_pool one = { .crls = 1 };
	const struct x509 *root;
	enum crl_state state;
	struct crl crl, *list = &crl;
	size_t bit, passed = 0;
	uint8_t *der;

	if (!have_pool())
		return;
	root = find("Intel SGX Root CA");
	if (!CHECK(root) || !CHECK(pool.crls > 1))
		return;
	one.crl = &list;
	der = exact_copy(pool.crl[1]->der.data, pool.crl[1]->der.len);
	for (bit = 0; bit < 8 * pool.crl[1]->der.len; bit++) {
		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (!crl_parse(der, pool.crl[1]->der.len, &crl, NULL)) {
			CHECK_EQ(0, crl_look(crypto, &one, root, root,
					     1687000000, &state));
			passed += state != CRL_BAD && state != CRL_NONE;
		}
		der[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	CHECK_EQ(0, passed);
	free(der);
	cert_pool_clear(&pool);
	tsm_crypto_free(crypto);
}

static void a_root_is_known_by_all_of_its_key(void)
{
	static const struct tsm_verifier v = { .flags = 0 };
	struct x509 root;
	uint8_t point[64];
	size_t i;

	if (!have_pool())
		return;
	if (CHECK(find("Intel SGX Root CA"))) {
		root = *find("Intel SGX Root CA");
		CHECK_EQ(ROOT_INTEL, root_owner(&v, &root));
		memcpy(point, root.point.data, sizeof(point));
		root.point.data = point;
		for (i = 0; i < sizeof(point); i++) {
			point[i] ^= 1;
			CHECK_EQ(ROOT_NONE, root_owner(&v, &root));
			point[i] ^= 1;
		}
		CHECK_EQ(ROOT_INTEL, root_owner(&v, &root));
	}
	cert_pool_clear(&pool);
	tsm_crypto_free(crypto);
}

static const struct tap_test tests[] = {
	{ "each certificate and list is decoded",
	  each_certificate_and_list_is_decoded },
	{ "each link is fine", each_link_is_fine },
	{ "each root is signed by its own key",
	  each_root_is_signed_by_its_own_key },
	{ "a root is known by all of its key",
	  a_root_is_known_by_all_of_its_key },
	{ "no bit of a certificate can be changed",
	  no_bit_of_a_certificate_can_be_changed },
	{ "lists of Intel are authentic", lists_of_intel_are_authentic },
	{ "a serial number of a real list is revoked",
	  a_serial_number_of_a_real_list_is_revoked },
	{ "no bit of a list can be changed", no_bit_of_a_list_can_be_changed },
};

TAP_MAIN(tests)
