/* SPDX-License-Identifier: MIT */
/*
 * The emulated host and secure processor of an SNP guest: knobs, counters, and
 * the driver's parameters and attributes that only SNP has.
 */
#ifndef SELFTESTS_SNP_EMU_H
#define SELFTESTS_SNP_EMU_H

#include "emu.h"
#include "reader.h"
#include "snp.h"

#define VMPCKS		4
#define STATE_LEN	16

static __maybe_unused bool snp_present(void)
{
	return !access(SEV_GUEST, F_OK);
}

#define SKIP_WITHOUT_SNP()						\
	do {								\
		if (!snp_present())					\
			SKIP(return, "no " SEV_GUEST ": load a driver in an SNP guest"); \
	} while (0)

/* The VMPL at which the guest runs: above 0 there is an SVSM below it. */
static __maybe_unused int snp_vmpl(void)
{
	return emu_stat("snp_vmpl");
}

static __maybe_unused bool kernel_has_symbol(const char *name)
{
	char line[256], symbol[128];
	bool found = false;
	FILE *file;

	file = fopen("/proc/kallsyms", "r");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "%*s %*c %127s", symbol) == 1 &&
			!strcmp(symbol, name);
	fclose(file);
	return found;
}

static bool core_has_channel;

/* Once for all tests of a program: the kernel takes a second to list symbols. */
static __attribute__((__constructor__)) void look_for_channel(void)
{
	if (emu_present())
		core_has_channel = kernel_has_symbol("snp_send_guest_request");
}

/* Linux 6.14 took message channel and key into the core. */
static __maybe_unused bool channel_is_ours(void)
{
	return !core_has_channel && driver_is_tsm_guest();
}

#define SKIP_UNLESS_OWN_CHANNEL()					\
	do {								\
		if (!channel_is_ours())					\
			SKIP(return, "the kernel has the message channel, " \
			     "and wipes the key after any error");	\
	} while (0)

/* "0 0 0 0": the firmware's four counters */
static __maybe_unused long psp_seqno(unsigned int vmpck)
{
	unsigned long seqno[VMPCKS];
	char text[128];
	ssize_t len;

	len = file_read(EMU_PARAMS "/snp_psp_seqno", text, sizeof(text) - 1);
	if (len < 0)
		return len;
	text[len] = '\0';
	if (sscanf(text, "%lu %lu %lu %lu", &seqno[0], &seqno[1], &seqno[2],
		   &seqno[3]) != 4)
		return -EINVAL;
	return seqno[vmpck];
}

/* "ready", "pending" ..., or why it cannot be read */
static __maybe_unused const char *vmpck_state(unsigned int vmpck)
{
	static char text[STATE_LEN];
	char path[PATH_LEN];
	ssize_t len;

	snprintf(path, sizeof(path), SEV_GUEST_SYSFS "/vmpck/state%u", vmpck);
	len = file_read(path, text, sizeof(text) - 1);
	if (len <= 0)
		return len ? strerror(-len) : "nothing";
	text[len] = '\0';
	if (text[len - 1] != '\n')
		return "no line";
	text[len - 1] = '\0';
	return text;
}

static __maybe_unused long vmpck_active(void)
{
	return file_read_long(SEV_GUEST_SYSFS "/vmpck/active");
}

/* Moves to that VMPCK, -1: to that of the guest's VMPL. */
static __maybe_unused int vmpck_use(int vmpck)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", vmpck);
	return driver_set("vmpck_id", text);
}

/* Sets a knob whose value is "ID" or, with @value, "ID VALUE". */
static __maybe_unused int vmpck_knob(const char *knob, unsigned int vmpck,
				     const char *value)
{
	char text[64];

	snprintf(text, sizeof(text), "%u%s%s", vmpck, value ? " " : "",
		 value ? : "");
	return emu_set(knob, text);
}

static __maybe_unused bool vmpck_is_well(unsigned int vmpck)
{
	const char *state = vmpck_state(vmpck);

	return !strcmp(state, "ready") || !strcmp(state, "unused") ||
	       !strcmp(state, "pending");
}

/*
 * Where a key is gone for good a guest needs a reboot; here the emulated
 * firmware makes a new one, and the driver is told to look at it.
 */
static __maybe_unused int vmpck_renew_what_is_gone(void)
{
	unsigned int own = snp_vmpl(), i;
	bool renewed = false;
	int ret;

	if (access(SEV_GUEST_SYSFS "/vmpck", F_OK))
		return 0;
	for (i = own; i < VMPCKS; i++) {
		if (vmpck_is_well(i))
			continue;
		ret = vmpck_knob("snp_rekey", i, NULL);
		if (ret)
			return ret;
		renewed = true;
	}
	if (renewed && own < SNP_PRIVLEVEL_MAX) {
		ret = vmpck_use(own + 1);
		if (ret)
			return ret;
	}
	return vmpck_use(-1);
}

