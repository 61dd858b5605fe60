// SPDX-License-Identifier: MIT
/* What records say: every kind of event data, whole, short and odd. */
#include "../../tools/lib/tsm_eventlog.h"

#include "log_build.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>

static struct bytes data;
static char text[400];

/* On copies that end where the event data do. */
static const char *describe(uint32_t type, size_t len)
{
	uint8_t *copy = exact_copy(data.p, len);
	const struct tsm_log_record record = {
		.mr_index = 1, .type = type, .event = { copy, len },
	};

	tsm_event_describe(&record, text, sizeof(text));
	free(copy);
	return text;
}

static void says(uint32_t type, const char *expected)
{
	const char *got = describe(type, data.len);

	if (!CHECK(!strcmp(expected, got)))
		printf("# %s\n# expected: %s\n", got, expected);
}

/* Cut anywhere, it says something else, and reads nothing behind its end. */
static void cut(uint32_t type)
{
	char whole[sizeof(text)];
	size_t len;

	strcpy(whole, describe(type, data.len));
	for (len = 0; len < data.len; len++) {
		if (!CHECK(strcmp(describe(type, len), whole)) ||
		    !CHECK(text[0]))
			printf("# type 0x%x cut at %zu\n", type, len);
	}
	fill(&data, 0x5a, 1);
	CHECK(strcmp(describe(type, data.len), whole));
}

static void set_variable(const char *name, const void *bytes, size_t len)
{
	data.len = 0;
	variable(&data, name, bytes, len);
}

/* [UEFI] 32.4.1: one EFI_SIGNATURE_LIST */
static void signature_list(struct bytes *b, const char *type, uint32_t count,
			   uint32_t size)
{
	put(b, type, 16);
	put32(b, 28 + count * size);
	put32(b, 0);
	put32(b, size);
	fill(b, 0x33, (size_t)count * size);
}

#define X509	"\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a\x87\xb5\xab\x15\x5c\x2b\xf0\x72"
#define SHA256S	"\x26\x16\xc4\xc1\x4c\x50\x92\x40\xac\xa9\x41\xf9\x36\x93\x43\x28"

static void variables(void)
{
	static struct bytes list;

	set_variable("SecureBoot", "\1", 1);
	says(EV_VARIABLE, "SecureBoot: on");
	cut(EV_VARIABLE);
	set_variable("SecureBoot", "\0", 1);
	says(EV_VARIABLE, "SecureBoot: off");
	set_variable("SecureBoot", "", 0);
	says(EV_VARIABLE, "SecureBoot: not set");
	set_variable("SecureBoot", "\7", 1);
	says(EV_VARIABLE, "SecureBoot: 0x07");
	set_variable("SecureBoot", "\1\1", 2);
	says(EV_VARIABLE, "SecureBoot: 2 bytes 0101");
	set_variable("PK", "", 0);
	says(EV_VARIABLE, "PK: empty");
	list.len = 0;
	signature_list(&list, X509, 1, 200);
	signature_list(&list, SHA256S, 3, 48);
	signature_list(&list, "0123456789abcdef", 1, 20);
	set_variable("db", list.p, list.len);
	says(EV_VARIABLE, "db: 1 certificate, 3 image digests, 1 other signature");
	cut(EV_VARIABLE);
	set_variable("dbx", list.p, list.len - 1);
	CHECK(strstr(describe(EV_VARIABLE, data.len), "dbx: 447 bytes a159"));
	/* a name that would look like another one */
	set_variable("PK.", "", 0);
	data.p[36] = 0;
	CHECK(strstr(describe(EV_VARIABLE, data.len), "38 bytes 61dfe48b"));
	set_variable("Other", "\x1b[31m", 5);
	says(EV_VARIABLE, "Other: 5 bytes 1b5b33316d");
	set_variable("Text", "sbat,1\n", 7);
	says(EV_AUTHORITY, "Text: sbat,1\n");
	data.p[0] ^= 1;
	says(EV_AUTHORITY,
	     "Text-8be4df60-93ca-11d2-aa0d-00e098032b8c: sbat,1\n");
	list.len = 0;
	guid(&list, 0);
	put(&list, "0\x82", 2);
	fill(&list, 1, 80);
	set_variable("db", list.p, list.len);
	says(EV_AUTHORITY,
	     "db: an image was verified by a certificate of 82 bytes");
}

