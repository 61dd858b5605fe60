// SPDX-License-Identifier: MIT
/*
 * Signatures: ECDSA and RSA-PSS as the library computes them, against those of
 * OpenSSL, for keys and signatures that the input makes up, good ones too.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "../../tools/lib/crypto.h"

#include "crypto_input.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

static struct tsm_crypto *crypto;
static struct seen {
	int verdict;
} first, again;

void fuzz_prepare(const char *program)
{
	(void)program;
	crypto_input_prepare();
	if (tsm_crypto_new(&crypto))
		abort();
}

static int look_at_ecdsa(const struct ecdsa_input *e)
{
	const struct tsm_blob parts[] = {
		{ e->message, e->len / 2 },
		{ e->message + e->len / 2, e->len - e->len / 2 },
	};

	return tsm_crypto_ecdsa(crypto, e->half == 32 ? X509_KEY_P256 :
						       X509_KEY_P384,
				e->point, parts, 2, e->signature);
}

static int look_at_rsa(const struct rsa_input *r)
{
	const struct tsm_blob message = { r->message, r->len };
	const struct tsm_blob signature = { r->signature, r->signature_len };
	struct x509 issuer = {
		.key = X509_KEY_RSA,
		.modulus = { r->modulus, r->modulus_len },
		.exponent = { r->exponent, r->exponent_len },
	};

	return tsm_crypto_signed_by(crypto, &issuer, &message,
				    X509_RSA_PSS_SHA384, NULL, &signature);
}

/* What an input makes up is made once, before it is judged. */
static struct ecdsa_input ecdsa;
static struct rsa_input rsa;
static bool is_rsa;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;

	(void)in;
	s->verdict = is_rsa ? look_at_rsa(&rsa) : look_at_ecdsa(&ecdsa);
	if (s->verdict != -ENOMEM)
		return 0;
	strcpy(err->text, "out of memory");
	memset(s, 0, sizeof(*s));
	return -ENOMEM;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	int expected;

	if (!in.len)
		return 0;
	is_rsa = in.data[0] & 1;
	if (is_rsa) {
		rsa_input_read(&in, &rsa);
		expected = rsa_expected(&rsa);
	} else {
		ecdsa_input_read(&in, &ecdsa);
		expected = ecdsa_expected(&ecdsa);
	}
	ENSURE(!fuzz_all_ways(data, size, look, &first, &again, sizeof(first)));
	fuzz_tell(first.verdict);
	ENSURE(first.verdict == expected);
	return 0;
}
