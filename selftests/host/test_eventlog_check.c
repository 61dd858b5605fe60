// SPDX-License-Identifier: MIT
/* Around records: their digests, tsm_guest's values, the ACPI table, names. */
#include "../../tools/lib/tsm_eventlog.h"

#include "log_build.h"
#include "tap.h"

#include <errno.h>
#include <stdio.h>

static struct bytes raw;

/* The second record of a log that is built in @raw. */
static struct tsm_log_record second(void)
{
	struct tsm_log_record r;
	struct tsm_log l;

	if (tsm_log_open(&l, raw.p, raw.len, NULL) ||
	    tsm_log_next(&l, &r, NULL) != 1 || tsm_log_next(&l, &r, NULL) != 1)
		abort();
	return r;
}

static enum tsm_event_check check_of(uint32_t type, const void *data,
				     size_t len, const char *measured)
{
	enum tsm_event_check check;
	struct tsm_log_record r;

	raw.len = 0;
	log_head(&raw);
	log_measured(&raw, 1, type, data, len, measured);
	r = second();
	CHECK_EQ(0, tsm_event_check(&r, &check));
	return check;
}

static const struct {
	uint32_t type;
	const char *data;
	size_t len;
	const char *measured;
	enum tsm_event_check check;
} checks[] = {
	{ EV_SEPARATOR, "\0\0\0\0", 4, NULL, TSM_EVENT_OK },
	{ EV_SEPARATOR, "\0\0\0\0", 4, "other", TSM_EVENT_WRONG },
	{ EV_SEPARATOR, "an error", 8, "other", TSM_EVENT_UNCHECKED },
	{ EV_ACTION, "act", 3, NULL, TSM_EVENT_OK },
	{ EV_EFI_ACTION, "act", 3, NULL, TSM_EVENT_OK },
	{ EV_EFI_ACTION, "act", 3, "acT", TSM_EVENT_WRONG },
	{ 0x8, "version", 7, NULL, TSM_EVENT_OK },
	{ 0x12, "BOOT ATTEMPTS OMITTED", 21, "", TSM_EVENT_WRONG },
	{ EV_GPT, "gpt", 3, NULL, TSM_EVENT_OK },
	{ EV_VARIABLE, "not even one", 12, NULL, TSM_EVENT_OK },
	{ EV_VARIABLE, "not even one", 12, "x", TSM_EVENT_WRONG },
	{ EV_AUTHORITY, "authority", 9, NULL, TSM_EVENT_OK },
	{ 0x8000000c, "boot2", 5, "x", TSM_EVENT_WRONG },
	{ EV_BOOT, "no variable", 11, NULL, TSM_EVENT_UNCHECKED },
	{ EV_IPL, "grub_cmd: ls", 13, "ls", TSM_EVENT_OK },
	{ EV_IPL, "grub_cmd: ls", 13, "ll", TSM_EVENT_WRONG },
	{ EV_IPL, "kernel_cmdline: a b", 20, "a b", TSM_EVENT_OK },
	{ EV_IPL, "module_cmdline: a", 18, "a", TSM_EVENT_OK },
	{ EV_IPL, "grub_cmd: ls", 12, "ls", TSM_EVENT_UNCHECKED },
	{ EV_IPL, "grub_cmd: ", 10, "", TSM_EVENT_UNCHECKED },
	{ EV_IPL, "/boot/vmlinuz", 14, "content", TSM_EVENT_UNCHECKED },
	{ EV_EVENT_TAG, "LEAA\3\0\0\0a b", 11, NULL, TSM_EVENT_OK },
	{ EV_EVENT_TAG, "LEAA\3\0\0\0a b", 11, "a b", TSM_EVENT_WRONG },
	{ EV_EVENT_TAG, "LEAA\4\0\0\0a b", 11, "a b", TSM_EVENT_UNCHECKED },
	{ EV_EVENT_TAG, "\xec\x22\x3b\x8f\1\0\0\0x", 9, "initrd",
	  TSM_EVENT_UNCHECKED },
	{ EV_COMPACT_HASH, "", 0, "anything", TSM_EVENT_UNCHECKED },
	{ EV_CONFIG_FLAGS, "ACPI DATA", 9, "tables", TSM_EVENT_UNCHECKED },
	{ EV_APPLICATION, "image", 5, "program", TSM_EVENT_UNCHECKED },
	{ EV_NO_ACTION, "anything", 8, "other", TSM_EVENT_UNCHECKED },
	{ 0x12345678, "anything", 8, "other", TSM_EVENT_UNCHECKED },
};

