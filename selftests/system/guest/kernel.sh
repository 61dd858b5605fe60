#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: kernel.sh K: Linux K runs, as 6.12 or, whichever of them it is, 7.

. ./lib.sh

case $(uname -r) in
"$1".*) check "Linux $1 runs" true ;;
*) check "Linux $1 runs, and not $(uname -r)" false ;;
esac
