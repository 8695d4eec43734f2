# Another version of oneDNN than the machine's, for tests; sourced after common.bash and program.bash.
# shellcheck shell=bash disable=SC2034,SC2154

# The last release of version 3 for GNU's OpenMP that PyPI has, oneDNN 3.2.
onednn_release=2023.2.0

# use_onednn 3 FOLDER: has every build after this compile and link against that version, kept in a folder, and
# its programs load it. Sets the array onednn_flags.
use_onednn() {
  local version=$1 folder=$2 there package
  [[ $version == 3 ]] || fail "$usage_error" "--onednn knows version 3 alone; the machine's own is used without it"
  [[ $(uname -m) == x86_64 ]] || fail "$unavailable" "PyPI has oneDNN 3 for x86-64 alone."
  there=$folder/onednn
  if [[ ! -e $there/complete ]]; then
    say "Fetch oneDNN 3 (PyPI: onednn-cpu-gomp $onednn_release) ..."
    rm -rf -- "$there"
    mkdir -p -- "$there/wheels"
    for package in onednn-cpu-gomp onednn-devel-cpu-gomp; do
      python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$there/wheels" "$package==$onednn_release" ||
        fail "$unavailable" "pip could not download $package $onednn_release (its words are above)."
    done
    for package in "$there/wheels"/*.whl; do
      # The libraries are three copies under three names; the one that programs load is enough.
      python3 - "$package" "$there" <<'END'
import pathlib, sys, zipfile
archive, place = zipfile.ZipFile(sys.argv[1]), pathlib.Path(sys.argv[2])
for name in archive.namelist():
    rest = name.partition(".data/data/")[2]
    if rest == "lib/libdnnl.so.3" or rest.startswith("include/") and not rest.endswith("/"):
        (place / rest).parent.mkdir(parents=True, exist_ok=True)
        (place / rest).write_bytes(archive.read(name))
END
    done
    ln -s libdnnl.so.3 "$there/lib/libdnnl.so"
    rm -r -- "$there/wheels"
    touch -- "$there/complete"
  fi
  # SwiftPM puts the folders that pkg-config names before all others, and the machine's oneDNN may be in one.
  mkdir -p -- "$there/pkgconfig"
  for package in libpng cairo; do
    printf 'Name: %s\nDescription: without folders of libraries\nVersion: %s\nLibs: %s\nCflags: %s\n' "$package" \
      "$(pkg-config --modversion "$package")" "$(pkg-config --libs-only-l "$package")" \
      "$(pkg-config --cflags "$package")" >"$there/pkgconfig/$package.pc"
  done
  export PKG_CONFIG_PATH=$there/pkgconfig
  onednn_flags=(-Xcc "-I$there/include" -Xlinker "-L$there/lib" -Xlinker "-rpath=$there/lib")
}

# loads_onednn VERSION PROGRAM: whether a program loads that version.
loads_onednn() { ldd "$2" | grep -q "libdnnl\.so\.$1 => /"; }
