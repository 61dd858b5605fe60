/* SPDX-License-Identifier: MIT */
/*
 * SHA-384 and SHA-512 for the tests, which run where there is no library:
 * FIPS 180-4.
 *
 * Known answers are tested in runtime_log_test.c and snp_svsm_test.c.
 */
#ifndef SELFTESTS_SHA384_H
#define SELFTESTS_SHA384_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SHA384_LEN	48
#define SHA512_LEN	64
#define SHA384_BLOCK	128

/* FIPS 180-4, 4.2.3: from the cube roots of the first 80 primes. */
static const uint64_t sha384_k[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f,
	0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019,
	0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242,
	0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
	0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
	0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
	0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f,
	0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
	0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc,
	0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6,
	0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
	0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
	0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99,
	0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
	0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc,
	0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
	0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207,
	0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba,
	0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
	0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
	0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

static inline uint64_t sha384_ror(uint64_t x, unsigned int n)
{
	return x >> n | x << (64 - n);
}

static inline uint64_t sha384_be64(const uint8_t *p)
{
	uint64_t value;

	memcpy(&value, p, sizeof(value));
	return __builtin_bswap64(value);
}

/* FIPS 180-4, 6.4.2, step 1. */
static inline void sha384_schedule(uint64_t w[80], const uint8_t *block)
{
	uint64_t s0, s1;
	unsigned int t;

	for (t = 0; t < 16; t++)
		w[t] = sha384_be64(block + 8 * t);
	for (; t < 80; t++) {
		s0 = sha384_ror(w[t - 15], 1) ^ sha384_ror(w[t - 15], 8) ^
		     w[t - 15] >> 7;
		s1 = sha384_ror(w[t - 2], 19) ^ sha384_ror(w[t - 2], 61) ^
		     w[t - 2] >> 6;
		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
}

/* Steps 2 to 4; @v is a, b, c, d, e, f, g, h. */
static inline void sha384_block(uint64_t state[8], const uint8_t *block)
{
	uint64_t w[80], v[8], t1, t2;
	unsigned int t, i;

	sha384_schedule(w, block);
	memcpy(v, state, sizeof(v));
	for (t = 0; t < 80; t++) {
		t1 = v[7] + sha384_k[t] + w[t] + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
		     (sha384_ror(v[4], 14) ^ sha384_ror(v[4], 18) ^
		      sha384_ror(v[4], 41));
		t2 = (sha384_ror(v[0], 28) ^ sha384_ror(v[0], 34) ^
		      sha384_ror(v[0], 39)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (i = 0; i < 8; i++)
		state[i] += v[i];
}

/* The last blocks: what is left of the message, 0x80, zeros, its bits. */
static inline void sha384_final(uint64_t state[8], const uint8_t *rest,
				size_t left, size_t len)
{
	const uint64_t bits = __builtin_bswap64((uint64_t)len * 8);
	uint8_t pad[2 * SHA384_BLOCK] = { 0 };
	size_t end = left < SHA384_BLOCK - 16 ? SHA384_BLOCK : sizeof(pad);

	memcpy(pad, rest, left);
	pad[left] = 0x80;
	memcpy(pad + end - sizeof(bits), &bits, sizeof(bits));
	sha384_block(state, pad);
	if (end == sizeof(pad))
		sha384_block(state, pad + SHA384_BLOCK);
}

/* Hashes a message that is all there; @state becomes the digest's words. */
static inline void sha384_words(uint64_t state[8], const uint8_t *p,
				size_t len)
{
	size_t left;
	int i;

	for (left = len; left >= SHA384_BLOCK; left -= SHA384_BLOCK) {
		sha384_block(state, p);
		p += SHA384_BLOCK;
	}
	sha384_final(state, p, left, len);
	for (i = 0; i < 8; i++)
		state[i] = __builtin_bswap64(state[i]);
}

/**
 * sha384() - hash a message that is all there.
 * @data: the message
 * @len: its bytes
 * @out: gets the digest; may lie in @data
 */
static inline void sha384(const void *data, size_t len, uint8_t out[SHA384_LEN])
{
	/* FIPS 180-4, 5.3.4: from the square roots of the 9th to 16th prime */
	uint64_t state[8] = {
		0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
		0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
		0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
	};

	sha384_words(state, data, len);
	memcpy(out, state, SHA384_LEN);
}

/* The same machine, started otherwise and not cut. */
static inline void sha512(const void *data, size_t len, uint8_t out[SHA512_LEN])
{
	/* FIPS 180-4, 5.3.5: from the square roots of the first 8 primes */
	uint64_t state[8] = {
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
		0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
		0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	};

	sha384_words(state, data, len);
	memcpy(out, state, SHA512_LEN);
}

#endif /* SELFTESTS_SHA384_H */
