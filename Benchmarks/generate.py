#!/usr/bin/env python3
"""Writes a made-up Active Directory export as LDIF: realistic, seeded, as large as wanted, with known defects.

    Benchmarks/generate.py 1000000 -o export.ldif -m manifest.tsv
    Benchmarks/generate.py 1000 --style ldifde --defects 0.2 --seed 7

Everything about object number i follows from the seed and i alone. So the same command always writes the same bytes,
whatever the number of processes, and nothing has to be kept in memory.

Of 40 objects 33 are users, 4 groups, 2 contacts and 1 a computer (which synchronization leaves aside). An object without
a line in the manifest has no defect. The manifest's columns: number, dn, objectClass, attribute, defect, rules (those
that must find it, separated by commas), value, dn of the other holder for a duplicate.
"""

import argparse
import base64
import hashlib
import multiprocessing
import os
import signal
import sys

import defects

FIRST_NAMES = (
    "Aaron Abigail Adrian Agnes Alan Albert Alice Amelia Andrea Anton Arthur Astrid Beatrice Benjamin Bernard Bianca "
    "Bruno Camila Carl Cecilia Clara Conrad Cora Daniel Daphne Denise Diego Dora Edgar Edith Elena Elias Emil Erica "
    "Esther Felix Fiona Florence Frank Frieda Gabriel George Gloria Greta Harold Hazel Helen Henry Hugo Ida Igor Irene "
    "Iris Isaac Jacob Jane Jasper Joan Jonas Judith Julia Karim Laura Leo Lydia Magnus Marion Martha Max Miriam Nadia "
    "Nora Oliver Oscar Paula Peter Philip Rachel Ralph Rebecca Rosa Ruben Ruth Samuel Simon Sofia Stella Theodor Ursula "
    "Vera Victor Walter Wanda Yusuf"
).split()
LAST_NAMES = (
    "Abbott Acker Ahmed Archer Atkins Bailey Barker Bauer Becker Bell Bennett Berg Bishop Boyd Brooks Burke Carlson "
    "Chandler Cole Cooper Craig Curtis Dalton Dawson Decker Dixon Doyle Duncan Eaton Elliott Ericson Farrell Fischer "
    "Fletcher Foster Fowler Frost Gallagher Gibson Graham Grant Hahn Hansen Harper Hartman Hoffman Holmes Hughes Hunt "
    "Jansen Jensen Keller Kemp Klein Kramer Lambert Larson Lindberg Lowe Maier Marsh Mason Meyer Mills Moran Morton "
    "Murray Neumann Norton Olsen Osborne Palmer Parker Peters Pierce Porter Quinn Reed Richter Romero Ryan Sanders "
    "Schwarz Shaw Simmons Steele Stone Sutton Tucker Vogel Wagner Walsh Warren Watts Webb Winter Wolf Yates Zimmer"
).split()
# Names that are not ASCII, with the spelling that their owners use in addresses.
WORLD_FIRST_NAMES = [
    ("René", "rene"),
    ("Jörg", "joerg"),
    ("Chloë", "chloe"),
    ("Åsa", "asa"),
    ("Maël", "mael"),
    ("Stanisław", "stanislaw"),
    ("Đorđe", "djordje"),
    ("Наталья", "natalya"),
    ("Γιώργος", "giorgos"),
    ("健太", "kenta"),
    ("Nuño", "nuno"),
    ("Çağla", "cagla"),
]
WORLD_LAST_NAMES = [
    ("Grün", "gruen"),
    ("Peña", "pena"),
    ("Lefèvre", "lefevre"),
    ("Sjöberg", "sjoeberg"),
    ("Dvořák", "dvorak"),
    ("Şahin", "sahin"),
    ("Łęcki", "lecki"),
    ("Волкова", "volkova"),
    ("Νικολάου", "nikolaou"),
    ("高橋", "takahashi"),
    ("D’Amico", "damico"),
    ("Ó Briain", "obriain"),
]
TITLES = [
    "Accountant",
    "Business Analyst",
    "Buyer",
    "Controller",
    "Designer",
    "Electrician",
    "Field Technician",
    "Head of Region, North",
    "Lawyer",
    "Nurse",
    "Office Manager",
    "Product Manager",
    "Sales Representative",
    "Software Developer",
    "Trainer",
    "Welder",
]
DEPARTMENTS = [
    "Customer Care",
    "Facilities",
    "Field Service",
    "Finance & Controlling",
    "Human Resources",
    "Information Technology",
    "Legal",
    "Logistics",
    "Marketing",
    "Production",
    "Quality",
    "Research",
]
# office, state, country code, country, street, postal code, telephone prefix
OFFICES = [
    ("Portland", "OR", "US", "United States", "812 Harbor Avenue", "97201", "+1 503 555 0"),
    ("Austin", "TX", "US", "United States", "40 Congress Street", "78701", "+1 512 555 0"),
    ("Leeds", "West Yorkshire", "GB", "United Kingdom", "7 Wellington Place", "LS1 4AP", "+44 113 496 0"),
    ("Hamburg", "Hamburg", "DE", "Germany", "Hafenstrasse 12", "20457", "+49 40 5550 0"),
    ("Lyon", "Rhone", "FR", "France", "18 Quai Perrache", "69002", "+33 4 65 71 0"),
    ("Utrecht", "Utrecht", "NL", "Netherlands", "Stationsweg 5", "3511 ED", "+31 30 555 0"),
    ("Gdansk", "Pomorskie", "PL", "Poland", "Dluga 44", "80-827", "+48 58 555 0"),
    ("Osaka", "Osaka", "JP", "Japan", "2-4-9 Umeda, Kita-ku", "530-0001", "+81 6 5550 0"),
]
GROUP_WORDS = [
    "Access",
    "Announcements",
    "Board",
    "Branch",
    "Crew",
    "License",
    "Mailing List",
    "Project",
    "Shift",
    "Team",
]