static void lists_with_odd_sizes(void)
{
	static const uint32_t sizes[][3] = {
		/* list, header, entry */
		{ 27, 0, 16 }, { 28, 0, 0 }, { 28, 0, 15 }, { 28, 1, 16 },
		{ 0xffffffff, 0, 16 }, { 44, 0, 0xffffffff }, { 0, 0, 16 },
		{ 44, 0xffffffff, 16 }, { 60, 0, 48 }, { 44, 0, 8 },
	};
	static struct bytes list;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		list.len = 0;
		put(&list, X509, 16);
		put32(&list, sizes[i][0]);
		put32(&list, sizes[i][1]);
		put32(&list, sizes[i][2]);
		fill(&list, 1, 16);
		set_variable("db", list.p, list.len);
		if (!CHECK(strstr(describe(EV_VARIABLE, data.len),
				  "db: 44 bytes")))
			printf("# list %zu: %s\n", i, text);
	}
}

static void lengths_of_variables(void)
{
	static const uint64_t lengths[] = {
		2, 4, 11, UINT64_C(0x8000000000000000), UINT64_MAX,
		UINT64_MAX / 2 + 1, UINT32_MAX,
	};
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		set_variable("abc", "12345678", 8);
		poke32(&data, 16, (uint32_t)lengths[i]);
		poke32(&data, 20, (uint32_t)(lengths[i] >> 32));
		CHECK(!strncmp(describe(EV_VARIABLE, data.len), "46 bytes", 8));
		set_variable("abc", "12345678", 8);
		poke32(&data, 24, (uint32_t)lengths[i]);
		poke32(&data, 28, (uint32_t)(lengths[i] >> 32));
		CHECK(!strncmp(describe(EV_VARIABLE, data.len), "46 bytes", 8));
	}
}

static void load_option(struct bytes *b, uint32_t attributes)
{
	static struct bytes path;

	path.len = 0;
	node(&path, 2, 1, "\xd0\x41\x03\x0a\0\0\0\0", 8);
	node(&path, 1, 1, "\x02\x1f", 2);
	end_path(&path);
	b->len = 0;
	put32(b, attributes);
	put16(b, (uint16_t)path.len);
	wide(b, "Linux");
	put16(b, 0);
	put(b, path.p, path.len);
	put(b, "rest", 4);
}

static void boot_variables(void)
{
	static struct bytes option;

	set_variable("BootOrder", "\1\0\xfe\xca", 4);
	says(EV_BOOT, "BootOrder: Boot0001 Bootcafe");
	cut(EV_BOOT);
	set_variable("BootOrder", "", 0);
	says(EV_BOOT, "BootOrder: empty");
	set_variable("BootOrder", "\1\0\3", 3);
	says(EV_BOOT, "BootOrder: 3 bytes 010003");
	load_option(&option, 1);
	set_variable("Boot00AF", option.p, option.len);
	says(EV_BOOT, "Boot00AF: Linux: PciRoot(0x0)/Pci(0x1f,0x2)");
	load_option(&option, 0);
	set_variable("Boot00AF", option.p, option.len);
	says(EV_BOOT,
	     "Boot00AF: Linux: PciRoot(0x0)/Pci(0x1f,0x2) (not active)");
	set_variable("Boot00aF", option.p, option.len);
	CHECK(strstr(describe(EV_BOOT, data.len), "Boot00aF: 44 bytes"));
	option.p[4] = 200;
	set_variable("Boot0000", option.p, option.len);
	CHECK(strstr(describe(EV_BOOT, data.len), "Boot0000: 44 bytes"));
}

static void path(uint8_t type, uint8_t subtype, const void *bytes, size_t len,
		 const char *expected)
{
	char full[300];
	size_t i;

	data.len = 0;
	put64(&data, 0x1000);
	put64(&data, 7);
	put64(&data, 0);
	put64(&data, 4 + len + 4);
	node(&data, type, subtype, bytes, len);
	end_path(&data);
	snprintf(full, sizeof(full), "%s (7 bytes)", expected);
	says(EV_APPLICATION, full);
	/* every other length is another node, not a read beyond this one */
	for (i = 0; i < len; i++) {
		data.len = 24;
		put64(&data, 4 + i + 4);
		node(&data, type, subtype, bytes, i);
		end_path(&data);
		CHECK(describe(EV_APPLICATION, data.len)[0]);
	}
}

