#!/usr/bin/env python3
"""Holds every YAML file of Rules/ and Packaging/ against the JSON Schema that its first line names for editors.

Exit status: 0 all are right; 1 a file breaks its schema or names none. The reader of rule files stays the authority; this
shows that what editors are told is true of what is shipped.
"""

import json
import pathlib
import re
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    sys.exit(f"check-schemas.py: {missing}: run Packaging/install-dependencies.sh --tests")

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


class Loader(yaml.SafeLoader):
    """YAML 1.2 as far as rule files have it: numbers in decimal, true and false; all else is text."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]*)$"), list("0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|)$"), ["~", ""])


def faults(path):
    text = path.read_text(encoding="utf-8")
    first = MODELINE.match(text)
    if not first:
        yield "the first line names no schema, as in `# yaml-language-server: $schema=../../Docs/schemas/rule.schema.json`"
        return
    schema = (path.parent / first[1]).resolve()
    if not schema.is_file():
        yield f"there is no schema {first[1]}"
        return
    validator = jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    for error in validator.iter_errors(yaml.load(text, Loader)):
        yield f"{'/'.join(str(part) for part in error.absolute_path) or 'the file'}: {error.message[:200]}"


def main():
    files = sorted(ROOT.glob("Rules/**/*.yaml")) + sorted(ROOT.glob("Packaging/**/*.yaml"))
    status = 0
    for path in files:
        for fault in faults(path):
            print(f"{path.relative_to(ROOT)}:1:1: error: {fault}", file=sys.stderr)
            status = 1
    if not files:
        print("check-schemas.py: there is no file to check", file=sys.stderr)
        status = 1
    return status


sys.exit(main())
