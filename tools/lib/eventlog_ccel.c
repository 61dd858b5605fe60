// SPDX-License-Identifier: MIT
/* Decodes the ACPI table of the CC event log, [ACPI] 5.2.34. */
#include "tsm_eventlog.h"

#include "lib_private.h"

#include <errno.h>

/* header of every ACPI table, 36 bytes, and what this one adds */
#define CCEL_SIZE	56

static bool le64(struct cursor *c, uint64_t *out)
{
	uint32_t low, high;

	if (c->left < 8 || !cursor_le32(c, &low) || !cursor_le32(c, &high))
		return false;
	*out = low | (uint64_t)high << 32;
	return true;
}

static int check_header(const uint8_t *data, size_t len, struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);
	const uint8_t *signature;
	uint8_t sum = 0;
	uint32_t size, i;

	if (!cursor_take(&c, 4, &signature) || !cursor_le32(&c, &size) ||
	    memcmp(signature, "CCEL", 4))
		return tsm_error_set(err, -EBADMSG,
				     "ACPI table CCEL: %zu bytes without its signature",
				     len);
	if (size < CCEL_SIZE || size > len)
		return tsm_error_set(err, -EBADMSG,
				     "ACPI table CCEL: length %u, expected %u to %zu",
				     size, CCEL_SIZE, len);
	for (i = 0; i < size; i++)
		sum = (uint8_t)(sum + data[i]);
	if (sum)
		return tsm_error_set(err, -EBADMSG,
				     "ACPI table CCEL: its bytes sum up to 0x%02x, not 0",
				     sum);
	return 0;
}

int tsm_ccel_parse(const void *data, size_t len, struct tsm_ccel *ccel,
		   struct tsm_error *err)
{
	struct cursor c = cursor_over(data, len);
	const uint8_t *header;
	uint16_t reserved;
	int ret;

	memset(ccel, 0, sizeof(*ccel));
	ret = check_header(data, len, err);
	if (ret)
		return ret;
	cursor_take(&c, 36, &header);
	cursor_u8(&c, &ccel->cc_type);
	cursor_u8(&c, &ccel->cc_subtype);
	cursor_le16(&c, &reserved);
	le64(&c, &ccel->laml);
	le64(&c, &ccel->lasa);
	if (ccel->cc_type == TSM_CC_TYPE_TDX)
		return 0;
	tsm_error_set(err, 0,
		      "ACPI table CCEL: type %u, %s: its log is not of a TD's registers",
		      ccel->cc_type, tsm_cc_type_name(ccel->cc_type) ?
		      tsm_cc_type_name(ccel->cc_type) : "unknown");
	memset(ccel, 0, sizeof(*ccel));
	return -EPROTONOSUPPORT;
}
