// SPDX-License-Identifier: MIT
/* tools/lib/x509*.c: certificates, decoded and refused. */
#include "../../tools/lib/x509_private.h"
#include "forge.h"
#include "tap.h"

#include <errno.h>

static struct forge_cert honest(void)
{
	static struct forge_intel pki;

	forge_intel_init(&pki);
	return pki.leaf;
}

/* Of a copy that ends where it ends, so that AddressSanitizer watches. */
static int parse(const struct bytes *der, struct x509 *cert)
{
	uint8_t *copy = exact_copy(der->p, der->len);
	struct tsm_error err = { "" };
	const int ret = x509_parse(copy, der->len, cert, &err);

	CHECK(!ret == !*err.text);
	if (ret) {
		static const struct x509 zero;

		CHECK_EQ(-EBADMSG, ret);
		CHECK(!memcmp(cert, &zero, sizeof(zero)));
	}
	free(copy);
	return ret;
}

static int parse_forged(const struct forge_cert *spec, struct x509 *cert)
{
	static struct bytes der;
	struct tsm_error err = { "" };

	forge_cert(&der, spec);
	return x509_parse(der.p, der.len, cert, &err);
}

static bool is_text(const struct tsm_blob *blob, const char *text)
{
	return blob->len == strlen(text) && !memcmp(blob->data, text, blob->len);
}

static void a_leaf_of_intel_is_decoded(void)
{
	struct forge_cert spec = honest();
	uint8_t point[132];
	struct x509 cert;

	if (!CHECK_EQ(0, parse_forged(&spec, &cert)))
		return;
	CHECK(is_text(&cert.common_name, "Forged SGX PCK Certificate"));
	CHECK_EQ(FORGE_FROM, cert.not_before);
	CHECK_EQ(FORGE_UNTIL, cert.not_after);
	CHECK_EQ(2, cert.serial.len);
	CHECK_EQ(200, cert.serial.data[1]);
	CHECK_EQ(X509_KEY_P256, cert.key);
	CHECK_EQ(64, cert.point.len);
	CHECK_EQ(64, forge_point(point, spec.key));
	CHECK(!memcmp(point, cert.point.data, 64));
	CHECK_EQ(X509_ECDSA_SHA256, cert.algorithm);
	CHECK_EQ(64, cert.signature_len);
	CHECK_EQ(X509_HAS_CONSTRAINTS | X509_HAS_USAGE | X509_HAS_PCK,
		 cert.has);
	CHECK(!cert.is_ca);
	CHECK_EQ(-1, cert.path_len);
	CHECK(cert.can_sign_data && !cert.can_sign_certs &&
	      !cert.can_sign_crls);
	CHECK_EQ(13, cert.pck.pcesvn);
	CHECK_EQ(0x80, cert.pck.fmspc[1]);
	/* what is signed is the first thing inside */
	CHECK_EQ(4, cert.tbs.data - cert.der.data);
	CHECK_EQ(0x30, cert.spki.data[0]);
}

static void certificates_of_amd_are_decoded(void)
{
	static struct forge_amd pki;
	struct x509 cert;

	forge_amd_init(&pki, "Turin");
	if (CHECK_EQ(0, parse_forged(&pki.vcek, &cert))) {
		CHECK_EQ(X509_HAS_SNP, cert.has);
		CHECK_EQ(X509_KEY_P384, cert.key);
		CHECK_EQ(96, cert.point.len);
		CHECK_EQ(X509_RSA_PSS_SHA384, cert.algorithm);
		CHECK_EQ(0, cert.signature_len);
		CHECK_EQ(256, cert.raw_signature.len);
		CHECK_EQ(1, cert.serial.len);
		CHECK_EQ(8, cert.snp.hw_id_len);
		CHECK_EQ(217, cert.snp.spl[8]);
		/* without keyUsage nothing is forbidden */
		CHECK(cert.can_sign_data && cert.can_sign_certs &&
		      cert.can_sign_crls);
	}
	if (CHECK_EQ(0, parse_forged(&pki.ark, &cert))) {
		CHECK_EQ(X509_KEY_RSA, cert.key);
		CHECK_EQ(256, cert.modulus.len);
		CHECK_EQ(3, cert.exponent.len);
		CHECK(cert.is_ca && cert.can_sign_certs && cert.can_sign_crls);
		CHECK_EQ(-1, cert.path_len);
	}
	if (CHECK_EQ(0, parse_forged(&pki.ask, &cert)))
		CHECK_EQ(0, cert.path_len);
}

