#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads event logs as a verifier would, who has never heard of tsm_guest.

Independent of the module and of tsmctl, and of any library but Python's own:
what all three say of a log must agree. Strict, for its logs come from us: a
record that is cut short, an unknown algorithm, a count or a size that does not
fit is an error, and so is what a log of registers cannot have.

  eventlog.py replay FILE...            what the registers must have, in lines
                                        "rtmr0 HEX" to "rtmr3 HEX"
  eventlog.py replay --cel-tlv FILE     the same of a canonical event log, in
  eventlog.py replay --cel-json FILE    binary form or as JSON
  eventlog.py list FILE...              a line for each record: offset, mrIndex,
                                        type, SHA-384 digest, event data in hex;
                                        of JSON the number and not the offset
  eventlog.py boot -o FILE              writes a boot log such as firmware, boot
                                        loader and kernel leave behind

Several files are read one after the other, as one log. Exit status: 0; 1 the
log is not well-formed, which is told in one line; 2 usage; 3 the log itself
says that it does not explain the registers, which have the values it tells.
"""

import argparse
import hashlib
import struct
import sys

# What runs in a test must not leave files beside its source.
sys.dont_write_bytecode = True

import eventlog_boot  # noqa: E402
import eventlog_cel  # noqa: E402
import eventlog_tcg  # noqa: E402
from eventlog_tcg import (EV_NO_ACTION, RTMRS, Cursor,  # noqa: E402
                          Malformed)

# uapi/tsm/eventlog.h: struct tsm_state
STATE = b"tsm_guest state\0"
OPENING, GAP = 0, 1


def read_state(record):
    """Return: {register: value}, or None for a record that tells of none."""
    if not record.data.startswith(STATE):
        return None
    state = Cursor(record.data, len(STATE))
    reason, count, reserved = struct.unpack("BB2s", state.take(4, "tsm_state"))
    values = {}
    for _ in range(count):
        mr = state.number("<I", "mr_index")
        if not 1 <= mr <= RTMRS or mr in values:
            raise Malformed(f"offset {record.offset}: tsm_state tells of "
                            f"register {mr}")
        values[mr] = state.take(48, "value")
    state.done("tsm_state")
    registers = range(1, RTMRS + 1) if reason == OPENING else (record.mr,)
    if (reason not in (OPENING, GAP) or reserved.strip(b"\0") or
            sorted(values) != list(registers) or record.digest.strip(b"\0") or
            reason == OPENING and record.mr != 0):
        raise Malformed(f"offset {record.offset}: this tsm_state cannot be")
    return reason, values


class Replay:
    """What the registers have after the records so far."""

    def __init__(self):
        self.values = {mr: bytes(48) for mr in range(1, RTMRS + 1)}
        self.extended = False   # by any record
        self.told = []          # where the log says that it is not all

    def follow(self, record):
        """A log that begins with an opening record has no boot log before."""
        state = read_state(record)
        if state is None:
            return
        reason, values = state
        for mr, value in values.items():
            if value == self.values[mr]:
                if reason == GAP:
                    raise Malformed(f"offset {record.offset}: a gap that is "
                                    "none")
                continue
            if reason == GAP or self.extended:
                self.told.append(f"offset {record.offset}: rtmr{mr - 1} has "
                                 f"{value.hex()}, which no record explains")
            self.values[mr] = value

    def add(self, record):
        if record.type == EV_NO_ACTION:
            self.follow(record)
            return
        self.extended = True
        self.values[record.mr] = hashlib.sha384(self.values[record.mr] +
                                                record.digest).digest()


def records_of(args):
    reader = {
        "tlv": eventlog_cel.read_cel_tlv, "json": eventlog_cel.read_cel_json,
    }.get(args.cel, eventlog_tcg.read_tcg)
    for name in args.files:
        try:
            with open(name, "rb") as file:
                yield from reader(file.read())
        except Malformed as error:
            raise Malformed(f"{name}: {error}") from None


def replay(args):
    replayed = Replay()
    for record in records_of(args):
        replayed.add(record)
    for mr, value in replayed.values.items():
        print(f"rtmr{mr - 1} {value.hex()}")
    for line in replayed.told:
        print(f"eventlog.py: {line}", file=sys.stderr)
    return 3 if replayed.told else 0


def show(args):
    for record in records_of(args):
        kind = "-" if record.type < 0 else f"0x{record.type:08x}"
        print(record.offset, record.mr, kind, record.digest.hex(),
              record.data.hex() or "-")
    return 0


def boot(args):
    with open(args.output, "wb") as file:
        file.write(eventlog_boot.boot_log(args.size))
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="eventlog.py", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in (("replay", replay), ("list", show)):
        command = commands.add_parser(name)
        command.set_defaults(run=function, cel=None)
        form = command.add_mutually_exclusive_group()
        form.add_argument("--cel-tlv", dest="cel", action="store_const",
                          const="tlv", help="canonical event log, binary")
        form.add_argument("--cel-json", dest="cel", action="store_const",
                          const="json", help="canonical event log, JSON")
        command.add_argument("files", nargs="+", metavar="FILE")
    command = commands.add_parser("boot")
    command.set_defaults(run=boot)
    command.add_argument("-o", dest="output", required=True, metavar="FILE")
    command.add_argument("--size", type=int, default=65536,
                         help="bytes, filled up with 0xff (65536)")
    return parser.parse_args()


def main():
    args = parse_arguments()
    try:
        return args.run(args)
    except (Malformed, OSError) as error:
        print(f"eventlog.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