static void digests_of_data(void)
{
	static struct bytes var;
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!CHECK_EQ(checks[i].check,
			      check_of(checks[i].type, checks[i].data,
				       checks[i].len, checks[i].measured)))
			printf("# check %zu\n", i);
	}
	/* of a boot variable, what it holds */
	var.len = 0;
	variable(&var, "BootOrder", "\1\1", 2);
	CHECK_EQ(TSM_EVENT_OK, check_of(EV_BOOT, var.p, var.len, "\1\1"));
	CHECK_EQ(TSM_EVENT_WRONG, check_of(EV_BOOT, var.p, var.len, NULL));
}

static int state_of(uint32_t mr, const void *data, size_t len,
		    struct tsm_log_state *state)
{
	const uint8_t digest[48] = { 0 };
	struct tsm_error err = { "" };
	struct tsm_log_record r;
	int ret;

	raw.len = 0;
	log_head(&raw);
	log_event(&raw, mr, EV_NO_ACTION, digest, data, len);
	r = second();
	ret = tsm_log_state_parse(&r, state, &err);
	CHECK((ret < 0) == (err.text[0] != '\0'));
	CHECK(ret > 0 || !state->values);
	return ret;
}

static void build_state(struct bytes *b, uint8_t reason, uint8_t values,
			unsigned int real)
{
	unsigned int i;

	b->len = 0;
	put(b, "tsm_guest state", 16);
	put(b, (const uint8_t[]){ reason, values, 0, 0 }, 4);
	for (i = 0; i < real; i++) {
		put32(b, i + 1);
		fill(b, (uint8_t)(0x10 + i), 48);
	}
}

static void values_of_registers(void)
{
	static struct bytes b;
	struct tsm_log_state state;
	size_t len;

	build_state(&b, 0, 4, 4);
	CHECK_EQ(1, state_of(0, b.p, b.len, &state));
	CHECK(state.reason == 0 && state.values == 4);
	CHECK(state.mr_index[3] == 4 && state.value[3][47] == 0x13);
	for (len = 0; len < b.len; len++)
		CHECK_EQ(len < 16 ? 0 : -EBADMSG,
			 state_of(0, b.p, len, &state));
	fill(&b, 0, 1);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	/* counts */
	build_state(&b, 0, 0, 0);
	CHECK_EQ(1, state_of(0, b.p, b.len, &state));
	build_state(&b, 0, 8, 8);
	CHECK_EQ(1, state_of(0, b.p, b.len, &state));
	build_state(&b, 0, 9, 9);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	build_state(&b, 0, 255, 8);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	build_state(&b, 0, 3, 4);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	/* what is reserved, and reasons to come */
	build_state(&b, 0, 1, 1);
	b.p[18] = 1;
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	build_state(&b, 2, 1, 1);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	/* a register twice */
	build_state(&b, 0, 2, 2);
	poke32(&b, 20 + 52, 1);
	CHECK_EQ(-EBADMSG, state_of(0, b.p, b.len, &state));
	/* a gap is of one register, that of its head */
	build_state(&b, 1, 1, 1);
	CHECK_EQ(1, state_of(1, b.p, b.len, &state));
	CHECK_EQ(-EBADMSG, state_of(2, b.p, b.len, &state));
	build_state(&b, 1, 2, 2);
	CHECK_EQ(-EBADMSG, state_of(1, b.p, b.len, &state));
	/* others are other records */
	build_state(&b, 0, 1, 1);
	b.p[0] = 'T';
	CHECK_EQ(0, state_of(0, b.p, b.len, &state));
}

static const uint8_t table[56] = {
	'C', 'C', 'E', 'L', 56, 0, 0, 0, 1, 0, 'I', 'N', 'T', 'E', 'L', ' ',
	'E', 'D', 'K', '2', ' ', ' ', ' ', ' ', 2, 0, 0, 0, ' ', ' ', ' ', ' ',
	19, 0, 0, 1, 2, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0,
	0, 0xf0, 0xdb, 0xbe, 0, 0, 0, 0x80,
};

static int parse_table(uint8_t *t, size_t len, bool mend,
		       struct tsm_ccel *ccel, struct tsm_error *err)
{
	uint8_t *copy, sum = 0;
	size_t i;
	int ret;

