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
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS	1000

/* Where the helper has its files. */
enum { LINK_FD = STDERR_FILENO + 1, DIR_FD };

static const char host_progress[] =
"tsmctl: waiting for the host's answer; Ctrl-C gives up\n";

/* @fd as number @to, which nothing of importance may have by now. */
static bool move(int fd, int to)
{
	return fd >= 0 && dup2(fd, to) == to;
}

/* Our parent's files must not stay open: the last close() commits an inblob,
 * and whoever reads our parent's output waits for its end. */
static bool keep_only(int fd, int dir)
{
	/* where standard files are missing, ours may have their numbers */
	const int link = fcntl(fd, F_DUPFD_CLOEXEC, DIR_FD + 1);
	const int kept = dir < 0 ? -1 :
			 fcntl(dir, F_DUPFD_CLOEXEC, DIR_FD + 1);
	const int null = open("/dev/null", O_RDWR);

	if (!move(null, STDIN_FILENO) || !move(null, STDOUT_FILENO) ||
	    !move(link, LINK_FD) || (dir >= 0 && !move(kept, DIR_FD)))
		return false;
	if (!isatty(STDERR_FILENO))
		dup2(null, STDERR_FILENO);
	close_range(dir < 0 ? DIR_FD : DIR_FD + 1, ~0U, 0);
	return true;
}

static void clean_up(const struct watch_task *task)
{
	if (task->remove)
		rmdir(task->remove);
	if (task->restore >= 0)
		tsm_rtmr_restore(DIR_FD, task->event_type);
}

static void helper(int fd, const struct watch_task *task)
{
	struct pollfd link = { .fd = LINK_FD };
	char byte;
	ssize_t n;

	/* not the terminal's: Ctrl-C is for the request */
	setsid();
	prctl(PR_SET_NAME, "tsmctl-watch");
	if (keep_only(fd, task->restore)) {
		if (poll(&link, 1, PATIENCE_MS) == 0 && task->progress &&
		    isatty(STDERR_FILENO)) {
			n = write(STDERR_FILENO, task->progress,
				  strlen(task->progress));
			(void)n;
		}
		while (read(LINK_FD, &byte, 1) < 0 && errno == EINTR)
			;
		clean_up(task);
	}
	_exit(0);
}

static int start(struct watch *watch, const struct watch_task *task)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	watch->pid = fork();
	if (watch->pid == 0) {
		close(ends[1]);
		helper(ends[0], task);
	}
	close(ends[0]);
	watch->fd = ends[1];
	if (watch->pid < 0) {
		close(ends[1]);
		return -EAGAIN;
	}
	return 0;
}

int watch_start(struct watch *watch, const struct watch_task *task,
		struct tsm_error *err)
{
	sigset_t all, old;
	int ret;

	/* the helper inherits the mask and so ignores all that it can */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	ret = start(watch, task);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (ret)
		snprintf(err->text, sizeof(err->text), "helper process: %s",
			 strerror(-ret));
	return ret;
}

void watch_end(struct watch *watch)
{
	close(watch->fd);
	while (waitpid(watch->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int watch_entry(struct tsm_entry *entry, struct watch *watch,
		struct tsm_error *err)
{
	char name[64], path[sizeof(entry->path)];
	const struct watch_task task = {
		.remove = path,
		.restore = -1,
		.progress = host_progress,
	};
	int ret;

	entry_name(name, sizeof(name));
	snprintf(path, sizeof(path), "%s/%s", TSM_REPORT_ROOT, name);
	ret = watch_start(watch, &task, err);
	if (ret)
		return ret;
	/* no earlier: SIGKILL must not hit between the item and its helper */
	ret = tsm_entry_create(entry, TSM_REPORT_ROOT, name, err);
	if (ret) {
		/* if there is an item of that name, it is not ours to remove */
		kill(watch->pid, SIGKILL);
		watch_end(watch);
	}
	return ret;
}

void unwatch_entry(struct tsm_entry *entry, struct watch *watch)
{
	struct tsm_error err;

	if (tsm_entry_remove(entry, &err))
		complain("%s", err.text);
	watch_end(watch);
}
