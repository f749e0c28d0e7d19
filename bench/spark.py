"""What distribution costs: the state of a log worked out in this process and by Spark, on the same Parquet file.

spark.py FILE [--parts N] [--repeat N]; FILE is one of those that generate.py makes. Both give the state in bytes, which must be
the same. Times are of whole runs, one after the other in turns; memory is the most that all processes had at a time."""
import argparse, os, sys, threading, time
from pathlib import Path

import journey
import journey.spark

COLUMNS = dict(journey="customer_id", touchpoint="touchpoint", time="timestamp", channel="channel")


def memory():
    """The resident memory of this process and all below it, in MiB; what they share is divided among them."""
    children, todo, total = {}, [os.getpid()], 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            children.setdefault(int(stat.read_text().rsplit(") ", 1)[1].split()[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    while todo:
        process = todo.pop()
        todo += children.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            continue
    return total / 1024


def measured(work):
    """What the work gives, the seconds it took and the most memory meanwhile."""
    most, over = [memory()], threading.Event()

    def watch():
        while not over.wait(0.1):
            most.append(memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    return result, seconds, max(most)


def local(path):
    state = journey.State()
    state.update(journey.EventLog.from_parquet(path, **COLUMNS))
    return state


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("--parts", type=int, default=8)
    arguments.add_argument("--repeat", type=int, default=3)
    given = arguments.parse_args()

    print("way               seconds  peak MiB")
    whole, seconds, peak = measured(lambda: local(given.file))
    print(f"this process      {seconds:7.2f} {peak:9.0f}   {whole!r}, {len(whole.to_bytes())} bytes", flush=True)

    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    def start():
        builder = SparkSession.builder.master(f"local[{os.cpu_count()}]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        return builder.config("spark.driver.memory", "1g").config("spark.sql.session.timeZone", "UTC").getOrCreate()

    spark, seconds, peak = measured(start)
    spark.sparkContext.setLogLevel("ERROR")
    print(f"Spark, its start  {seconds:7.2f} {peak:9.0f}", flush=True)
    frame = spark.read.parquet(given.file)
    for turn in range(given.repeat):
        state, seconds, peak = measured(lambda: journey.spark.state(frame, partitions=given.parts, **COLUMNS))
        assert state.to_bytes() == whole.to_bytes(), "the states are not the same"
        print(f"Spark, turn {turn + 1}     {seconds:7.2f} {peak:9.0f}   {given.parts} parts", flush=True)
        _, seconds, _ = measured(lambda: frame.count())
        print(f"  only counting   {seconds:7.2f}")
        moved = frame.select(*COLUMNS.values()).repartition(given.parts, "customer_id").sortWithinPartitions("customer_id", "timestamp")
        _, seconds, _ = measured(lambda: moved.write.format("noop").mode("overwrite").save())
        print(f"  only the shuffle{seconds:7.2f}", flush=True)
        again, seconds, peak = measured(lambda: local(given.file))
        assert again == whole
        print(f"  this process    {seconds:7.2f}", flush=True)
    spark.stop()


main()
