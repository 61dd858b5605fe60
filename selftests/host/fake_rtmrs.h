/* SPDX-License-Identifier: MIT */
/*
 * fake_rtmrs.so, a preloaded library that gives tsmctl a TD whose registers can
 * be extended, where there is none: configfs tsm/rtmrs, sysfs measurements and
 * /dev/tdx_guest. State is in files, so that processes share it, as they share
 * a kernel.
 *
 *   FAKE_ROOT     directory: rtmrs/ has the entries, attr/ENTRY.ATTRIBUTE what
 *                 was written, value.N the registers, sysfs/ the names there,
 *                 log a line for each extend: way, index, type, digest, event
 *                 data; attempts a line for each time that one was tried
 *   FAKE_DRIVER   module that serves: tsm_guest or tdx_guest
 *   FAKE_HAS      of tee, snp, configfs, event (and what goes with it), drop
 *                 ("0" to measure), last (last_errno), sysfs, ioctl, v3: what
 *                 there is
 *   FAKE_EUID     who we are, root as a rule
 *   FAKE_ERRNO    what an extend gives
 *   FAKE_MKDIR    what mkdir gives
 *   FAKE_LOSE     set: a digest is lost at close; "moved": while others extend
 *   FAKE_SHORT    set: sysfs takes part of a digest
 *   FAKE_KILL     attribute behind whose write SIGKILL comes, or "mkdir"
 *   FAKE_VANISH   attribute at whose first opening the entry is gone, or "lock"
 *   FAKE_NOMEM    attribute for whose first opening to write is no memory
 *   FAKE_CATCH    how many new entries somebody locks first, for good
 *   FAKE_TAKEN    how many times somebody else takes the index first, for a
 *                 moment
 *   FAKE_MEDDLE   how many times somebody replaces pending event data
 *   FAKE_FORGET   how many times they get lost
 *   FAKE_HURRY    set: time flies
 */
#ifndef FAKE_RTMRS_H
#define FAKE_RTMRS_H

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ROOT		"/sys/kernel/config/tsm/rtmrs"
#define DIGEST		48
#define EVENT_MAX	65536
#define PATH_SIZE	600

/* What the preloaded function of a name hides. */
#define NEXT(name)	((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/**
 * struct open_attr - an attribute that is open for writing
 * @fd: its number; 0 if this is free
 * @entry: whose; empty for a register in sysfs
 * @attr: its name
 * @written: write() was called; else close() commits nothing
 */
struct open_attr {
	int fd;
	char entry[128];
	char attr[32];
	bool written;
};

/* The program under test has names of its own. */
#pragma GCC visibility push(hidden)

/* Settings, and how a call fails. */
long number(const char *name);
bool has(const char *what);
bool is(const char *name, const char *value);
int fail(int err);

/* True the first @most times that it is asked, of all processes. */
bool times(const char *name, long most);

/* As one kernel does one thing after another. */
int lock_state(void);
void unlock_state(int fd);

/* Pieces of state; @entry is NULL for what is of no entry. */
const char *state(char path[PATH_SIZE], const char *entry, const char *attr);
ssize_t load(const char *entry, const char *attr, void *data, size_t max);
void store(const char *entry, const char *attr, const void *data, size_t len,
	   int flags);
void forget(const char *entry, const char *attr);

/* Registers. */
void put_hex(char *to, const uint8_t *data, size_t len);
void value_of(unsigned int index, uint8_t value[DIGEST]);
void advance(unsigned int index, const uint8_t digest[DIGEST]);
/* Return: 0 or a positive errno. */
int extend(const char *way, unsigned int index, const uint8_t digest[DIGEST],
	   unsigned long type, const uint8_t *event, size_t len);

/* The real path of an entry, or of the directory of them; NULL for others. */
const char *entry_path(const char *path, char real[PATH_SIZE]);
/* The entry behind a descriptor of its directory; false if it was removed. */
bool entry_of(int dir, char entry[128]);
void remove_entry(const char *entry);

/* Attributes: open() of them; what write() and close() do. */
int open_attr(const char *entry, const char *attr, int flags);
int write_text(const struct open_attr *a, const char *text);
void commit(const struct open_attr *a, const uint8_t *data, size_t len);
bool is_binary(const char *attr);
int text_fd(const void *text, size_t len);
int track(int fd, const char *entry, const char *attr);
struct open_attr *tracked(int fd);

#pragma GCC visibility pop

#endif /* FAKE_RTMRS_H */
