/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports by way of an SVSM. */
#ifndef _TSMG_SNP_SVSM_H
#define _TSMG_SNP_SVSM_H

#include <linux/errno.h>

struct tsmg_report;
struct tsmg_request;

#ifdef COMPAT_LACKS_SNP_SVSM
static inline int tsmg_svsm_report(const struct tsmg_request *request,
				   struct tsmg_report *report)
{
	return -EINVAL;
}
#else
/**
 * tsmg_svsm_report - have the SVSM attest one of its services, or all
 * @request: which, and the nonce
 * @report: blobs for the report, the manifest and, if there are any,
 *	certificates; what was set is the caller's to free, also after an error
 *
 * Secure VM Service Module for SEV-SNP Guests, 58019, "Attestation Protocol".
 *
 * Context: process context, no lock held.
 * Return: 0, -EINVAL if the SVSM refuses or there is none, -EMSGSIZE if it
 * wants or claims to have more than there can be, -ENODATA if it claims success
 * and gives no report, -ENOMEM.
 */
int tsmg_svsm_report(const struct tsmg_request *request,
		     struct tsmg_report *report);
#endif

#endif /* _TSMG_SNP_SVSM_H */
