#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules of tools/lib: exported names, who includes what, what it must not do;
# and that others can use it once it is installed.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

lib=../../tools/lib
archive=${BUILD:?}/lib/libtsm.a
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# none SENTENCE TEXT: TEXT lists violations
none() {
	[ -z "$2" ] || echo "$2" | sed 's/^/# /'
	[ -z "$2" ]
	tap_result $? "$1"
}

# same SENTENCE FILE FILE: two lists
same() {
	diff "$2" "$3" >"$dir/diff"
	result=$?
	sed 's/^/# /' "$dir/diff"
	tap_result $result "$1"
}

# runs SENTENCE COMMAND...: without a word
runs() {
	sentence=$1
	shift
	"$@" >"$dir/said" 2>&1 && [ ! -s "$dir/said" ]
	result=$?
	sed 's/^/# /' "$dir/said"
	tap_result $result "$sentence"
}

echo "TAP version 13"

# --- what it is made of
none "only ossl*.c include OpenSSL" \
	"$(grep -l '<openssl/' "$lib"/* | grep -v '/ossl[a-z_]*\.c$')"
none "parsers include neither stdio.h nor OpenSSL" \
	"$(grep -l -e '<stdio.h>' -e '<openssl/' "$lib"/tdreport.c \
		"$lib"/quote.c "$lib"/pck.c "$lib"/evidence.c "$lib"/cursor.h \
		"$lib"/der.h "$lib"/snp.c "$lib"/snp_certs.c "$lib"/snp_ext.c)"

# undefined SYMBOLS...: which of them the library calls
undefined() {
	for symbol in "$@"; do
		nm -u "$archive" | awk '{ print $2 }' | grep -x "$symbol"
	done
}
none "it does not print" "$(undefined printf puts putchar fputs fputc fwrite \
	fprintf perror vprintf vfprintf stdout stderr __printf_chk \
	__fprintf_chk)"
none "it does not exit" "$(undefined exit _exit abort err errx)"
none "it does not read the environment" "$(undefined getenv secure_getenv \
	environ)"
none "it does not change how signals are handled" "$(undefined signal \
	sigaction sigprocmask pthread_sigmask fork)"

# --- installed
cc=${CC:-cc}
prefix=$dir/usr
make -C ../../tools O="$dir/build" CC="$cc" CFLAGS=-O0 PREFIX=/usr \
	DESTDIR="$dir" -j2 install >"$dir/said" 2>&1
result=$?
[ $result -eq 0 ] || sed 's/^/# /' "$dir/said"
tap_result $result "it can be installed"
for file in bin/tsmctl lib/libtsmguest.a lib/libtsmguest.so \
	    lib/libtsmguest.so.1 lib/pkgconfig/libtsmguest.pc \
	    include/tsmguest/tsm.h include/tsmguest/tsm_verify.h \
	    include/tsmguest/tsm/tdx.h; do
	[ -e "$prefix/$file" ]
	tap_result $? "$file is there"
done
none "no header of the library alone is" "$(find "$prefix/include" -type f |
	grep -v -e '/tsmguest/tsm[a-z_]*\.h$' -e '/tsm/[a-z]*\.h$')"

readelf -d "$prefix/lib/libtsmguest.so" >"$dir/dynamic"
grep -q 'SONAME.*\[libtsmguest\.so\.1\]' "$dir/dynamic"
tap_result $? "the shared library has its name and version"
none "and needs libcrypto and the C library alone" "$(grep NEEDED \
	"$dir/dynamic" | grep -v -e 'libcrypto\.so' -e 'libc\.so' -e 'ld-linux')"

none "neither has what tsmctl alone needs, kernel modules" "$(nm \
	"$prefix/lib/libtsmguest.so" "$prefix/lib/libtsmguest.a" |
	grep -e tsm_module -e kmod -e dlopen)"

