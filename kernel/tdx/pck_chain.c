// SPDX-License-Identifier: GPL-2.0-only
/* The certificates inside a TD quote. */
#include "pck_chain.h"

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <tsm/tdx.h>

#include "../backend.h"

#define PEM_BEGIN	"-----BEGIN CERTIFICATE-----"

/**
 * struct cursor - what is left to read of bytes that nobody vouches for
 * @at: the next byte
 * @left: how many there are
 */
struct cursor {
	const u8 *at;
	size_t left;
};

/* Step over @len bytes: where they begin, or NULL and not a step if too few. */
static const void *take(struct cursor *c, size_t len)
{
	const u8 *at = c->at;

	if (len > c->left)
		return NULL;
	c->at += len;
	c->left -= len;
	return at;
}

/* Go into the next @len bytes: nothing beyond them can be read any more. */
static bool enter(struct cursor *c, size_t len)
{
	if (len > c->left)
		return false;
	c->left = len;
	return true;
}

/* [DCAP] A.3.1 and A.4.1: a header, in version 5 a descriptor, then the body. */
static bool skip_body(struct cursor *c)
{
	const struct tsm_quote_header *header = take(c, sizeof(*header));
	const struct tsm_quote_body_desc *desc;

	if (!header)
		return false;
	switch (le16_to_cpu(header->version)) {
	case TSM_QUOTE_V4:
		return take(c, sizeof(struct tsm_quote_td10));
	case TSM_QUOTE_V5:
		desc = take(c, sizeof(*desc));
		return desc && take(c, le32_to_cpu(desc->size));
	default:
		return false;
	}
}

/* What stands before the signature data, at any address. */
struct signature_size {
	__le32 size;
} __packed;

static bool enter_signature_data(struct cursor *c)
{
	const struct signature_size *head = take(c, sizeof(*head));

	return head && enter(c, le32_to_cpu(head->size));
}

static bool enter_cert(struct cursor *c, u16 type)
{
	const struct tsm_quote_cert *cert = take(c, sizeof(*cert));

	return cert && le16_to_cpu(cert->type) == type &&
	       enter(c, le32_to_cpu(cert->size));
}

/* [DCAP] A.3.11: report of the QE, signature over it, authentication data. */
static bool skip_qe_report(struct cursor *c)
{
	const struct tsm_quote_qe_report *qe = take(c, sizeof(*qe));

	return qe && take(c, le16_to_cpu(qe->auth_size));
}

static bool enter_pck_chain(struct cursor *c)
{
	return skip_body(c) &&
	       enter_signature_data(c) &&
	       take(c, sizeof(struct tsm_quote_ecdsa)) &&
	       enter_cert(c, TSM_QUOTE_CERT_QE_REPORT) &&
	       skip_qe_report(c) &&
	       enter_cert(c, TSM_QUOTE_CERT_PCK_CHAIN);
}

int tsmg_pck_chain_get(const struct tsmg_blob *quote, struct tsmg_blob *chain)
{
	struct cursor c = { .at = quote->data, .left = quote->len };

	if (!enter_pck_chain(&c))
		return 0;

	/* Some quoting enclaves end the text with a NUL. */
	while (c.left && !c.at[c.left - 1])
		c.left--;
	if (c.left < strlen(PEM_BEGIN) ||
	    memcmp(c.at, PEM_BEGIN, strlen(PEM_BEGIN)))
		return 0;

	chain->data = kvmemdup(c.at, c.left, GFP_KERNEL);
	if (!chain->data)
		return -ENOMEM;
	chain->len = c.left;
	return 0;
}
