#!/bin/sh
# Checks the units as far as a machine without a running systemd allows: they are well-formed, and hardened.
#
#   Packaging/systemd/test.sh PROGRAM
#
# Needs the package `systemd`. Exit status: 0 all right, 1 not.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# `verify` looks for the program at the path that the unit names, so here it names the one that was built.
for unit in dirsync-lint-audit.service dirsync-lint-audit.timer; do
  sed "s|/usr/bin/dirsync-lint|$program|" "$unit" > "$work/$unit"
done
problems=$(systemd-analyze verify --man=no "$work/dirsync-lint-audit.service" "$work/dirsync-lint-audit.timer" 2>&1 || true)
# Units of the machine itself that have mistakes are not ours.
if printf '%s\n' "$problems" | grep -F dirsync-lint; then
  echo "systemd-analyze verify found mistakes" >&2
  exit 1
fi
systemd-analyze calendar --iterations=1 "$(sed -n 's/^OnCalendar=//p' dirsync-lint-audit.timer)" > /dev/null
# In tenths; the network is left open for LDAP.
systemd-analyze security --offline=true --no-pager --threshold=20 "$work/dirsync-lint-audit.service" > "$work/security" || {
  cat "$work/security" >&2
  echo "the service is less hardened than it was" >&2
  exit 1
}
tail -n 1 "$work/security"
# The line for cron: five fields of time, a user and a command that the parser of the program takes.
grep -qE '^[0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ [0-9*/,-]+ +[a-z-]+ +/usr/bin/dirsync-lint audit run ' ../cron/dirsync-lint
echo "The units are well-formed"
