#!/bin/sh
# Run the comparisons of benchmarks/ in an environment of their own (.venv's packages and the libraries compared with), and
# write what they print to benchmarks/results.md.
# usage: scripts/benchmarks.sh [NAME ...]
set -eu
environment=.venv-benchmarks
uv=$(command -v uv || true)
if [ -z "$uv" ] || ! "$uv" --version >/dev/null 2>&1; then
    uv=.uv/bin/uv
fi

if [ ! -x "$environment/bin/python" ]; then
    python=$(.venv/bin/python -c 'import sys; print(sys.executable)')
    "$uv" venv --quiet --python "$python" "$environment"
fi
VIRTUAL_ENV=$PWD/$environment
export VIRTUAL_ENV
"$uv" pip install --quiet --python "$environment/bin/python" --require-hashes --requirement requirements.lock
"$uv" pip install --quiet --python "$environment/bin/python" --no-deps --no-build-isolation --editable .
"$uv" pip install --quiet --python "$environment/bin/python" --group benchmarks

"$environment/bin/python" benchmarks/record.py "$@"
