// SPDX-License-Identifier: MIT
/*
 * Expects of a driver what the attestation agent of Confidential Containers does:
 * an entry of its own, exactly one generation for one write, the provider's exact
 * name with its newline, files opened as Rust's std::fs opens them, and registers
 * below the device's own folder.
 *
 * usage: coco tdx|snp
 */
#include "rtmr.h"
#include "sev.h"

#define BLOB_MAX	(64 * 1024)

/* std::fs::write() */
static bool fs_write(const char *path, const void *data, size_t len)
{
	return write_once(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, data,
			  len);
}

/* std::fs::read(): a small read first, then whatever is left, to the end. */
static ssize_t fs_read(const char *path, uint8_t *data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	ssize_t n, len = 0;

	if (fd < 0)
		return -1;
	n = read(fd, data, 32);
	while (n > 0) {
		len += n;
		n = read(fd, data + len, BLOB_MAX - len);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return n < 0 ? -1 : len;
}

static ssize_t entry_read(const char *entry, const char *name, uint8_t *data)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", entry, name);
	return fs_read(path, data);
}

static bool entry_write(const char *entry, const char *name, const void *data,
			size_t len)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", entry, name);
	return fs_write(path, data, len);
}

static const char *check_provider(const char *entry, const char *wanted)
{
	static uint8_t text[BLOB_MAX];
	ssize_t len = entry_read(entry, "provider", text);

	if (len < 0)
		return failed("provider");
	if ((size_t)len != strlen(wanted) || memcmp(text, wanted, len))
		return "not the provider's name";
	return NULL;
}

/* More than 1 is an InblobConflict. */
static const char *check_generation(const char *entry)
{
	static uint8_t text[BLOB_MAX];
	ssize_t len = entry_read(entry, "generation", text);

	if (len < 0)
		return failed("generation");
	text[len] = 0;
	return strtoul((const char *)text, NULL, 10) > 1 ? "generation above 1" :
							   NULL;
}

static const char *ask(const char *entry, const uint8_t *nonce, uint8_t *blob,
		       ssize_t *len)
{
	if (!entry_write(entry, "inblob", nonce, NONCE_LEN))
		return failed("inblob");
	*len = entry_read(entry, "outblob", blob);
	if (*len < 0)
		return failed("outblob");
	return check_generation(entry);
}

/* with_entry PROVIDER USE: in an entry that is removed however that ends. */
static const char *with_entry(const char *provider,
			      const char *(*use)(const char *entry))
{
	char entry[] = REPORTS "/.tmpXXXXXX";
	const char *why;

	if (!is_there(REPORTS))
		return ABSENT "no tsm/report";
	if (!mkdtemp(entry))
		return failed("mkdir");
	why = check_provider(entry, provider);
	if (!why)
		why = use(entry);
	if (rmdir(entry) && !why)
		why = failed("rmdir");
	return why;
}

static const char *quote(const char *entry)
{
	static uint8_t blob[BLOB_MAX];
	uint8_t nonce[NONCE_LEN];
	const char *why;
	ssize_t len;

	make_nonce(nonce);
	why = ask(entry, nonce, blob, &len);
	return why ? why : check_quote(blob, len, nonce);
}

static const char *extend(unsigned int index, const uint8_t *digest)
{
	char path[100];

	snprintf(path, sizeof(path), MEASUREMENTS "/rtmr%u:sha384", index);
	if (!is_there(path))
		return ABSENT "no measurements";
	return fs_write(path, digest, RTMR_LEN) ? NULL : failed("rtmr");
}

static const char *read_register(const char *name)
{
	uint8_t value[BLOB_MAX];
	char path[100];

	snprintf(path, sizeof(path), MEASUREMENTS "/%s", name);
	if (!is_there(MEASUREMENTS))
		return ABSENT "no measurements";
	return fs_read(path, value) == RTMR_LEN ? NULL : failed(name);
}

static const char *read_registers(void)
{
	static const char *const names[] = {
		"rtmr0:sha384", "rtmr1:sha384", "rtmr2:sha384", "rtmr3:sha384",
		"mrconfigid",
	};
	const char *why = NULL;
	size_t i;

	for (i = 0; !why && i < sizeof(names) / sizeof(*names); i++)
		why = read_register(names[i]);
	return why;
}

static void run_tdx(void)
{
	row("TDX quote through configfs", with_entry("tdx_guest\n", quote));
	row("RTMR 2 extended, O_TRUNC", check_extend(2, extend));
	row("RTMR 3 extended, O_TRUNC", check_extend(3, extend));
	row("RTMRs and mrconfigid read", read_registers());
}

/* Without a privlevel: that makes a second write, which it would not accept. */
static const char *snp_report(const char *entry)
{
	static uint8_t blob[BLOB_MAX];
	uint8_t nonce[NONCE_LEN];
	const char *why;
	ssize_t len;

	make_nonce(nonce);
	why = ask(entry, nonce, blob, &len);
	if (why)
		return why;
	if (len != SNP_REPORT_LEN)
		return because("a report of %zd bytes", len);
	why = check_snp_report(blob, nonce, 0);
	if (!why && entry_read(entry, "auxblob", blob) < 0)
		why = failed("auxblob");
	return why ? why : check_generation(entry);
}

/*
 * It writes the level as a byte where text is expected, which no kernel takes:
 * to be refused, and to leave the entry as it is.
 */
static const char *raw_privlevel(const char *entry)
{
	if (entry_write(entry, "privlevel", "", 1))
		return "a zero byte is taken for a level";
	if (errno != EINVAL)
		return failed("privlevel");
	return snp_report(entry);
}

static const char *detect(void)
{
	if (!is_there("/sys/devices/platform/sev-guest"))
		return "no platform device";
	return is_there(SEV_DEVICE) ? NULL : ABSENT "no " SEV_DEVICE;
}

static const char *report(void)
{
	return sev_get_report(O_RDONLY | O_CLOEXEC, 0);
}

static const char *ext_report(void)
{
	return sev_get_ext_report(O_RDONLY | O_CLOEXEC);
}

static void run_snp(void)
{
	row("SNP guest detected", detect());
	row("SNP report by ioctl", report());
	row("SNP report and certificates", ext_report());
	row("SNP report through configfs", with_entry("sev_guest\n", snp_report));
	row("raw byte to privlevel: refused",
	    with_entry("sev_guest\n", raw_privlevel));
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "tdx"))
		run_tdx();
	else if (argc == 2 && !strcmp(argv[1], "snp"))
		run_snp();
	else
		return 2;
	return 0;
}