static void other_keys_and_signatures_are_named_other(void)
{
	static const enum forge_signature others[] = {
		FORGE_PSS_SHA256, FORGE_PSS_SALT32, FORGE_RSA_PKCS1,
	};
	struct forge_cert spec = honest();
	struct x509 cert;
	size_t i;

	spec.key = forge_key(FORGE_P521, 0);
	if (CHECK_EQ(0, parse_forged(&spec, &cert)))
		CHECK_EQ(X509_KEY_OTHER, cert.key);
	spec = honest();
	spec.how = FORGE_ECDSA_SHA1;
	if (CHECK_EQ(0, parse_forged(&spec, &cert))) {
		CHECK_EQ(X509_SIGNATURE_OTHER, cert.algorithm);
		CHECK_EQ(0, cert.signature_len);
	}
	spec.signer = forge_key(FORGE_RSA, 0);
	for (i = 0; i < FORGE_COUNT(others); i++) {
		spec.how = others[i];
		if (CHECK_EQ(0, parse_forged(&spec, &cert)))
			CHECK_EQ(X509_SIGNATURE_OTHER, cert.algorithm);
	}
}

static void path_lengths_are_decoded(void)
{
	static const int lengths[] = { -1, 0, 1, 127, 128, 300 };
	struct forge_cert spec = honest();
	struct x509 cert;
	size_t i;

	spec.ca = true;
	for (i = 0; i < FORGE_COUNT(lengths); i++) {
		spec.path_len = lengths[i];
		if (CHECK_EQ(0, parse_forged(&spec, &cert)))
			CHECK_EQ(lengths[i], cert.path_len);
	}
	/* of one who is no CA there is none */
	spec.ca = false;
	CHECK_EQ(-EBADMSG, parse_forged(&spec, &cert));
}

static void unknown_extensions_are_let_be_unless_critical(void)
{
	struct forge_cert spec = honest();
	struct x509 cert;

	spec.deviations = FORGE_UNKNOWN;
	if (CHECK_EQ(0, parse_forged(&spec, &cert)))
		CHECK(!(cert.has & X509_HAS_UNKNOWN_CRITICAL));
	spec.deviations = FORGE_UNKNOWN_CRITICAL;
	if (CHECK_EQ(0, parse_forged(&spec, &cert)))
		CHECK(cert.has & X509_HAS_UNKNOWN_CRITICAL);
}

static void deviations_are_refused(void)
{
	static const unsigned int odd[] = {
		FORGE_EXTENSION_TWICE, FORGE_VERSION_1, FORGE_INNER_ALGORITHM,
	};
	struct forge_cert spec = honest();
	struct x509 cert;
	size_t i;

	for (i = 0; i < FORGE_COUNT(odd); i++) {
		spec.deviations = odd[i];
		CHECK_EQ(-EBADMSG, parse_forged(&spec, &cert));
	}
}

static void a_signature_must_fit_its_algorithm(void)
{
	struct forge_cert spec = honest();
	struct x509 cert;

	/* of P-521 R and S are too long for what SHA-384 goes with */
	spec.signer = forge_key(FORGE_P521, 0);
	CHECK_EQ(-EBADMSG, parse_forged(&spec, &cert));
	spec.signer = forge_key(FORGE_P384, 0);
	spec.how = FORGE_ECDSA_SHA256;
	CHECK_EQ(-EBADMSG, parse_forged(&spec, &cert));
}

