// SPDX-License-Identifier: MIT
/*
 * configfs tsm/rtmrs with several users: entries removed while in use, found
 * and shared by those who did not make them.
 */
#include <sched.h>
#include <sys/file.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "rtmrs.h"

#define INDEX		3
#define USERS		8
#define ROUNDS		25

FIXTURE(entry)
{
	EXTENDS_BEFORE;
	struct entry entry;
	uint8_t digest[RTMR_LEN];
	uint8_t value[RTMR_LEN];
};

FIXTURE_SETUP(entry)
{
	SKIP_WITHOUT_RTMRS();
	SETUP_EXTENDS_BEFORE();
	rtmrs_sweep();
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-use", INDEX));
	digest_make(self->digest, getpid(), 1);
}

FIXTURE_TEARDOWN(entry)
{
	rtmrs_sweep();
	EXPECT_EXTENDS_EXPLAINED();
}

TEST_F(entry, lies_in_a_folder_that_stays)
{
	EXPECT_EQ(-1, rmdir(RTMRS_ROOT));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, mkdir(CONFIG_ROOT "/tsm/ksft-other", 0755));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, mkdir(self->entry.path, 0755));
	EXPECT_EQ(EEXIST, errno);
	/* clients look for this one first, whatever they want */
	EXPECT_EQ(0, access(REPORT_ROOT, F_OK));
}

TEST_F(entry, is_removed_while_its_files_are_open)
{
	int fresh, filled, digest, event;
	struct entry next;

	fresh = entry_open(&self->entry, "digest", O_RDONLY);
	filled = entry_open(&self->entry, "digest", O_RDONLY);
	digest = entry_open(&self->entry, "digest", O_WRONLY);
	event = entry_open(&self->entry, "event", O_WRONLY);
	EXPECT_EQ(RTMR_LEN, pread(filled, self->value, RTMR_LEN, 0));
	EXPECT_EQ(RTMR_LEN, write(digest, self->digest, RTMR_LEN));
	EXPECT_EQ(RTMR_LEN, write(event, self->digest, RTMR_LEN));

	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(-1, read(fresh, self->value, RTMR_LEN));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(RTMR_LEN, pread(filled, self->value, RTMR_LEN, 0));

	/* the register is free at once, and what is closed late is nobody's */
	EXPECT_EQ(0, rtmr_make_for(&next, "ksft-next", INDEX));
	EXPECT_EQ(0, close(digest));
	EXPECT_EQ(0, close(event));
	EXPECT_EQ(0, close(fresh));
	EXPECT_EQ(0, close(filled));
	EXPECT_EQ(-ENODATA, entry_set(&next, "measure", "1"));
	EXPECT_NOTHING_EXTENDED();
}

TEST_F(entry, is_removed_after_the_extend_that_is_going_on)
{
	struct entry next;
	int status;
	pid_t child;

	ASSERT_EQ(0, entry_set(&self->entry, "event", "abc"));
	ASSERT_EQ(0, emu_set("rtmr_busy", "100"));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(-entry_set(&self->entry, "measure", "1"));
	while (emu_stat("rtmr_busy") == 100)
		;
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_EQ(RECORD_HEAD + 3, log_size() - self->logged);
	EXPECT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, rtmr_make_for(&next, "ksft-next", INDEX));
}

/* What google/go-configfs-tsm's rtmr package does: look, else make. */
static int client_find(struct entry *entry, int index)
{
	struct dirent *dirent;
	struct entry found;
	DIR *dir = opendir(RTMRS_ROOT);
	char text[16];
	ssize_t len;
	int ret = -ENOENT;

	if (!dir)
		return -errno;
	while (ret && (dirent = readdir(dir))) {
		if (dirent->d_type != DT_DIR || dirent->d_name[0] == '.')
			continue;
		snprintf(found.path, sizeof(found.path), RTMRS_ROOT "/%.200s",
			 dirent->d_name);
		len = entry_read(&found, "index", text, sizeof(text) - 1);
		text[len > 0 ? len : 0] = '\0';
		if (len <= 0 || strtol(text, NULL, 10) != index)
			continue;
		*entry = found;
		ret = 0;
	}
	closedir(dir);
	return ret;
}

