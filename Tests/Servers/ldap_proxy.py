#!/usr/bin/env python3
"""ldap_proxy.py --to IP:PORT [options]

An LDAP proxy on loopback that does to a connection what Active Directory, networks and failing servers do, and a test
server does not. It prints "listening PORT" and ends with its standard input. Standard library only. Simple binds only: what
SASL has sealed cannot be looked into.

  --listen IP:PORT         127.0.0.1:0 without it, which takes any free port
  --to-tls                 the server speaks TLS; its certificate is not looked at
  --tls CERTIFICATE KEY    clients speak TLS to the proxy
  --log FILE               one JSON object for each request: {"op":"search","base":…,"attributes":[…],"page":1000}

Active Directory:
  --max-page-size N        pages are cut to N entries, an unpaged search ends after N with sizeLimitExceeded (4)
  --max-val-range N        of an attribute with more values N come, as "attribute;range=0-(N-1)", the rest when asked for
  --answer-bind CODE:TEXT  binds are answered by the proxy, with this result code and diagnostic
  --bind-as NAME PASSWORD  binds are passed on with this name and password, as if domains trusted each other
  --add-domain DN          the configuration tells of this domain, too
  --reference URL          a search of a subtree brings this reference, too
  --hide ATTRIBUTE         entries come without it; repeatable

Faults, at the N-th search entry of a connection (KIND@N); --times K: for the first K connections that come so far only:
  close  the connection ends           reset  the same by RST              cut    half of an entry, then the end
  stall  nothing comes any more        half   half of an entry, then nothing
  busy   the search ends with 51       code:C with result code C
  --silent                 connections are taken and nothing is ever said
  --delay MILLISECONDS     before each entry
"""
import argparse
import asyncio
import json
import socket
import ssl
import struct
import sys

PAGED = b"1.2.840.113556.1.4.319"
BIND_REQUEST, BIND_RESPONSE, SEARCH_REQUEST, ENTRY, DONE, REFERENCE = 0x60, 0x61, 0x63, 0x64, 0x65, 0x73
OPERATIONS = {0x60: "bind", 0x42: "unbind", 0x63: "search", 0x66: "modify", 0x68: "add", 0x4A: "delete", 0x6C: "rename",
              0x6E: "compare", 0x50: "abandon", 0x77: "extended"}


