#!/bin/sh
# Build .venv from requirements.lock: every package pinned and hashed, the project itself editable.
# usage: scripts/environment.sh PYTHON UV_VERSION
set -eu
python=$1
uv_version=$2
export UV_PYTHON_DOWNLOADS=never

uv=$(command -v uv || true)
if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    if [ ! -x .uv/bin/uv ]; then
        echo "Fetching uv $uv_version into .uv/ ..." >&2
        "$python" -m venv .uv
        .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version"
    fi
    uv=.uv/bin/uv
fi

echo "Building .venv with $("$python" --version) ..." >&2
[ -x .venv/bin/python ] || "$uv" venv --quiet --python "$python" .venv
VIRTUAL_ENV=$PWD/.venv
export VIRTUAL_ENV
"$uv" pip sync --quiet --python .venv/bin/python --require-hashes --compile-bytecode requirements.lock
"$uv" pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
touch .venv/.ready
