#!/usr/bin/env bash
# Builds a Debian package of a built program: program, rules, manual pages, shell completions, systemd units.
#
#   Packaging/deb/build.sh PROGRAM MANUAL-TOOL DIRECTORY
#
# PROGRAM is the release build, MANUAL-TOOL the manual generator of the argument parser (`swift build --product
# generate-manual`). Writes DIRECTORY/dirsync-lint_VERSION_ARCHITECTURE.deb and prints its path. The same commit gives the
# same package. Needs dpkg-dev; no root, no network.
set -euo pipefail

program=$(realpath "$1")
manual_tool=$(realpath "$2")
mkdir -p "$3"
target=$(realpath "$3")
cd "$(dirname "$0")/../.."

maintainer=${DEB_MAINTAINER:-dirsync-lint authors <dirsync-lint@packages.invalid>}
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022

# The version is the first word; what lists the program has and their dates follow.
version=$("$program" --version | cut -d " " -f 1)-1
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

# install_text SOURCE DIRECTORY NAME: a compressed text.
install_text() {
  mkdir -p "$root/$2"
  gzip -9nc "$1" > "$root/$2/$3.gz"
}

fill_in() {
  sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@MAINTAINER@|$maintainer|" \
    -e "s|@DATE@|$(date -R -d "@$SOURCE_DATE_EPOCH")|" -e "s|@DEPENDS@|${depends:-}|" -e "s|@SIZE@|${size:-}|" "$1"
}

install -D -m 0755 "$program" "$root/usr/bin/dirsync-lint"
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/dirsync-lint"

# The program carries its rules; these are for people who read them and write their own.
mkdir -p "$root/usr/share/dirsync-lint"
cp -r --no-preserve=mode Rules "$root/usr/share/dirsync-lint/rules"
find "$root/usr/share/dirsync-lint" -name '*.py' -delete

mkdir "$work/man"
"$manual_tool" "$program" --multi-page --date "$(date -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" \
  --output-directory "$work/man"
for page in "$work"/man/*.1; do
  name=$(basename "$page" .1)
  [ "$name" != dirsync-lint.help ] || continue
  # `man dirsync-lint-audit-run`, as other programs name the pages of their subcommands.
  dashed=${name//./-}
  # The index of manual pages wants a name of one word; the synopsis shows the command as it is typed.
  spaced=${name//./ }
  sed -i -e "s/^\.Dt .*/.Dt ${dashed^^} 1/" -e "s/^\.Nm\$/.Nm \"$spaced\"/" -e "s/^\.Nm \"$spaced\"\$/&/" \
    -e "/^\.Sh NAME/,/^\.Nd/{s/^\.Nm.*/.Nm $dashed/;s/^\.Nd \"\(.*\)\"\$/.Nd \1/}" -e 's/^$/.Pp/' "$page"
  install_text "$page" usr/share/man/man1 "$dashed.1"
done

install_completion() {
  mkdir -p "$root/$2"
  # Completions are read by the shell, not run: no line that names an interpreter.
  "$program" --generate-completion-script "$1" | sed '1{/^#!/d}' > "$root/$2/$3"
}
install_completion bash usr/share/bash-completion/completions dirsync-lint
install_completion zsh usr/share/zsh/vendor-completions _dirsync-lint
install_completion fish usr/share/fish/vendor_completions.d dirsync-lint.fish

install -D -m 0644 -t "$root/lib/systemd/system" Packaging/systemd/dirsync-lint-audit.{service,timer}
install -D -m 0644 Packaging/deb/audit.yaml "$root/etc/dirsync-lint/audit.yaml"

documents=$root/usr/share/doc/dirsync-lint
install -D -m 0644 -t "$documents/examples" Packaging/systemd/prometheus.conf Packaging/cron/dirsync-lint
for document in Docs/*.md Docs/*.schema.json; do
  case $(basename "$document") in
    # For those who work on the program.
    architecture.md | fuzzing.md | performance.md | rule-coverage.md) ;;
    *) install -D -m 0644 -t "$documents" "$document" ;;
  esac
done
install -m 0644 Packaging/deb/copyright "$documents/copyright"
install_text CHANGELOG.md usr/share/doc/dirsync-lint changelog
fill_in Packaging/deb/changelog.in > "$work/changelog"
install_text "$work/changelog" usr/share/doc/dirsync-lint changelog.Debian
install -D -m 0644 Packaging/deb/lintian-overrides "$root/usr/share/lintian/overrides/dirsync-lint"

# Which packages have the libraries, asked of the symbols that the program really uses.
mkdir -p "$work/shlibs/debian"
printf 'Source: dirsync-lint\n\nPackage: dirsync-lint\nArchitecture: any\n' > "$work/shlibs/debian/control"
depends=$(cd "$work/shlibs" && dpkg-shlibdeps -O "$root/usr/bin/dirsync-lint" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "$0: dpkg-shlibdeps found no libraries" >&2; exit 1; }

mkdir -m 0755 "$root/DEBIAN"
(cd "$root" && find etc lib usr -type f -print0 | sort -z | xargs -0 md5sum) > "$work/md5sums"
size=$(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)
install -m 0644 "$work/md5sums" "$root/DEBIAN/md5sums"
fill_in Packaging/deb/control.in > "$root/DEBIAN/control"
echo /etc/dirsync-lint/audit.yaml > "$root/DEBIAN/conffiles"
install -m 0755 -t "$root/DEBIAN" Packaging/deb/postinst Packaging/deb/prerm Packaging/deb/postrm
find "$root" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +

package=$target/dirsync-lint_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$package" > /dev/null
echo "$package"
