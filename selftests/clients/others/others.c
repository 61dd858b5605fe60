// SPDX-License-Identifier: MIT
/*
 * What further clients do with tsm/report that the ones beside this do not:
 * systemd's report signer, the trusted VM SDK in Python, and dstack.
 *
 * usage: others tdx|snp
 */
#include <time.h>

#include "sev.h"
#include "tdx.h"

#define BLOB_MAX	(64 * 1024)

static uint8_t blob[BLOB_MAX];
static bool is_td;

static const char *path_of(const char *entry, const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", entry, name);
	return path;
}

static const char *check_blob(ssize_t len, const uint8_t *nonce, uint32_t vmpl)
{
	if (is_td)
		return check_quote(blob, len, nonce);
	if (len != SNP_REPORT_LEN)
		return because("a report of %zd bytes", len);
	return check_snp_report(blob, nonce, vmpl);
}

static const char *check_generation(const char *entry, unsigned long wanted)
{
	char text[32];

	if (!read_text(path_of(entry, "generation"), text, sizeof(text)))
		return failed("generation");
	if (strtoul(text, NULL, 10) != wanted)
		return because("generation %lu", strtoul(text, NULL, 10));
	return NULL;
}

/* An attribute of one TEE or kernel only: what matters is that it can be read. */
static const char *read_if_there(const char *entry, const char *name)
{
	const char *path = path_of(entry, name);

	if (is_there(path) && read_once(path, blob, sizeof(blob)) < 0)
		return failed(name);
	return NULL;
}

/* The floor is written back as the level, where there is one; then the nonce. */
static const char *systemd_write(const char *entry, const uint8_t *nonce,
				 unsigned int *writes, uint32_t *level)
{
	char floor[32];

	*writes = 0;
	*level = 0;
	if (is_there(path_of(entry, "privlevel_floor"))) {
		if (!read_text(path_of(entry, "privlevel_floor"), floor,
			       sizeof(floor)))
			return failed("privlevel_floor");
		floor[strcspn(floor, "\n")] = 0;
		*level = strtoul(floor, NULL, 10);
		if (!write_once(path_of(entry, "privlevel"), O_WRONLY, floor,
				strlen(floor)))
			return failed("privlevel");
		++*writes;
	} else if (!is_td) {
		return "no privlevel_floor";
	}
	if (!write_once(path_of(entry, "inblob"), O_WRONLY, nonce, NONCE_LEN))
		return failed("inblob");
	++*writes;
	return NULL;
}

static const char *systemd_entry(const char *entry)
{
	uint8_t nonce[NONCE_LEN];
	unsigned int writes;
	const char *why;
	uint32_t level;
	ssize_t len;

	/* padded with zeros to what a driver takes */
	make_nonce(nonce);
	memset(nonce + 32, 0, NONCE_LEN - 32);
	why = systemd_write(entry, nonce, &writes, &level);
	if (why)
		return why;
	len = read_once(path_of(entry, "outblob"), blob, sizeof(blob));
	if (len < 0)
		return failed("outblob");
	why = check_blob(len, nonce, level);
	if (!why)
		why = read_if_there(entry, "provider");
	if (!why)
		why = read_if_there(entry, "auxblob");
	if (!why)
		why = read_if_there(entry, "manifestblob");
	return why ? why : check_generation(entry, writes);
}

/* open(path, "wb") and open(path, "rb").read(), buffered on both ways. */
static const char *vmsdk_entry(const char *entry)
{
	uint8_t nonce[NONCE_LEN];
	const char *why = NULL;
	ssize_t len;
	FILE *file;

	make_nonce(nonce);
	file = fopen(path_of(entry, "inblob"), "wb");
	if (!file)
		return failed("inblob");
	if (fwrite(nonce, 1, NONCE_LEN, file) != NONCE_LEN)
		why = failed("inblob");
	if (fclose(file) && !why)
		why = failed("close of inblob");
	if (why)
		return why;
	file = fopen(path_of(entry, "outblob"), "rb");
	if (!file)
		return failed("outblob");
	len = fread(blob, 1, sizeof(blob), file);
	if (ferror(file))
		why = failed("outblob");
	fclose(file);
	if (!why)
		why = check_blob(len, nonce, 0);
	return why ? why : check_generation(entry, 1);
}

/* In an entry with our PID in its name, which is removed however it ends. */
static const char *with_entry(const char *prefix, const char *suffix, mode_t mode,
			      const char *(*use)(const char *entry))
{
	char entry[200];
	const char *why;

	if (!is_there(REPORTS))
		return ABSENT "no tsm/report";
	snprintf(entry, sizeof(entry), REPORTS "/%s%d%s", prefix, getpid(),
		 suffix);
	if (mkdir(entry, mode))
		return failed("mkdir");
	why = use(entry);
	if (rmdir(entry) && !why)
		why = failed("rmdir");
	return why;
}

/* The generation looked at every 10 ms, for 5 s. */
static const char *dstack_wait(const char *entry, unsigned long wanted)
{
	const struct timespec step = { .tv_nsec = 10 * 1000 * 1000 };
	const char *why;
	int n;

	for (n = 0; n < 500; n++) {
		why = check_generation(entry, wanted);
		if (!why)
			return NULL;
		nanosleep(&step, NULL);
	}
	return why;
}

/* The entry of libtdx_attest; it stays, as there. */
static const char *dstack(void)
{
	static const char entry[] = REPORTS "/com.intel.dcap";
	unsigned long before;
	uint8_t nonce[NONCE_LEN];
	const char *why;
	char text[32];
	ssize_t len;

	if (!is_there(REPORTS))
		return ABSENT "no tsm/report";
	if (mkdir(entry, 0755) && errno != EEXIST)
		return failed("mkdir");
	if (!read_text(path_of(entry, "generation"), text, sizeof(text)))
		return failed("generation");
	before = strtoul(text, NULL, 10);
	make_nonce(nonce);
	if (!write_once(path_of(entry, "inblob"),
			O_WRONLY | O_CREAT | O_TRUNC, nonce, NONCE_LEN))
		return failed("inblob");
	why = dstack_wait(entry, before + 1);
	if (why)
		return why;
	len = read_once(path_of(entry, "outblob"), blob, QUOTE_MAX);
	return len < 0 ? failed("outblob") : check_blob(len, nonce, 0);
}

/* The device as the SDK opens it, without O_SYNC. */
static const char *vmsdk_report(void)
{
	struct tdx_report report;

	make_nonce(report.data);
	return get_report(&report, O_RDWR);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	is_td = !strcmp(argv[1], "tdx");
	row("systemd: evidence, 0700, level",
	    with_entry("systemd-report-", "-0123456789abcdef0123456789abcdef",
		       0700, systemd_entry));
	if (!is_td)
		return 0;
	row("vmsdk: TDREPORT", vmsdk_report());
	row("vmsdk: quote, buffered files",
	    with_entry("report_", "", 0777, vmsdk_entry));
	row("dstack: quote, shared entry", dstack());
	return 0;
}
