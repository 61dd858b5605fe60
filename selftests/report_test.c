// SPDX-License-Identifier: MIT
/*
 * configfs tsm/report: its attributes, and what may be written to them.
 */
#include <grp.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "reader.h"

/* One row an attribute: mainline's Documentation/ABI, and auxblob for TDX. */
FIXTURE(attribute)
{
	struct entry entry;
};

FIXTURE_VARIANT(attribute)
{
	const char *name;
	mode_t mode;
	off_t size;
	bool only_tsm_guest;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(attribute, provider) {
	.name = "provider", .mode = 0444, .size = 4096,
};

FIXTURE_VARIANT_ADD(attribute, generation) {
	.name = "generation", .mode = 0444, .size = 4096,
};

FIXTURE_VARIANT_ADD(attribute, inblob) {
	.name = "inblob", .mode = 0200,
};

FIXTURE_VARIANT_ADD(attribute, outblob) {
	.name = "outblob", .mode = 0444,
};

FIXTURE_VARIANT_ADD(attribute, auxblob) {
	.name = "auxblob", .mode = 0444, .only_tsm_guest = true,
};
/* clang-format on */

FIXTURE_SETUP(attribute)
{
	SKIP_WITHOUT_REPORT();
	if (variant->only_tsm_guest)
		SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-attribute"));
}

FIXTURE_TEARDOWN(attribute)
{
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(attribute, has_its_mode_owner_and_size)
{
	struct stat st;

	ASSERT_EQ(0, lstat(entry_attr(&self->entry, variant->name), &st));
	EXPECT_EQ(S_IFREG | variant->mode, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
	EXPECT_EQ(variant->size, st.st_size);
}

TEST_F(attribute, opens_only_in_the_direction_of_its_mode_even_for_root)
{
	const bool writable = variant->mode & 0200;
	int fd;

	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name, O_RDWR));
	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name,
				      writable ? O_RDONLY : O_WRONLY));
	fd = entry_open(&self->entry, variant->name,
			writable ? O_WRONLY : O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(fd));
}

TEST_F(attribute, cannot_be_removed_renamed_or_created_again)
{
	const char *path = entry_attr(&self->entry, variant->name);
	char other[PATH_LEN + 8];

	snprintf(other, sizeof(other), "%s/other", self->entry.path);
	EXPECT_EQ(-1, unlink(path));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, rename(path, other));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-EEXIST, entry_open(&self->entry, variant->name,
				      O_WRONLY | O_CREAT | O_EXCL));
}

/* What a TDX provider does not have. */
FIXTURE(absent)
{
	struct entry entry;
};

FIXTURE_VARIANT(absent)
{
	const char *name;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(absent, privlevel) { "privlevel" };
FIXTURE_VARIANT_ADD(absent, privlevel_floor) { "privlevel_floor" };
FIXTURE_VARIANT_ADD(absent, service_provider) { "service_provider" };
FIXTURE_VARIANT_ADD(absent, service_guid) { "service_guid" };
FIXTURE_VARIANT_ADD(absent, service_manifest_version) {
	"service_manifest_version"
};
FIXTURE_VARIANT_ADD(absent, manifestblob) { "manifestblob" };
FIXTURE_VARIANT_ADD(absent, a_name_of_no_attribute) { "nonsense" };
/* clang-format on */

FIXTURE_SETUP(absent)
{
	SKIP_WITHOUT_REPORT();
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-absent"));
}

FIXTURE_TEARDOWN(absent)
{
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(absent, attribute_is_not_there_and_cannot_be_created)
{
	const char *path = entry_attr(&self->entry, variant->name);

	EXPECT_EQ(-ENOENT, entry_open(&self->entry, variant->name, O_RDONLY));
	EXPECT_EQ(-ENOENT, entry_open(&self->entry, variant->name, O_WRONLY));
	EXPECT_EQ(-EACCES, entry_open(&self->entry, variant->name,
				      O_WRONLY | O_CREAT));
	EXPECT_EQ(-1, mkdir(path, 0755));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, symlink(self->entry.path, path));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(ENOENT, errno);
}

/* A fresh entry, whose generation is still 0. */
FIXTURE(inblob)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN + 1];
	uint8_t out[BLOB_MAX];
	long violations;
};

FIXTURE_SETUP(inblob)
{
	SKIP_WITHOUT_REPORT();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-inblob"));
	nonce_make(self->nonce, getpid(), 1);
}

FIXTURE_TEARDOWN(inblob)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, entry_remove(&self->entry));
}

TEST_F(inblob, provider_is_the_name_that_clients_compare)
{
	char text[64] = "";

	EXPECT_EQ(10, entry_read(&self->entry, "provider", text, sizeof(text)));
	EXPECT_STREQ("tdx_guest\n", text);
}

TEST_F(inblob, generation_is_text_and_starts_at_zero)
{
	char text[64] = "";

	EXPECT_EQ(2, entry_read(&self->entry, "generation", text,
				sizeof(text)));
	EXPECT_STREQ("0\n", text);
}

TEST_F(inblob, every_length_up_to_64_is_committed_and_counted_once)
{
	unsigned int len;

	for (len = 1; len <= NONCE_LEN; len++) {
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, len));
		ASSERT_EQ(len, entry_generation(&self->entry));
	}
}

TEST_F(inblob, a_65th_byte_is_refused)
{
	EXPECT_EQ(-EFBIG, entry_ask(&self->entry, self->nonce, NONCE_LEN + 1));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
}

