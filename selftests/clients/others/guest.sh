#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: what systemd, the trusted VM SDK and dstack ask a driver for.

exec ./others "$1"
