#!/bin/sh
# SPDX-License-Identifier: MIT
# Takes what runs in a VM out of README.md.
#
# usage: build.sh OUT

set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/blocks.py" "$here/../../../README.md" "$1"
rm -f "$1"/*.copy "$1"/*.tree
cp "$here/shown.awk" "$here/remarks.awk" "$1"
