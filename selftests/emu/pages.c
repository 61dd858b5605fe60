// SPDX-License-Identifier: GPL-2.0-only
/* Which pages the guest shares with the host, learnt from its own conversions. */

#include <linux/bitmap.h>
#include <linux/io.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include "emu.h"

/*
 * One bit for each page frame, set while the host can see it. Atomic bit
 * operations alone: it is read in exceptions, in kprobes and whenever the
 * kernel frees a page.
 */
static unsigned long *shared;
static unsigned long nr_pfns;

/* Pages given back to the allocator while shared: still open to a real host. */
static atomic_long_t freed_shared;

static unsigned long last_pfn(void)
{
	unsigned long last = 0;
	int nid;

	for_each_online_node(nid)
		last = max(last, node_end_pfn(nid));
	return last;
}

/**
 * emu_gpa_is_ram - whether a range of guest physical memory is all there
 * @gpa: without the shared bit
 * @size: of the range, in bytes
 *
 * The guest chose both: neither is trusted, and their sum may overflow.
 */
bool emu_gpa_is_ram(u64 gpa, u64 size)
{
	u64 pfn = gpa >> PAGE_SHIFT, end;

	if (!size || check_add_overflow(gpa, size - 1, &end))
		return false;
	for (end >>= PAGE_SHIFT; pfn <= end; pfn++)
		if (pfn >= nr_pfns || !pfn_valid(pfn))
			return false;
	return true;
}

/**
 * emu_gpa_any_shared - whether the host can see any byte of a range
 * @gpa: of a range for which emu_gpa_is_ram() is true
 * @size: of it
 */
bool emu_gpa_any_shared(u64 gpa, u64 size)
{
	unsigned long pfn = gpa >> PAGE_SHIFT;
	unsigned long end = (gpa + size - 1) >> PAGE_SHIFT;

	return find_next_bit(shared, end + 1, pfn) <= end;
}

/**
 * emu_gpa_all_shared - whether the host can see every byte of a range
 * @gpa: of a range for which emu_gpa_is_ram() is true
 * @size: of it
 */
bool emu_gpa_all_shared(u64 gpa, u64 size)
{
	unsigned long pfn = gpa >> PAGE_SHIFT;
	unsigned long end = (gpa + size - 1) >> PAGE_SHIFT;

	return find_next_zero_bit(shared, end + 1, pfn) > end;
}

static void share(unsigned long pfn)
{
	if (pfn < nr_pfns && !test_and_set_bit(pfn, shared))
		atomic_long_inc(&emu_stat.shared_pages);
}

static void unshare(unsigned long pfn)
{
	if (pfn < nr_pfns && test_and_clear_bit(pfn, shared))
		atomic_long_dec(&emu_stat.shared_pages);
}

static unsigned long pfn_of(unsigned long addr)
{
	if (is_vmalloc_addr((void *)addr))
		return vmalloc_to_pfn((void *)addr);
	return PHYS_PFN(__pa(addr));
}

/* int set_memory_{de,en}crypted(unsigned long addr, int numpages) */
static unsigned long arg_addr(const struct pt_regs *regs)
{
	return regs->di;
}

static unsigned int arg_count(const struct pt_regs *regs)
{
	return max_t(int, regs->si, 0);
}

/* The host refused MapGPA: the function returns -EIO and changes nothing. */
static int refuse(struct pt_regs *regs)
{
	regs->ax = -EIO;
	regs->ip = (unsigned long)emu_just_return;
	return 1;
}

static void count(const struct pt_regs *regs)
{
	atomic_long_add(arg_count(regs), &emu_stat.conversions);
}

/* What the host still meant to write there it cannot any more. */
static void revoke(unsigned long pfn, const char *how)
{
	emu_quote_revoke(pfn, how);
	emu_snp_revoke(pfn);
}

static int on_decrypted(struct kprobe *kp, struct pt_regs *regs)
{
	if (emu_conversion_refused())
		return refuse(regs);
	count(regs);
	for (unsigned int i = 0; i < arg_count(regs); i++)
		share(pfn_of(arg_addr(regs) + i * PAGE_SIZE));
	return 0;
}

