// SPDX-License-Identifier: MIT
/* Forges certificates and revocation lists, RFC 5280, tag by tag. */
#include "forge.h"

#include <openssl/x509.h>
#include <time.h>

/* AlgorithmIdentifiers; those of PSS name hash, MGF of that hash, and salt. */
#define OID_SHA256	"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
#define OID_SHA384	"\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00"
#define OID_MGF1	"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define OID_PSS		"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define PSS(hash, salt) \
	OID_PSS "\x30\x34\xa0\x0f" hash "\xa1\x1c\x30\x1a" OID_MGF1 hash \
		"\xa2\x03\x02\x01" salt

static void put_algorithm(struct bytes *to, EVP_PKEY *signer,
			  enum forge_signature how)
{
	static const struct {
		const char *oid;
		size_t len;
	} algorithms[] = {
#define ALGORITHM(how, oid)	[how] = { oid, sizeof(oid) - 1 }
		ALGORITHM(FORGE_ECDSA_SHA1,
			  "\x06\x07\x2a\x86\x48\xce\x3d\x04\x01"),
		ALGORITHM(FORGE_ECDSA_SHA256,
			  "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
		ALGORITHM(FORGE_ECDSA_SHA384,
			  "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"),
		ALGORITHM(FORGE_PSS_TRAILER,
			  OID_PSS "\x30\x39\xa0\x0f" OID_SHA384
			  "\xa1\x1c\x30\x1a" OID_MGF1 OID_SHA384
			  "\xa2\x03\x02\x01\x30\xa3\x03\x02\x01\x01"),
		ALGORITHM(FORGE_PSS_SHA256, PSS(OID_SHA256, "\x30")),
		ALGORITHM(FORGE_PSS_SALT32, PSS(OID_SHA384, "\x20")),
		ALGORITHM(FORGE_RSA_PKCS1,
			  "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00"),
#undef ALGORITHM
	};
	static const char pss[] = PSS(OID_SHA384, "\x30");

	if (how == FORGE_AS_KEY && EVP_PKEY_is_a(signer, "RSA")) {
		forge_tlv(to, 0x30, pss, sizeof(pss) - 1);
		return;
	}
	if (how == FORGE_AS_KEY)
		how = EVP_PKEY_get_bits(signer) == 256 ? FORGE_ECDSA_SHA256 :
							 FORGE_ECDSA_SHA384;
	forge_tlv(to, 0x30, algorithms[how].oid, algorithms[how].len);
}

static void put_attribute(struct bytes *name, uint8_t type, uint8_t tag,
			  const char *text)
{
	const uint8_t oid[] = { 0x55, 0x04, type };
	struct bytes pair = { .len = 0 }, set = { .len = 0 };

	forge_tlv(&pair, 0x06, oid, sizeof(oid));
	forge_tlv(&pair, tag, text, strlen(text));
	forge_tlv(&set, 0x30, pair.p, pair.len);
	forge_tlv(name, 0x31, set.p, set.len);
}

static void put_name(struct bytes *to, const char *common_name)
{
	struct bytes name = { .len = 0 };

	put_attribute(&name, 3, 0x0c, common_name);
	put_attribute(&name, 10, 0x0c, "Forgery");
	put_attribute(&name, 6, 0x13, "XX");
	forge_tlv(to, 0x30, name.p, name.len);
}

/* RFC 5280 4.1.2.5: from 2050 on with four digits */
static void put_time(struct bytes *to, int64_t when)
{
	const time_t t = when == INT64_MAX ? INT64_C(253402300799) : when;
	struct tm tm;
	char text[32];

	if (!gmtime_r(&t, &tm))
		abort();
	if (tm.tm_year < 150)
		strftime(text, sizeof(text), "%y%m%d%H%M%SZ", &tm);
	else
		strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	forge_tlv(to, tm.tm_year < 150 ? 0x17 : 0x18, text, strlen(text));
}

static void put_key(struct bytes *to, const struct forge_cert *cert)
{
	unsigned char *der = NULL;
	const int len = i2d_PUBKEY(cert->key, &der);

	if (len <= 0)
		abort();
	/* Y is what ends it */
	if (cert->deviations & FORGE_OFF_CURVE)
		der[len - 1] ^= 1;
	put(to, der, (size_t)len);
	OPENSSL_free(der);
}

static void put_extension(struct bytes *list, const void *oid, size_t oid_len,
			  bool critical, const void *value, size_t len)
{
	struct bytes ext = { .len = 0 };

	forge_tlv(&ext, 0x06, oid, oid_len);
	if (critical)
		forge_tlv(&ext, 0x01, "\xff", 1);
	forge_tlv(&ext, 0x04, value, len);
	forge_tlv(list, 0x30, ext.p, ext.len);
}

static void put_number(struct bytes *to, uint8_t tag, unsigned int number)
{
	uint8_t be[3] = { 0, (uint8_t)(number >> 8), (uint8_t)number };
	size_t skip = 2;

	while (skip && (be[skip] & 0x80 || be[skip - 1]))
		skip--;
	forge_tlv(to, tag, be + skip, 3 - skip);
}

static void put_pck_field(struct bytes *to, const uint8_t *arcs, size_t count,
			  const struct bytes *value)
{
	uint8_t oid[16] = { 0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d,
			    0x01 };
	struct bytes field = { .len = 0 };

	memcpy(oid + 9, arcs, count);
	forge_tlv(&field, 0x06, oid, 9 + count);
	put(&field, value->p, value->len);
	forge_tlv(to, 0x30, field.p, field.len);
}

static void put_octets(struct bytes *to, uint8_t arc, const void *data,
		       size_t len)
{
	struct bytes value = { .len = 0 };

	forge_tlv(&value, 0x04, data, len);
	put_pck_field(to, &arc, 1, &value);
}

/* Intel's profile, 1.3.5 */
static void put_pck(struct bytes *list, const struct forge_pck *pck)
{
	struct bytes fields = { .len = 0 }, tcb = { .len = 0 }, value, all;
	uint8_t arcs[2] = { 2 };

	for (arcs[1] = 1; arcs[1] <= 18; arcs[1]++) {
		value.len = 0;
		if (arcs[1] <= 16)
			put_number(&value, 0x02, pck->comp[arcs[1] - 1]);
		else if (arcs[1] == 17)
			put_number(&value, 0x02, pck->pcesvn);
		else
			forge_tlv(&value, 0x04, pck->comp, 16);
		put_pck_field(&tcb, arcs, 2, &value);
	}
	put_octets(&fields, 1, pck->ppid, sizeof(pck->ppid));
	value.len = 0;
	forge_tlv(&value, 0x30, tcb.p, tcb.len);
	put_pck_field(&fields, arcs, 1, &value);
	put_octets(&fields, 3, pck->pceid, sizeof(pck->pceid));
	put_octets(&fields, 4, pck->fmspc, sizeof(pck->fmspc));
	value.len = 0;
	put_number(&value, 0x0a, pck->sgx_type);
	put_pck_field(&fields, (const uint8_t[]){ 5 }, 1, &value);
	all.len = 0;
	forge_tlv(&all, 0x30, fields.p, fields.len);
	put_extension(list, "\x2a\x86\x48\x86\xf8\x4d\x01\x0d\x01", 9, false,
		      all.p, all.len);
}

static void put_snp_field(struct bytes *list, uint8_t arc, uint8_t arc2,
			  const struct bytes *value)
{
	uint8_t oid[10] = { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01,
			    arc, arc2 };

	put_extension(list, oid, arc2 ? 10 : 9, false, value->p, value->len);
}

static void put_snp_text(struct bytes *list, uint8_t arc, const char *text)
{
	struct bytes value = { .len = 0 };

	if (!text)
		return;
	forge_tlv(&value, 0x16, text, strlen(text));
	put_snp_field(list, arc, 0, &value);
}

/* AMD's 57230, 3.1 */
static void put_snp(struct bytes *list, const struct forge_snp *snp)
{
	struct bytes value = { .len = 0 };
	uint8_t i;

	put_number(&value, 0x02, snp->version);
	put_snp_field(list, 1, 0, &value);
	put_snp_text(list, 2, snp->product);
	for (i = 1; i <= 9; i++) {
		if (!(snp->has_spl & 1u << i))
			continue;
		value.len = 0;
		put_number(&value, 0x02, snp->spl[i]);
		put_snp_field(list, 3, i, &value);
	}
	value.len = 0;
	put(&value, snp->hw_id, snp->hw_id_len);
	if (value.len)
		put_snp_field(list, 4, 0, &value);
	put_snp_text(list, 5, snp->csp_id);
}

static void put_constraints(struct bytes *list, const struct forge_cert *cert)
{
	struct bytes inner = { .len = 0 }, value = { .len = 0 };

	if (cert->ca)
		forge_tlv(&inner, 0x01, "\xff", 1);
	if (cert->path_len >= 0)
		put_number(&inner, 0x02, (unsigned int)cert->path_len);
	forge_tlv(&value, 0x30, inner.p, inner.len);
	put_extension(list, "\x55\x1d\x13", 3, true, value.p, value.len);
}

static void put_usage(struct bytes *list, uint8_t usage)
{
	uint8_t bits[2] = { 0, usage };
	struct bytes value = { .len = 0 };

	while (usage && !(usage & 1u << bits[0]))
		bits[0]++;
	forge_tlv(&value, 0x03, bits, 2);
	put_extension(list, "\x55\x1d\x0f", 3, true, value.p, value.len);
}

static void put_extensions(struct bytes *tbs, const struct forge_cert *cert)
{
	static const uint8_t unknown[] = { 0x2a, 0x03, 0x04 };
	const unsigned int odd = cert->deviations;
	struct bytes list = { .len = 0 }, all = { .len = 0 };

	if (!(odd & FORGE_NO_CONSTRAINTS))
		put_constraints(&list, cert);
	if (cert->pck)
		put_pck(&list, cert->pck);
	if (cert->snp)
		put_snp(&list, cert->snp);
	if (cert->more)
		put(&list, cert->more->p, cert->more->len);
	if (odd & (FORGE_UNKNOWN | FORGE_UNKNOWN_CRITICAL))
		put_extension(&list, unknown, sizeof(unknown),
			      odd & FORGE_UNKNOWN_CRITICAL, "\x05\x00", 2);
	if (!(odd & FORGE_NO_USAGE))
		put_usage(&list, cert->usage);
	if (odd & FORGE_EXTENSION_TWICE)
		put_usage(&list, cert->usage);
	if (!list.len)
		return;
	forge_tlv(&all, 0x30, list.p, list.len);
	forge_tlv(tbs, 0xa3, all.p, all.len);
}

/* The frame of certificate and list. */
static void wrap(struct bytes *out, const struct bytes *content,
		 void (*edit)(struct bytes *tbs), EVP_PKEY *signer,
		 enum forge_signature how, bool spoil)
{
	struct bytes tbs = { .len = 0 }, all, bits = { .len = 0 };

