/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: registers extended, reports answered. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tsm_guest

#if !defined(_TSMG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TSMG_TRACE_H

#include <linux/tracepoint.h>

#include "registers.h"

TRACE_DEFINE_ENUM(TSMG_PATH_SYSFS);
TRACE_DEFINE_ENUM(TSMG_PATH_CONFIGFS);
TRACE_DEFINE_ENUM(TSMG_PATH_IOCTL);

#define tsmg_show_path(path)					\
	__print_symbolic(path,					\
			 { TSMG_PATH_SYSFS, "sysfs" },		\
			 { TSMG_PATH_CONFIGFS, "configfs" },	\
			 { TSMG_PATH_IOCTL, "ioctl" })

TRACE_EVENT(tsm_guest_extend,

	TP_PROTO(const struct tsmg_extend *extend, int error),

	TP_ARGS(extend, error),

	TP_STRUCT__entry(
		__field(unsigned int, index)
		__field(unsigned int, path)
		__field(u32, event_type)
		__field(u32, event_len)
		__field(int, error)
		__array(u8, digest, TSMG_DIGEST_LEN)
	),

	TP_fast_assign(
		__entry->index = extend->index;
		__entry->path = extend->path;
		__entry->event_type = extend->event_type;
		__entry->event_len = extend->event_len;
		__entry->error = error;
		memcpy(__entry->digest, extend->digest, TSMG_DIGEST_LEN);
	),

	TP_printk("rtmr%u path=%s event_type=0x%x event_len=%u error=%d digest=%s",
		  __entry->index, tsmg_show_path(__entry->path),
		  __entry->event_type, __entry->event_len, __entry->error,
		  __print_hex_str(__entry->digest, TSMG_DIGEST_LEN))
);

TRACE_EVENT(tsm_guest_report,

	TP_PROTO(unsigned long generation, size_t inblob_len, size_t outblob_len,
		 int error),

	TP_ARGS(generation, inblob_len, outblob_len, error),

	TP_STRUCT__entry(
		__field(unsigned long, generation)
		__field(size_t, inblob_len)
		__field(size_t, outblob_len)
		__field(int, error)
	),

	TP_fast_assign(
		__entry->generation = generation;
		__entry->inblob_len = inblob_len;
		__entry->outblob_len = outblob_len;
		__entry->error = error;
	),

	TP_printk("generation=%lu inblob_len=%zu outblob_len=%zu error=%d",
		  __entry->generation, __entry->inblob_len,
		  __entry->outblob_len, __entry->error)
);

#endif /* _TSMG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
