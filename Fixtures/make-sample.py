#!/usr/bin/env python3
"""Writes the sample directory, on which every rule of the set `entra` fires, and the clean one, on which none does.

    Fixtures/make-sample.py            writes Fixtures/sample/directory.ldif and Fixtures/clean/directory.ldif

Run it through `make sample`, which also writes the expected findings anew. The same text comes out every time. A rule of the
set without a mistake made for it here is an error.
"""

import base64
import hashlib
import os
import re
import sys

import legitimate
import mistakes
import tricky

HERE = os.path.dirname(os.path.abspath(__file__))
DOMAIN = "contoso.com"
BASE = "DC=contoso,DC=com"
EXCHANGE = "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="

FIRST = (
    "Adele Alex Allan Amber Arno Bianca Boris Carmen Cedric Dalia Dario Edda Emre Farah Felicia Gerd Gwen Hanna Hector Ilse "
    "Imran Jana Joost Karin Kofi Lara Lars Maja Milan Nadja Nils Odile Omar Pia Quentin Rada Rikard Selma Sven Tessa Tomas "
    "Ulla Valerie Viggo Wilma Xaver Yara Yannick Zelda Zoran"
).split()
LAST = (
    "Ahlgren Ambrose Baptiste Bellini Carver Castell Dorn Drummond Eberle Ellison Fabre Falk Garland Gruber Hale Henning "
    "Iversen Jarvis Joyner Kessler Kowal Lang Lockhart Maddox Mercier Nagel Novy Oakes Ortega Pascal Pohl Quist Radley Roth "
    "Sandoval Sommer Thorne Tyler Ullmann Varga Vance Weiss Wylie Xenakis Yardley Young Zander Zeller Zimmerman Zorn"
).split()
# office, state, country code, country, street, postal code, telephone
OFFICES = [
    ("Tacoma", "WA", "US", "United States", "1700 Commerce Street", "98402", "+1 253 555 01"),
    ("Bristol", "Bristol", "GB", "United Kingdom", "22 Queen Square", "BS1 4ND", "+44 117 496 01"),
    ("Bremen", "Bremen", "DE", "Germany", "Am Wall 140", "28195", "+49 421 555 01"),
    ("Nantes", "Pays de la Loire", "FR", "France", "3 Quai de la Fosse", "44000", "+33 2 61 91 01"),
]
TITLES = [
    "Barista Trainer",
    "Buyer",
    "Head Roaster",
    "Logistics Planner",
    "Quality Taster",
    "Sales Manager",
    "Systems Engineer",
    "Tax Adviser",
]
DEPARTMENTS = ["Buying", "Finance", "Information Technology", "Logistics", "People", "Roasting", "Sales"]

# The order in which a domain controller gives attributes, as far as they are used here. Others follow in their own order.
ORDER = (
    "objectClass cn sn c l st title description postalCode physicalDeliveryOfficeName telephoneNumber facsimileTelephoneNumber "
    "userCertificate givenName distinguishedName instanceType whenCreated whenChanged displayName info member memberOf co "
    "department company proxyAddresses streetAddress name objectGUID userAccountControl countryCode pwdLastSet "
    "objectSid sAMAccountName sAMAccountType groupType userPrincipalName objectCategory isCriticalSystemObject "
    "dSCorePropagationData mS-DS-ConsistencyGuid mail manager mobile thumbnailPhoto"
).split()
RANK = {name: rank for rank, name in enumerate(ORDER)}


def digest(name, size):
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def number(name, below):
    return int.from_bytes(digest(name, 8), "big") % below


