#!/usr/bin/env bash
# Installs a package in a clean Debian root, uses it, removes it, and looks for what it leaves behind.
#
#   Packaging/deb/test.sh PACKAGE
#
# Needs root, debootstrap and a Debian mirror (that of this machine's apt). The bare root is kept in
# ${XDG_CACHE_HOME:-~/.cache}/dirsync-lint/ and used again for a week. Exit status: 0 all right, 1 not.
set -euo pipefail

package=$(realpath "$1")
cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || { echo "$0: needs root, for chroot" >&2; exit 1; }
suite=bookworm
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dirsync-lint
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 2>/dev/null | awk -v suite="$suite" '$2 == suite { print $1; exit }')
work=$(mktemp -d)
root=$work/root
cleanup() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT

fail() { printf '%s\n' "$@" >&2; exit 1; }
in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

make_root() {
  mkdir -p "$cache"
  find "$cache" -name "$suite.tar" -mtime +7 -delete
  if [ ! -f "$cache/$suite.tar" ]; then
    debootstrap --variant=minbase "$suite" "$root" "${mirror:-http://deb.debian.org/debian}" > "$work/debootstrap.log" 2>&1 \
      || { tail -n 20 "$work/debootstrap.log" >&2; fail "debootstrap failed"; }
    tar -C "$root" --one-file-system -cf "$cache/$suite.tar.$$" . && mv "$cache/$suite.tar.$$" "$cache/$suite.tar"
  else
    mkdir "$root"
    tar -C "$root" -xf "$cache/$suite.tar"
  fi
  # Swift programs read their arguments from /proc/self/cmdline.
  mount -t proc proc "$root/proc" 2>/dev/null || mount --bind /proc "$root/proc" || fail "cannot mount /proc in the root"
  # The name server and the proxy of this machine, where it has them.
  cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
  apt-config dump 2>/dev/null | grep -i '^Acquire::https\?::Proxy ' > "$root/etc/apt/apt.conf.d/90proxy" || true
}

# Files of the root that are not there for apt and dpkg to write in every run.
list_files() {
  (cd "$root" && find . \( -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log -o -path ./tmp -o -path ./proc \
    -o -path ./var/lib/dpkg \) -prune -o -print | sort)
}

echo "A clean $suite"
make_root
in_root apt-get update -q > "$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log" >&2; fail "apt-get update failed"; }

echo "Its dependencies, then what is there without the package"
dependencies=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
# shellcheck disable=SC2086  # a list of words on purpose
in_root apt-get install -y -q --no-install-recommends $dependencies > "$work/apt.log" 2>&1 \
  || { tail -n 20 "$work/apt.log" >&2; fail "the dependencies cannot be installed: $dependencies"; }
list_files > "$work/before"

echo "Installation"
cp "$package" "$root/tmp/dirsync-lint.deb"
in_root dpkg --install /tmp/dirsync-lint.deb > "$work/apt.log" 2>&1 \
  || { tail -n 20 "$work/apt.log" >&2; fail "the package cannot be installed"; }
in_root dpkg --verify dirsync-lint | grep . && fail "files of the package differ from what it says" || true

echo "Hardening"
program=$root/usr/bin/dirsync-lint
dynamic=$(readelf -dW "$program") || fail "readelf cannot read the program"
grep -Eq 'BIND_NOW|FLAGS_1.*NOW' <<< "$dynamic" || fail "the program is not linked with -z now"
grep -Eq 'FLAGS_1.*PIE' <<< "$dynamic" || fail "the program is not position-independent"
! grep -Eq 'RPATH|RUNPATH' <<< "$dynamic" || fail "the program searches a folder of its own for libraries:" "$dynamic"
segments=$(readelf -lW "$program")
grep -q GNU_RELRO <<< "$segments" || fail "the program has no read-only relocations"
! grep -Eq 'GNU_STACK.*RWE' <<< "$segments" || fail "the stack of the program can be executed"

echo "Use"
cp Fixtures/sample/directory.ldif "$root/tmp/export.ldif"
version=$(in_root dirsync-lint --version | cut -d " " -f 1)
[ "$(dpkg-deb -f "$package" Version)" = "$version-1" ] || fail "the program says version $version"
expect() {
  local status=$1 actual=0
  shift
  in_root "$@" > "$work/out" 2>&1 || actual=$?
  [ "$actual" -eq "$status" ] || { tail -n 20 "$work/out" >&2; fail "exit status $actual, not $status: $*"; }
}
expect 1 dirsync-lint lint /tmp/export.ldif
expect 0 dirsync-lint explain proxy-address-illegal-character
# What the timer does, with the configuration that came with the package, one of its sources in place.
sed -i 's|^sources: .*|sources: /tmp/export.ldif|' "$root/etc/dirsync-lint/audit.yaml"
in_root mkdir -p /var/lib/dirsync-lint
expect 1 dirsync-lint audit run --config /etc/dirsync-lint/audit.yaml --store /var/lib/dirsync-lint/audit.sqlite
expect 0 dirsync-lint audit run --config /etc/dirsync-lint/audit.yaml --store /var/lib/dirsync-lint/audit.sqlite
expect 0 dirsync-lint audit list --store /var/lib/dirsync-lint/audit.sqlite
grep -q ' known' "$work/out" || fail "the second audit does not know the first"
expect 0 bash -c '. /usr/share/bash-completion/completions/dirsync-lint && complete -p dirsync-lint'
for page in dirsync-lint dirsync-lint-lint dirsync-lint-audit-run; do
  gzip -t "$root/usr/share/man/man1/$page.1.gz" || fail "no manual page $page"
done
expect 0 test -s /usr/share/dirsync-lint/rules/sets/entra.yaml

echo "Removal, then purge"
in_root dpkg --remove dirsync-lint > "$work/apt.log" 2>&1 || fail "cannot be removed"
[ -f "$root/var/lib/dirsync-lint/audit.sqlite" ] || fail "the store went with the program; only a purge may take it away"
[ -f "$root/etc/dirsync-lint/audit.yaml" ] || fail "the configuration went with the program"
in_root dpkg --purge dirsync-lint > "$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; fail "cannot be purged"; }
list_files > "$work/after"
if ! diff "$work/before" "$work/after" > "$work/left"; then
  fail "the purge left something behind:" "$(cat "$work/left")"
fi
in_root dpkg-query -W -f '${Status}' dirsync-lint > "$work/out" 2>&1 && fail "dpkg still knows it: $(cat "$work/out")"
echo "The package installs, runs and leaves nothing behind"
