"""Medians over rounds of what a results file holds; a ratio is formed inside a round."""
import statistics as st


def medians(rows):
    """{(round, task): {peer: median seconds}}"""
    out = {}
    for r in rows:
        if r.get("times"):
            out.setdefault((r["round"], r["task"]), {})[r["peer"]] = st.median(r["times"])
    return out


def table(rows):
    """-> [(task, {peer: seconds}, {peer: (ratio, lowest, highest)})], a ratio says how many times journey's time the peer takes"""
    rounds = medians(rows)
    tasks = dict.fromkeys(r["task"] for r in rows)
    result = []
    for task in tasks:
        seconds, ratios = {}, {}
        for (_, t), by_peer in rounds.items():
            if t != task:
                continue
            for peer, s in by_peer.items():
                seconds.setdefault(peer, []).append(s)
                if "journey" in by_peer and peer != "journey":
                    ratios.setdefault(peer, []).append(s / by_peer["journey"])
        result.append((task, {p: st.median(s) for p, s in seconds.items()},
                       {p: (st.median(q), min(q), max(q)) for p, q in ratios.items()}))
    return result


if __name__ == "__main__":
    import json, sys
    for task, s, q in table(json.load(open(sys.argv[1]))):
        print(f"{task:8}", *(f"{p} {x * 1e3:8.2f} ms" for p, x in s.items()), *(f"| {p} {a:.2f}x [{b:.2f}-{c:.2f}]" for p, (a, b, c) in q.items()))
