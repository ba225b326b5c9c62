"""What `make bench` runs: `python -m benchmarks.NAME --out FILE.json`, one JSON document each."""
