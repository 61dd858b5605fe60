#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the reader of event logs, as TAP.

Real logs, if they are there: TSM_DATA, or ../shared/data beside the repository.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import eventlog  # noqa: E402
import eventlog_tcg as tcg  # noqa: E402
from eventlog_boot import boot_log, record  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("TSM_DATA") or os.path.normpath(
    os.path.join(HERE, "../../../shared/data"))
PAIR = "google__go-tdx-guest/testing/testdata/ccel/"
STUB = ("confidential-containers__trustee/deps/eventlog/test_data/"
        "CCEL_data_grub")
TWICE = ("google__go-eventlog/testdata/eventlogs/ccel/"
         "cos-113-intel-tdx-dupe-separator.bin")

HEAD = struct.pack("<II20sI", 0, 3, b"", 33) + tcg.SPEC_ID + struct.pack(
    "<I4BIHHB", 0, 0, 2, 0, 2, 1, 0x0c, 48, 0)
ZERO = bytes(48)
EXTEND = record(4, 0xc, b"")


class Skip(Exception):
    """Why a test cannot be done here."""


def read_data(name):
    path = os.path.join(DATA, name)
    if not os.path.exists(path):
        raise Skip("no real evidence: neither TSM_DATA nor ../shared/data")
    with open(path, "rb") as file:
        return file.read()


def registers(*logs, reader=tcg.read_tcg):
    """The four values, and what the log told of gaps."""
    replayed = eventlog.Replay()
    for log in logs:
        for one in reader(log):
            replayed.add(one)
    return list(replayed.values.values()), replayed.told


def replays_to(want, *logs, reader=tcg.read_tcg):
    got = registers(*logs, reader=reader)
    assert got == (want, []), f"{got} instead of {want}"


def refused(log, why, reader=tcg.read_tcg):
    try:
        got = registers(log, reader=reader)
    except tcg.Malformed as error:
        assert re.search(why, str(error)), f"{error}, not {why}"
    else:
        raise AssertionError(f"{log[:80]} is taken: {got}, not {why}")


def body(log):
    """A log without its padding, and where its records end."""
    ends = [one.offset + 66 + len(one.data) for one in tcg.read_tcg(log)]
    return log[:ends[-1]], [65] + ends


def edited(log, at, form, *values):
    return log[:at] + struct.pack(form, *values) + log[
        at + struct.calcsize(form):]


def state(mr, reason, *values, count=None, reserved=b""):
    data = eventlog.STATE + struct.pack(
        "BB2s", reason, len(values) if count is None else count, reserved)
    data += b"".join(struct.pack("<I", i) + value for i, value in values)
    return (struct.pack("<IIIH", mr, 3, 1, 12) + ZERO +
            struct.pack("<I", len(data)) + data)


def opening(values):
    return state(0, 0, *enumerate(values, 1))


def production_log():
    """as the quote of the same machine says, at the offsets of a quote v4"""
    quote = read_data(PAIR + "cos-113-tdx-quote.dat")
    replays_to([quote[376 + 48 * i:424 + 48 * i] for i in range(4)],
               read_data(PAIR + "ccel_data.dat"))


def production_log_changed():
    log = read_data(PAIR + "ccel_data.dat")
    right, _ = registers(log)
    got, _ = registers(read_data(TWICE))
    assert got[0] != right[0] and got[1] != right[1] and got[2:] == right[2:]


def manifest():
    lines = read_data("MANIFEST.tsv").decode().splitlines()
    found = 0
    for line in lines:
        want = re.findall(r"\bmr([1-3])=([0-9a-f]{96})", line)
        if want:
            got, _ = registers(read_data(line.split("\t")[0]))
            assert [(i, got[int(i) - 1].hex()) for i, _ in want] == want, line
            found += 1
    assert found >= 4, f"only {found} logs"


def all_kinds():
    real = {(one.mr, one.type) for name in (PAIR + "ccel_data.dat", STUB)
            for one in tcg.read_tcg(read_data(name))}
    ours = {(one.mr, one.type) for one in tcg.read_tcg(boot_log(65536))}
    assert real <= ours, f"not there: {sorted(real - ours)}"


def boot_log_is_stable():
    log = boot_log(65536)
    assert log == boot_log(65536) and len(log) == 65536
    values, told = registers(log)
    assert ZERO not in values[:3] and values[3] == ZERO and not told
    assert log[65:68] != b"\xff" * 3 and log.endswith(b"\xff" * 50000)


def borders():
    log, ends = body(boot_log(65536))
    for cut in range(len(log) + 1):
        if cut in ends:
            registers(log[:cut])
        else:
            refused(log[:cut], r"wants \d+ bytes")


