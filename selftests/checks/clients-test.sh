#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests, as TAP, that README.md can be run, and that what tells of clients tells of
# every failure: a block nobody runs, output that differs, a row that is missing.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

if ! command -v python3 >/dev/null; then
	echo "TAP version 13"
	echo "1..0 # SKIP no python3: run make deps"
	exit 4
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

blocks_of_readme()
{
	selftests/clients/readme/blocks.py README.md
}

# complains COMPLAINT TEXT: of a page with that text, and with exit status 1
complains()
{
	local said

	printf '%b\n' "# A page\n\n$2\n" >"$work/page"
	! said=$(selftests/clients/readme/blocks.py "$work/page") || echo "no complaint"
	[[ $said == "$work/page:"*": $1"* ]] || echo "it says: $said"
}

takes_blocks_as_they_stand()
{
	local out=$work/blocks

	mkdir "$out"
	printf '%s\n' '# Page' '' '<!-- run: tdx -->' '' '    $ one | two' \
		'    said  twice' '' "    \$ x='a b'" '' 'Text.' '' \
		'<!-- not run: it is long -->' '' '    three' >"$work/page"
	selftests/clients/readme/blocks.py "$work/page" "$out"
	diff "$out/01.tdx" <(printf '%s\n' '$ one | two' 'said  twice' '' \
		"\$ x='a b'")
	diff "$out/01.name" <(echo "Page 1")
	diff "$out/not-run" <(printf 'Page 2\tit is long\n')
	[ ! -e "$out/02.tdx" ] || echo "it writes what is not run"
}

# differs GOT SHOWN EXPECTED: what shown.awk prints
differs()
{
	printf '%b\n' "$1" >"$work/got"
	printf '%b\n' "$2" >"$work/shown"
	diff <(awk -f selftests/clients/readme/shown.awk "$work/got" "$work/shown") \
		<([ -z "$3" ] || printf '%b\n' "$3")
}

equal_but_for_digests()
{
	differs 'a\nsize  4321\nb 0123456789abcdef\nc' \
		'size 4348\n...\nb fedcba9876543210\n\nc' ''
}

tells_what_is_not_shown()
{
	differs 'a\nb' 'a\nc\nd' 'c'
	differs 'a\nb' 'b\na' 'a'
	differs 'rtmr0 equal, 16 records' 'rtmr0 equal, 17 records' \
		'rtmr0 equal, 17 records'
	differs 'a\n' 'a\na' 'a'
	differs '' 'a' 'a'
}

# remarks TRACE SCRIPT EXPECTED: what remarks.awk prints
remarks()
{
	printf '%b\n' "$1" >"$work/trace"
	printf '%b\n' "$2" >"$work/script"
	diff <(awk -f selftests/clients/readme/remarks.awk "$work/trace" \
		"$work/script") <([ -z "$3" ] || printf '%b\n' "$3")
}

remarks_are_compared()
{
	remarks '+ cat g\n1\n+ ls' 'cat g   # 1: so it is\nls  # a remark' ''
	remarks '+ cat g\n2' 'cat g # 1: so it is' 'cat g # 1: so it is'
	remarks '+ cat h\n1' 'cat g # 1: so it is' 'cat g # 1: so it is'
}

rows()
{
	printf '%b\n' "$1" | awk -f selftests/clients/rows.awk
}

takes_rows_and_nothing_else()
{
	diff <(rows 'x\tok\ny\tno: EIO\nz\t-: none\nok\nok\tgood\na\tb\tok\nEXIT\t0') \
		<(printf 'x\tok\ny\tno: EIO\nz\t-: none\n')
}

keeps_what_fails_without_a_word()
{
	diff <(rows 'x\t\ny\tno: \nz\t-:\n\t\nEXIT\t0') - <<-END
	x	no: no reason given
	y	no: no reason given
	z	no: no reason given
	END
}

tells_of_a_bad_end()
{
	diff <(rows 'x\tok\nEXIT\t139') \
		<(printf 'x\tok\nthe client ends\tno: exit status 139\n')
	diff <(rows 'x\tok') <(printf 'x\tok\n%s\n' \
		"the client ends	no: exit status none: the VM ended first")
}

# complete RESULT...: as run.sh keeps them, with spaces for tabs
complete()
{
	printf '%s\n' "$@" | tr ' ' '\t' | awk -f selftests/clients/complete.awk |
		tr '\t' '_'
}

tells_of_a_missing_row()
{
	diff <(complete "tdx 6.12 tsm_guest" "tdx 6.12 tsm_guest c r ok" \
		"tdx 7.3 tsm_guest" "tdx 7.3 tsm_guest c s ok") - <<-END
	tdx_6.12_tsm_guest_c_r_ok
	tdx_7.3_tsm_guest_c_r_no: no result
	tdx_6.12_tsm_guest_c_s_no: no result
	tdx_7.3_tsm_guest_c_s_ok
	END
}

tells_of_a_row_told_twice()
{
	diff <(complete "snp 6.1 tsm_guest c r ok" "snp 6.1 tsm_guest c r ok") \
		<(echo "snp_6.1_tsm_guest_c_r_no: told twice")
}