static int on_encrypted(struct kprobe *kp, struct pt_regs *regs)
{
	if (emu_conversion_refused())
		return refuse(regs);
	count(regs);
	for (unsigned int i = 0; i < arg_count(regs); i++) {
		unsigned long pfn = pfn_of(arg_addr(regs) + i * PAGE_SIZE);

		unshare(pfn);
		revoke(pfn, "made private");
	}
	return 0;
}

/*
 * A page that goes back to the allocator while the host can see it will hold
 * somebody's secret next. Runs for each page the kernel frees, hence the quick
 * way out.
 */
static void on_page_free(void *data, struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page), end = pfn + (1UL << order);

	if (!atomic_long_read(&emu_stat.shared_pages))
		return;
	end = min(end, nr_pfns);
	pfn = find_next_bit(shared, end, pfn);
	if (pfn >= end)
		return;
	emu_violation("pages: pfn 0x%lx freed while shared", pfn);
	for (; pfn < end; pfn = find_next_bit(shared, end, pfn)) {
		unshare(pfn);
		atomic_long_inc(&freed_shared);
		revoke(pfn, "freed");
	}
}

/*
 * Does nothing but be there: a probe that has one is not turned into a jump,
 * and a jump would ignore the address to which refuse() sends the caller.
 */
static void after(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probes[] = {
	{
		.symbol_name = "set_memory_decrypted",
		.pre_handler = on_decrypted,
		.post_handler = after,
	}, {
		.symbol_name = "set_memory_encrypted",
		.pre_handler = on_encrypted,
		.post_handler = after,
	},
};

static struct tracepoint *page_free;

static void find_page_free(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mm_page_free"))
		page_free = tp;
}

static int probe_one(struct kprobe *kp)
{
	int ret = register_kprobe(kp);

	if (ret)
		pr_err("tsm_emu: cannot probe %s: %d; the kernel needs CONFIG_KPROBES\n",
		       kp->symbol_name, ret);
	return ret;
}

static int probe_page_free(void)
{
	int ret;

	for_each_kernel_tracepoint(find_page_free, NULL);
	ret = page_free ? tracepoint_probe_register(page_free, on_page_free,
						    NULL) : -ENOENT;
	if (ret)
		pr_err("tsm_emu: cannot trace mm_page_free: %d; the kernel needs CONFIG_TRACEPOINTS\n",
		       ret);
	return ret;
}

/**
 * emu_pages_init - begins to watch conversions and frees
 *
 * What was shared before is not known, and counts as private.
 *
 * Return: 0, -ENOMEM, or after a line that says what the kernel lacks: -ENOENT
 * or the error of the probe.
 */
int emu_pages_init(void)
{
	int ret;

	nr_pfns = last_pfn();
	shared = vzalloc(BITS_TO_LONGS(nr_pfns) * sizeof(long));
	if (!shared)
		return -ENOMEM;
	ret = probe_page_free();
	if (ret)
		goto free_bitmap;
	ret = probe_one(&probes[0]);
	if (ret)
		goto forget_page_free;
	ret = probe_one(&probes[1]);
	if (ret)
		goto forget_decrypted;
	return 0;

forget_decrypted:
	unregister_kprobe(&probes[0]);
forget_page_free:
	tracepoint_probe_unregister(page_free, on_page_free, NULL);
	tracepoint_synchronize_unregister();
free_bitmap:
	vfree(shared);
	return ret;
}

/**
 * emu_pages_exit - stops to watch, and tells what the guest left shared
 */
void emu_pages_exit(void)
{
	long left;

	unregister_kprobe(&probes[1]);
	unregister_kprobe(&probes[0]);
	tracepoint_probe_unregister(page_free, on_page_free, NULL);
	tracepoint_synchronize_unregister();

	left = atomic_long_read(&emu_stat.shared_pages) +
	       atomic_long_read(&freed_shared);
	if (left)
		pr_warn("tsm_emu: %ld pages left shared\n", left);
	vfree(shared);
}
