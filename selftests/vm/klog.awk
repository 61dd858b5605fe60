# SPDX-License-Identifier: MIT
# Prints the lines of a kernel log that tell of a kernel bug; nothing if none.
#
# A report between "cut here" and "end trace" is one unit: -v allow=REGEX drops
# it when any of its lines matches, and drops any other line that matches.
#
# A leak that tsm_guest itself announces ("leaked 128 KiB") is no bug: it
# keeps what the host may still write to. The emulator's "pages left shared" is
# about what is shared when the emulator goes, which no test makes it do with
# such a buffer about.

BEGIN {
	bad = "Oops|BUG:|WARNING:|Call Trace|general protection|kernel BUG at" \
		"|Kernel panic|PANIC:|Unable to handle|KASAN|UBSAN:|refcount_t:" \
		"|BUG [^ ]+ \\(.*\\): " \
		"|blocked for more than|INFO: suspicious|INFO: trying to register" \
		"|unreferenced object|kmemleak: .* new suspected memory leak" \
		"|possible (circular|recursive|irq lock) |self-detected stall" \
		"|detected stalls|DMA-API:|list_(add|del) corruption" \
		"|tsm_emu: violation|tsm_emu: .* pages left shared"
}

function is_allowed(line)
{
	return allow != "" && line ~ allow
}

function flush_report()
{
	if (!report_allowed)
		printf "%s", report
	report = ""
	report_allowed = 0
}

{ sub(/\r$/, "") }

/-+\[ cut here \]-+/ { flush_report(); in_report = 1 }

in_report && is_allowed($0) { report_allowed = 1 }

$0 ~ bad && !is_allowed($0) {
	if (in_report)
		report = report $0 "\n"
	else
		print
}

/---\[ end trace / { in_report = 0; flush_report() }

END { flush_report() }
