/* SPDX-License-Identifier: MIT */
/* What the files that call OpenSSL share; no type of it in sight here, either. */
#ifndef TSM_OSSL_PRIVATE_H
#define TSM_OSSL_PRIVATE_H

#include "crypto.h"
#include "lib_private.h"

/* ossl_pss.c: RSA-PSS, and what it takes, made when it is first used. */
struct ossl_pss;

/* Return: NULL if there is no memory. */
struct ossl_pss *ossl_pss_new(void);
void ossl_pss_free(struct ossl_pss *pss);

/**
 * ossl_pss_verify() - check a signature RSASSA-PSS with SHA-384, MGF1 of that, and
 *		       a salt of 48 bytes
 * @pss: may be used by several threads
 * @key: of kind X509_KEY_RSA
 * @digest: SHA-384 of what is signed
 * @signature: as it stands in a certificate
 *
 * Return: 1 if it is right; 0 if not, or if the key is below 2048 or above 8192
 * bits, or no such key can be; -ENOMEM.
 */
int ossl_pss_verify(struct ossl_pss *pss, const struct x509 *key,
		    const uint8_t digest[48], const struct tsm_blob *signature);

#endif /* TSM_OSSL_PRIVATE_H */