/* Its os.WriteFile(). */
static int client_write(const struct entry *entry, const char *attr,
			const void *data, size_t len)
{
	int fd = open(entry_attr(entry, attr),
		      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0220);
	ssize_t ret;
	int err;

	if (fd < 0)
		return -errno;
	ret = write(fd, data, len);
	err = ret < 0 ? -errno : 0;
	if (close(fd) && !err)
		err = -errno;
	return err ? err : ret == len ? 0 : -EIO;
}

static int client_make(struct entry *entry, int index)
{
	char text[16];

	snprintf(entry->path, sizeof(entry->path), RTMRS_ROOT
		 "/ksft-rtmr%d-XXXXXX", index);
	if (!mkdtemp(entry->path))
		return -errno;
	return client_write(entry, "index", text,
			    snprintf(text, sizeof(text), "%d", index));
}

TEST_F(entry, is_found_by_a_go_client_or_made_by_it)
{
	struct entry found = { "" };

	EXPECT_EQ(0, client_find(&found, INDEX));
	EXPECT_STREQ(self->entry.path, found.path);
	EXPECT_EQ(-ENOENT, client_find(&found, 2));
	EXPECT_EQ(0, client_make(&found, 2));
	EXPECT_EQ(0, client_find(&found, 2));

	EXPECT_EQ(0, client_write(&found, "digest", self->digest, RTMR_LEN));
	rtmr_extend(self->before.rtmr[2], self->digest);
	self->logged += RECORD_HEAD;
	EXPECT_NOTHING_EXTENDED();
	EXPECT_EQ(RTMR_LEN, entry_read(&found, "digest", self->value,
				       RTMR_LEN));
	EXPECT_EQ(0, memcmp(self->before.rtmr[2], self->value, RTMR_LEN));
	EXPECT_STREQ("8-15\n", entry_text(&found, "tcg_map"));
	/* it reads a refusal off an errno of write, or not at all */
	EXPECT_EQ(-EBUSY, client_make(&found, INDEX));
	EXPECT_EQ(0, entry_remove(&found));
}

/* Processes that begin together, and how often each of them extended. */
struct crowd {
	pid_t pid[USERS];
	struct {
		int start;
		int extends[USERS];
	} *shared;
};

static int crowd_init(struct crowd *crowd)
{
	crowd->shared = mmap(NULL, sizeof(*crowd->shared),
			     PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return crowd->shared == MAP_FAILED ? -errno : 0;
}

static int crowd_fork(struct crowd *crowd, int i)
{
	crowd->pid[i] = fork();
	if (!crowd->pid[i]) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (!__atomic_load_n(&crowd->shared->start,
					__ATOMIC_ACQUIRE))
			;
	}
	return crowd->pid[i];
}

/* Lets them go; how many exited with @status. */
static int crowd_count(struct crowd *crowd, int status)
{
	int i, got, count = 0;

	__atomic_store_n(&crowd->shared->start, 1, __ATOMIC_RELEASE);
	for (i = 0; i < USERS; i++)
		if (waitpid(crowd->pid[i], &got, 0) == crowd->pid[i])
			count += WIFEXITED(got) && WEXITSTATUS(got) == status;
	return count;
}

TEST_F_TIMEOUT(entry, for_a_register_is_won_by_one_of_many, 60)
{
	struct entry mine, winner;
	struct crowd crowd;
	char name[32];
	int i, round;

	for (round = 0; round < ROUNDS; round++) {
		ASSERT_EQ(0, crowd_init(&crowd));
		for (i = 0; i < USERS; i++) {
			snprintf(name, sizeof(name), "ksft-race-%d", i);
			ASSERT_EQ(0, rtmr_make(&mine, name));
			if (!crowd_fork(&crowd, i))
				_exit(-entry_set(&mine, "index", "2"));
		}
		EXPECT_EQ(1, crowd_count(&crowd, 0));
		EXPECT_EQ(0, client_find(&winner, 2));
		for (i = 0; i < USERS; i++) {
			snprintf(mine.path, sizeof(mine.path),
				 RTMRS_ROOT "/ksft-race-%d", i);
			EXPECT_EQ(0, entry_remove(&mine));
		}
	}
}

