# What building, testing, installing and packaging the programs have in common; sourced after common.bash.
# shellcheck shell=bash disable=SC2034,SC2154

programs=(xai-train xai-eval xai-explain)

# One set of flags for tests and packages, so that one build serves both: SwiftPM compiles everything once
# more for other flags, and takes the Swift flag off again for the packages we depend on.
# (A bare -Werror for C makes SwiftPM 6.3 stop with an internal error.)
build_flags=(-c release -Xswiftc -warnings-as-errors -Xcc -Werror=all)

# toolkit_version: such as 0.2.0.
toolkit_version() { sed -n 's/.*static let version = "\(.*\)"$/\1/p' "$root/Sources/XAITensor/Toolkit.swift"; }

# source_commit: what --version says of the sources; nothing where they are in no repository.
source_commit() {
  local commit
  commit=$(git -C "$root" rev-parse --short=12 HEAD 2>/dev/null) || return 0
  [[ -z $(git -C "$root" status --porcelain) ]] || commit+=-changed
  say "$commit"
}

# commit_object FOLDER: an object file that tells a program its commit, in a folder. Its name tells the commit
# as well, because a build system looks at names to see whether there is something to link.
commit_object() {
  local commit file
  commit=$(source_commit)
  file=$1/commit-${commit:-unknown}.o
  mkdir -p -- "$1"
  printf 'const char *xai_commit(void) { return "%s"; }\n' "$commit" |
    "$(toolchain)/clang" -x c -c -o "$file" - || fail "$unavailable" "no object file could be made in $1."
  say "$file"
}

# toolchain: the folder of the compilers.
toolchain() { dirname -- "$(readlink -f -- "$(command -v swiftc)")"; }

# completion_places PROGRAM: each shell, and below a prefix the file where it looks for completions.
completion_places() {
  say "bash bash-completion/completions/$1"
  say "zsh zsh/site-functions/_$1"
  say "fish fish/vendor_completions.d/$1.fish"
}

# install_completions PROGRAM PREFIX: writes those of a program, which makes them itself.
install_completions() {
  local name shell place text
  name=$(basename -- "$1")
  while read -r shell place; do
    text=$("$1" --generate-completion-script "$shell") || return 1
    mkdir -p -- "$(dirname -- "$2/share/$place")"
    printf '%s\n' "$text" >"$2/share/$place"
  done < <(completion_places "$name")
}
