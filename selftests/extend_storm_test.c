// SPDX-License-Identifier: MIT
/*
 * One register, extended by everybody in every way at once: afterwards the log
 * leads to its value, with no extend missing, doubled or out of order.
 */
#include <sys/file.h>

#include "kselftest_harness.h"

#include "eventlog.h"
#include "reader.h"
#include "rtmrs.h"

#define INDEX		3
#define EXTENDERS	16
#define EXTENDS		640	/* of each: more than 10000 together */
#define KILLED_AT_ONCE	8	/* extenders that are killed and replaced */
#define KILLS		100
#define OWNERS		(KILLED_AT_ONCE + KILLS)
#define SEEN		1024	/* values that are remembered */
#define QUOTE_RTMR0	328	/* in the quote's body */

enum path {
	SYSFS,
	IOCTL,
	IOCTL_V3,
	DIGEST,
	EVENT_DIGEST,
	EVENT_MEASURE,
	PATHS
};

/* What the processes tell the one that judges. */
struct storm {
	int stop;
	uint32_t done[OWNERS];	/* extends that returned, of each owner */
	uint32_t seen;
	uint8_t value[SEEN][RTMR_LEN];
};

FIXTURE(storm)
{
	struct entry report;
	struct entry entry;
	struct registers before;
	struct storm *shared;
	ssize_t logged;
	long violations;
};

FIXTURE_SETUP(storm)
{
	SKIP_WITHOUT_LOG();
	SKIP_WITHOUT_EMULATOR();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	rtmrs_sweep();
	ASSERT_EQ(0, entry_renew(&self->report, "ksft-storm"));
	ASSERT_EQ(0, rtmr_make_for(&self->entry, "ksft-storm", INDEX));
	self->shared = mmap(NULL, sizeof(*self->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	ASSERT_EQ(0, registers_report(&self->before));
	self->logged = log_size();
	ASSERT_LT(0, self->logged);
}

FIXTURE_TEARDOWN(storm)
{
	__atomic_store_n(&self->shared->stop, 1, __ATOMIC_RELEASE);
	while (waitpid(-1, NULL, 0) > 0)
		;
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->report));
	EXPECT_EQ(0, entry_remove(&self->entry));
	EXPECT_NO_VIOLATION_SINCE(self->violations);
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

static bool is_over(const struct storm *shared)
{
	return __atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE);
}

/* As uapi/linux/tsm-guest.h has it for those who share an entry. */
static int extend_entry(const struct entry *entry, int dir, enum path path,
			const uint8_t *bytes)
{
	char hex[2 * RTMR_LEN + 1];
	uint8_t digest[RTMR_LEN];
	int ret;

	if (flock(dir, LOCK_EX))
		return -errno;
	/* a killed sharer may have left event data behind */
	if (path == DIGEST)
		ret = entry_set(entry, "measure", "0");
	else
		ret = entry_put(entry, "event", bytes, RTMR_LEN);
	if (!ret && path == EVENT_MEASURE) {
		sha384(bytes, RTMR_LEN, digest);
		bytes_to_hex(hex, digest, RTMR_LEN);
		ret = entry_set(entry, "measure", hex);
	} else if (!ret) {
		ret = rtmr_write_digest(entry, bytes, RTMR_LEN);
	}
	flock(dir, LOCK_UN);
	return ret;
}