# Names in the symbol tables are those that the headers declare, no more, no
# less. gcc knows which those are.
flags="-I$prefix/include/tsmguest"
echo '#include <tsm.h>' >"$dir/all.c"
if "$cc" --version | grep -qi gcc || "$cc" --version | grep -q 'Free Software'
then
	# shellcheck disable=SC2086
	"$cc" -std=c11 $flags -fsyntax-only -aux-info "$dir/aux" "$dir/all.c"
	grep '/tsmguest/tsm[a-z_]*\.h' "$dir/aux" |
		grep -o '[a-z0-9_]* (' | sed 's/ (//' | grep '^tsm_' |
		sort -u >"$dir/declared"
	[ "$(wc -l <"$dir/declared")" -ge 50 ]
	tap_result $? "the headers declare functions"
	nm -D --defined-only "$prefix/lib/libtsmguest.so" |
		awk 'NF == 3 { print $3 }' | sort >"$dir/exported"
	same "the shared library exports what they declare, and nothing else" \
		"$dir/declared" "$dir/exported"
	nm -g --defined-only "$prefix/lib/libtsmguest.a" |
		awk 'NF == 3 { print $3 }' | sort >"$dir/exported"
	same "so does the static one" "$dir/declared" "$dir/exported"
else
	tap_skip "both libraries export what the headers declare" "no gcc"
fi

# --- used
strict="-Wall -Wextra -Wundef -Werror -fsyntax-only"
cxx=$(command -v g++ || command -v clang++)
for header in "$prefix"/include/tsmguest/tsm*.h; do
	name=$(basename "$header")
	echo "#include <$name>" >"$dir/one.c"
	# shellcheck disable=SC2086
	runs "$name compiles by itself in C11" \
		"$cc" -std=c11 $strict -Wpedantic $flags "$dir/one.c"
	if [ -n "$cxx" ]; then
		# shellcheck disable=SC2086
		runs "and in C++17" \
			"$cxx" -x c++ -std=c++17 $strict $flags "$dir/one.c"
	else
		tap_skip "and in C++17" "no C++ compiler"
	fi
done

example=../../tools/example/verify.c
[ "$(wc -l <$example)" -lt 60 ]
tap_result $? "the example has less than 60 lines"

# use SENTENCE COMPILER FLAGS...: builds the example as its head says; sets built
use() {
	sentence=$1
	compiler=$2
	shift 2
	# shellcheck disable=SC2046
	runs "$sentence" "$compiler" -Wall -Wextra -Werror "$@" \
		$($pc --cflags libtsmguest) $example -o "$dir/example" \
		$($pc --libs libtsmguest)
}

# judges SENTENCE STATUS PATTERN ARGUMENT...: the example's verdict
judges() {
	sentence=$1
	want=$2
	pattern=$3
	shift 3
	LD_LIBRARY_PATH=$prefix/lib "$dir/example" "$@" >"$dir/said" 2>&1
	status=$?
	[ $status -eq "$want" ] && grep -q -e "$pattern" "$dir/said"
	result=$?
	[ $result -eq 0 ] || sed "s/^/# $status: /" "$dir/said"
	tap_result $result "$sentence"
}

real=${TSM_DATA:-}/derived/snp/turin-v5-oak
try() {
	judges "what is no evidence is rejected" 1 '^format: ' \
		$example "$dir/policy"
	judges "what is no policy is an error" 2 '^JSON: ' \
		$example $example
	if [ -e "$real.report.bin" ]; then
		cat "$real.vcek.der" >"$dir/vcek"
		judges "a real report without its chain is rejected" 1 \
			'^chain: \|^certificates: ' "$real.report.bin" \
			"$dir/policy" "$dir/vcek"
	else
		tap_skip "a real report without its chain is rejected" \
			"no TSM_DATA"
	fi
}

echo '{"snp": {}}' >"$dir/policy"
if command -v pkg-config >/dev/null; then
	pc="env PKG_CONFIG_SYSROOT_DIR=$dir PKG_CONFIG_PATH=$prefix/lib/pkgconfig \
		pkg-config"
	use "the example compiles as its head says" "$cc" -std=c11
	try
	if [ -n "$cxx" ]; then
		use "as C++, too" "$cxx" -x c++ -std=c++17
	else
		tap_skip "as C++, too" "no C++ compiler"
	fi
	mv "$prefix/lib/libtsmguest.so" "$dir/away"
	PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --static --libs \
		libtsmguest >"$dir/libs" 2>&1
	grep -q -e '-lcrypto' "$dir/libs"
	tap_result $? "who links statically is told of libcrypto"
	runs "the static library is all that it takes" "$cc" $example \
		"-I$prefix/include/tsmguest" "$prefix/lib/libtsmguest.a" \
		-lcrypto -o "$dir/example"
	try
else
	tap_skip "the example compiles as its head says" "no pkg-config"
fi
tap_done
