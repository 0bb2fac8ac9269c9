#!/usr/bin/env python3
"""hostile_server.py CASE [--log FILE] [--tls CERTIFICATE KEY VERSION]

An LDAP server on loopback that does what no directory does. Prints "listening PORT" and ends with its standard input. --log
writes one JSON object for each request that came: {"op":"bind"}. Standard library only.

  endless-entries   a page that never ends
  endless-base      a search of one entry that brings one after the other
  same-page         the same page for ever, with new cookies
  same-cookie       the same page for ever, with the same cookie
  empty-pages       pages without an entry, with new cookies
  huge-entry        an entry that says it has 1 GiB, and a part of it
  odd-control       a control of paged results that cannot be read, with an end that says success
  calm              one entry, and the end

With --tls it speaks TLS at once where CASE begins with "tls-", or after StartTLS: VERSION (1.0, 1.1, 1.2) and nothing newer."""
import argparse
import json
import socket
import ssl
import sys
import threading

from ldap_proxy import DONE, ENTRY, PAGED, element, integer, octets, take_apart

BASE = b"DC=hostile,DC=contoso,DC=test"
VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2}
KINDS = {0x60: "bind", 0x42: "unbind", 0x63: "search", 0x77: "extended"}


def message(number, tag, content, controls=b""):
    return element(0x30, integer(number) + element(tag, content) + (element(0xA0, controls) if controls else b""))


def entry(number, name, attributes):
    values = b"".join(
        element(0x30, octets(key) + element(0x31, b"".join(map(octets, vals)))) for key, vals in attributes)
    return message(number, ENTRY, octets(name) + element(0x30, values))


def user(number, index):
    return entry(number, b"CN=user %d,%s" % (index, BASE), [
        (b"objectClass", [b"top", b"person", b"organizationalPerson", b"user"]),
        (b"objectGUID", [index.to_bytes(16, "big")]), (b"sAMAccountName", [b"user%d" % index])])


def done(number, cookie=None, control=None):
    if cookie is not None:
        control = element(0x30, octets(PAGED) + octets(element(0x30, integer(0) + octets(cookie))))
    return message(number, DONE, element(0x0A, b"\0") + octets(b"") + octets(b""), control or b"")


class Connection:
    def __init__(self, options, client):
        self.options, self.client, self.pages = options, client, 0

    def receive(self, count):
        data = b""
        while len(data) < count:
            part = self.client.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def request(self):
        head = self.receive(2)
        if head[1] & 0x80:
            more = self.receive(head[1] & 0x7F)
            head, length = head + more, int.from_bytes(more, "big")
        else:
            length = head[1]
        return take_apart(head + self.receive(length))

    def secure(self):
        certificate, key, version = self.options.tls
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = VERSIONS[version]
        context.load_cert_chain(certificate, key)
        self.client = context.wrap_socket(self.client, server_side=True)

    def run(self):
        try:
            if self.options.case.startswith("tls-"):
                self.secure()
            while True:
                number, tag, content, *_ = self.request()
                if self.options.log:
                    with open(self.options.log, "a") as log:
                        log.write(json.dumps({"op": KINDS.get(tag, hex(tag))}) + "\n")
                if tag == 0x42:
                    return
                if tag == 0x60:
                    self.send(message(number, 0x61, element(0x0A, b"\0") + octets(b"") + octets(b"")))
                elif tag == 0x77:
                    self.send(message(number, 0x78, element(0x0A, b"\0") + octets(b"") + octets(b"")))
                    self.secure()
                elif tag == 0x63:
                    self.search(number, content)
        except (EOFError, OSError):
            pass
        finally:
            self.client.close()

    def send(self, data):
        self.client.sendall(data)

    def search(self, number, content):
        case = self.options.case
        is_root = content[:2] == b"\x04\x00"
        if is_root:
            self.send(entry(number, b"", [
                (b"namingContexts", [BASE]), (b"defaultNamingContext", [BASE]), (b"supportedLDAPVersion", [b"3"]),
                (b"supportedControl", [PAGED])]) + done(number))
        elif case == "endless-base" or case == "endless-entries":
            index = 0
            while True:
                self.send(b"".join(user(number, index + step) for step in range(100)))
                index += 100
        elif case in ("same-page", "same-cookie"):
            self.pages += 1
            cookie = b"page" if case == "same-cookie" else b"page %d" % self.pages
            self.send(b"".join(user(number, index) for index in range(10)) + done(number, cookie))
        elif case == "empty-pages":
            self.pages += 1
            self.send(done(number, b"page %d" % self.pages))
        elif case == "huge-entry":
            self.send(b"\x30\x84\x40\x00\x00\x00" + integer(number) + b"\x64\x84\x3f\xff\xff\xf0" + b"\0" * 100_000)
        elif case == "odd-control":
            self.send(user(number, 1) + done(number, control=element(0x30, octets(PAGED) + octets(b"\x30\x7f"))))
        else:
            self.send(user(number, 1) + done(number, b""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("--log")
    parser.add_argument("--tls", nargs=3)
    options = parser.parse_args()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)

    def accept():
        while True:
            client, _ = listener.accept()
            threading.Thread(target=Connection(options, client).run, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print("listening", listener.getsockname()[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