class Directory:
    """Entries in the order in which they were added. An entry is a dict: attribute -> value or list of values."""

    def __init__(self, label):
        self.label = label
        self.entries = []
        self.accounts = 0

    def add(self, dn, changes=(), **attributes):
        """Adds an entry. Values of None leave an attribute out; `changes` wins over everything."""
        entry = dict(attributes)
        # Attribute names with a hyphen cannot be keywords.
        entry.update(changes)
        entry["distinguishedName"] = dn
        entry.setdefault("objectGUID", digest(f"{self.label} {dn}", 16))
        entry.setdefault("instanceType", "4")
        entry.setdefault(
            "whenCreated", f"2019{1 + number(str(dn) + 'm', 12):02}{1 + number(str(dn) + 'd', 28):02}091500.0Z"
        )
        entry.setdefault("whenChanged", "20260302141200.0Z")
        self.entries.append((dn, entry))
        return dn

    def unit(self, name, parent=BASE):
        dn = f"OU={name},{parent}"
        return self.add(dn, objectClass=["top", "organizationalUnit"], ou=name, name=name)

    def sid(self):
        self.accounts += 1
        head = bytes([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0])
        return head + digest("domain", 12) + (1104 + self.accounts).to_bytes(4, "little")

    def user(
        self,
        name,
        changes=(),
        parent=None,
        local=None,
        rdn=None,
        classes=("top", "person", "organizationalPerson", "user"),
    ):
        """A user with a mailbox and nothing wrong."""
        given, _, surname = name.rpartition(" ")
        local = local or re.sub(r"[^a-z.]", "", name.lower().replace(" ", "."))
        office, state, code, country, street, postal, phone = OFFICES[number(name, 4)]
        dn = f"CN={rdn or name},{parent or f'OU={office},OU=People,OU=Contoso,{BASE}'}"
        account = (local[:1] + local.rpartition(".")[2])[:17]
        address = f"{local}@{DOMAIN}"
        alias = self.label[0]
        return self.add(
            dn,
            changes,
            objectClass=list(classes),
            cn=name,
            sn=surname,
            givenName=given,
            c=code,
            l=office,
            st=state,
            title=TITLES[number(name + "t", len(TITLES))],
            postalCode=postal,
            physicalDeliveryOfficeName=f"{office} {1 + number(name + 'f', 5)}",
            telephoneNumber=f"{phone}{number(name + 'p', 100):02}",
            displayName=name,
            co=country,
            department=DEPARTMENTS[number(name + "o", len(DEPARTMENTS))],
            company="Contoso Coffee",
            streetAddress=street,
            name=name,
            userAccountControl="512",
            countryCode="0",
            pwdLastSet=str(133800000000000000 + number(name + "w", 10**14)),
            objectSid=self.sid(),
            sAMAccountName=account + str(number(name, 90) + 10),
            sAMAccountType="805306368",
            userPrincipalName=address,
            objectCategory=f"CN=Person,CN=Schema,CN=Configuration,{BASE}",
            mail=address,
            mailNickname=local,
            proxyAddresses=[f"SMTP:{address}", f"smtp:{alias}{number(name + 'x', 10**6):06}@{DOMAIN}"],
            legacyExchangeDN=f"{EXCHANGE}{digest(dn, 8).hex()}-{local[:16]}",
            msExchMailboxGuid=digest(f"mailbox {self.label} {dn}", 16),
            msExchRecipientTypeDetails="1",
            msExchRecipientDisplayType="1073741824",
        )

    def plain_user(self, name, changes=(), parent=None):
        """A user without any mail."""
        given, _, surname = name.rpartition(" ")
        local = re.sub(r"[^a-z.]", "", name.lower().replace(" ", "."))
        dn = f"CN={name},{parent or f'OU=Workshop,OU=People,OU=Contoso,{BASE}'}"
        return self.add(
            dn,
            changes,
            objectClass=["top", "person", "organizationalPerson", "user"],
            cn=name,
            sn=surname,
            givenName=given,
            displayName=name,
            name=name,
            userAccountControl="66048",
            objectSid=self.sid(),
            sAMAccountName=local[:20],
            sAMAccountType="805306368",
            userPrincipalName=f"{local}@{DOMAIN}",
            objectCategory=f"CN=Person,CN=Schema,CN=Configuration,{BASE}",
        )

    def group(self, name, changes=(), members=(), mail=False, kind="-2147483640"):
        """A universal security group, with or without mail."""
        local = re.sub(r"[^a-z0-9.-]", "", name.lower().replace(" ", "."))
        attributes = dict(
            objectClass=["top", "group"],
            cn=name,
            displayName=name,
            name=name,
            objectSid=self.sid(),
            sAMAccountName=name,
            sAMAccountType="268435456",
            groupType=kind,
            objectCategory=f"CN=Group,CN=Schema,CN=Configuration,{BASE}",
        )
        if members:
            attributes["member"] = list(members)
        if mail:
            address = f"{local}@{DOMAIN}"
            attributes.update(
                mail=address,
                mailNickname=local,
                proxyAddresses=[f"SMTP:{address}"],
                legacyExchangeDN=f"{EXCHANGE}{digest(name, 8).hex()}-{local[:16]}",
                msExchRecipientTypeDetails="1024" if kind.startswith("-") else "256",
            )
        return self.add(f"CN={name},OU=Groups,OU=Contoso,{BASE}", changes, **attributes)

    def contact(self, name, changes=(), local=None, domain="fabrikam.com"):
        """A mail contact of a partner."""
        given, _, surname = name.rpartition(" ")
        local = local or re.sub(r"[^a-z.]", "", name.lower().replace(" ", "."))
        address = f"{local}@{domain}"
        return self.add(
            f"CN={name},OU=Partners,OU=Contoso,{BASE}",
            changes,
            objectClass=["top", "person", "organizationalPerson", "contact"],
            cn=name,
            sn=surname,
            givenName=given,
            displayName=f"{name} (Fabrikam)",
            name=name,
            company="Fabrikam",
            objectCategory=f"CN=Person,CN=Schema,CN=Configuration,{BASE}",
            mail=address,
            targetAddress=f"SMTP:{address}",
            mailNickname="ext-" + local,
            proxyAddresses=[f"SMTP:{address}"],
            msExchRecipientTypeDetails="64",
            msExchRecipientDisplayType="6",
        )

    def computer(self, name):
        return self.add(
            f"CN={name},OU=Workstations,OU=Contoso,{BASE}",
            objectClass=["top", "person", "organizationalPerson", "user", "computer"],
            cn=name,
            displayName=name + "$",
            name=name,
            userAccountControl="4096",
            objectSid=self.sid(),
            sAMAccountName=name + "$",
            sAMAccountType="805306369",
            operatingSystem="Windows 11 Enterprise",
            dNSHostName=f"{name.lower()}.{DOMAIN}",
            objectCategory=f"CN=Computer,CN=Schema,CN=Configuration,{BASE}",
        )

    def write(self, path):
        with open(path, "w", encoding="ascii", newline="\n") as file:
            for dn, entry in self.entries:
                file.write(record(dn, entry))
        print(f"{len(self.entries)} entries in {os.path.relpath(path)}", file=sys.stderr)