TEST_F(inblob, a_refused_write_commits_nothing)
{
	SKIP_UNLESS_REPAIRED();
	EXPECT_EQ(-EFBIG, entry_ask(&self->entry, self->nonce, NONCE_LEN + 1));
	EXPECT_EQ(0, entry_generation(&self->entry));
	EXPECT_EQ(-EFBIG, entry_ask(&self->entry, self->out, BLOB_MAX));
	EXPECT_EQ(0, entry_generation(&self->entry));

	EXPECT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	EXPECT_EQ(-EFBIG, entry_ask(&self->entry, self->nonce, NONCE_LEN + 1));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(inblob, a_refused_write_keeps_the_inblob_that_was_there)
{
	ssize_t len;

	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(-EFBIG, entry_ask(&self->entry, self->out, NONCE_LEN + 1));
	ASSERT_EQ(1, entry_generation(&self->entry));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
}

TEST_F(inblob, an_empty_write_fails_and_commits_nothing)
{
	EXPECT_EQ(-EFAULT, entry_ask(&self->entry, self->nonce, 0));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	if (driver_is_tsm_guest())
		EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(inblob, an_open_without_a_write_commits_nothing)
{
	int fd = entry_open(&self->entry, "inblob", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(inblob, opens_with_create_and_truncate_as_common_runtimes_do)
{
	int fd = entry_open(&self->entry, "inblob",
			    O_WRONLY | O_CREAT | O_TRUNC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(NONCE_LEN, write(fd, self->nonce, NONCE_LEN));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(inblob, pieces_written_through_one_descriptor_are_one_inblob)
{
	int fd = entry_open(&self->entry, "inblob", O_WRONLY);
	ssize_t len;

	ASSERT_LE(0, fd);
	EXPECT_EQ(32, write(fd, self->nonce, 32));
	EXPECT_EQ(32, write(fd, self->nonce + 32, 32));
	EXPECT_EQ(-1, write(fd, self->nonce, 1));
	EXPECT_EQ(EFBIG, errno);
	EXPECT_EQ(0, entry_generation(&self->entry));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(1, entry_generation(&self->entry));
	len = entry_read(&self->entry, "outblob", self->out, BLOB_MAX);
	ASSERT_LT(0, len);
	EXPECT_SOUND(quote_check(self->out, len, self->nonce));
}

TEST_F(inblob, is_committed_when_the_last_duplicate_is_closed)
{
	int fd = entry_open(&self->entry, "inblob", O_WRONLY);
	int copy;

	ASSERT_LE(0, fd);
	copy = dup(fd);
	ASSERT_LE(0, copy);
	EXPECT_EQ(NONCE_LEN, write(fd, self->nonce, NONCE_LEN));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, entry_generation(&self->entry));
	EXPECT_EQ(0, close(copy));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(inblob, is_committed_when_a_forked_holder_lets_go)
{
	int fd = entry_open(&self->entry, "inblob", O_WRONLY);
	pid_t holder;
	int status;

	ASSERT_LE(0, fd);
	EXPECT_EQ(NONCE_LEN, write(fd, self->nonce, NONCE_LEN));
	holder = fork();
	ASSERT_LE(0, holder);
	if (!holder) {
		pause();
		_exit(0);
	}
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, entry_generation(&self->entry));
	EXPECT_EQ(0, kill(holder, SIGKILL));
	EXPECT_EQ(holder, waitpid(holder, &status, 0));
	EXPECT_EQ(1, entry_generation(&self->entry));
}

TEST_F(inblob, of_another_length_than_64_is_refused_before_the_host_is_asked)
{
	static const unsigned int lengths[] = { 1, 32, 48, 63 };
	const long before = emu_stat("stat_hypercalls");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, lengths[i]));
		EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob",
					      self->out, BLOB_MAX));
	}
	EXPECT_EQ(before, emu_stat("stat_hypercalls"));
	EXPECT_EQ(ARRAY_SIZE(lengths), entry_generation(&self->entry));
}

TEST_F(inblob, missing_is_refused_before_the_host_is_asked)
{
	const long before = emu_stat("stat_hypercalls");

	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	if (driver_is_tsm_guest())
		EXPECT_EQ(-EINVAL, entry_read(&self->entry, "auxblob",
					      self->out, BLOB_MAX));
	EXPECT_EQ(before, emu_stat("stat_hypercalls"));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_F(inblob, of_a_wrong_length_wins_over_a_host_that_fails)
{
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_set("quote_status", QUOTE_ERROR));
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN - 1));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
	EXPECT_EQ(0, emu_set("quote_status", "0"));
}

/* Runs as an unprivileged user; the number says what went wrong, 0 nothing. */
static int try_as_nobody(const struct entry *entry, uint8_t *out)
{
	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
	    setresuid(65534, 65534, 65534))
		return 1;
	if (entry_open(entry, "inblob", O_WRONLY) != -EACCES)
		return 2;
	if (!mkdir(REPORT_ROOT "/ksft-nobody", 0755) || errno != EACCES)
		return 3;
	if (!rmdir(entry->path) || errno != EACCES)
		return 4;
	if (entry_generation(entry) != 1)
		return 5;
	if (entry_read(entry, "outblob", out, BLOB_MAX) <= 0)
		return 6;
	return 0;
}

TEST_F(inblob, is_for_root_to_write_and_the_rest_for_everybody_to_read)
{
	pid_t child;
	int status;

	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(try_as_nobody(&self->entry, self->out));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
}

TEST_HARNESS_MAIN
