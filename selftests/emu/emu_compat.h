/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the kernels the emulator is built for. */
#ifndef EMU_COMPAT_H
#define EMU_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/kernel.h>

#ifdef EMU_HAVE_CPUID_API
#include <asm/cpuid/api.h>
#else
#include <asm/processor.h>
#endif

#ifdef EMU_HAVE_HEX
#include <linux/hex.h>
#endif

#ifdef EMU_HAVE_UNALIGNED
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#ifndef EMU_HAVE_SYSTEM_DFL_WQ
#define system_dfl_wq	system_unbound_wq
#endif

#ifndef EMU_HAVE_HRTIMER_SETUP
static inline void
hrtimer_setup(struct hrtimer *timer,
	      enum hrtimer_restart (*function)(struct hrtimer *),
	      clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif
