#!/bin/sh
# Check the supply chain: pins, hashes, licences, what is installed; nothing is sent anywhere.
# usage: scripts/audit.sh [--online]     asks the package index, too: is the lock what pyproject.toml resolves to (pins
#                                        kept), and does pip-audit know of a vulnerability in what is pinned
set -eu
uv=$(command -v uv || true)
if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    uv=.uv/bin/uv
fi
python=${BIN:-.venv/bin}/python
"$python" scripts/list_dependencies.py --check
"$python" -m pytest -q -p no:cacheprovider tests/test_dependencies.py
"$uv" pip check --python "$python"
[ "${1:-}" = --online ] || exit 0

again=$(mktemp)
trap 'rm -f "$again"' EXIT
cp requirements.lock "$again"
"$uv" pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.12 --group dev \
    pyproject.toml -o "$again"
if ! cmp -s requirements.lock "$again"; then
    diff requirements.lock "$again" | head -40
    echo "requirements.lock is not what pyproject.toml resolves to: make lock" >&2
    exit 1
fi
echo "requirements.lock is what pyproject.toml resolves to."
"$uv" tool run pip-audit --require-hashes --disable-pip --requirement requirements.lock
