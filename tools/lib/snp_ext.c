// SPDX-License-Identifier: MIT
/*
 * Decodes AMD's extensions of VCEK and VLEK certificates, "Versioned Chip
 * Endorsement Key (VCEK) Certificate and KDS Interface Specification", 57230,
 * section 3.1. Unlike Intel's, each is an extension of its own.
 */
#include "der.h"
#include "lib_private.h"

#include <errno.h>

/* 1.3.6.1.4.1.3704.1; what follows selects the field */
static const uint8_t oid_prefix[] = {
	0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01,
};

/* Last component of a field's OID, or the last but one. */
enum {
	EXT_VERSION = 1,
	EXT_PRODUCT = 2,
	EXT_SPL = 3,
	EXT_HW_ID = 4,
	EXT_CSP_ID = 5,
};

static const char *const spl_names[TSM_SNP_EXT_SPLS + 1] = {
	NULL, "BL_SPL", "TEE_SPL", "SNP_SPL", "SPL4", "SPL5", "SPL6", "SPL7",
	"UCODE_SPL", "FMC_SPL",
};

const char *tsm_snp_spl_name(unsigned int number)
{
	return number >= 1 && number <= TSM_SNP_EXT_SPLS ? spl_names[number] :
							   "unknown";
}

/* A number of one byte and nothing behind it. */
static bool take_number(struct cursor *c, uint8_t *out)
{
	unsigned int number;

	if (!der_number(c, DER_INTEGER, &number) || number > 255 || c->left)
		return false;
	*out = (uint8_t)number;
	return true;
}

/* What people get to see must not steer their terminal. */
static bool take_text(struct cursor *c, char *out, size_t size)
{
	struct cursor text;
	size_t i;

	if (!der_take(c, DER_IA5_STRING, &text) || c->left ||
	    text.left >= size)
		return false;
	for (i = 0; cursor_u8(&text, (uint8_t *)&out[i]); i++) {
		if (out[i] < 0x20 || out[i] > 0x7e)
			return false;
	}
	out[i] = '\0';
	return true;
}

/*
 * Bare bytes, or an OCTET STRING of them: AMD was about to change to that in
 * 2023, and verifiers take both. The length says which, for a chip id may begin
 * with any byte.
 */
static bool take_hw_id(struct cursor *c, struct tsm_snp_ext *ext)
{
	struct cursor try = *c, value;

	if (der_take(&try, DER_OCTET_STRING, &value) && !try.left &&
	    (value.left == TSM_SNP_CHIP_ID_SIZE ||
	     value.left == TSM_SNP_CHIP_ID_SIZE_TURIN))
		*c = value;
	ext->hw_id_len = c->left;
	return (c->left == TSM_SNP_CHIP_ID_SIZE ||
		c->left == TSM_SNP_CHIP_ID_SIZE_TURIN) &&
	       cursor_copy(c, ext->hw_id, c->left);
}

static bool take_field(struct tsm_snp_ext *ext, unsigned int field,
		       struct cursor *c)
{
	switch (field) {
	case EXT_VERSION:
		return take_number(c, &ext->version);
	case EXT_PRODUCT:
		return take_text(c, ext->product, sizeof(ext->product));
	case EXT_HW_ID:
		return take_hw_id(c, ext);
	case EXT_CSP_ID:
		return take_text(c, ext->csp_id, sizeof(ext->csp_id));
	}
	return false;
}

static bool mark_once(unsigned int *seen, unsigned int number)
{
	if (*seen & 1u << number)
		return false;
	*seen |= 1u << number;
	return true;
}

/* @c: one of AMD's. What AMD may add is let be. */
static bool add(struct tsm_snp_ext *ext, struct cursor *oid, struct cursor *c)
{
	uint8_t field, spl;

	if (!cursor_u8(oid, &field))
		return true;
	if (!oid->left && field >= EXT_VERSION && field <= EXT_CSP_ID &&
	    field != EXT_SPL)
		return mark_once(&ext->has, field) && take_field(ext, field, c);
	if (field != EXT_SPL || !cursor_u8(oid, &spl) || oid->left ||
	    spl < 1 || spl > TSM_SNP_EXT_SPLS)
		return true;
	return mark_once(&ext->has_spl, spl) && take_number(c, &ext->spl[spl]);
}

int tsm_snp_ext_add(struct tsm_snp_ext *ext, const uint8_t *oid, size_t oid_len,
		    const void *der, size_t len, struct tsm_error *err)
{
	struct cursor id = cursor_over(oid, oid_len), c = cursor_over(der, len);
	const uint8_t *prefix;

	if (!cursor_take(&id, sizeof(oid_prefix), &prefix) ||
	    memcmp(prefix, oid_prefix, sizeof(oid_prefix)) ||
	    add(ext, &id, &c))
		return 0;
	memset(ext, 0, sizeof(*ext));
	return tsm_error_set(err, -EBADMSG,
			     "AMD extension of %zu bytes: malformed, or there twice",
			     len);
}
