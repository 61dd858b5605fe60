# SPDX-License-Identifier: MIT
"""A boot log with every kind of event that the logs of real TDs have.

All that is measured is made up, and the same each time. As in real logs some
digests are of the event data, others of what the event data merely name:
firmware volumes, ACPI tables, images, command lines, the initrd.

[PFP] TCG PC Client Platform Firmware Profile Specification 1.05 rev. 23
[UEFI] UEFI Specification 2.10
"""

import hashlib
import struct
import uuid
import zlib

from eventlog_tcg import EV_NO_ACTION, SHA384, SPEC_ID, Malformed

RTMR0, RTMR1, RTMR2 = 1, 2, 3

# [PFP] 10.4.1
EV_SEPARATOR = 0x4
EV_EVENT_TAG = 0x6
EV_PLATFORM_CONFIG_FLAGS = 0xa
EV_IPL = 0xd
EV_EFI_VARIABLE_DRIVER_CONFIG = 0x80000001
EV_EFI_VARIABLE_BOOT = 0x80000002
EV_EFI_BOOT_SERVICES_APPLICATION = 0x80000003
EV_EFI_GPT_EVENT = 0x80000006
EV_EFI_ACTION = 0x80000007
EV_EFI_PLATFORM_FIRMWARE_BLOB2 = 0x8000000a
EV_EFI_HANDOFF_TABLES2 = 0x8000000b
EV_EFI_VARIABLE_AUTHORITY = 0x800000e0

# Linux, drivers/firmware/efi/libstub/efistub.h: ids of TCG_PCClientTaggedEvent
INITRD_ID, LOAD_OPTIONS_ID = 0x8f3b22ec, 0x8f3b22ed

# [UEFI] 3.3, 32.4.1, 32.6.1; EDK II, OvmfPkg.dec; shim
GLOBAL_VARIABLE = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
IMAGE_SECURITY = "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
CERT_X509 = "a5c059a1-94e4-4aa7-87b5-ab155c2bf072"
CERT_SHA256 = "c1c41626-504c-4092-aca9-41f936934328"
OVMF_TOKEN_SPACE = "93bb96af-b9f2-4eb8-9462-e0ba74564236"
SHIM_LOCK = "605dab50-e046-4300-abb6-3dd810dd8b23"
# [UEFI] 5.3.3; Discoverable Partitions Specification: root of x86-64
ESP_TYPE = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
ROOT_TYPE = "4f68bce3-e8cd-4db1-96e7-fbcaf984b709"

BLOCK = 512
ESP_START, ESP_BLOCKS, ROOT_BLOCKS = 2048, 204800, 2097152

CMDLINE = "/vmlinuz root=LABEL=synthetic ro console=ttyS0"
GRUB_COMMANDS = (
    "set root=hd0,gpt2", "search --label synthetic --set=root",
    "set timeout=0", "menuentry Synthetic Linux {\n\tlinux " + CMDLINE +
    "\n\tinitrd /initrd.img\n}", "setparams Synthetic Linux",
    "linux " + CMDLINE, "initrd /initrd.img",
)


def made_up(name, size):
    """Bytes that stand for something large; they say what it is."""
    return (f"synthetic {name} ".encode() * size)[:size]


def own_id(name):
    return uuid.uuid5(uuid.NAMESPACE_OID, "synthetic " + name)


def guid(value):
    return uuid.UUID(str(value)).bytes_le


def wide(text):
    return text.encode("utf-16-le")


def der(tag, content):
    return struct.pack(">BBH", tag, 0x82, len(content)) + content


def spec_id():
    """[PFP] 10.2.1, 10.4.5.1; firmware gives this record register 1."""
    event = SPEC_ID + struct.pack("<I4BIHHB", 0, 0, 2, 0, 2, 1, SHA384, 48, 0)
    return struct.pack("<II20sI", RTMR0, EV_NO_ACTION, b"", len(event)) + event


def record(mr, kind, event, measured=None):
    """[PFP] 10.2.2 TCG_PCR_EVENT2, of its event data or of @measured"""
    digest = hashlib.sha384(event if measured is None else measured).digest()
    return (struct.pack("<IIIH", mr, kind, 1, SHA384) + digest +
            struct.pack("<I", len(event)) + event)


