"""The defects that `generate.py` puts into objects, and the rules of the set `entra` that must find each."""

MANIFEST_HEADER = "number\tdn\tobjectClass\tattribute\tdefect\trules\tvalue\tother\n"


def _proxy(entry, value):
    entry["proxies"].append(value)
    return "proxyAddresses", value


def _set(key, attribute):
    def place(entry, value):
        entry[key] = value
        return attribute, value

    return place


_upn = _set("upn", "userPrincipalName")
_mail = _set("mail", "mail")
_nick = _set("nick", "mailNickname")
_account = _set("account", "sAMAccountName")
_display = _set("display", "displayName")
_target = _set("target", "targetAddress")


def _local(entry):
    return entry["identity"].local


# Each defect: name, rules that must find it, and what it does. The function gets the directory, the entry's values and
# the identity of an earlier object of the same class without a defect, and returns the attribute and the value.
USER = [
    ("proxy-space", ["proxy-address-inner-space"], lambda d, e, o: _proxy(e, f"smtp:{_local(e)} old@{d.domain}")),
    (
        "proxy-parentheses",
        ["proxy-address-illegal-character"],
        lambda d, e, o: _proxy(e, f"smtp:{_local(e)}(x)@{d.domain}"),
    ),
    ("proxy-accent", ["proxy-address-non-ascii"], lambda d, e, o: _proxy(e, f"smtp:müller.{_local(e)}@{d.domain}")),
    (
        "proxy-zero-width",
        ["proxy-address-invisible-character"],
        lambda d, e, o: _proxy(e, f"smtp:zw\u200b{_local(e)}@{d.domain}"),
    ),
    (
        "proxy-no-break-space",
        ["proxy-address-invisible-character"],
        lambda d, e, o: _proxy(e, f"smtp:\u00a0{_local(e)}.nb@{d.domain}"),
    ),
    (
        "proxy-second-colon",
        ["proxy-address-second-colon"],
        lambda d, e, o: _proxy(e, f"smtp:smtp:{_local(e)}.c@{d.domain}"),
    ),
    (
        "proxy-two-at-signs",
        ["proxy-address-several-at-signs"],
        lambda d, e, o: _proxy(e, f"smtp:{_local(e)}@@{d.domain}"),
    ),
    ("proxy-no-at-sign", ["proxy-address-missing-at-sign"], lambda d, e, o: _proxy(e, f"smtp:{_local(e)}.{d.domain}")),
    ("proxy-no-type", ["proxy-address-missing-type"], lambda d, e, o: _proxy(e, f"{_local(e)}.untyped@{d.domain}")),
    (
        "proxy-x400",
        ["proxy-address-legacy-type"],
        lambda d, e, o: _proxy(e, f"X400:c=US;a= ;p={d.company};o=Exchange;s={e['identity'].account};"),
    ),
    ("proxy-not-routable", ["proxy-address-not-routable"], lambda d, e, o: _proxy(e, f"smtp:{_local(e)}@corp.local")),
    (
        "proxy-too-long",
        ["proxy-address-too-long"],
        lambda d, e, o: _proxy(e, f"smtp:{'a' * 240}{_local(e)}@{d.domain}"),
    ),
    (
        "proxy-two-primaries",
        ["proxy-address-several-primaries"],
        lambda d, e, o: _proxy(e, f"SMTP:{_local(e)}.second@{d.domain}"),
    ),
    ("proxy-of-another", ["address-not-unique"], lambda d, e, o: _proxy(e, f"smtp:{o.local}@{d.domain}")),
    (
        "proxy-of-another-in-capitals",
        ["address-not-unique"],
        lambda d, e, o: _proxy(e, f"smtp:{o.local.upper()}@{d.domain.upper()}"),
    ),
    ("upn-space", ["upn-white-space"], lambda d, e, o: _upn(e, f"{_local(e)} x@{d.domain}")),
    ("upn-percent", ["upn-illegal-character"], lambda d, e, o: _upn(e, f"{_local(e)}%20@{d.domain}")),
    ("upn-umlaut", ["upn-non-ascii"], lambda d, e, o: _upn(e, f"mäx{_local(e)}@{d.domain}")),
    ("upn-trailing-dot", ["upn-dot-before-at-sign"], lambda d, e, o: _upn(e, f"{_local(e)}.@{d.domain}")),
    ("upn-too-long", ["upn-local-part-too-long"], lambda d, e, o: _upn(e, f"{'u' * 100}{_local(e)}@{d.domain}")),
    ("upn-no-at-sign", ["upn-missing-at-sign"], lambda d, e, o: _upn(e, _local(e))),
    ("upn-not-routable", ["upn-not-routable"], lambda d, e, o: _upn(e, f"{_local(e)}@corp.local")),
    ("upn-is-proxy-of-another", ["address-not-unique"], lambda d, e, o: _upn(e, f"{o.local}@{d.domain}")),
    (
        "mail-of-another",
        ["masked-mail-not-unique", "mail-not-primary-address"],
        lambda d, e, o: _mail(e, f"{o.local}@{d.domain}"),
    ),
    ("mail-space", ["masked-mail-malformed"], lambda d, e, o: _mail(e, f"{_local(e)} @{d.domain}")),
    ("nick-space", ["mail-nickname-illegal-character"], lambda d, e, o: _nick(e, f"{_local(e)} x")),
    ("nick-leading-dot", ["mail-nickname-outer-dot"], lambda d, e, o: _nick(e, f".{_local(e)}")),
    ("nick-too-long", ["mail-nickname-too-long"], lambda d, e, o: _nick(e, f"{'n' * 64}{_local(e)}")),
    ("nick-of-another", ["mail-nickname-not-unique"], lambda d, e, o: _nick(e, o.local)),
    (
        "account-too-long",
        ["sam-account-name-too-long"],
        lambda d, e, o: _account(e, f"averylongaccountname{e['number']}"),
    ),
    ("account-character", ["sam-account-name-illegal-character"], lambda d, e, o: _account(e, f"a+{e['number']}?")),
    ("display-blank", ["display-name-blank"], lambda d, e, o: _display(e, "   ")),
    ("display-trailing-space", ["display-name-outer-space"], lambda d, e, o: _display(e, f"{e['identity'].cn}  ")),
    (
        "target-two-at-signs",
        ["target-address-several-at-signs"],
        lambda d, e, o: _target(e, f"SMTP:{_local(e)}@@partners.fabrikam.com"),
    ),
    (
        "target-space",
        ["target-address-illegal-character"],
        lambda d, e, o: _target(e, f"SMTP:{_local(e)} x@partners.fabrikam.com"),
    ),
]
GROUP = [
    ("group-proxy-space", ["proxy-address-inner-space"], lambda d, e, o: _proxy(e, f"smtp:{_local(e)} x@{d.domain}")),
    ("group-nick-space", ["mail-nickname-illegal-character"], lambda d, e, o: _nick(e, f"{_local(e)} x")),
    ("group-mail-no-at-sign", ["masked-mail-malformed"], lambda d, e, o: _mail(e, _local(e))),
    ("group-display-trailing-space", ["display-name-outer-space"], lambda d, e, o: _display(e, f"{e['identity'].cn} ")),
]
CONTACT = [
    (
        "contact-target-two-at-signs",
        ["target-address-several-at-signs"],
        lambda d, e, o: _target(e, f"SMTP:{_local(e)}@@partners.fabrikam.com"),
    ),
    (
        "contact-proxy-comma",
        ["proxy-address-illegal-character"],
        lambda d, e, o: _proxy(e, f"smtp:{_local(e)},x@partners.fabrikam.com"),
    ),
    ("contact-nick-space", ["mail-nickname-illegal-character"], lambda d, e, o: _nick(e, f"{_local(e)} x")),
    ("contact-mail-of-another", ["contacts-joined-by-mail"], lambda d, e, o: _mail(e, f"{o.local}@partners.fabrikam.com")),
]
_DUPLICATES = {name for name, rules, _ in USER + GROUP + CONTACT if any(rule.endswith(("-not-unique", "-by-mail")) for rule in rules)}
_TABLES = {"U": USER, "G": GROUP, "C": CONTACT}
_CLASSES = {"U": "user", "G": "group", "C": "contact"}


def _escape(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def place(directory, entry):
    """Puts a defect into an entry's values; its line for the manifest, or None where none fits."""
    kind = entry["kind"]
    if kind not in _TABLES or kind == "G" and not entry["mailing"]:
        return None
    other = directory.clean_before(kind, entry["number"])
    if other is None:
        return None
    table = _TABLES[kind]
    choice = int.from_bytes(directory.digest(b"choice %d" % entry["number"], 4), "little")
    name, rules, function = table[choice % len(table)]
    identity = directory.identity(other)
    attribute, value = function(directory, entry, identity)
    fields = (
        str(entry["number"]),
        entry["dn"],
        _CLASSES[kind],
        attribute,
        name,
        ",".join(rules),
        value,
        identity.dn if name in _DUPLICATES else "",
    )
    return "\t".join(map(_escape, fields)) + "\n"
