#!/usr/bin/env python3
"""samba_load.py [--raw] DATA FILE.ldif

Loads an LDIF into the database of a Samba domain controller, DATA/private/sam.ldb, running or not. What the server's own
rules refuse is told on standard error and left out. Links (member, manager) are made when all entries are there.

--raw modifies existing entries of the domain below these rules. It plants what no server would take: one
userPrincipalName on two users, values that are too long or no UTF-8. "changetype: modify" without names only."""
import os
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

arguments = sys.argv[1:]
raw = arguments[:1] == ["--raw"]
if raw:
    arguments.pop(0)
data, path = arguments
configuration = LoadParm(next(p for p in (os.path.join(data, "smb.conf"), os.path.join(data, "../etc/smb.conf")) if os.path.exists(p)))
sam = os.path.join(data, "private/sam.ldb")


def connect(options):
    return SamDB(url=sam, lp=configuration, session_info=system_session(configuration), options=options)


def records(database):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return list(database.parse_ldif(file.read()))


def apply(database, change, message):
    if change == ldb.CHANGETYPE_MODIFY:
        database.modify(message)
    elif change == ldb.CHANGETYPE_DELETE:
        database.delete(message.dn)
    else:
        database.add(message)


def in_one_transaction():
    """Fast, and nothing at all when one record is refused."""
    database = connect(["batch_mode:1"])
    database.transaction_start()
    try:
        for change, message in records(database):
            apply(database, change, message)
        database.transaction_commit()
        return True
    except ldb.LdbError:
        try:
            database.transaction_cancel()
        except ldb.LdbError:  # a commit that failed has ended it
            pass
        return False


if raw:
    base = str(connect([]).domain_dn())
    database = ldb.Ldb(os.path.join(sam + ".d", base.upper() + ".ldb"), options=[], flags=ldb.FLG_NOSYNC)
elif in_one_transaction():
    sys.exit(0)
else:
    database = connect([])
links = []
refused = 0
for change, message in records(database):
    if not raw and change in (ldb.CHANGETYPE_NONE, ldb.CHANGETYPE_ADD):
        for name in [name for name in message.keys() if name.lower() in ("member", "manager")]:
            links += [(message.dn, name, value) for value in message[name]]
            message.remove(name)
    try:
        apply(database, change, message)
    except ldb.LdbError as error:
        refused += 1
        print("refused: %s: %s" % (message.dn, " ".join(str(error.args[1]).split())), file=sys.stderr)
for dn, name, value in links:
    message = ldb.Message(dn)
    message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_ADD, name)
    try:
        database.modify(message)
    except ldb.LdbError as error:
        print("refused: %s: %s" % (dn, " ".join(str(error.args[1]).split())), file=sys.stderr)
print("%d refused" % refused, file=sys.stderr)
