#!/bin/bash
# SPDX-License-Identifier: MIT
# House rules that a machine can check, as TAP; what to do is in each line.
#
# checkpatch.pl is taken from KSRC (default: what `make deps` unpacks).

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

KSRC=${KSRC:-build/ksrc}
MAX_LINES=600
MAX_COLUMNS=100
MAX_FUNCTION=110
MAX_KERNEL_FUNCTION=80

sources()
{
	project_files '*.c' '*.h' '*.S'
}

scripts()
{
	local file

	project_files | while read -r file; do
		case $(head -c 20 "$file" | head -n 1 | tr -d '\0') in
		'#!'*sh*) echo "$file" ;;
		esac
	done
}

# The licence that a file must name, by where it lies.
licence_of()
{
	case $1 in
	uapi/linux/*) echo "GPL-2.0 WITH Linux-syscall-note" ;;
	uapi/*.h) echo "GPL-2.0 WITH Linux-syscall-note|MIT" ;;
	kernel/* | Kbuild | selftests/emu/Kbuild) echo "GPL-2.0-only" ;;
	selftests/emu/tsm-emud/* | selftests/emu/emud/*) echo "MIT" ;;
	selftests/emu/*) echo "GPL-2.0-only|MIT|GPL-2.0-only OR MIT" ;;
	*) echo "MIT" ;;
	esac
}

check_spdx()
{
	local file line id

	project_files '*.[chS]' '*.go' '*.sh' '*.bash' '*.awk' '*Makefile' \
		'*Kbuild*' .ci/run | while read -r file; do
		line=$(head -n 2 "$file" | grep -m 1 SPDX-License-Identifier)
		id=${line#*SPDX-License-Identifier: }
		id=${id% \*/}
		case "|$(licence_of "$file")|" in
		*"|$id|"*) ;;
		*) echo "$file: licence '$id', expected $(licence_of "$file")" ;;
		esac
	done
}

# Every kernel object needs a GPL source, whatever the shared headers say.
check_module_licence()
{
	local file

	project_files 'kernel/*.c' 'selftests/emu/*.c' | while read -r file; do
		grep -q 'linux/module\.h\|linux/kernel\.h' "$file" || continue
		head -n 1 "$file" | grep -q 'GPL-2\.0-only$' ||
			echo "$file: kernel code, expected GPL-2.0-only"
	done
}

# "one sentence on what the file is for", straight after the SPDX line
check_purpose()
{
	local file

	project_files '*.c' '*.h' '*.go' '*.sh' '*.bash' | while read -r file; do
		head -n 4 "$file" | grep -v SPDX |
			grep -q '^\(/\*\|\*/\| \*\|#\|//\) *[^!]*[a-z]' ||
			echo "$file: does not say what it is for"
	done
}

check_length()
{
	project_files '*.c' '*.h' '*.S' '*.go' '*.sh' | while read -r file; do
		awk -v max="$MAX_LINES" 'END { if (NR > max)
			print FILENAME ": " NR " lines, at most " max }' "$file"
	done
}

check_width()
{
	sources | while read -r file; do
		expand "$file" | awk -v file="$file" -v max="$MAX_COLUMNS" '
			length > max && !/"/ {
				print file ":" NR ": " length " columns"
			}'
	done
}

