#!/usr/bin/env bash
# servers.sh samba|slapd OWNER [NAME]: makes sure that the server which all tests share runs, and prints the file with its
# addresses. It goes on running as long as any process with the number OWNER of such a call lives, and is stopped then.
#
# With a NAME it is another server, for tests that change what is in it. Servers are apart for each state of this directory and of the sample, so that several checkouts do not disturb each other.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sample=$here/../../Fixtures/sample/directory.ldif
fail() { echo "servers.sh: $*" >&2; exit 1; }
[ $# -eq 2 ] || [ $# -eq 3 ] || { echo "usage: servers.sh samba|slapd OWNER [NAME]" >&2; exit 2; }
kind=$1 owner=$2 name=${3:-}

missing=""
commands="openssl flock python3 ldapsearch"
case $kind in
  samba) commands="$commands samba samba-tool ldbmodify kinit" ;;
  slapd) commands="$commands slapd slapadd" ;;
  *) fail "no such server: $kind" ;;
esac
for command in $commands; do
  PATH=$PATH:/usr/sbin command -v "$command" >/dev/null || missing="$missing $command"
done
[ -z "$missing" ] || fail "missing:$missing; Packaging/install-dependencies.sh installs them"
[ "$kind" = slapd ] || [ "$(id -u)" -eq 0 ] || fail "only root can run a domain controller; run the tests as root: sudo make test"

key=$(cat "$here"/*.sh "$here"/*.py "$sample" <(printf %s "$name") | sha256sum | cut -c1-6)
number=$((16#$key))
root=${DIRSYNC_LINT_SERVERS:-/tmp/dirsync-lint-$(id -u)}
mkdir -p -m 700 "$root"
[ -O "$root" ] || fail "$root is not yours; name another directory in DIRSYNC_LINT_SERVERS"
dir=$root/$key-$kind
mkdir -p "$dir/owners"

# A number of a process is used again one day; with the time of its start it is not.
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
stop() { "$here/$kind.sh" stop "$dir/server"; }
keep() { # ends when no owner lives
  while true; do
    sleep 1
    exec 9>"$dir/lock"
    flock 9
    for file in "$dir"/owners/*; do
      if [ -e "$file" ] && [ "$(started "${file##*/}")" != "$(cat "$file")" ]; then rm -f "$file"; fi
    done
    if [ -z "$(ls "$dir/owners")" ]; then
      stop
      rm -f "$dir/keeper"
      return
    fi
    exec 9>&-
  done
}
if [ "$owner" = keep ]; then
  keep
  exit
fi

# What other states of the checkout left and nobody has used for a day.
find "$root" -mindepth 1 -maxdepth 1 -mtime +0 ! -name "$key-*" | while read -r old; do
  if [ ! -e "$old/keeper" ]; then rm -rf "$old"; fi
done

exec 9>"$dir/lock"
flock -w 900 9 || fail "$dir is locked"
started "$owner" >"$dir/owners/$owner"
[ -s "$dir/owners/$owner" ] || fail "there is no process $owner"
case $kind in
  samba)
    # An address of its own: Samba's ports cannot be changed.
    SAMBA_LDIF=$sample SAMBA_EXTRAS=1 "$here/samba.sh" start "$dir/server" \
      "127.$((64 + number % 32)).$((number / 32 % 250)).$((1 + number / 8000 % 250))"
    ;;
  slapd) SLAPD_LDIF=$sample "$here/slapd.sh" start "$dir/server" $((20000 + 2 * (number % 5000))) ;;
esac >&2
if [ ! -e "$dir/keeper" ] || ! kill -0 "$(cat "$dir/keeper")" 2>/dev/null; then
  ( # The keeper must not hold the lock, nor what the caller has open.
    for open in "/proc/$BASHPID/fd"/*; do open=${open##*/}; if [ "$open" -gt 2 ]; then eval "exec $open>&-"; fi; done
    exec setsid "$here/servers.sh" "$kind" keep "$name"
  ) </dev/null >/dev/null 2>&1 &
  echo $! >"$dir/keeper"
fi
echo "$dir/server/environment"
