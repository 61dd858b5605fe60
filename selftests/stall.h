/* SPDX-License-Identifier: MIT */
/*
 * Memory that faults for as long as a test likes: a system call that touches it
 * stands still there.
 */
#ifndef SELFTESTS_STALL_H
#define SELFTESTS_STALL_H

#include <linux/userfaultfd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Two pages; the first touch of the second never returns, until it is told. */
static inline uint8_t *half_a_mapping(int uffd, size_t page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.mode = UFFDIO_REGISTER_MODE_MISSING,
		.range.len = page,
	};
	uint8_t *map;

	map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return NULL;
	range.range.start = (unsigned long)map + page;
	if (ioctl(uffd, UFFDIO_API, &api) ||
	    ioctl(uffd, UFFDIO_REGISTER, &range))
		return NULL;
	return map;
}

/* True once somebody stands still there. */
static inline bool somebody_stalls(int uffd)
{
	struct uffd_msg fault;

	return read(uffd, &fault, sizeof(fault)) == sizeof(fault) &&
	       fault.event == UFFD_EVENT_PAGEFAULT;
}

#endif /* SELFTESTS_STALL_H */
