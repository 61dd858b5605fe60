// SPDX-License-Identifier: MIT
/*
 * The part of a test VM's PID 1 that runs the command and relays its output.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

/* One stream of the command, on its way from a pipe to a port. */
struct stream {
	int from;
	int to;
};

/* What has ended, of the processes that matter. */
struct ends {
	pid_t command;
	pid_t emud;
	bool command_ended;
	bool emud_ended;
	int command_status;
	int emud_status;
};

/* Passes on at most @max bytes; how many it was, or 0 at the end of file. */
static size_t relay(const struct stream *stream, size_t max)
{
	static char data[1 << 16];
	ssize_t n;

	if (max > sizeof(data))
		max = sizeof(data);
	do {
		n = read(stream->from, data, max);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return 0;
	if (write_all(stream->to, data, n))
		verdict("fail output port: %s", strerror(errno));
	return n;
}

/*
 * Reaps what has ended, orphans included. @err is the port: the pipe may be
 * full, and nobody but us would empty it.
 */
static void reap(struct ends *ends, int err)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == ends->command) {
			ends->command_ended = true;
			ends->command_status = status;
		} else if (pid == ends->emud) {
			ends->emud_ended = true;
			ends->emud_status = status;
			dprintf(err, "init: tsm-emud ended (wait status 0x%x)\n",
				status);
		}
	}
}

static void make_stream(struct stream *stream, int *end, const char *port)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		verdict("fail pipe: %s", strerror(errno));
	*end = ends[1];
	stream->from = ends[0];
	stream->to = wait_for_port(port);
}

/*
 * What the command wrote is all in the pipes by now. What it left running may
 * hold them open, or go on writing for ever: neither is waited for.
 */
static void drain(const struct stream streams[2])
{
	size_t n;
	int i, left;

	for (i = 0; i < 2; i++) {
		if (ioctl(streams[i].from, FIONREAD, &left))
			verdict("fail FIONREAD: %s", strerror(errno));
		while (left > 0 && (n = relay(&streams[i], left)))
			left -= n;
	}
}

static int watch_children(void)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void follow(const struct stream streams[2], struct ends *ends)
{
	const int err = streams[1].to;
	struct signalfd_siginfo info;
	struct pollfd fds[3];
	int i;

	fds[2].fd = watch_children();
	for (i = 0; i < 2; i++)
		fds[i].fd = streams[i].from;
	for (i = 0; i < 3; i++)
		fds[i].events = POLLIN;

	/* It may have ended before its signal was blocked. */
	for (reap(ends, err); !ends->command_ended; reap(ends, err)) {
		poll(fds, 3, -1);
		for (i = 0; i < 2; i++)
			if (fds[i].revents && !relay(&streams[i], SIZE_MAX))
				fds[i].fd = -1;
		while (read(fds[2].fd, &info, sizeof(info)) > 0)
			;
	}
}

bool run_command(int *status, pid_t emud, int *emud_status)
{
	static const char *const argv[] = { "/bin/sh", "/tsm/command", NULL };
	struct ends ends = { .emud = emud };
	struct stream streams[2];
	int out, err;

	make_stream(&streams[0], &out, "tsm.out");
	make_stream(&streams[1], &err, "tsm.err");
	ends.command = spawn(argv, out, err);
	close(out);
	close(err);
	follow(streams, &ends);
	drain(streams);
	reap(&ends, streams[1].to);
	*status = ends.command_status;
	*emud_status = ends.emud_status;
	return ends.emud_ended;
}