# BER: just enough to take an LDAP message apart and to put it together again.
def element(tag, content):
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number):
    return element(2, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(content):
    return element(4, content)


def elements(content):
    position = 0
    while position < len(content):
        tag, length = content[position], content[position + 1]
        position += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(content[position:position + count], "big")
            position += count
        yield tag, content[position:position + length]
        position += length


async def message(reader):
    """The next message of a stream as a whole; None at its end."""
    try:
        head = await reader.readexactly(2)
        length = head[1]
        if length & 0x80:
            more = await reader.readexactly(length & 0x7F)
            head += more
            length = int.from_bytes(more, "big")
        return head + await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        return None


def take_apart(whole):
    parts = list(elements(next(elements(whole))[1]))
    return int.from_bytes(parts[0][1], "big"), parts[1][0], parts[1][1], parts[2:]


def put_together(number, tag, content, rest=b""):
    return element(0x30, integer(number) + element(tag, content) + rest)


class Connection:
    sufferers = 0

    def __init__(self, options, client_reader, client_writer):
        self.options, self.client_reader, self.client = options, client_reader, client_writer
        self.entries = 0
        self.unpaged_limit, self.sent, self.over, self.subtrees, self.ranges = {}, {}, set(), set(), {}
        self.suffers = bool(options.fault)
        self.counted = False

    async def run(self):
        options = self.options
        if options.silent:
            await self.client_reader.read()
            return
        context = None
        if options.to_tls:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            self.server_reader, self.server = await asyncio.open_connection(*options.to, ssl=context)
        except OSError:
            self.client.close()
            return
        up, down = asyncio.create_task(self.requests()), asyncio.create_task(self.responses())
        await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0.05)
        for writer in (self.client, self.server):
            writer.close()
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)

    async def requests(self):
        while (whole := await message(self.client_reader)) is not None:
            number, tag, content, rest = take_apart(whole)
            if tag == BIND_REQUEST and self.options.answer_bind:
                code, _, text = self.options.answer_bind.partition(":")
                self.log({"op": "bind"})
                body = element(10, bytes([int(code)])) + octets(b"") + octets(text.encode())
                self.client.write(put_together(number, BIND_RESPONSE, body))
                continue
            if tag == BIND_REQUEST and self.options.bind_as:
                name, password = self.options.bind_as
                whole = put_together(number, tag, integer(3) + octets(name.encode()) + element(0x80, password.encode()))
            if tag == SEARCH_REQUEST:
                whole = self.search(number, content, rest)
            else:
                self.log({"op": OPERATIONS.get(tag, hex(tag))})
            self.server.write(whole)
            await self.server.drain()

    def search(self, number, content, rest):
        """A search as it is passed on: pages and ranges cut to what Active Directory grants."""
        options = self.options
        parts = list(elements(content))
        asked = [value for _, value in elements(parts[7][1])]
        wanted, self.ranges[number] = [], {}
        for name in asked:
            attribute, is_range, bounds = name.partition(b";range=")
            if is_range and options.max_val_range:
                first, _, last = bounds.partition(b"-")
                self.ranges[number][attribute.lower()] = (int(first), None if last == b"*" else int(last))
                name = attribute
            wanted.append(octets(name))
        parts[7] = (0x30, b"".join(wanted))
        page, controls = 0, []
        for _, control in elements(rest[0][1] if rest else b""):
            fields = list(elements(control))
            if fields[0][1] == PAGED:
                size, cookie = [value for _, value in elements(next(elements(fields[-1][1]))[1])]
                page = int.from_bytes(size, "big")
                if options.max_page_size:
                    granted = min(page, options.max_page_size)
                    fields[-1] = (4, element(0x30, integer(granted) + octets(cookie)))
            controls.append(element(0x30, b"".join(element(*field) for field in fields)))
        self.unpaged_limit[number] = 0 if page else options.max_page_size
        self.sent[number] = 0
        if parts[1][1] == b"\2":
            self.subtrees.add(number)
        if options.add_domain and parts[0][1].lower().startswith(b"cn=partitions,"):
            self.client.write(self.domain(number, parts[0][1]))
        self.log({"op": "search", "base": parts[0][1].decode(errors="replace"), "page": page,
                  "attributes": [name.decode(errors="replace") for name in asked],
                  "controls": [next(elements(next(elements(c))[1]))[1].decode() for c in controls]})
        return put_together(number, SEARCH_REQUEST, b"".join(element(*part) for part in parts),
                            element(0xA0, b"".join(controls)) if controls else b"")

    def domain(self, number, partitions):
        """The crossRef object of a further domain."""
        dn = self.options.add_domain
        name = dn.split(",")[0].partition("=")[2]
        values = {"nCName": dn, "dnsRoot": name + ".invalid", "nETBIOSName": name.upper(), "systemFlags": "3"}
        listed = b"".join(element(0x30, octets(k.encode()) + element(0x31, octets(v.encode()))) for k, v in values.items())
        return put_together(number, ENTRY, octets(b"CN=%s,%s" % (name.encode(), partitions)) + element(0x30, listed))

    async def responses(self):
        while (whole := await message(self.server_reader)) is not None:
            number, tag, content, rest = take_apart(whole)
            if number in self.over:
                continue
            if tag == ENTRY:
                whole = await self.entry(number, content, whole)
                if whole is None:
                    return
            elif tag == DONE and self.options.reference and number in self.subtrees:
                self.subtrees.discard(number)
                self.client.write(put_together(number, REFERENCE, octets(self.options.reference.encode())))
            self.client.write(whole)
            await self.client.drain()

    async def entry(self, number, content, whole):
        """An entry as it is passed on; what ends the search instead; None when the connection is over."""
        options = self.options
        name, attributes = list(elements(content))
        if options.delay:
            await asyncio.sleep(options.delay / 1000)
        self.sent[number] = self.sent.get(number, 0) + 1
        if self.unpaged_limit.get(number) and self.sent[number] > self.unpaged_limit[number]:
            return self.end(number, 4)
        if number in self.subtrees:
            self.entries += 1
        if self.suffers and self.entries == options.fault_at and number in self.subtrees:
            Connection.sufferers += 1
            self.suffers = False
            if not options.times or Connection.sufferers <= options.times:
                return await self.fault(number, whole)
        kept = []
        for _, attribute in elements(attributes[1]):
            (_, description), (_, values) = list(elements(attribute))
            if description.decode().lower() in options.hide:
                continue
            values = [value for _, value in elements(values)]
            limit, total = options.max_val_range, len(values)
            if limit:
                asked = self.ranges[number].get(description.lower())
                if asked or total > limit:
                    first, last = asked or (0, None)
                    last = min(total - 1, first + limit - 1, total - 1 if last is None else last)
                    if not asked:
                        kept.append((description, []))
                    values = values[first:last + 1]
                    description = b"%s;range=%d-%s" % (description, first, b"*" if last == total - 1 else b"%d" % last)
            kept.append((description, values))
        listed = b"".join(element(0x30, octets(d) + element(0x31, b"".join(map(octets, v)))) for d, v in kept)
        return put_together(number, ENTRY, octets(name[1]) + element(0x30, listed))

    def end(self, number, code):
        self.over.add(number)
        return put_together(number, DONE, element(10, bytes([code])) + octets(b"") + octets(b"by the proxy"))

    async def fault(self, number, whole):
        kind, _, argument = self.options.fault.partition(":")
        if kind == "busy":
            return self.end(number, 51)
        if kind == "code":
            return self.end(number, int(argument))
        if kind in ("cut", "half"):
            self.client.write(whole[:len(whole) // 2])
            await self.client.drain()
        if kind in ("stall", "half"):
            await asyncio.Event().wait()
        if kind == "reset":
            self.client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.client.transport.abort()
        return None

    def log(self, what):
        if self.options.log:
            with open(self.options.log, "a", encoding="utf-8") as file:
                file.write(json.dumps(what) + "\n")


def address(text):
    host, _, port = text.rpartition(":")
    if not host.startswith("127."):
        raise argparse.ArgumentTypeError("loopback addresses only")
    return host, int(port)


async def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--listen", type=address, default=("127.0.0.1", 0))
    parser.add_argument("--to", type=address, default=("127.0.0.1", 389))
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--bind-as", nargs=2)
    parser.add_argument("--answer-bind")
    parser.add_argument("--add-domain")
    parser.add_argument("--reference")
    parser.add_argument("--log")
    parser.add_argument("--fault", default="")
    parser.add_argument("--hide", action="append", default=[], type=str.lower)
    for name in ("--to-tls", "--silent"):
        parser.add_argument(name, action="store_true")
    for name in ("--max-page-size", "--max-val-range", "--times", "--delay"):
        parser.add_argument(name, type=int, default=0)
    options = parser.parse_args()
    options.fault, _, at = options.fault.partition("@")
    options.fault_at = int(at or 1)
    context = None
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)

    async def serve(reader, writer):
        try:
            await Connection(options, reader, writer).run()
        except (ConnectionError, asyncio.CancelledError):
            pass

    server = await asyncio.start_server(serve, *options.listen, ssl=context)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
