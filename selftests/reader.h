/* SPDX-License-Identifier: MIT */
/*
 * Readers in processes of their own: they can be started, watched, killed and
 * asked afterwards what they got.
 */
#ifndef SELFTESTS_READER_H
#define SELFTESTS_READER_H

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "emu.h"
#include "quote.h"

/* Shared with the child; @ret is the number of bytes or a negative errno. */
struct reader_result {
	ssize_t ret;
	uint8_t data[BLOB_MAX];
};

struct reader {
	pid_t pid;		/* 0 once it was waited for */
	struct reader_result *result;
};

#define READER_UNFINISHED	(-EINPROGRESS)

static __maybe_unused int reader_start(struct reader *reader,
				       const struct entry *entry,
				       const char *attr)
{
	struct reader_result *result;

	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (result == MAP_FAILED)
		return -errno;
	result->ret = READER_UNFINISHED;
	reader->result = result;
	reader->pid = fork();
	if (reader->pid < 0)
		return -errno;
	if (reader->pid)
		return 0;

	/* A failed assertion in the parent must not leave a reader behind. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	result->ret = entry_read(entry, attr, result->data, BLOB_MAX);
	_exit(0);
}

/* True if the reader has come back, without waiting for it. */
static __maybe_unused bool reader_is_done(const struct reader *reader)
{
	siginfo_t info = { 0 };

	if (!reader->pid)
		return true;
	if (waitid(P_PID, reader->pid, &info, WEXITED | WNOHANG | WNOWAIT))
		return true;
	return info.si_pid == reader->pid;
}

static __maybe_unused bool reader_comes_back(const struct reader *reader)
{
	time_t end = time(NULL) + PATIENCE_S;

	while (!reader_is_done(reader)) {
		if (time(NULL) > end)
			return false;
		nap();
	}
	return true;
}

/* What the reader got: bytes, or a negative errno; may be asked again. */
static __maybe_unused ssize_t reader_finish(struct reader *reader)
{
	int status;

	if (!reader->pid)
		return reader->result->ret;
	if (!reader_comes_back(reader))
		kill(reader->pid, SIGKILL);
	if (waitpid(reader->pid, &status, 0) != reader->pid)
		return -ECHILD;
	reader->pid = 0;
	return reader->result->ret;
}

/* True if the reader was killed and went, whatever the host does. */
static __maybe_unused bool reader_dies(struct reader *reader, int signal)
{
	int status;

	if (kill(reader->pid, signal) || !reader_comes_back(reader))
		return false;
	if (waitpid(reader->pid, &status, 0) != reader->pid)
		return false;
	reader->pid = 0;
	return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

/* A reader whose request the host swallows; 0 once the host has it. */
static __maybe_unused int reader_start_swallowed(struct reader *reader,
						 const struct entry *entry)
{
	const long inflight = emu_stat("stat_inflight");
	int ret;

	ret = emu_set("quote_never", "1");
	if (!ret)
		ret = reader_start(reader, entry, "outblob");
	if (ret)
		return ret;
	return emu_reaches("stat_inflight", inflight + 1) ? 0 : -ETIMEDOUT;
}

/* A request that the host has and nobody waits for any more. */
static __maybe_unused int request_abandon(const struct entry *entry)
{
	struct reader reader = { 0 };
	int ret;

	ret = reader_start_swallowed(&reader, entry);
	if (ret)
		return ret;
	return reader_dies(&reader, SIGKILL) ? 0 : -ECHILD;
}

static __maybe_unused const char *reader_check(struct reader *reader,
					       const uint8_t *nonce)
{
	static char text[64];
	ssize_t ret = reader_finish(reader);

	if (ret < 0) {
		snprintf(text, sizeof(text), "read failed: %s",
			 strerror(-ret));
		return text;
	}
	return quote_check(reader->result->data, ret, nonce);
}

static __maybe_unused void reader_free(struct reader *reader)
{
	munmap(reader->result, sizeof(*reader->result));
	reader->result = NULL;
}

/* True once the process sleeps in the kernel: it waits for something. */
static __maybe_unused bool reader_sleeps(const struct reader *reader)
{
	time_t end = time(NULL) + PATIENCE_S;
	char path[64], text[1024], state = '?';
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", reader->pid);
	while (time(NULL) <= end) {
		len = file_read(path, text, sizeof(text) - 1);
		if (len < 0)
			return false;
		text[len] = '\0';
		if (sscanf(text, "%*d (%*[^)]) %c", &state) != 1)
			return false;
		if (state == 'S' || state == 'D')
			return true;
		nap();
	}
	return false;
}

/* Clock ticks that the process has spent in the kernel, or -1. */
static __maybe_unused long reader_kernel_ticks(const struct reader *reader)
{
	char path[64], text[1024];
	ssize_t len;
	long ticks;

	snprintf(path, sizeof(path), "/proc/%d/stat", reader->pid);
	len = file_read(path, text, sizeof(text) - 1);
	if (len < 0)
		return -1;
	text[len] = '\0';
	/* stime is field 15; the name, field 2, is in parentheses */
	if (sscanf(text, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u "
		   "%*u %*u %*u %ld", &ticks) != 1)
		return -1;
	return ticks;
}

#endif /* SELFTESTS_READER_H */
