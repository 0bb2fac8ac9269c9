#!/usr/bin/env bash
# slapd.sh start DIR PORT | slapd.sh stop DIR: an OpenLDAP server for tests, on loopback, all of it in DIR.
#
# ldap://127.0.0.1:PORT, ldaps://127.0.0.1:PORT+1 and ldapi://DIR/ldapi; any user may run it. `start` does nothing when it
# runs already. DIR/environment has its addresses as shell variables.
#   SLAPD_LDIF=FILE     entries to begin with; DC=contoso,DC=com in them becomes SLAPD_BASE
#   SLAPD_BASE=...      suffix, dc=slapd,dc=contoso,dc=test without it
#   SLAPD_CERT=NAME     certificate that it shows: good, expired, otherhost, otherca
# cn=admin,BASE may everything; cn=reader,BASE reads 1,000 entries unpaged and in pages of 1,000 at most; both "secret".
set -euo pipefail
PATH=$PATH:/usr/sbin
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "slapd.sh: $*" >&2; exit 1; }
usage() { echo "usage: slapd.sh start DIR PORT | slapd.sh stop DIR" >&2; exit 2; }

running() { # the process of DIR, and no other that got its number since
  [ -s "$dir/slapd.pid" ] && pid=$(cat "$dir/slapd.pid") && [ -r "/proc/$pid/cmdline" ] &&
    tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$dir/slapd.conf"
}
stop() {
  if running; then
    kill -CONT "$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 100); do running || break; sleep 0.05; done
    if running; then kill -KILL "$pid"; fi
  fi
  rm -f "$dir/slapd.pid"
}
answers() { ldapsearch -x -o nettimeout=2 -H "ldap://127.0.0.1:$port" -s base -b '' -LLL 1.1 >/dev/null 2>&1; }

configure() {
  "$here/certificates.sh" "$dir/tls" slapd.contoso.test 127.0.0.1
  python3 "$here/schema.py" slapd >"$dir/schema.conf"
  cat >"$dir/slapd.conf" <<CONF
include $dir/schema.conf
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $dir/slapd.pid
argsfile $dir/slapd.args
TLSCertificateFile $dir/tls/${SLAPD_CERT:-good}.crt
TLSCertificateKeyFile $dir/tls/${SLAPD_CERT:-good}.key
sizelimit unlimited
authz-regexp "gidNumber=.*,cn=peercred,cn=external,cn=auth" "cn=admin,$base"
database mdb
suffix "$base"
rootdn "cn=admin,$base"
rootpw secret
directory $dir/db
maxsize 2147483648
dbnosync
index objectClass,sAMAccountName,userPrincipalName,mail,proxyAddresses,objectGUID,cn eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
limits dn.exact="cn=reader,$base" size.soft=1000 size.hard=1000 size.pr=1000 size.prtotal=unlimited
CONF
}
load() {
  rm -rf "$dir/db"
  mkdir -p "$dir/db"
  {
    first=${base%%,*}
    printf 'dn: %s\nobjectClass: domainDNS\n%s: %s\n\n' "$base" "${first%%=*}" "${first#*=}"
    printf 'dn: cn=reader,%s\nobjectClass: user\ncn: reader\nuserPassword: secret\n\n' "$base"
    if [ -n "${SLAPD_LDIF:-}" ]; then python3 "$here/fixture.py" slapd "$base" "$SLAPD_LDIF"; fi
  } >"$dir/first.ldif"
  # -c: what no server takes (one value twice in one attribute) is left out.
  slapadd -q -c -f "$dir/slapd.conf" -l "$dir/first.ldif" 2>"$dir/slapadd.log" || true
  [ -s "$dir/db/data.mdb" ] || { tail -5 "$dir/slapadd.log" >&2; fail "slapadd failed"; }
}
start() {
  if running && answers; then return; fi
  stop
  configure
  [ -e "$dir/db/loaded" ] || { load; touch "$dir/db/loaded"; }
  cat >"$dir/environment" <<CONF
SLAPD_LDAP=ldap://127.0.0.1:$port
SLAPD_LDAPS=ldaps://127.0.0.1:$((port + 1))
SLAPD_LDAPI=ldapi://$(printf %s "$dir/ldapi" | sed 's#/#%2F#g')
SLAPD_BASE=$base
SLAPD_CA=$dir/tls/ca.crt
SLAPD_ADMIN=cn=admin,$base
SLAPD_READER=cn=reader,$base
SLAPD_PIDFILE=$dir/slapd.pid
CONF
  ( # The server must not keep what the caller has open.
    for open in "/proc/$BASHPID/fd"/*; do open=${open##*/}; if [ "$open" -gt 2 ]; then eval "exec $open>&-"; fi; done
    slapd -f "$dir/slapd.conf" -s 0 \
      -h "ldap://127.0.0.1:$port ldaps://127.0.0.1:$((port + 1)) ldapi://$(printf %s "$dir/ldapi" | sed 's#/#%2F#g')"
  ) </dev/null >"$dir/slapd.log" 2>&1 || { cat "$dir/slapd.log" >&2; fail "slapd does not start"; }
  for _ in $(seq 200); do if answers; then return; fi; sleep 0.05; done
  fail "slapd does not answer on port $port"
}

[ $# -ge 2 ] || usage
mkdir -p "$2"
dir=$(cd "$2" && pwd)
base=${SLAPD_BASE:-dc=slapd,dc=contoso,dc=test}
exec 9>"$dir/lock"
flock -w 120 9 || fail "$dir is locked"
case $1 in
  start) [ $# -eq 3 ] || usage; port=$3; start ;;
  stop) stop ;;
  *) usage ;;
esac
