// SPDX-License-Identifier: MIT
/* Collects certificates and revocation lists from files, whatever form they have. */
#include "chain.h"
#include "pem.h"
#include "x509_private.h"

#include <errno.h>
#include <stdlib.h>

/* A folder of roots, chains and lists has some tens, one of the certificates of
 * all chips of a fleet some thousands. */
#define POOL_MAX	16384

/* Those of Intel and AMD have up to 2.5 KiB. Whoever has evidence judged may
 * bring his own, and must not have memory for the asking. */
#define CERT_MAX	(16 << 10)

static int no_memory(struct tsm_error *err)
{
	return tsm_error_set(err, -ENOMEM, "certificates: out of memory");
}

/* Makes room for one more pointer in @list, which has @count. */
static int grow(void **list, size_t count, struct tsm_error *err)
{
	void *more;

	if (count >= POOL_MAX)
		return tsm_error_set(err, -EFBIG,
				     "certificates: more than %d, or lists",
				     POOL_MAX);
	/* doubled each time that it is full */
	if (count & (count - 1))
		return 0;
	more = realloc(*list, (count ? 2 * count : 1) * sizeof(void *));
	if (!more)
		return no_memory(err);
	*list = more;
	return 0;
}

static int add_cert(struct cert_pool *pool, const void *der, size_t len,
		    struct tsm_error *err)
{
	void *list = pool->cert;
	struct x509 *cert;
	int ret;

	if (len > CERT_MAX)
		return tsm_error_set(err, -EBADMSG,
				     "certificate of %zu bytes: larger than any is",
				     len);
	ret = grow(&list, pool->certs, err);
	pool->cert = list;
	if (ret)
		return ret;
	cert = malloc(sizeof(*cert) + len);
	if (!cert)
		return no_memory(err);
	memcpy(cert + 1, der, len);
	ret = x509_parse(cert + 1, len, cert, err);
	if (ret)
		free(cert);
	else
		pool->cert[pool->certs++] = cert;
	return ret;
}

static int add_crl(struct cert_pool *pool, const void *der, size_t len,
		   struct tsm_error *err)
{
	void *list = pool->crl;
	struct crl *crl;
	int ret;

	ret = grow(&list, pool->crls, err);
	pool->crl = list;
	if (ret)
		return ret;
	crl = malloc(sizeof(*crl) + len);
	if (!crl)
		return no_memory(err);
	memcpy(crl + 1, der, len);
	ret = crl_parse(crl + 1, len, crl, err);
	if (ret)
		free(crl);
	else
		pool->crl[pool->crls++] = crl;
	return ret;
}

/* What a SEQUENCE is by how the second one in it begins: a certificate by its
 * version, [0]; a list by its version, an INTEGER, which keys lack there. */
static int add_der(struct cert_pool *pool, const uint8_t *data, size_t len,
		   struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len), all, tbs;

	if (!der_take(&c, DER_SEQUENCE, &all) ||
	    !der_take(&all, DER_SEQUENCE, &tbs))
		return 0;
	if (der_next_is(&tbs, DER_EXPLICIT))
		return add_cert(pool, data, len, err);
	if (der_next_is(&tbs, DER_INTEGER) || der_next_is(&tbs, DER_SEQUENCE))
		return add_crl(pool, data, len, err);
	return 0;
}

static int add_pem(struct cert_pool *pool, const uint8_t *text, size_t len,
		   struct tsm_error *err)
{
	struct cursor c = cursor_over(text, len);
	uint8_t *der = malloc(len);
	enum pem_kind kind;
	size_t der_len;
	int ret;

	if (!der)
		return no_memory(err);
	while ((ret = pem_next(&c, &kind, der, len, &der_len)) > 0) {
		ret = kind == PEM_CERTIFICATE ?
			      add_cert(pool, der, der_len, err) :
			      add_crl(pool, der, der_len, err);
		if (ret)
			goto out;
	}
	if (ret)
		tsm_error_set(err, ret,
			      "certificates: malformed PEM at offset %zu",
			      cursor_offset(&c));
out:
	free(der);
	return ret;
}

