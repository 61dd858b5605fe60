#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the reader of canonical event logs, as TAP.

The logs are made here, of the records of a TCG log that is read, too.
"""

import json
import struct
import sys

sys.dont_write_bytecode = True

import eventlog_cel as cel  # noqa: E402
import eventlog_tcg as tcg  # noqa: E402
from eventlog_boot import boot_log  # noqa: E402
from eventlog_test import (EXTEND, body, edited, refused,  # noqa: E402
                           registers, run_all, state)


def tlv(kind, value):
    return struct.pack(">BI", kind, len(value)) + value


def as_tlv(number, one):
    return (tlv(cel.RECNUM, struct.pack(">Q", number)) +
            tlv(cel.CCMR, bytes((one.mr,))) +
            tlv(cel.DIGESTS, tlv(0x0c, one.digest)) +
            tlv(cel.PCCLIENT_STD, tlv(0, struct.pack(">I", one.type)) +
                tlv(1, one.data)))


def as_json(number, one):
    return {"recnum": number, "ccmr": one.mr, "digests": [
        {"hashAlg": "sha384", "digest": one.digest.hex()}],
        "content_type": "pcclient_std", "content": {
            "event_type": one.type, "event_data": one.data.hex()}}


def all_records():
    value = bytes(range(48))
    log = body(boot_log(65536))[0] + EXTEND + state(4, 1, (4, value)) + EXTEND
    return list(tcg.read_tcg(log)), registers(log)


def same(want, log, reader):
    got, told = registers(log, reader=reader)
    assert got == want[0] and len(told) == len(want[1]), f"{got}, {told}"


def canonical_tlv():
    records, want = all_records()
    parts = [as_tlv(i, one) for i, one in enumerate(records)]
    log = b"".join(parts)
    same(want, log, cel.read_cel_tlv)
    refused(log[:-1], "wants", cel.read_cel_tlv)
    ends = {len(b"".join(parts[:i])) for i in range(4)}
    for cut in range(len(b"".join(parts[:3])) + 1):
        if cut in ends:
            registers(log[:cut], reader=cel.read_cel_tlv)
        else:
            refused(log[:cut], "wants", cel.read_cel_tlv)


def canonical_tlv_is_checked():
    records, _ = all_records()
    first, second = as_tlv(0, records[0]), as_tlv(1, records[1])
    for changed, why in (
            (second, "record number 1"),
            (first * 2, "record number 0"),
            (edited(first, 13, "B", 1), "TLV 1 is no"),
            (edited(first, 18, "B", 0), "for register 0"),
            (edited(first, 24, "B", 0x0b), "no algorithm 0xb"),
            (edited(first, 25, ">I", 47), "no algorithm 0xc with 47")):
        refused(changed, why, cel.read_cel_tlv)


def canonical_json():
    records, want = all_records()
    parts = [as_json(i, one) for i, one in enumerate(records)]
    log = json.dumps(parts).encode()
    same(want, log, cel.read_cel_json)
    for cut in range(0, len(log), 97):
        refused(log[:cut], "no JSON", cel.read_cel_json)


def canonical_json_is_checked():
    first = as_json(0, all_records()[0][0])
    for changed, why in (
            ({}, "no JSON array"), ([1], "'recnum' is missing"),
            ([{**first, "recnum": 1}], "record number 1"),
            ([{**first, "ccmr": True}], "'ccmr' is missing"),
            ([{**first, "ccmr": 5}], "for register 5"),
            ([{**first, "digests": []}], "no SHA-384"),
            ([{**first, "digests": first["digests"] * 2}], "there twice"),
            ([{**first, "digests": [{"hashAlg": "md5", "digest": "00"}]}],
             "no algorithm"),
            ([{**first, "digests": [{"hashAlg": "sha384", "digest": "0g"}]}],
             "not hexadecimal"),
            ([{**first, "content": {"event_type": 1}}], "'event_data'")):
        refused(json.dumps(changed).encode(), why, cel.read_cel_json)


TESTS = (
    ("a canonical event log in binary form replays to the same",
     canonical_tlv),
    ("its records are checked", canonical_tlv_is_checked),
    ("a canonical event log as JSON replays to the same", canonical_json),
    ("its objects are checked", canonical_json_is_checked),
)

if __name__ == "__main__":
    sys.exit(run_all(TESTS))