# From the brace in column 0 to the brace in column 0.
check_functions()
{
	local file max

	project_files '*.c' | while read -r file; do
		max=$MAX_FUNCTION
		case $file in
		kernel/*) max=$MAX_KERNEL_FUNCTION ;;
		esac
		awk -v max="$max" '
			/^{/ { start = NR }
			/^}/ && start {
				if (NR - start > max)
					print FILENAME ":" start ": a function of " \
						NR - start " lines, at most " max
				start = 0
			}' "$file"
	done
}

check_versions()
{
	project_files '*.c' '*.h' '*.S' '*Kbuild*' '*Makefile' |
		grep -v '^kernel/compat/' |
		xargs -r grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\(|linux/version\.h'
	return 0
}

# The words are put together here, or this file would be found.
check_promises()
{
	project_files | xargs -r grep -nwIE \
		"TO""DO|FIX""ME|X""XX|HA""CK|not yet imple""mented" |
		grep -v '^selftests/checks/tap-total'
	return 0
}

check_hosts()
{
	project_files | xargs -r grep -nIE \
		'(deb|security|archive|ports|snapshot)[.](debian|ubuntu)[.]|(pypi|registry[.]npmjs|proxy[.]golang|crates)[.](org|io)\b'
	return 0
}

check_paths()
{
	project_files | xargs -r grep -nIE \
		'(^|[^A-Za-z0-9_.})])/(work|farm)/|/tmp/(tsm|bash_jobs|ksrc|apt)\b|/home/[a-z]'
	return 0
}

check_whitespace()
{
	project_files | grep -v '\.md$' | xargs -r grep -nIE '[[:blank:]]+$'
	project_files '*.c' '*.h' '*.S' | xargs -r grep -nE '^        '
	return 0
}

check_executable()
{
	local file

	project_files '*.sh' '*.bash' | while read -r file; do
		case $(head -c 2 "$file") in
		'#!') [ -x "$file" ] || echo "$file: chmod +x it" ;;
		*) [ ! -x "$file" ] || echo "$file: is sourced, chmod -x it" ;;
		esac
	done
}

check_shellcheck()
{
	# SC2317: it does not see that functions are called by name
	# SC109x: sourced files are checked by themselves
	scripts | xargs -r shellcheck -x -P SCRIPTDIR -f gcc -e SC2317,SC1090,SC1091
}

# These are about patches to a whole tree, which this is not.
CHECKPATCH_IGNORE=FILE_PATH_CHANGES,SPDX_LICENSE_TAG

# checkpatch.pl takes the header's name in __has_include(<...>) for a sum.
without_has_include()
{
	local file line rest

	while IFS=: read -r file line rest; do
		sed -n "${line}p" "$file" | grep -q __has_include ||
			echo "$file:$line:$rest"
	done
}

# In a folder of its own, since checkpatch.pl keeps notes where it runs
# (.checkpatch-camelcase.*); an interrupt must not leave that behind, either.
check_checkpatch()
{
	local script

	script=$(realpath "$KSRC/scripts/checkpatch.pl")
	notes=$(mktemp -d)
	trap 'rm -rf "$notes"' EXIT
	project_files 'kernel/*.[chS]' 'kernel/**/*.[chS]' 'uapi/linux/*.h' \
		'selftests/emu/*.[chS]' |
	(cd "$notes" && while read -r file; do
		perl "$script" --no-tree --no-signoff --terse --no-summary \
			--show-types --max-line-length="$MAX_COLUMNS" \
			--ignore "$CHECKPATCH_IGNORE" --file "$top/$file"
	done) | sed "s|^$top/||" | grep ': ERROR:' | without_has_include
}

run_checkpatch()
{
	if [ ! -e "$KSRC/scripts/checkpatch.pl" ]; then
		tap_skip "$1" "no checkpatch.pl under KSRC: run make deps"
	elif ! command -v perl >/dev/null; then
		tap_skip "$1" "no perl"
	else
		tap_quiet "$1" check_checkpatch
	fi
}

run_shellcheck()
{
	if command -v shellcheck >/dev/null; then
		tap_quiet "$1" check_shellcheck
	else
		tap_skip "$1" "no shellcheck: run make deps"
	fi
}

list_project || {
	echo "TAP version 13"
	echo "Bail out! cannot list the files of this tree"
	exit 1
}

tap_start 14
tap_quiet "every file names the licence of its folder" check_spdx
tap_quiet "kernel code is GPL-2.0-only" check_module_licence
tap_quiet "every file says what it is for" check_purpose
tap_quiet "no file is longer than $MAX_LINES lines" check_length
tap_quiet "no line of code is wider than $MAX_COLUMNS columns" check_width
tap_quiet "no function is longer than a screen or two" check_functions
tap_quiet "no kernel version is named outside kernel/compat" check_versions
tap_quiet "nothing is left for later" check_promises
tap_quiet "no host of a package registry is named" check_hosts
tap_quiet "no path of a particular machine is named" check_paths
tap_quiet "no blanks at the end of lines, tabs at their start" check_whitespace
tap_quiet "scripts are executable, sourced ones are not" check_executable
run_shellcheck "shellcheck has nothing to say"
run_checkpatch "checkpatch.pl finds no error in kernel code"
exit "$tap_failed"
