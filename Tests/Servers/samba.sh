#!/usr/bin/env bash
# samba.sh start DIR IP | samba.sh stop DIR: an Active Directory domain controller (Samba) for tests, on a loopback
# address, all of it in DIR. Root only. `start` does nothing when it runs already.
#
# ldap, ldaps, global catalog and Kerberos listen on IP with their usual ports, which Samba cannot change. Domain
# ad.contoso.test (CONTOSO), host dc1; no name server, no file shares. DIR/environment has addresses as shell variables,
# DIR/krb5.conf is for Kerberos clients. Administrator's password is Passw0rd.1.
#   SAMBA_LDIF=FILE     entries to begin with; DC=contoso,DC=com in them becomes the domain; what it refuses is left out
#   SAMBA_EXTRAS=1      and those of samba_extras.py
#   SAMBA_RAW=FILE      modifications made below the server's checks, which plant what no server accepts
#   SAMBA_CERT=NAME     certificate that it shows: good, expired, otherhost, otherca
#   SAMBA_MODEL=NAME    single (one process, to be stopped or killed as one) or prefork
#   SAMBA_CACHE=DIR     where provisioned databases are kept, so that only the first start takes seconds
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "samba.sh: $*" >&2; exit 1; }
usage() { echo "usage: samba.sh start DIR IP | samba.sh stop DIR" >&2; exit 2; }

domain=ad.contoso.test realm=AD.CONTOSO.TEST short=CONTOSO host=dc1 password=Passw0rd.1
base=DC=ad,DC=contoso,DC=test

running() { # the process of DIR, and no other that got its number since
  [ -s "$dir/run/samba.pid" ] && pid=$(cat "$dir/run/samba.pid") &&
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = samba ] &&
    [ -n "$(find "/proc/$pid/fd" -lname "$dir/*" -print -quit 2>/dev/null)" ]
}
session_lives() { # whether any process of the session that the server leads is left
  { cat /proc/[0-9]*/stat 2>/dev/null || true; } |
    awk -v leader="$1" '{ sub(/^.*\) /, "") } $4 == leader && $1 != "Z" { found = 1 } END { exit !found }'
}
stop() {
  if running; then
    kill -CONT -- "-$pid" 2>/dev/null || true
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 100); do session_lives "$pid" || break; sleep 0.05; done
    if session_lives "$pid"; then kill -KILL -- "-$pid" 2>/dev/null || true; fi
  fi
  rm -f "$dir/run/samba.pid"
}
answers() {
  ldapsearch -x -o nettimeout=2 -H "ldap://$ip" -s base -b '' -LLL defaultNamingContext >/dev/null 2>&1 &&
    bash -c "exec 3<>/dev/tcp/$ip/636 4<>/dev/tcp/$ip/88" 2>/dev/null
}

write_configuration() { # write_configuration FILE DATA-DIRECTORY
  cat >"$1" <<CONF
[global]
workgroup = $short
realm = $realm
netbios name = ${host^^}
server role = active directory domain controller
private dir = $2/private
state directory = $2/state
cache directory = $dir/cache
lock directory = $dir/lock
pid directory = $dir/run
binddns dir = $dir/bind
ncalrpc dir = $dir/ncalrpc
winbindd socket directory = $dir/winbind
ntp signd socket directory = $dir/ntp
usershare path =
logging = file
log file = $dir/log/samba.log
max log size = 0
interfaces = $ip/8
bind interfaces only = yes
disable netbios = yes
dns forwarder =
load printers = no
printing = bsd
printcap name = /dev/null
disable spoolss = yes
server services = ldap, cldap, kdc
prefork children = 2
ldap server require strong auth = allow_sasl_over_tls
tls enabled = yes
tls keyfile = $dir/tls/${SAMBA_CERT:-good}.key
tls certfile = $dir/tls/${SAMBA_CERT:-good}.crt
tls cafile = $dir/tls/ca.crt
tls dh params file =
ldb:nosync = true

[sysvol]
path = $2/state/sysvol
[netlogon]
path = $2/state/sysvol/$domain/scripts
CONF
}

# provision DIRECTORY: a new domain with the schema of Exchange and the names that Kerberos clients ask for.
provision() {
  local data=$1 log=$dir/log/provision.log
  mkdir -p "$data/private/tls" "$data/state/sysvol/$domain/scripts"
  write_configuration "$data/smb.conf" "$data"
  samba-tool domain provision -s "$data/smb.conf" --realm=$realm --domain=$short --host-name=$host --host-ip="$ip" \
    --adminpass=$password --server-role=dc --dns-backend=SAMBA_INTERNAL >"$log" 2>&1 ||
    { tail -20 "$log" >&2; fail "the provision failed"; }
  samba-tool domain passwordsettings set -s "$data/smb.conf" -H "$data/private/sam.ldb" --complexity=off \
    --history-length=0 --min-pwd-age=0 --max-pwd-age=0 --min-pwd-length=4 --account-lockout-threshold=0 >>"$log" 2>&1
  python3 "$here/schema.py" samba "$base" | awk -v stem="$data/schema" \
    'BEGIN { part = 1 } $0 == "----" { part = 2; next } { print > (stem part ".ldif") }'
  # In one call, but in two files: a file is one transaction, and the second names what the first one adds.
  ldbmodify -H "$data/private/sam.ldb" --configfile="$data/smb.conf" --option='dsdb:schema update allowed=true' \
    "$data/schema1.ldif" "$data/schema2.ldif" >>"$log" 2>&1 || { tail -20 "$log" >&2; fail "the schema was refused"; }
  ldbmodify -H "$data/private/sam.ldb" --configfile="$data/smb.conf" >>"$log" 2>&1 <<LDIF
dn: CN=${host^^},OU=Domain Controllers,$base
changetype: modify
add: servicePrincipalName
servicePrincipalName: ldap/$host.$domain
servicePrincipalName: ldap/$host.$domain/$domain
servicePrincipalName: ldap/$ip
servicePrincipalName: GC/$host.$domain/$domain
LDIF
  if [ -n "${SAMBA_LDIF:-}" ]; then
    python3 "$here/fixture.py" samba "$base" "$SAMBA_LDIF" >"$data/load.ldif"
    /usr/bin/python3 "$here/samba_load.py" "$data" "$data/load.ldif" >>"$log" 2>&1 ||
      { tail -20 "$log" >&2; fail "$SAMBA_LDIF could not be loaded"; }
  fi
  if [ "${SAMBA_EXTRAS:-}" = 1 ]; then
    /usr/bin/python3 "$here/samba_extras.py" "$data" >>"$log" 2>&1 ||
      { tail -20 "$log" >&2; fail "the further entries could not be added"; }
  fi
  if [ -n "${SAMBA_RAW:-}" ]; then
    /usr/bin/python3 "$here/samba_load.py" --raw "$data" "$SAMBA_RAW" >>"$log" 2>&1 ||
      { tail -20 "$log" >&2; fail "$SAMBA_RAW could not be loaded"; }
  fi
}

