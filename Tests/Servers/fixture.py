#!/usr/bin/env python3
"""fixture.py slapd|samba BASE FILE.ldif

Makes an LDIF export loadable: DC=contoso,DC=com becomes BASE in every DN, base64 ones too, and what a server gives to
its entries itself is left out (samba), so that the export can be added as new entries; parents that it does not have are
made. Writes to standard output."""
import base64, re, sys

kind, base, path = sys.argv[1:]
# Attributes that Active Directory sets itself.
OWN = set("""distinguishedname instancetype whencreated whenchanged name objectguid objectsid samaccounttype objectcategory
    iscriticalsystemobject pwdlastset""".split()) if kind == "samba" else set()
DOMAIN = re.compile(rb"dc=contoso,dc=com$", re.I)

CLASSES = {b"ou": b"organizationalUnit", b"cn": b"container", b"dc": b"domainDNS"}
known = {base.lower().encode()}


def add(dn, lines):
    """Writes a record, its missing parents first."""
    comma = re.search(rb"(?<!\\),", dn)
    parent = dn[comma.end():] if comma else b""
    if parent.lower() not in known and parent.lower().endswith(base.lower().encode()):
        name, _, value = parent.partition(b",")[0].partition(b"=")
        add(parent, [b"objectClass: " + CLASSES[name.lower()], name + b": " + value])
    known.add(dn.lower())
    sys.stdout.buffer.write(b"\n".join([b"dn:: " + base64.b64encode(dn)] + lines) + b"\n\n")


text = open(path, "rb").read().replace(b"\r\n", b"\n").replace(b"\n ", b"")
for record in re.split(rb"\n{2,}", text.strip(b"\n")):
    lines = [line for line in record.split(b"\n") if not line.startswith((b"#", b"version:"))]
    if not lines or not lines[0].lower().startswith(b"dn:"):
        continue
    kept = []
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower().decode() in OWN:
            continue
        if value.startswith(b":"):
            value = base64.b64decode(value[1:].strip())
        else:
            value = value.lstrip(b" ")
        if kind == "samba" and not value:
            continue
        value = DOMAIN.sub(base.encode(), value)
        kept.append(name + b":: " + base64.b64encode(value) if value else name + b":")
    dn = base64.b64decode(kept[0].split(b":: ")[1])
    # The domain itself is there already.
    if dn.lower() != base.lower().encode():
        add(dn, kept[1:])