static void device_paths(void)
{
	struct bytes b = { .len = 0 };

	path(2, 1, "\xd0\x41\x08\x0a\1\0\0\0", 8, "PcieRoot(0x1)");
	path(2, 1, "\xd0\x41\x01\x05\2\0\0\0", 8, "Acpi(PNP0501,0x2)");
	path(2, 1, "\x22\x41\x01\x05\2\0\0\0", 8, "Acpi(0x5014122,0x2)");
	path(2, 2, "abc", 3, "Path(0x2,0x2,616263)");
	path(1, 4, "0123456789abcdefXY", 18,
	     "VenHw(33323130-3534-3736-3839-616263646566,5859)");
	path(3, 2, "\1\0\2\0", 4, "Scsi(0x1,0x2)");
	path(3, 5, "\3\4", 2, "USB(0x3,0x4)");
	path(3, 18, "\1\0\xff\xff\0\0", 6, "Sata(0x1,0xffff,0x0)");
	path(3, 23, "\1\0\0\0\1\2\3\4\5\6\7\x08", 12,
	     "NVMe(0x1,08-07-06-05-04-03-02-01)");
	path(3, 24, "http://a", 8, "Uri(http://a)");
	path(3, 24, "", 0, "Uri()");
	path(3, 99, "", 0, "Path(0x3,0x63,)");
	put(&b, "\x52\x54\0\x12\x34\x56", 6);
	fill(&b, 0, 26);
	fill(&b, 1, 1);
	path(3, 11, b.p, b.len, "MAC(525400123456,0x1)");
	b.len = 0;
	put32(&b, 2);
	put64(&b, 0x800);
	put64(&b, 0x1000);
	put(&b, "0123456789abcdef", 16);
	put(&b, "\2\2", 2);
	path(4, 1, b.p, b.len,
	     "HD(2,GPT,33323130-3534-3736-3839-616263646566,0x800,0x1000)");
	memcpy(b.p + 36, "\1\1", 2);
	path(4, 1, b.p, b.len, "HD(2,MBR,0x33323130,0x800,0x1000)");
	memcpy(b.p + 36, "\0\0", 2);
	path(4, 1, b.p, b.len, "HD(2,0x0,0,0x800,0x1000)");
	path(4, 2, b.p, 20, "CDROM(0x2,0x800,0x1000)");
	path(4, 3, "0123456789abcdef", 16,
	     "VenMedia(33323130-3534-3736-3839-616263646566)");
	path(4, 6, "0123456789abcdef", 16,
	     "FvFile(33323130-3534-3736-3839-616263646566)");
	path(4, 7, "0123456789abcdef", 16,
	     "Fv(33323130-3534-3736-3839-616263646566)");
	path(4, 4, "\\\0E\0\x3d\xd8\0\xde\0\xd8x\0", 12,
	     "\\E\xf0\x9f\x98\x80\xef\xbf\xbdx");
	path(5, 1, "\1", 1, "Path(0x5,0x1,01)");
}

static void images(void)
{
	data.len = 0;
	put64(&data, 0x1000);
	put64(&data, 12345);
	put64(&data, 0);
	put64(&data, 0);
	says(EV_APPLICATION, "an image from memory (12345 bytes)");
	cut(EV_APPLICATION);
	/* paths of several parts; without an end, or with bytes behind it */
	data.len = 24;
	put64(&data, 4 + 4 + 4 + 6 + 4);
	node(&data, 4, 99, NULL, 0);
	node(&data, 0x7f, 1, NULL, 0);
	node(&data, 4, 98, NULL, 0);
	node(&data, 1, 1, "\0\1", 2);
	end_path(&data);
	says(EV_APPLICATION,
	     "Path(0x4,0x63,),Path(0x4,0x62,)/Pci(0x1,0x0) (12345 bytes)");
	cut(EV_APPLICATION);
	data.len = 24;
	put64(&data, 6);
	node(&data, 1, 1, "\0\1", 2);
	CHECK(strstr(describe(EV_APPLICATION, data.len), "38 bytes"));
	data.len = 24;
	put64(&data, 8);
	end_path(&data);
	end_path(&data);
	CHECK(strstr(describe(EV_APPLICATION, data.len), "40 bytes"));
	/* a node shorter than its head would be there for ever */
	data.len = 24;
	put64(&data, 4);
	put(&data, "\4\4\3\0", 4);
	CHECK(strstr(describe(EV_APPLICATION, data.len), "36 bytes"));
}

static void build_gpt(uint64_t partitions, uint32_t entry)
{
	uint64_t i;

	data.len = 0;
	put(&data, "EFI PART", 8);
	fill(&data, 0, 32);
	put64(&data, 34);
	put64(&data, 1000);
	put(&data, "0123456789abcdef", 16);
	fill(&data, 0, 12);
	put32(&data, entry);
	put32(&data, 0);
	put64(&data, partitions);
	for (i = 0; i < partitions && i < 3; i++) {
		fill(&data, 0, 56);
		if (i != 1)
			wide(&data, i ? "root" : "EFI");
		fill(&data, 0, entry * (i + 1) + 100 - data.len);
	}
}