	forge_tlv(&tbs, 0x30, content->p, content->len);
	if (edit)
		edit(&tbs);
	forge_sign(&bits, signer, how, &tbs);
	if (spoil)
		bits.p[bits.len - 1] ^= 1;
	all = tbs;
	put_algorithm(&all, signer, how);
	forge_tlv(&all, 0x03, bits.p, bits.len);
	out->len = 0;
	forge_tlv(out, 0x30, all.p, all.len);
}

void forge_cert(struct bytes *out, const struct forge_cert *cert)
{
	const unsigned int odd = cert->deviations;
	struct bytes tbs = { .len = 0 }, validity = { .len = 0 };

	if (!(odd & FORGE_VERSION_1))
		forge_tlv(&tbs, 0xa0, "\x02\x01\x02", 3);
	put_number(&tbs, 0x02, cert->serial);
	put_algorithm(&tbs, cert->signer,
		      odd & FORGE_INNER_ALGORITHM ? FORGE_ECDSA_SHA1 :
						    cert->how);
	put_name(&tbs, cert->issuer);
	put_time(&validity, cert->from);
	put_time(&validity, cert->until);
	forge_tlv(&tbs, 0x30, validity.p, validity.len);
	put_name(&tbs, cert->subject);
	put_key(&tbs, cert);
	if (!(odd & FORGE_VERSION_1))
		put_extensions(&tbs, cert);
	wrap(out, &tbs, cert->edit, cert->signer, cert->how,
	     odd & FORGE_BAD_SIGNATURE);
}

static void put_revoked(struct bytes *tbs, const struct forge_crl *crl)
{
	struct bytes list = { .len = 0 }, entry, ext, all;
	size_t i;

	for (i = 0; i < crl->count; i++) {
		entry.len = ext.len = all.len = 0;
		put_number(&entry, 0x02, crl->revoked[i]);
		put_time(&entry, crl->from);
		put_extension(&ext, "\x55\x1d\x15", 3, false, "\x0a\x01\x01", 3);
		forge_tlv(&all, 0x30, ext.p, ext.len);
		if (!crl->is_version1)
			put(&entry, all.p, all.len);
		forge_tlv(&list, 0x30, entry.p, entry.len);
	}
	if (crl->count)
		forge_tlv(tbs, 0x30, list.p, list.len);
}

void forge_crl(struct bytes *out, const struct forge_crl *crl)
{
	struct bytes tbs = { .len = 0 }, list = { .len = 0 }, all = { .len = 0 };

	if (!crl->is_version1)
		put_number(&tbs, 0x02, 1);
	put_algorithm(&tbs, crl->signer, crl->how);
	put_name(&tbs, crl->issuer);
	put_time(&tbs, crl->from);
	if (crl->until != INT64_MIN)
		put_time(&tbs, crl->until);
	put_revoked(&tbs, crl);
	put_extension(&list, "\x55\x1d\x14", 3, false, "\x02\x01\x01", 3);
	if (crl->is_delta)
		put_extension(&list, "\x55\x1d\x1b", 3, true, "\x02\x01\x00", 3);
	forge_tlv(&all, 0x30, list.p, list.len);
	if (!crl->is_version1)
		forge_tlv(&tbs, 0xa0, all.p, all.len);
	wrap(out, &tbs, crl->edit, crl->signer, crl->how, false);
}
