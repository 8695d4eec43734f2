# Shared by the scripts in the folder above; sourced, never run.
# shellcheck shell=bash disable=SC2034

# The repository, wherever the script was called from.
root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." >/dev/null && pwd)
program=Scripts/$(basename -- "$0")

# Exit codes as in sysexits.h, like those of the programs.
readonly usage_error=64 bad_data=65 missing_input=66 unavailable=69 cannot_create=73 no_permission=77

# say TEXT: one line on standard output.
say() { printf '%s\n' "$*"; }

# fail CODE TEXT: one line on standard error, then the end.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "$program" "$*" >&2
  exit "$code"
}

# duration SECONDS: "48 s" or "2 min 05 s".
duration() {
  if (($1 < 60)); then
    printf '%d s' "$1"
  else
    printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
  fi
}
