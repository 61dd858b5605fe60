#!/bin/bash
# SPDX-License-Identifier: MIT
# Who may include whom, as TAP: one line a rule, and one that it can fail.
#
# Each rule is a function that prints the lines which break it, for the tree
# in the current folder. After it has run on the project it runs on a copy in
# which a file that breaks it was planted, and must name that file.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

# lines REGEX PATH...: the lines of sources under the paths that match.
lines()
{
	local regex=$1

	shift
	find "$@" -name '*.[chS]' ! -name '*.mod.c' -exec \
		grep -HnE -- "$regex" {} + 2>/dev/null
}

# includes REGEX PATH...: the same for what is included, brackets and all.
includes()
{
	local regex=$1

	shift
	lines "^[[:space:]]*#[[:space:]]*include[[:space:]]*$regex" "$@"
}

# <linux/ioctl.h> is where _IOWR() comes from, which numbers of ioctls need.
uapi_only_types()
{
	includes '[<"]' uapi |
		grep -vE '<linux/types\.h>' |
		grep -vE '^uapi/linux/[^:]*:[0-9]+:#include <linux/ioctl\.h>'
}

core_only_backend_h()
{
	find kernel -maxdepth 1 -name '*.[ch]' -print0 | xargs -0r grep -HnE \
		'#[[:space:]]*include[[:space:]]*"(\./)?(tdx|snp|legacy)/'
}

main_names_backends()
{
	find kernel -name '*.[ch]' ! -path kernel/main.c -print0 |
		xargs -0r grep -lE 'tsmg_tdx_backend' |
		xargs -r grep -HnE 'tsmg_snp_backend' |
		grep -v '^kernel/backend\.h:'
}

tdx_without_snp()
{
	includes '[<"][^>"]*(snp|sev)' kernel/tdx
	includes '[<"][^>"]*(legacy)/' kernel/tdx
}

snp_without_tdx()
{
	includes '[<"][^>"]*tdx' kernel/snp
	includes '[<"][^>"]*(legacy)/' kernel/snp
}

backends_without_user_pointers()
{
	lines '__user\b|(copy_(from|to)|get|put|clear)_user\b|linux/uaccess\.h|sockptr' \
		kernel/tdx kernel/snp
}

# tdx_guest.c sees tdx/tdx.h and nothing deeper; sev_guest.c the same of snp.
legacy_is_thin()
{
	includes '"[^"]*(tdx|snp)/' kernel/legacy |
		grep -vE 'legacy/tdx_[a-z]+\.c:[0-9]+:#include "\.\./(tdx/tdx|\.\./uapi/linux/tdx-guest)\.h"' |
		grep -vE 'legacy/sev_[a-z]+\.c:[0-9]+:#include "\.\./(snp/snp|\.\./uapi/linux/sev-guest)\.h"'
}

kernel_without_the_rest()
{
	includes '[<"][^>"]*(tools|selftests)/' kernel
}

# By name, that is: that evidence is emulated, whoever made it, it may say.
product_without_emulator()
{
	lines '[tT][sS][mM][-_]?[eE][mM][uU][dD]?([^a-zA-Z]|$)' kernel tools uapi
}

compat_is_injected()
{
	find kernel -name '*.[chS]' ! -path 'kernel/compat/*' -print0 |
		xargs -0r grep -HnE '#[[:space:]]*include[[:space:]]*[<"][^>"]*compat'
}

emu_without_product()
{
	includes '[<"][^>"]*(kernel|uapi|tools)/' selftests/emu
	includes '<(tsm/|linux/(tsm|tdx-guest|sev-guest))' selftests/emu
}

# The third reading of the specifications: its own headers and the kernel's,
# whose TDX ones would be the driver's reading again.
probe_on_its_own()
{
	includes '"' selftests/emu/probe | grep -v ':#include "probe\.h"'
	includes '<(\.|tsm/|linux/(tsm|tdx-guest|sev-guest)|uapi/|asm/(shared/)?tdx)' \
		selftests/emu/probe
}

tests_without_product()
{
	find selftests -maxdepth 1 -name '*.[ch]' -print0 |
		xargs -0r grep -HnE \
		'#[[:space:]]*include[[:space:]]*([<"][^>"]*(kernel|uapi|tools|emu)/|<(tsm/|linux/(tsm|tdx-guest|sev-guest)))'
}

tools_without_kernel()
{
	includes '[<"][^>"]*(kernel|selftests)/' tools
}

library_without_program()
{
	includes '"(\.\./|[^"]*(tsmctl|out)\.h)' tools/lib
}

# What walks over given bytes does nothing else.
parsers_are_pure()
{
	find tools/lib -name '*.c' -print0 |
		xargs -0r grep -lE 'struct (tsm_)?cursor' |
		xargs -r grep -HnE \
		'#[[:space:]]*include[[:space:]]*<(openssl/|stdio|unistd|fcntl|sys/|libkmod|jansson)'
}

openssl_in_its_files()
{
	includes '<openssl/' tools | grep -vE '^tools/lib/ossl(_[a-z]+)?\.c:'
}

libkmod_in_one_file()
{
	includes '<libkmod' tools | grep -v '^tools/lib/module\.c:'
}

tools_without_jansson()
{
	includes '<jansson' tools
}

