"""Objects of the clean directory: one or more of every kind that healthy directories hold besides people, groups and contacts."""

import hashlib

BASE = "DC=contoso,DC=com"
DOMAIN = "contoso.com"
ROUTING = "contoso.mail.onmicrosoft.com"
EXCHANGE = "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="
DATABASE = f"CN=MDB01,CN=Databases,CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,{BASE}"
SYSTEM = f"CN=Microsoft Exchange System Objects,{BASE}"
# A user without anything of Exchange.
PLAIN = {
    name: None
    for name in (
        "mail mailNickname proxyAddresses legacyExchangeDN msExchMailboxGuid msExchRecipientTypeDetails "
        "msExchRecipientDisplayType"
    ).split()
}


def digest(name, size=16):
    return hashlib.blake2b(name.encode(), digest_size=size).digest()


def local_part(name):
    return name.lower().replace(" ", ".")


def own(name, *more):
    """A primary address and what comes after it."""
    return {"proxyAddresses": [f"SMTP:{local_part(name)}@{DOMAIN}", *more]}


def add_all(directory):
    mailboxes(directory)
    remote_mailboxes(directory)
    mail_users(directory)
    addresses(directory)
    accounts(directory)
    groups(directory)
    contacts(directory)
    system_objects(directory)
    merged(directory)


def resource(directory, name, kind, display, changes=()):
    """A mailbox that belongs to nobody: its account is disabled."""
    return directory.user(
        name,
        {
            "msExchRecipientTypeDetails": kind,
            "msExchRecipientDisplayType": display,
            "userAccountControl": "514",
            "givenName": None,
            "sn": None,
            "homeMDB": DATABASE,
            **own(name, f"smtp:{local_part(name)}@{ROUTING}"),
            **dict(changes),
        },
        local=local_part(name),
    )


def mailboxes(directory):
    """Mailboxes on premises."""
    for number in range(12):
        resource(directory, f"Room Nr{chr(97 + number)}", "16", "7", {"msExchResourceCapacity": str(4 + number)})
    for number in range(8):
        resource(directory, f"Beamer Nr{chr(97 + number)}", "32", "8")
    for name in ("Orders", "Returns", "Press", "Jobs", "Invoices", "Export Desk", "Data Protection", "Catering"):
        resource(directory, f"Shared {name}", "4", "0")
    for name in ("Orla Finch", "Per Quist", "Rhea Sand"):
        directory.user(name, {**own(name, f"smtp:{local_part(name)}@{ROUTING}"), "homeMDB": DATABASE})
    # A linked mailbox: the account in another forest brings it to the cloud.
    directory.user(
        "Linda Linked",
        {
            "msExchRecipientTypeDetails": "2",
            "userAccountControl": "514",
            "msExchMasterAccountSid": bytes([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]) + digest("other forest"),
        },
    )
    # A user type that Exchange gives to accounts without a mailbox.
    for name, kind in (("Plain Type", "65536"), ("Disabled Type", "2097152"), ("Linked Type", "33554432")):
        directory.user(name, {**PLAIN, "msExchRecipientTypeDetails": kind})


def remote_mailboxes(directory):
    """Mailboxes in the cloud, with the pairs of types that the cmdlets write."""
    kinds = [
        ("2147483648", "1", "-2147483642"), ("2147483648", "3", "-2147483642"), ("2147483648", "4", "-1073741818"),
        ("8589934592", "33", "-2147481850"), ("8589934592", "36", "-2147481850"),
        ("17179869184", "65", "-2147481594"), ("17179869184", "68", "-2147481594"), ("34359738368", "97", "-2147483642"),
        ("34359738368", "100", "-2147483642"),
    ]
    for number, (details, remote, display) in enumerate(kinds):
        name = f"Remote Mbx{chr(97 + number)}"
        directory.user(
            name,
            {
                "msExchRecipientTypeDetails": details,
                "msExchRemoteRecipientType": remote,
                "msExchRecipientDisplayType": display,
                "targetAddress": f"SMTP:{local_part(name)}@{ROUTING}",
                **own(name, f"smtp:{local_part(name)}@{ROUTING}"),
            },
            local=local_part(name),
        )
    # Government and 21Vianet clouds have domains of their own, which are nobody's to verify.
    for number, domain in enumerate(("contoso.mail.onmicrosoft.us", "contoso.partner.mail.onmschina.cn")):
        name = f"Cloud Mbx{chr(97 + number)}"
        directory.user(
            name,
            {
                "msExchRecipientTypeDetails": "2147483648",
                "msExchRemoteRecipientType": "4",
                "targetAddress": f"SMTP:{local_part(name)}@{domain}",
                **own(name, f"smtp:{local_part(name)}@{domain}"),
            },
            local=local_part(name),
        )
    # An archive in the cloud beside a mailbox on premises.
    name = "Archive Cloud"
    directory.user(
        name,
        {
            "msExchArchiveGUID": digest("cloud archive"),
            "msExchArchiveAddress": ROUTING,
            "homeMDB": DATABASE,
            **own(name, f"smtp:{local_part(name)}@{ROUTING}"),
        },
    )


