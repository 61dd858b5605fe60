// SPDX-License-Identifier: MIT
/* Who signed a kernel module: as much of PKCS#7 (RFC 5652) as tells that. */
#include "signer.h"
#include "x509_private.h"

#include <string.h>

/* The list of certificates, and of revoked ones, that may come with it. */
#define CERTS	DER_EXPLICIT
#define LISTS	(DER_EXPLICIT + 1)

/* SignedData, up to its SignerInfos. */
static bool take_signers(struct cursor *c, struct cursor *set)
{
	struct cursor info, content, data, skip;

	if (!der_take(c, DER_SEQUENCE, &info) ||
	    !der_take(&info, DER_OID, &skip) ||
	    !der_take(&info, DER_EXPLICIT, &content) ||
	    !der_take(&content, DER_SEQUENCE, &data) ||
	    !der_take(&data, DER_INTEGER, &skip) ||
	    !der_take(&data, DER_SET, &skip) ||
	    !der_take(&data, DER_SEQUENCE, &skip))
		return false;
	if ((der_next_is(&data, CERTS) && !der_take(&data, CERTS, &skip)) ||
	    (der_next_is(&data, LISTS) && !der_take(&data, LISTS, &skip)))
		return false;
	return der_take(&data, DER_SET, set);
}

bool signer_parse(const void *data, size_t len, struct signer *signer)
{
	struct cursor c = cursor_over(data, len), set, info, id, whole, skip;

	memset(signer, 0, sizeof(*signer));
	if (!take_signers(&c, &set) || !der_take(&set, DER_SEQUENCE, &info) ||
	    !der_take(&info, DER_INTEGER, &skip) ||
	    !der_take(&info, DER_SEQUENCE, &id) ||
	    !x509_name(&id, &signer->issuer, &signer->name) ||
	    !der_take_whole(&id, DER_INTEGER, &whole, &skip)) {
		memset(signer, 0, sizeof(*signer));
		return false;
	}
	signer->serial = x509_blob(&whole);
	return true;
}

/* Whether these bytes are what begins with the serial number in a certificate:
 * RFC 5280 4.1, the algorithm and the issuer follow. */
static bool is_this(const struct signer *signer, const uint8_t *at, size_t len)
{
	struct cursor c = cursor_over(at, len), algorithm;
	const uint8_t *p;

	return cursor_take(&c, signer->serial.len, &p) &&
	       der_take(&c, DER_SEQUENCE, &algorithm) &&
	       cursor_take(&c, signer->issuer.len, &p) &&
	       !memcmp(p, signer->issuer.data, signer->issuer.len);
}

bool signer_listed(const struct signer *signer, const void *list, size_t len)
{
	const uint8_t *p = list, *const end = p + len;

	while ((p = memmem(p, (size_t)(end - p), signer->serial.data,
			   signer->serial.len))) {
		if (is_this(signer, p, (size_t)(end - p)))
			return true;
		p++;
	}
	return false;
}
