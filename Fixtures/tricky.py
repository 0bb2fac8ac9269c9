"""Values of the clean directory that look wrong and are not: other tools have flagged most of them."""

EXCHANGE = "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn="
DOMAINS = [
    "contoso.app",
    "contoso.photography",
    "contoso.xn--p1ai",
    "xn--mller-kva.de",
    "contoso.internationalized-name.shop",
    "contoso.co.uk",
    "contoso.edu.au",
    "contoso.io",
]
LONG_DOMAIN = ("d" * 40 + ".") * 4 + "d" * 11 + ".com"
# With these, the rules about verified domains find nothing either.
VERIFIED_DOMAINS = ["contoso.com", "mail.contoso.com", *DOMAINS, LONG_DOMAIN]


def add_all(directory):
    user, contact, group = directory.user, directory.contact, directory.group

    # Apostrophes are allowed in every address and name.
    user(
        "Siobhan O'Neill",
        {
            "proxyAddresses": ["SMTP:siobhan.o'neill@contoso.com"],
            "mail": "siobhan.o'neill@contoso.com",
            "userPrincipalName": "siobhan.o'neill@contoso.com",
            "mailNickname": "siobhan.oneill",
        },
    )
    user(
        "Gian d'Agostini",
        {"proxyAddresses": ["SMTP:gian.dagostini@contoso.com", f"X500:{EXCHANGE}6f2a-Gian d'Agostini"]},
    )
    # X500 addresses keep whatever the former name had: spaces, parentheses, commas, equals signs, colons, accents.
    user(
        "Paolo Verdi",
        {
            "proxyAddresses": [
                "SMTP:paolo.verdi@contoso.com",
                f"X500:{EXCHANGE}Paolo Verdi (Consultant), Rome",
                "x500:/o=Old Company/ou=First Administrative Group/cn=Recipients/cn=Verdi: Paolo=1",
                "X500:/o=Contoso/cn=Müller; [old]",
            ]
        },
    )
    # The cloud writes its own X500 address back.
    user(
        "Tove Lunde",
        {
            "proxyAddresses": [
                "SMTP:tove.lunde@contoso.com",
                "x500:/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0ab1c2d3e4f54a6b8c9d-tove.lunde",
            ]
        },
    )
    # Names may have any letters; addresses of these people are ASCII.
    for name, local in (
        ("Jürgen Groß", "juergen.gross"),
        ("Łucja Żak", "lucja.zak"),
        ("Søren Ødegård", "soeren.oedegaard"),
        ("Анна Смирнова", "anna.smirnova"),
        ("山田 花子", "hanako.yamada"),
        ("Ελένη Παππά", "eleni.pappa"),
        ("محمد علي", "mohammed.ali"),
        ("François L’Écuyer", "francois.lecuyer"),
        ("Nguyễn Thị Hoa", "hoa.nguyen"),
        ("Zoë 😀 Bell", "zoe.bell"),
    ):
        user(name, local=local)
    # The characters that a user principal name may have besides letters and digits.
    user("Allowed Characters", {"userPrincipalName": "a'b.c-d_e!f#g^h~i@contoso.com"})
    user(
        "Plus Address",
        {
            "proxyAddresses": [
                "SMTP:plus.address@contoso.com",
                "smtp:plus.address+news@contoso.com",
                "smtp:r&d@contoso.com",
                "smtp:a_b-c@contoso.com",
            ]
        },
    )
    # New, long and internationalized top-level domains.
    for number, domain in enumerate(DOMAINS):
        local = f"domain.number{number}"
        contact(f"Partner Number{number}", local=f"partner{number}", domain=domain)
        user(
            f"Domain Number{number}",
            {"proxyAddresses": [f"SMTP:{local}@contoso.com", f"smtp:{local}@{domain}"]},
            local=local,
        )
    # The same value in several attributes of one object is no duplicate, nor are the letters' case and the prefix.
    user("Same Everywhere", {"mail": "Same.Everywhere@Contoso.com"})
    # SIP and SMTP addresses of different objects may look the same.
    user(
        "Sip First",
        {
            "proxyAddresses": [
                "SMTP:sip.first@contoso.com",
                "SIP:sip.first@contoso.com",
                "EUM:4711;phone-context=Contoso.contoso.com",
            ]
        },
    )
    # Addresses at the tenant's own domain: the routing address must be there, the other the cloud makes again.
    user(
        "Tenant Domain",
        {
            "proxyAddresses": [
                "SMTP:tenant.domain@contoso.com",
                "smtp:tenant.domain@contoso.onmicrosoft.com",
                "smtp:tenant.domain@contoso.mail.onmicrosoft.com",
            ]
        },
    )
    # Without a display name the cloud takes the common name.
    user("No Display", {"displayName": None})
    # Commas, parentheses and quotes in a name; the DN has them escaped.
    user("Lind, Erik", local="erik.lind", rdn="Lind\\, Erik")
    user('Hall "Harry" (Sales)', local="harry.hall", rdn='Hall \\"Harry\\" (Sales)')
    user("Plus + Equal = Slash /", local="plus.slash", rdn="Plus \\+ Equal = Slash /")
    # People whose names start like system accounts are people.
    for name in ("Administrative Desk", "Guest Amy", "Iusrael Krbtgtson", "Msolange Petit", "Support Front"):
        user(name)
    # Exactly at the limits.
    user("Limit Local", {"userPrincipalName": "l" * 64 + "@contoso.com"})
    user(
        "Limit Suffix",
        {
            "proxyAddresses": [
                "SMTP:limit.suffix@contoso.com",
                "smtp:" + "p" * 64 + "@" + LONG_DOMAIN,
            ]
        },
    )
    user("Limit Alias", {"mailNickname": "n" * 64})
    user("Limit Account", {"sAMAccountName": "s" * 20})
    user(
        "Limit Photo",
        {
            "thumbnailPhoto": b"\xff\xd8\xff" + bytes(10000),
            "userCertificate": [b"0\x82\x01" + bytes([n]) * 40 for n in range(15)],
        },
    )
    user(
        "Many Addresses",
        {
            "proxyAddresses": ["SMTP:many.addresses@contoso.com"]
            + [f"smtp:many.addresses.{n}@contoso.com" for n in range(150)]
        },
    )
    # A disabled account, a shared mailbox, a room, an inetOrgPerson.
    user("Disabled Account", {"userAccountControl": "514"})
    user("Info Desk", {"msExchRecipientTypeDetails": "4", "userAccountControl": "514", "givenName": None, "sn": None})
    user(
        "Room Aurora", {"msExchRecipientTypeDetails": "16", "userAccountControl": "514", "givenName": None, "sn": None}
    )
    user("Inet Person", classes=("top", "person", "organizationalPerson", "user", "inetOrgPerson"))
    directory.plain_user("Till Operator")
    # Groups: none of these needs mail.
    group("All Company", mail=True, kind="8")
    group("File Server - Read/Write", {"sAMAccountName": "File Server - Read-Write"}, kind="-2147483646")
    group("Domain Local Printers", kind="-2147483644")
    group("Café & Bakery Team", {"sAMAccountName": "Cafe Bakery Team"}, kind="-2147483646")
