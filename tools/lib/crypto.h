/* SPDX-License-Identifier: MIT */
/* Signatures, checked by OpenSSL, without a type of OpenSSL in sight. */
#ifndef TSM_CRYPTO_H
#define TSM_CRYPTO_H

#include "x509.h"

/* What OpenSSL needs once: the curves. Shared by threads, which only read it. */
struct tsm_crypto;

/* Return: 0 or -ENOMEM. */
int tsm_crypto_new(struct tsm_crypto **crypto);
void tsm_crypto_free(struct tsm_crypto *crypto);

/**
 * tsm_crypto_ecdsa() - check an ECDSA signature
 * @crypto: from tsm_crypto_new()
 * @key: X509_KEY_P256, with SHA-256, or X509_KEY_P384, with SHA-384
 * @point: X || Y of the public key, big-endian, 64 or 96 bytes
 * @parts: what is signed, in @count parts
 * @signature: R || S, big-endian, 64 or 96 bytes
 *
 * R and S must be from 1 to the order of the curve less 1, the point on it.
 * Return: 1 if the signature is right, 0 if not, -ENOMEM.
 */
int tsm_crypto_ecdsa(const struct tsm_crypto *crypto, enum x509_key key,
		     const uint8_t *point, const struct tsm_blob *parts,
		     size_t count, const uint8_t *signature);

/**
 * tsm_crypto_signed_by() - check the signature of a certificate or a list
 * @crypto: from tsm_crypto_new()
 * @issuer: whose key is to be tried
 * @tbs: what is signed
 * @algorithm: how
 * @signature: R || S
 * @raw_signature: where it is RSA-PSS
 *
 * Return: 1 if it is right; 0 if not, or if the key does not fit @algorithm
 * (RSA below 2048 bits never does); -ENOMEM.
 */
int tsm_crypto_signed_by(const struct tsm_crypto *crypto,
			 const struct x509 *issuer, const struct tsm_blob *tbs,
			 enum x509_signature algorithm,
			 const uint8_t *signature,
			 const struct tsm_blob *raw_signature);

#endif /* TSM_CRYPTO_H */
