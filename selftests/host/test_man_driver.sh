#!/bin/sh
# SPDX-License-Identifier: MIT
# tsm_guest(4) tells of what uapi/ABI, the headers and the module have, with the
# same modes, parameters and errors. Each check is also shown what it must find.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh
# shellcheck source=man_page.sh
. ./man_page.sh

page=${BUILD:?}/man/tsm_guest.4
top=$(cd ../.. && pwd)
abi=$top/uapi/ABI
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# files_of_abi ABI: each file, and RO, WO or RW, with ", binary" where it is
files_of_abi() {
	awk '
		/^What:/ { n = 0; sub(/^What:[ \t]*/, ""); path[++n] = $0; next }
		/^Description:/ { first = 1; next }
		/^\t\t\// && !first && n { sub(/^\t*/, ""); path[++n] = $0; next }
		first {
			access = "-"
			if (match($0, /\((RO|WO|RW)(, binary)?/))
				access = substr($0, RSTART + 1, RLENGTH - 1)
			if ($0 !~ /^\t\t\(/)
				access = "-"
			for (i = 1; i <= n; i++) {
				gsub(/[$]/, "", path[i])
				print path[i] "\t" access
			}
			first = n = 0
		}' "$1" | sort
}

# terms_of PAGE: section, folder and term of each item of its lists, and folders
# that stand for an item
terms_of() {
	awk '
		{ gsub(/\\-/, "-") }
		/^\.SH/ {
			section = substr($0, 5)
			folder = ""
			if (section == "MODULE PARAMETERS")
				folder = "/sys/module/tsm_guest/parameters"
		}
		/^\.SS/ {
			folder = match($0, /\/[^ ]+$/) ? substr($0, RSTART) : ""
			if (folder ~ /\/name$/)
				print section "\t" folder "\t\t-"
		}
		term {
			sub(/^\.[A-Z]+ /, "")
			gsub(/"/, "")
			gsub(/  +/, " ")
			if (match($0, / \(.*\)$/)) {
				access = substr($0, RSTART + 2, RLENGTH - 3)
				$0 = substr($0, 1, RSTART - 1)
			}
			print section "\t" folder "\t" $0 "\t" access
		}
		{ term = /^\.T[PQ]/ }
		/^\.TP/ { access = "-" }' "$1"
}

# files_of_page PAGE: as files_of_abi
files_of_page() {
	terms_of "$1" | awk -F '\t' '
		$3 ~ /^\// { print $3 "\t" $4; next }
		$2 != "" { print $2 ($3 == "" ? "" : "/") $3 "\t" $4 }' | sort
}

check_files() {
	files_of_abi "$1" >"$dir/abi"
	files_of_page "$2" | diff "$dir/abi" - | grep '^[<>]'
}

# item PAGE TERM: what is said of it
item() {
	awk -v term="$2" '
		/^\.(T[PQ]|S[HS])/ { on = 0; next_is = 1; next }
		next_is { on = $2 == term; next_is = 0; next }
		on' "$1" | plain | tr '\n' ' '
}

# check_parameters KERNEL PAGE: those of the module, with their defaults
check_parameters() {
	grep -rhoE 'module_param[a-z_]*\([a-z_]+' "$1" | sed 's/.*(//' |
		sort >"$dir/has"
	terms_of "$2" | awk -F '\t' '$1 == "MODULE PARAMETERS" { print $3 }' |
		sort | diff "$dir/has" - | grep '^[<>]'
	grep -rhoE 'MODULE_PARM_DESC\([a-z_]+, ".*"' "$1" |
		sed -nE -e 's/.*\(([a-z_]+), .*default (-?[0-9a-fx]+).*/\1 \2/p' \
		-e 's/.*\(([a-z_]+), .* (-?[0-9]+): [^;]*\(default\).*/\1 \2/p' |
		while read -r name value; do
			case $(item "$2" "$name") in
			*"default $value "* | *"default $value,"* | *"default $value."*) ;;
			*) echo "$name: default $value is not told" ;;
			esac
		done
}

# check_ioctls HEADERS PAGE
check_ioctls() {
	sed -n 's/^#define[[:space:]]*\([A-Z0-9_]*\)[[:space:]]*_IO[WR].*/\1/p' \
		"$1"/*.h | sort >"$dir/has"
	terms_of "$2" | cut -f 3 | grep -E '^(TDX_CMD|SNP)_' | sort |
		diff "$dir/has" - | grep '^[<>]'
	for header in "$1"/*.h; do
		grep -q "#include <linux/$(basename "$header" | sed 's/-/\\\\-/')>" \
			"$2" || echo "${header##*/} is not named"
	done
}

# check_errors ABI PAGE: those of reading a report
check_errors() {
	awk '/^What:/ { on = /outblob$/ } on' "$1" |
		sed -nE 's/^\t\t(E[A-Z]+)[ \t].*/\1/p' | sort -u >"$dir/has"
	awk '/^\.SH/ { on = 0 } /^of what comes with it|^A report, / { on = 1 } on' \
		"$2" | sed -n 's/^\.B \(E[A-Z]*\)$/\1/p' | sort |
		diff "$dir/has" - | grep '^[<>]'
}

echo "TAP version 13"
silent "it has the files of uapi/ABI, with their modes" \
	check_files "$abi" "$page"
silent "it has the parameters of the module, with their defaults" \
	check_parameters "$top/kernel" "$page"
silent "it has the ioctls and names the headers" \
	check_ioctls "$top/uapi/linux" "$page"
silent "it has the errors of a report" check_errors "$abi" "$page"

sed 's|^What:.*/tcg_map|&s|' "$abi" >"$dir/doctored"
caught "< /sys/kernel/config/tsm/rtmrs/name/tcg_maps" "a file that is not told of" \
	check_files "$dir/doctored" "$page"
caught "> /sys/kernel/config/tsm/rtmrs/name/tcg_map" "one that is not there" \
	check_files "$dir/doctored" "$page"
sed 's/^\.BR auxblob.*/.BR auxblob " (RO)"/' "$page" >"$dir/doctored"
caught "> /sys/kernel/config/tsm/report/name/auxblob" "another mode" \
	check_files "$abi" "$dir/doctored"
mkdir "$dir/kernel"
cat "$top"/kernel/*.c "$top"/kernel/*/*.c |
	sed -e 's/(log_max_kb/(log_max_mb/' -e 's/default 30000/default 20000/' \
	>"$dir/kernel/all.c"
caught "< log_max_mb" "a parameter that is not told of" \
	check_parameters "$dir/kernel" "$page"
caught "quote_timeout_ms: default 20000" "another default" \
	check_parameters "$dir/kernel" "$page"
mkdir "$dir/headers"
cp "$top"/uapi/linux/*.h "$dir/headers"
echo "#define TDX_CMD_PLANTED _IO""WR('T', 9, int)" >"$dir/headers/planted.h"
caught "< TDX_CMD_PLANTED" "an ioctl that is not told of" \
	check_ioctls "$dir/headers" "$page"
caught "planted.h is not named" "a header that is not told of" \
	check_ioctls "$dir/headers" "$page"
sed 's/^\.B EPROTO$/.B ENOTSUP/' "$page" >"$dir/doctored"
caught "< EPROTO" "an error that is not told of" check_errors "$abi" "$dir/doctored"
caught "> ENOTSUP" "an error that there is not" check_errors "$abi" "$dir/doctored"

lints "tsm_guest(4)" "$page"
tap_done
