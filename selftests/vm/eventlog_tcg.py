# SPDX-License-Identifier: MIT
"""Records of TCG crypto-agile logs, as CCEL and tsm_guest have them.

[PFP] TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
[CC]  UEFI Specification 2.10, 38 "Confidential Computing"
"""

import struct
from collections import namedtuple

# [PFP] 10.2.1, TPM_ALG_ID: bytes of digest
DIGEST_SIZES = {0x04: 20, 0x0b: 32, 0x0c: 48, 0x0d: 64, 0x12: 32}
SHA384 = 0x0c
EV_NO_ACTION = 3
SPEC_ID = b"Spec ID Event03\0"
RTMRS = 4

Record = namedtuple("Record", "offset mr type digest data")


class Malformed(Exception):
    """What is wrong, and where."""


class Cursor:
    """Bytes that are taken from the front, all that were asked for or none."""

    def __init__(self, data, offset=0, end=None):
        self.data = data
        self.at = offset
        self.end = len(data) if end is None else end

    def left(self):
        return self.end - self.at

    def take(self, size, what):
        if size > self.left():
            raise Malformed(f"offset {self.at}: {what} wants {size} bytes, "
                            f"{self.left()} are left")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, form, what):
        return struct.unpack(form, self.take(struct.calcsize(form), what))[0]

    def within(self, size, what):
        """A cursor over the next @size bytes, which are taken."""
        self.take(size, what)
        return Cursor(self.data, self.at - size, self.at)

    def done(self, what):
        if self.left():
            raise Malformed(f"offset {self.at}: {self.left()} bytes after "
                            f"{what}")

    def at_padding(self):
        """No record begins with 0xff, or with eight zeros: register 0 with
        event type 0, which would extend MRTD."""
        start = self.data[self.at:min(self.at + 8, self.end)]
        if start[:1] != b"\xff" and start != bytes(8):
            return False
        if self.data[self.at:self.end].strip(start[:1]):
            raise Malformed(f"offset {self.at}: there is more than padding "
                            "after the end mark")
        return True


def check_alg(alg, size, seen, at):
    if alg not in DIGEST_SIZES or DIGEST_SIZES[alg] != size:
        raise Malformed(f"offset {at}: there is no algorithm 0x{alg:x} with "
                        f"{size} bytes here")
    if alg in seen:
        raise Malformed(f"offset {at}: algorithm 0x{alg:04x} is there twice")


def read_spec_id(log):
    """[PFP] 10.2.1, 10.4.5.1: the first record; Return: {algorithm: size}."""
    head = log.take(32, "the first record")
    mr, kind = struct.unpack_from("<II", head)
    if mr > RTMRS or kind != EV_NO_ACTION or head[8:28].strip(b"\0"):
        raise Malformed("the first record is no EV_NO_ACTION")
    event = log.within(struct.unpack_from("<I", head, 28)[0], "TCG_EfiSpecId")
    if event.take(16, "signature") != SPEC_ID:
        raise Malformed("the first record is no TCG_EfiSpecIdEvent")
    event.number("<I", "platformClass")
    _, major, _, uintn = struct.unpack("4B", event.take(4, "versions"))
    if major != 2 or uintn not in (1, 2):
        raise Malformed(f"version {major}, UINTN of size {uintn}: cannot be")
    algs = {}
    count = event.number("<I", "numberOfAlgorithms")
    if not 1 <= count <= len(DIGEST_SIZES):
        raise Malformed(f"{count} algorithms")
    for _ in range(count):
        alg, size = struct.unpack("<HH", event.take(4, "an algorithm"))
        check_alg(alg, size, algs, event.at - 4)
        algs[alg] = size
    event.take(event.number("B", "vendorInfoSize"), "vendorInfo")
    event.done("TCG_EfiSpecIdEvent")
    if SHA384 not in algs:
        raise Malformed("no SHA-384, which is what RTMRs have")
    return algs


def read_digests(log, algs):
    """[PFP] 10.2.2 TPML_DIGEST_VALUES: one of each; Return: the SHA-384."""
    count = log.number("<I", "count of digests")
    if count != len(algs):
        raise Malformed(f"offset {log.at - 4}: {count} digests, not the "
                        f"{len(algs)} announced")
    digests = {}
    for _ in range(count):
        alg = log.number("<H", "an algorithm")
        check_alg(alg, algs.get(alg), digests, log.at - 2)
        digests[alg] = log.take(algs[alg], "a digest")
    return digests[SHA384]


def checked(record):
    """[CC] 38.4.1: MRTD is register 0, RTMR n is n + 1; MRTD never changes."""
    least = 0 if record.type == EV_NO_ACTION else 1
    if not least <= record.mr <= RTMRS:
        raise Malformed(f"offset {record.offset}: a record of type "
                        f"0x{record.type:08x} for register {record.mr}")
    return record


def read_tcg(data):
    """All records but the first of a TCG crypto-agile log."""
    log = Cursor(data)
    algs = read_spec_id(log)
    while log.left() and not log.at_padding():
        offset = log.at
        mr, kind = struct.unpack("<II", log.take(8, "a record"))
        digest = read_digests(log, algs)
        event = log.take(log.number("<I", "eventSize"), "event data")
        yield checked(Record(offset, mr, kind, digest, event))
