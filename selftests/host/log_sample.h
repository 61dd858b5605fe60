/* SPDX-License-Identifier: MIT */
/* An event log that has every kind of record, for tests that damage it. */
#ifndef TSM_HOST_LOG_SAMPLE_H
#define TSM_HOST_LOG_SAMPLE_H

#include "../../tools/lib/tsm_replay.h"

#include "log_build.h"

static inline void sample_add(struct bytes *log, uint32_t mr, uint32_t type,
		       const struct bytes *event)
{
	log_measured(log, mr, type, event->p, event->len, NULL);
}

static inline void sample_firmware(struct bytes *log)
{
	static struct bytes e, list;

	e.len = 0;
	fill(&e, 8, 1);
	put(&e, "TdxTable", 8);
	put64(&e, 1);
	guid(&e, 1);
	put64(&e, 0x809000);
	sample_add(log, 1, EV_TABLES2, &e);
	e.len = 0;
	fill(&e, 2, 1);
	put(&e, "Fv", 2);
	put64(&e, 0xffe00000);
	put64(&e, 4096);
	sample_add(log, 1, EV_BLOB2, &e);
	list.len = 0;
	put(&list, "\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a"
		   "\x87\xb5\xab\x15\x5c\x2b\xf0\x72", 16);
	put32(&list, 28 + 40);
	put32(&list, 0);
	put32(&list, 40);
	fill(&list, 0x33, 40);
	e.len = 0;
	variable(&e, "db", list.p, list.len);
	sample_add(log, 1, EV_VARIABLE, &e);
	e.len = 0;
	variable(&e, "SecureBoot", "\1", 1);
	sample_add(log, 1, EV_VARIABLE, &e);
	e.len = 0;
	variable(&e, "BootOrder", "\1\0\2\0", 4);
	sample_add(log, 1, EV_BOOT, &e);
	e.len = 0;
	put32(&e, 0);
	sample_add(log, 1, EV_SEPARATOR, &e);
}

static inline void sample_path(struct bytes *path)
{
	static struct bytes hd;

	hd.len = 0;
	put32(&hd, 1);
	put64(&hd, 2048);
	put64(&hd, 4096);
	guid(&hd, 9);
	put(&hd, "\2\2", 2);
	node(path, 2, 1, "\xd0\x41\x03\x0a\0\0\0\0", 8);
	node(path, 1, 1, "\0\1", 2);
	node(path, 3, 23, "\1\0\0\0\1\2\3\4\5\6\7\x08", 12);
	node(path, 4, 1, hd.p, hd.len);
	node(path, 4, 4, "\\\0E\0F\0I\0\0\0", 10);
	end_path(path);
}

static inline void sample_boot(struct bytes *log)
{
	static struct bytes e, path;

	path.len = 0;
	sample_path(&path);
	e.len = 0;
	put64(&e, 0x1000);
	put64(&e, 12345);
	put64(&e, 0);
	put64(&e, path.len);
	put(&e, path.p, path.len);
	sample_add(log, 2, EV_APPLICATION, &e);
	e.len = 0;
	put32(&e, 1);
	put16(&e, (uint16_t)path.len);
	wide(&e, "Linux");
	put16(&e, 0);
	put(&e, path.p, path.len);
	path.len = 0;
	variable(&path, "Boot0001", e.p, e.len);
	sample_add(log, 1, EV_BOOT, &path);
	e.len = 0;
	put(&e, "EFI PART", 8);
	fill(&e, 0, 76);
	put32(&e, 128);
	put32(&e, 0);
	put64(&e, 2);
	fill(&e, 'x', 256);
	sample_add(log, 2, EV_GPT, &e);
	e.len = 0;
	put(&e, "grub_cmd: linux /vmlinuz", 25);
	sample_add(log, 3, EV_IPL, &e);
	e.len = 0;
	wide(&e, "command line");
	sample_add(log, 3, EV_IPL, &e);
	e.len = 0;
	put32(&e, 0x4141454c);
	put32(&e, 5);
	put(&e, "a b c", 5);
	sample_add(log, 4, EV_EVENT_TAG, &e);
}

static inline void log_sample(struct bytes *log)
{
	static uint8_t values[4][48];
	struct tsm_replay replay;
	struct tsm_log_part part = { .name = "part" };
	unsigned int i;

	log->len = 0;
	log_spec(log, 2, (const uint16_t[]){ SHA384_ID, 48, 0x7777, 3 });
	sample_firmware(log);
	sample_boot(log);
	part.bytes = (struct tsm_blob){ log->p, log->len };
	if (tsm_replay_run(&part, 1, NULL, &replay, NULL))
		abort();
	for (i = 0; i < 4; i++)
		memcpy(values[i], replay.reg[i].value, 48);
	log_head(log);
	log_state(log, 0, 0, 0, 4, (const uint8_t (*)[48])values);
	log_event(log, 4, EV_COMPACT_HASH, values[0], NULL, 0);
	log_state(log, 4, 1, 3, 1, (const uint8_t (*)[48])values);
	fill(log, 0xff, 40);
}

#endif /* TSM_HOST_LOG_SAMPLE_H */
