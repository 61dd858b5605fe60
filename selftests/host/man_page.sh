# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Checks that have nothing to say if all is well, and what lints man pages. Source
# it behind tap.sh, with dir set to a folder for files.

# silent SENTENCE CHECK...: the check has nothing to say
silent() {
	sentence=$1
	shift
	"$@" >"${dir:?}/said" 2>&1
	head -n 20 "$dir/said" | sed 's/^/# /'
	[ ! -s "$dir/said" ]
	tap_result $? "$sentence"
}

# caught TEXT SENTENCE CHECK...: the check says TEXT
caught() {
	text=$1 sentence="caught: $2"
	shift 2
	"$@" >"$dir/said" 2>&1
	grep -qF -e "$text" "$dir/said"
	result=$?
	[ $result -eq 0 ] || sed 's/^/# /' "$dir/said"
	tap_result $result "$sentence"
}

# plain: a man page as text, without layout
plain() {
	sed -E -e '/^\./d' -e 's/\\f[BIR]//g' -e 's/\\%//g; s/\\&//g' \
		-e 's/\\-/-/g' -e "s/\\\\\\(aq/'/g" -e 's/\\\(ha/^/g' \
		-e 's/\\\(ti/~/g' -e 's/\\\(ga/`/g' -e 's/\\e/\\/g'
}

check_lint() {
	mandoc -T lint -W warning "$1"
}

check_groff() {
	{ man --warnings -l "$1" >/dev/null; } 2>&1
}

# lints NAME PAGE
lints() {
	if command -v mandoc >/dev/null; then
		silent "mandoc has nothing to say about $1" check_lint "$2"
		sed '$a .NOSUCH' "$2" >"$dir/page"
		caught NOSUCH "a macro that is none, by mandoc" \
			check_lint "$dir/page"
	else
		tap_skip "mandoc has nothing to say about $1" "no mandoc"
	fi
	if command -v man >/dev/null && command -v groff >/dev/null; then
		silent "man has nothing to say about $1" check_groff "$2"
	else
		tap_skip "man has nothing to say about $1" "no man, or no groff"
	fi
}