def variable(owner, name, data):
    """[PFP] UEFI_VARIABLE_DATA"""
    return (guid(owner) + struct.pack("<QQ", len(name), len(data)) +
            wide(name) + data)


def signatures(kind, owner, *entries):
    """[UEFI] 32.4.1 EFI_SIGNATURE_LIST, entries of one size"""
    size = 16 + len(entries[0])
    body = b"".join(guid(owner) + entry for entry in entries)
    return guid(kind) + struct.pack("<III", 28 + len(body), 0, size) + body


def certificate(name):
    """In form the beginning of any certificate; nobody can check it."""
    return der(0x30, der(0x30, der(0x0c, made_up(name, 300))))


def node(kind, subtype, data):
    """[UEFI] 10.3: a node of a device path"""
    return struct.pack("<BBH", kind, subtype, 4 + len(data)) + data


END_OF_PATH = node(0x7f, 0xff, b"")


def disk_path(file):
    """PciRoot(0)/Pci(1,0)/NVMe(1)/HD(1,GPT)/file"""
    return (node(2, 1, struct.pack("<II", 0x0a0341d0, 0)) +
            node(1, 1, bytes((0, 1))) +
            node(3, 0x17, struct.pack("<IQ", 1, 0)) +
            node(4, 1, struct.pack("<IQQ16sBB", 1, ESP_START, ESP_BLOCKS,
                                   guid(own_id("ESP")), 2, 2)) +
            node(4, 4, wide(file + "\0")) + END_OF_PATH)


def load_option(description, path):
    """[UEFI] 3.1.3 EFI_LOAD_OPTION, active"""
    return (struct.pack("<IH", 1, len(path)) + wide(description + "\0") + path)


def gpt():
    """[PFP] UEFI_GPT_DATA: header of [UEFI] 5.3.2, used entries of 5.3.3"""
    first = struct.pack("<16s16sQQQ72s", guid(ESP_TYPE), guid(own_id("ESP")),
                        ESP_START, ESP_START + ESP_BLOCKS - 1, 0, wide("ESP"))
    start = ESP_START + ESP_BLOCKS
    second = struct.pack("<16s16sQQQ72s", guid(ROOT_TYPE), guid(own_id("root")),
                         start, start + ROOT_BLOCKS - 1, 0, wide("root"))
    entries = (first + second).ljust(128 * 128, b"\0")
    last = start + ROOT_BLOCKS + 2047
    fields = [b"EFI PART", 0x10000, 92, 0, 0, 1, last, 34, last - 33,
              guid(own_id("disk")), 2, 128, 128, zlib.crc32(entries)]
    form = "<8sIIIIQQQQ16sQIII"
    fields[3] = zlib.crc32(struct.pack(form, *fields))
    return struct.pack(form, *fields) + struct.pack("<Q", 2) + first + second


def image(where, size, path):
    """[PFP] UEFI_IMAGE_LOAD_EVENT"""
    return struct.pack("<QQQQ", where, size, 0, len(path)) + path


def config(owner, name, data):
    return record(RTMR0, EV_EFI_VARIABLE_DRIVER_CONFIG,
                  variable(owner, name, data))


def firmware():
    """What the firmware finds, and how secure boot is set up"""
    yield record(RTMR0, EV_EFI_HANDOFF_TABLES2,
                 b"\x09TdxTable\0" + struct.pack("<Q", 1) +
                 guid(OVMF_TOKEN_SPACE) + struct.pack("<Q", 0x809000),
                 made_up("TD HOB", 512))
    name = f"Fv({str(own_id('volume')).upper()})".encode()
    yield record(RTMR0, EV_EFI_PLATFORM_FIRMWARE_BLOB2,
                 bytes((len(name),)) + name +
                 struct.pack("<QQ", 0xffc84000, 0x37c000),
                 made_up("firmware volume", 4096))
    owner = own_id("owner")
    yield config(GLOBAL_VARIABLE, "SecureBoot", b"\1")
    for name in ("PK", "KEK"):
        yield config(GLOBAL_VARIABLE, name,
                     signatures(CERT_X509, owner, certificate(name)))
    yield config(IMAGE_SECURITY, "db",
                 signatures(CERT_X509, owner, certificate("db 1")) +
                 signatures(CERT_X509, owner, certificate("db 2 is longer")))
    yield config(IMAGE_SECURITY, "dbx", signatures(
        CERT_SHA256, owner,
        *(hashlib.sha256(made_up(n, 64)).digest() for n in "abc")))
    yield record(RTMR0, EV_SEPARATOR, bytes(4))


