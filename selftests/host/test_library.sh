#!/bin/sh
# SPDX-License-Identifier: MIT
# Rules of tools/lib: exported names, who includes what, what it must not do.
set -u

cd "$(dirname "$0")" || exit 2
# shellcheck source=tap.sh
. ./tap.sh

lib=../../tools/lib
archive=${BUILD:?}/lib/libtsm.a

# none SENTENCE TEXT: TEXT lists violations
none() {
	[ -z "$2" ] || echo "$2" | sed 's/^/# /'
	[ -z "$2" ]
	tap_result $? "$1"
}

echo "TAP version 13"
names=$(nm -g --defined-only "$archive" | awk 'NF == 3 { print $3 }')
[ "$(echo "$names" | grep -c '^tsm_')" -ge 10 ]
tap_result $? "the library exports functions"
none "it exports only names that start with tsm_" \
	"$(echo "$names" | grep -v -e '^tsm_' -e '^__odr_asan')"
none "only ossl.c includes OpenSSL" \
	"$(grep -l '<openssl/' "$lib"/* | grep -v '/ossl\.c$')"
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
tap_done
