#!/bin/sh
# Writes the documentation that comes from the rule files, or checks that it is up to date. Both also check what the
# README shows: the attribute lists of its export commands, and its excerpt of a report.
#
#   Packaging/generated-docs.sh PROGRAM            writes
#   Packaging/generated-docs.sh --check PROGRAM    says what differs; exit status 1 when something does
set -eu

check=
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
[ $# -eq 1 ] || {
  echo "usage: $0 [--check] PROGRAM" >&2
  exit 2
}
program=$1
cd "$(dirname "$0")/.."
new=$(mktemp)
trap 'rm -f "$new"' EXIT

status=0
# Writes or checks a page: its file, then the words that print it.
page() {
  file=$1
  shift
  "$program" "$@" >"$new"
  if [ -z "$check" ]; then
    cp "$new" "$file"
  elif ! diff -u "$file" "$new"; then
    echo "$file is not what the rules say: run 'make docs'." >&2
    status=1
  fi
}
page Docs/rules.md rules docs
page Docs/sync-errors.md rules docs --sync-errors
# The table of formats stands between two lines of its page.
"$program" rules docs --formats >"$new"
formats=Docs/output-formats.md
if [ -z "$check" ]; then
  sed -i -e '/^<!-- formats -->$/,/^<!-- end of formats -->$/{//!d}' -e "/^<!-- formats -->\$/r $new" "$formats"
elif ! sed -n '/^<!-- formats -->$/,/^<!-- end of formats -->$/{//!p}' "$formats" | diff -u - "$new"; then
  echo "$formats has another table of formats than the program: run 'make docs'." >&2
  status=1
fi
# Schemas for editors, and all files that are shipped or shown, held against the schema that their first line names.
mkdir -p Docs/schemas
for schema in rule rule-set scope sync-error suppressions configuration attributes object-classes export-properties event-labels exchange-builds; do
  page "Docs/schemas/$schema.schema.json" rules docs --schema "$schema"
done
Packaging/check-schemas.py || status=1
# What the program calls itself has a dated section.
version=$("$program" --version | cut -d " " -f 1)
if ! grep -q -F "## [$version] - " CHANGELOG.md; then
  echo "CHANGELOG.md has no section of the version $version." >&2
  status=1
fi
# The README's export commands must ask for every attribute that the default rule set reads.
for command in ldifde ldapsearch; do
  sed -n "/^$command /,/^\`\`\`/p" README.md | tr -c 'A-Za-z0-9-' '\n' | tr '[:upper:]' '[:lower:]' | sort -u >"$new"
  for attribute in $("$program" rules list --attributes | tr '[:upper:]' '[:lower:]'); do
    if ! grep -q -x -F -e "$attribute" "$new"; then
      echo "README.md: the $command command does not ask for $attribute, which the rules read." >&2
      status=1
    fi
  done
done
# The README shows a few lines of what the program says about the sample directory.
"$program" lint --threads 1 Fixtures/sample/directory.ldif >"$new" || [ $? -eq 1 ]
missing=$(sed -n '/^## What it says/,/^## /p' README.md | sed -n '/^```$/,/^```$/p' | grep -v -e '^```$' -e '^…$' -e '^$' |
  grep -v -x -F -f "$new" || true)
if [ -n "$missing" ]; then
  printf 'README.md: the program does not say this about the sample directory:\n%s\n' "$missing" >&2
  status=1
fi
exit $status
