#!/usr/bin/env python3
"""schema.py slapd | schema.py samba DOMAIN-DN

The schema of the test servers on standard output.

slapd   everything that the sample directory has, for OpenLDAP without any schema of its own
samba   what Exchange adds to Active Directory's schema, as two LDIF texts for ldbmodify, separated by a line "----":
        the attributes must be known before a class can name them

Object identifiers are below 1.3.6.1.4.1.32473, which is for examples (RFC 5612): these are test servers.
"""
import sys

TEXT, INTEGER, LARGE, BOOLEAN, OCTETS, DN, TIME = "text integer large boolean octets dn time".split()

# name, kind, whether it has one value only, longest value (0: no bound)
EXCHANGE = [
    ("mailNickname", TEXT, True, 64), ("targetAddress", TEXT, True, 1123), ("homeMDB", DN, True, 0),
    ("homeMTA", DN, True, 0), ("publicDelegates", DN, False, 0), ("altRecipient", DN, True, 0),
    ("msExchRecipientTypeDetails", LARGE, True, 0), ("msExchRecipientDisplayType", INTEGER, True, 0),
    ("msExchRemoteRecipientType", LARGE, True, 0), ("msExchHideFromAddressLists", BOOLEAN, True, 0),
    ("msExchMailboxGuid", OCTETS, True, 16), ("msExchArchiveGUID", OCTETS, True, 16),
    ("msExchArchiveStatus", INTEGER, True, 0), ("msExchArchiveAddress", TEXT, True, 1123),
    ("msExchUsageLocation", TEXT, True, 2), ("msExchHomeServerName", TEXT, True, 0),
    ("msExchUserHoldPolicies", TEXT, False, 0), ("msExchSafeSendersHash", OCTETS, True, 0),
    ("msExchSafeRecipientsHash", OCTETS, True, 0), ("msExchBlockedSendersHash", OCTETS, True, 4000),
    ("msExchUCVoiceMailSettings", TEXT, False, 0), ("msDS-ExternalDirectoryObjectId", TEXT, True, 256),
] + [("extensionAttribute%d" % n, TEXT, True, 1024 if n <= 10 else 2048) for n in range(1, 16)]

# What Active Directory has without Exchange and slapd does not have built in.
DIRECTORY = [(name, TEXT, True, 0) for name in """
    displayName givenName sn initials middleName title department company co c l st street streetAddress postalCode
    physicalDeliveryOfficeName mail sAMAccountName userPrincipalName legacyExchangeDN preferredLanguage ou dc info
    dNSHostName operatingSystem operatingSystemVersion adminDescription displayNamePrintable wWWHomePage mobile facsimileTelephoneNumber
    telephoneNumber homePhone pager ipPhone employeeType
    """.split()] + [(name, TEXT, False, 0) for name in "proxyAddresses postOfficeBox url servicePrincipalName otherTelephone".split()] + [
    (name, INTEGER, True, 0) for name in """
    userAccountControl groupType sAMAccountType instanceType countryCode pwdLastSet accountExpires primaryGroupID
    uSNCreated uSNChanged adminCount badPwdCount codePage lastLogon logonCount""".split()] + [
    (name, OCTETS, True, 0) for name in
    "objectGUID objectSid mS-DS-ConsistencyGuid thumbnailPhoto".split()] + [
    (name, OCTETS, False, 0) for name in "userCertificate userSMIMECertificate sIDHistory".split()] + [
    (name, DN, True, 0) for name in "manager objectCategory".split()] + [
    (name, DN, False, 0) for name in "member memberOf showInAddressBook".split()] + [
    (name, TIME, True, 0) for name in "whenCreated whenChanged".split()] + [
    ("dSCorePropagationData", TIME, False, 0)] + [
    (name, BOOLEAN, True, 0) for name in "isCriticalSystemObject isDeleted".split()]

CLASSES = [
    ("person", "top"), ("organizationalPerson", "person"), ("user", "organizationalPerson"), ("computer", "user"),
    ("inetOrgPerson", "user"), ("contact", "organizationalPerson"), ("group", "top"), ("organizationalUnit", "top"),
    ("container", "top"), ("domain", "top"), ("domainDNS", "domain"), ("foreignSecurityPrincipal", "top")]

SLAPD = {
    TEXT: "EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15",
    INTEGER: "EQUALITY integerMatch ORDERING integerOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27",
    BOOLEAN: "EQUALITY booleanMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.7",
    OCTETS: "EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40",
    DN: "EQUALITY distinguishedNameMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.12",
    TIME: "EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.24",
}
SLAPD[LARGE] = SLAPD[INTEGER]

# attributeSyntax and oMSyntax (MS-ADTS 3.1.1.2.2.2); DN needs its object class, too.
SAMBA = {
    TEXT: ("2.5.5.12", 64), INTEGER: ("2.5.5.9", 2), LARGE: ("2.5.5.16", 65), BOOLEAN: ("2.5.5.8", 1),
    OCTETS: ("2.5.5.10", 4), DN: ("2.5.5.1", 127),
}
ARC = "1.3.6.1.4.1.32473"


def slapd():
    attributes = DIRECTORY + EXCHANGE
    for number, (name, kind, single, _) in enumerate(attributes, 1):
        print("attributetype ( %s.1.%d NAME '%s' %s%s )" % (ARC, number, name, SLAPD[kind], " SINGLE-VALUE" if single else ""))
    names = " $ ".join([name for name, *_ in attributes] + ["cn", "name", "uid", "description", "userPassword", "distinguishedName"])
    print("objectclass ( %s.2.99 NAME 'sampleAttributes' SUP top AUXILIARY MAY ( %s ) )" % (ARC, names))
    for number, (name, above) in enumerate(CLASSES, 1):
        print("objectclass ( %s.2.%d NAME '%s' SUP %s STRUCTURAL MAY ( %s ) )" % (ARC, number, name, above, names))


def samba(base):
    schema = "CN=Schema,CN=Configuration," + base
    for number, (name, kind, single, longest) in enumerate(EXCHANGE, 1):
        syntax, om = SAMBA[kind]
        print("dn: CN=%s,%s\nchangetype: add\nobjectClass: attributeSchema" % (name, schema))
        print("attributeID: %s.1.%d\nattributeSyntax: %s\noMSyntax: %d" % (ARC, 1000 + number, syntax, om))
        if kind == DN:
            print("oMObjectClass:: KwwCh3McAIVK")
        print("isSingleValued: %s\nlDAPDisplayName: %s\nadminDisplayName: %s" % (str(single).upper(), name, name))
        print("searchFlags: 0\nsystemOnly: FALSE\nshowInAdvancedViewOnly: TRUE")
        # Exchange puts most of its attributes into the partial attribute set, but not all.
        print("isMemberOfPartialAttributeSet: %s" % str(name not in ("msExchMailboxGuid", "homeMTA")).upper())
        if longest:
            print("rangeLower: 1\nrangeUpper: %d" % longest)
        print()
    print("----")
    print("dn: CN=Mail-Recipient,%s\nchangetype: modify\nadd: mayContain" % schema)
    for name, *_ in EXCHANGE:
        print("mayContain: " + name)
    print("-\n")


if sys.argv[1:] == ["slapd"]:
    slapd()
elif len(sys.argv) == 3 and sys.argv[1] == "samba":
    samba(sys.argv[2])
else:
    sys.exit(__doc__)