static int hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool hex_byte(const uint8_t *text, uint8_t *byte)
{
	const int high = hex_digit(text[0]), low = hex_digit(text[1]);

	if (high < 0 || low < 0)
		return false;
	*byte = (uint8_t)(high << 4 | low);
	return true;
}

/* As Intel's PCS served lists before version 4: the DER, in hexadecimal. */
static bool from_hex(const uint8_t *text, size_t len, uint8_t *out,
		     size_t *out_len)
{
	size_t i;

	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (!len || len % 2)
		return false;
	for (i = 0; i < len; i += 2) {
		if (!hex_byte(text + i, &out[i / 2]))
			return false;
	}
	*out_len = len / 2;
	return true;
}

/* As the PCS puts chains into headers: "-----BEGIN%20CERTIFICATE-----%0A" */
static size_t from_url(const uint8_t *text, size_t len, uint8_t *out)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (text[i] == '%' && len - i > 2 &&
		    hex_byte(text + i + 1, &out[n]))
			i += 2;
		else
			out[n] = text[i];
		n++;
	}
	return n;
}

static int add_text(struct cert_pool *pool, const uint8_t *text, size_t len,
		    struct tsm_error *err)
{
	static const char url[] = "-----BEGIN%20";
	uint8_t *decoded;
	size_t n;
	int ret = 0;

	if (memmem(text, len, "-----BEGIN ", 11))
		return add_pem(pool, text, len, err);
	decoded = malloc(len);
	if (!decoded)
		return no_memory(err);
	if (from_hex(text, len, decoded, &n))
		ret = add_der(pool, decoded, n, err);
	else if (memmem(text, len, url, sizeof(url) - 1))
		ret = add_pem(pool, decoded, from_url(text, len, decoded), err);
	free(decoded);
	return ret;
}

static int add_one(struct cert_pool *pool, const uint8_t *data, size_t len,
		   struct tsm_error *err)
{
	if (!len)
		return 0;
	return data[0] == DER_SEQUENCE ? add_der(pool, data, len, err) :
					 add_text(pool, data, len, err);
}

/*
 * What hosts put into other entries is not for us, and one that is broken does
 * not spoil the rest. Entries may have bytes in common: all together they must
 * not make more of them than there are.
 */
static int add_table(struct cert_pool *pool, const uint8_t *data, size_t len,
		     struct tsm_error *err)
{
	const struct tsm_snp_entry *entry;
	struct tsm_snp_certs certs;
	size_t i, left = len;
	int ret;

	ret = tsm_snp_certs_parse(data, len, &certs, err);
	for (i = 0; !ret && i < certs.count; i++) {
		entry = &certs.entry[i];
		if (entry->slot == TSM_SNP_SLOT_OTHER)
			continue;
		if (entry->body.len > left)
			return tsm_error_set(err, -EBADMSG,
					     "certificate table: its entries have more than the %zu bytes that there are",
					     len);
		left -= entry->body.len;
		ret = add_one(pool, entry->body.data, entry->body.len, err);
		if (ret == -EBADMSG)
			ret = 0;
	}
	return ret;
}

void cert_pool_cut(struct cert_pool *pool, size_t certs, size_t crls)
{
	while (pool->certs > certs)
		free(pool->cert[--pool->certs]);
	while (pool->crls > crls)
		free(pool->crl[--pool->crls]);
}

int cert_pool_add(struct cert_pool *pool, const void *data, size_t len,
		  size_t *added, struct tsm_error *err)
{
	const size_t certs = pool->certs, crls = pool->crls;
	int ret;

	*added = 0;
	if (len > TSM_EVIDENCE_MAX)
		return tsm_error_set(err, -EFBIG,
				     "certificates: %zu bytes are too many",
				     len);
	ret = tsm_snp_certs_guess(data, len) ? add_table(pool, data, len, err) :
					       add_one(pool, data, len, err);
	if (ret)
		cert_pool_cut(pool, certs, crls);
	*added = pool->certs - certs + pool->crls - crls;
	return ret;
}

void cert_pool_clear(struct cert_pool *pool)
{
	cert_pool_cut(pool, 0, 0);
	free(pool->cert);
	free(pool->crl);
	memset(pool, 0, sizeof(*pool));
}