# What knows of calendars reads TZ, and a file, under a lock.
library_is_silent()
{
	lines '(^|[^A-Za-z0-9_])((gm|local)time(_r)?|tzset|(str|wcs)ftime|(mk|c)time(_r)?|v?f?printf|dprintf|puts|fputs|putchar|perror|syslog|v?(err|warn)x?|exit|_exit|abort|(secure_)?getenv)[[:space:]]*\(' \
		tools/lib | grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)'
}

one_writer_to_stdout()
{
	find tools -maxdepth 1 -name '*.c' ! -name out.c -print0 |
		xargs -0r grep -HnE \
		'(^|[^A-Za-z0-9_])(v?printf|puts|putchar)[[:space:]]*\(|[^A-Za-z0-9_]stdout[^A-Za-z0-9_]' |
		grep -vE '^[^:]*:[0-9]+:[[:space:]]*(/?\*|//)'
}

# rule FUNCTION FOLDER PLANTED-FILE PLANTED-LINE NAME
rule()
{
	local check=$1 folder=$2 file=$3 line=$4 name=$5 found shown

	if [ -d "$folder" ]; then
		found=$($check)
		if [ -z "$found" ]; then
			tap_ok "$name"
		else
			tap_not_ok "$name" "$found"
		fi
	else
		tap_skip "$name" "no $folder here"
	fi

	mkdir -p "$copy/${file%/*}"
	printf '%s\n' "$line" >"$copy/$file"
	found=$(cd "$copy" && $check)
	rm "$copy/$file"
	shown=${line%%$'\n'*}
	shown=${shown#$'\t'}
	case $found in
	*"$file:"*) tap_ok "caught: $shown in $file" ;;
	*) tap_not_ok "caught: $shown in $file" "${found:-nothing}" ;;
	esac
}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/kernel" "$copy/tools/lib" "$copy/selftests/emu/probe" \
	"$copy/uapi"

tap_start 44
rule uapi_only_types uapi \
	uapi/linux/planted.h '#include <stdint.h>' \
	"uapi includes only <linux/types.h>, and <linux/ioctl.h> for its numbers"
rule core_only_backend_h kernel \
	kernel/planted.c '#include "tdx/quote.h"' \
	"the core includes no header of a backend"
rule main_names_backends kernel \
	kernel/planted.c '&tsmg_tdx_backend, &tsmg_snp_backend,' \
	"only main.c names both backends"
rule tdx_without_snp kernel/tdx \
	kernel/tdx/planted.c '#include "../snp/msg.h"' \
	"tdx includes nothing of snp or legacy"
rule snp_without_tdx kernel/snp \
	kernel/snp/planted.c '#include "../tdx/tdcall.h"' \
	"snp includes nothing of tdx or legacy"
rule backends_without_user_pointers kernel/tdx \
	kernel/tdx/planted.c '	if (copy_from_user(data, arg, len))' \
	"backends touch no user pointer"
rule legacy_is_thin kernel/legacy \
	kernel/legacy/tdx_guest.c '#include "../tdx/tdcall.h"' \
	"legacy includes of a backend only its own face"
rule kernel_without_the_rest kernel \
	kernel/planted.h '#include "../selftests/emu/emu.h"' \
	"the module includes nothing of tools or selftests"
rule product_without_emulator kernel \
	tools/planted.c '	open("/dev/tsm_emu", O_RDWR);' \
	"nothing in the product knows of the emulator"
rule compat_is_injected kernel/compat \
	kernel/planted.c '#include "compat/compat.h"' \
	"compat is injected, not included"
rule emu_without_product selftests/emu \
	selftests/emu/planted.c '#include "../../kernel/tdx/quote.h"' \
	"the emulator takes no constant from the product"
rule probe_on_its_own selftests/emu/probe \
	selftests/emu/probe/planted.c '#include "../tdx_spec.h"' \
	"the emulator's probe takes no constant from anybody"
rule tests_without_product selftests \
	selftests/planted_test.c '#include <linux/tdx-guest.h>' \
	"the VM tests take no constant from product or emulator"
rule tools_without_kernel tools \
	tools/lib/planted.c '#include "../../kernel/backend.h"' \
	"tools include nothing of the module or the tests"
rule library_without_program tools/lib \
	tools/lib/planted.c '#include "../out.h"' \
	"the library includes nothing of the program"
rule parsers_are_pure tools/lib \
	tools/lib/planted.c $'#include <stdio.h>\nstruct cursor c;' \
	"parsers include neither OpenSSL nor stdio nor system calls"
rule openssl_in_its_files tools/lib \
	tools/lib/planted.c '#include <openssl/evp.h>' \
	"only ossl.c and ossl_*.c include OpenSSL"
rule libkmod_in_one_file tools \
	tools/planted.c '#include <libkmod.h>' \
	"only module.c includes libkmod"
rule tools_without_jansson tools \
	tools/planted.c '#include <jansson.h>' \
	"nothing in tools includes jansson"
rule library_is_silent tools/lib \
	tools/lib/planted.c '	fprintf(stderr, "no quote\n");' \
	"the library never prints, exits or reads the environment"
rule library_is_silent tools/lib \
	tools/lib/planted.c '	if (!gmtime_r(&when, &tm))' \
	"the library knows the calendar itself"
rule one_writer_to_stdout tools \
	tools/planted.c '	printf("quote\n");' \
	"only out.c writes to stdout"
exit "$tap_failed"
