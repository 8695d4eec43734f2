# Makes the Debian package; sourced by Scripts/package, whose variables it uses.
# shellcheck shell=bash disable=SC2154

# release: a word for this distribution, such as debian12.
release() {
  local ID VERSION_ID
  # shellcheck source=/dev/null
  source /etc/os-release
  say "$ID$VERSION_ID"
}

# dependencies PROGRAM...: packages that bring what the programs load, with the versions that they need.
dependencies() {
  # dpkg-shlibdeps wants to be in the sources of a Debian package.
  mkdir -p -- "$work/shlibs/debian"
  printf 'Source: swift-xai\n\nPackage: swift-xai\nArchitecture: any\n' >"$work/shlibs/debian/control"
  (cd -- "$work/shlibs" && dpkg-shlibdeps -O "${@/#/-e}" 2>"$work/shlibs/log") | sed -n 's/^shlibs:Depends=//p'
}

# debian_copyright: what the package is made of, in the place where Debian's users look.
debian_copyright() {
  say "swift-xai: its own license has not been chosen yet."
  say "The programs contain the runtime libraries of Swift and swift-argument-parser, both under the Apache"
  say "License 2.0 with Runtime Library Exception, whose text follows; licenses/ beside this file has it for each."
  say ""
  cat -- "$(toolchain)/../share/swift/LICENSE.txt"
}

make_deb() {
  local deb=$work/deb architecture depends name here number
  say "Debian package ..."
  architecture=$(dpkg --print-architecture)
  number=$version~$(release)
  mkdir -p -- "$deb/usr" "$deb/DEBIAN"
  cp -r -- "$tree/." "$deb/usr/"
  here=$deb/usr/share/doc/swift-xai
  materials "$deb/usr" </dev/null
  debian_copyright >"$here/copyright"
  {
    say "swift-xai ($number) unstable; urgency=low"
    say ""
    say "  * Version $version, commit $commit; CHANGELOG.md beside this file says what is new."
    say ""
    say " -- The swift-xai project <swift-xai@localhost>  $(date --rfc-email --date "@$SOURCE_DATE_EPOCH")"
  } | gzip --no-name --best >"$here/changelog.gz"
  gzip --no-name --best -- "$deb/usr/share/man/man1"/*.1
  # Man pages are found by these names; zsh's own folder for packages is another.
  mkdir -p -- "$deb/usr/share/zsh/vendor-completions"
  mv -- "$deb/usr/share/zsh/site-functions"/* "$deb/usr/share/zsh/vendor-completions/"
  rmdir -- "$deb/usr/share/zsh/site-functions"

  depends=$(dependencies "$tree"/bin/*)
  [[ $depends == *libdnnl* ]] || { cat -- "$work/shlibs/log" >&2 && fail 1 "no dependencies were found."; }
  {
    say "Package: swift-xai"
    say "Version: $number"
    say "Architecture: $architecture"
    say "Maintainer: The swift-xai project <swift-xai@localhost>"
    say "Installed-Size: $(du --summarize --apparent-size --block-size=1024 -- "$deb/usr" | cut -f 1)"
    say "Depends: $depends, fonts-dejavu-core"
    say "Section: science"
    say "Priority: optional"
    say "Description: train image classifiers, explain them and test the explanations"
    say " xai-train trains, xai-eval evaluates, xai-explain explains an image classifier's"
    say " predictions and tests whether the explanations depend on what it has learned."
  } >"$deb/DEBIAN/control"
  (cd -- "$deb" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$deb/DEBIAN/md5sums"
  chmod -R u=rwX,go=rX -- "$deb"
  name=$output/swift-xai_${number}_$architecture.deb
  # One thread: more of them cut the data into other blocks.
  dpkg-deb --root-owner-group --threads-max=1 -Zxz -z3 --build "$deb" "$name" >/dev/null
  made+=("$name")
}
