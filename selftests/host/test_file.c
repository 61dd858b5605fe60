// SPDX-License-Identifier: MIT
/* Files that are written: what they keep, and who is named when it fails. */
#include "../../tools/lib/tsm.h"

#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY	65534

static char dir[48];
static char path[64];

/* A directory of our own and a file in it, "old", with this mode. */
static void setup(mode_t mode)
{
	snprintf(dir, sizeof(dir), "%s/tsm-file-XXXXXX", P_tmpdir);
	if (!mkdtemp(dir))
		abort();
	snprintf(path, sizeof(path), "%s/file", dir);
	if (tsm_file_write(path, "old", 3, NULL) || chmod(path, mode))
		abort();
}

static void teardown(void)
{
	unlink(path);
	/* fails if something was left behind */
	CHECK_EQ(0, rmdir(dir));
}

static bool holds(const char *text)
{
	uint8_t *data;
	size_t len;
	bool same;

	if (tsm_file_read(path, 100, &data, &len, NULL))
		return false;
	same = len == strlen(text) && !memcmp(data, text, len);
	free(data);
	return same;
}

/* Root is refused nothing: be somebody else, until be_root() */
static bool be_nobody(void)
{
	return geteuid() != 0 || !seteuid(NOBODY);
}

static void be_root(void)
{
	if (getuid() == 0 && seteuid(0))
		abort();
}

static void the_directory_is_named(void)
{
	struct tsm_error err = { "" };
	size_t n;

	if (!be_nobody()) {
		tap_skip("cannot be anybody but root");
		return;
	}
	setup(0644);
	chmod(dir, 0555);
	CHECK_EQ(-EACCES, tsm_file_write(path, "new", 3, &err));
	n = strlen(dir);
	if (!CHECK(!strncmp(err.text, dir, n) && err.text[n] == '/' &&
		   err.text[n + 1] == ':' && strstr(err.text, "replace file") &&
		   strstr(err.text, strerror(EACCES))))
		printf("# %s\n", err.text);
	CHECK(holds("old"));
	chmod(dir, 0755);
	teardown();
	be_root();
}

static void a_missing_directory_is_named(void)
{
	struct tsm_error err = { "" };

	CHECK_EQ(-ENOENT, tsm_file_write("/nonexistent/dir/file", "new", 3,
					 &err));
	if (!CHECK(!strncmp(err.text, "/nonexistent/dir/: ", 19)))
		printf("# %s\n", err.text);
}

static void others_in_a_sticky_directory(void)
{
	struct tsm_error err = { "" };

	if (geteuid() != 0) {
		tap_skip("only root can be two users");
		return;
	}
	setup(0666);
	chmod(dir, 01777);
	if (seteuid(NOBODY))
		abort();
	CHECK_EQ(-EPERM, tsm_file_write(path, "new", 3, &err));
	be_root();
	if (!CHECK(!strncmp(err.text, path, strlen(path)) &&
		   strstr(err.text, "cannot be replaced")))
		printf("# %s\n", err.text);
	CHECK(holds("old"));
	teardown();
}

static void the_mode_is_kept(void)
{
	static const mode_t modes[] = { 0600, 0640, 0644, 0666, 0444, 0755 };
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		setup(modes[i]);
		CHECK_EQ(0, tsm_file_write(path, "new", 3, NULL));
		CHECK_EQ(0, stat(path, &st));
		CHECK_EQ(modes[i], st.st_mode & 07777);
		CHECK(holds("new"));
		teardown();
	}
}

static void the_owner_is_kept_by_root(void)
{
	struct stat st;

	if (geteuid() != 0) {
		tap_skip("only root gives files away");
		return;
	}
	setup(0640);
	if (chown(path, 1234, 2345) || chmod(path, 04750))
		abort();
	CHECK_EQ(0, tsm_file_write(path, "new", 3, NULL));
	CHECK_EQ(0, stat(path, &st));
	CHECK_EQ(1234, st.st_uid);
	CHECK_EQ(2345, st.st_gid);
	CHECK_EQ(04750, st.st_mode & 07777);
	teardown();
}

/* The writer owns the directory, not the file. */
static void another_owner_gets_no_rights_of_the_old(void)
{
	struct stat st;

	if (geteuid() != 0) {
		tap_skip("only root can be two users");
		return;
	}
	setup(0600);
	if (chown(path, 1234, 2345) || chmod(path, 06775) ||
	    chown(dir, NOBODY, NOBODY) || seteuid(NOBODY))
		abort();
	CHECK_EQ(0, tsm_file_write(path, "new", 3, NULL));
	be_root();
	CHECK_EQ(0, stat(path, &st));
	CHECK_EQ(NOBODY, st.st_uid);
	CHECK_EQ(0705, st.st_mode & 07777);
	CHECK(holds("new"));
	teardown();
}

static void links_and_devices_are_written_to(void)
{
	char link[80];
	struct stat st;

	setup(0600);
	snprintf(link, sizeof(link), "%s/link", dir);
	if (symlink(path, link))
		abort();
	CHECK_EQ(0, tsm_file_write(link, "new", 3, NULL));
	CHECK_EQ(0, lstat(link, &st));
	CHECK(S_ISLNK(st.st_mode));
	CHECK(holds("new"));
	unlink(link);
	teardown();
	CHECK_EQ(0, tsm_file_write("/dev/null", "new", 3, NULL));
	CHECK_EQ(-ENOSPC, tsm_file_write("/dev/full", "new", 3, NULL));
}

static void nothing_is_seen_before_the_commit(void)
{
	struct tsm_file file;

	setup(0644);
	CHECK_EQ(0, tsm_file_prepare(&file, path, "new", 3, NULL));
	CHECK(holds("old"));
	tsm_file_drop(&file);
	CHECK(holds("old"));
	CHECK_EQ(0, tsm_file_prepare(&file, path, "new", 3, NULL));
	CHECK(holds("old"));
	CHECK_EQ(0, tsm_file_commit(&file, NULL));
	CHECK(holds("new"));
	/* ended by the commit; once more does no harm */
	tsm_file_drop(&file);
	CHECK(holds("new"));
	teardown();
	CHECK_EQ(-EISDIR, tsm_file_prepare(&file, P_tmpdir, "new", 3, NULL));
}

static const struct tap_test tests[] = {
	{ "a directory that is not writable is named, not the file in it",
	  the_directory_is_named },
	{ "a directory that does not exist is named",
	  a_missing_directory_is_named },
	{ "a file of somebody else in a sticky directory is named",
	  others_in_a_sticky_directory },
	{ "a replaced file keeps its mode", the_mode_is_kept },
	{ "a replaced file keeps owner and group for root",
	  the_owner_is_kept_by_root },
	{ "another owner and group get none of the old one's rights",
	  another_owner_gets_no_rights_of_the_old },
	{ "links and devices are written to, not replaced",
	  links_and_devices_are_written_to },
	{ "nothing is seen of a file before it is committed, or if dropped",
	  nothing_is_seen_before_the_commit },
};

TAP_MAIN(tests)
