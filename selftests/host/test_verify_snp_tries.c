// SPDX-License-Identifier: MIT
/* How many keys are tried to find the one that signed a report. */
#include "snp_forged.h"
#include "../../tools/lib/crypto.h"

#include <openssl/x509.h>

static unsigned int tries;
static EVP_PKEY *wrong_key;

int __real_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t count, const uint8_t *signature);
int __wrap_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t count, const uint8_t *signature);

/* That the wrong key did not sign takes half a millisecond to find out. */
int __wrap_tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
			    const uint8_t *point, const struct tsm_blob *parts,
			    size_t count, const uint8_t *signature)
{
	static uint8_t spki[256];
	unsigned char *end = spki;
	int len;

	tries++;
	len = wrong_key ? i2d_PUBKEY(wrong_key, &end) : 0;
	if (len > 96 && key == X509_KEY_P384 &&
	    !memcmp(spki + len - 96, point, 96))
		return 0;
	return __real_tsm_crypto_ecdsa(crypto, key, point, parts, count,
				       signature);
}

/* Certificates of one key that is wrong, PEM, and room for one more. */
#define MANY	600
#define PEM_SIZE	4096

static struct tsm_blob many_wrong(void)
{
	static struct bytes pem;
	struct tsm_blob all = { malloc((MANY + 1) * PEM_SIZE), 0 };
	size_t i;

	machine_begin("Milan", 3, false);
	wrong_key = m.pki.vcek.key = forge_key(FORGE_P384, 5);
	machine_make();
	pem.len = 0;
	forge_pem(&pem, "CERTIFICATE", &m.pki.vcek_der);
	if (!all.data || pem.len > PEM_SIZE)
		abort();
	for (i = 0; i < MANY; i++, all.len += pem.len)
		memcpy((uint8_t *)all.data + all.len, pem.p, pem.len);
	machine_begin("Milan", 3, false);
	machine_make();
	return all;
}

static void add(struct tsm_verifier *v, const void *data, size_t len,
		size_t count)
{
	struct tsm_error err = { "" };
	size_t added = 0;

	if (!CHECK_EQ(0, tsm_verifier_add_certs(v, data, len, &added, &err)) ||
	    !CHECK_EQ(count, added))
		printf("# %s\n", err.text);
}

static void one_that_signed_is_enough(void)
{
	struct tsm_verifier *v;
	int i;

	machine_begin("Milan", 3, true);
	machine_make();
	v = machine_verifier();
	for (i = 0; i < 20; i++)
		add(v, m.pki.vlek_der.p, m.pki.vlek_der.len, 1);
	tries = 0;
	machine_judge(v);
	fails(&m.j, "");
	CHECK_EQ(1, tries);
	tsm_verifier_free(v);
}

static void all_that_were_given_are_tried(void)
{
	struct tsm_blob wrong = many_wrong();
	struct tsm_verifier *v = machine_verifier();

	add(v, wrong.data, wrong.len, MANY);
	tries = 0;
	machine_judge(v);
	fails(&m.j, "");
	CHECK_EQ(MANY + 1, tries);
	tsm_verifier_free(v);
	unload(&wrong);
}

/* The host must not keep a verifier busy. */
static void of_those_that_came_some_are_tried(void)
{
	struct tsm_blob wrong = many_wrong();
	struct tsm_verifier *v = machine_verifier();
	struct tsm_blob report = { m.out.p, m.out.len };
	static struct bytes pem;

	add(v, m.pki.ask_der.p, m.pki.ask_der.len, 1);
	pem.len = 0;
	forge_pem(&pem, "CERTIFICATE", &m.pki.vcek_der);
	memcpy((uint8_t *)wrong.data + wrong.len, pem.p, pem.len);
	wrong.len += pem.len;
	tries = 0;
	judge_it(v, &report, &wrong, &m.j);
	CHECK_EQ(TSM_REJECTED, m.j.judged);
	CHECK_EQ(512, tries);
	machine_says("signature", "did not sign these bytes");
	tsm_verifier_free(v);
	unload(&wrong);
}

static const struct tap_test tests[] = {
	{ "once one signed, and is valid, no other is tried",
	  one_that_signed_is_enough },
	{ "all that the verifier was given are tried",
	  all_that_were_given_are_tried },
	{ "of those that came with the report 512 are",
	  of_those_that_came_some_are_tried },
};

TAP_MAIN(tests)
