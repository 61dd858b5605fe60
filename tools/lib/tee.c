// SPDX-License-Identifier: MIT
/*
 * Which TEE this is a guest of, from several sources.
 *
 * The kernel's word comes first: a driver binds to what the kernel believes, and
 * to nothing else. Then the CPU's, which tells a TEE that the kernel was not
 * built for. What Hyper-V says of itself comes last; nothing else tells of a TEE
 * that a paravisor keeps to itself.
 *
 * None of it proves anything: the host of an ordinary VM answers CPUID and MSRs,
 * too. It is for people, and for the choice of a driver; evidence is what proves.
 */
#include "system_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* The flags of the first CPU stand in the first page or two. */
#define CPUINFO_MAX	(64u << 10)

/* Linux, Documentation/admin-guide/devices.txt */
#define MSR_DEVICE	makedev(202, 0)
#define CPUID_DEVICE	makedev(203, 0)

/* CPUID leaves; that there is a hypervisor, AMD's bit for SEV */
#define LEAF_FEATURES	1
#define LEAF_TDX	0x21
#define LEAF_SEV	0x8000001f
#define HYPERVISOR	(1u << 31)
#define SEV		(1u << 1)

/* Hyper-V's leaves: the highest, and what kind of isolation there is. TLFS 2.4 */
#define LEAF_HYPERV		0x40000000
#define LEAF_HYPERV_FEATURES	0x40000003
#define LEAF_HYPERV_ISOLATION	0x4000000c
#define HYPERV_ISOLATION	(1u << 22)
#define HYPERV_PARAVISOR	(1u << 0)
#define ISOLATION_TYPE		0xfu
#define ISOLATION_SNP		2
#define ISOLATION_TDX		3

/* AMD APM 2, 15.34.10 */
#define MSR_SEV_STATUS	0xc0010131
#define STATUS_SNP	(1u << 2)

enum { EAX, EBX, ECX, EDX };

/* The files in which the kernel tells of a TEE. Drivers make the misc devices
 * where there is this TEE only. */
static const struct {
	enum tsm_tee tee;
	const char *name;
	const char *path;
} kernel_files[] = {
	{ TSM_TEE_TDX, "misc device tdx_guest", "sys/class/misc/tdx_guest" },
	{ TSM_TEE_SNP, "platform device sev-guest",
	  "sys/devices/platform/sev-guest" },
	{ TSM_TEE_SNP, "misc device sev-guest", "sys/class/misc/sev-guest" },
	{ TSM_TEE_SNP, "/sys/devices/system/cpu/sev/vmpl",
	  "sys/devices/system/cpu/sev/vmpl" },
};

static bool cpu_has(const struct root *root, const char *flag)
{
	char *text = root_text(root, "proc/cpuinfo", CPUINFO_MAX), *line, *save;
	bool found = false;

	line = text ? strstr(text, "\nflags") : NULL;
	if (line) {
		line[strcspn(line + 1, "\n") + 1] = '\0';
		for (line = strtok_r(line, " \t:", &save); line && !found;
		     line = strtok_r(NULL, " \t:", &save))
			found = !strcmp(line, flag);
	}
	free(text);
	return found;
}

/* A record of a device like /dev/cpu/0/cpuid: its position is a number. Records
 * would overlap in a file, where that is multiplied by the record's size. */
static bool record(const struct root *root, const char *path, dev_t device,
		   uint32_t number, void *out, size_t size)
{
	int fd = root_open(root, path, device);
	off_t at = (off_t)number;
	ssize_t n;

	if (fd < 0)
		return false;
	if (!fd_is_device(fd))
		at *= (off_t)size;
	n = pread(fd, out, size, at);
	close(fd);
	return n == (ssize_t)size;
}

/* What this CPU answers; elsewhere, what is recorded of it. */
static bool cpuid_raw(const struct root *root, uint32_t leaf, uint32_t reg[4])
{
	memset(reg, 0, 4 * sizeof(*reg));
	if (root->confined)
		return record(root, "dev/cpu/0/cpuid", CPUID_DEVICE, leaf, reg,
			      4 * sizeof(*reg));
#if defined(__x86_64__) || defined(__i386__)
	__cpuid_count(leaf, 0, reg[EAX], reg[EBX], reg[ECX], reg[EDX]);
	return true;
#else
	return false;
#endif
}

/* The first leaf of each range has the number of its last one; what a CPU says
 * of leaves beyond that means nothing. */
static enum tsm_answer cpuid(const struct root *root, uint32_t leaf,
			     uint32_t reg[4])
{
	if (!cpuid_raw(root, leaf & 0xf0000000, reg))
		return TSM_ANSWER_UNKNOWN;
	if (reg[EAX] < leaf)
		return TSM_ANSWER_NO;
	return cpuid_raw(root, leaf, reg) ? TSM_ANSWER_YES : TSM_ANSWER_UNKNOWN;
}

static enum tsm_answer yes_if(bool yes)
{
	return yes ? TSM_ANSWER_YES : TSM_ANSWER_NO;
}

static enum tsm_answer cpuid_tdx(const struct root *root)
{
	uint32_t reg[4];
	const enum tsm_answer known = cpuid(root, LEAF_TDX, reg);

