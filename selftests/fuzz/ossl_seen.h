/* SPDX-License-Identifier: MIT */
/* What OpenSSL says of the same certificate or list: it must agree. */
#ifndef TSM_FUZZ_OSSL_SEEN_H
#define TSM_FUZZ_OSSL_SEEN_H

#include "fuzz.h"

#include <openssl/asn1.h>
#include <openssl/asn1err.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

/*
 * OpenSSL also looks into strings and numbers that are only compared byte by
 * byte here. Return: whether that is why it refused; its queue is emptied.
 */
static inline bool ossl_is_picky(void)
{
	static const int reasons[] = {
		ASN1_R_INVALID_UTF8STRING, ASN1_R_INVALID_OBJECT_ENCODING,
	};
	unsigned long code;
	bool found = false;
	size_t i;

	while ((code = ERR_get_error())) {
		for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
			found |= ERR_GET_LIB(code) == ERR_LIB_ASN1 &&
				 ERR_GET_REASON(code) == reasons[i];
	}
	return found;
}

static inline void ossl_same_name(const X509_NAME *name,
				  const struct tsm_blob *blob)
{
	const unsigned char *der;
	size_t len;

	ENSURE(X509_NAME_get0_der(name, &der, &len));
	ENSURE(fuzz_same(der, len, blob->data, blob->len));
}

/* @end: ours for 99991231235959Z, which means that there is none */
static inline void ossl_same_time(const ASN1_TIME *time, int64_t seconds,
				  int64_t end)
{
	struct tm tm;

	ENSURE(ASN1_TIME_to_tm(time, &tm));
	ENSURE(seconds == end ?
	       tm.tm_year == 9999 - 1900 && tm.tm_mon == 11 :
	       timegm(&tm) == seconds);
}

static inline void ossl_same_serial(const ASN1_INTEGER *serial,
				    const struct tsm_blob *blob)
{
	struct tsm_blob ours = *blob;

	/* a zero that keeps it from being negative */
	while (ours.len > 1 && !ours.data[0]) {
		ours.data++;
		ours.len--;
	}
	ENSURE(ASN1_STRING_type(serial) == V_ASN1_INTEGER);
	ENSURE(fuzz_same(ASN1_STRING_get0_data(serial),
			 (size_t)ASN1_STRING_length(serial), ours.data,
			 ours.len));
}

#endif /* TSM_FUZZ_OSSL_SEEN_H */
