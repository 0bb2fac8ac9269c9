"""The mistakes of the sample directory: at least one entry for each rule of the set `entra`.

Each entry says in its description which rule it was made for; other rules may find something in it as well.
"""

import hashlib

DOMAIN = "contoso.com"
FIRST = (
    "Alma Balint Celia Desmond Elvira Fergus Gemma Henrik Ingrid Jules Kaspar Leona Malik Nerys Oskar Petra Ralf Sabine Tariq "
    "Una Veit Wendy Ximena Yvette Zita Anouk Bastien Corinne Dagny Enzo"
).split()
LAST = (
    "Arden Beaumont Croft Delgado Engel Forsyth Grimm Holloway Ibsen Jokinen Kettle Lindgren Marlow Nyman Osgood Prentice Rask "
    "Strand Tully Underhill Vinter Whitlock Yates Zabel Aldous Brandt Corbin Dietz Ekman Fenn"
).split()

# Rule -> values added to a user's proxyAddresses; {0} is the user's own name before the @.
PROXY_ADDRESSES = {
    "address-in-microsoft-domain": ["smtp:{0}@contoso.microsoftonline.com"],
    "proxy-address-blank": [" "],
    "proxy-address-domain-label-too-long": ["smtp:{0}@" + "l" * 64 + ".com"],
    "proxy-address-domain-non-ascii": ["smtp:{0}@kaffeehaus-münchen.de"],
    "proxy-address-empty-local-part": ["smtp:@mail.contoso.com"],
    "proxy-address-illegal-character": ["smtp:{0}(home)@contoso.com", "smtp:<{0}.old@contoso.com>"],
    "proxy-address-inner-space": ["smtp:{0} jr@contoso.com"],
    "proxy-address-invisible-character": ["smtp:{0}.2\u00a0@contoso.com", "smtp:\u200b{0}.3@contoso.com"],
    "proxy-address-legacy-type": ["X400:C=US;A= ;P=Contoso;O=Exchange;S={0};"],
    "proxy-address-local-part-too-long": ["smtp:" + "quality.assurance." * 4 + "{0}@contoso.com"],
    "proxy-address-malformed-domain": ["smtp:{0}@contoso..com"],
    "proxy-address-malformed-type": ["smtp :{0}.x@contoso.com", "'smtp:{0}.y@contoso.com'", "\u0405\u041c\u0422\u0420:{0}.z@contoso.com"],
    "proxy-address-misplaced-dot": ["smtp:{0}.@contoso.com"],
    "proxy-address-missing-at-sign": ["smtp:{0}"],
    "proxy-address-missing-type": ["{0}.untyped@contoso.com"],
    "proxy-address-misspelt-type": ["smpt:{0}.slip@contoso.com"],
    "proxy-address-non-ascii": ["smtp:zoë.{0}@contoso.com"],
    "proxy-address-not-routable": ["smtp:{0}@contoso.local"],
    "proxy-address-not-verified": ["smtp:{0}@adatum.com"],
    "proxy-address-other-too-long": ["X500:/o=Contoso/ou=" + "Former Administrative Group " * 9 + "/cn={0}"],
    "proxy-address-outer-space": ["smtp:{0}.pad@contoso.com "],
    "proxy-address-repeated": ["smtp:{0}.twice@contoso.com", "smtp:{0}.TWICE@contoso.com"],
    "proxy-address-second-colon": ["smtp:smtp:{0}.colon@contoso.com"],
    "proxy-address-several-at-signs": ["smtp:{0}@mail@contoso.com"],
    "proxy-address-several-primaries": ["SMTP:{0}.new@contoso.com"],
    "proxy-address-sip-format": ["sip:{0}"],
    "proxy-address-too-long": ["smtp:" + "very.long.name." * 17 + "{0}@contoso.com"],
    "proxy-address-underscored-character": ["smtp:{0}/office@contoso.com"],
    "proxy-address-unknown-type": ["NOTES:{0}/Contoso@Contoso"],
    "proxy-address-x500-format": ["X500:o=Contoso/cn=Recipients/cn={0}"],
    "proxy-addresses-over-300": [f"smtp:{{0}}.{n}@contoso.com" for n in range(300)],
}
# Rule -> all of a user's proxyAddresses.
ALL_PROXY_ADDRESSES = {
    "proxy-address-no-primary": ["smtp:{0}@contoso.com"],
    "proxy-address-primary-not-routable": ["SMTP:{0}@contoso.local", "smtp:{0}@contoso.com"],
    "proxy-address-primary-not-verified": ["SMTP:{0}@adatum.com", "smtp:{0}@contoso.com"],
    "proxy-address-primary-reserved-suffix": ["SMTP:{0}.office@contoso.onmicrosoft.com", "smtp:{0}@contoso.com"],
}
# A user without anything of Exchange.
PLAIN = {
    name: None
    for name in (
        "mailNickname proxyAddresses legacyExchangeDN msExchMailboxGuid msExchRecipientTypeDetails "
        "msExchRecipientDisplayType"
    ).split()
}
# Rule -> changed attributes of a user.
USERS = {
    "account-expires": {"accountExpires": "133500000000000000"},
    "cn-outer-space": {"cn": "{0} ", "displayName": None},
    "cn-too-long": {"cn": "A common name that somebody imported from a table of two columns, {0}"},
    "display-name-blank": {"displayName": "  "},
    "display-name-control-character": {"displayName": "{0}\tRoastery"},
    "display-name-outer-space": {"displayName": "{0} "},
    "display-name-too-long": {"displayName": "Head of the Department of Departments, " * 7 + "{0}"},
    "given-name-too-long": {"givenName": "Maria Magdalena Theresia " * 3},
    "mail-nickname-ampersand": {"mailNickname": "{0}&co"},
    "mail-nickname-double-dot": {"mailNickname": "{0}..x"},
    "mail-nickname-illegal-character": {"mailNickname": "{0} (ext)"},
    "mail-nickname-invisible-character": {"mailNickname": "{0}\u200b"},
    "mail-nickname-missing": {"mailNickname": None},
    "mail-nickname-non-ascii": {"mailNickname": "\u0142.{0}"},
    "mail-nickname-outer-dot": {"mailNickname": ".{0}"},
    "linked-mailbox-without-account": {"msExchRecipientTypeDetails": "2", "userAccountControl": "514"},
    "linked-mailbox-account-enabled": {
        "msExchRecipientTypeDetails": "2",
        "msExchMasterAccountSid": bytes.fromhex("010500000000000515000000a1b2c3d4e5f60718293a4b5c51040000"),
    },
    "mail-nickname-missing-for-delivery": {
        "authOrig": "CN=Newsletter,OU=Groups,OU=Contoso,DC=contoso,DC=com", **PLAIN,
    },
    "mail-nickname-underscored-character": {"mailNickname": "o'{0}"},
    "masked-mail-malformed": {"mail": "{0}@contoso..com"},
    "plain-user-mail-not-routable": {"mail": "{0}@contoso.local", **PLAIN},
    "plain-user-mail-not-verified": {"mail": "{0}@adatum.com", **PLAIN},
    "proxy-addresses-hide-mail": {"proxyAddresses": ["X500:/o=Contoso/cn=Recipients/cn={0}"]},
    "mail-nickname-too-long": {"mailNickname": "quality.assurance." * 4 + "{0}"},
    "only-first-value-synchronized": {"postOfficeBox": ["PO Box 17", "PO Box 18"]},
    "preferred-language-format": {"preferredLanguage": "English (UK)"},
    "source-anchor-size": {"mS-DS-ConsistencyGuid": b"897485c7-81a7-42eb-97c6-37ed73077b1f"},
    "surname-too-long": {"sn": "von und zu der Mark-Heidenstein und Rosenthal " * 2},
    "text-cut-at-448": {"info": "Called the service desk about the grinder. " * 12},
    "text-not-utf-8": {"sn": b"M\xfcller"},
    "thumbnail-photo-too-large": {"thumbnailPhoto": b"\xff\xd8\xff\xe0" + bytes(12000)},
    "too-many-certificates": {"userCertificate": [b"0\x82\x01\x0a" + bytes([n]) * 24 for n in range(16)]},
    "usage-location-format": {"msExchUsageLocation": "Germany"},
    "mail-address-type": {"mail": "SMTP:{0}@contoso.com", "proxyAddresses": None},
    "mail-blank": {"mail": " "},
    "mail-domain-non-ascii": {"mail": "{0}@kaffeehaus-münchen.de", "proxyAddresses": None},
    "mail-illegal-character": {"mail": "<{0}@contoso.com>", "proxyAddresses": None},
    "mail-inner-space": {"mail": "{0} home@contoso.com", "proxyAddresses": None},
    "mail-invisible-character": {"mail": "{0}@contoso.com\u00a0", "proxyAddresses": None},
    "mail-malformed-domain": {"mail": "{0}###@+contoso.com", "proxyAddresses": None},
    "mail-misplaced-dot": {"mail": "{0}.@contoso.com", "proxyAddresses": None},
    "mail-missing-at-sign": {"mail": "{0}", "proxyAddresses": None},
    "mail-domain-label-too-long": {"mail": "{0}@" + "l" * 64 + ".com", "proxyAddresses": None},
    "mail-local-part-too-long": {"mail": "quality.assurance." * 4 + "{0}@contoso.com", "proxyAddresses": None},
    "mail-underscored-character": {"mail": "{0}/office@contoso.com", "proxyAddresses": None},
    "mail-non-ascii": {"mail": "zoë.{0}@contoso.com", "proxyAddresses": None},
    "mail-not-primary-address": {"mail": "{0}.private@contoso.com"},
    "mail-not-routable": {"mail": "{0}@contoso.local", "proxyAddresses": None},
    "mail-not-verified": {"mail": "{0}@adatum.com", "proxyAddresses": None},
    "mail-outer-space": {"mail": "{0}@contoso.com "},
    "mail-several-at-signs": {"mail": "{0}@@contoso.com", "proxyAddresses": None},
    "mail-too-long": {"mail": "long.name." * 25 + "{0}@contoso.com", "proxyAddresses": None},
    "sam-account-name-invisible-character": {"sAMAccountName": "tasting\u200b"},
    "sam-account-name-illegal-character": {"sAMAccountName": "qa+test?"},
    "sam-account-name-too-long": {"sAMAccountName": "averylongaccountname1"},
    "sam-account-name-trailing-dot": {"sAMAccountName": "tasting."},
    "upn-domain-non-ascii": {"userPrincipalName": "{0}@kaffeehaus-münchen.de"},
    "upn-dot-before-at-sign": {"userPrincipalName": "{0}.@contoso.com"},
    "upn-empty-local-part": {"userPrincipalName": "@contoso.com"},
    "upn-illegal-character": {"userPrincipalName": "{0}%20&co@contoso.com"},
    "upn-invisible-character": {"userPrincipalName": "{0}\u200e@contoso.com"},
    "upn-local-part-too-long": {"userPrincipalName": "quality.assurance." * 4 + "{0}@contoso.com"},
    "upn-malformed-suffix": {"userPrincipalName": "{0}@contoso..com"},
    "upn-missing-at-sign": {"userPrincipalName": "{0}"},
    "upn-and-account-name-missing": {"userPrincipalName": None, "sAMAccountName": None, "sAMAccountType": None},
    "upn-missing": {"userPrincipalName": None},
    "upn-non-ascii": {"userPrincipalName": "jörg.{0}@contoso.com"},
    "upn-not-routable": {"userPrincipalName": "{0}@contoso.local"},
    "upn-not-verified": {"userPrincipalName": "{0}@adatum.com"},
    "upn-one-character": {"userPrincipalName": "q@contoso.com"},
    "upn-several-at-signs": {"userPrincipalName": "{0}@mail@contoso.com"},
    "upn-suffix-too-long": {
        "userPrincipalName": "{0}@roastery.training.emea." + "regional-office." * 2 + "contoso.com"
    },
    "upn-unlisted-character": {"userPrincipalName": "svc${0}@contoso.com"},
    "upn-white-space": {"userPrincipalName": "{0} qa@contoso.com"},
}
# Rule -> changed attributes of a group with mail.
GROUPS = {
    "group-display-name-missing": {"displayName": None},
    "distribution-group-not-mail-enabled": {"groupType": "8", "mail": None, "proxyAddresses": None},
    "distribution-group-no-primary": {"groupType": "8", "mail": None, "proxyAddresses": ["smtp:{0}@contoso.com"]},
    "group-addresses-without-smtp": {"proxyAddresses": ["X500:/o=Contoso/cn=Recipients/cn={0}"]},
    "security-group-name-leading-dot": {
        name: None for name in ("mail", "proxyAddresses", "mailNickname", "displayName", "legacyExchangeDN")
    } | {"cn": ".{0}"},
}
# Rule -> changed attributes of a contact.
CONTACTS = {
    "contact-without-address": {name: None for name in ("mail", "proxyAddresses", "targetAddress", "mailNickname")},
    "contact-not-mail-enabled": {"mail": None},
    "mail-without-address": {"mail": "{0}", "proxyAddresses": ["SMTP:{0}"]},
    "contact-mail-nickname-missing": {"mailNickname": None},
    "contact-target-address-missing": {"targetAddress": None},
    "target-address-domain-non-ascii": {"targetAddress": "SMTP:{0}@kaffeehaus-münchen.de"},
    "target-address-illegal-character": {"targetAddress": "SMTP:{0} @fabrikam.com"},
    "target-address-invisible-character": {"targetAddress": "SMTP:{0}@fabrikam.com\u00a0"},
    "target-address-leading-space": {"targetAddress": " SMTP:{0}@fabrikam.com"},
    "target-address-domain-label-too-long": {"targetAddress": "SMTP:{0}@" + "l" * 64 + ".com"},
    "target-address-local-part-too-long": {"targetAddress": "SMTP:" + "quality.assurance." * 4 + "{0}@fabrikam.com"},
    "target-address-malformed-type": {"targetAddress": "'smtp:{0}@fabrikam.com'"},
    "target-address-misspelt-type": {"targetAddress": "SMPT:{0}@fabrikam.com"},
    "target-address-unknown-type": {"targetAddress": "NOTES:{0}/Fabrikam"},
    "target-address-malformed-domain": {"targetAddress": "SMTP:{0}@fabri#kam.com"},
    "target-address-misplaced-dot": {"targetAddress": "SMTP:{0}.@fabrikam.com"},
    "target-address-missing-at-sign": {"targetAddress": "SMTP:{0}"},
    "target-address-missing-type": {"targetAddress": "{0}@fabrikam.com"},
    "target-address-non-ascii": {"targetAddress": "SMTP:zoë.{0}@fabrikam.com"},
    "target-address-not-routable": {"targetAddress": "SMTP:{0}@fabrikam.local"},
    "target-address-second-colon": {"targetAddress": "SMTP:smtp:{0}@fabrikam.com"},
    "target-address-several-at-signs": {"targetAddress": "SMTP:{0}@@fabrikam.com"},
    "target-address-too-long": {"targetAddress": "SMTP:" + "very.long.name." * 17 + "{0}@fabrikam.com"},
}
# These want groups too large for a sample; a test makes them.
TOO_LARGE = {"group-over-50000-members", "group-over-250000-members", "cloud-sync-group-over-50000-members"}
# These are active with --sync-client cloud-sync or --upn-attribute mail only, and find something in entries for other rules.
OTHER_CLIENTS = {"cloud-sync-proxy-address-outer-space", "cloud-sync-display-name-missing", "sign-in-mail-missing"}


