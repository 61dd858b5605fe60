// SPDX-License-Identifier: MIT
/* The SGX extension of a PCK certificate, OID 1.2.840.113741.1.13.1. */

#include "emud.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/x509v3.h>

/*
 * Intel SGX PCK Certificate and CRL Profile Specification, section 1.3.5.
 * libcrypto generates DER from sections of text: the extension is a sequence of
 * pairs {OID, value}, so each pair is a section of its own.
 */
#define SGX_OID	"1.2.840.113741.1.13.1"

static void pair(BIO *conf, const char *oid, const char *type,
		 const char *value)
{
	BIO_printf(conf, "[s%s]\nid=OID:" SGX_OID ".%s\nvalue=%s:%s\n", oid,
		   oid, type, value);
}

static void pair_hex(BIO *conf, const char *oid, const uint8_t *bytes,
		     size_t len)
{
	char hex[2 * 16 + 1];

	pair(conf, oid, "FORMAT:HEX,OCTETSTRING", hex_of(bytes, len, hex));
}

static void pair_uint(BIO *conf, const char *oid, const char *type,
		      unsigned int value)
{
	char text[16];

	BIO_snprintf(text, sizeof(text), "%u", value);
	pair(conf, oid, type, text);
}

/* A sequence of the pairs OID.1 to OID.N; with OID empty, the extension. */
static void members(BIO *conf, const char *oid, unsigned int count)
{
	BIO_printf(conf, "[m%s]\n", oid);
	for (unsigned int i = 1; i <= count; i++)
		BIO_printf(conf, "%u=SEQUENCE:s%s%s%u\n", i, oid,
			   *oid ? "." : "", i);
}

static void put_tcb(BIO *conf)
{
	char oid[8];

	for (unsigned int i = 0; i < 16; i++) {
		BIO_snprintf(oid, sizeof(oid), "2.%u", i + 1);
		pair_uint(conf, oid, "INTEGER", platform.comp_svn[i]);
	}
	pair_uint(conf, "2.17", "INTEGER", platform.pcesvn);
	pair_hex(conf, "2.18", platform.cpusvn, sizeof(platform.cpusvn));
	members(conf, "2", 18);
	pair(conf, "2", "SEQUENCE", "m2");
}

static void put_configuration(BIO *conf)
{
	pair(conf, "7.1", "BOOLEAN", "TRUE");	/* dynamic platform */
	pair(conf, "7.2", "BOOLEAN", "TRUE");	/* cached keys */
	pair(conf, "7.3", "BOOLEAN", "TRUE");	/* SMT enabled */
	members(conf, "7", 3);
	pair(conf, "7", "SEQUENCE", "m7");
}

static BIO *describe(void)
{
	BIO *conf = BIO_new(BIO_s_mem());

	if (!conf)
		return NULL;
	pair_hex(conf, "1", platform.ppid, sizeof(platform.ppid));
	put_tcb(conf);
	pair_hex(conf, "3", platform.pceid, sizeof(platform.pceid));
	pair_hex(conf, "4", platform.fmspc, sizeof(platform.fmspc));
	pair_uint(conf, "5", "ENUMERATED", 1);	/* scalable */
	pair_hex(conf, "6", platform.instance_id, sizeof(platform.instance_id));
	put_configuration(conf);
	members(conf, "", 7);
	return conf;
}

static ASN1_OCTET_STRING *encode(void)
{
	BIO *text = describe();
	CONF *conf = NCONF_new(NULL);
	ASN1_OCTET_STRING *der = ASN1_OCTET_STRING_new();
	ASN1_TYPE *value = NULL;

	if (text && conf && NCONF_load_bio(conf, text, NULL) == 1)
		value = ASN1_generate_nconf("SEQUENCE:m", conf);
	if (!value || !der ||
	    !ASN1_STRING_set(der, ASN1_STRING_get0_data(value->value.sequence),
			     ASN1_STRING_length(value->value.sequence))) {
		ASN1_OCTET_STRING_free(der);
		der = NULL;
	}
	ASN1_TYPE_free(value);
	NCONF_free(conf);
	BIO_free(text);
	return der;
}

/**
 * sgx_ext_make - the extension for the emulated platform
 *
 * Return: an extension that the caller owns, or NULL.
 */
X509_EXTENSION *sgx_ext_make(void)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(SGX_OID, 1);
	ASN1_OCTET_STRING *der = encode();
	X509_EXTENSION *ext = NULL;

	if (oid && der)
		ext = X509_EXTENSION_create_by_OBJ(NULL, oid, 0, der);
	if (!ext)
		ossl_fail("cannot make the SGX extension");
	ASN1_OCTET_STRING_free(der);
	ASN1_OBJECT_free(oid);
	return ext;
}
