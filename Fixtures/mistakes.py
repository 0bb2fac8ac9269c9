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
    "proxy-address-domain-non-ascii": ["smtp:{0}@kaffeehaus-münchen.de"],
    "proxy-address-empty-local-part": ["smtp:@mail.contoso.com"],
    "proxy-address-illegal-character": ["smtp:{0}(home)@contoso.com", "smtp:<{0}.old@contoso.com>"],
    "proxy-address-inner-space": ["smtp:{0} jr@contoso.com"],
    "proxy-address-invisible-character": ["smtp:{0}.2\u00a0@contoso.com", "smtp:\u200b{0}.3@contoso.com"],
    "proxy-address-legacy-type": ["X400:C=US;A= ;P=Contoso;O=Exchange;S={0};"],
    "proxy-address-local-part-too-long": ["smtp:" + "quality.assurance." * 4 + "{0}@contoso.com"],
    "proxy-address-malformed-domain": ["smtp:{0}@contoso..com"],
    "proxy-address-malformed-type": ["smtp :{0}.x@contoso.com"],
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
    "proxy-addresses-over-200": [f"smtp:{{0}}.{n}@contoso.com" for n in range(200)],
    "proxy-addresses-over-300": [f"smtp:{{0}}.{n}@contoso.com" for n in range(300)],
}
# Rule -> all of a user's proxyAddresses.
ALL_PROXY_ADDRESSES = {
    "proxy-address-no-primary": ["smtp:{0}@contoso.com"],
    "proxy-address-primary-not-routable": ["SMTP:{0}@contoso.local", "smtp:{0}@contoso.com"],
    "proxy-address-primary-not-verified": ["SMTP:{0}@adatum.com", "smtp:{0}@contoso.com"],
    "proxy-address-primary-reserved-suffix": ["SMTP:{0}@contoso.onmicrosoft.com", "smtp:{0}@contoso.com"],
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
    "extension-attribute-too-long": {"extensionAttribute7": "cost centre 4711; " * 14},
    "given-name-too-long": {"givenName": "Maria Magdalena Theresia " * 3},
    "mail-nickname-ampersand": {"mailNickname": "{0}&co"},
    "mail-nickname-double-dot": {"mailNickname": "{0}..x"},
    "mail-nickname-illegal-character": {"mailNickname": "{0} (ext)"},
    "mail-nickname-invisible-character": {"mailNickname": "{0}\u200b"},
    "mail-nickname-missing": {"mailNickname": None},
    "mail-nickname-non-ascii": {"mailNickname": "\u0142.{0}"},
    "mail-nickname-outer-dot": {"mailNickname": ".{0}"},
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
    "mail-address-type": {"mail": "SMTP:{0}@contoso.com"},
    "mail-blank": {"mail": " "},
    "mail-domain-non-ascii": {"mail": "{0}@kaffeehaus-münchen.de"},
    "mail-illegal-character": {"mail": "<{0}@contoso.com>"},
    "mail-inner-space": {"mail": "{0} home@contoso.com"},
    "mail-invisible-character": {"mail": "{0}@contoso.com\u00a0"},
    "mail-malformed-domain": {"mail": "{0}###@+contoso.com"},
    "mail-misplaced-dot": {"mail": "{0}.@contoso.com"},
    "mail-missing-at-sign": {"mail": "{0}"},
    "mail-missing": {"mail": None},
    "mail-non-ascii": {"mail": "zoë.{0}@contoso.com"},
    "mail-not-primary-address": {"mail": "{0}.private@contoso.com"},
    "mail-not-routable": {"mail": "{0}@contoso.local", "proxyAddresses": None},
    "mail-not-verified": {"mail": "{0}@adatum.com", "proxyAddresses": None},
    "mail-outer-space": {"mail": "{0}@contoso.com "},
    "mail-several-at-signs": {"mail": "{0}@@contoso.com"},
    "mail-too-long": {"mail": "long.name." * 25 + "{0}@contoso.com"},
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
}
# Rule -> changed attributes of a contact.
CONTACTS = {
    "contact-without-address": {name: None for name in ("mail", "proxyAddresses", "targetAddress", "mailNickname")},
    "contact-not-mail-enabled": {"mail": None, "proxyAddresses": ["smtp:{0}@fabrikam.com"]},
    "contact-mail-nickname-missing": {"mailNickname": None},
    "contact-target-address-missing": {"targetAddress": None},
    "target-address-domain-non-ascii": {"targetAddress": "SMTP:{0}@kaffeehaus-münchen.de"},
    "target-address-illegal-character": {"targetAddress": "SMTP:{0} @fabrikam.com"},
    "target-address-invisible-character": {"targetAddress": "SMTP:{0}@fabrikam.com\u00a0"},
    "target-address-leading-space": {"targetAddress": " SMTP:{0}@fabrikam.com"},
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
TOO_LARGE = {"group-over-50000-members", "group-over-250000-members"}


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
