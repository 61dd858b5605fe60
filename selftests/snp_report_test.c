// SPDX-License-Identifier: MIT
/*
 * configfs tsm/report of an SNP guest: its attributes, who sees them, and what
 * may be written to them.
 */
#include <dirent.h>

#include "kselftest_harness.h"

#include "snp_emu.h"

/* One row an attribute: mainline's Documentation/ABI. */
FIXTURE(attribute)
{
	struct entry entry;
	bool visible;
};

FIXTURE_VARIANT(attribute)
{
	const char *name;
	mode_t mode;
	off_t size;
	bool only_with_svsm;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(attribute, provider) { "provider", 0444, 4096 };
FIXTURE_VARIANT_ADD(attribute, generation) { "generation", 0444, 4096 };
FIXTURE_VARIANT_ADD(attribute, inblob) { "inblob", 0200 };
FIXTURE_VARIANT_ADD(attribute, outblob) { "outblob", 0444 };
FIXTURE_VARIANT_ADD(attribute, auxblob) { "auxblob", 0444 };
FIXTURE_VARIANT_ADD(attribute, privlevel) { "privlevel", 0200, 4096 };
FIXTURE_VARIANT_ADD(attribute, privlevel_floor) {
	"privlevel_floor", 0444, 4096
};
FIXTURE_VARIANT_ADD(attribute, service_provider) {
	"service_provider", 0200, 4096, true
};
FIXTURE_VARIANT_ADD(attribute, service_guid) {
	"service_guid", 0200, 4096, true
};
FIXTURE_VARIANT_ADD(attribute, service_manifest_version) {
	"service_manifest_version", 0200, 4096, true
};
FIXTURE_VARIANT_ADD(attribute, manifestblob) { "manifestblob", 0444, 0, true };
/* clang-format on */

FIXTURE_SETUP(attribute)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	self->visible = !variant->only_with_svsm || snp_vmpl() > 0;
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-attribute"));
}

FIXTURE_TEARDOWN(attribute)
{
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(attribute, has_its_mode_owner_and_size_if_it_is_visible)
{
	struct stat st;

	if (!self->visible)
		SKIP(return, "there is no SVSM: the guest runs at VMPL 0");
	ASSERT_EQ(0, lstat(entry_attr(&self->entry, variant->name), &st));
	EXPECT_EQ(S_IFREG | variant->mode, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(variant->size, st.st_size);
}

TEST_F(attribute, is_not_there_and_cannot_be_made_if_it_is_invisible)
{
	const char *path = entry_attr(&self->entry, variant->name);

	if (self->visible)
		SKIP(return, "it is visible here");
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name,
				      O_WRONLY | O_CREAT));
}

TEST_F(attribute, opens_only_in_the_direction_of_its_mode_even_for_root)
{
	const bool writable = variant->mode & 0200;
	int fd;

	if (!self->visible)
		SKIP(return, "there is no SVSM: the guest runs at VMPL 0");
	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name, O_RDWR));
	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name,
				      writable ? O_RDONLY : O_WRONLY));
	fd = entry_open(&self->entry, variant->name,
			writable ? O_WRONLY : O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(fd));
}

FIXTURE(entry)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN + 1];
	uint8_t out[BLOB_MAX];
	int floor;
	long violations;
};

FIXTURE_SETUP(entry)
{
	SKIP_WITHOUT_SNP();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, snp_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-snp-entry"));
	nonce_make(self->nonce, getpid(), 1);
	self->floor = snp_vmpl();
}

FIXTURE_TEARDOWN(entry)
{
	EXPECT_NO_IV_REUSE();
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(entry, has_the_files_of_an_snp_guest_and_no_others)
{
	DIR *dir = opendir(self->entry.path);
	struct dirent *file;
	int files = 0;

	ASSERT_NE(NULL, dir);
	while ((file = readdir(dir)))
		files += file->d_name[0] != '.';
	EXPECT_EQ(0, closedir(dir));
	EXPECT_EQ(snp_vmpl() > 0 ? 11 : 7, files);
}

TEST_F(entry, provider_is_the_name_that_clients_compare)
{
	char text[64] = "";

	EXPECT_EQ(10, entry_read(&self->entry, "provider", text, sizeof(text)));
	EXPECT_STREQ("sev_guest\n", text);
}

TEST_F(entry, generation_starts_at_zero)
{
	char text[64] = "";

	EXPECT_EQ(2, entry_read(&self->entry, "generation", text,
				sizeof(text)));
	EXPECT_STREQ("0\n", text);
}

TEST_F(entry, privlevel_floor_is_the_number_of_the_vmpck_in_use)
{
	char text[64] = "";

	EXPECT_EQ(2, entry_read(&self->entry, "privlevel_floor", text,
				sizeof(text)));
	EXPECT_EQ('0' + self->floor, text[0]);
	EXPECT_EQ('\n', text[1]);
	if (driver_is_tsm_guest())
		EXPECT_EQ(self->floor, vmpck_active());
}

static int set_privlevel(const struct entry *entry, int level)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", level);
	return entry_set(entry, "privlevel", text);
}

TEST_F(entry, privlevel_from_the_floor_to_three_is_the_vmpl_of_the_report)
{
	int level;

	for (level = self->floor; level <= SNP_PRIVLEVEL_MAX; level++) {
		ASSERT_EQ(0, set_privlevel(&self->entry, level));
		ASSERT_SOUND(snp_get_report(&self->entry, level, self->out));
		EXPECT_EQ(level, snp_report_vmpl(self->out));
	}
}

