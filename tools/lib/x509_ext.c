// SPDX-License-Identifier: MIT
/* Decodes extensions, RFC 5280 4.2, Intel's and AMD's. */
#include "x509_private.h"

#include <errno.h>

static const uint8_t oid_usage[] = { 0x55, 0x1d, 0x0f };
static const uint8_t oid_constraints[] = { 0x55, 0x1d, 0x13 };
/* 1.2.840.113741.1.13.1 */
static const uint8_t oid_pck[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01,
};

/* DER has one true; a false that is the default should not be there, but is in
 * certificates of many issuers. */
static bool take_flag(struct cursor *c, bool *flag)
{
	struct cursor value;

	*flag = false;
	if (!der_next_is(c, DER_BOOLEAN))
		return true;
	if (!der_take(c, DER_BOOLEAN, &value) || value.left != 1)
		return false;
	*flag = value.pos[0] == 0xff;
	return *flag || !value.pos[0];
}

static bool take_extension(struct cursor *list, struct x509_ext *ext)
{
	struct cursor one, oid;

	if (!der_take(list, DER_SEQUENCE, &one) ||
	    !der_take(&one, DER_OID, &oid) || !oid.left ||
	    !take_flag(&one, &ext->critical) ||
	    !der_take(&one, DER_OCTET_STRING, &ext->value))
		return false;
	ext->oid = x509_blob(&oid);
	return !one.left;
}

bool x509_extensions(struct cursor *c, struct x509_ext *ext, size_t *count)
{
	struct cursor list;
	size_t i;

	*count = 0;
	if (!der_take(c, DER_SEQUENCE, &list) || !list.left)
		return false;
	while (list.left) {
		if (*count == X509_EXTENSIONS_MAX ||
		    !take_extension(&list, &ext[*count]))
			return false;
		for (i = 0; i < *count; i++) {
			if (x509_equal(&ext[i].oid, &ext[*count].oid))
				return false;
		}
		++*count;
	}
	return true;
}

static bool take_constraints(struct cursor c, struct x509 *cert)
{
	unsigned int path_len;
	struct cursor list;

	if (!der_take(&c, DER_SEQUENCE, &list) || c.left ||
	    !take_flag(&list, &cert->is_ca))
		return false;
	if (!list.left)
		return true;
	/* RFC 5280 4.2.1.9: only a CA has one */
	if (!cert->is_ca || !der_number(&list, DER_INTEGER, &path_len) ||
	    list.left)
		return false;
	cert->path_len = (int)path_len;
	return true;
}

/*
 * Bits from the left: digitalSignature is 0, keyCertSign 5, cRLSign 6. DER leaves
 * zeros in the end out, X.690 11.2.2, but AMD's ASKs have them.
 */
static bool take_usage(struct cursor c, struct x509 *cert)
{
	uint8_t unused, first, last;
	struct cursor bits;

	if (!der_take(&c, DER_BIT_STRING, &bits) || c.left ||
	    !cursor_u8(&bits, &unused) || unused > 7 || bits.left < 1 ||
	    bits.left > 2)
		return false;
	first = bits.pos[0];
	last = bits.pos[bits.left - 1];
	if (last & ((1u << unused) - 1))
		return false;
	cert->can_sign_data = first & 0x80;
	cert->can_sign_certs = first & 0x04;
	cert->can_sign_crls = first & 0x02;
	return true;
}

static bool is_oid(const struct x509_ext *ext, const uint8_t *oid, size_t len)
{
	return ext->oid.len == len && !memcmp(ext->oid.data, oid, len);
}

/* AMD's may be any; those it did not know are told by nothing being added. */
static int add_snp(const struct x509_ext *ext, struct x509 *cert,
		   struct tsm_error *err)
{
	const unsigned int has = cert->snp.has, has_spl = cert->snp.has_spl;
	int ret;

	ret = tsm_snp_ext_add(&cert->snp, ext->oid.data, ext->oid.len,
			      ext->value.pos, ext->value.left, err);
	if (ret)
		return ret;
	if (cert->snp.has != has || cert->snp.has_spl != has_spl)
		cert->has |= X509_HAS_SNP;
	else if (ext->critical)
		cert->has |= X509_HAS_UNKNOWN_CRITICAL;
	return 0;
}

static int add(const struct x509_ext *ext, struct x509 *cert,
	       struct tsm_error *err)
{
	bool ok;

	if (is_oid(ext, oid_constraints, sizeof(oid_constraints))) {
		cert->has |= X509_HAS_CONSTRAINTS;
		ok = take_constraints(ext->value, cert);
	} else if (is_oid(ext, oid_usage, sizeof(oid_usage))) {
		cert->has |= X509_HAS_USAGE;
		ok = take_usage(ext->value, cert);
	} else if (is_oid(ext, oid_pck, sizeof(oid_pck))) {
		cert->has |= X509_HAS_PCK;
		return tsm_pck_parse(ext->value.pos, ext->value.left,
				     &cert->pck, err);
	} else {
		return add_snp(ext, cert, err);
	}
	return ok ? 0 :
		    tsm_error_set(err, -EBADMSG,
				  "certificate of %zu bytes: malformed basicConstraints or keyUsage",
				  cert->der.len);
}

int x509_ext_cert(struct cursor *c, struct x509 *cert, struct tsm_error *err)
{
	struct x509_ext ext[X509_EXTENSIONS_MAX];
	size_t count, i;
	int ret = 0;

	if (!x509_extensions(c, ext, &count))
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: extensions are malformed, one is there twice, or more than %d are",
				     cert->der.len, X509_EXTENSIONS_MAX);
	for (i = 0; !ret && i < count; i++)
		ret = add(&ext[i], cert, err);
	return ret;
}