static void partition_tables(void)
{
	build_gpt(3, 128);
	says(EV_GPT, "disk 33323130-3534-3736-3839-616263646566, 3 partitions: EFI, root");
	cut(EV_GPT);
	build_gpt(0, 128);
	says(EV_GPT, "disk 33323130-3534-3736-3839-616263646566, 0 partitions");
	build_gpt(2, 160);
	says(EV_GPT, "disk 33323130-3534-3736-3839-616263646566, 2 partitions: EFI");
	build_gpt(0, 127);
	CHECK(strstr(describe(EV_GPT, data.len), "100 bytes"));
	build_gpt(3, 128);
	poke32(&data, 92, 0);
	poke32(&data, 96, 0x2000000);
	CHECK(strstr(describe(EV_GPT, data.len), "484 bytes"));
	poke32(&data, 92, 4);
	poke32(&data, 96, 0);
	CHECK(strstr(describe(EV_GPT, data.len), "484 bytes"));
}

static void firmware(void)
{
	data.len = 0;
	fill(&data, 2, 1);
	put(&data, "Fv", 2);
	put64(&data, 0xffe00000);
	put64(&data, 4096);
	says(EV_BLOB2, "Fv: 4096 bytes at 0xffe00000");
	cut(EV_BLOB2);
	data.len = 0;
	put64(&data, 0x10000);
	put64(&data, 1);
	says(0x80000008, "1 bytes at 0x10000");
	cut(0x80000008);
	data.len = 0;
	fill(&data, 8, 1);
	put(&data, "TdxTable", 8);
	put64(&data, 2);
	put(&data, "0123456789abcdef", 16);
	put64(&data, 0x809000);
	put(&data, "fedcba9876543210", 16);
	put64(&data, 1);
	says(EV_TABLES2, "TdxTable: 2 tables, 33323130-3534-3736-3839-616263646566 at 0x809000, 63646566-6162-3839-3736-353433323130 at 0x1");
	cut(EV_TABLES2);
	memmove(data.p, data.p + 9, data.len - 9);
	data.len -= 10;
	says(0x80000009, "2 tables, 33323130-3534-3736-3839-616263646566 at 0x809000, 63646566-6162-3839-3736-353433323130 at 0x1");
	cut(0x80000009);
	poke32(&data, 4, 0xaaaaaaab);
	CHECK(strstr(describe(0x80000009, data.len), "57 bytes"));
}

static void tag(uint32_t id, const char *bytes, size_t len)
{
	data.len = 0;
	put32(&data, id);
	put32(&data, (uint32_t)len);
	put(&data, bytes, len);
}

static void tags(void)
{
	tag(0x8f3b22ec, "Linux initrd", 13);
	says(EV_EVENT_TAG, "Linux: initrd");
	cut(EV_EVENT_TAG);
	tag(0x8f3b22ec, "other", 5);
	says(EV_EVENT_TAG, "Linux: initrd: other");
	tag(0x8f3b22ed, "LOADED_IMAGE::LoadOptions", 26);
	says(EV_EVENT_TAG, "Linux: command line");
	tag(0x4141454c, "kata Start {}", 13);
	says(EV_EVENT_TAG, "CoCo: kata Start {}");
	tag(0xf5bc582a, "l\0o\0\0\0", 6);
	says(EV_EVENT_TAG, "systemd-boot: loader.conf: lo");
	tag(0x12345678, "\1\2", 2);
	says(EV_EVENT_TAG, "tag 0x12345678: 2 bytes 0102");
	tag(0x12345678, "", 0);
	says(EV_EVENT_TAG, "tag 0x12345678: no data");
	/* some kernels wrote the text without a tag */
	data.len = 0;
	put(&data, "LOADED_IMAGE::LoadOptions", 26);
	says(EV_EVENT_TAG, "LOADED_IMAGE::LoadOptions");
	poke32(&data, 4, 0xfffffff8);
	CHECK(describe(EV_EVENT_TAG, data.len)[0]);
}

