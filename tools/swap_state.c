// SPDX-License-Identifier: MIT
/*
 * What must outlive a run: which of the kernel's modules it unloaded, with which
 * parameters they had been loaded, and where our module came from. The same file
 * is the lock that lets one run go on at a time.
 *
 * Lines are "MODULE PARAMETERS", and "tsm_guest FILE". They are written before
 * the first module goes, so that a run that was killed can be mended by the next
 * one, and read by the unload that brings the kernel's driver back. A restart of
 * the guest, after which nothing of it is true, takes the file with it.
 */
#include "swap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STATE_FILE	"/run/tsmctl.state"

/* A lock of fcntl(2): helper processes do not inherit it, and it has a PID. */
static int lock(struct swap *swap)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct flock other = lock;

	if (!fcntl(swap->state_fd, F_SETLK, &lock))
		return DONE;
	if (!fcntl(swap->state_fd, F_GETLK, &other) &&
	    other.l_type != F_UNLCK)
		complain("waiting for process %d, which is swapping drivers, too",
			 other.l_pid);
	while (fcntl(swap->state_fd, F_SETLKW, &lock))
		if (errno != EINTR)
			return swap_fail(swap, STATE_FILE ": %s",
					 strerror(errno));
	return DONE;
}

/* What is loaded now is asked itself. */
static void remember(struct swap *swap, const char *name, const char *rest)
{
	struct intree *m;

	if (!strcmp(name, OURS))
		snprintf(swap->from, sizeof(swap->from), "%s", rest);
	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++) {
		if (strcmp(name, m->name) || m->state.loaded)
			continue;
		m->unloaded = true;
		snprintf(m->parameters, sizeof(m->parameters), "%s", rest);
	}
}

void state_read(struct swap *swap)
{
	char text[4096], *line, *save, *rest;
	ssize_t n = swap->state_fd < 0 ? 0 :
		    pread(swap->state_fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		rest = strchr(line, ' ');
		if (!rest)
			continue;
		*rest++ = '\0';
		remember(swap, line, rest);
	}
}

int state_open(struct swap *swap)
{
	if (swap->dry_run)
		return DONE;
	swap->state_fd = open(STATE_FILE, O_RDWR | O_CREAT | O_CLOEXEC |
			      O_NOFOLLOW, 0600);
	/* without /run, as early as that, there is nobody to meet */
	if (swap->state_fd < 0 && errno == ENOENT)
		return DONE;
	if (swap->state_fd < 0)
		return swap_fail(swap, STATE_FILE ": %s", strerror(errno));
	return lock(swap);
}

/* A file that cannot be written costs parameters after a kill, no more. */
static void write_state(struct swap *swap, const char *text)
{
	const size_t len = strlen(text);

	if (swap->state_fd < 0 || swap->dry_run)
		return;
	if (ftruncate(swap->state_fd, 0) ||
	    pwrite(swap->state_fd, text, len, 0) != (ssize_t)len)
		complain(STATE_FILE ": %s", strerror(errno));
}

void state_write(struct swap *swap, const char *file)
{
	char text[4096] = "";
	const struct intree *m;
	size_t used = 0;

	for (m = swap->intree; m < swap->intree + INTREE_MAX; m++)
		if (m->state.loaded || m->unloaded)
			used += (size_t)snprintf(text + used,
						 sizeof(text) - used, "%s %s\n",
						 m->name, m->parameters);
	snprintf(text + used, sizeof(text) - used, OURS " %s\n", file);
	write_state(swap, text);
}

void state_clear(struct swap *swap)
{
	write_state(swap, "");
}
