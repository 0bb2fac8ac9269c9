#!/bin/sh
# Installs what building and testing dirsync-lint needs and is not there yet. Changes nothing when all is there.
#
#   Packaging/install-dependencies.sh                 to build
#   Packaging/install-dependencies.sh --tests         also the LDAP servers and the browser that the tests start
#   Packaging/install-dependencies.sh --benchmarks    also what `make bench` compares with
#   Packaging/install-dependencies.sh --package       also what `make deb` and `make deb-test` need
#
# Exit status: 0 all is there now; 1 something is missing and could not be installed (the command to run is printed).
set -eu

minimum_swift=6.2
packages="pkg-config zlib1g-dev libzstd-dev libarchive-dev libldap2-dev libsqlite3-dev libxml2-dev libevtx-dev libbfio-dev"
packages="$packages libxlsxwriter-dev"
modules="zlib libzstd libarchive ldap sqlite3 libxml-2.0 libevtx xlsxwriter"
commands=""
python_modules=""
case ${1:-} in
  --tests)
    # samba-ad-provision is but recommended by samba, and without it no domain can be made.
    packages="$packages slapd ldap-utils samba samba-ad-dc samba-ad-provision ldb-tools krb5-user"
    packages="$packages libsasl2-modules-gssapi-mit openssl python3 python3-jsonschema python3-yaml python3-openpyxl"
    packages="$packages chromium chromium-driver"
    commands="slapd ldapsearch samba samba-tool ldbmodify kinit openssl python3 chromium chromedriver"
    python_modules="jsonschema yaml openpyxl"
    ;;
  --benchmarks)
    packages="$packages slapd ldap-utils gzip openssl python3"
    commands="slapd ldapadd gzip openssl python3"
    ;;
  --package)
    packages="$packages dpkg-dev binutils debootstrap lintian systemd"
    commands="dpkg-shlibdeps strip debootstrap lintian systemd-analyze"
    ;;
  "") ;;
  *)
    echo "usage: $0 [--tests|--benchmarks|--package]" >&2
    exit 2
    ;;
esac
# slapd and samba are in /usr/sbin, which is not on everybody's path.
PATH=$PATH:/usr/sbin

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

check_swift() {
  if command -v swift >/dev/null 2>&1 && ! reason=$(swift --version 2>&1); then
    fail "The Swift toolchain does not start: $reason" \
      "What it needs of the system: https://www.swift.org/install/linux/"
  fi
  found=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1) || found=
  [ -n "$found" ] || fail \
    "No Swift toolchain was found. dirsync-lint needs Swift $minimum_swift or later: https://www.swift.org/install/linux/"
  older=$(printf '%s\n%s\n' "$found" "$minimum_swift" | sort -V | head -n 1)
  [ "$older" = "$minimum_swift" ] || fail \
    "Swift $found is too old. dirsync-lint needs Swift $minimum_swift or later: https://www.swift.org/install/linux/"
}

all_present() {
  command -v pkg-config >/dev/null 2>&1 || return 1
  for module in $modules; do
    pkg-config --exists "$module" || return 1
  done
  for command in $commands; do
    command -v "$command" >/dev/null 2>&1 || return 1
  done
  for module in $python_modules; do
    # Packages of the system are seen by its own interpreter, which need not be the first on the path.
    python3 -c "import $module" >/dev/null 2>&1 || /usr/bin/python3 -c "import $module" >/dev/null 2>&1 || return 1
  done
}

# Packages of the list that dpkg does not know as installed.
missing_packages() {
  for package in $packages; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
      *" installed") ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

check_swift
if all_present; then
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  fail "Missing: pkg-config and the development files of these libraries: $modules${commands:+; commands: $commands}." \
    "This is no Debian or Ubuntu system: install them with its own package manager."
fi
missing=$(missing_packages)
missing=${missing% }
[ -n "$missing" ] || fail \
  "pkg-config does not find all of: $modules, although the packages are installed ($packages)." \
  "Look at PKG_CONFIG_PATH, or reinstall them: apt-get install --reinstall $packages"
if [ "$(id -u)" -ne 0 ]; then
  fail "Missing packages: $missing. Run this, then try again:" "" "  sudo apt-get install -y $missing" ""
fi

# Debian starts servers when it installs them. The tests start their own, on loopback; nothing else is wanted.
policy=/usr/sbin/policy-rc.d
if [ -n "$commands" ] && [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
fi

echo "Installing $missing" >&2
export DEBIAN_FRONTEND=noninteractive
# Old package lists may still do, so a failing update alone is no reason to stop.
apt-get update -q >&2 </dev/null || true
# shellcheck disable=SC2086  # a list of words on purpose
apt-get install -y -q --no-install-recommends $missing >&2 </dev/null
all_present || fail "Still missing after the installation: see pkg-config --exists $modules"