def name_for(rule, taken):
    """A name of its own for the entry of a rule."""
    start = int.from_bytes(hashlib.blake2b(rule.encode(), digest_size=4).digest(), "big")
    for step in range(len(FIRST) * len(LAST)):
        place = (start + step) % (len(FIRST) * len(LAST))
        name = f"{FIRST[place % len(FIRST)]} {LAST[place // len(FIRST)]}"
        if name not in taken:
            taken.add(name)
            return name
    raise ValueError("no names left")


def filled(value, local):
    if isinstance(value, str):
        return value.replace("{0}", local)
    return [filled(one, local) for one in value] if isinstance(value, list) else value


def add_all(directory):
    """Adds the entries with mistakes; the ids of the rules they were made for."""
    taken = set()
    covered = set()

    def made_for(rule, changes, local):
        covered.add(rule)
        changes = {name: filled(value, local) for name, value in changes.items()}
        changes["description"] = f"Made for the rule {rule}"
        return changes

    def user(rule, changes):
        name = name_for(rule, taken)
        local = name.lower().replace(" ", ".")
        return directory.user(name, made_for(rule, changes, local))

    for rule, values in PROXY_ADDRESSES.items():
        user(rule, {"proxyAddresses": ["SMTP:{0}@contoso.com", *values]})
    for rule, values in ALL_PROXY_ADDRESSES.items():
        mail = values[0].partition(":")[2]
        user(rule, {"proxyAddresses": values, "mail": mail})
    for rule, changes in USERS.items():
        user(rule, changes)
    for rule, changes in GROUPS.items():
        name = name_for(rule, taken).split()[1] + " Circle"
        directory.group(name, made_for(rule, changes, name.lower().replace(" ", ".")), mail=True)
    for rule, changes in CONTACTS.items():
        name = name_for(rule, taken)
        directory.contact(name, made_for(rule, changes, name.lower().replace(" ", ".")))
    duplicates(directory, made_for, user)
    return covered


