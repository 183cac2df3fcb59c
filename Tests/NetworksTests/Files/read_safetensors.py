"""Prints what the safetensors package reads in a file: one JSON line per tensor, sorted by name.

    python3 read_safetensors.py FILE

Each line has name, dtype, shape and the SHA-256 of the raw bytes; a first line {"metadata": ...} when the header has any.
Needs the package only (no numpy, no torch). Without it: says so and exits with 77.
"""

import hashlib
import json
import sys

try:
    import safetensors
except ImportError:
    print("skipped: this Python has no safetensors package", file=sys.stderr)
    sys.exit(77)


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    if "__metadata__" in header:
        print(json.dumps({"metadata": header["__metadata__"]}, sort_keys=True))
    for name, tensor in sorted(safetensors.deserialize(data)):
        digest = hashlib.sha256(bytes(tensor["data"])).hexdigest()
        print(json.dumps({"name": name, "dtype": tensor["dtype"], "shape": list(tensor["shape"]), "sha256": digest}))


if __name__ == "__main__":
    main(sys.argv[1])
