// SPDX-License-Identifier: GPL-2.0-only
/* The probe's hands: TDCALL in every form, and the emulator's knobs. */

#include <crypto/hash.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "probe.h"

#define KNOBS	"/sys/module/tsm_emu/parameters/"

u8 *probe_ram;
static struct crypto_shash *sha384;

int probe_guest_init(void)
{
	sha384 = crypto_alloc_shash("sha384", 0, 0);
	if (IS_ERR(sha384))
		return PTR_ERR(sha384);
	probe_ram = alloc_pages_exact(RAM_PAGES * PAGE_SIZE, GFP_KERNEL);
	if (!probe_ram) {
		crypto_free_shash(sha384);
		return -ENOMEM;
	}
	return 0;
}

void probe_guest_exit(void)
{
	free_pages_exact(probe_ram, RAM_PAGES * PAGE_SIZE);
	crypto_free_shash(sha384);
}

/* [ABI] TDCALL: 66 0F 01 CC, all that it takes and gives in registers */
void probe_tdcall(u64 regs[NR_REGS])
{
	register u64 r8 asm("r8") = regs[R8];
	register u64 r9 asm("r9") = regs[R9];
	register u64 r10 asm("r10") = regs[R10];
	register u64 r11 asm("r11") = regs[R11];
	register u64 r12 asm("r12") = regs[R12];
	register u64 r13 asm("r13") = regs[R13];
	register u64 r14 asm("r14") = regs[R14];
	register u64 r15 asm("r15") = regs[R15];

	asm volatile(".byte 0x66, 0x0f, 0x01, 0xcc"
		     : "+a" (regs[RAX]), "+c" (regs[RCX]), "+d" (regs[RDX]),
		       "+r" (r8), "+r" (r9), "+r" (r10), "+r" (r11),
		       "+r" (r12), "+r" (r13), "+r" (r14), "+r" (r15)
		     : : "memory");
	regs[R8] = r8;
	regs[R9] = r9;
	regs[R10] = r10;
	regs[R11] = r11;
	regs[R12] = r12;
	regs[R13] = r13;
	regs[R14] = r14;
	regs[R15] = r15;
}

/* A TDCALL whose only output is RAX: it leaves all other registers alone. */
u64 probe_leaf(u64 rax, u64 rcx, u64 rdx, u64 r8)
{
	u64 regs[NR_REGS] = {
		[RAX] = rax, [RCX] = rcx, [RDX] = rdx, [R8] = r8,
		[R9] = 9, [R10] = 10, [R11] = 11, [R12] = 12, [R13] = 13,
		[R14] = 14, [R15] = 15,
	};
	u64 before[NR_REGS];

	memcpy(before, regs, sizeof(regs));
	probe_tdcall(regs);
	for (unsigned int i = RCX; i < NR_REGS; i++)
		EXPECT_EQ(before[i], regs[i]);
	return regs[RAX];
}

/**
 * probe_vmcall - [ABI] TDG.VP.VMCALL: the host changes no register it is not shown
 * @regs: RCX, the mask, and R10 to R15; holds the outputs afterwards
 */
void probe_vmcall(u64 regs[NR_REGS])
{
	u64 mask = regs[RCX], before[NR_REGS];

	memcpy(before, regs, NR_REGS * sizeof(*regs));
	regs[RAX] = VP_VMCALL;
	probe_tdcall(regs);
	for (unsigned int i = RCX; i < NR_REGS; i++)
		if (!(mask & BIT(i)))
			EXPECT_EQ(before[i], regs[i]);
}

/**
 * probe_report - a TDREPORT
 * @tag: each byte of its REPORTDATA
 *
 * Return: 1024 bytes, the probe's until the next one is made.
 */
const u8 *probe_report(u8 tag)
{
	u8 *data = probe_ram + PRIVATE, *report = probe_ram + TDREPORT;

	memset(data, tag, REPORTDATA_LEN);
	memset(report, 0xee, TDREPORT_LEN);
	EXPECT_EQ(0, probe_leaf(MR_REPORT, virt_to_phys(report),
				virt_to_phys(data), 0));
	return report;
}

static struct file *open_knob(const char *knob, int flags)
{
	char path[80];

	snprintf(path, sizeof(path), KNOBS "%s", knob);
	return filp_open(path, flags, 0);
}

/* Return: 0, or the errno of what user space would have tried. */
int probe_set(const char *knob, const char *value)
{
	struct file *file = open_knob(knob, O_WRONLY);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_write(file, value, strlen(value), &pos);
	filp_close(file, NULL);
	return min_t(ssize_t, len, 0);
}

/* Return: length of the line without its end, or an errno. */
int probe_get(const char *knob, char *text, size_t size)
{
	struct file *file = open_knob(knob, O_RDONLY);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read(file, text, size - 1, &pos);
	filp_close(file, NULL);
	if (len < 0)
		return len;
	text[len] = '\0';
	return strlen(strim(text));
}

/* Return: a counter, which is never negative, or an errno. */
long probe_stat(const char *name)
{
	char text[32];
	long value;
	int ret = probe_get(name, text, sizeof(text));

	if (ret < 0)
		return ret;
	ret = kstrtol(text, 10, &value);
	return ret ? ret : value;
}

void probe_sha384(const void *data, unsigned int len, u8 digest[48])
{
	EXPECT_EQ(0, crypto_shash_tfm_digest(sha384, data, len, digest));
}
