// SPDX-License-Identifier: MIT
/*
 * Writers, readers and a host that change things under each other's eyes:
 * what is read is always one whole quote, and never an old one.
 */
#include "kselftest_harness.h"

#include "emu.h"
#include "quote.h"
#include "reader.h"
#include "report.h"

#define READERS		4
#define READS		60	/* at least, of each reader */
#define WRITES		60	/* at least, while they read */
#define OWNER		0x7a6e

/* What the processes of the race tell each other. */
struct race {
	uint32_t committed;	/* the newest inblob whose close returned */
	int stop;
};

FIXTURE(race)
{
	struct entry entry;
	struct race *shared;
	pid_t writer;
	pid_t resizer;
	long violations;
};

/* The writer owns the entry: it alone asks. */
static void write_nonces(const struct entry *entry, struct race *shared)
{
	uint8_t nonce[NONCE_LEN];
	uint32_t number;

	for (number = 2; !__atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE);
	     number++) {
		nonce_make(nonce, OWNER, number);
		if (entry_ask(entry, nonce, NONCE_LEN))
			_exit(1);
		__atomic_store_n(&shared->committed, number, __ATOMIC_RELEASE);
		nap();
	}
	_exit(0);
}

static const char *const sizes[] = { "0", "131048", "8000", "60000", "0" };

static void change_sizes(struct race *shared)
{
	unsigned int i;

	for (i = 0; !__atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE); i++) {
		if (emu_set("quote_size", sizes[i % ARRAY_SIZE(sizes)]))
			_exit(1);
		nap();
	}
	_exit(0);
}

FIXTURE_SETUP(race)
{
	uint8_t nonce[NONCE_LEN];

	SKIP_WITHOUT_REPORT();
	SKIP_WITHOUT_EMULATOR();
	SKIP_UNLESS_REPAIRED();
	ASSERT_EQ(0, emu_reset());
	self->violations = emu_stat("stat_violations");
	ASSERT_EQ(0, entry_renew(&self->entry, "ksft-race"));
	self->shared = mmap(NULL, sizeof(*self->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
	nonce_make(nonce, OWNER, 1);
	ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
	self->shared->committed = 1;
	ASSERT_EQ(0, emu_set("quote_delay_ms", "2"));
}

FIXTURE_TEARDOWN(race)
{
	__atomic_store_n(&self->shared->stop, 1, __ATOMIC_RELEASE);
	while (waitpid(-1, NULL, 0) > 0)
		;
	EXPECT_NO_VIOLATION_SINCE(self->violations);
	EXPECT_EQ(0, emu_reset());
	EXPECT_EQ(0, entry_remove(&self->entry));
}

/* One of the lengths that the host was told, or the unpadded quote. */
static bool length_is_known(const struct quote *quote, size_t len)
{
	unsigned int i;

	if (len == quote->len)
		return true;
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (len == strtoul(sizes[i], NULL, 10))
			return true;
	return false;
}

/* One read, judged; NULL, or what is wrong with it. */
static const char *read_and_judge(const struct entry *entry,
				  struct race *shared)
{
	static uint8_t out[BLOB_MAX];
	struct quote quote;
	const char *wrong;
	uint32_t before;
	long number;
	ssize_t len;

	before = __atomic_load_n(&shared->committed, __ATOMIC_ACQUIRE);
	len = entry_read(entry, "outblob", out, BLOB_MAX);
	if (len < 0)
		return strerror(-len);
	wrong = quote_parse(out, len, &quote);
	if (wrong)
		return wrong;
	if (!length_is_known(&quote, len))
		return "a length that the host never gave";
	if (!quote_padding_is_whole(out, len, &quote))
		return "padding that the host never wrote";
	number = nonce_number(quote.report_data, OWNER);
	if (number < 0)
		return "report data that nobody wrote";
	if (number < before)
		return "older than an inblob committed before the read";
	return NULL;
}

static void read_quotes(struct __test_metadata *_metadata,
			const struct entry *entry, struct race *shared)
{
	int i;

	for (i = 0; i < READS ||
	     __atomic_load_n(&shared->committed, __ATOMIC_ACQUIRE) < WRITES;
	     i++)
		EXPECT_SOUND(read_and_judge(entry, shared));
	_exit(0);
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

TEST_F_TIMEOUT(race, of_writer_and_readers_gives_whole_and_fresh_quotes, 300)
{
	pid_t reader[READERS];
	int i, status;

	self->writer = start();
	ASSERT_LE(0, self->writer);
	if (!self->writer)
		write_nonces(&self->entry, self->shared);
	self->resizer = start();
	ASSERT_LE(0, self->resizer);
	if (!self->resizer)
		change_sizes(self->shared);
	for (i = 0; i < READERS; i++) {
		reader[i] = start();
		ASSERT_LE(0, reader[i]);
		if (!reader[i])
			read_quotes(_metadata, &self->entry, self->shared);
	}
	for (i = 0; i < READERS; i++) {
		ASSERT_EQ(reader[i], waitpid(reader[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	__atomic_store_n(&self->shared->stop, 1, __ATOMIC_RELEASE);
	ASSERT_EQ(self->writer, waitpid(self->writer, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(self->resizer, waitpid(self->resizer, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, driver_stat("quote_abandoned"));
}

/* True if the host's scribbling may have caused this error of a read. */
static bool is_spoilt(ssize_t len)
{
	/* EIO: it has hit the next request's TDREPORT */
	return len == -EFBIG || len == -ENODATA || len == -EIO;
}

/*
 * The host flips the length and scribbles over the quote after it said that
 * it was done. It may spoil its own quote; it may not make the driver read
 * past the buffer or give two readers of one generation different bytes. The
 * rounds go on until the host has had both, luck and none.
 */
TEST_F_TIMEOUT(race, with_a_host_that_mutates_its_answer_is_harmless, 120)
{
	static uint8_t out[BLOB_MAX], again[BLOB_MAX];
	int i, given = 0, too_big = 0;
	uint8_t nonce[NONCE_LEN];
	ssize_t honest, len;

	honest = entry_read(&self->entry, "outblob", out, BLOB_MAX);
	ASSERT_LT(0, honest);

	ASSERT_EQ(0, emu_set("quote_mutate_ms", "50"));
	for (i = 0; i < 20 || ((!given || !too_big) && i < 1000); i++) {
		nonce_make(nonce, OWNER, 100 + i);
		ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
		len = entry_read(&self->entry, "outblob", out, BLOB_MAX);
		too_big += len == -EFBIG;
		if (is_spoilt(len))
			continue;
		ASSERT_EQ(honest, len);
		ASSERT_EQ(len, entry_read(&self->entry, "outblob", again,
					  BLOB_MAX));
		ASSERT_EQ(0, memcmp(out, again, len));
		given++;
	}
	EXPECT_LT(0, given);
	EXPECT_LT(0, too_big);
	TH_LOG("%d rounds: %d quotes, %d too big", i, given, too_big);

	/* It goes on for a while; then the driver is as good as new. */
	ASSERT_EQ(0, emu_reset());
	nonce_make(nonce, OWNER, 2000);
	ASSERT_EQ(0, entry_ask(&self->entry, nonce, NONCE_LEN));
	for (i = 0; i < 1000; i++) {
		len = entry_read(&self->entry, "outblob", out, BLOB_MAX);
		if (len != -EIO)
			break;
		nap();
	}
	ASSERT_EQ(honest, len);
	EXPECT_SOUND(quote_check(out, len, nonce));
}

TEST_HARNESS_MAIN
