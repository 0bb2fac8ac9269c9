#!/usr/bin/env bash
# certificates.sh DIR HOST IP: a certification authority and server certificates for tests, in DIR.
#
#   ca.crt           the authority          good      for HOST and IP
#   other-ca.crt     another one            expired   the same, over since 2020
#                                           otherhost for elsewhere.example, which the server is not
#                                           otherca   for HOST and IP, by the other authority
# Does nothing when they are there already.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: certificates.sh DIR HOST IP" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
host=$2 ip=$3
[ "$(cat made-for 2>/dev/null)" != "$host $ip" ] || exit 0

authority() { # authority NAME COMMON-NAME
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$2" \
    -keyout "$1.key" -out "$1.crt" 2>/dev/null
}
certificate() { # certificate NAME AUTHORITY COMMON-NAME ALTERNATIVE-NAMES [options of openssl ca]
  local name=$1 authority=$2 common=$3 names=$4
  shift 4
  mkdir -p "$name.d"
  : >"$name.d/index"
  echo 01 >"$name.d/serial"
  cat >"$name.d/openssl.cnf" <<CNF
[ca]
default_ca = own
[own]
database = $name.d/index
serial = $name.d/serial
new_certs_dir = $name.d
default_md = sha256
policy = any
x509_extensions = server
[any]
commonName = supplied
[server]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = $names
CNF
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$common" \
    -keyout "$name.key" -out "$name.d/request" 2>/dev/null
  openssl ca -batch -notext -config "$name.d/openssl.cnf" -cert "$authority.crt" -keyfile "$authority.key" \
    -in "$name.d/request" -out "$name.crt" "$@" 2>/dev/null
  chmod 600 "$name.key"
  rm -rf "$name.d"
}

authority ca "Test Root CA"
authority other-ca "Other Root CA"
names="DNS:$host,DNS:${host#*.},IP:$ip"
certificate good ca "$host" "$names" -days 3650
certificate expired ca "$host" "$names" -startdate 20200101000000Z -enddate 20200201000000Z
certificate otherhost ca elsewhere.example DNS:elsewhere.example -days 3650
certificate otherca other-ca "$host" "$names" -days 3650
echo "$host $ip" >made-for
