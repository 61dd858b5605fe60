#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the client that does what Intel's libtdx_attest does.
#
# usage: build.sh OUT

here=$(cd "$(dirname "$0")" && pwd)
exec "$here/../build-c.sh" "$1" "$here/libtdx.c"
