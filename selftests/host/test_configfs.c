// SPDX-License-Identifier: MIT
/*
 * The client of configfs tsm/report against a kernel played by this file: the
 * linker's --wrap puts it between the library and libc. Documentation/ABI/
 * testing/configfs-tsm-report and fs/configfs/file.c say how it must behave.
 */
#include "../../tools/lib/tsm.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT	"/fake/report"
#define FD	1000

enum attr {
	INBLOB, OUTBLOB, AUXBLOB, GENERATION, PROVIDER, FLOOR, MANIFEST,
	/* options */
	LEVEL, SERVICE, GUID, VERSION, ATTRS
};

static const char *const attr_names[ATTRS] = {
	"inblob", "outblob", "auxblob", "generation", "provider",
	"privlevel_floor", "manifestblob", "privlevel", "service_provider",
	"service_guid", "service_manifest_version",
};

/**
 * struct kernel - the kernel's side
 * @exists: the report item exists
 * @generation: as the attribute shows it
 * @inblob, @inblob_len: written, not yet committed
 * @nonce: committed
 * @evidence, @evidence_len: what outblob holds after the nonce
 * @has_aux: there is an auxblob
 * @has_svsm: an SVSM is in charge: there is all that it gives
 * @option: values of options, as they were written
 * @order: attributes in the order of their writes, by their number in letters
 * @deny: option whose value is refused
 * @refuse: commits that are lost, as configfs loses their errors
 * @meddle: how many times somebody else writes while outblob is read
 * @read_errno: what reading outblob gives
 * @reads: how often outblob was opened
 * @open: files now open
 * @offset: position of each
 */
static struct kernel {
	bool exists;
	unsigned long generation;
	uint8_t inblob[64];
	size_t inblob_len;
	uint8_t nonce[64];
	uint8_t *evidence;
	size_t evidence_len;
	bool has_aux;
	bool has_svsm;
	char option[ATTRS][64];
	char order[64];
	enum attr deny;
	int refuse;
	int meddle;
	int read_errno;
	int reads;
	int open;
	size_t offset[ATTRS];
} k;

int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_rmdir(const char *path);
int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_read(int fd, void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len);
int __wrap_close(int fd);

int __wrap_mkdir(const char *path, mode_t mode)
{
	(void)mode;
	if (strncmp(path, ROOT "/", sizeof(ROOT))) {
		errno = ENOENT;
		return -1;
	}
	if (k.exists) {
		errno = EEXIST;
		return -1;
	}
	k.exists = true;
	return 0;
}

int __wrap_rmdir(const char *path)
{
	(void)path;
	if (!k.exists) {
		errno = ENOENT;
		return -1;
	}
	k.exists = false;
	return 0;
}

static bool has(enum attr a)
{
	if (a == AUXBLOB)
		return k.has_aux;
	return a < FLOOR || k.has_svsm;
}

int __wrap_open(const char *path, int flags, ...)
{
	const char *name = strrchr(path, '/') + 1;
	enum attr a;

	(void)flags;
	for (a = 0; a < ATTRS; a++) {
		if (strcmp(name, attr_names[a]) || !k.exists || !has(a))
			continue;
		k.offset[a] = 0;
		k.inblob_len = a == INBLOB ? 0 : k.inblob_len;
		k.open++;
		k.reads += a == OUTBLOB;
		return FD + (int)a;
	}
	errno = ENOENT;
	return -1;
}

ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
	const enum attr a = (enum attr)(fd - FD);

	k.order[strlen(k.order)] = (char)('a' + a);
	if (a >= LEVEL) {
		if (a == k.deny) {
			errno = EINVAL;
			return -1;
		}
		snprintf(k.option[a], sizeof(k.option[a]), "%.*s", (int)len,
			 (const char *)buf);
		k.generation++;
		return (ssize_t)len;
	}
	if (a != INBLOB || len > sizeof(k.inblob)) {
		errno = EFBIG;
		return -1;
	}
	memcpy(k.inblob, buf, len);
	k.inblob_len = len;
	return (ssize_t)len;
}

