#!/usr/bin/env python3
"""samba_extras.py DATA

Adds to the domain of DATA what tests of connections and rights need:

OU=Many      1,600 contacts, more than Active Directory puts into a page, and a group of all of them
OU=Accounts  one account for each way to be refused, and "reader", which may log on; all with Passw0rd.1
OU=Hidden    three users: "reader" may read nothing of the first but its name, no groupType or userAccountControl of the others
OU=Special   names and values with every character that is special in a DN, a filter or LDIF
"""
import sys

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
from samba.sd_utils import SDUtils

data = sys.argv[1]
configuration = LoadParm(data + "/smb.conf")


def connect(options=()):
    return SamDB(url=data + "/private/sam.ldb", lp=configuration, session_info=system_session(configuration),
                 options=list(options))


database = connect(["batch_mode:1"])
base = str(database.domain_dn())
database.transaction_start()
for unit in ("Many", "Accounts", "Hidden", "Special"):
    database.add({"dn": "OU=%s,%s" % (unit, base), "objectClass": "organizationalUnit"})
members = []
for number in range(1600):
    dn = "CN=Contact %04d,OU=Many,%s" % (number, base)
    database.add({"dn": dn, "objectClass": "contact", "mail": "contact%04d@partner.example" % number})
    members.append(dn)
database.add({"dn": "CN=Everybody,OU=Many," + base, "objectClass": "group", "sAMAccountName": "Everybody",
              "groupType": "8", "member": members})
database.transaction_commit()

database = connect()
password = '"Passw0rd.1"'.encode("utf-16-le")
for name, attributes in {
    "reader": {"userAccountControl": "512"}, "disabled": {"userAccountControl": "514"},
    "expired": {"userAccountControl": "512", "accountExpires": "130000000000000000"},
    "mustchange": {"userAccountControl": "512", "pwdLastSet": "0"},
}.items():
    database.add({"dn": "CN=%s,OU=Accounts,%s" % (name, base), "objectClass": "user", "sAMAccountName": name,
                  "userPrincipalName": name + "@ad.contoso.test", "unicodePwd": password, **attributes})
for name in ("Nothing", "Something", "Others"):
    database.add({"dn": "CN=%s,OU=Hidden,%s" % (name, base), "objectClass": "user", "sAMAccountName": "hidden" + name,
                  "mail": name + "@contoso.com"})
sid = database.schema_format_value("objectSid", database.search(
    "CN=reader,OU=Accounts," + base, ldb.SCOPE_BASE, attrs=["objectSid"])[0]["objectSid"][0]).decode()
rights = SDUtils(database)
rights.dacl_add_ace("CN=Nothing,OU=Hidden," + base, "(D;;RP;;;%s)" % sid)
# bf967a68-0de6-11d0-a285-00aa003049e2 is userAccountControl (MS-ADA3, 2.342).
rights.dacl_add_ace("CN=Something,OU=Hidden," + base, "(OD;;RP;bf967a68-0de6-11d0-a285-00aa003049e2;;%s)" % sid)

strange = {
    'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h': "comma, plus, quote, backslash, brackets, semicolon",
    "CN=\\#hash (paren) * star": "hash, parentheses, star",
    "CN=\\20outer space\\20": "spaces at both ends",
    "CN=line\\0Abreak": "a line break",
    "CN=Ünïcödé 日本 \U0001f600": "letters of all kinds",
    "CN=a\\3Db/c": "equals sign and slash",
}
for number, (rdn, text) in enumerate(strange.items()):
    database.add({"dn": "%s,OU=Special,%s" % (rdn, base), "objectClass": "contact",
                  "description": text, "info": "(*)\\ \0 ü\r\n: <" if number == 0 else " leading: and trailing ",
                  "proxyAddresses": ["smtp:a*b(c)d\\e%d@contoso.com" % number, ":begins with a colon %d" % number]})
