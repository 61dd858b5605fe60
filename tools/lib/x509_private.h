/* SPDX-License-Identifier: MIT */
/* What certificates and revocation lists are both made of. */
#ifndef TSM_X509_PRIVATE_H
#define TSM_X509_PRIVATE_H

#include "lib_private.h"
#include "x509.h"

/**
 * struct x509_signed - SIGNED{} of X.509: the frame of certificate and list
 * @whole: all of it
 * @tbs: what is signed, tag and length included
 * @content: of that
 * @oid: AlgorithmIdentifier outside of what is signed
 * @algorithm: what that means
 * @signature: R || S, if it is ECDSA
 * @signature_len: 64, 96 or 0
 * @raw_signature: content of the BIT STRING
 */
struct x509_signed {
	struct tsm_blob whole;
	struct tsm_blob tbs;
	struct cursor content;
	struct tsm_blob oid;
	enum x509_signature algorithm;
	uint8_t signature[96];
	size_t signature_len;
	struct tsm_blob raw_signature;
};

/* x509_fields.c: each false if it is malformed. */

/* All of @len bytes must be that frame. */
bool x509_signed_parse(const void *data, size_t len,
		       struct x509_signed *frame);

/* The AlgorithmIdentifier inside, which must be the one outside. */
bool x509_same_algorithm(struct cursor *tbs, const struct x509_signed *frame);

/* @name: DER; @common_name: the last one, may be NULL */
bool x509_name(struct cursor *c, struct tsm_blob *name,
	       struct tsm_blob *common_name);

/* RFC 5280 4.1.2.5, seconds since 1970. */
bool x509_time(struct cursor *c, int64_t *seconds);

/* A BIT STRING of whole bytes. */
bool x509_bytes(struct cursor *c, struct cursor *bytes);

/* x509_ext.c */

/* More are in no certificate that Intel or AMD issue. */
#define X509_EXTENSIONS_MAX	32

/**
 * struct x509_ext - one extension
 * @oid: content of its OBJECT IDENTIFIER
 * @critical: who does not know it must refuse
 * @value: content of its OCTET STRING
 */
struct x509_ext {
	struct tsm_blob oid;
	bool critical;
	struct cursor value;
};

/**
 * x509_extensions() - take a list of extensions apart
 * @c: at the SEQUENCE of all; moves behind it
 * @ext: room for X509_EXTENSIONS_MAX
 * @count: how many there are, each another
 */
bool x509_extensions(struct cursor *c, struct x509_ext *ext, size_t *count);

/* Decodes those of a certificate. Return: 0 or -EBADMSG. */
int x509_ext_cert(struct cursor *c, struct x509 *cert, struct tsm_error *err);

static inline struct tsm_blob x509_blob(const struct cursor *c)
{
	return (struct tsm_blob){ c->pos, c->left };
}

#endif /* TSM_X509_PRIVATE_H */