def mail_users(directory):
    """Accounts here, mailboxes elsewhere: any domain is right."""
    for number, domain in enumerate(("fabrikam.com", "adatum.com", "northwind.example.org", "partner.fabrikam.com")):
        local = f"guest{number}"
        address = f"{local}@{domain}"
        directory.user(
            f"Mail User{chr(97 + number)}",
            {
                "mail": address,
                "proxyAddresses": [f"SMTP:{address}"],
                "targetAddress": f"SMTP:{address}",
                "msExchRecipientTypeDetails": "128",
                "msExchRecipientDisplayType": "1073741830",
                "msExchMailboxGuid": None,
                "userPrincipalName": f"{local}.ext@{DOMAIN}",
            },
        )


def addresses(directory):
    """Addresses of every type, and many of them."""
    directory.user(
        "Every Type",
        own(
            "Every Type",
            "smtp:every_type-2@contoso.com",
            "sip:every.type@contoso.com",
            f"X500:{EXCHANGE}every (old), of Rome",
            "EUM:4712;phone-context=Contoso.contoso.com",
        ),
    )
    directory.user("Sip Port", own("Sip Port", "sip:sip.port@contoso.com:5061"))
    directory.user("Skype Old", {**own("Skype Old", "SIP:skype.old@contoso.com"), "msRTCSIP-PrimaryUserAddress": "sip:skype.old@contoso.com"})
    directory.user("Eum Only", own("Eum Only", "eum:eum.only@contoso.com;phone-context=contoso.com"))
    for number in range(4):
        name = f"Long Service{chr(97 + number)}"
        former = [f"smtp:{local_part(name)}.{n}@contoso.com" for n in range(149)]
        directory.user(name, own(name, *former, f"X500:{EXCHANGE}{local_part(name)}-1999"))
    for name, address in (
        ("Digits Only", "4711@contoso.com"), ("Plus News", "plus.news+list@contoso.com"),
        ("Sales And", "sales&and@contoso.com"), ("Ana D'Aosta", "ana.d'aosta@contoso.com"), ("Under Score", "under_score@contoso.com"),
    ):
        directory.user(name, {"mail": address, "proxyAddresses": [f"SMTP:{address}"]})
    directory.user("Upper Case", {"mail": "UPPER.CASE@CONTOSO.COM", "proxyAddresses": ["SMTP:UPPER.CASE@CONTOSO.COM"]})
    directory.user("Own Tenant", {"mail": "own.tenant@contoso.onmicrosoft.com", "proxyAddresses": ["SMTP:own.tenant@contoso.onmicrosoft.com"]})
    # Names in any script; addresses in ASCII.
    names = [
        ("\u4f50\u85e4 \u7f8e\u54b2", "misaki.sato"), ("\u738b \u5c0f\u660e", "xiaoming.wang"), ("\uae40 \ubbfc\uc9c0", "minji.kim"),
        ("\u0646\u0648\u0631 \u0627\u0644\u062d\u0633\u0646", "nour.alhassan"), ("\u05e0\u05d5\u05e2\u05d4 \u05db\u05d4\u05df", "noa.cohen"),
        ("\u0930\u093e\u0939\u0941\u0932 \u0936\u0930\u094d\u092e\u093e", "rahul.sharma"), ("\u0418\u0432\u0430\u043d \u041f\u0435\u0442\u0440\u043e\u0432", "ivan.petrov"),
        ("\u0393\u03b9\u03ce\u03c1\u03b3\u03bf\u03c2 \u039d\u03af\u03ba\u03bf\u03c5", "giorgos.nikou"), ("\u0e2a\u0e21\u0e0a\u0e32\u0e22 \u0e43\u0e08\u0e14\u0e35", "somchai.jaidee"),
        ("Jos\u00e9 Nu\u00f1ez", "jose.nunez"), ("Ren\u00e9e Fa\u00dfbender", "renee.fassbender"), ("Zo\u00eb \u00c5str\u00f6m", "zoe.astrom"),
        ("O\u2019Brien Sean", "sean.obrien"), ("Ng\u00f4 Th\u1ecb Lan", "lan.ngo"), ("\u0141ukasz W\u00f3jcik", "lukasz.wojcik"),
    ]
    for name, local in names:
        directory.user(name, local=local)