/* Extensions by hand: the list of them, as it stands in a certificate. */
static int extensions(const char *list, size_t len, struct x509 *cert)
{
	struct cursor c = cursor_over(list, len);

	memset(cert, 0, sizeof(*cert));
	return x509_ext_cert(&c, cert, NULL);
}

#define USAGE(value)	"\x30\x0b\x06\x03\x55\x1d\x0f" "\x04\x04" value
#define CONSTRAINTS(n, value) "\x30" n "\x06\x03\x55\x1d\x13" value

static void extensions_are_as_der_has_them(void)
{
	static const struct {
		const char *list;
		size_t len;
		int ret;
	} lists[] = {
#define LIST(ret, text)	{ text, sizeof(text) - 1, ret }
		LIST(0, "\x30\x0d" USAGE("\x03\x02\x05\xa0")),
		/* AMD's: zeros in the end */
		LIST(0, "\x30\x0d" USAGE("\x03\x02\x00\x04")),
		LIST(0, "\x30\x0d" USAGE("\x03\x02\x07\x80")),
		/* more unused bits than there are, and unused ones that are set */
		LIST(-EBADMSG, "\x30\x0d" USAGE("\x03\x02\x08\x80")),
		LIST(-EBADMSG, "\x30\x0d" USAGE("\x03\x02\x07\xc0")),
		LIST(-EBADMSG, "\x30\x0d" USAGE("\x04\x02\x00\x04")),
		LIST(-EBADMSG, "\x30\x0d" USAGE("\x03\x01\x00\x04")),
		LIST(-EBADMSG, "\x30\x00"),
		LIST(-EBADMSG, "\x31\x0d" USAGE("\x03\x02\x05\xa0")),
		/* basicConstraints: none, CA, CA false in full, any other true */
		LIST(0, "\x30\x0b" CONSTRAINTS("\x09", "\x04\x02\x30\x00")),
		LIST(0, "\x30\x0e" CONSTRAINTS("\x0c",
					       "\x04\x05\x30\x03\x01\x01\xff")),
		LIST(0, "\x30\x0e" CONSTRAINTS("\x0c",
					       "\x04\x05\x30\x03\x01\x01\x00")),
		LIST(-EBADMSG, "\x30\x0e" CONSTRAINTS("\x0c",
					       "\x04\x05\x30\x03\x01\x01\x01")),
		LIST(-EBADMSG, "\x30\x0f" CONSTRAINTS("\x0d",
					   "\x04\x06\x30\x04\x01\x02\xff\xff")),
		/* bytes behind it */
		LIST(-EBADMSG, "\x30\x0c" CONSTRAINTS("\x0a",
						      "\x04\x03\x30\x00\x00")),
		LIST(-EBADMSG, "\x30\x0c" CONSTRAINTS("\x0a",
						      "\x04\x02\x30\x00\x05")),
		/* critical, not critical in full, and neither */
		LIST(0, "\x30\x0e" CONSTRAINTS("\x0c",
					     "\x01\x01\xff\x04\x02\x30\x00")),
		LIST(0, "\x30\x0e" CONSTRAINTS("\x0c",
					     "\x01\x01\x00\x04\x02\x30\x00")),
		LIST(-EBADMSG, "\x30\x0e" CONSTRAINTS("\x0c",
					     "\x01\x01\x02\x04\x02\x30\x00")),
		/* without OID, of an empty one, without value */
		LIST(-EBADMSG, "\x30\x06\x30\x04\x04\x02\x30\x00"),
		LIST(-EBADMSG, "\x30\x08\x30\x06\x06\x00\x04\x02\x30\x00"),
		LIST(-EBADMSG, "\x30\x07\x30\x05\x06\x03\x55\x1d\x13"),
		/* Intel's and AMD's, malformed */
		LIST(-EBADMSG, "\x30\x11\x30\x0f\x06\x09\x2a\x86\x48\x86\xf8\x4d"
		     "\x01\x0d\x01\x04\x02\x30\x00"),
		LIST(-EBADMSG, "\x30\x11\x30\x0f\x06\x09\x2b\x06\x01\x04\x01\x9c"
		     "\x78\x01\x01\x04\x02\x30\x00"),
#undef LIST
	};
	struct x509 cert;
	size_t i;

	for (i = 0; i < FORGE_COUNT(lists); i++) {
		if (!CHECK_EQ(lists[i].ret, extensions(lists[i].list,
						       lists[i].len, &cert)))
			printf("# of list %zu\n", i);
	}
}

