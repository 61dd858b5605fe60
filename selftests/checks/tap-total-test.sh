#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests tap-total.sh with good and bad logs.

cd "$(dirname "$0")" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
failed=0

# expect NAME STATUS LAST-LINE LOG...: what tap-total.sh must make of the logs.
expect()
{
	local name=$1 status=$2 last=$3 got got_status=0

	shift 3
	number=$((number + 1))
	got=$(./tap-total.sh "$@" 2>&1) || got_status=$?
	if [ "$got_status" = "$status" ] &&
	   [ "$(tail -n 1 <<<"$got")" = "$last" ]; then
		echo "ok $number $name"
		return
	fi
	echo "not ok $number $name"
	echo "# expected status $status and: $last"
	echo "# got status $got_status and:"
	echo "#   ${got//$'\n'/$'\n'#   }"
	failed=1
}

# sample NAME STATUS LAST-LINE <LOG
sample()
{
	cat >"$work/log"
	expect "$@" "$work/log"
}

echo "TAP version 13"
echo "1..29"

sample "counts passed and skipped" 0 "2 passed, 0 failed, 1 skipped" <<'END'
TAP version 13
1..3
ok 1 one
# a comment
ok 2 - two
ok 3 three # SKIP no device
END

sample "counts failed" 1 "1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one
not ok 2 two
END

sample "takes a plan at the end" 0 "2 passed, 0 failed, 0 skipped" <<'END'
TAP version 13
ok 1 one
ok 2 two
1..2
END

sample "takes results without numbers" 0 "2 passed, 0 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok
ok - two
END

sample "does not count output that looks like a result" 0 \
	"1 passed, 0 failed, 0 skipped" <<'END'
TAP version 13
1..1
okay so far
#  RUN           global.one ...
#            OK  global.one
ok 1 global.one
# ok: that was all
END

sample "a program that skips as a whole is skipped" 0 \
	"0 passed, 0 failed, 1 skipped" <<'END'
TAP version 13
1..0 # SKIP no TEE
END

sample "a program that plans nothing without a reason has failed" 1 \
	"0 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..0
END

sample "a skip that is not ok has failed" 1 \
	"0 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
not ok 1 one # SKIP but broken
END

sample "todo has failed" 1 "0 passed, 2 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one # TODO later
not ok 2 two # todo later
END

sample "an expected failure has failed" 1 "0 passed, 2 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one # XFAIL known
ok 2 # XPASS two
END

sample "skip must be the directive, not the name" 0 \
	"2 passed, 0 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 SKIP is printed
ok 2 skipping # skips
END

sample "a missing plan has failed" 1 "1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
ok 1 one
END

sample "a program that died half way has failed" 1 \
	"1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..3
ok 1 one
END

sample "a program that died before the next one has failed" 1 \
	"2 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one
TAP version 13
1..1
ok 1 one
END

sample "more tests than planned have failed" 1 \
	"2 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
ok 1 one
ok 2 two
END

sample "two plans have failed" 1 "2 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one
ok 2 two
1..2
END

sample "a lost result shows in the numbers" 1 \
	"2 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one
ok 3 three
END

sample "bail out has failed" 1 "1 passed, 2 failed, 0 skipped" <<'END'
TAP version 13
1..2
ok 1 one
Bail out! no memory
END

sample "text without TAP has failed" 1 "0 passed, 1 failed, 0 skipped" <<'END'
sh: ./report_test: not found
END

sample "an empty log has failed" 1 "0 passed, 1 failed, 0 skipped" </dev/null

expect "a missing log has failed" 1 "0 passed, 1 failed, 0 skipped" \
	"$work/missing"

sample "an exit status that no test explains has failed" 1 \
	"1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
ok 1 one
# exit status 139: program
END

sample "an exit status that a test explains is counted once" 1 \
	"0 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
not ok 1 one
# exit status 1: program
END

sample "a program that printed nothing has failed" 1 \
	"1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
ok 1 one
# exit status 0: program
# exit status 127: missing
END

sample "status 4 of a program that skipped is no failure" 0 \
	"0 passed, 0 failed, 1 skipped" <<'END'
TAP version 13
1..0 # SKIP no TEE
# exit status 4: program
END

sample "subtests of the kernel's runner count, not their sum" 0 \
	"3 passed, 0 failed, 2 skipped" <<'END'
TAP version 13
1..3
# selftests: tsm_guest: report_test
# TAP version 13
# 1..3
# # Starting 3 tests
# ok 1 one
# ok 2 two
# ok 3 three # SKIP no emulator
# # Totals: pass:2 fail:0 xfail:0 xpass:0 skip:1 error:0
ok 1 selftests: tsm_guest: report_test
# TAP version 13
# 1..0 # SKIP no device
ok 2 selftests: tsm_guest: ioctl_test # SKIP
# plain words
ok 3 selftests: tsm_guest: script.sh
END

sample "a failed subtest counts once" 1 "1 passed, 1 failed, 0 skipped" <<'END'
TAP version 13
1..1
    TAP version 14
    1..2
    ok 1 one
    not ok 2 two
not ok 1 all
END

sample "a program that died after its subtests has failed" 1 \
	"1 passed, 2 failed, 0 skipped" <<'END'
TAP version 13
1..1
# TAP version 13
# 1..2
# ok 1 one
not ok 1 selftests: tsm_guest: report_test # exit=139
END

printf 'TAP version 13\n1..1\nok 1 a\n' >"$work/a"
printf 'TAP version 13\n1..2\nok 1 a\nnot ok 2 b\n' >"$work/b"
: >"$work/c"
expect "several logs add up" 1 "2 passed, 2 failed, 0 skipped" \
	"$work/a" "$work/c" "$work/b"

exit $failed
