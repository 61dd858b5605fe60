// SPDX-License-Identifier: MIT
/*
 * configfs tsm/report: how entries come, are listed and go, in use or not.
 */
#include <dirent.h>

#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "report.h"

FIXTURE(entries)
{
	struct entry entry;
	uint8_t nonce[NONCE_LEN];
	uint8_t out[BLOB_MAX];
	long violations;
};

FIXTURE_SETUP(entries)
{
	SKIP_WITHOUT_REPORT();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-entries"));
	nonce_make(self->nonce, getpid(), 1);
}

FIXTURE_TEARDOWN(entries)
{
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	/* some tests remove it themselves */
	if (!access(self->entry.path, F_OK))
		EXPECT_EQ(0, entry_remove(&self->entry));
}

/* How many names in the folder @path start with @prefix. */
static int list(const char *path, const char *prefix)
{
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	dir = opendir(path);
	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!strncmp(entry->d_name, prefix, strlen(prefix)))
			count++;
	}
	closedir(dir);
	return count;
}

TEST_F(entries, list_exactly_the_attributes_of_a_tdx_provider)
{
	static const char *const names[] = {
		"provider", "generation", "inblob", "outblob",
	};
	const bool aux = driver_is_tsm_guest();
	unsigned int i;

	EXPECT_EQ(ARRAY_SIZE(names) + aux, list(self->entry.path, ""));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		EXPECT_EQ(1, list(self->entry.path, names[i]));
	EXPECT_EQ(aux, list(self->entry.path, "auxblob"));
}

TEST_F(entries, have_directories_that_everybody_may_enter)
{
	struct stat st;

	ASSERT_EQ(0, stat(self->entry.path, &st));
	EXPECT_EQ(S_IFDIR | 0755, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
	EXPECT_EQ(0, st.st_gid);
}

TEST_F(entries, have_unique_names)
{
	struct entry again;

	EXPECT_EQ(-EEXIST, entry_make(&again, "ksft-entries"));
}

TEST_F(entries, may_have_names_as_long_as_a_file_name)
{
	struct entry long_one;
	char name[257];

	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, entry_make(&long_one, name));
	name[255] = '\0';
	EXPECT_EQ(0, entry_renew(&long_one, name));
	EXPECT_EQ(0, entry_generation(&long_one));
	EXPECT_EQ(0, entry_remove(&long_one));
}

TEST_F(entries, are_gone_when_removed)
{
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(-ENOENT, entry_remove(&self->entry));
	EXPECT_EQ(-ENOENT, entry_generation(&self->entry));
	EXPECT_EQ(0, list(REPORT_ROOT, "ksft-entries"));
}

TEST_F(entries, start_afresh_under_a_name_used_before)
{
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(1, entry_generation(&self->entry));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, entry_make(&self->entry, "ksft-entries"));
	EXPECT_EQ(0, entry_generation(&self->entry));
	EXPECT_EQ(-EINVAL, entry_read(&self->entry, "outblob", self->out,
				      BLOB_MAX));
}

TEST_F(entries, can_be_many)
{
	struct entry many;
	char name[32];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "ksft-many-%d", i);
		ASSERT_EQ(0, entry_renew(&many, name));
	}
	EXPECT_EQ(100, list(REPORT_ROOT, "ksft-many-"));
	for (i = 0; i < 100; i++) {
		snprintf(many.path, sizeof(many.path),
			 REPORT_ROOT "/ksft-many-%d", i);
		EXPECT_EQ(0, entry_remove(&many));
	}
	EXPECT_EQ(0, list(REPORT_ROOT, "ksft-many-"));
}

TEST_F(entries, are_the_only_directories_that_can_be_made_or_removed)
{
	EXPECT_EQ(-1, rmdir(REPORT_ROOT));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, rmdir(CONFIG_ROOT "/tsm"));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, mkdir(CONFIG_ROOT "/tsm/other", 0755));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, rename(self->entry.path, REPORT_ROOT "/ksft-renamed"));
	EXPECT_EQ(EPERM, errno);
}

TEST_F(entries, removed_while_a_blob_is_open_unread_give_enoent)
{
	int fd = entry_open(&self->entry, "outblob", O_RDONLY);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(-ENOENT, fd_read_all(fd, self->out, BLOB_MAX));
	EXPECT_EQ(0, close(fd));
}

TEST_F(entries, removed_while_a_blob_is_being_read_leave_it_to_its_reader)
{
	ssize_t rest;
	int fd;

	SKIP_WITHOUT_EMULATOR();
	fd = entry_open(&self->entry, "outblob", O_RDONLY);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, entry_ask(&self->entry, self->nonce, NONCE_LEN));
	ASSERT_EQ(10, read(fd, self->out, 10));
	ASSERT_EQ(0, entry_remove(&self->entry));
	rest = fd_read_all(fd, self->out + 10, BLOB_MAX - 10);
	ASSERT_LT(0, rest);
	EXPECT_SOUND(quote_check(self->out, 10 + rest, self->nonce));
	EXPECT_EQ(0, close(fd));
}

TEST_F(entries, removed_while_an_inblob_is_open_swallow_what_was_written)
{
	int fd = entry_open(&self->entry, "inblob", O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_EQ(NONCE_LEN, write(fd, self->nonce, NONCE_LEN));
	ASSERT_EQ(0, entry_remove(&self->entry));
	ASSERT_EQ(0, entry_make(&self->entry, "ksft-entries"));
	EXPECT_EQ(0, close(fd));
	EXPECT_EQ(0, entry_generation(&self->entry));
}

TEST_HARNESS_MAIN
