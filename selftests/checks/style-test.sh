#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests that each check of style.sh finds what it looks for.

set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
# shellcheck source=tap.bash
. selftests/checks/tap.bash

KSRC=$(cd "${KSRC:-build/ksrc}" 2>/dev/null && pwd)
export KSRC
work=$(mktemp -d)
tree=$work/tree
trap 'rm -rf "$work"' EXIT

# In two pieces, or style.sh would find them here.
promise=TO; promise+=DO
host=deb; host+=.debian.org
folder=/wo; folder+=rk

spdx='// SPDX-License-Identifier: GPL-2.0-only'
purpose='/* Is here to be found. */'

make_tree()
{
	git init -q "$tree" || return
	mkdir -p "$tree/selftests/checks" "$tree/kernel"
	cp selftests/checks/style.sh selftests/checks/tap.bash \
		"$tree/selftests/checks"
	printf '%s\n%s\n' "$spdx" "$purpose" >"$tree/kernel/good.c"
}

# plant FILE WHAT-THE-CHECK-IS-CALLED [MODE [NAME]] <TEXT: that check, and no
# other, fails.
plant()
{
	local file=$1 name=$2 mode=${3:-644} point="caught: ${4:-$2}" found

	mkdir -p "$tree/$(dirname "$file")"
	cat >"$tree/$file"
	chmod "$mode" "$tree/$file"
	found=$("$tree/selftests/checks/style.sh" | grep -A 2 '^not ok')
	rm "$tree/$file"
	if [[ $(grep -c '^not ok' <<<"$found") = 1 &&
	      $found = *"$name"* && $found = *"$file"* ]]; then
		tap_ok "$point"
	else
		tap_not_ok "$point" "${found:-nothing}"
	fi
}

numbered()
{
	seq "$1" | sed 's/.*/int n&;/'
}

nothing_wrong()
{
	"$tree/selftests/checks/style.sh" | grep '^not ok'
	return 0
}

# plant_wide NAME: a file that breaks a rule, in a tree of some kind.
plant_wide()
{
	plant kernel/wide.c "wider than 100" 644 "$1" <<-END
	$spdx
	$purpose
	int $(printf 'a%.0s' {1..100});
	END
}

# As a release is unpacked; what was built in it is not for the checks.
without_git()
{
	mv "$tree/.git" "$work/git"
	printf 'int made; \n' >"$tree/kernel/made.mod.c"
	plant_wide "$1"
	rm "$tree/kernel/made.mod.c"
	mv "$work/git" "$tree/.git"
}

# A git that cannot say what is ours must not look like nothing to check.
broken_git()
{
	local said status=0

	mv "$tree/.git/HEAD" "$work/HEAD"
	said=$("$tree/selftests/checks/style.sh" 2>&1) || status=$?
	mv "$work/HEAD" "$tree/.git/HEAD"
	[[ $status = 1 && $said = *"Bail out!"* ]] ||
		echo "status $status: $said"
}

# checkpatch.pl keeps notes on the names that it has seen.
nothing_left()
{
	local before

	printf '%s\n%s\nint CamelCase;\n' "$spdx" "$purpose" \
		>"$tree/kernel/camel.c"
	before=$(find "$tree" "$work" ! -path '*/.git/*')
	TMPDIR=$work "$tree/selftests/checks/style.sh" >/dev/null
	diff <(echo "$before") <(find "$tree" "$work" ! -path '*/.git/*')
	rm "$tree/kernel/camel.c"
}

tap_start 21
make_tree
tap_quiet "a clean tree is clean" nothing_wrong

plant tools/a.c "names the licence" <<END
/* Is here to be found. */
END
plant tools/b.c "names the licence" <<END
$spdx
$purpose
END
plant kernel/c.c "says what it is for" <<END
$spdx

int a;
END
plant selftests/a.go "names the licence" 644 "a program in Go without a licence" <<END
// Is here to be found.

package main
END
plant selftests/b.go "says what it is for" 644 "one that does not say what it is for" <<END
// SPDX-License-Identifier: MIT

package main
END
plant kernel/d.c "longer than 600" <<END
$spdx
$purpose
$(numbered 600)
END
plant kernel/e.c "wider than 100" <<END
$spdx
$purpose
int $(printf 'a%.0s' {1..100});
END
plant kernel/f.c "longer than a screen" <<END
$spdx
$purpose
int f(void)
{
$(numbered 90 | sed 's/^/\t/')
}
END
plant kernel/g.c "no kernel version" <<END
$spdx
$purpose
#if LINUX_VERSION_CODE > 1
#endif
END
plant kernel/h.c "left for later" <<END
$spdx
$purpose
/* $promise: this */
END
plant kernel/i.c "package registry" <<END
$spdx
$purpose
/* see http://$host/debian */
END
plant kernel/j.c "particular machine" <<END
$spdx
$purpose
/* see $folder/main */
END
plant tools/k.c "blanks at the end" <<END
// SPDX-License-Identifier: MIT
$purpose
int a;$(printf ' ')
END
plant tools/l.sh "scripts are executable" <<END
#!/bin/sh
# SPDX-License-Identifier: MIT
# Is here to be found.
END

if command -v shellcheck >/dev/null; then
	plant tools/m.sh "shellcheck" 755 <<-'END'
	#!/bin/sh
	# SPDX-License-Identifier: MIT
	# Is here to be found.
	cd $1
	END
else
	tap_skip "caught: shellcheck" "no shellcheck: run make deps"
fi

if [ -e "$KSRC/scripts/checkpatch.pl" ]; then
	plant kernel/n.c "checkpatch" <<-END
	$spdx
	$purpose
	int f(int a)
	{
		return a+1 ,a;
	}
	END
else
	tap_skip "caught: checkpatch" "no checkpatch.pl under KSRC"
fi

without_git "a wide line in a tree without git"
# as git does for its own tests, since to give files away takes root
GIT_TEST_ASSUME_DIFFERENT_OWNER=1 plant_wide "a wide line in another user's tree"
tap_quiet "a broken .git is a failure, not a skip" broken_git
tap_quiet "nothing is left behind" nothing_left
exit "$tap_failed"
