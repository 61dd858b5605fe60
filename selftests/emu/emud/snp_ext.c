// SPDX-License-Identifier: MIT
/* AMD's extensions of VCEK and VLEK certificates, OID 1.3.6.1.4.1.3704.1. */

#include "snp.h"

#include <openssl/asn1.h>
#include <stdio.h>
#include <string.h>

/*
 * AMD 57230, VCEK Certificate and KDS Interface Specification. The value of
 * each extension is DER, but that of hwID is the bare bytes.
 */
#define AMD_OID		"1.3.6.1.4.1.3704.1"
#define TAG_INTEGER	0x02
#define TAG_IA5STRING	0x16

static int add_raw(X509 *cert, const char *oid, const uint8_t *value,
		   size_t len)
{
	char text[64];
	ASN1_OBJECT *object;
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext = NULL;
	int ret = -1;

	snprintf(text, sizeof(text), AMD_OID ".%s", oid);
	object = OBJ_txt2obj(text, 1);
	if (object && octets && ASN1_OCTET_STRING_set(octets, value, len) == 1)
		ext = X509_EXTENSION_create_by_OBJ(NULL, object, 0, octets);
	if (ext && X509_add_ext(cert, ext, -1) == 1)
		ret = 0;
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(octets);
	ASN1_OBJECT_free(object);
	return ret;
}

static int add_svn(X509 *cert, const char *oid, uint8_t svn)
{
	uint8_t der[4] = { TAG_INTEGER, 1, svn };

	/* DER integers are signed: these need a zero in front. */
	if (svn >= 128) {
		der[1] = 2;
		der[2] = 0;
		der[3] = svn;
	}
	return add_raw(cert, oid, der, 2 + der[1]);
}

static int add_text(X509 *cert, const char *oid, const char *text)
{
	uint8_t der[2 + 127] = { TAG_IA5STRING };
	size_t len = strlen(text);

	if (len > sizeof(der) - 2)
		return -1;
	der[1] = len;
	memcpy(der + 2, text, len);
	return add_raw(cert, oid, der, 2 + len);
}

/* In the order that AMD's certificates of that generation have them. */
static int add_tcb(X509 *cert, const struct snp_product *product)
{
	const struct { const char *oid; uint8_t svn; bool fmc, no_fmc; } tcb[] = {
		{ "3.9", product->fmc, .fmc = true },
		{ "3.1", product->bl },
		{ "3.2", product->tee },
		{ "3.3", product->snp, .fmc = true },
		{ "3.4", 0, .no_fmc = true },
		{ "3.5", 0 },
		{ "3.6", 0 },
		{ "3.7", 0 },
		{ "3.3", product->snp, .no_fmc = true },
		{ "3.8", product->ucode },
	};

	for (size_t i = 0; i < sizeof(tcb) / sizeof(*tcb); i++) {
		if (product->has_fmc ? tcb[i].no_fmc : tcb[i].fmc)
			continue;
		if (add_svn(cert, tcb[i].oid, tcb[i].svn))
			return -1;
	}
	return 0;
}

/**
 * snp_ext_add - adds AMD's extensions to a certificate
 * @cert: to be signed afterwards
 * @product: whose TCB and chip it is about
 * @vlek: about no chip, but a cloud provider
 */
int snp_ext_add(X509 *cert, const struct snp_product *product, bool vlek)
{
	if (add_svn(cert, "1", product->has_fmc ? 1 : 0) ||
	    add_text(cert, "2", vlek ? product->name : product->chip_product) ||
	    add_tcb(cert, product))
		return ossl_fail("cannot make AMD's extensions");
	if (vlek ? add_text(cert, "5", "CN=emulated.invalid") :
		   add_raw(cert, "4", product->chip_id, product->hwid_len))
		return ossl_fail("cannot make AMD's extensions");
	return 0;
}
