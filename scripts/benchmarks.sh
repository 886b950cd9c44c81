#!/bin/sh
# Print every comparison of benchmarks/, in an environment of its own: .venv's packages and the libraries compared with.
# usage: scripts/benchmarks.sh [--quick]
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

# Matrices of 32 rows gain nothing from several threads, and lose much on a busy machine.
export OPENBLAS_NUM_THREADS=1
for benchmark in log_density queries_over_draws networks network_over_draws growth; do
    echo "== $benchmark"
    "$environment/bin/python" "benchmarks/$benchmark.py"
done
for benchmark in pooling scale analysis; do
    echo "== $benchmark"
    "$environment/bin/python" "benchmarks/$benchmark.py"
done
echo "== fit"
"$environment/bin/python" benchmarks/fit.py "$@"