shows_results_side_by_side()
{
	printf 'tdx\t6.12\t%s\tc\t%s\t%s\n' tsm_guest r ok intree r "no: EIO" \
		tsm_guest s "-: none" intree s "no: more than fits in a cell" |
		awk -f selftests/clients/table.awk >"$work/table"
	diff "$work/table" - <<-END
	| Intel TDX: client | operation | 6.12 tsm_guest | 6.12 in-tree |
	|-------------------|-----------|----------------|--------------|
	| c                 | r         | ok             | EIO          |
	| c                 | s         | -              | no [1]       |

	[1] more than fits in a cell
	END
}

# judged RESULT...: the TAP of results, with spaces for tabs, where our driver may
# lack only the row r of a client c on Linux 6.1
judged()
(
	# shellcheck disable=SC2034 # judge.bash's
	OUT=$work/judge ABSENT=$work/absent tap_number=0
	mkdir -p "$OUT/out"
	printf '%s\n' "# a comment" "snp 6.1 c r*" >"$ABSENT"
	touch "$OUT"/out/{6.1,7.3}-{tdx,snp}-tsm-guest
	printf '%s\n' "$@" | tr ' _' '\t ' >"$OUT/complete"
	# shellcheck source=../clients/judge.bash
	. selftests/clients/judge.bash
	judge_all
)

ours_must_work()
{
	diff <(judged "tdx 7.3 tsm-guest c r ok" "tdx 7.3 tsm-guest c s no:_EIO") - \
		<<-END
	ok 1 7.3 tdx tsm-guest: c: r
	not ok 2 7.3 tdx tsm-guest: c: s
	# no: EIO
	END
}

intree_is_told()
{
	diff <(judged "tdx 7.3 intree c r ok" "tdx 7.3 intree c s no:_EIO" \
		"tdx 7.3 intree c t -:_none") - <<-END
	# 7.3 tdx intree: c: r: ok
	# 7.3 tdx intree: c: s: no: EIO
	ok 1 7.3 tdx intree: c: t # SKIP none
	END
}

absent_must_be_expected()
{
	diff <(judged "snp 6.1 tsm-guest c r_s -:_none" \
		"snp 6.1 tsm-guest c t -:_none" "snp 7.3 tsm-guest c r -:_none" \
		"tdx 6.1 tsm-guest c r -:_none") - <<-END
	ok 1 6.1 snp tsm-guest: c: r s # SKIP none
	not ok 2 6.1 snp tsm-guest: c: t
	# not there: none
	not ok 3 7.3 snp tsm-guest: c: r
	# not there: none
	not ok 4 6.1 tdx tsm-guest: c: r
	# not there: none
	END
}

output_is_shown()
{
	printf 'c\tTAP version 13\nother\tx\n' >"$work/judge/out/7.3-tdx-tsm-guest"
	judged "tdx 7.3 tsm-guest c r no:_EIO" | grep -qx '#   | TAP version 13' ||
		echo "it is not"
	! judged "tdx 7.3 tsm-guest c r no:_EIO" | grep ' x$'
}

tap_start 21
tap_quiet "each block of README.md says where it runs, or why not" \
	blocks_of_readme
tap_quiet "blocks are taken as they stand" takes_blocks_as_they_stand
tap_quiet "a block without a comment is noticed" \
	complains "a block without a comment" 'Text.\n\n    make'
tap_quiet "and one after another block" complains "a block without a comment" \
	'<!-- run: tdx -->\n\n    a\n\nText.\n\n    b'
# shellcheck disable=SC2016 # no command
tap_quiet "and a fenced one" complains "a fenced block" '```\nmake\n```'
tap_quiet "a comment without a block is noticed" \
	complains "a comment, but no block" '<!-- run: tdx -->\n\nText.'
tap_quiet "and one that names no place" complains "runs in 'moon'" \
	'<!-- run: moon -->\n\n    make'
tap_quiet "and one without a reason" complains "does not say why" \
	'<!-- not run:  -->\n\n    make'
tap_quiet "output may have other digests and sizes" equal_but_for_digests
tap_quiet "and must have all else that is shown" tells_what_is_not_shown
tap_quiet "a remark must be what the command prints" remarks_are_compared
tap_quiet "rows of a client are found" takes_rows_and_nothing_else
tap_quiet "what fails without a word is told" keeps_what_fails_without_a_word
tap_quiet "a client that died is told" tells_of_a_bad_end
tap_quiet "a row that only some give is told" tells_of_a_missing_row
tap_quiet "a row that comes twice is told" tells_of_a_row_told_twice
tap_quiet "with our driver each row must be ok" ours_must_work
tap_quiet "with the in-tree one it is told" intree_is_told
tap_quiet "what our driver lacks must be expected" absent_must_be_expected
tap_quiet "what a client printed is shown where it fails" output_is_shown
tap_quiet "results stand side by side" shows_results_side_by_side
exit "$tap_failed"