int __wrap_close(int fd)
{
	k.open--;
	if (fd == FD + INBLOB && k.refuse-- <= 0) {
		memcpy(k.nonce, k.inblob, sizeof(k.nonce));
		k.generation++;
	}
	return 0;
}

static ssize_t give(enum attr a, const void *data, size_t size, void *buf,
		    size_t len)
{
	const size_t left = size - k.offset[a];
	const size_t n = left < len ? left : len;

	if (n)
		memcpy(buf, (const uint8_t *)data + k.offset[a], n);
	k.offset[a] += n;
	return (ssize_t)n;
}

ssize_t __wrap_read(int fd, void *buf, size_t len)
{
	const enum attr a = (enum attr)(fd - FD);
	char text[32];

	switch (a) {
	case GENERATION:
		snprintf(text, sizeof(text), "%lu\n", k.generation);
		return give(a, text, strlen(text), buf, len);
	case PROVIDER:
		return give(a, "tdx_guest\n", 10, buf, len);
	case AUXBLOB:
		return give(a, "certificates", 12, buf, len);
	case MANIFEST:
		return give(a, "manifest", 8, buf, len);
	case FLOOR:
		return give(a, "2\n", 2, buf, len);
	case OUTBLOB:
		if (!k.offset[a] && k.meddle) {
			k.meddle--;
			k.generation++;
		}
		if (k.read_errno) {
			errno = k.read_errno;
			return -1;
		}
		if (k.evidence_len >= sizeof(k.nonce))
			memcpy(k.evidence, k.nonce, sizeof(k.nonce));
		return give(a, k.evidence, k.evidence_len, buf, len);
	default:
		errno = EBADF;
		return -1;
	}
}

static struct tsm_entry entry;
static struct tsm_report report;
static struct tsm_error err;
static uint8_t nonce[64];

static void start(size_t evidence_len)
{
	free(k.evidence);
	memset(&k, 0, sizeof(k));
	k.evidence = calloc(1, evidence_len + 1);
	k.evidence_len = evidence_len;
	memset(nonce, 0x6e, sizeof(nonce));
	memset(&report, 0x55, sizeof(report));
	err.text[0] = '\0';
	CHECK_EQ(0, tsm_entry_create(&entry, ROOT, "mine", &err));
}

static int ask_for(const struct tsm_report_options *options)
{
	const int ret = tsm_entry_report(&entry, nonce, sizeof(nonce), options,
					 &report, &err);

	CHECK_EQ(0, k.open);
	if (ret) {
		CHECK(err.text[0]);
		CHECK(!report.out);
		CHECK_EQ(0, report.out_len);
	}
	return ret;
}

static int ask(bool aux)
{
	struct tsm_report_options options = TSM_REPORT_PLAIN;

	options.aux = aux;
	return ask_for(&options);
}

static void stop(void)
{
	tsm_report_free(&report);
	CHECK_EQ(0, tsm_entry_remove(&entry, &err));
	CHECK(!k.exists);
	free(k.evidence);
	k.evidence = NULL;
}

static void evidence_for_the_nonce(void)
{
	char provider[32];

	start(5000);
	CHECK_EQ(0, tsm_entry_provider(&entry, provider, sizeof(provider),
				       &err));
	CHECK(!strcmp(provider, "tdx_guest"));
	CHECK_EQ(0, ask(false));
	CHECK_EQ(5000, report.out_len);
	CHECK(!memcmp(report.out, nonce, 64));
	CHECK(!report.aux);
	CHECK_EQ(1, report.generation);
	CHECK_EQ(0, report.retries);
	CHECK_EQ(1, k.reads);
	stop();
}

static void certificates_come_along(void)
{
	start(100);
	k.has_aux = true;
	CHECK_EQ(0, ask(true));
	CHECK_EQ(12, report.aux_len);
	CHECK(!memcmp(report.aux, "certificates", 12));
	stop();
}

static void no_auxblob_is_an_error_of_its_own(void)
{
	start(100);
	CHECK_EQ(-EOPNOTSUPP, ask(true));
	CHECK(!report.aux);
	stop();
}

