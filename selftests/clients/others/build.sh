#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the client in C beside this.
#
# usage: build.sh OUT

here=$(cd "$(dirname "$0")" && pwd)
exec "$here/../build-c.sh" "$1" "$here/others.c"