def line(name, value):
    """An attribute line as `ldapsearch` writes it: base64 where RFC 2849 wants it, folded at 76 columns."""
    data = value if isinstance(value, bytes) else value.encode()
    # Strings that end in a space must be readable as such, which most tools ensure with base64.
    safe = (
        all(0x20 <= byte < 0x7F for byte in data)
        and not data.startswith((b" ", b":", b"<"))
        and not data.endswith(b" ")
    )
    if safe and not isinstance(value, bytes):
        text = f"{name}: {value}" if value else f"{name}:"
    else:
        text = f"{name}:: {base64.b64encode(data).decode()}"
    pieces = [text[:76]] + [text[i : i + 75] for i in range(76, len(text), 75)]
    return "\n ".join(pieces) + "\n"


def record(dn, entry):
    lines = [line("dn", dn)]
    for name in sorted(entry, key=lambda name: RANK.get(name, len(RANK))):
        value = entry[name]
        if value is None:
            continue
        for one in value if isinstance(value, (list, tuple)) else [value]:
            lines.append(line(name, one))
    return "".join(lines) + "\n"


def people(count, offset=0):
    """Different names, always the same ones."""
    for n in range(offset, offset + count):
        yield f"{FIRST[n * 7 % len(FIRST)]} {LAST[(n * 11 + n // len(FIRST)) % len(LAST)]}"


def profile(name):
    """Attributes that only some people have."""
    attributes = {
        "accountExpires": "9223372036854775807",
        "description": "Works half days until the summer",
        "homeMDB": f"CN=MDB01,CN=Databases,CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,{BASE}",
        "info": "Has a key to the warehouse",
        "initials": name[0],
        "middleName": "Maria",
        "msExchHideFromAddressLists": "FALSE",
        "msExchArchiveGUID": digest(f"archive {name}", 16),
        "msExchUsageLocation": "DE",
        "postOfficeBox": "PO Box 90 01 20",
        "preferredLanguage": "de-DE",
        "url": "https://www.contoso.com/people",
        "thumbnailPhoto": b"\xff\xd8\xff\xe0" + digest(f"photo {name}", 60),
        "userCertificate": b"0\x82\x03\x12" + digest(f"certificate {name}", 60),
        "userSMIMECertificate": b"0\x82\x03\x12" + digest(f"s/mime {name}", 60),
    }
    for n in range(1, 16):
        attributes[f"extensionAttribute{n}"] = f"{n}: {digest(name, n % 3 + 1).hex()}"
    return attributes


