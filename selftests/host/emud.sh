# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For tests of tsm-emud, to be sourced after tap.sh: builds it, runs it, and
# looks at the bytes that it makes.
#
# There is a temporary folder, $dir, that is removed at the end.
# shellcheck disable=SC2034 # for those who source it

emud=${BUILD:?}/emud/bin/tsm-emud
pki=$BUILD/emud/pki
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99

build_emud() {
	make -s -C ../emu O="$BUILD/emud" CC="${CC:-cc}" \
		CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined'
	tap_result $? "tsm-emud builds with sanitizers"
}

# bytes FILE OFFSET COUNT: in hex
bytes() {
	od -A n -t x1 -v -j "$2" -N "$3" "$1" | tr -d ' \n'
}

# reversed HEX
reversed() {
	echo "$1" | fold -w 2 | tac | tr -d '\n'
}

# le32 FILE OFFSET
le32() {
	printf '%d' "0x$(reversed "$(bytes "$1" "$2" 4)")"
}

# word TEXT SIZE: in hex, zero-padded
word() {
	printf '%s' "$1" >"$dir/word"
	head -c $(($2 - ${#1})) /dev/zero >>"$dir/word"
	bytes "$dir/word" 0 "$2"
}

# same SENTENCE WANT HAVE
same() {
	[ "$2" = "$3" ] || printf '# want %s\n# have %s\n' "$2" "$3"
	[ "$2" = "$3" ]
	tap_result $? "$1"
}

# run SENTENCE STATUS ARGUMENT...
run() {
	sentence=$1 want=$2
	shift 2
	"$emud" "$@" >"$dir/said" 2>&1
	status=$?
	[ $status -eq "$want" ] || sed "s/^/# status $status: /" "$dir/said"
	[ $status -eq "$want" ]
	tap_result $? "$sentence"
}
