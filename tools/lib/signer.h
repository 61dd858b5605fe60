/* SPDX-License-Identifier: MIT */
/* Who signed a kernel module. Nothing here checks a signature: the kernel does. */
#ifndef TSM_SIGNER_H
#define TSM_SIGNER_H

#include "tsm.h"

/**
 * struct signer - whose certificate made a signature
 * @serial: DER of its serial number, tag and length included
 * @issuer: DER of who issued it, likewise
 * @name: common name of the issuer, who is the signer himself in most cases;
 *	empty if there is none
 */
struct signer {
	struct tsm_blob serial;
	struct tsm_blob issuer;
	struct tsm_blob name;
};

/**
 * signer_parse() - read a PKCS#7 signature, as far as to who made it
 * @data: DER, @len bytes, into which the result points
 * @len: number of bytes
 * @signer: the result
 *
 * Return: false if it is malformed, or tells its key otherwise.
 */
bool signer_parse(const void *data, size_t len, struct signer *signer);

/* Whether the certificate is in a list of them, whatever is around each. */
bool signer_listed(const struct signer *signer, const void *list, size_t len);

#endif /* TSM_SIGNER_H */
