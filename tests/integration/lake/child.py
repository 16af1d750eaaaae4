"""An exporter in a process of its own that ends itself at a step: python child.py HOME DSN STEP."""

import os
import signal
import sys
import time
from pathlib import Path

from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.settings import Settings


def main(home: Path, dsn: str, fatal: str) -> None:
    def end_there(step: str) -> None:
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    options = LakeOptions(
        slice_rows=3000,
        bucket_rows=500,
        merge_files=3,
        max_runs=2,
        erasure_grace_s=0,
        watch_every_s=0,
        summarize_rows=1,
        on_step=end_there,
    )
    exporter = Exporter(Settings(home=home), dsn, options=options)
    while True:
        exporter.run_once()
        print("exported", flush=True)
        exporter.compact_once()
        exporter.erase_once()
        exporter.drop_partitions_once()
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
