#!/usr/bin/env python3
"""Writes event-log.evtx: a small Windows event log with records about synchronization, made from the description of the
format (EVTX; each record has a template of its own in BinXML, and its values). There is no such file that may be published."""
import struct
import sys
import zlib

NS = "http://schemas.microsoft.com/win/2004/08/events/event"


def utf16(text):
    return text.encode("utf-16-le")


def name_hash(text):
    value = 0
    for unit in struct.unpack("<%dH" % len(text), utf16(text)):
        value = (value * 65599 + unit) & 0xFFFFFFFF
    return value & 0xFFFF


class Writer:
    """BinXML at a place of a chunk: names are written where they are used first, and referred to afterwards."""

    def __init__(self, chunk):
        self.chunk = chunk

    def name(self, out, start, text):
        place = start + len(out) + 4
        known = self.chunk.names.get(text)
        if known is not None:
            out += struct.pack("<I", known)
            return
        self.chunk.names[text] = place
        out += struct.pack("<I", place)
        out += struct.pack("<IHH", 0, name_hash(text), len(text)) + utf16(text) + b"\0\0"

    def value(self, text):
        """A text, or the substitution of a value: (number, type)."""
        if isinstance(text, tuple):
            return struct.pack("<BHB", 0x0D, *text)
        return struct.pack("<BBH", 0x05, 0x01, len(utf16(text)) // 2) + utf16(text)

    def element(self, start, name, attributes, children):
        """`children` is a text, a substitution or a list of elements (name, attributes, children)."""
        out = bytearray(struct.pack("<BHI", 0x41 if attributes else 0x01, 0xFFFF, 0))
        self.name(out, start, name)
        if attributes:
            place = len(out)
            out += struct.pack("<I", 0)
            for index, (key, text) in enumerate(attributes):
                out += struct.pack("<B", 0x06 if index == len(attributes) - 1 else 0x46)
                self.name(out, start, key)
                out += self.value(text)
            struct.pack_into("<I", out, place, len(out) - place - 4)
        if children == []:
            out += b"\x03"
        else:
            out += b"\x02"
            if isinstance(children, (str, tuple)):
                out += self.value(children)
            else:
                for child in children:
                    out += self.element(start + len(out), *child)
            out += b"\x04"
        struct.pack_into("<I", out, 3, len(out) - 7)
        return bytes(out)


class Chunk:
    def __init__(self):
        self.names = {}
        self.data = bytearray(65536)
        self.free = 512
        self.first = self.last = 0
        self.last_offset = 0

    def add(self, number, filetime, element, values):
        start = self.free
        body = b"\x0f\x01\x01\x00"
        definition = start + 24 + len(body) + 10
        fragment = b"\x0f\x01\x01\x00"
        fragment += Writer(self).element(definition + 24 + len(fragment), *element) + b"\x00"
        body += struct.pack("<BBII", 0x0C, 0x01, number, definition)
        body += struct.pack("<II12xI", 0, number, len(fragment)) + fragment
        body += struct.pack("<I", len(values))
        body += b"".join(struct.pack("<HBB", len(data), kind, 0) for kind, data in values)
        body += b"".join(data for kind, data in values) + b"\x00"
        size = 24 + len(body) + 4
        size += -size % 8
        record = struct.pack("<4sIQQ", b"**\0\0", size, number, filetime) + body
        record += b"\0" * (size - 4 - len(record)) + struct.pack("<I", size)
        self.data[start:start + size] = record
        self.free += size
        self.first = self.first or number
        self.last = number
        self.last_offset = start

    def bytes(self):
        head = struct.pack("<8sQQQQIIII", b"ElfChnk\0", self.first, self.last, self.first, self.last, 128,
                           self.last_offset, self.free, zlib.crc32(bytes(self.data[512:self.free])))
        self.data[0:len(head)] = head
        checksum = zlib.crc32(bytes(self.data[0:120]) + bytes(self.data[128:512]))
        struct.pack_into("<I", self.data, 124, checksum)
        return bytes(self.data)


# Types of values: text, unsigned numbers of 8, 16 and 64 bits, time, list of texts.
TEXT, U8, U16, U64, TIME, TEXTS = 0x01, 0x04, 0x06, 0x0A, 0x11, 0x81


def event(provider, number, level, record, filetime, strings):
    """The template of a classic event, and the values that go into it."""
    system = [
        ("Provider", [("Name", provider)], []),
        ("EventID", [("Qualifiers", (0, U16))], (1, U16)),
        ("Level", [], (2, U8)),
        ("TimeCreated", [("SystemTime", (3, TIME))], []),
        ("EventRecordID", [], (4, U64)),
        ("Channel", [], "Application"),
        ("Computer", [], "AADC01.contoso.com"),
    ]
    data = [("Data", [], (5, TEXTS))]
    values = [
        (U16, struct.pack("<H", 0x4000)), (U16, struct.pack("<H", number)), (U8, struct.pack("<B", level)),
        (TIME, struct.pack("<Q", filetime)), (U64, struct.pack("<Q", record)),
        (TEXTS, b"".join(utf16(text) + b"\0\0" for text in strings)),
    ]
    return ("Event", [("xmlns", NS)], [("System", [], system), ("EventData", [], data)]), values


EVENTS = [
    ("ADSync", 6941, 2, ["AttributeValueMustBeUnique", "Unable to update this object because the following attributes "
     "associated with this object have values that may already be associated with another object in your local "
     "directory services: [ProxyAddresses SMTP:john@contoso.com;]. Tracking Id: "
     "09fb1e9b-3ff7-4163-9731-581785e347e5", "CN={3441516C50346C503030476144414D463643777A41513D3D}"]),
    ("Directory Synchronization", 0, 2, ["The TargetWebService Connector export cycle has stopped.  Object with DN "
     "CN=3f2504e0-4f89-41d3-9a0c-0305e82c3301 failed validation for the following attributes: proxyAddresses. Please "
     "refer to documentation for information on object attribute validation."]),
    ("Directory Synchronization", 904, 4, ["Finished: Export"]),
    ("VSS", 8224, 4, ["The VSS service is shutting down due to idle timeout."]),
    ("ADSync", 6100, 3, ["contoso.local", "Export", "0", "0", "0", "3", "0"]),
]


def main():
    chunk = Chunk()
    filetime = 132792474890000000  # 2021-10-20 23:51:29 UTC
    for index, (provider, number, level, strings) in enumerate(EVENTS):
        time = filetime + index * 600000000
        element, values = event(provider, number, level, index + 1, time, strings)
        chunk.add(index + 1, time, element, values)
    head = bytearray(4096)
    struct.pack_into("<8sQQQIHHHH", head, 0, b"ElfFile\0", 0, 0, len(EVENTS) + 1, 128, 1, 3, 4096, 1)
    struct.pack_into("<I", head, 124, zlib.crc32(bytes(head[0:120])))
    with open(sys.argv[1], "wb") as file:
        file.write(bytes(head) + chunk.bytes())


main()
