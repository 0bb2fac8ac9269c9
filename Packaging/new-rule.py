#!/usr/bin/env python3
"""Begins a rule: writes its file, adds it to the rule set `entra`, and says what is left to do.

    Packaging/new-rule.py ID ATTRIBUTE        (make rule ID=mail-too-odd ATTRIBUTE=mail)

Exit status: 0 done; 2 the id or the attribute cannot be used. Nothing is overwritten.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "Rules"
SKELETON = """\
# yaml-language-server: $schema=../../../Docs/schemas/rule.schema.json
id: {id}
title: {attribute} …
status: experimental
severity: warning
effect: degraded
certainty: inferred
attribute: {attribute}
check:
  length:
    max: 64
message: "the value has {{length}} characters; {{max}} are allowed"
explanation: >
  What synchronization makes of such a value, why, and what to do. Where sources contradict each other, say so.
references:
  - https://learn.microsoft.com/…
examples:
  valid:
    - "a value that is well"
  invalid:
    - {{ value: "a value that is not", flagged: "↓a value that is not" }}
"""


def fail(message):
    print(f"new-rule.py: error: {message}", file=sys.stderr)
    sys.exit(2)


def add_to_set(path, rule, attribute):
    """Adds a rule behind the last one under the heading of its attribute, or under a new heading at the end."""
    lines = path.read_text(encoding="utf-8").splitlines()
    headings = [number for number, line in enumerate(lines) if line.strip() == f"# {attribute}"]
    if headings:
        place = headings[0] + 1
        while place < len(lines) and lines[place].startswith("  - ") and lines[place][4:] < rule:
            place += 1
        lines.insert(place, f"  - {rule}")
    else:
        lines += [f"  # {attribute}", f"  - {rule}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    rule, attribute = (sys.argv[1:] + ["", ""])[:2]
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule):
        fail(f"`{rule}` is no id; give one in kebab-case: make rule ID=mail-too-odd ATTRIBUTE=mail")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", attribute):
        fail(f"`{attribute}` is no attribute; give its LDAP display name: make rule ID={rule} ATTRIBUTE=mail")
    known = list(RULES.glob(f"**/{rule}.yaml"))
    if known:
        fail(f"{known[0].relative_to(ROOT)} is there already; give another id, which never changes")
    path = RULES / "entra" / attribute / f"{rule}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SKELETON.format(id=rule, attribute=attribute), encoding="utf-8")
    add_to_set(RULES / "sets" / "entra.yaml", rule, attribute)
    print(
        f"""Written: {path.relative_to(ROOT)}; added to Rules/sets/entra.yaml. What is left:

  1. Write the rule: Docs/rule-format.md has every check, suggestion and placeholder. Replace each `…`.
  2. swift build && .build/debug/dirsync-lint rules test     its examples are its tests
  3. Fixtures/mistakes.py: a mistake on which it fires; then make sample
  4. Docs/rule-coverage.md: the fact that it carries
  5. make docs, and a line in CHANGELOG.md under Rules"""
    )


main()