def padding():
    log, ends = body(boot_log(65536))
    want, _ = registers(log)
    for pad in (b"\xff" * i for i in (1, 2, 3, 4, 7, 8, 9, 4096)):
        replays_to(want, log + pad)
    for pad in (bytes(i) for i in (8, 9, 64, 4096)):
        replays_to(want, log + pad)
    for i in range(1, 8):
        refused(log + bytes(i), "wants 8 bytes")
    for pad in (b"\xff" * 9 + b"\0", bytes(9) + b"\xff", b"\xff" * 64 + EXTEND,
                bytes(64) + EXTEND):
        refused(log + pad, "more than padding")
    for cut in range(len(log)):
        for pad in (b"\xff", b"\0"):
            try:
                registers(log[:cut] + pad * 64)
            except tcg.Malformed:
                assert cut not in ends


def nothing_crashes():
    log, _ = body(boot_log(65536))
    for at in range(len(log)):
        for flip in (1, 0x80, 0xff):
            changed = bytearray(log)
            changed[at] ^= flip
            try:
                registers(bytes(changed))
            except tcg.Malformed:
                pass


def first_record():
    for at, form, values, why in (
            (0, "<I", (5,), "no EV_NO_ACTION"),
            (4, "<I", (4,), "no EV_NO_ACTION"),
            (27, "B", (1,), "no EV_NO_ACTION"),
            (28, "<I", (32,), "vendorInfoSize wants 1 bytes"),
            (28, "<I", (34,), "wants 34 bytes"),
            (28, "<I", (0xffffffff,), "wants 4294967295 bytes"),
            (32, "4s", (b"spec",), "no TCG_EfiSpecIdEvent"),
            (47, "B", (1,), "no TCG_EfiSpecIdEvent"),
            (53, "B", (1,), "version 1"),
            (55, "B", (0,), "UINTN of size 0"),
            (55, "B", (3,), "UINTN of size 3"),
            (56, "<I", (0,), "0 algorithms"),
            (56, "<I", (6,), "6 algorithms"),
            (56, "<I", (2,), "an algorithm wants 4 bytes"),
            (60, "<H", (0x10,), "no algorithm 0x10"),
            (60, "<H", (0x0b,), "no algorithm 0xb with 48 bytes"),
            (60, "<HH", (0x0b, 32), "no SHA-384"),
            (62, "<H", (47,), "no algorithm 0xc with 47 bytes"),
            (64, "B", (1,), "vendorInfo wants 1 bytes")):
        refused(edited(HEAD, at, form, *values), why)
    refused(edited(HEAD, 28, "<I", 34) + b"\0", "1 bytes after")
    twice = edited(HEAD[:60], 56, "<I", 2) + HEAD[60:64] * 2 + b"\0"
    refused(edited(twice, 28, "<I", 37), "there twice")
    replays_to([ZERO] * 4, HEAD)
    replays_to([ZERO] * 4, edited(HEAD, 0, "<I", 1))


def other_records():
    log = HEAD + record(4, 0xc, b"data")
    for at, form, values, why in (
            (65, "<I", (0,), "for register 0"),
            (65, "<I", (5,), "for register 5"),
            (65, "<I", (0xfffffffe,), "for register 4294967294"),
            (73, "<I", (0,), "0 digests"),
            (73, "<I", (2,), "2 digests"),
            (73, "<I", (0xffffffff,), "4294967295 digests"),
            (77, "<H", (0x0b,), "no algorithm 0xb"),
            (77, "<H", (0x99,), "no algorithm 0x99"),
            (127, "<I", (5,), "event data wants 5 bytes"),
            (127, "<I", (3,), "wants 8 bytes"),
            (127, "<I", (0xffffffff,), "wants 4294967295 bytes")):
        refused(edited(log, at, form, *values), why)


def two_banks():
    head = edited(HEAD[:60], 56, "<I", 2) + struct.pack(
        "<HHHHB", 0x0b, 32, 0x0c, 48, 0)
    head = edited(head, 28, "<I", 37)
    sha256 = struct.pack("<H", 0x0b) + bytes(32)
    event = EXTEND[:8] + struct.pack("<I", 2)
    want, _ = registers(HEAD + EXTEND)
    replays_to(want, head + event + sha256 + EXTEND[12:])
    replays_to(want, head + event + EXTEND[12:62] + sha256 + EXTEND[62:])
    refused(head + EXTEND, "1 digests, not the 2 announced")
    refused(head + event + EXTEND[12:62] + EXTEND[12:], "there twice")


def no_action():
    quiet = edited(EXTEND, 4, "<I", 3)
    want, _ = registers(HEAD + EXTEND)
    replays_to(want, HEAD + quiet + EXTEND + quiet)
    replays_to([ZERO] * 4, HEAD + edited(quiet, 0, "<I", 0))


def state_opens():
    boot, _ = registers(boot_log(65536))
    runtime = HEAD + opening(boot) + EXTEND
    want, _ = registers(boot_log(65536), HEAD + EXTEND)
    replays_to(want, runtime)
    replays_to(want, boot_log(65536), runtime)
    replays_to(want, body(boot_log(65536))[0] + runtime[65:])
    other = HEAD + opening([ZERO, *boot[1:]])
    got, told = registers(boot_log(65536), other)
    assert got == [ZERO, *boot[1:]] and len(told) == 1 and "rtmr0" in told[0]


