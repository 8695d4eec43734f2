"""Packs an unpacked tarball as a Python wheel, the same bytes each time.

usage: wheel.py TREE OUTPUT VERSION TAG EPOCH    TAG such as manylinux_2_36_x86_64
"""

import base64
import hashlib
import pathlib
import sys
import time
import zipfile

HERE = pathlib.Path(__file__).parent
SUMMARY = "Train image classifiers, explain them, and test the explanations."


def metadata(version, readme):
    # No License field: the project's own license is not chosen yet.
    return (
        "Metadata-Version: 2.1\n"
        "Name: swift-xai\n"
        f"Version: {version}\n"
        f"Summary: {SUMMARY}\n"
        "Requires-Python: >=3.8\n"
        "Description-Content-Type: text/markdown\n"
        f"\n{readme}"
    )


def files(tree, version, tag):
    """Name in the wheel, bytes, whether it is a program."""
    info = f"swift_xai-{version}.dist-info"
    data = f"swift_xai-{version}.data/data"
    yield "swift_xai/__init__.py", f'__version__ = "{version}"\n'.encode(), False
    yield "swift_xai/launcher.py", (HERE / "launcher.py").read_bytes(), False
    for path in sorted(p for p in tree.rglob("*") if p.is_file()):
        name = path.relative_to(tree).as_posix()
        # Shells and man look below the environment's own share; everything else stays beside the programs.
        shared = name.startswith(("share/man/", "share/bash-completion/", "share/zsh/", "share/fish/"))
        place = f"{data}/{name}" if shared else f"swift_xai/{name}"
        yield place, path.read_bytes(), name.startswith("bin/")
    readme = (tree / "README.md").read_text()
    yield f"{info}/METADATA", metadata(version, readme).encode(), False
    wheel = f"Wheel-Version: 1.0\nGenerator: Scripts/package\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n"
    yield f"{info}/WHEEL", wheel.encode(), False
    scripts = "[console_scripts]\n" + "".join(
        f"xai-{word} = swift_xai.launcher:{function}\n"
        for word, function in (("train", "train"), ("eval", "evaluate"), ("explain", "explain")))
    yield f"{info}/entry_points.txt", scripts.encode(), False


def entry(name, moment, is_program):
    info = zipfile.ZipInfo(name, moment)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = (0o100755 if is_program else 0o100644) << 16
    return info


def main(tree, output, version, tag, epoch):
    # Zip knows no time before 1980.
    moment = max(time.gmtime(int(epoch))[:6], (1980, 1, 1, 0, 0, 0))
    wheel = pathlib.Path(output) / f"swift_xai-{version}-py3-none-{tag}.whl"
    record = []
    with zipfile.ZipFile(wheel, "w", compresslevel=9) as archive:
        for name, content, is_program in files(pathlib.Path(tree), version, tag):
            archive.writestr(entry(name, moment, is_program), content, compresslevel=9)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            record.append(f"{name},sha256={digest.decode()},{len(content)}\n")
        name = f"swift_xai-{version}.dist-info/RECORD"
        record.append(f"{name},,\n")
        archive.writestr(entry(name, moment, False), "".join(record), compresslevel=9)
    print(wheel)


if __name__ == "__main__":
    main(*sys.argv[1:])