static void there_are_at_most_32_extensions(void)
{
	struct bytes list = { .len = 0 }, all, ext;
	struct x509 cert;
	uint8_t i;

	for (i = 1; i <= 33; i++) {
		ext.len = all.len = 0;
		forge_tlv(&ext, 0x06, &i, 1);
		forge_tlv(&ext, 0x04, "", 0);
		forge_tlv(&list, 0x30, ext.p, ext.len);
		forge_tlv(&all, 0x30, list.p, list.len);
		CHECK_EQ(i > 32 ? -EBADMSG : 0,
			 extensions((const char *)all.p, all.len, &cert));
	}
}

static void nothing_follows_a_certificate(void)
{
	struct forge_cert spec = honest();
	struct x509 cert;
	struct bytes der;

	forge_cert(&der, &spec);
	CHECK_EQ(0, parse(&der, &cert));
	fill(&der, 0, 1);
	CHECK_EQ(-EBADMSG, parse(&der, &cert));
}

static void what_is_cut_short_is_refused(void)
{
	struct forge_cert spec = honest();
	struct x509 cert;
	struct bytes der;

	forge_cert(&der, &spec);
	while (der.len--)
		CHECK_EQ(-EBADMSG, parse(&der, &cert));
}

/* Each byte in turn is a length that points far away, or another tag. */
static void lengths_that_overflow_stay_inside(void)
{
	static const uint8_t odd[][5] = {
		{ 0xff, 0xff, 0xff, 0xff, 0xff }, { 0x84, 0xff, 0xff, 0xff, 0xff },
		{ 0x83, 0xff, 0xff, 0xff }, { 0x82, 0xff, 0xff }, { 0x80 },
		{ 0x88, 0xff, 0xff, 0xff, 0xff }, { 0x7f },
	};
	struct forge_cert spec = honest();
	struct bytes der, changed;
	struct x509 cert;
	size_t at, i, n;

	forge_cert(&der, &spec);
	for (at = 0; at < der.len; at++) {
		for (i = 0; i < FORGE_COUNT(odd); i++) {
			changed = der;
			n = der.len - at < 5 ? der.len - at : 5;
			memcpy(changed.p + at, odd[i], n);
			parse(&changed, &cert);
		}
	}
}

static bool grow_length(struct bytes *b, size_t at)
{
	/* 30 82 xx xx becomes 30 83 00 xx xx */
	if (b->p[at] != 0x82)
		return false;
	memmove(b->p + at + 2, b->p + at + 1, b->len - at - 1);
	b->p[at] = 0x83;
	b->p[at + 1] = 0;
	b->len++;
	return true;
}

static void lengths_are_as_short_as_can_be(void)
{
	struct forge_cert spec = honest();
	struct x509 cert;
	struct bytes der;

	forge_cert(&der, &spec);
	CHECK(grow_length(&der, 1));
	CHECK_EQ(-EBADMSG, parse(&der, &cert));
}

/* What an edit of the signed part makes; each is malformed in one way. */
static void other_version(struct bytes *tbs)
{
	tbs->p[4 + 4] = 1;
}

static void other_tag_of_serial(struct bytes *tbs)
{
	tbs->p[4 + 5] = 0x0a;
}