static void a_moving_generation_is_retried(void)
{
	start(100);
	k.meddle = 2;
	CHECK_EQ(0, ask(false));
	CHECK_EQ(2, report.retries);
	CHECK_EQ(3, k.reads);
	CHECK_EQ(5, report.generation);
	stop();
}

static void a_generation_that_keeps_moving_is_given_up(void)
{
	start(100);
	k.meddle = 1000;
	CHECK_EQ(-EAGAIN, ask(false));
	CHECK_EQ(3, k.reads);
	stop();
}

static void somebody_elses_error_is_retried(void)
{
	start(100);
	k.read_errno = EINVAL;
	k.meddle = 1;
	/* once it is our own generation, the error is ours */
	CHECK_EQ(-EINVAL, ask(false));
	CHECK_EQ(2, k.reads);
	stop();
}

static void a_lost_commit_is_noticed(void)
{
	start(100);
	k.refuse = 1;
	CHECK_EQ(-ECANCELED, ask(false));
	CHECK_EQ(0, k.reads);
	stop();
}

static void an_empty_outblob_is_an_error(void)
{
	start(0);
	CHECK_EQ(-ENODATA, ask(false));
	stop();
}

static void the_drivers_errno_is_passed_on(void)
{
	static const int errors[] = {
		EIO, EHOSTUNREACH, ENODATA, EPROTO, EFBIG, ETIMEDOUT, EBUSY,
		EINVAL, ENXIO,
	};
	size_t i;

	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		start(100);
		k.read_errno = errors[i];
		CHECK_EQ(-errors[i], ask(false));
		CHECK(strstr(err.text, "outblob"));
		CHECK_EQ(1, k.reads);
		stop();
	}
}

static void sixteen_mebibytes_and_no_more(void)
{
	start(16 << 20);
	CHECK_EQ(0, ask(false));
	CHECK_EQ(16 << 20, report.out_len);
	stop();
	start((16 << 20) + 1);
	CHECK_EQ(-EFBIG, ask(false));
	stop();
}

static void an_item_is_made_once(void)
{
	struct tsm_entry other;
	char longname[300];

	start(100);
	CHECK_EQ(-EEXIST, tsm_entry_create(&other, ROOT, "mine", &err));
	CHECK_EQ('\0', other.path[0]);
	/* what was not made must not be removed */
	CHECK_EQ(0, tsm_entry_remove(&other, &err));
	CHECK(k.exists);
	memset(&report, 0, sizeof(report));
	stop();
	CHECK_EQ(-ENOENT, tsm_entry_create(&other, "/elsewhere", "x", &err));
	memset(longname, 'n', sizeof(longname) - 1);
	longname[sizeof(longname) - 1] = '\0';
	CHECK_EQ(-ENAMETOOLONG,
		 tsm_entry_create(&other, ROOT, longname, &err));
}

static const struct tsm_report_options all_options = {
	.privlevel = 3,
	.service_provider = "svsm",
	.service_guid = "c476f1eb-0123-45a5-9641-b4e7dde5bfe3",
	.manifest_version = 7,
	.manifest = true,
};

static void options_are_written_first(void)
{
	start(100);
	k.has_svsm = true;
	CHECK_EQ(0, ask_for(&all_options));
	CHECK(!strcmp(k.order, "hijka"));
	CHECK(!strcmp(k.option[LEVEL], "3"));
	CHECK(!strcmp(k.option[SERVICE], "svsm"));
	CHECK(!strcmp(k.option[GUID], all_options.service_guid));
	CHECK(!strcmp(k.option[VERSION], "7"));
	CHECK_EQ(5, report.generation);
	CHECK_EQ(0, report.retries);
	CHECK_EQ(8, report.manifest_len);
	CHECK(!memcmp(report.manifest, "manifest", 8));
	stop();
}

