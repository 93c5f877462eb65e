"""From a request to a run: blocks of chains, compiled scans, devices, processes. Knows no paper."""