/* Writes own event data and has them measured, under the lock or without. */
static int measure_own(const struct entry *entry, struct crowd *crowd,
		       uint32_t owner, bool locked)
{
	uint8_t event[RTMR_LEN], digest[RTMR_LEN];
	int dir = open(entry->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char hex[2 * RTMR_LEN + 1];
	int round, ret = 0;

	for (round = 0; round < ROUNDS && !ret; round++) {
		digest_make(event, owner, round);
		sha384(event, sizeof(event), digest);
		bytes_to_hex(hex, digest, RTMR_LEN);
		if (locked && flock(dir, LOCK_EX))
			return errno;
		ret = -entry_put(entry, "event", event, sizeof(event));
		if (!locked)
			sched_yield();	/* for others to come between */
		if (!ret)
			ret = -entry_set(entry, "measure", hex);
		if (locked)
			flock(dir, LOCK_UN);
		crowd->shared->extends[owner] += !ret;
		/* without the lock, somebody else's was or is pending */
		if (!locked && (ret == EBADMSG || ret == ENODATA))
			ret = 0;
	}
	return ret;
}

/* NULL if each extend has its record, with the event of who asked for it. */
static const char *crowd_is_recorded(const struct crowd *crowd, size_t from)
{
	int left[USERS], i;
	uint8_t digest[RTMR_LEN];
	uint32_t owner, number;
	const char *wrong = NULL;
	struct record record;
	struct eventlog log;
	size_t pos;

	memcpy(left, crowd->shared->extends, sizeof(left));
	if (log_read(&log, from))
		return "cannot read the log";
	for (pos = 0; !wrong && pos < log.len; pos += record.len) {
		wrong = record_parse(log.data + pos, log.len - pos, &record);
		if (wrong)
			break;
		sha384(record.event, record.event_len, digest);
		if (record.event_len != RTMR_LEN ||
		    memcmp(digest, record.digest, RTMR_LEN))
			wrong = "a digest is not that of its event data";
		else if (!digest_is_ours(record.event, &owner, &number) ||
			 owner >= USERS || !left[owner]--)
			wrong = "an event whose owner did not extend";
	}
	for (i = 0; !wrong && i < USERS; i++)
		if (left[i])
			wrong = "an extend without its record";
	log_free(&log);
	return wrong;
}

TEST_F_TIMEOUT(entry, is_shared_under_the_lock_of_its_directory, 60)
{
	struct crowd crowd;
	int i;

	ASSERT_EQ(0, crowd_init(&crowd));
	for (i = 0; i < USERS; i++)
		if (!crowd_fork(&crowd, i))
			_exit(measure_own(&self->entry, &crowd, i, true));
	EXPECT_EQ(USERS, crowd_count(&crowd, 0));
	for (i = 0; i < USERS; i++)
		EXPECT_EQ(ROUNDS, crowd.shared->extends[i]);
	EXPECT_SOUND(crowd_is_recorded(&crowd, self->logged));
}

TEST_F_TIMEOUT(entry, used_without_the_lock_measures_no_wrong_event, 60)
{
	struct crowd crowd;
	int i;

	ASSERT_EQ(0, crowd_init(&crowd));
	for (i = 0; i < USERS; i++)
		if (!crowd_fork(&crowd, i))
			_exit(measure_own(&self->entry, &crowd, i, false));
	EXPECT_EQ(USERS, crowd_count(&crowd, 0));
	EXPECT_SOUND(crowd_is_recorded(&crowd, self->logged));
	EXPECT_LT(0, log_size() - self->logged);
}

TEST_HARNESS_MAIN
