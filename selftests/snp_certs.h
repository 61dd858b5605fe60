/* SPDX-License-Identifier: MIT */
/*
 * The host's table of certificates, as auxblob and the extended request have
 * it: GHCB specification (56421), "SNP Extended Guest Request".
 */
#ifndef SELFTESTS_SNP_CERTS_H
#define SELFTESTS_SNP_CERTS_H

#include "snp.h"

#define TABLE_ENTRY	24	/* GUID, u32 offset, u32 length */

/* Bytes of the GUIDs as text has them, and as UEFI stores them. */
static const uint8_t guid_vcek[2][16] = {
	{ 0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	  0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd },
	{ 0x8d, 0x75, 0xda, 0x63, 0x64, 0xe6, 0x64, 0x45,
	  0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd },
};

static const uint8_t guid_vlek[2][16] = {
	{ 0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
	  0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 },
	{ 0xc2, 0x4b, 0x07, 0xa8, 0x5a, 0xa2, 0x3e, 0x48,
	  0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1 },
};

static const uint8_t guid_ask[2][16] = {
	{ 0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
	  0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 },
	{ 0x79, 0xb3, 0xb7, 0x4a, 0xac, 0xbb, 0xe4, 0x4f,
	  0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82 },
};

static const uint8_t guid_ark[2][16] = {
	{ 0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	  0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae },
	{ 0xa4, 0x06, 0xb4, 0xc0, 0x03, 0xa8, 0x52, 0x49,
	  0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae },
};

/* Entries before the one of zeros, or -1 if there is none within @len. */
static __maybe_unused int table_entries(const uint8_t *table, size_t len)
{
	size_t i;

	for (i = 0; (i + 1) * TABLE_ENTRY <= len; i++)
		if (all_zero(table + i * TABLE_ENTRY, TABLE_ENTRY))
			return i;
	return -1;
}

/**
 * table_check() - what the driver promises of any auxblob that is not empty.
 * @table: its bytes
 * @len: how many; the table is cut where its last certificate ends
 *
 * Return: NULL, or what is wrong with it.
 */
static __maybe_unused const char *table_check(const uint8_t *table, size_t len)
{
	const int entries = table_entries(table, len);
	uint64_t offset, length, end = 0;
	int i;

	if (entries < 0)
		return "is not terminated";
	if (!entries)
		return "has no entry";
	for (i = 0; i < entries; i++) {
		offset = get_le32(table + i * TABLE_ENTRY + 16);
		length = get_le32(table + i * TABLE_ENTRY + 20);
		if (offset < (uint64_t)(entries + 1) * TABLE_ENTRY)
			return "has an entry that lies in the table of entries";
		if (offset + length > len)
			return "has an entry that reaches past its end";
		if (offset + length > end)
			end = offset + length;
	}
	return end == len ? NULL : "does not end with its last certificate";
}

/* The bytes of a certificate, or NULL if there is none of that GUID. */
static __maybe_unused const uint8_t *table_find(const uint8_t *table,
						size_t len,
						const uint8_t guid[2][16],
						size_t *cert_len)
{
	const int entries = table_entries(table, len);
	int i;

	for (i = 0; i < entries; i++) {
		const uint8_t *entry = table + i * TABLE_ENTRY;

		if (memcmp(entry, guid[0], 16) && memcmp(entry, guid[1], 16))
			continue;
		*cert_len = get_le32(entry + 20);
		return table + get_le32(entry + 16);
	}
	return NULL;
}

/* A DER SEQUENCE of two bytes of length that fills its entry exactly. */
static __maybe_unused bool table_has_der(const uint8_t *table, size_t len,
					 const uint8_t guid[2][16])
{
	const uint8_t *cert;
	size_t cert_len;

	cert = table_find(table, len, guid, &cert_len);
	return cert && cert_len > 4 && cert[0] == 0x30 && cert[1] == 0x82 &&
	       (size_t)(cert[2] << 8 | cert[3]) + 4 == cert_len;
}

/* The table as the host gives it to an ioctl, 16 KiB with zeros behind. */
static __maybe_unused int sev_host_table(uint32_t vmpl, uint8_t table[16384])
{
	struct snp_ext_report_req req = {
		.data.vmpl = vmpl,
		.certs_address = (unsigned long)table,
		.certs_len = 16384,
	};
	struct snp_report_resp resp;
	struct snp_ioctl io = {
		.msg_version = 1,
		.req_data = (unsigned long)&req,
		.resp_data = (unsigned long)&resp,
	};

	return sev_ioctl(SNP_GET_EXT_REPORT, &io);
}

#endif /* SELFTESTS_SNP_CERTS_H */