def accounts(directory):
    """Accounts that nobody signs in with, or that do not come from a personnel department."""
    for name in ("svc-sql", "svc-backup$", "svc_print", "adm.keller", "adm-t0.novak", "test.user", "kiosk01", "scanner.bremen"):
        directory.plain_user(
            name.replace("$", " account"), {"sAMAccountName": name, "userPrincipalName": f"{name.strip('$')}@{DOMAIN}", "sn": None, "givenName": None}
        )
    for number in range(6):
        directory.add(
            f"CN=gmsa-{number},CN=Managed Service Accounts,{BASE}",
            objectClass=["top", "person", "organizationalPerson", "user", "computer", "msDS-GroupManagedServiceAccount"],
            cn=f"gmsa-{number}", sAMAccountName=f"gmsa-{number}$", sAMAccountType="805306369", objectSid=directory.sid(),
            **{"msDS-ManagedPasswordInterval": "30"},
        )
    directory.add(
        f"CN=smsa-legacy,CN=Managed Service Accounts,{BASE}",
        objectClass=["top", "person", "organizationalPerson", "user", "computer", "msDS-ManagedServiceAccount"],
        cn="smsa-legacy", sAMAccountName="smsa-legacy$", sAMAccountType="805306369", objectSid=directory.sid(),
    )
    directory.add(
        f"CN=FABRIKAM$,CN=Users,{BASE}", objectClass=["top", "person", "organizationalPerson", "user"], cn="FABRIKAM$",
        sAMAccountName="FABRIKAM$", sAMAccountType="805306370", userAccountControl="2080", objectSid=directory.sid(),
        isCriticalSystemObject="TRUE",
    )
    directory.add(
        f"CN=S-1-5-21-1-2-3-1104,CN=ForeignSecurityPrincipals,{BASE}",
        objectClass=["top", "foreignSecurityPrincipal"], cn="S-1-5-21-1-2-3-1104",
    )
    # An account written back, or opted out.
    directory.user("Opted Out", {"adminDescription": "User_OptedOut", "userPrincipalName": "opted out@corp.local"})
    # Certificates do not reach the cloud without an alias, so their number does not matter.
    directory.plain_user("Card Reader")
    # A disabled account that left, with the addresses that nobody else may get.
    for name in ("Former Hand", "Former Clerk"):
        directory.user(name, {"userAccountControl": "514", "msExchHideFromAddressLists": "TRUE"})
    # A contractor with a public address of another company.
    directory.plain_user("External Adviser", {"mail": f"external.adviser@{DOMAIN}"})
    directory.user("Usage Location", {"msExchUsageLocation": "GB"})
    directory.user("Kosovo Office", {"msExchUsageLocation": "XK"})
    directory.user("Long Attributes", {"extensionAttribute1": '{"cost":' * 80, "extensionAttribute15": "x" * 1000})