prepare() {
  mkdir -p "$dir"/{etc,run,log,tls,lock,cache,ncalrpc,winbind,bind,ntp}
  chmod 750 "$dir/ntp"
  "$here/certificates.sh" "$dir/tls" $host.$domain "$ip"
  local cache=${SAMBA_CACHE:-$dir/provisioned} key
  # shellcheck disable=SC2086
  key=$({ echo "$ip ${SAMBA_EXTRAS:-}"; samba --version; cat "$here"/{samba.sh,schema.py,fixture.py,samba_load.py,samba_extras.py} ${SAMBA_LDIF:-} ${SAMBA_RAW:-}; } |
    sha256sum | cut -c1-16)
  mkdir -p "$cache"
  exec 8>"$cache/lock"
  flock -w 600 8 || fail "$cache is locked"
  if [ ! -e "$cache/$key/done" ]; then
    rm -rf "${cache:?}/$key"
    provision "$cache/$key"
    touch "$cache/$key/done"
  fi
  if [ "$(cat "$dir/data/key" 2>/dev/null)" != "$key" ] || [ "${SAMBA_FRESH:-}" = 1 ]; then
    rm -rf "$dir/data"
    cp -a --reflink=auto "$cache/$key" "$dir/data"
    echo "$key" >"$dir/data/key"
  fi
  exec 8>&-
  write_configuration "$dir/etc/smb.conf" "$dir/data"
  cat >"$dir/krb5.conf" <<CONF
[libdefaults]
default_realm = $realm
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
$realm = {
  kdc = $ip:88
}
[domain_realm]
.$domain = $realm
$domain = $realm
$ip = $realm
CONF
  cat >"$dir/environment" <<CONF
SAMBA_IP=$ip
SAMBA_HOST=$host.$domain
SAMBA_BASE=$base
SAMBA_USER=Administrator@$domain
SAMBA_PASSWORD=$password
SAMBA_CA=$dir/tls/ca.crt
SAMBA_LDAPI=ldapi://$(printf %s "$dir/data/private/ldap_priv/ldapi" | sed 's#/#%2F#g')
SAMBA_PIDFILE=$dir/run/samba.pid
SAMBA_DATA=$dir/data
KRB5_CONFIG=$dir/krb5.conf
CONF
}

start() {
  local settings="$ip ${SAMBA_CERT:-good} ${SAMBA_MODEL:-prefork} ${SAMBA_LDIF:-} ${SAMBA_EXTRAS:-}"
  if running && [ "$(cat "$dir/settings" 2>/dev/null)" = "$settings" ] && answers; then return; fi
  stop
  for port in 88 389 636 3268; do
    if (exec 3<>"/dev/tcp/$ip/$port") 2>/dev/null; then fail "something listens on $ip:$port already"; fi
  done
  prepare
  ( # The server must not keep what the caller has open.
    for open in "/proc/$BASHPID/fd"/*; do open=${open##*/}; if [ "$open" -gt 2 ]; then eval "exec $open>&-"; fi; done
    samba -s "$dir/etc/smb.conf" -D -M "${SAMBA_MODEL:-prefork}"
  ) </dev/null >>"$dir/log/samba.log" 2>&1 || { tail -20 "$dir/log/samba.log" >&2; fail "samba does not start"; }
  for _ in $(seq 1200); do
    if answers; then
      echo "$settings" >"$dir/settings"
      return
    fi
    sleep 0.05
  done
  tail -20 "$dir/log/samba.log" >&2
  stop
  fail "samba does not answer on $ip"
}

[ $# -ge 2 ] || usage
[ "$(id -u)" -eq 0 ] || fail "only root can run a domain controller: its ports are below 1024"
mkdir -p "$2"
dir=$(cd "$2" && pwd)
[ ${#dir} -le 60 ] || fail "the path of DIR is too long for Samba's sockets (60 characters at most): $dir"
exec 9>"$dir/lock-file"
flock -w 600 9 || fail "$dir is locked"
case $1 in
  start)
    [ $# -eq 3 ] || usage
    ip=$3
    case $ip in 127.*) ;; *) fail "$ip is no loopback address" ;; esac
    start
    ;;
  stop) stop ;;
  *) usage ;;
esac