TEST_F(entry, privlevel_is_the_floor_by_default)
{
	if (self->floor)
		SKIP_UNLESS_REPAIRED();
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(self->floor, snp_report_vmpl(self->out));
}

TEST_F(entry, privlevel_out_of_range_is_refused_and_not_counted)
{
	static const struct {
		const char *text;
		int err;
	} bad[] = {
		{ "4", -EINVAL },
		{ "4294967295", -EINVAL },
		{ "4294967296", -ERANGE },
		{ "-1", -EINVAL },
		{ "0x", -EINVAL },
		{ "one", -EINVAL },
		{ "1 1", -EINVAL },
		{ "\n", -EINVAL },
	};
	unsigned int i;
	int level;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(bad[i].err, entry_set(&self->entry, "privlevel",
						bad[i].text));
	for (level = 0; level < self->floor; level++)
		EXPECT_EQ(-EINVAL, set_privlevel(&self->entry, level));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(entry, privlevel_may_be_hexadecimal_and_end_in_a_newline)
{
	EXPECT_EQ(0, entry_set(&self->entry, "privlevel", "0x3\n"));
	EXPECT_EQ(1, entry_generation(&self->entry));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
}

TEST_F(entry, privlevel_refused_leaves_the_one_that_was_set)
{
	ASSERT_EQ(0, entry_set(&self->entry, "privlevel", "3"));
	EXPECT_EQ(-EINVAL, entry_set(&self->entry, "privlevel", "4"));
	ASSERT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
}

TEST_F(entry, privlevel_is_of_its_entry_alone)
{
	struct entry other;

	ASSERT_EQ(0, entry_renew(&other, "ksft-snp-other"));
	ASSERT_EQ(0, entry_set(&other, "privlevel", "3"));
	if (!driver_is_tsm_guest())
		ASSERT_EQ(0, set_privlevel(&self->entry, self->floor));
	EXPECT_SOUND(snp_get_report(&self->entry, 1, self->out));
	EXPECT_EQ(self->floor, snp_report_vmpl(self->out));
	EXPECT_SOUND(snp_get_report(&other, 2, self->out));
	EXPECT_EQ(3, snp_report_vmpl(self->out));
	EXPECT_EQ(0, entry_remove(&other));
}

TEST_F(entry, generation_counts_every_attribute_that_is_written)
{
	static const char *const svsm[][2] = {
		{ "service_provider", "svsm" },
		{ "service_guid", "00000000-0000-0000-0000-000000000000" },
		{ "service_manifest_version", "1" },
		{ "service_provider", "anybody" },
	};
	unsigned int i;

	ASSERT_EQ(0, entry_set(&self->entry, "privlevel", "3"));
	EXPECT_EQ(1, entry_generation(&self->entry));
	ASSERT_EQ(0, entry_set(&self->entry, "privlevel", "3"));
	EXPECT_EQ(2, entry_generation(&self->entry));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	EXPECT_EQ(3, entry_generation(&self->entry));
	if (!snp_vmpl())
		return;
	for (i = 0; i < ARRAY_SIZE(svsm); i++) {
		ASSERT_EQ(0, entry_set(&self->entry, svsm[i][0], svsm[i][1]));
		EXPECT_EQ(4 + i, entry_generation(&self->entry));
	}
}

TEST_F(entry, generation_is_left_alone_by_what_svsm_attributes_refuse)
{
	static const char *const bad[][2] = {
		{ "service_guid", "svsm" },
		{ "service_guid", "00000000-0000-0000-0000-00000000000" },
		{ "service_guid", "0000000000000000-0000-0000-000000000000" },
		{ "service_guid", "g0000000-0000-0000-0000-000000000000" },
		{ "service_manifest_version", "one" },
		{ "service_manifest_version", "-1" },
	};
	unsigned int i;

	if (!snp_vmpl())
		SKIP(return, "there is no SVSM: the guest runs at VMPL 0");
	SKIP_UNLESS_REPAIRED();
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, entry_set(&self->entry, bad[i][0],
					     bad[i][1]));
	EXPECT_EQ(-ERANGE, entry_set(&self->entry, "service_manifest_version",
				     "4294967296"));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(entry, is_refused_without_an_inblob_before_anybody_is_asked)
{
	const long before = emu_stat("stat_snp_hypercalls");

	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "auxblob", self->out,
				      BLOB_MAX));
	if (snp_vmpl())
		EXPECT_EQ(-EINVAL, entry_read(&self->entry, "manifestblob",
					      self->out, BLOB_MAX));
	EXPECT_EQ(before, emu_stat("stat_snp_hypercalls"));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(entry, is_refused_with_an_inblob_of_another_length_than_64)
{
	const long before = emu_stat("stat_snp_hypercalls");
	unsigned int len;

	for (len = 1; len < NONCE_LEN; len++) {
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, len));
		EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob",
					      self->out, BLOB_MAX));
	}
	EXPECT_EQ(-EFBIG, entry_ask(&self->entry, self->nonce, NONCE_LEN + 1));
	EXPECT_EQ(before, emu_stat("stat_snp_hypercalls"));
}

TEST_HARNESS_MAIN