/* Honest host and firmware, whatever they were told to be before. */
static __maybe_unused int snp_be_honest(void)
{
	static const char *const knobs[][2] = {
		{ "snp_busy", "0" },
		{ "snp_error_count", "0" },
		{ "snp_lose", "0" },
		{ "snp_error", "0" },
		{ "snp_flip_count", "0" },
		{ "snp_patch_count", "0" },
		{ "snp_replay", "0" },
		{ "snp_mutate_ms", "0" },
		{ "snp_status_count", "0" },
		{ "snp_status", "0" },
		{ "snp_delay_ms", "0" },
		{ "snp_certs", "1" },
		{ "snp_certs_pages", "0" },
		{ "snp_invalid_len", "0" },
		{ "snp_invalid_len_pages", "0" },
		{ "snp_report_v", "3" },
		{ "snp_sign", "0" },
		{ "svsm_status_count", "0" },
		{ "svsm_status", "0" },
		{ "svsm_grow", "0" },
		{ "svsm_manifest_size", "256" },
		{ "svsm_certs", "1" },
		{ "svsm_out_len", "-1" },
		{ "convert_fail", "0" },
	};
	unsigned int i;
	int ret;

	if (!emu_present())
		return 0;
	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		ret = emu_set(knobs[i][0], knobs[i][1]);
		if (ret)
			return ret;
	}
	if (!driver_is_tsm_guest() || access(DRIVER_PARAMS, F_OK))
		return 0;
	return driver_set("snp_timeout_ms", "60000");
}

/* Before and after a test: also keys that it may have lost. */
static __maybe_unused int snp_reset(void)
{
	int ret = snp_be_honest();

	if (ret || !emu_present() || access(DRIVER_PARAMS, F_OK))
		return ret;
	return vmpck_renew_what_is_gone();
}

/* Mainline's default is 0, which it refuses where there is an SVSM. */
static __maybe_unused int entry_use_floor(const struct entry *entry)
{
	char text[16];

	if (driver_is_tsm_guest())
		return 0;
	snprintf(text, sizeof(text), "%d", snp_vmpl());
	return entry_set(entry, "privlevel", text);
}

/* A nonce, a generation, a report: NULL or what is wrong. */
static __maybe_unused const char *snp_get_report(const struct entry *entry,
						 uint32_t number, uint8_t *out)
{
	uint8_t nonce[NONCE_LEN];
	ssize_t ret;

	nonce_make(nonce, getpid(), number);
	ret = entry_ask(entry, nonce, NONCE_LEN);
	if (ret)
		return "writing inblob failed";
	ret = entry_read(entry, "outblob", out, BLOB_MAX);
	return snp_report_check(out, ret, nonce);
}

/* A reader like that of reader.h, of the ioctl: a report, or an errno. */
static __maybe_unused int reader_start_ioctl(struct reader *reader,
					     const uint8_t *nonce)
{
	struct snp_report_req req = { .vmpl = SNP_PRIVLEVEL_MAX };
	struct snp_report_resp resp;
	struct reader_result *result;
	uint64_t exitinfo2;
	int ret;

	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (result == MAP_FAILED)
		return -errno;
	result->ret = READER_UNFINISHED;
	reader->result = result;
	reader->pid = fork();
	if (reader->pid)
		return reader->pid < 0 ? -errno : 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memcpy(req.user_data, nonce, NONCE_LEN);
	ret = sev_report(&req, &resp, &exitinfo2);
	memcpy(result->data, resp.report, SNP_REPORT_LEN);
	result->ret = ret ? ret : SNP_REPORT_LEN;
	_exit(0);
}

/* NULL once the reader has come back with a report for that nonce. */
static __maybe_unused const char *reader_report(struct reader *reader,
						const uint8_t *nonce)
{
	ssize_t ret = reader_finish(reader);

	return snp_report_check(reader->result->data, ret, nonce);
}

/* 0 once the host has answered BUSY to somebody; it does so for ever. */
static __maybe_unused int host_throttles(long busy_before)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (emu_stat("stat_snp_busy") == busy_before) {
		if (time(NULL) > end)
			return -ETIMEDOUT;
		nap();
	}
	return 0;
}

/* A reader whose message the host has, and answers BUSY for ever. */
static __maybe_unused int reader_start_throttled(struct reader *reader,
						 const struct entry *entry)
{
	const long busy = emu_stat("stat_snp_busy");
	int ret;

	ret = emu_set("snp_busy", "-1");
	if (!ret)
		ret = reader_start(reader, entry, "outblob");
	return ret ? ret : host_throttles(busy);
}

/* A message that the host has seen, and whose sender is gone. */
static __maybe_unused int message_abandon(const struct entry *entry)
{
	struct reader reader = { 0 };
	int ret;

	ret = reader_start_throttled(&reader, entry);
	if (!ret && !reader_dies(&reader, SIGKILL))
		ret = -ECHILD;
	if (!ret)
		ret = emu_set("snp_busy", "0");
	if (reader.result)
		reader_free(&reader);
	return ret;
}

/* The firmware itself looks for it: one IV, two messages. */
#define EXPECT_NO_IV_REUSE()						\
	EXPECT_EQ(0, emu_stat("stat_snp_iv_reuse"))

#endif /* SELFTESTS_SNP_EMU_H */
