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
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

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

# plant FILE WHAT-THE-CHECK-IS-CALLED <TEXT: that check, and no other, fails.
plant()
{
	local file=$1 name=$2 mode=${3:-644} found

	mkdir -p "$tree/$(dirname "$file")"
	cat >"$tree/$file"
	chmod "$mode" "$tree/$file"
	found=$("$tree/selftests/checks/style.sh" | grep -A 2 '^not ok')
	rm "$tree/$file"
	if [[ $(grep -c '^not ok' <<<"$found") = 1 &&
	      $found = *"$name"* && $found = *"$file"* ]]; then
		tap_ok "caught: $name"
	else
		tap_not_ok "caught: $name" "${found:-nothing}"
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

tap_start 15
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
exit "$tap_failed"