# The class of object i is KINDS[i % 40].
KINDS = "UUUUUGUUUUCUUUUUUUGUUUUUUUPUUUGUUUUCUUUG"
USER, GROUP, CONTACT, COMPUTER = "U", "G", "C", "P"
CLASSES = {USER: "user", GROUP: "group", CONTACT: "contact", COMPUTER: "computer"}
PREVIOUS = {kind: [next(d for d in range(1, 41) if KINDS[(p - d) % 40] == kind) for p in range(40)] for kind in CLASSES}
FOLLOWING = {kind: [next(d for d in range(40) if KINDS[(p + d) % 40] == kind) for p in range(40)] for kind in CLASSES}
# For directories full of duplicates: the objects of a class form pairs, and this is the way back to a pair's first.
TWINS = [0] * 40
for _kind in CLASSES:
    _places = [p for p in range(40) if KINDS[p] == _kind]
    for _first, _second in zip(_places[::2], _places[1::2]):
        TWINS[_second] = _second - _first

WIDTH = 76
BATCH = 1000


def b64(data):
    return base64.b64encode(data).decode()


def fold(line):
    """The line in pieces of 76 columns; all but the first start with a space."""
    if len(line) <= WIDTH:
        return line
    return "\n ".join([line[:WIDTH]] + [line[i : i + WIDTH - 1] for i in range(WIDTH, len(line), WIDTH - 1)])


def attribute(name, value):
    """One attribute line: text that RFC 2849 calls safe as it is, everything else in base64."""
    if isinstance(value, bytes):
        return fold(f"{name}:: {b64(value)}")
    if value.isascii() and value.isprintable() and value and value[0] not in " :<" and value[-1] != " ":
        line = f"{name}: {value}"
        return line if len(line) <= WIDTH else fold(line)
    return fold(f"{name}:: {b64(value.encode())}") if value else f"{name}:"


class Identity:
    """Who object i is: what other objects may refer to."""

    __slots__ = ("kind", "bits", "cn", "dn", "given", "surname", "local", "account", "guid")


