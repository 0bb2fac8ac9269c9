#!/bin/sh
# Fuzzes the readers of LDIF, of other exports, of rule files and of error material with libFuzzer and the address sanitizer, starting from
# Fuzz/corpus-* and, for error material, the fixtures.
#
#   Packaging/fuzz.sh [SECONDS]      for each target; 60 by default
#
# New inputs go to .build-fuzz/found-*, crashes to .build-fuzz/crash-*. Exit status 1 when something crashed.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
# The backtracer of Swift would hold a crashed process for minutes.
export SWIFT_BACKTRACE=enable=no

status=0
for target in ldif rules errors csv json clixml; do
  FUZZ=1 swift build -c release --scratch-path .build-fuzz --product "fuzz-$target"
  mkdir -p ".build-fuzz/found-$target"
  corpus="Fuzz/corpus-$target"
  leaks=1
  if [ "$target" = errors ]; then
    corpus="Fixtures/sync-errors Fixtures/error-shapes"
    # The catalogue, read once, stays; the leak check does not see the references of Swift's boxed enums to it.
    leaks=0
  fi
  ASAN_OPTIONS="detect_leaks=$leaks" ".build-fuzz/release/fuzz-$target" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=65536 -detect_leaks="$leaks" -print_final_stats=1 -artifact_prefix=".build-fuzz/crash-$target-" \
    ".build-fuzz/found-$target" $corpus || status=1
done
exit $status
