"""Reads the JSON lines of train steps, alternating Levin and PyTorch, and prints medians and paired ratios of CPU time.

    python3 ratios.py < lines

A line has method (levin or pytorch), figure, form, threads, round, cpu_ms_median and wall_ms_median. The lines of one figure
and one round are a pair; a ratio is Levin's median CPU time over PyTorch's in the same round. Below 1, Levin is faster. The
column wall is the same for wall time: with several threads that one counts, on a quiet machine, because waiting OpenMP
threads spin and their waiting counts as CPU time. LIMITS says which ratios Levin is to keep; each is met or MISSED.
"""

import json
import statistics
import sys

# The greatest ratio to the forms that do the same work as Levin; and to the transformer as one writes it first.
LIMITS = {"mlp/projected": 1.0, "transformer/gathered": 1.0, "lstm/projected": 1.0, "transformer/ordinary": 0.25}


def verdict(name, threads, cpu, wall):
    if name not in LIMITS:
        return ""
    ratio = cpu if threads == 1 else wall
    return f"  <= {LIMITS[name]:.2f} " + ("met" if ratio <= LIMITS[name] else "MISSED")


def main():
    rows = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    levin = {(r["figure"], r["threads"], r["round"]): r for r in rows if r["method"] == "levin"}
    peers = {}
    for r in rows:
        if r["method"] == "pytorch":
            peers.setdefault((r["figure"], r["form"], r["threads"]), []).append(r)
    titles = [("threads", 8), ("rounds", 8), ("levin ms", 10), ("torch ms", 10), ("ratio", 8), ("least", 8), ("most", 8)]
    titles += [("cpu/wall", 10), ("wall", 8)]
    print(f"{'figure':24}" + "".join(f"{title:>{width}}" for title, width in titles) + "  limit")
    for (figure, form, threads), theirs in peers.items():
        pairs = [(levin[key], r) for r in theirs if (key := (figure, threads, r["round"])) in levin]
        if not pairs:
            print(f"{figure + '/' + form:24}{threads:>8}  no round has both")
            continue
        ratios = [ours["cpu_ms_median"] / r["cpu_ms_median"] for ours, r in pairs]
        ours_ms = statistics.median(ours["cpu_ms_median"] for ours, _ in pairs)
        torch_ms = statistics.median(r["cpu_ms_median"] for _, r in pairs)
        busy = statistics.median(ours["cpu_ms_median"] / ours["wall_ms_median"] for ours, _ in pairs)
        wall = statistics.median(ours["wall_ms_median"] / r["wall_ms_median"] for ours, r in pairs)
        ratio = statistics.median(ratios)
        print(
            f"{figure + '/' + form:24}{threads:>8}{len(pairs):>8}{ours_ms:>10.2f}{torch_ms:>10.2f}"
            f"{ratio:>8.3f}{min(ratios):>8.3f}{max(ratios):>8.3f}{busy:>10.2f}{wall:>8.3f}"
            + verdict(f"{figure}/{form}", threads, ratio, wall)
        )
    version = next((r["torch"] for r in rows if "torch" in r), "")
    print(f"CPU ms per training step, median of each run; ratios: median over rounds of Levin / PyTorch {version}")
    print("the limit is for CPU time on one thread, for wall time on more")
    print("cpu/wall is Levin's; well below the number of threads means that the machine was busy")


if __name__ == "__main__":
    main()