	if (known != TSM_ANSWER_YES)
		return known;
	return yes_if(!memcmp(&reg[EBX], "Inte", 4) &&
		      !memcmp(&reg[EDX], "lTDX", 4) &&
		      !memcmp(&reg[ECX], "    ", 4));
}

/* SEV itself proves nothing, for the host has it, too. */
static enum tsm_answer cpuid_snp(const struct root *root)
{
	uint32_t reg[4];
	const enum tsm_answer known = cpuid(root, LEAF_SEV, reg);

	return known == TSM_ANSWER_YES && reg[EAX] & SEV ? TSM_ANSWER_UNKNOWN :
	       known == TSM_ANSWER_YES ? TSM_ANSWER_NO : known;
}

static enum tsm_answer msr_snp(const struct root *root)
{
	uint64_t value;

	if (!record(root, "dev/cpu/0/msr", MSR_DEVICE, MSR_SEV_STATUS, &value,
		    sizeof(value)))
		return TSM_ANSWER_UNKNOWN;
	return yes_if(value & STATUS_SNP);
}

/* Return: whether there is isolation by a TEE; @tee is which, @paravisor whether
 * the guest runs on top of one. */
static enum tsm_answer hyperv(const struct root *root, enum tsm_tee *tee,
			      bool *paravisor)
{
	uint32_t reg[4];
	enum tsm_answer known = cpuid(root, LEAF_FEATURES, reg);

	*tee = TSM_TEE_NONE;
	*paravisor = false;
	if (known != TSM_ANSWER_YES)
		return known;
	if (!(reg[ECX] & HYPERVISOR) || !cpuid_raw(root, LEAF_HYPERV, reg) ||
	    memcmp(&reg[EBX], "Microsoft Hv", 12) ||
	    reg[EAX] < LEAF_HYPERV_ISOLATION)
		return TSM_ANSWER_NO;
	if (!cpuid_raw(root, LEAF_HYPERV_FEATURES, reg) ||
	    !(reg[EBX] & HYPERV_ISOLATION) ||
	    !cpuid_raw(root, LEAF_HYPERV_ISOLATION, reg))
		return TSM_ANSWER_NO;
	*paravisor = reg[EAX] & HYPERV_PARAVISOR;
	if ((reg[EBX] & ISOLATION_TYPE) == ISOLATION_SNP)
		*tee = TSM_TEE_SNP;
	else if ((reg[EBX] & ISOLATION_TYPE) == ISOLATION_TDX)
		*tee = TSM_TEE_TDX;
	return yes_if(*tee != TSM_TEE_NONE);
}

static void add(struct tsm_tee_view *view, const char *name, enum tsm_tee tee,
		enum tsm_answer answer)
{
	struct tsm_tee_source *source = &view->source[view->sources++];

	source->name = name;
	source->tee = tee;
	source->answer = answer;
}

static void ask_kernel(const struct root *root, struct tsm_tee_view *view)
{
	size_t i;

	add(view, "tdx_guest in /proc/cpuinfo", TSM_TEE_TDX,
	    yes_if(cpu_has(root, "tdx_guest")));
	for (i = 0; i < sizeof(kernel_files) / sizeof(kernel_files[0]); i++)
		add(view, kernel_files[i].name, kernel_files[i].tee,
		    yes_if(root_exists(root, kernel_files[i].path)));
}

/* The first that says so. */
static const struct tsm_tee_source *first(const struct tsm_tee_view *view)
{
	size_t i;

	for (i = 0; i < view->sources; i++) {
		if (view->source[i].answer == TSM_ANSWER_YES)
			return &view->source[i];
	}
	return NULL;
}

/* A CPU that has no SEV, or does not show it, is not asked for the MSR. */
static void ask_cpu(const struct root *root, struct tsm_tee_view *view)
{
	const enum tsm_answer sev = cpuid_snp(root);

	add(view, "CPUID leaf 0x21", TSM_TEE_TDX, cpuid_tdx(root));
	add(view, "CPUID leaf 0x8000001f", TSM_TEE_SNP, sev);
	add(view, "MSR SEV_STATUS", TSM_TEE_SNP,
	    sev == TSM_ANSWER_NO ? TSM_ANSWER_UNKNOWN : msr_snp(root));
}

void tee_probe(const struct root *root, struct tsm_system *sys)
{
	struct tsm_tee_view *view = &sys->view;
	const struct tsm_tee_source *why;
	enum tsm_tee hyperv_tee;
	enum tsm_answer answer;
	bool paravisor;

	view->vtpm = root_exists(root, "dev/tpm0") ||
		     root_exists(root, "sys/class/tpm/tpm0");
	ask_kernel(root, view);
	view->kernel_sources = view->sources;
	view->kernel_knows = first(view) != NULL;
	ask_cpu(root, view);
	answer = hyperv(root, &hyperv_tee, &paravisor);
	add(view, "Hyper-V isolation", hyperv_tee, answer);
	why = first(view);
	if (why && paravisor && !view->kernel_knows) {
		view->hidden = hyperv_tee;
		return;
	}
	sys->tee = why ? why->tee : TSM_TEE_NONE;
	sys->tee_why = why ? why->name : NULL;
}
