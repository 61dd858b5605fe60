// SPDX-License-Identifier: MIT
/* Decodes TD quotes, Intel TDX DCAP Quoting Library API, A.3 and A.4. */
#include "lib_private.h"

#include <errno.h>

static int cut_short(struct tsm_error *err, const struct cursor *c,
		     const char *what, size_t need)
{
	return tsm_error_set(err, -EBADMSG,
			     "quote: %s at offset %zu needs %zu bytes, %zu are left",
			     what, cursor_offset(c), need, c->left);
}

static int left_over(struct tsm_error *err, const struct cursor *c,
		     const char *what)
{
	return tsm_error_set(err, -EBADMSG,
			     "quote: %zu bytes too many in %s at offset %zu",
			     c->left, what, cursor_offset(c));
}

static int unknown(struct tsm_error *err, const char *what, unsigned int value)
{
	return tsm_error_set(err, -EPROTONOSUPPORT,
			     "quote: %s %u is not supported", what, value);
}

/* A length field and a cursor over just the bytes that it announces. */
static int sized(struct cursor *c, const char *what, struct cursor *sub,
		 struct tsm_error *err)
{
	uint32_t size;

	if (!cursor_le32(c, &size))
		return cut_short(err, c, what, sizeof(size));
	if (!cursor_sub(c, size, sub))
		return cut_short(err, c, what, size);
	return 0;
}

static int parse_header(struct cursor *c, struct tsm_quote *q,
			struct tsm_error *err)
{
	struct tsm_quote_header *h = &q->header;

	if (!cursor_copy(c, h, sizeof(*h)))
		return cut_short(err, c, "header", sizeof(*h));
	q->version = le16toh(h->version);
	if (q->version != TSM_QUOTE_V4 && q->version != TSM_QUOTE_V5)
		return unknown(err, "version", q->version);
	if (le32toh(h->tee_type) != TSM_QUOTE_TEE_TDX)
		return unknown(err, "TEE type", le32toh(h->tee_type));
	return 0;
}

/* Size that the specification gives to a body type, 0 for an unknown type. */
static uint32_t body_size(uint16_t type)
{
	switch (type) {
	case TSM_QUOTE_BODY_TD10:
		return sizeof(struct tsm_quote_td10);
	case TSM_QUOTE_BODY_TD15:
		return sizeof(struct tsm_quote_td15);
	case TSM_QUOTE_BODY_TD15EX:
		return sizeof(struct tsm_quote_td15ex);
	}
	return 0;
}

static int parse_body(struct cursor *c, struct tsm_quote *q,
		      struct tsm_error *err)
{
	struct tsm_quote_body_desc desc;

	q->body_type = TSM_QUOTE_BODY_TD10;
	if (q->version == TSM_QUOTE_V5) {
		if (!cursor_copy(c, &desc, sizeof(desc)))
			return cut_short(err, c, "body descriptor",
					 sizeof(desc));
		q->body_type = le16toh(desc.type);
	}
	q->body_size = body_size(q->body_type);
	if (!q->body_size)
		return unknown(err, "body type", q->body_type);
	if (q->version == TSM_QUOTE_V5 && le32toh(desc.size) != q->body_size)
		return tsm_error_set(err, -EBADMSG,
				     "quote: body type %u of %u bytes, expected %u",
				     q->body_type, le32toh(desc.size),
				     q->body_size);
	if (!cursor_copy(c, &q->body, q->body_size))
		return cut_short(err, c, "body", q->body_size);
	return 0;
}

static int parse_qe_data(struct cursor *c, struct tsm_quote *q,
			 struct tsm_error *err)
{
	struct cursor certs;
	size_t auth_size;
	int ret;

	if (!cursor_copy(c, &q->qe, sizeof(q->qe)))
		return cut_short(err, c, "QE report", sizeof(q->qe));
	auth_size = le16toh(q->qe.auth_size);
	q->auth.len = auth_size;
	if (!cursor_take(c, auth_size, &q->auth.data))
		return cut_short(err, c, "QE authentication data", auth_size);
	if (!cursor_le16(c, &q->cert_type))
		return cut_short(err, c, "certification data type", 2);
	ret = sized(c, "certification data", &certs, err);
	if (ret)
		return ret;
	q->certs = (struct tsm_blob){ certs.pos, certs.left };
	if (c->left)
		return left_over(err, c, "QE report certification data");
	return 0;
}

static int parse_signature(struct cursor *c, struct tsm_quote *q,
			   struct tsm_error *err)
{
	struct cursor qe;
	uint16_t type;
	int ret;

	if (!cursor_copy(c, &q->ecdsa, sizeof(q->ecdsa)))
		return cut_short(err, c, "signature and attestation key",
				 sizeof(q->ecdsa));
	if (!cursor_le16(c, &type))
		return cut_short(err, c, "certification data type", 2);
	if (type != TSM_QUOTE_CERT_QE_REPORT)
		return unknown(err, "outer certification data type", type);
	ret = sized(c, "QE report certification data", &qe, err);
	if (ret)
		return ret;
	if (c->left)
		return left_over(err, c, "signature data");
	return parse_qe_data(&qe, q, err);
}

static int parse(struct cursor *c, struct tsm_quote *q, struct tsm_error *err)
{
	struct cursor signature;
	unsigned int key_type;
	int ret;

	ret = parse_header(c, q, err);
	if (ret)
		return ret;
	key_type = le16toh(q->header.att_key_type);
	if (key_type != TSM_QUOTE_KEY_ECDSA_P256)
		return unknown(err, "attestation key type", key_type);
	ret = parse_body(c, q, err);
	if (ret)
		return ret;
	q->signed_part = (struct tsm_blob){ c->base, cursor_offset(c) };
	ret = sized(c, "signature data", &signature, err);
	if (ret)
		return ret;
	q->trailing = (struct tsm_blob){ c->pos, c->left };
	return parse_signature(&signature, q, err);
}

int tsm_quote_parse(const void *data, size_t len, struct tsm_quote *quote,
		    struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);
	int ret;

	memset(quote, 0, sizeof(*quote));
	ret = parse(&c, quote, err);
	if (ret)
		memset(quote, 0, sizeof(*quote));
	return ret;
}

int tsm_quote_reportdata(const void *data, size_t len, uint8_t *reportdata,
			 struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);
	struct tsm_quote quote;
	int ret;

	memset(&quote, 0, sizeof(quote));
	ret = parse_header(&c, &quote, err);
	if (!ret)
		ret = parse_body(&c, &quote, err);
	if (ret)
		memset(reportdata, 0, TSM_TDX_REPORTDATA_SIZE);
	else
		memcpy(reportdata, quote.body.td15.td10.reportdata,
		       TSM_TDX_REPORTDATA_SIZE);
	return ret;
}