static void no_actions(void)
{
	static uint8_t values[4][48];

	memset(values[2], 0xab, 48);
	data.len = 0;
	put(&data, "StartupLocality\0\3", 17);
	says(EV_NO_ACTION, "startup locality 3");
	cut(EV_NO_ACTION);
	data.len = 0;
	put(&data, "SP800-155 Event3", 16);
	fill(&data, 9, 30);
	says(EV_NO_ACTION, "SP800-155 Event3: where the reference values are");
	data.len = 0;
	put(&data, "tsm_guest state\0\1\1\0\0", 20);
	put32(&data, 3);
	put(&data, values[2], 48);
	/* the head of this record names another register */
	CHECK(strstr(describe(EV_NO_ACTION, data.len), "72 bytes 74736d"));
	poke32(&data, 20, 1);
	says(EV_NO_ACTION, "tsm_guest: GAP, no record explains: rtmr0 abababababababab...");
	cut(EV_NO_ACTION);
	data.len -= 1;
	data.p[16] = 0;
	says(EV_NO_ACTION, "tsm_guest: values at load: rtmr0 abababababababab...");
	data.len = 0;
	put(&data, "Spec ID Event03", 16);
	put(&data, "\0\0\0\0\0\2\0\2\1\0\0\0\x0c\0\x30\0\0", 17);
	says(EV_NO_ACTION, "header: TCG 2.0, digests: sha384");
	cut(EV_NO_ACTION);
}

static void plain_ones(void)
{
	data.len = 0;
	put32(&data, 0);
	says(EV_SEPARATOR, "separator 0x00000000");
	poke32(&data, 0, 0xffffffff);
	says(EV_SEPARATOR, "separator 0xffffffff");
	poke32(&data, 0, 1);
	says(EV_SEPARATOR, "ERROR before the OS, 0x00000001");
	cut(EV_SEPARATOR);
	data.len = 0;
	says(EV_COMPACT_HASH, "a digest alone: the log does not say of what");
	says(EV_IPL, "no data");
	says(0x12345678, "no data");
	put(&data, "grub_cmd: set a=b\n", 19);
	says(EV_IPL, "grub_cmd: set a=b\n");
	says(EV_COMPACT_HASH, "grub_cmd: set a=b\n");
	data.len = 0;
	wide(&data, "cmdline");
	put16(&data, 0);
	says(EV_IPL, "cmdline");
	data.len = 0;
	put(&data, "gr\xc3\xbc\xc3\x9f", 6);
	says(EV_IPL, "gr\xc3\xbc\xc3\x9f");
	data.len = 0;
	put(&data, "0123456789abcdef", 16);
	says(8, "0123456789abcdef");
	data.p[0] = 0xff;
	says(8, "333231ff-3534-3736-3839-616263646566");
	fill(&data, 0, 100);
	data.p[50] = 1;
	says(0x12345678, "116 bytes ff313233343536373839616263646566...");
}

static void what_is_no_text(void)
{
	static const char *const odd[] = {
		"a\x1b[31m", "\x7f", "a\xc0\x80", "\xe0\x82\xa0", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xc3",
		"\x80", "\xc2\x9b", "\xf0\x80\x80\x80",
	};
	size_t i;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		data.len = 0;
		put(&data, odd[i], strlen(odd[i]));
		if (!CHECK(strstr(describe(EV_IPL, data.len), "byte")))
			printf("# text %zu: %s\n", i, text);
	}
	data.len = 0;
	put(&data, "a\0\0\0b\0", 6);
	says(EV_IPL, "6 bytes 610000006200");
	data.len = 0;
	put(&data, "a\0\0\xd8", 4);
	says(EV_IPL, "4 bytes 610000d8");
	data.len = 0;
	put(&data, "\0\0\0\0", 4);
	says(EV_IPL, "4 bytes 00000000");
}

/* Whatever the room, the line ends in it, and no character is cut in two. */
static void short_lines(void)
{
	const struct tsm_log_record record = {
		.type = EV_IPL, .event = { data.p, 40 },
	};
	size_t size, len;
	char *line;

	data.len = 0;
	for (len = 0; len < 20; len++)
		put(&data, "\xc3\xbc", 2);
	for (size = 4; size < 60; size++) {
		line = malloc(size);
		tsm_event_describe(&record, line, size);
		len = strlen(line);
		CHECK(len < size);
		CHECK(size > 40 ? len == 40 :
		      len > 2 && len % 2 && !strcmp(line + len - 3, "..."));
		free(line);
	}
}

static const struct tap_test tests[] = {
	{ "variables say what they hold", variables },
	{ "lists of signatures with odd sizes are not counted",
	  lists_with_odd_sizes },
	{ "lengths of variables must fit", lengths_of_variables },
	{ "boot variables are decoded", boot_variables },
	{ "nodes of device paths have their text", device_paths },
	{ "images have size and path", images },
	{ "partition tables name disk and partitions", partition_tables },
	{ "firmware blobs and tables have their addresses", firmware },
	{ "tags are told by their ids", tags },
	{ "informative events are decoded", no_actions },
	{ "separators, text and bytes are shown as such", plain_ones },
	{ "what would steer a terminal or is no UTF-8 is no text",
	  what_is_no_text },
	{ "lines end where their room does", short_lines },
};

TAP_MAIN(tests)
