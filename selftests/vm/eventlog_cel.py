# SPDX-License-Identifier: MIT
"""Records of canonical event logs, in binary form and as JSON.

[CEL] TCG Canonical Event Log Format 1.0 rev. 0.41
"""

import json
import re

from eventlog_tcg import (EV_NO_ACTION, SHA384, Cursor, Malformed, Record,
                          check_alg, checked)

# [CEL] CEL-TLV, types of fields; of a TEE's register it is go-eventlog's
RECNUM, DIGESTS, PCCLIENT_STD, CCMR = 0, 3, 5, 108

# [CEL] CEL-JSON, names of algorithms
ALG_NAMES = {"sha1": 0x04, "sha256": 0x0b, "sha384": 0x0c, "sha512": 0x0d,
             "sm3_256": 0x12}

# The type of content that is no TCG event, or one with a name: it extends.
OTHER = -1


def read_tlv(log, want, what):
    kind = log.number(">B", f"type of {what}")
    value = log.within(log.number(">I", f"length of {what}"), what)
    if want is not None and kind not in want:
        raise Malformed(f"offset {value.at - 5}: TLV {kind} is no {what}")
    return kind, value


def read_cel_digests(value):
    digests = {}
    while value.left():
        alg, digest = read_tlv(value, None, "digest")
        check_alg(alg, digest.left(), digests, digest.at)
        digests[alg] = digest.take(digest.left(), "digest")
    if SHA384 not in digests:
        raise Malformed(f"offset {value.at}: no SHA-384 digest")
    return digests[SHA384]


def read_cel_content(log):
    """Return: event type and data; content of another kind has type OTHER."""
    kind, content = read_tlv(log, None, "content")
    if kind != PCCLIENT_STD:
        return OTHER, content.take(content.left(), "content")
    _, value = read_tlv(content, (0,), "event_type")
    event_type = value.number(">I", "event_type")
    value.done("event_type")
    _, value = read_tlv(content, (1,), "event_data")
    content.done("event_data")
    return event_type, value.take(value.left(), "event_data")


def in_turn(recnum, number, offset):
    if recnum != number:
        raise Malformed(f"offset {offset}: record number {recnum} follows "
                        f"{number - 1}")


def read_cel_tlv(data):
    """[CEL] CEL-TLV: TLVs with big-endian lengths: number, register, digests,
    content."""
    log = Cursor(data)
    number = 0
    while log.left():
        offset = log.at
        _, value = read_tlv(log, (RECNUM,), "recnum")
        in_turn(value.number(">Q", "recnum"), number, offset)
        value.done("recnum")
        _, value = read_tlv(log, (CCMR,), "register of a TEE")
        mr = value.number(">B", "register")
        value.done("register")
        _, value = read_tlv(log, (DIGESTS,), "digests")
        digest = read_cel_digests(value)
        kind, event = read_cel_content(log)
        yield checked(Record(offset, mr, kind, digest, event))
        number += 1


def member(record, name, kinds):
    value = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise Malformed(f"{name!r} is missing or of the wrong kind")
    return value


def unhex(text):
    if not re.fullmatch("([0-9a-fA-F]{2})*", text):
        raise Malformed(f"{text[:20]!r} is not hexadecimal")
    return bytes.fromhex(text)


def json_digest(record):
    digests = {}
    for entry in member(record, "digests", list):
        name = member(entry, "hashAlg", str)
        digest = unhex(member(entry, "digest", str))
        check_alg(ALG_NAMES.get(name, -1), len(digest), digests, name)
        digests[ALG_NAMES[name]] = digest
    if SHA384 not in digests:
        raise Malformed("no SHA-384 digest")
    return digests[SHA384]


def json_content(record):
    content = member(record, "content", dict)
    if member(record, "content_type", str) != "pcclient_std":
        return OTHER, b""
    kind = member(content, "event_type", (int, str))
    if isinstance(kind, str):
        kind = EV_NO_ACTION if kind == "EV_NO_ACTION" else OTHER
    return kind, unhex(member(content, "event_data", str))


def read_cel_json(data):
    """[CEL] CEL-JSON: an array of objects; digests and event data are hex."""
    try:
        records = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON: {error}") from None
    if not isinstance(records, list):
        raise Malformed("no JSON array")
    for number, record in enumerate(records):
        try:
            in_turn(member(record, "recnum", int), number, number)
            mr = member(record, "ccmr", int)
            kind, event = json_content(record)
            yield checked(Record(number, mr, kind, json_digest(record), event))
        except Malformed as error:
            raise Malformed(f"record {number}: {error}") from None