class Directory:
    """All objects of one export, computed when asked for."""

    def __init__(self, options):
        self.options = options
        self.count = options.count
        self.domain = options.domain
        self.company = options.domain.split(".")[0].capitalize()
        self.tenant = self.company.lower()
        self.base = ",".join("DC=" + part for part in self.domain.split("."))
        self.seed = str(options.seed).encode()
        self.defect_share = int(options.defects * 2**32)
        organization = f"CN={self.company},CN=Microsoft Exchange,CN=Services,CN=Configuration,{self.base}"
        lists = f"CN=Address Lists Container,{organization}"
        self.exchange_dn = f"/o={self.company}/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="
        databases = (
            f"CN=Databases,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,{organization}"
        )
        self.home_databases = [fold(f"homeMDB: CN=MDB{n:02},{databases}") for n in range(16)]
        self.address_lists = "\n".join(
            fold(f"showInAddressBook: {place},{lists}")
            for place in (
                "CN=All Users,CN=All Address Lists",
                "CN=Default Global Address List,CN=All Global Address Lists",
            )
        )
        schema = f"CN=Schema,CN=Configuration,{self.base}"
        self.categories = {
            kind: fold(f"objectCategory: CN={name},{schema}")
            for kind, name in ((USER, "Person"), (CONTACT, "Person"), (GROUP, "Group"), (COMPUTER, "Computer"))
        }
        self.domain_sid = bytes([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]) + self.digest(b"sid", 12)

    def digest(self, name, size):
        return hashlib.blake2b(name, digest_size=size, key=self.seed).digest()

    def identity(self, i):
        """Names of object i. Addresses and accounts of a directory full of duplicates come from the first of its pair."""
        me = Identity()
        kind = me.kind = KINDS[i % 40]
        source = i - TWINS[i % 40] if self.options.every_value_duplicate else i
        digest = self.digest(b"%d" % source, 32)
        me.guid = digest[16:]
        me.bits = bits = int.from_bytes(digest[:16], "little")
        if kind == GROUP:
            word = GROUP_WORDS[bits % 10]
            me.given = me.surname = ""
            me.cn = f"{DEPARTMENTS[(bits >> 8) % 12]} {word} {i}"
            me.account = f"{word.split()[0]}-{source}"
            me.local = me.account.lower()
            me.dn = f"CN={me.cn},OU=Groups,OU={self.company},{self.base}"
            return me
        if kind == COMPUTER:
            me.given = me.surname = ""
            me.cn = f"WS{i:07}"
            me.account = me.cn + "$"
            me.local = me.cn.lower()
            me.dn = f"CN={me.cn},OU=Workstations,OU={self.company},{self.base}"
            return me
        given = given_ascii = FIRST_NAMES[bits % 93]
        surname = surname_ascii = LAST_NAMES[(bits >> 8) % 96]
        style = (bits >> 16) % 24
        if style == 0:
            given, given_ascii = WORLD_FIRST_NAMES[(bits >> 24) % 12]
        if style < 2:
            surname, surname_ascii = WORLD_LAST_NAMES[(bits >> 32) % 12]
        me.given = given
        me.surname = surname
        me.local = f"{given_ascii}.{surname_ascii}{source}".lower()
        me.account = f"{given_ascii[0]}{surname_ascii[:8]}{source}".lower()
        if style == 2:
            me.cn = f"{surname}, {given} {i}"
            name = f"{surname}\\, {given} {i}"
        else:
            me.cn = name = f"{given} {surname} {i}"
        place = "Partners" if kind == CONTACT else OFFICES[(bits >> 40) % 8][0]
        me.dn = f"CN={name},OU={place},OU=People,OU={self.company},{self.base}"
        return me

    def other(self, kind, i):
        """Number of an object of a class at or after i, around the end."""
        i %= self.count
        i += FOLLOWING[kind][i % 40]
        return i if i < self.count else KINDS.index(kind)

    def has_defect(self, i):
        if not self.defect_share or self.options.every_value_duplicate:
            return False
        return int.from_bytes(self.digest(b"defect %d" % i, 4), "little") < self.defect_share

    def clean_before(self, kind, i):
        """Number of the last object of a class before i that has no defect, or None."""
        i -= PREVIOUS[kind][i % 40]
        while i >= 0 and self.has_defect(i):
            i -= PREVIOUS[kind][i % 40]
        return i if i >= 0 else None

    def values(self, i):
        """The attributes of object i that rules look at."""
        me = self.identity(i)
        bits = me.bits >> 48
        entry = {"kind": me.kind, "number": i, "identity": me, "dn": me.dn, "proxies": []}
        proxies = entry["proxies"]
        address = f"{me.local}@{self.domain}"
        entry["display"] = me.cn
        if me.kind == USER:
            entry.update(
                account=me.account, upn=address, mail=address, nick=me.local, given=me.given, surname=me.surname
            )
            entry["remote"] = bits % 16 == 0
            entry["disabled"] = (bits >> 4) % 24 == 0
            proxies.append("SMTP:" + address)
            if bits >> 8 & 1:
                proxies.append(f"sip:{address}")
            if bits >> 9 & 3:
                proxies.append(f"smtp:{me.account}@{self.domain}")
            if bits >> 11 & 3 == 3:
                proxies.append(f"x500:{self.exchange_dn}{bits & 0xFFFFFFFFFFFF:012x}-{me.local}")
            if bits >> 15 & 1:
                proxies.append(f"smtp:{me.local}@{self.tenant}.onmicrosoft.com")
            if bits >> 13 & 3 == 3:
                proxies.append(f"smtp:{me.local}@mail.{self.domain}")
            if entry["remote"]:
                routing = f"{me.local}@{self.tenant}.mail.onmicrosoft.com"
                entry["target"] = "SMTP:" + routing
                proxies.append("smtp:" + routing)
        elif me.kind == GROUP:
            entry["account"] = me.account
            entry["mailing"] = bool(bits & 1)
            if entry["mailing"]:
                entry.update(mail=address, nick=me.local)
                proxies.append("SMTP:" + address)
                if bits & 2:
                    proxies.append(f"smtp:{me.account}.list@{self.domain}")
        elif me.kind == CONTACT:
            external = f"{me.local}@partners.fabrikam.com"
            entry.update(mail=external, nick=me.local, given=me.given, surname=me.surname, target="SMTP:" + external)
            proxies.append("SMTP:" + external)
        if i < self.options.one_value_held_by_limit and me.kind == USER:
            proxies.append(f"smtp:everyone@{self.domain}")
        return entry

    def record(self, i):
        """The LDIF record of object i, and its line for the manifest or None."""
        entry = self.values(i)
        note = defects.place(self, entry) if self.has_defect(i) else None
        text = {USER: self.user, GROUP: self.group, CONTACT: self.contact, COMPUTER: self.computer}[entry["kind"]](
            i, entry
        )
        return text, note

    def head(self, i, entry, classes):
        me = entry["identity"]
        lines = []
        if self.options.style == "ldapsearch":
            lines.append(f"# {me.cn if me.cn.isascii() else b64(me.cn.encode())}, {self.domain}")
        lines.append(attribute("dn", me.dn))
        if self.options.style.startswith("ldifde"):
            lines.append("changetype: add")
        lines.append(classes)
        lines.append(attribute("cn", me.cn))
        return lines

    def system(self, i, entry, out):
        """What every object of a domain has."""
        me = entry["identity"]
        bits = me.bits >> 64
        out.append(attribute("distinguishedName", me.dn))
        created = f"20{10 + bits % 15:02}{1 + (bits >> 4) % 12:02}{1 + (bits >> 8) % 28:02}{(bits >> 13) % 24:02}{(bits >> 18) % 60:02}07.0Z"
        out.append(f"instanceType: 4\nwhenCreated: {created}\nwhenChanged: 20251003081500.0Z")
        if entry["display"] is not None:
            out.append(attribute("displayName", entry["display"]))
        out.append(f"uSNCreated: {20000 + 4 * i}\nuSNChanged: {20003 + 4 * i}")

    def mail_attributes(self, entry, out):
        for value in entry["proxies"]:
            out.append(attribute("proxyAddresses", value))
        for key, name in (("mail", "mail"), ("target", "targetAddress"), ("nick", "mailNickname")):
            value = entry.get(key)
            if value is not None:
                out.append(attribute(name, value))

    def security(self, i, entry, out, account_type):
        out.append("objectSid:: " + b64(self.domain_sid + (1500 + i).to_bytes(4, "little")))
        if entry["account"] is not None:
            out.append(attribute("sAMAccountName", entry["account"]))
        out.append(f"sAMAccountType: {account_type}")

    def user(self, i, entry):
        me = entry["identity"]
        bits = me.bits
        office, state, code, country, street, postal, phone = OFFICES[(bits >> 40) % 8]
        out = self.head(
            i, entry, "objectClass: top\nobjectClass: person\nobjectClass: organizationalPerson\nobjectClass: user"
        )
        out.append(attribute("sn", entry["surname"]))
        out.append(
            f"c: {code}\nl: {office}\nst: {state}\ntitle: {TITLES[bits >> 84 & 15]}\npostalCode: {postal}\n"
            f"physicalDeliveryOfficeName: {office} {bits >> 88 & 7}\ntelephoneNumber: {phone}{i % 1000:03}"
        )
        out.append(attribute("givenName", entry["given"]))
        self.system(i, entry, out)
        for n in range(bits >> 92 & 3):
            out.append(attribute("memberOf", self.identity(self.other(GROUP, i * 13 + n * 331)).dn))
        out.append(
            f"co: {country}\ndepartment: {DEPARTMENTS[(bits >> 96) % 12]}\ncompany: {self.company} Industries\n"
            f"streetAddress: {street}"
        )
        if not bits >> 100 & 15:
            out.append(fold("thumbnailPhoto:: " + b64(b"\xff\xd8\xff\xe0" + hashlib.shake_128(me.guid).digest(2600))))
        if not bits >> 104 & 31:
            out.append(fold("userCertificate:: " + b64(b"0\x82" + hashlib.shake_128(me.guid).digest(1100))))
        out.append(attribute("name", me.cn))
        # The source anchor is the object's own GUID, as the synchronization writes it.
        guid = me.guid if self.options.every_value_duplicate else self.digest(b"guid %d" % i, 16)
        out.append("objectGUID:: " + b64(guid))
        stamp = 133000000000000000 + (bits >> 50) % 900000000000000
        control = 514 if entry["disabled"] else 512
        out.append(
            f"userAccountControl: {control}\nbadPwdCount: 0\ncodePage: 0\ncountryCode: 0\nlastLogon: {stamp}\n"
            f"pwdLastSet: {stamp - 4200000000000}\nprimaryGroupID: 513\naccountExpires: 9223372036854775807\nlogonCount: {bits % 3000}"
        )
        self.security(i, entry, out, 805306368)
        if entry["upn"] is not None:
            out.append(attribute("userPrincipalName", entry["upn"]))
        if bits >> 109 & 1:
            out.append("mS-DS-ConsistencyGuid:: " + b64(guid))
        if bits >> 110 & 1:
            out.append(attribute("manager", self.identity(self.other(USER, i * 17 + 5)).dn))
        out.append(self.categories[USER])
        out.append("dSCorePropagationData: 16010101000000.0Z")
        self.mail_attributes(entry, out)
        out.append(fold(f"legacyExchangeDN: {self.exchange_dn}{bits & 0xFFFFFFFFFFFF:012x}-{me.local}"))
        out.append("msExchMailboxGuid:: " + b64(self.digest(b"box %d" % i, 16)))
        if entry["remote"]:
            out.append(
                "msExchRecipientTypeDetails: 2147483648\nmsExchRecipientDisplayType: -2147483642\nmsExchRemoteRecipientType: 4"
            )
        else:
            out.append(self.home_databases[i & 15])
            out.append("msExchRecipientTypeDetails: 1\nmsExchRecipientDisplayType: 1073741824")
            if not bits >> 111 & 3:
                out.append(self.address_lists)
        out.append(f"extensionAttribute1: {100000 + i}\n")
        return "\n".join(out)

    def group(self, i, entry):
        me = entry["identity"]
        bits = me.bits
        out = self.head(i, entry, "objectClass: top\nobjectClass: group")
        # One group in 512 is large: its members come in two ranges, as domain controllers return them.
        members = min(1537 if not bits >> 40 & 511 else 3 + (bits >> 49) % 18, self.count // 2)
        start = bits >> 60
        previous = -1
        for n in range(members):
            person = self.other(USER, start + 3 * n)
            if person != previous:
                name = "member" if members < 1537 else "member;range=0-1499" if n < 1500 else "member;range=1500-*"
                out.append(attribute(name, self.identity(person).dn))
            previous = person
        self.system(i, entry, out)
        out.append(attribute("name", me.cn))
        out.append("objectGUID:: " + b64(self.digest(b"guid %d" % i, 16)))
        self.security(i, entry, out, 268435456)
        out.append(
            f"groupType: {8 if entry['mailing'] and bits & 4 else -2147483640 if entry['mailing'] else -2147483646}"
        )
        out.append(self.categories[GROUP])
        out.append("dSCorePropagationData: 16010101000000.0Z")
        self.mail_attributes(entry, out)
        return "\n".join(out) + "\n"

    def contact(self, i, entry):
        me = entry["identity"]
        out = self.head(
            i, entry, "objectClass: top\nobjectClass: person\nobjectClass: organizationalPerson\nobjectClass: contact"
        )
        out.append(attribute("sn", entry["surname"]))
        out.append(attribute("givenName", entry["given"]))
        self.system(i, entry, out)
        out.append(f"company: Partner {me.bits % 900}")
        out.append(attribute("name", me.cn))
        out.append("objectGUID:: " + b64(self.digest(b"guid %d" % i, 16)))
        out.append(self.categories[CONTACT])
        out.append("dSCorePropagationData: 16010101000000.0Z")
        self.mail_attributes(entry, out)
        out.append(fold(f"legacyExchangeDN: {self.exchange_dn}{me.bits & 0xFFFFFFFFFFFF:012x}-{me.local}"))
        out.append("msExchRecipientTypeDetails: 64\nmsExchRecipientDisplayType: 6\n")
        return "\n".join(out)

    def computer(self, i, entry):
        me = entry["identity"]
        entry["display"] = me.account
        entry["account"] = me.account
        classes = ("top", "person", "organizationalPerson", "user", "computer")
        out = self.head(i, entry, "\n".join("objectClass: " + name for name in classes))
        self.system(i, entry, out)
        out.append(attribute("name", me.cn))
        out.append("objectGUID:: " + b64(self.digest(b"guid %d" % i, 16)))
        out.append(
            "userAccountControl: 4096\nprimaryGroupID: 515\noperatingSystem: Windows 11 Enterprise\noperatingSystemVersion: 10.0 (26100)"
        )
        self.security(i, entry, out, 805306369)
        out.append(f"dNSHostName: {me.local}.{self.domain}")
        out.append(self.categories[COMPUTER])
        return "\n".join(out) + "\n"

    def batch(self, start):
        """The text of a batch of records, encoded, and the manifest's lines for it."""
        texts, notes = [], []
        for i in range(start, min(start + BATCH, self.count)):
            text, note = self.record(i)
            texts.append(text)
            if note:
                notes.append(note)
        return self.encode("\n".join(texts) + "\n"), "".join(notes)

    def encode(self, text):
        if self.options.style.startswith("ldifde"):
            text = text.replace("\n", "\r\n")
        return text.encode("utf-16-le" if self.options.style == "ldifde-unicode" else "utf-8")

    def opening(self):
        if self.options.style == "ldapsearch":
            return self.encode(
                f"# extended LDIF\n#\n# LDAPv3\n# base <{self.base}> with scope subtree\n# filter: (objectClass=*)\n# requesting: ALL\n#\n\n"
            )
        return b"\xff\xfe" if self.options.style == "ldifde-unicode" else b""

    def closing(self):
        if self.options.style == "ldapsearch":
            return self.encode(
                f"# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: {self.count + 1}\n# numEntries: {self.count}\n"
            )
        return b""


_directory = None


def _start(options):
    global _directory
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _directory = Directory(options)


def _batch(start):
    return _directory.batch(start)


def batches(options, starts):
    if options.jobs == 1 or len(starts) < 4:
        _start(options)
        yield from map(_batch, starts)
        return
    with multiprocessing.Pool(options.jobs, _start, (options,)) as pool:
        yield from pool.imap(_batch, starts)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", metavar="N", type=int, help="number of objects")
    parser.add_argument("-o", "--output", default="-", metavar="FILE", help="where to write (default: standard output)")
    parser.add_argument("-m", "--manifest", metavar="FILE", help="where to write the list of defects")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--defects", type=float, default=0.01, metavar="R", help="share of objects with a defect (default: 0.01)"
    )
    parser.add_argument(
        "--style",
        default="lll",
        choices=("lll", "ldapsearch", "ldifde", "ldifde-unicode"),
        help="as `ldapsearch -LLL` (default), as `ldapsearch` with its comments, as `ldifde`, as `ldifde -u`",
    )
    parser.add_argument("--domain", default="contoso.com")
    parser.add_argument(
        "--every-value-duplicate",
        action="store_true",
        help="each object shares all its addresses and names with another",
    )
    parser.add_argument("--one-value-held-by", type=int, default=0, metavar="M", help="M users hold the same address")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one for each processor)"
    )
    options = parser.parse_args()
    if options.count < 0 or options.jobs < 1 or not 0 <= options.defects <= 1:
        parser.error("N and --jobs must be positive, --defects between 0 and 1")
    # The number before which M users stand.
    whole, rest = divmod(options.one_value_held_by, KINDS.count(USER))
    places = [p for p in range(40) if KINDS[p] == USER]
    options.one_value_held_by_limit = 40 * whole + (places[rest - 1] + 1 if rest else 0)
    return options


def main():
    options = arguments()
    directory = Directory(options)
    output = sys.stdout.buffer if options.output == "-" else open(options.output, "wb", 1 << 20)
    manifest = open(options.manifest, "w", encoding="utf-8", newline="\n") if options.manifest else None
    if manifest:
        manifest.write(defects.MANIFEST_HEADER)
    output.write(directory.opening())
    placed = 0
    for text, notes in batches(options, range(0, options.count, BATCH)):
        output.write(text)
        placed += notes.count("\n")
        if manifest:
            manifest.write(notes)
    output.write(directory.closing())
    output.flush()
    if manifest:
        manifest.close()
    print(f"{options.count} objects, {placed} defects", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.exit(1)
