# Precursor: `make run` fits the carried surveys and writes the report; `make test` is what CI runs.
UV_VERSION := 0.13.8
BIN := .venv/bin
.DEFAULT_GOAL := help
