/* SPDX-License-Identifier: MIT */
/* What the files that call OpenSSL share; no type of it in sight here, either. */
#ifndef TSM_OSSL_PRIVATE_H
#define TSM_OSSL_PRIVATE_H

#include "crypto.h"
#include "lib_private.h"

/* ossl_verify.c: SHA-384 over @count parts. */
void ossl_sha384(const struct tsm_blob *parts, size_t count, uint8_t out[48]);

/**
 * ossl_pss_verify() - check a signature RSASSA-PSS with SHA-384, MGF1 of that, and
 *		       a salt of 48 bytes
 * @key: of kind X509_KEY_RSA
 * @digest: SHA-384 of what is signed
 * @signature: as it stands in a certificate
 *
 * Return: 1 if it is right; 0 if not, or if the key is below 2048 or above 8192
 * bits, or no such key can be; -ENOMEM.
 */
int ossl_pss_verify(const struct x509 *key, const uint8_t digest[48],
		    const struct tsm_blob *signature);

#endif /* TSM_OSSL_PRIVATE_H */
