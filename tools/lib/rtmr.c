// SPDX-License-Identifier: MIT
/*
 * Entries of configfs tsm/rtmrs, see uapi/linux/tsm-guest.h.
 *
 * An entry is shared by whoever wants its register, and whoever made it may
 * remove it at any time. So it is held by its directory, opened once: a file
 * that is missing below that is the end of the entry, and never the beginning
 * of another one of the same name.
 */
#include "rtmr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TRIES		1000
#define PAUSE_MAX_NS	2000000u

/* Who keeps to the protocol is done in a few ms. Any user may take the lock of
 * an entry, and it must not keep root from extending for ever. */
#define LOCK_SECONDS	30

/* As often as a new entry may be locked before we lock it. */
#define CATCHES		100

static int set_path(struct tsm_rtmr *rtmr, const char *root, const char *name,
		    struct tsm_error *err)
{
	int len = snprintf(rtmr->path, sizeof(rtmr->path), "%s/%s", root, name);

	if (len > 0 && (size_t)len < sizeof(rtmr->path))
		return 0;
	return tsm_error_set(err, -ENAMETOOLONG, "%s/%s: %s", root, name,
			     strerror(ENAMETOOLONG));
}

static int open_dir(struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	rtmr->dir = open(rtmr->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (rtmr->dir >= 0)
		return 0;
	return tsm_error_set(err, errno == ENOENT ? -EAGAIN : -errno, "%s: %s",
			     rtmr->path, strerror(errno));
}

static void close_dir(struct tsm_rtmr *rtmr)
{
	close(rtmr->dir);
	rtmr->dir = -1;
}

/* Those who lost the same race must not run the next one in step. */
static void pause_a_little(void)
{
	struct timespec nap = { .tv_nsec = 1000 };
	uint32_t random;

	if (getrandom(&random, sizeof(random), 0) == (ssize_t)sizeof(random))
		nap.tv_nsec = random % PAUSE_MAX_NS;
	nanosleep(&nap, NULL);
}

static time_t now(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Return: 0; -EWOULDBLOCK if somebody has it; else what flock() gave. */
static int try_lock(const struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	if (!flock(rtmr->dir, LOCK_EX | LOCK_NB))
		return 0;
	return tsm_error_set(err, -errno, "%s: flock: %s", rtmr->path,
			     strerror(errno));
}

static int lock(const struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	const time_t end = now() + LOCK_SECONDS;
	int ret;

	while ((ret = try_lock(rtmr, err)) == -EWOULDBLOCK) {
		/* the lock of what is removed is nothing to wait for */
		if (tsm_rtmr_gone(rtmr->dir))
			return -EAGAIN;
		if (now() > end)
			return tsm_error_set(err, -ETIMEDOUT,
					     "%s: another program has had its lock for %d seconds",
					     rtmr->path, LOCK_SECONDS);
		pause_a_little();
	}
	return ret;
}

/* Somebody's entry, which may be gone by the time we have the lock. */
static int take(struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	long type;
	int ret = open_dir(rtmr, err);

	if (ret)
		return ret;
	ret = lock(rtmr, err);
	if (!ret && tsm_rtmr_number(rtmr->dir, "index") != (long)rtmr->index)
		ret = -EAGAIN;
	if (ret) {
		close_dir(rtmr);
		return ret;
	}
	/* kernels that take no event data have no type of them */
	type = tsm_rtmr_number(rtmr->dir, "event_type");
	rtmr->event_type = type < 0 ? 0 : (uint32_t)type;
	return 0;
}

/* Return: 0 if @rtmr->path is an entry for @rtmr->index; -ENOENT if none is. */
static int search(struct tsm_rtmr *rtmr, const char *root,
		  struct tsm_error *err)
{
	DIR *list = opendir(root);
	int ret = -ENOENT;
	struct dirent *e;
	char attr[300];

	if (!list)
		return tsm_error_set(err, errno == ENOENT ? -EOPNOTSUPP :
				     -errno, "%s: %s", root, strerror(errno));
	while (ret == -ENOENT && (e = readdir(list))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(attr, sizeof(attr), "%s/index", e->d_name);
		if (tsm_rtmr_number(dirfd(list), attr) == (long)rtmr->index)
			ret = set_path(rtmr, root, e->d_name, err);
	}
	closedir(list);
	return ret;
}

static void discard(struct tsm_rtmr *rtmr)
{
	rmdir(rtmr->path);
	if (rtmr->dir >= 0)
		close_dir(rtmr);
}

/*
 * An entry that nobody but root can open, and so lock. configfs does not give it
 * the mode that mkdir() asks for, so any user may lock it before it is closed
 * off, and keep it. Return: 0; -EBUSY if somebody did.
 */
static int make_locked(struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	int ret;

	/* if the directory of them is gone, the next search says so */
	if (mkdir(rtmr->path, 0700))
		return tsm_error_set(err, errno == ENOENT ? -EAGAIN : -errno,
				     "%s: %s", rtmr->path, strerror(errno));
	ret = open_dir(rtmr, err);
	if (!ret) {
		fchmod(rtmr->dir, 0700);
		ret = try_lock(rtmr, err);
		if (ret == -EWOULDBLOCK)
			ret = -EBUSY;
	}
	if (ret)
		discard(rtmr);
	return ret;
}

/* By its index others find it. */
static int set_index(const struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	char text[16];
	int ret;

	snprintf(text, sizeof(text), "%u", rtmr->index);
	ret = tsm_rtmr_write(rtmr->dir, "index", text, strlen(text));
	if (ret)
		ret = tsm_rtmr_failed(err, rtmr, "index", ret);
	/* EINVAL is what the kernel proposal has for EBUSY */
	return ret == -EBUSY || ret == -EINVAL ? -EAGAIN : ret;
}

static int make(struct tsm_rtmr *rtmr, const char *root, const char *name,
		struct tsm_error *err)
{
	unsigned int tries;
	int ret = set_path(rtmr, root, name, err);

	if (ret)
		return ret;
	/* who keeps to the protocol does not lock what has no index: it is of
	 * no use to wait, and the next entry has a lock of its own */
	for (tries = 1; (ret = make_locked(rtmr, err)) == -EBUSY; tries++) {
		if (tries == CATCHES)
			return tsm_error_set(err, -ETIMEDOUT,
					     "%s: another program takes the lock of each new entry",
					     rtmr->path);
		pause_a_little();
	}
	if (ret)
		return ret;
	ret = set_index(rtmr, err);
	if (ret)
		discard(rtmr);
	rtmr->ours = !ret;
	return ret;
}

int tsm_rtmr_enter(struct tsm_rtmr *rtmr, const char *root, const char *name,
		   unsigned int index, struct tsm_error *err)
{
	unsigned int tries;
	int ret = -EAGAIN;

	*rtmr = (struct tsm_rtmr){ .dir = -1, .index = index };
	for (tries = 0; tries < TRIES && ret == -EAGAIN; tries++) {
		if (tries)
			pause_a_little();
		ret = search(rtmr, root, err);
		if (!ret)
			ret = take(rtmr, err);
		else if (ret == -ENOENT)
			ret = make(rtmr, root, name, err);
	}
	if (ret == -EAGAIN)
		tsm_error_set(err, ret, "%s: entries for rtmr%u come and go",
			      root, index);
	return ret;
}

int tsm_rtmr_leave(struct tsm_rtmr *rtmr, struct tsm_error *err)
{
	int ret = 0;

	if (rtmr->dir < 0)
		return 0;
	/* under the lock: who waits for it finds out, and looks again */
	if (!rtmr->ours)
		tsm_rtmr_restore(rtmr->dir, rtmr->event_type);
	else if (rmdir(rtmr->path) && errno != ENOENT)
		ret = tsm_error_set(err, -errno, "%s: %s", rtmr->path,
				    strerror(errno));
	close_dir(rtmr);
	return ret;
}
