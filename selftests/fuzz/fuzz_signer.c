// SPDX-License-Identifier: MIT
/* Signatures at the end of kernel modules: signer_parse() and signer_listed(),
 * against OpenSSL's reading of the same PKCS#7. */
#include "../../tools/lib/lib_private.h"
#include "../../tools/lib/signer.h"

#include "ossl_seen.h"

#include <openssl/cms.h>

static struct seen {
	struct signer signer;
	bool listed;
} first, again;

static int look(const struct tsm_blob *in, void *result, struct tsm_error *err)
{
	struct seen *s = result;

	memset(s, 0, sizeof(*s));
	if (!signer_parse(in->data, in->len, &s->signer)) {
		ENSURE(fuzz_is_zero(&s->signer, sizeof(s->signer)));
		return tsm_error_set(err, -EBADMSG, "no signer");
	}
	/* any bytes may be what certificates are looked for in */
	s->listed = signer_listed(&s->signer, in->data, in->len);
	return 0;
}

/* Serial number and issuer of the first signer, as they stand there. */
static void same_as_openssl(const struct tsm_blob *in, const struct signer *s)
{
	const unsigned char *p = in->data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)in->len);
	STACK_OF(CMS_SignerInfo) *infos =
		cms ? CMS_get0_SignerInfos(cms) : NULL;
	ASN1_INTEGER *serial = NULL;
	X509_NAME *issuer = NULL;
	unsigned char *der = NULL;
	int len;

	if (infos && sk_CMS_SignerInfo_num(infos) > 0 &&
	    CMS_SignerInfo_get0_signer_id(sk_CMS_SignerInfo_value(infos, 0),
					  NULL, &issuer, &serial) && serial) {
		ossl_same_name(issuer, &s->issuer);
		len = i2d_ASN1_INTEGER(serial, &der);
		ENSURE(len > 0);
		ENSURE(fuzz_same(der, (size_t)len, s->serial.data,
				 s->serial.len));
		OPENSSL_free(der);
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tsm_blob in = fuzz_evidence(data, size);
	const struct signer *s = &first.signer;

	const bool parsed = !fuzz_all_ways(data, size, look, &first, &again,
					   sizeof(first));

	fuzz_tell(parsed);
	if (!parsed)
		return 0;
	ENSURE(fuzz_inside(&s->serial, &in) && s->serial.len);
	ENSURE(fuzz_inside(&s->issuer, &in) && s->issuer.len);
	ENSURE(fuzz_inside(&s->name, &s->issuer));
	same_as_openssl(&in, s);
	return 0;
}