def state_tells_gaps():
    value = bytes(range(48))
    got, told = registers(HEAD + EXTEND + state(4, 1, (4, value)))
    assert got == [ZERO, ZERO, ZERO, value] and len(told) == 1
    got, _ = registers(HEAD + state(4, 1, (4, value)) + EXTEND)
    want, _ = registers(HEAD + opening([ZERO] * 3 + [value]) + EXTEND)
    assert got == want
    refused(HEAD + state(4, 1, (4, ZERO)), "a gap that is none")


def state_is_checked():
    four = tuple(enumerate([ZERO] * 4, 1))
    for changed, why in (
            (state(0, 2, *four), "cannot be"),
            (state(0, 0, *four, reserved=b"\0\1"), "cannot be"),
            (state(0, 0, *four[:3]), "cannot be"),
            (state(1, 0, *four), "cannot be"),
            (state(4, 1, (3, EXTEND[:48])), "cannot be"),
            (state(4, 1, *four), "cannot be"),
            (state(0, 0, *four, count=5), "wants"),
            (state(0, 0, *four, count=3), "bytes after"),
            (state(0, 0, *four[:3], (3, ZERO)), "tells of register 3"),
            (state(0, 0, *four[:3], (5, ZERO)), "tells of register 5"),
            (edited(state(0, 0, *four), 14, "B", 1), "cannot be"),
            (edited(state(0, 0, *four), 62, "<I", 19)[:85], "wants 4 bytes")):
        refused(HEAD + changed, why)


def several_files():
    log = boot_log(65536)
    want, _ = registers(body(log)[0] + EXTEND + EXTEND)
    replays_to(want, log, HEAD + EXTEND, HEAD + EXTEND)
    refused(HEAD + EXTEND + HEAD, "33 digests|digests, not")


def command_line():
    def run(*args):
        done = subprocess.run([sys.executable, os.path.join(
            HERE, "eventlog.py"), *args], capture_output=True, text=True,
            check=False)
        return done.returncode, done.stdout, done.stderr

    with tempfile.TemporaryDirectory() as folder:
        boot = os.path.join(folder, "boot")
        bad = os.path.join(folder, "bad")
        gap = os.path.join(folder, "gap")
        for name, log in ((bad, HEAD + b"\1"),
                          (gap, HEAD + state(4, 1, (4, EXTEND[:48])))):
            with open(name, "wb") as file:
                file.write(log)
        assert run("boot", "-o", boot) == (0, "", "")
        with open(boot, "rb") as file:
            log = file.read()
        assert log == boot_log(65536)
        values, _ = registers(log)
        text = "".join(f"rtmr{i} {value.hex()}\n"
                       for i, value in enumerate(values))
        assert run("replay", boot) == (0, text, "")
        assert len(run("list", boot)[1].splitlines()) == len(
            list(tcg.read_tcg(log)))
        status, _, said = run("replay", bad)
        assert status == 1 and said.count("\n") == 1 and bad in said
        status, _, said = run("replay", os.path.join(folder, "none"))
        assert status == 1 and said.count("\n") == 1
        status, out, said = run("replay", gap)
        assert status == 3 and out.count("\n") == 4 and "rtmr3" in said
        assert run("boot", "-o", boot, "--size", "1000")[0] == 1
        assert run()[0] == run("replay")[0] == run("boot")[0] == 2


TESTS = (
    ("the log of a production TD replays to the quote of that TD",
     production_log),
    ("that log with one record doubled does not", production_log_changed),
    ("all real logs replay to what is known of them", manifest),
    ("the boot log has every kind of event that real logs have", all_kinds),
    ("the boot log is the same each time, and leaves RTMR 3 alone",
     boot_log_is_stable),
    ("a log cut anywhere but after a record is refused", borders),
    ("0xff and zeros may follow a log, and nothing else", padding),
    ("no change of a byte makes the reader crash", nothing_crashes),
    ("the first record is checked", first_record),
    ("all other records are checked", other_records),
    ("a log of two banks has both digests in each record", two_banks),
    ("EV_NO_ACTION extends nothing", no_action),
    ("a runtime log begins where it says", state_opens),
    ("a gap record tells how to go on", state_tells_gaps),
    ("what the module tells of registers is checked", state_is_checked),
    ("several files are read as one log", several_files),
    ("the command's output and exit status are as told", command_line),
)


def run_all(tests):
    """Return: exit status"""
    failed = 0
    print("TAP version 13")
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
        except Skip as why:
            print(f"ok {number} {name} # SKIP {why}")
        except Exception as error:  # whatever it is, it is a finding
            failed = 1
            text = f"{type(error).__name__}: {error}".replace("\n", " ")
            print(f"not ok {number} {name}\n# {text[:2000]}")
        else:
            print(f"ok {number} {name}")
    print(f"1..{len(tests)}")
    return failed


if __name__ == "__main__":
    sys.exit(run_all(TESTS))