static void each_option_alone_is_counted(void)
{
	static const struct tsm_report_options options[] = {
		{ .privlevel = 0, .manifest_version = -1 },
		{ .privlevel = -1, .manifest_version = -1,
		  .service_provider = "svsm" },
		{ .privlevel = -1, .manifest_version = -1,
		  .service_guid = "00000000-0000-0000-0000-000000000000" },
		{ .privlevel = -1, .manifest_version = 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		start(100);
		k.has_svsm = true;
		CHECK_EQ(0, ask_for(&options[i]));
		CHECK_EQ('a' + LEVEL + (int)i, k.order[0]);
		CHECK(!strcmp(k.order + 1, "a"));
		CHECK_EQ(2, report.generation);
		CHECK(!report.manifest);
		stop();
	}
}

static void a_retry_writes_the_options_anew(void)
{
	start(100);
	k.has_svsm = true;
	k.meddle = 1;
	CHECK_EQ(0, ask_for(&all_options));
	CHECK_EQ(1, report.retries);
	CHECK(!strcmp(k.order, "hijkahijka"));
	CHECK_EQ(11, report.generation);
	stop();
}

static void options_do_not_hide_a_lost_commit(void)
{
	start(100);
	k.has_svsm = true;
	k.refuse = 1;
	CHECK_EQ(-ECANCELED, ask_for(&all_options));
	CHECK_EQ(0, k.reads);
	stop();
}

static void what_is_not_there_is_an_error_of_its_own(void)
{
	struct tsm_report_options options = TSM_REPORT_PLAIN;
	unsigned int floor = 9;

	start(100);
	CHECK_EQ(-EOPNOTSUPP, ask_for(&all_options));
	CHECK(strstr(err.text, "privlevel"));
	CHECK_EQ(0, k.generation);
	options.manifest = true;
	CHECK_EQ(-EOPNOTSUPP, ask_for(&options));
	CHECK(strstr(err.text, "manifestblob"));
	CHECK_EQ(-EOPNOTSUPP, tsm_entry_floor(&entry, &floor, &err));
	CHECK_EQ(0, floor);
	k.has_svsm = true;
	CHECK_EQ(0, tsm_entry_floor(&entry, &floor, &err));
	CHECK_EQ(2, floor);
	stop();
}

static void a_value_that_is_refused_too(void)
{
	enum attr a;

	for (a = LEVEL; a < ATTRS; a++) {
		start(100);
		k.has_svsm = true;
		k.deny = a;
		CHECK_EQ(-ERANGE, ask_for(&all_options));
		CHECK(strstr(err.text, attr_names[a]));
		/* nothing was asked for in the meantime */
		CHECK_EQ(0, k.reads);
		CHECK(!strchr(k.order, 'a'));
		stop();
	}
}

static const struct tap_test tests[] = {
	{ "evidence is for the nonce that was written",
	  evidence_for_the_nonce },
	{ "certificates come along when asked for", certificates_come_along },
	{ "a driver without auxblob gives EOPNOTSUPP",
	  no_auxblob_is_an_error_of_its_own },
	{ "a generation that moved is retried and counted",
	  a_moving_generation_is_retried },
	{ "a generation that keeps moving is EAGAIN after three tries",
	  a_generation_that_keeps_moving_is_given_up },
	{ "an error that belongs to another generation is retried",
	  somebody_elses_error_is_retried },
	{ "a commit that the kernel lost is ECANCELED",
	  a_lost_commit_is_noticed },
	{ "an empty outblob is ENODATA", an_empty_outblob_is_an_error },
	{ "the driver's errno is passed on", the_drivers_errno_is_passed_on },
	{ "16 MiB of evidence are read, one byte more is EFBIG",
	  sixteen_mebibytes_and_no_more },
	{ "an item is made once and only ours is removed",
	  an_item_is_made_once },
	{ "options are written before the report data, and counted",
	  options_are_written_first },
	{ "each option alone is, too", each_option_alone_is_counted },
	{ "a retry writes the options anew", a_retry_writes_the_options_anew },
	{ "options do not hide a lost commit",
	  options_do_not_hide_a_lost_commit },
	{ "options and blobs that a driver does not have are EOPNOTSUPP",
	  what_is_not_there_is_an_error_of_its_own },
	{ "a value that is refused is ERANGE and asks for nothing",
	  a_value_that_is_refused_too },
};

TAP_MAIN(tests)