def ordinary(directory, users, offset):
    """A company as it should be: what surrounds the mistakes, and most of the clean directory."""
    directory.add(BASE, objectClass=["top", "domain", "domainDNS"], dc="contoso", name="contoso")
    root = directory.unit("Contoso")
    folks = directory.unit("People", root)
    for office in OFFICES:
        directory.unit(office[0], folks)
    for name in ("Groups", "Partners", "Workstations"):
        directory.unit(name, root)
    staff = []
    for n, name in enumerate(people(users, offset)):
        local = name.lower().replace(" ", ".")
        changes = {}
        if n % 9 == 0:
            routing = f"{local}@contoso.mail.onmicrosoft.com"
            changes = {
                "msExchRecipientTypeDetails": "2147483648",
                "msExchRecipientDisplayType": "-2147483642",
                "msExchRemoteRecipientType": "4",
                "targetAddress": "SMTP:" + routing,
                "proxyAddresses": [f"SMTP:{local}@{DOMAIN}", "smtp:" + routing],
            }
        elif n % 5 == 0:
            changes = {
                "proxyAddresses": [
                    f"SMTP:{local}@{DOMAIN}",
                    f"sip:{local}@{DOMAIN}",
                    f"X500:{EXCHANGE}{digest(name, 6).hex()}-old",
                    f"smtp:{local}@mail.{DOMAIN}",
                ],
            }
        if n % 4 == 0:
            # What the synchronization itself writes: the object's GUID.
            changes["objectGUID"] = changes["mS-DS-ConsistencyGuid"] = digest(f"anchor {directory.label} {name}", 16)
        if n % 10 == 3:
            changes.update(profile(name))
        if n % 13 == 0:
            changes["userAccountControl"] = "514"
        if staff:
            changes["manager"] = staff[n // 8]
        staff.append(directory.user(name, changes))
    for n, department in enumerate(DEPARTMENTS):
        directory.group(department, members=staff[n :: len(DEPARTMENTS)][:20], mail=n % 2 == 0)
    directory.group("Newsletter", members=staff[::6], mail=True, kind="8")
    directory.group("Building Access", members=staff[::3], kind="-2147483646")
    for name in people(users // 12, offset + users):
        directory.contact(name)
    for n in range(users // 20):
        directory.computer(f"{OFFICES[n % 4][0][:3].upper()}-WS{n:03}")
    left_aside(directory)
    return staff


def left_aside(directory):
    """Entries that synchronization does not take, with values that would be mistakes elsewhere."""
    builtin = f"CN=Users,{BASE}"
    directory.add(builtin, objectClass=["top", "container"], cn="Users", name="Users", isCriticalSystemObject="TRUE")
    for name in ("Administrator", "Guest", "krbtgt"):
        directory.plain_user(
            name,
            {"isCriticalSystemObject": "TRUE", "userPrincipalName": None, "sn": None, "displayName": None},
            parent=builtin,
        )
    directory.plain_user(
        "MSOL_0f1e2d3c4b5a",
        {"sAMAccountName": "MSOL_0f1e2d3c4b5a", "userPrincipalName": "MSOL 0f1e@corp.local"},
        parent=builtin,
    )
    directory.user(
        "SystemMailbox{1f05a927}",
        {"mailNickname": "SystemMailbox{1f05a927}", "msExchRecipientTypeDetails": "8388608"},
        parent=builtin,
        local="SystemMailbox{1f05a927}",
    )
    directory.add(
        f"CN=Organization Management,OU=Microsoft Exchange Security Groups,{BASE}",
        objectClass=["top", "group"],
        cn="Organization Management",
        sAMAccountName="Organization Management",
        groupType="-2147483640",
        msExchRecipientTypeDetails="1073741824",
    )


def shipped_rules():
    """Ids of the rules of the set entra."""
    with open(os.path.join(HERE, "..", "Rules", "sets", "entra.yaml"), encoding="utf-8") as file:
        return re.findall(r"^  - ([a-z0-9-]+)", file.read(), re.MULTILINE)


def main():
    sample = Directory("sample")
    ordinary(sample, 150, 0)
    covered = mistakes.add_all(sample)
    lacking = sorted(set(shipped_rules()) - covered - mistakes.TOO_LARGE - mistakes.OTHER_CLIENTS)
    unknown = sorted(covered - set(shipped_rules()))
    if lacking:
        sys.exit(f"rules without a mistake: {', '.join(lacking)}")
    if unknown:
        sys.exit(f"mistakes for rules that are not in the set: {', '.join(unknown)}")
    clean = Directory("clean")
    ordinary(clean, 150, 1000)
    tricky.add_all(clean)
    legitimate.add_all(clean)
    with open(os.path.join(HERE, "clean", "verified-domains.txt"), "w", encoding="ascii", newline="\n") as file:
        file.write("".join(domain + "\n" for domain in tricky.VERIFIED_DOMAINS))
    sample.write(os.path.join(HERE, "sample", "directory.ldif"))
    clean.write(os.path.join(HERE, "clean", "directory.ldif"))


if __name__ == "__main__":
    main()