static void negative_serial(struct bytes *tbs)
{
	/* 02 02 00 c8 becomes one that is longer than it need be */
	tbs->p[4 + 8] = 0x48;
}

static void bytes_behind_extensions(struct bytes *tbs)
{
	/* the outermost length grows, and a NULL is behind */
	const size_t len = tbs->len - 4 + 2;

	tbs->p[2] = (uint8_t)(len >> 8);
	tbs->p[3] = (uint8_t)len;
	put(tbs, "\x05\x00", 2);
}

static void unique_identifier(struct bytes *tbs)
{
	const size_t len = tbs->len - 4;
	size_t at;

	/* [3] becomes [2] */
	for (at = 4; at + 1 < len; at++) {
		if (tbs->p[at] == 0xa3 && tbs->p[at + 1] == 0x82)
			tbs->p[at] = 0xa2;
	}
}

static void compressed_point(struct bytes *tbs)
{
	static const uint8_t before[] = { 0x03, 0x42, 0x00, 0x04 };
	uint8_t *at = memmem(tbs->p, tbs->len, before, sizeof(before));

	if (!at)
		abort();
	at[3] = 0x02;
}

static void unused_bits_of_a_key(struct bytes *tbs)
{
	static const uint8_t before[] = { 0x03, 0x42, 0x00, 0x04 };
	uint8_t *at = memmem(tbs->p, tbs->len, before, sizeof(before));

	if (!at)
		abort();
	at[2] = 0x01;
}

static void empty_set_in_a_name(struct bytes *tbs)
{
	static const uint8_t set[] = { 0x31, 0x0b, 0x30, 0x09, 0x06 };
	uint8_t *at = memmem(tbs->p, tbs->len, set, sizeof(set));

	if (!at)
		abort();
	at[0] = 0x30;
}

static void time_without_zone(struct bytes *tbs)
{
	uint8_t *at = memmem(tbs->p, tbs->len, "240101000000Z", 13);

	if (!at)
		abort();
	at[12] = '0';
}

static void what_is_signed_is_as_rfc_5280_has_it(void)
{
	static void (*const edits[])(struct bytes *) = {
		other_version, other_tag_of_serial, negative_serial,
		bytes_behind_extensions, unique_identifier, compressed_point,
		unused_bits_of_a_key, empty_set_in_a_name, time_without_zone,
	};
	struct forge_cert spec = honest();
	struct x509 cert;
	size_t i;

	for (i = 0; i < FORGE_COUNT(edits); i++) {
		spec.edit = edits[i];
		if (!CHECK_EQ(-EBADMSG, parse_forged(&spec, &cert)))
			printf("# of edit %zu\n", i);
	}
}

static const struct tap_test tests[] = {
	{ "a leaf of Intel is decoded", a_leaf_of_intel_is_decoded },
	{ "certificates of AMD are decoded", certificates_of_amd_are_decoded },
	{ "other keys and signatures are named other",
	  other_keys_and_signatures_are_named_other },
	{ "path lengths are decoded", path_lengths_are_decoded },
	{ "unknown extensions are let be unless critical",
	  unknown_extensions_are_let_be_unless_critical },
	{ "deviations are refused", deviations_are_refused },
	{ "a signature must fit its algorithm",
	  a_signature_must_fit_its_algorithm },
	{ "extensions are as DER has them", extensions_are_as_der_has_them },
	{ "there are at most 32 extensions", there_are_at_most_32_extensions },
	{ "nothing follows a certificate", nothing_follows_a_certificate },
	{ "what is cut short is refused", what_is_cut_short_is_refused },
	{ "lengths that overflow stay inside",
	  lengths_that_overflow_stay_inside },
	{ "lengths are as short as can be", lengths_are_as_short_as_can_be },
	{ "what is signed is as RFC 5280 has it",
	  what_is_signed_is_as_rfc_5280_has_it },
};

TAP_MAIN(tests)
