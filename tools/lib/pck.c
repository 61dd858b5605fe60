// SPDX-License-Identifier: MIT
/*
 * Decodes Intel's extension of PCK certificates, "Intel SGX PCK Certificate and
 * Certificate Revocation List Profile Specification", section 1.3.5.
 *
 * The value is a SEQUENCE of SEQUENCE { OBJECT IDENTIFIER, value }; the TCB is
 * once more such a SEQUENCE.
 */
#include "der.h"
#include "lib_private.h"

#include <errno.h>

/* 1.2.840.113741.1.13.1; what follows selects the field */
static const uint8_t oid_prefix[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01,
};

/* Last component of a field's OID. */
enum {
	PCK_PPID = 1,
	PCK_TCB = 2,
	PCK_PCEID = 3,
	PCK_FMSPC = 4,
	PCK_SGX_TYPE = 5,
	PCK_INSTANCE = 6,
};

/* Last component of an OID inside the TCB; 1 to 16 are the components. */
enum {
	TCB_COMPONENTS = 16,
	TCB_PCESVN = 17,
	TCB_CPUSVN = 18,
};

#define REQUIRED	(1u << PCK_PPID | 1u << PCK_TCB | 1u << PCK_PCEID | \
			 1u << PCK_FMSPC | 1u << PCK_SGX_TYPE)
#define TCB_REQUIRED	0x7fffeu	/* 1 to 18 */

static bool der_octets(struct cursor *c, uint8_t *out, size_t len)
{
	struct cursor value;

	return der_take(c, DER_OCTET_STRING, &value) && value.left == len &&
	       cursor_copy(&value, out, len);
}

/* The next { OID, value }: @arc is the OID's component at @depth. */
static bool next_field(struct cursor *list, size_t depth, unsigned int *arc,
		       struct cursor *value)
{
	const size_t len = sizeof(oid_prefix) + depth;
	struct cursor oid;

	if (!der_take(list, DER_SEQUENCE, value) ||
	    !der_take(value, DER_OID, &oid) || oid.left != len ||
	    memcmp(oid.pos, oid_prefix, sizeof(oid_prefix)))
		return false;
	*arc = oid.pos[len - 1];
	return depth == 1 || oid.pos[len - 2] == PCK_TCB;
}

static bool mark_once(unsigned int *seen, unsigned int arc)
{
	if (arc >= 32 || *seen & 1u << arc)
		return false;
	*seen |= 1u << arc;
	return true;
}

static bool parse_tcb(struct cursor *field, struct tsm_pck *pck)
{
	unsigned int seen = 0, arc, number;
	struct cursor list, value;

	if (!der_take(field, DER_SEQUENCE, &list))
		return false;
	while (list.left) {
		if (!next_field(&list, 2, &arc, &value) ||
		    !mark_once(&seen, arc))
			return false;
		if (arc == TCB_CPUSVN) {
			if (!der_octets(&value, pck->cpusvn,
					sizeof(pck->cpusvn)))
				return false;
			continue;
		}
		if (!der_number(&value, DER_INTEGER, &number))
			return false;
		if (arc == TCB_PCESVN)
			pck->pcesvn = (uint16_t)number;
		else if (arc >= 1 && arc <= TCB_COMPONENTS && number <= 255)
			pck->comp_svn[arc - 1] = (uint8_t)number;
		else
			return false;
	}
	return seen == TCB_REQUIRED;
}

static bool parse_field(unsigned int arc, struct cursor *value,
			struct tsm_pck *pck)
{
	unsigned int number;

	switch (arc) {
	case PCK_PPID:
		return der_octets(value, pck->ppid, sizeof(pck->ppid));
	case PCK_TCB:
		return parse_tcb(value, pck);
	case PCK_PCEID:
		return der_octets(value, pck->pceid, sizeof(pck->pceid));
	case PCK_FMSPC:
		return der_octets(value, pck->fmspc, sizeof(pck->fmspc));
	case PCK_SGX_TYPE:
		if (!der_number(value, DER_ENUMERATED, &number) || number > 255)
			return false;
		pck->sgx_type = (uint8_t)number;
		return true;
	case PCK_INSTANCE:
		pck->has_instance = true;
		return der_octets(value, pck->instance_id,
				  sizeof(pck->instance_id));
	}
	return true;	/* .7 configuration and what Intel may add */
}

int tsm_pck_parse(const void *der, size_t len, struct tsm_pck *pck,
		  struct tsm_error *err)
{
	struct cursor c = cursor_over(der, len), list, value;
	unsigned int seen = 0, arc;

	memset(pck, 0, sizeof(*pck));
	if (!der_take(&c, DER_SEQUENCE, &list) || c.left)
		goto bad;
	while (list.left) {
		if (!next_field(&list, 1, &arc, &value) ||
		    !mark_once(&seen, arc) || !parse_field(arc, &value, pck))
			goto bad;
	}
	if ((seen & REQUIRED) == REQUIRED)
		return 0;
bad:
	memset(pck, 0, sizeof(*pck));
	return tsm_error_set(err, -EBADMSG,
			     "PCK extension of %zu bytes: malformed or incomplete",
			     len);
}