/* Extends up to @count times; exits with 0, or the errno that it got. */
static void extender(const FIXTURE_DATA(storm) *self, uint32_t owner,
		     uint32_t count)
{
	int dir = open(self->entry.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const enum path path = owner % PATHS;
	uint8_t bytes[RTMR_LEN];
	uint32_t i;
	int ret = 0;

	for (i = 0; i < count && !is_over(self->shared) && !ret; i++) {
		digest_make(bytes, owner, i);
		if (path == SYSFS)
			ret = sysfs_extend(INDEX, bytes, RTMR_LEN);
		else if (path == IOCTL)
			ret = ioctl_extend(EXTEND_RTMR, INDEX, bytes);
		else if (path == IOCTL_V3)
			ret = ioctl_extend(EXTEND_RTMR_V3, INDEX, bytes);
		else
			ret = extend_entry(&self->entry, dir, path, bytes);
		if (!ret)
			__atomic_store_n(&self->shared->done[owner], i + 1,
					 __ATOMIC_RELEASE);
	}
	_exit(-ret);
}

/* The register's value as this reader finds it; 0 or -errno. */
static int find_value(const FIXTURE_DATA(storm) *self, int reader,
		      uint8_t *value)
{
	static uint8_t out[BLOB_MAX];
	struct registers now = { 0 };
	struct quote quote;
	ssize_t len;
	int ret;

	switch (reader) {
	case 0:
		len = file_read(rtmr_path(INDEX), value, RTMR_LEN);
		return len == RTMR_LEN ? 0 : -EIO;
	case 1:
		len = entry_read(&self->entry, "digest", value, RTMR_LEN);
		return len == RTMR_LEN ? 0 : -EIO;
	case 2:
		ret = registers_report(&now);
		memcpy(value, now.rtmr[INDEX], RTMR_LEN);
		return ret;
	default:
		ret = entry_ask(&self->report, out, NONCE_LEN);
		len = ret ? ret : entry_read(&self->report, "outblob", out,
					     BLOB_MAX);
		if (len < 0 || quote_parse(out, len, &quote))
			return -EIO;
		memcpy(value, quote.body + QUOTE_RTMR0 + INDEX * RTMR_LEN, RTMR_LEN);
		return 0;
	}
}

#define READERS	4

static void reader(const FIXTURE_DATA(storm) *self, int way)
{
	struct storm *shared = self->shared;
	uint8_t value[RTMR_LEN];
	uint32_t i;
	int ret = 0;

	while (!ret && !is_over(shared)) {
		ret = find_value(self, way, value);
		i = __atomic_fetch_add(&shared->seen, !ret, __ATOMIC_RELAXED);
		if (!ret && i < SEEN)
			memcpy(shared->value[i], value, RTMR_LEN);
		nap();
	}
	_exit(-ret);
}

static void log_reader(const FIXTURE_DATA(storm) *self)
{
	struct replay replay;
	struct eventlog log;
	const char *wrong = NULL;

	while (!wrong && !is_over(self->shared)) {
		replay = (struct replay) { self->before };
		wrong = "cannot read the log";
		if (!log_read(&log, self->logged))
			wrong = replay_log(&replay, &log);
		log_free(&log);
	}
	_exit(wrong != NULL);
}

/* 0, or the first status but 0 with which a child exited. */
static int start_readers(const FIXTURE_DATA(storm) *self,
			 pid_t pid[READERS + 1])
{
	int i;

	for (i = 0; i <= READERS; i++) {
		pid[i] = start();
		if (pid[i] < 0)
			return -errno;
		if (!pid[i] && i < READERS)
			reader(self, i);
		if (!pid[i])
			log_reader(self);
	}
	return 0;
}

static int join(const pid_t *pid, int count)
{
	int i, status, worst = 0;

	for (i = 0; i < count; i++)
		if (waitpid(pid[i], &status, 0) != pid[i] || status)
			worst = status ? status : -ECHILD;
	return worst;
}

/* What the log says, in the eyes of who knows what was to be extended. */
struct verdict {
	struct replay replay;
	uint32_t next[OWNERS];
	unsigned int strange;		/* records that nobody asked for */
	unsigned int disorder;		/* missing, doubled or too early */
	bool explained[SEEN];
};

/* What the digest of a record is of, by the path that its owner took. */
static bool is_whole(const struct record *record, enum path path,
		     const uint8_t *bytes)
{
	const bool has_event = path == EVENT_DIGEST || path == EVENT_MEASURE;
	uint8_t digest[RTMR_LEN];

	memcpy(digest, bytes, RTMR_LEN);
	if (path == EVENT_MEASURE)
		sha384(bytes, RTMR_LEN, digest);
	return record->mr_index == INDEX + 1 &&
	       record->type == (has_event ? EV_EVENT_TAG : EV_COMPACT_HASH) &&
	       record->event_len == (has_event ? RTMR_LEN : 0) &&
	       !memcmp(record->event, bytes, record->event_len) &&
	       !memcmp(record->digest, digest, RTMR_LEN);
}

/* Whose record it is: the event tells, or else the digest. */
static bool find_owner(const struct record *record, uint32_t *owner,
		       uint32_t *number)
{
	const uint8_t *bytes = record->digest;

	if (record->event_len == RTMR_LEN)
		bytes = record->event;
	return digest_is_ours(bytes, owner, number) && *owner < OWNERS &&
	       is_whole(record, *owner % PATHS, bytes);
}

static void explain(struct verdict *verdict, const struct storm *shared)
{
	const uint8_t *now = verdict->replay.now.rtmr[INDEX];
	uint32_t i;

	for (i = 0; i < shared->seen && i < SEEN; i++)
		if (!memcmp(shared->value[i], now, RTMR_LEN))
			verdict->explained[i] = true;
}

/* NULL, or why the log cannot be judged at all. */
static const char *judge(const FIXTURE_DATA(storm) *self,
			 struct verdict *verdict)
{
	uint32_t owner, number;
	struct record record;
	struct eventlog log;
	const char *wrong;
	size_t pos;

	memset(verdict, 0, sizeof(*verdict));
	verdict->replay.now = self->before;
	explain(verdict, self->shared);
	wrong = log_read(&log, self->logged) ? "cannot read the log" : NULL;
	for (pos = 0; !wrong && pos < log.len; pos += record.len) {
		wrong = record_parse(log.data + pos, log.len - pos, &record);
		if (!wrong)
			wrong = replay_record(&verdict->replay, &record);
		if (wrong)
			break;
		if (!find_owner(&record, &owner, &number))
			verdict->strange++;
		else if (number != verdict->next[owner]++)
			verdict->disorder++;
		explain(verdict, self->shared);
	}
	log_free(&log);
	return wrong;
}

/* What holds after every storm. */
#define EXPECT_ORDER(verdict)						\
	do {								\
		struct registers now;					\
		uint32_t i, unexplained = 0;				\
									\
		EXPECT_SOUND(judge(self, verdict));			\
		EXPECT_EQ(0, registers_report(&now));			\
		EXPECT_SAME_REGISTERS(&(verdict)->replay.now, &now);	\
		EXPECT_EQ(0, (verdict)->replay.gaps);			\
		EXPECT_EQ(0, (verdict)->strange);			\
		EXPECT_EQ(0, (verdict)->disorder);			\
		EXPECT_LT(10, self->shared->seen);			\
		for (i = 0; i < self->shared->seen && i < SEEN; i++)	\
			unexplained += !(verdict)->explained[i];	\
		EXPECT_EQ(0, unexplained);				\
	} while (0)

TEST_F_TIMEOUT(storm, of_ten_thousand_extends_is_logged_as_it_happened, 300)
{
	static struct verdict verdict;
	pid_t extenders[EXTENDERS], readers[READERS + 1];
	uint32_t i;

	ASSERT_EQ(0, start_readers(self, readers));
	for (i = 0; i < EXTENDERS; i++) {
		extenders[i] = start();
		ASSERT_LE(0, extenders[i]);
		if (!extenders[i])
			extender(self, i, EXTENDS);
	}
	EXPECT_EQ(0, join(extenders, EXTENDERS));
	__atomic_store_n(&self->shared->stop, 1, __ATOMIC_RELEASE);
	EXPECT_EQ(0, join(readers, READERS + 1));

	EXPECT_ORDER(&verdict);
	EXPECT_EQ(EXTENDERS * EXTENDS, verdict.replay.extends);
	for (i = 0; i < EXTENDERS; i++) {
		EXPECT_EQ(EXTENDS, self->shared->done[i]);
		EXPECT_EQ(EXTENDS, verdict.next[i]);
	}
}

/* What a killed extender was about to do is done and logged, or neither. */
TEST_F_TIMEOUT(storm, in_which_extenders_are_killed_loses_nothing, 300)
{
	static struct verdict verdict;
	pid_t victims[KILLED_AT_ONCE], readers[READERS + 1];
	uint32_t i, owner;
	unsigned int seed = 1;
	int status, killed = 0;

	ASSERT_EQ(0, start_readers(self, readers));
	for (owner = 0; owner < OWNERS; owner++) {
		i = rand_r(&seed) % KILLED_AT_ONCE;
		if (owner < KILLED_AT_ONCE) {
			i = owner;
		} else {
			usleep(rand_r(&seed) % 8000);
			EXPECT_EQ(0, kill(victims[i], SIGKILL));
			EXPECT_EQ(victims[i], waitpid(victims[i], &status, 0));
			killed += WIFSIGNALED(status);
		}
		victims[i] = start();
		ASSERT_LE(0, victims[i]);
		if (!victims[i])
			extender(self, owner, UINT32_MAX);
	}
	__atomic_store_n(&self->shared->stop, 1, __ATOMIC_RELEASE);
	EXPECT_EQ(0, join(victims, KILLED_AT_ONCE));
	EXPECT_EQ(0, join(readers, READERS + 1));
	EXPECT_EQ(KILLS, killed);

	EXPECT_ORDER(&verdict);
	for (owner = 0; owner < OWNERS; owner++) {
		EXPECT_LE(self->shared->done[owner], verdict.next[owner]);
		EXPECT_GE(self->shared->done[owner] + 1, verdict.next[owner]);
	}
	TH_LOG("%u extends by %u extenders, %d killed",
	       verdict.replay.extends, OWNERS, killed);
}

TEST_HARNESS_MAIN
