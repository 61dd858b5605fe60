// SPDX-License-Identifier: MIT
/*
 * A helper process that outlives a request by just long enough to clean up.
 *
 * While the kernel waits for the host, only fatal signals end the wait: a
 * process that caught them in order to remove its report item could not be
 * interrupted at all, nor could it print progress. So the request runs with
 * default signals, and a child that ignores them removes the item when it sees
 * its pipe closed, whatever closed it.
 */
#include "tsmctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS	1000

static const char progress[] =
"tsmctl: waiting for the host's answer; Ctrl-C gives up\n";

/* Our parent's files must not stay open: the last close() commits an inblob,
 * and whoever reads our parent's output waits for its end. */
static int keep_only(int fd)
{
	/* where standard files are missing, the pipe may have their numbers */
	const int link = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	const int null = open("/dev/null", O_RDWR);

	if (link < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(link, 3) < 0)
		return -1;
	if (!isatty(STDERR_FILENO))
		dup2(null, STDERR_FILENO);
	close_range(4, ~0U, 0);
	return 3;
}

static void helper(int fd, const char *path)
{
	struct pollfd link = { .events = 0 };
	char byte;
	ssize_t n;

	/* not the terminal's: Ctrl-C is for the request */
	setsid();
	prctl(PR_SET_NAME, "tsmctl-watch");
	link.fd = keep_only(fd);
	if (link.fd >= 0) {
		if (poll(&link, 1, PATIENCE_MS) == 0 && isatty(STDERR_FILENO)) {
			n = write(STDERR_FILENO, progress,
				  sizeof(progress) - 1);
			(void)n;
		}
		while (read(link.fd, &byte, 1) < 0 && errno == EINTR)
			;
		rmdir(path);
	}
	_exit(0);
}

static int start(struct watch *watch, const char *path)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	watch->pid = fork();
	if (watch->pid == 0) {
		close(ends[1]);
		helper(ends[0], path);
	}
	close(ends[0]);
	watch->fd = ends[1];
	if (watch->pid < 0) {
		close(ends[1]);
		return -EAGAIN;
	}
	return 0;
}

static void end(struct watch *watch)
{
	close(watch->fd);
	while (waitpid(watch->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int watch_entry(struct tsm_entry *entry, struct watch *watch,
		struct tsm_error *err)
{
	char name[64], path[sizeof(entry->path)];
	sigset_t all, old;
	int ret;

	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", TSM_REPORT_ROOT, name);
	/* the helper inherits the mask and so ignores all that it can */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	ret = start(watch, path);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (ret) {
		snprintf(err->text, sizeof(err->text), "helper process: %s",
			 strerror(-ret));
		return ret;
	}
	/* no earlier: SIGKILL must not hit between the item and its helper */
	ret = tsm_entry_create(entry, TSM_REPORT_ROOT, name, err);
	if (ret) {
		/* if there is an item of that name, it is not ours to remove */
		kill(watch->pid, SIGKILL);
		end(watch);
	}
	return ret;
}

void unwatch_entry(struct tsm_entry *entry, struct watch *watch)
{
	struct tsm_error err;

	if (tsm_entry_remove(entry, &err))
		complain("%s", err.text);
	end(watch);
}
