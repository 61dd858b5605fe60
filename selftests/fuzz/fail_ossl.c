// SPDX-License-Identifier: MIT
/*
 * Functions of OpenSSL that fail for no reason, and say nothing of it: those by
 * which the library tells missing memory from a wrong signature.
 */
#include "fuzz.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

BN_CTX *__real_BN_CTX_new(void);
BN_CTX *__wrap_BN_CTX_new(void);
BN_CTX *__wrap_BN_CTX_new(void)
{
	return fail_now() ? NULL : __real_BN_CTX_new();
}

BIGNUM *__real_BN_bin2bn(const unsigned char *s, int len, BIGNUM *ret);
BIGNUM *__wrap_BN_bin2bn(const unsigned char *s, int len, BIGNUM *ret);
BIGNUM *__wrap_BN_bin2bn(const unsigned char *s, int len, BIGNUM *ret)
{
	return fail_now() ? NULL : __real_BN_bin2bn(s, len, ret);
}

int __real_BN_add(BIGNUM *r, const BIGNUM *a, const BIGNUM *b);
int __wrap_BN_add(BIGNUM *r, const BIGNUM *a, const BIGNUM *b);
int __wrap_BN_add(BIGNUM *r, const BIGNUM *a, const BIGNUM *b)
{
	return !fail_now() && __real_BN_add(r, a, b);
}

BIGNUM *__real_BN_mod_inverse(BIGNUM *r, const BIGNUM *a, const BIGNUM *n,
			      BN_CTX *ctx);
BIGNUM *__wrap_BN_mod_inverse(BIGNUM *r, const BIGNUM *a, const BIGNUM *n,
			      BN_CTX *ctx);
BIGNUM *__wrap_BN_mod_inverse(BIGNUM *r, const BIGNUM *a, const BIGNUM *n,
			      BN_CTX *ctx)
{
	return fail_now() ? NULL : __real_BN_mod_inverse(r, a, n, ctx);
}

int __real_BN_mod_mul(BIGNUM *r, const BIGNUM *a, const BIGNUM *b,
		      const BIGNUM *m, BN_CTX *ctx);
int __wrap_BN_mod_mul(BIGNUM *r, const BIGNUM *a, const BIGNUM *b,
		      const BIGNUM *m, BN_CTX *ctx);
int __wrap_BN_mod_mul(BIGNUM *r, const BIGNUM *a, const BIGNUM *b,
		      const BIGNUM *m, BN_CTX *ctx)
{
	return !fail_now() && __real_BN_mod_mul(r, a, b, m, ctx);
}

int __real_BN_mod_sqr(BIGNUM *r, const BIGNUM *a, const BIGNUM *m,
		      BN_CTX *ctx);
int __wrap_BN_mod_sqr(BIGNUM *r, const BIGNUM *a, const BIGNUM *m,
		      BN_CTX *ctx);
int __wrap_BN_mod_sqr(BIGNUM *r, const BIGNUM *a, const BIGNUM *m, BN_CTX *ctx)
{
	return !fail_now() && __real_BN_mod_sqr(r, a, m, ctx);
}

int __real_BN_mod_exp_mont(BIGNUM *r, const BIGNUM *a, const BIGNUM *p,
			   const BIGNUM *m, BN_CTX *ctx, BN_MONT_CTX *mont);
int __wrap_BN_mod_exp_mont(BIGNUM *r, const BIGNUM *a, const BIGNUM *p,
			   const BIGNUM *m, BN_CTX *ctx, BN_MONT_CTX *mont);
int __wrap_BN_mod_exp_mont(BIGNUM *r, const BIGNUM *a, const BIGNUM *p,
			   const BIGNUM *m, BN_CTX *ctx, BN_MONT_CTX *mont)
{
	return !fail_now() && __real_BN_mod_exp_mont(r, a, p, m, ctx, mont);
}

EC_POINT *__real_EC_POINT_new(const EC_GROUP *group);
EC_POINT *__wrap_EC_POINT_new(const EC_GROUP *group);
EC_POINT *__wrap_EC_POINT_new(const EC_GROUP *group)
{
	return fail_now() ? NULL : __real_EC_POINT_new(group);
}

int __real_EC_POINT_oct2point(const EC_GROUP *group, EC_POINT *p,
			      const unsigned char *buf, size_t len,
			      BN_CTX *ctx);
int __wrap_EC_POINT_oct2point(const EC_GROUP *group, EC_POINT *p,
			      const unsigned char *buf, size_t len,
			      BN_CTX *ctx);
int __wrap_EC_POINT_oct2point(const EC_GROUP *group, EC_POINT *p,
			      const unsigned char *buf, size_t len,
			      BN_CTX *ctx)
{
	return !fail_now() &&
	       __real_EC_POINT_oct2point(group, p, buf, len, ctx);
}

int __real_EC_POINT_mul(const EC_GROUP *group, EC_POINT *r, const BIGNUM *n,
			const EC_POINT *q, const BIGNUM *m, BN_CTX *ctx);
int __wrap_EC_POINT_mul(const EC_GROUP *group, EC_POINT *r, const BIGNUM *n,
			const EC_POINT *q, const BIGNUM *m, BN_CTX *ctx);
int __wrap_EC_POINT_mul(const EC_GROUP *group, EC_POINT *r, const BIGNUM *n,
			const EC_POINT *q, const BIGNUM *m, BN_CTX *ctx)
{
	return !fail_now() && __real_EC_POINT_mul(group, r, n, q, m, ctx);
}

EC_GROUP *__real_EC_GROUP_new_by_curve_name(int nid);
EC_GROUP *__wrap_EC_GROUP_new_by_curve_name(int nid);
EC_GROUP *__wrap_EC_GROUP_new_by_curve_name(int nid)
{
	return fail_now() ? NULL : __real_EC_GROUP_new_by_curve_name(nid);
}

BIO *__real_BIO_new_mem_buf(const void *buf, int len);
BIO *__wrap_BIO_new_mem_buf(const void *buf, int len);
BIO *__wrap_BIO_new_mem_buf(const void *buf, int len)
{
	return fail_now() ? NULL : __real_BIO_new_mem_buf(buf, len);
}

ASN1_OBJECT *__real_OBJ_txt2obj(const char *s, int no_name);
ASN1_OBJECT *__wrap_OBJ_txt2obj(const char *s, int no_name);
ASN1_OBJECT *__wrap_OBJ_txt2obj(const char *s, int no_name)
{
	return fail_now() ? NULL : __real_OBJ_txt2obj(s, no_name);
}