def partner(address):
    """The addresses of a contact."""
    return {"mail": address, "proxyAddresses": ["SMTP:" + address], "targetAddress": "SMTP:" + address}


def duplicates(directory, made_for, user):
    """Values that two entries hold."""
    directory.user("Oda Bergmann")
    changes = {
        "mail": "oda@fabrikam.com",
        "proxyAddresses": ["SMTP:oda@fabrikam.com", "smtp:Oda.Bergmann@contoso.com"],
        "targetAddress": "SMTP:oda@fabrikam.com",
    }
    directory.contact("Oda Bergmann Extern", made_for("address-not-unique", changes, ""))
    directory.user(
        "Piers Lovell", made_for("address-not-unique", {"userPrincipalName": "oda.bergmann@contoso.com"}, "")
    )

    shared = ["SMTP:front.desk@contoso.com"]
    user("primary-address-not-unique", {"mail": "front.desk@contoso.com", "proxyAddresses": shared})
    directory.user("Ysolde Penn", {"mail": "front.desk@contoso.com", "proxyAddresses": shared})
    directory.group("Harvest Team", mail=True)
    user(
        "user-and-group-address-not-unique",
        {
            "proxyAddresses": ["SMTP:{0}@contoso.com", "smtp:harvest.team@contoso.com"],
            "userPrincipalName": "harvest.team@contoso.com",
        },
    )
    directory.user("Zora Quill")
    user("masked-mail-not-unique", {"mail": "zora.quill@contoso.com"})
    directory.contact("Ada Wren")
    directory.contact("Ada Wren Milan", made_for("contacts-joined-by-mail", partner("ada.wren@fabrikam.com"), ""))
    directory.user("Bram Kolk")
    directory.contact("Bram Kolk Antwerp", made_for("contact-joined-by-mail", partner("bram.kolk@contoso.com"), ""))
    user("derived-sign-in-not-unique", {"userPrincipalName": None, "sAMAccountName": "aspnet"})
    directory.user("Runtime Account", {"userPrincipalName": "aspnet@contoso.com"})
    user("sip-address-not-unique", {"proxyAddresses": ["SMTP:{0}@contoso.com", "sip:switchboard@contoso.com"]})
    directory.user("Cosmo Lind", {"msRTCSIP-PrimaryUserAddress": "sip:switchboard@contoso.com"})
    sid = bytes([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]) + hashlib.blake2b(b"cloned", digest_size=12).digest() + bytes(4)
    user("object-sid-not-unique", {"objectSid": sid})
    directory.user("Dilys Moor", {"objectSid": sid})
    former = "X500:/o=Contoso/ou=First Administrative Group/cn=Recipients/cn=sales"
    user("proxy-address-other-not-unique", {"proxyAddresses": ["SMTP:{0}@contoso.com", former]})
    directory.user("Rosalind Marek", {"proxyAddresses": ["SMTP:rosalind.marek@contoso.com", former.upper()]})
    user("sam-account-name-not-unique", {"sAMAccountName": "shared.desk"})
    directory.user("Sigrid Tamm", {"sAMAccountName": "Shared.Desk"}, parent="OU=People,DC=emea,DC=contoso,DC=com")
    user("mail-nickname-not-unique", {"mailNickname": "reception"})
    directory.user("Tilda Rooke", {"mailNickname": "Reception"})
    anchor = hashlib.blake2b(b"copied user template", digest_size=16).digest()
    user("source-anchor-not-unique", {"mS-DS-ConsistencyGuid": anchor})
    directory.user("Ulf Sander", {"mS-DS-ConsistencyGuid": anchor})
    directory.contact(
        "Vivian Teal", made_for("target-address-not-unique", {"targetAddress": "SMTP:orders@fabrikam.com"}, "")
    )
    directory.contact("Warren Ude", {"targetAddress": "smtp:Orders@fabrikam.com"})
