// SPDX-License-Identifier: MIT
/*
 * sysfs measurements of an SNP guest: fields of its report, as files.
 */
#include "kselftest_harness.h"

#include "snp_emu.h"

#define MEASUREMENTS	SEV_GUEST_SYSFS "/measurements"

static const char *file_path(const char *name)
{
	static char path[PATH_LEN];

	snprintf(path, sizeof(path), MEASUREMENTS "/%s", name);
	return path;
}

#define SKIP_WITHOUT_MEASUREMENTS()					\
	do {								\
		SKIP_WITHOUT_SNP();					\
		if (access(MEASUREMENTS, F_OK) && !driver_is_tsm_guest()) \
			SKIP(return, "mainline has no measurements of an SNP guest"); \
	} while (0)

/* One row a file: where ATTESTATION_REPORT has it. */
FIXTURE(file)
{
	const char *path;
	uint8_t value[64];
	uint8_t report[BLOB_MAX];
};

FIXTURE_VARIANT(file)
{
	const char *name;
	unsigned int offset;
	unsigned int len;
	const char *value;	/* of the emulated platform, as text */
};

/* clang-format off */
FIXTURE_VARIANT_ADD(file, measurement) {
	"measurement", SNP_MEASUREMENT, 48, "EMULATED SNP MEASUREMENT"
};
FIXTURE_VARIANT_ADD(file, host_data) {
	"host_data", SNP_HOST_DATA, 32, "EMULATED HOST DATA"
};
FIXTURE_VARIANT_ADD(file, id_key_digest) {
	"id_key_digest", SNP_ID_KEY_DIGEST, 48, ""
};
FIXTURE_VARIANT_ADD(file, author_key_digest) {
	"author_key_digest", SNP_AUTHOR_KEY_DIGEST, 48, ""
};
FIXTURE_VARIANT_ADD(file, report_id) {
	"report_id", SNP_REPORT_ID, 32, "EMULATED REPORT ID"
};
FIXTURE_VARIANT_ADD(file, family_id) { "family_id", SNP_FAMILY_ID, 16, "" };
FIXTURE_VARIANT_ADD(file, image_id) { "image_id", SNP_IMAGE_ID, 16, "" };
/* clang-format on */

FIXTURE_SETUP(file)
{
	SKIP_WITHOUT_MEASUREMENTS();
	ASSERT_EQ(0, snp_reset());
	self->path = file_path(variant->name);
}

FIXTURE_TEARDOWN(file)
{
}

TEST_F(file, has_its_mode_owner_and_size)
{
	struct stat st;

	ASSERT_EQ(0, lstat(self->path, &st));
	EXPECT_EQ(S_IFREG | 0444, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(variant->len, st.st_size);
}

TEST_F(file, cannot_be_written_even_by_root)
{
	EXPECT_EQ(-1, open(self->path, O_WRONLY | O_CLOEXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, open(self->path, O_RDWR | O_CLOEXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, unlink(self->path));
	EXPECT_EQ(EPERM, errno);
}

TEST_F(file, is_the_field_of_the_report)
{
	struct entry entry;
	const char *wrong;

	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(variant->len, file_read(self->path, self->value,
					  sizeof(self->value)));
	ASSERT_EQ(0, entry_renew(&entry, "ksft-snp-measure"));
	wrong = snp_get_report(&entry, 1, self->report);
	EXPECT_EQ(0, entry_remove(&entry));
	ASSERT_SOUND(wrong);
	EXPECT_EQ(0, memcmp(self->report + variant->offset, self->value,
			    variant->len));
}

TEST_F(file, is_what_the_emulated_platform_was_launched_with)
{
	const size_t len = strlen(variant->value);

	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(variant->len, file_read(self->path, self->value,
					  sizeof(self->value)));
	EXPECT_EQ(0, memcmp(self->value, variant->value, len));
	EXPECT_TRUE(all_zero(self->value + len, variant->len - len));
}

/* None of it changes while a guest runs, so one report is enough for all. */
TEST_F(file, is_read_from_the_firmware_once)
{
	char knob[64], hex[4 * 64], *other;
	long messages;
	ssize_t len;

	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(variant->len, file_read(self->path, self->value,
					  sizeof(self->value)));
	messages = emu_stat("stat_snp_messages");

	snprintf(knob, sizeof(knob), EMU_PARAMS "/snp_%s", variant->name);
	len = file_read(knob, hex, sizeof(hex) - 1);
	ASSERT_LE(2 * variant->len, len);
	hex[2 * variant->len] = '\0';
	other = strdup(hex);
	other[0] = other[0] == 'f' ? '0' : 'f';
	EXPECT_EQ(0, file_write(knob, other));
	free(other);

	EXPECT_EQ(variant->len, file_read(self->path, self->report,
					  sizeof(self->report)));
	EXPECT_EQ(0, file_write(knob, hex));
	EXPECT_EQ(0, memcmp(self->value, self->report, variant->len));
	EXPECT_EQ(messages, emu_stat("stat_snp_messages"));
}

TEST_F(file, gives_its_bytes_from_any_offset)
{
	uint8_t part[64];
	unsigned int i;
	int fd;

	ASSERT_EQ(variant->len, file_read(self->path, self->value,
					  sizeof(self->value)));
	fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	for (i = 0; i < variant->len; i++) {
		ASSERT_EQ(variant->len - i, pread(fd, part, sizeof(part), i));
		ASSERT_EQ(0, memcmp(part, self->value + i, variant->len - i));
	}
	EXPECT_EQ(0, pread(fd, part, sizeof(part), variant->len));
	EXPECT_EQ(0, close(fd));
}

TEST(there_are_no_others)
{
	char name[64];
	int files = 0;
	FILE *list;

	SKIP_WITHOUT_MEASUREMENTS();
	list = popen("ls " MEASUREMENTS, "r");
	ASSERT_NE(NULL, list);
	while (fgets(name, sizeof(name), list))
		files++;
	EXPECT_EQ(0, pclose(list));
	EXPECT_EQ(7, files);
}

TEST(the_device_has_the_files_and_modes_that_are_documented)
{
	static const char *const files[] = {
		"active", "state0", "state1", "state2", "state3",
	};
	struct stat st;
	unsigned int i;
	char path[PATH_LEN];

	SKIP_WITHOUT_SNP();
	SKIP_UNLESS_REPAIRED();
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), SEV_GUEST_SYSFS "/vmpck/%s",
			 files[i]);
		ASSERT_EQ(0, stat(path, &st));
		EXPECT_EQ(S_IFREG | 0444, st.st_mode);
		EXPECT_EQ(-1, open(path, O_WRONLY | O_CLOEXEC));
		EXPECT_EQ(EACCES, errno);
	}
	ASSERT_EQ(0, stat(DRIVER_PARAMS "/vmpck_id", &st));
	EXPECT_EQ(S_IFREG | 0644, st.st_mode);
	ASSERT_EQ(0, stat(DRIVER_PARAMS "/snp_timeout_ms", &st));
	EXPECT_EQ(S_IFREG | 0644, st.st_mode);
}

TEST_HARNESS_MAIN
