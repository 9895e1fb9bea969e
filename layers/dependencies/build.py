"""Builds the layer of third-party packages without Docker: wheels for Lambda, or for the machine at hand.

Usage: build.py lambda|local. The result is `build/<target>/python`, as Lambda wants it, the same each time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
BUILD = HERE / "build"

LAMBDA_PYTHON = "3.14"
LAMBDA_INTERPRETER = f"python{LAMBDA_PYTHON}"
# Amazon Linux 2023 has glibc 2.34, so it runs wheels built against any of these.
LAMBDA_PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
LAMBDA_LIMIT_MB = 250

# What no function reads. METADATA and licences stay: Amazon Inspector finds vulnerable packages by the first.
USELESS = (
    "bin",
    "**/tests",
    "**/__pycache__",
    "**/*.pyi",
    *(f"*.dist-info/{name}" for name in ("RECORD", "WHEEL", "INSTALLER", "REQUESTED")),
)
THE_EIGHTIES = 315532800  # the first moment a zip file can express


def build(target: str) -> None:
    stamp, fingerprint = BUILD / f"{target}.stamp", _fingerprint(target)
    if (BUILD / target).exists() and stamp.exists() and stamp.read_text() == fingerprint:
        stamp.touch()
        return
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
        root = Path(scratch) / "layer"
        _install(target, root / "python")
        _strip(root / "python")
        compiled = _compile(target, root / "python")
        _normalise(root)
        print(_report(target, root / "python") + ("" if compiled else _without_bytecode()))
        shutil.rmtree(BUILD / target, ignore_errors=True)
        root.rename(BUILD / target)
    stamp.write_text(fingerprint)


def _fingerprint(target: str) -> str:
    parts = [REQUIREMENTS.read_bytes(), Path(__file__).read_bytes()]
    if target == "local":
        parts.append(f"{sys.version_info[:2]} {sysconfig.get_platform()}".encode())
    elif _lambda_interpreter():
        parts.append(b"with byte-code")
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _install(target: str, to: Path) -> None:
    command = [sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "install"]
    command += [
        "--no-compile",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        "-r",
        str(REQUIREMENTS),
        "--target",
        str(to),
    ]
    if target == "lambda":
        command += ["--implementation", "cp", "--python-version", LAMBDA_PYTHON]
        command += [f"--platform={platform}" for platform in LAMBDA_PLATFORMS]
    subprocess.run(command, check=True)


def _strip(packages: Path) -> None:
    for pattern in USELESS:
        for path in list(packages.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _compile(target: str, packages: Path) -> bool:
    """Byte-code, when there is an interpreter here that writes what will be read there.

    Lambda mounts layers read-only: without it each cold start compiles everything again (measured: 0.46 s, not 0.18 s).
    """
    python = sys.executable if target == "local" else _lambda_interpreter()
    if python is None:
        return False
    compile_all = [python, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compile_all, "-s", str(packages), "-p", "/opt/python", str(packages)], check=True)
    return True


def _lambda_interpreter() -> str | None:
    python = shutil.which(LAMBDA_INTERPRETER)
    # A version manager's shim is on the path even when it has no such version behind it.
    runs = python is not None and subprocess.run([python, "--version"], capture_output=True).returncode == 0
    return python if runs else None


def _without_bytecode() -> str:
    return f"\n  without byte-code, so cold starts are slower: no {LAMBDA_INTERPRETER} here to write it"


def _normalise(root: Path) -> None:
    """The same modes and times wherever it is built, so that unchanged packages are not deployed again."""
    for path in [root, *root.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (THE_EIGHTIES, THE_EIGHTIES))


def _report(target: str, packages: Path) -> str:
    sizes = {path.name: _megabytes(path) for path in packages.iterdir() if path.suffix != ".dist-info"}
    biggest = sorted(sizes.items(), key=lambda item: -item[1])[:4]
    total = _megabytes(packages)
    if total > LAMBDA_LIMIT_MB:
        raise SystemExit(f"the {target} layer is {total:.0f} MB unzipped, over Lambda's {LAMBDA_LIMIT_MB} MB")
    details = ", ".join(f"{name} {size:.1f}" for name, size in biggest)
    return f"· {target} layer: {total:.1f} of {LAMBDA_LIMIT_MB} MB unzipped ({details})"


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1_000_000


if __name__ == "__main__":
    if sys.argv[1:] not in (["lambda"], ["local"]):
        raise SystemExit(__doc__)
    build(sys.argv[1])