	for (i = 0; mend && i < len; i++)
		sum = (uint8_t)(sum + t[i]);
	if (mend)
		t[9] = (uint8_t)(t[9] - sum);
	copy = exact_copy(t, len);
	err->text[0] = '\0';
	ret = tsm_ccel_parse(copy, len, ccel, err);
	free(copy);
	return ret;
}

static void acpi_tables(void)
{
	uint8_t t[60] = { 0 };
	struct tsm_ccel ccel;
	struct tsm_error err;
	size_t i;

	memcpy(t, table, sizeof(table));
	CHECK_EQ(0, parse_table(t, 56, true, &ccel, &err));
	CHECK_EQ(2, ccel.cc_type);
	CHECK_EQ(0, ccel.cc_subtype);
	CHECK_EQ(0x40000, ccel.laml);
	CHECK_EQ((long long)0x80000000bedbf000, ccel.lasa);
	for (i = 0; i < 56; i++)
		CHECK_EQ(-EBADMSG, parse_table(t, i, false, &ccel, &err));
	/* each byte is summed up, but for the signature it is first of all */
	for (i = 0; i < 56; i++) {
		t[i] ^= 1;
		CHECK_EQ(-EBADMSG, parse_table(t, 56, false, &ccel, &err));
		CHECK(err.text[0] && !ccel.laml);
		t[i] ^= 1;
	}
	/* lengths that are not there, or too short */
	t[4] = 57;
	CHECK_EQ(-EBADMSG, parse_table(t, 56, true, &ccel, &err));
	CHECK(strstr(err.text, "length 57"));
	t[4] = 55;
	CHECK_EQ(-EBADMSG, parse_table(t, 56, true, &ccel, &err));
	t[4] = 60;
	CHECK_EQ(0, parse_table(t, 60, true, &ccel, &err));
	t[7] = 0x80;
	CHECK_EQ(-EBADMSG, parse_table(t, 60, true, &ccel, &err));
	/* other TEEs */
	memcpy(t, table, sizeof(table));
	t[36] = 1;
	CHECK_EQ(-EPROTONOSUPPORT, parse_table(t, 56, true, &ccel, &err));
	CHECK(strstr(err.text, "type 1, AMD SEV"));
	t[36] = 200;
	CHECK_EQ(-EPROTONOSUPPORT, parse_table(t, 56, true, &ccel, &err));
	CHECK(strstr(err.text, "type 200, unknown"));
}

static void names(void)
{
	static const struct {
		uint32_t type;
		const char *name;
	} types[] = {
		{ 0x0, "EV_PREBOOT_CERT" }, { 0x3, "EV_NO_ACTION" },
		{ 0x6, "EV_EVENT_TAG" }, { 0xd, "EV_IPL" },
		{ 0x12, "EV_OMIT_BOOT_DEVICE_EVENTS" },
		{ 0x80000001, "EV_EFI_VARIABLE_DRIVER_CONFIG" },
		{ 0x80000006, "EV_EFI_GPT_EVENT" },
		{ 0x8000000a, "EV_EFI_PLATFORM_FIRMWARE_BLOB2" },
		{ 0x80000010, "EV_EFI_HCRTM_EVENT" },
		{ 0x800000e0, "EV_EFI_VARIABLE_AUTHORITY" },
		{ 0x800000e4, "EV_EFI_SPDM_DEVICE_AUTHORITY" },
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		CHECK(!strcmp(types[i].name,
			      tsm_event_type_name(types[i].type)));
	CHECK(!tsm_event_type_name(0x14));
	CHECK(!tsm_event_type_name(0x8000000f));
	CHECK(!tsm_event_type_name(0xffffffff));
	CHECK(!strcmp("sha384", tsm_log_alg_name(12)));
	CHECK_EQ(48, tsm_log_alg_size(12));
	CHECK_EQ(32, tsm_log_alg_size(0x12));
	CHECK(!tsm_log_alg_name(0) && !tsm_log_alg_size(0));
	CHECK(!tsm_cc_type_name(0) && !tsm_cc_type_name(5));
}

static const struct tap_test tests[] = {
	{ "digests are compared with data where that is defined",
	  digests_of_data },
	{ "values told by tsm_guest are well-formed or refused",
	  values_of_registers },
	{ "the ACPI table is whole, summed up and of a TD", acpi_tables },
	{ "types and algorithms have their names", names },
};

TAP_MAIN(tests)
