#!/bin/sh
# SPDX-License-Identifier: MIT
# In a VM: what the attestation agent of Confidential Containers asks a driver for.

exec ./coco "$1"
