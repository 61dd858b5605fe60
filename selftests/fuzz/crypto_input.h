/* SPDX-License-Identifier: MIT */
/* Keys, messages and signatures out of the bytes of an input, and what OpenSSL's
 * own functions say of them. */
#ifndef TSM_FUZZ_CRYPTO_INPUT_H
#define TSM_FUZZ_CRYPTO_INPUT_H

#include "fuzz.h"

#include <stdlib.h>

/**
 * struct ecdsa_input - a key on a curve, and what it is said to have signed
 * @half: 32 or 48 bytes
 * @point: X || Y
 * @signature: R || S
 * @message: @len bytes
 */
struct ecdsa_input {
	size_t half;
	uint8_t point[96];
	uint8_t signature[96];
	uint8_t message[64];
	size_t len;
};

/**
 * struct rsa_input - likewise, an RSA key
 */
struct rsa_input {
	uint8_t modulus[400];
	size_t modulus_len;
	uint8_t exponent[8];
	size_t exponent_len;
	uint8_t signature[400];
	size_t signature_len;
	uint8_t message[64];
	size_t len;
};

/* Makes the keys, the same each time. */
void crypto_input_prepare(void);

void ecdsa_input_read(const struct tsm_blob *in, struct ecdsa_input *e);
void rsa_input_read(const struct tsm_blob *in, struct rsa_input *r);

/* 1 if the signature is right, 0 if not; OpenSSL's queue is empty then. */
int ecdsa_expected(const struct ecdsa_input *e);
int rsa_expected(const struct rsa_input *r);

#endif /* TSM_FUZZ_CRYPTO_INPUT_H */