def groups(directory):
    for number in range(8):
        directory.group(f"Distribution Nr{number}", {"msExchRecipientDisplayType": "1"}, mail=True, kind="8")
    for number in range(8):
        directory.group(f"Access Nr{number}", {"displayName": None}, kind="-2147483646")
    for number in range(4):
        directory.group(f"Local Nr{number}", kind="-2147483644")
    for number in range(4):
        directory.group(f"Mail Security Nr{number}", {"msExchRecipientDisplayType": "1073741833"}, mail=True)
    directory.group("Room List Bremen", {"msExchRecipientTypeDetails": "268435456", "msExchRecipientDisplayType": "15"}, mail=True, kind="8")
    directory.group("Builtin Like.", {"sAMAccountName": "Builtin Like"}, kind="-2147483646")
    # Members in another forest, and a name with characters that account names may not have.
    directory.group("Team: R&D / Lab", {"sAMAccountName": "Team R&D Lab"}, kind="-2147483646")
    directory.group("Foreign Domain", {"proxyAddresses": ["SMTP:foreign.domain@contoso.com", "smtp:foreign.domain@corp.local"]}, mail=True, kind="8")
    for number in range(4):
        directory.add(
            f"CN=Dynamic Nr{number},OU=Groups,OU=Contoso,{BASE}",
            objectClass=["top", "msExchDynamicDistributionList"], cn=f"Dynamic Nr{number}", mail=f"dynamic{number}@{DOMAIN}",
            mailNickname=f"dynamic{number}", proxyAddresses=[f"SMTP:dynamic{number}@{DOMAIN}"],
        )


def contacts(directory):
    for number in range(10):
        directory.contact(f"Supplier Nr{chr(97 + number)}", local=f"supplier{number}", domain="adatum.com")
    directory.contact("Notes Partner", {"proxyAddresses": ["SMTP:notes.partner@fabrikam.com", f"X500:{EXCHANGE}notes partner"]})
    # A contact that Exchange never saw works with mail alone.
    directory.contact(
        "Plain Contact",
        {"targetAddress": None, "proxyAddresses": None, "msExchRecipientTypeDetails": None, "msExchRecipientDisplayType": None},
    )
    # GALSync contacts of people in a forest that is not synchronized here.
    for number in range(6):
        directory.contact(f"Gal Nr{chr(97 + number)}", local=f"gal{number}", domain="northwind.example.org")


def system_objects(directory):
    """What Exchange keeps for itself."""
    for name, kind in (
        ("DiscoverySearchMailbox{D919BA05}", "536870912"), ("Migration.8f3e7716", "8388608"), ("FederatedEmail.4c1f4d8b", "8388608"),
        ("SystemMailbox{e0dc1c29}", "8388608"),
    ):
        directory.user(name, {"msExchRecipientTypeDetails": kind, "userAccountControl": "514"}, parent=SYSTEM, local=name)
    for number in range(4):
        name = f"HealthMailbox{number}"
        address = f"{name}@contoso.local"
        directory.user(
            name,
            {
                "msExchRecipientTypeDetails": "549755813888", "msExchRecipientDisplayType": "0", "homeMDB": DATABASE,
                "mail": address, "proxyAddresses": [f"SMTP:{address}"], "userPrincipalName": address,
            },
            parent=f"CN=Monitoring Mailboxes,{SYSTEM}", local=name.lower(),
        )
    for number in range(3):
        directory.add(
            f"CN=Folder {number},{SYSTEM}", objectClass=["top", "publicFolder"], cn=f"Folder {number}",
            mail=f"folder{number}@{DOMAIN}", mailNickname=f"folder{number}", proxyAddresses=[f"SMTP:folder{number}@{DOMAIN}"],
        )
    # A conflict object of replication; what is below a conflict OU is an ordinary entry.
    directory.user(
        "Conflict Copy", {"userPrincipalName": "conflict copy@corp.local"}, rdn="Conflict Copy\\0ACNF:0f8fad5b-d9cb-469f-a165-70867728950e"
    )
    directory.user("Below Conflict", parent=f"OU=Old\\0ACNF:7c9e6679-7425-40de-944b-e07fc1f90ae7,{BASE}")


def merged(directory):
    """One person in two forests that are merged in the cloud by the source anchor; the second forest is the domain of a daughter."""
    for number in range(3):
        directory.user(f"Branch Nr{chr(97 + number)}", parent="OU=People,DC=emea,DC=contoso,DC=com")
