"""The bill of materials of a package (SPDX 2.3, JSON), and the text of each license, into its documentation.

usage: materials.py TREE VERSION COMMIT EPOCH [TEXT|NAME|VERSION|LICENSE]... < FILES
  FILES   the distribution's files that lie in the package, a path on each line
  TEXT    the file with the license of something that is compiled in: its name, version and license
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys

# What the copyright files of Debian's source packages say of the library itself, in SPDX's words. The texts
# beside the bill say it all; what is not in this list has no expression, and its text alone.
LICENSES = {
    "brotli": "MIT",
    "cairo": "LGPL-2.1-only OR MPL-1.1",
    "expat": "MIT",
    "fontconfig": "HPND-sell-variant",
    "fonts-dejavu": "Bitstream-Vera",
    "freetype": "FTL OR GPL-2.0-or-later",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libbsd": "BSD-3-Clause",
    "libjpeg-turbo": "IJG AND BSD-3-Clause AND Zlib",
    "libmd": "BSD-3-Clause",
    "libpng": "libpng-2.0",
    "libx11": "MIT",
    "libxau": "MIT",
    "libxcb": "MIT",
    "libxdmcp": "MIT",
    "libxext": "MIT",
    "libxrender": "HPND-sell-variant",
    "ocl-icd": "BSD-2-Clause",
    "onednn": "Apache-2.0",
    "pixman": "MIT",
    "zlib": "Zlib",
}
UNKNOWN = "NOASSERTION"
COMMON = pathlib.Path("/usr/share/common-licenses")


def output(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def owner(path):
    """The package that a file belongs to: its name, source package, version."""
    real = str(pathlib.Path(path).resolve())
    # On a system whose /lib is /usr/lib, the database may know a file by either.
    for name in (real, real.removeprefix("/usr"), "/usr" + real):
        found = output("dpkg-query", "--search", name)
        if found.returncode == 0:
            package = found.stdout.splitlines()[0].split(": ")[0].split(",")[0]
            shown = output("dpkg-query", "--show", "--showformat", "${Package} ${source:Package} ${Version}", package)
            return tuple(shown.stdout.split())
    sys.exit(f"materials.py: no package owns {real}; install it from the distribution")


def expression(source):
    return LICENSES.get(source) or LICENSES.get(re.sub(r"[-0-9.]+$", "", source), UNKNOWN)


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, license, comment):
    return {
        "SPDXID": identifier(name),
        "name": name,
        "versionInfo": version,
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": license,
        "copyrightText": UNKNOWN,
        "comment": comment,
    }


def own(version, commit):
    comment = f"Commit {commit}. No license of the project itself has been chosen yet, so none is named here."
    return package("swift-xai", version, UNKNOWN, comment)


def bundled(files, licenses):
    """One entry for each of the distribution's packages; copies its copyright file."""
    lying = {}
    for file in files:
        lying.setdefault(owner(file), []).append(pathlib.Path(file).name)
    for (name, source, version), names in sorted(lying.items()):
        text = pathlib.Path("/usr/share/doc", name, "copyright").read_text(errors="replace")
        (licenses / f"{name}.txt").write_text(text)
        # Texts that Debian's copyright files refer to, instead of repeating them.
        for common in sorted(set(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9])", text))):
            if (COMMON / common).exists():
                (licenses / f"common-{common}.txt").write_text((COMMON / common).read_text())
        license = expression(source)
        if license == UNKNOWN:
            print(f"materials.py: the license of {source} is in its text alone", file=sys.stderr)
        comment = f"Unchanged files of the distribution: {', '.join(sorted(names))}. License: licenses/{name}.txt"
        yield package(name, version, license, comment)


def compiled_in(words, licenses):
    text, name, version, license = words.split("|")
    (licenses / f"{name}.txt").write_text(pathlib.Path(text).read_text())
    return package(name, version, license, f"Part of the programs. License: licenses/{name}.txt")


def main(tree, version, commit, epoch, *parts):
    documentation = pathlib.Path(tree, "share/doc/swift-xai")
    licenses = documentation / "licenses"
    licenses.mkdir(parents=True, exist_ok=True)
    packages = [own(version, commit)]
    packages += [compiled_in(words, licenses) for words in parts]
    packages += bundled([line.strip() for line in sys.stdin if line.strip()], licenses)
    moment = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc)
    bill = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"swift-xai-{version}",
        "documentNamespace": f"urn:swift-xai:{version}:{commit}",
        "creationInfo": {
            "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: Scripts/package"],
        },
        "packages": packages,
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
             "relatedSpdxElement": identifier("swift-xai")}
        ] + [
            {"spdxElementId": identifier("swift-xai"), "relationshipType": "CONTAINS",
             "relatedSpdxElement": item["SPDXID"]} for item in packages[1:]
        ],
    }
    (documentation / "materials.spdx.json").write_text(json.dumps(bill, indent=2) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
