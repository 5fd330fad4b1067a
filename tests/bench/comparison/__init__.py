"""The rows of `python -m tests.bench`: one module for each kind, each giving ours beside a baseline of the same run."""