def boot_variable(name, data):
    """Unlike with others, the digest is of the value alone."""
    return record(RTMR0, EV_EFI_VARIABLE_BOOT,
                  variable(GLOBAL_VARIABLE, name, data), data)


def boot_manager():
    """What is to be booted, and that it begins"""
    for table in ("RSDP", "DSDT", "loader"):
        yield record(RTMR0, EV_PLATFORM_CONFIG_FLAGS, b"ACPI DATA",
                     made_up(table, 900))
    yield boot_variable("BootOrder", struct.pack("<HH", 1, 0))
    yield boot_variable("Boot0001", load_option(
        "Synthetic Linux", disk_path("\\EFI\\BOOT\\BOOTX64.EFI")))
    yield boot_variable("Boot0000", load_option(
        "UiApp", node(4, 7, guid(own_id("volume"))) +
        node(4, 6, guid(own_id("UiApp"))) + END_OF_PATH))
    yield record(RTMR1, EV_EFI_ACTION,
                 b"Calling EFI Application from Boot Option")
    yield record(RTMR1, EV_SEPARATOR, bytes(4))
    yield record(RTMR1, EV_EFI_GPT_EVENT, gpt())


def loader(path, name, size):
    return record(RTMR1, EV_EFI_BOOT_SERVICES_APPLICATION,
                  image(0x7d6a4018, size, path), made_up(name, 2048))


def authority(owner, name, data):
    return record(RTMR0, EV_EFI_VARIABLE_AUTHORITY, variable(owner, name, data))


def boot_loaders():
    """Shim and GRUB"""
    yield authority(IMAGE_SECURITY, "db",
                    guid(own_id("owner")) + certificate("db 1"))
    yield loader(disk_path("\\EFI\\BOOT\\BOOTX64.EFI"), "shim", 966664)
    yield record(RTMR2, EV_IPL, b"MokList\0", made_up("MokList", 600))
    yield authority(SHIM_LOCK, "SbatLevel", b"sbat,1,2023012900\nshim,2\n")
    yield authority(SHIM_LOCK, "MokListTrusted", b"\1")
    yield record(RTMR2, EV_IPL, b"MokListTrusted\0", b"\1")
    yield loader(node(4, 4, wide("\\EFI\\BOOT\\grubx64.efi\0")) + END_OF_PATH,
                 "GRUB", 2656136)
    yield record(RTMR2, EV_IPL, b"(hd0,gpt2)/boot/grub/grub.cfg\0",
                 made_up("grub.cfg", 700))
    for command in GRUB_COMMANDS:
        yield record(RTMR2, EV_IPL, f"grub_cmd: {command}\0".encode(),
                     command.encode())
    for file in ("/vmlinuz", "/initrd.img"):
        yield record(RTMR2, EV_IPL, file.encode() + b"\0", made_up(file, 3000))
    yield record(RTMR2, EV_IPL, f"kernel_cmdline: {CMDLINE}\0".encode(),
                 CMDLINE.encode())


def tagged(number, text, measured):
    """[PFP] 10.4.2.1 TCG_PCClientTaggedEvent"""
    text += b"\0"
    return record(RTMR2, EV_EVENT_TAG,
                  struct.pack("<II", number, len(text)) + text, measured)


def kernel():
    """Linux's EFI stub, which firmware sees as one more application"""
    yield loader(b"", "kernel", 14977416)
    yield tagged(LOAD_OPTIONS_ID, b"LOADED_IMAGE::LoadOptions",
                 wide(CMDLINE + "\0"))
    yield tagged(INITRD_ID, b"Linux initrd", made_up("initrd", 5000))
    yield record(RTMR1, EV_EFI_ACTION, b"Exit Boot Services Invocation")
    yield record(RTMR1, EV_EFI_ACTION,
                 b"Exit Boot Services Returned with Success")


def boot_log(size):
    """@size bytes, what is left of them 0xff, as firmware leaves its area."""
    log = spec_id() + b"".join((*firmware(), *boot_manager(), *boot_loaders(),
                                *kernel()))
    if len(log) > size:
        raise Malformed(f"the boot log has {len(log)} bytes, more than {size}")
    return log.ljust(size, b"\xff")
