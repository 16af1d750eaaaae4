"""A real standalone Spark cluster on loopback: a master and two workers from the pyspark wheel."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pyspark

SPARK_HOME = Path(pyspark.__file__).parent
_DEPLOY = "org.apache.spark.deploy"


class Cluster:
    """Processes of the cluster; only those that this object started are ever ended."""

    def __init__(self, folder: Path, *, workers: int = 2) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.master = self._start("master", "master.Master", "--port", str(self.port), "--webui-port", "0")
        self._wait_for("master", "I have been elected leader")
        self.workers = [self.start_worker(number) for number in range(workers)]

    def start_worker(self, number: int) -> subprocess.Popen[bytes]:
        """One more worker with one core; returns when the master knows it."""
        name = f"worker-{number}-{time.monotonic_ns()}"
        options = ("--cores", "1", "--memory", "2g", "--webui-port", "0", "--work-dir", str(self.folder / "work"))
        worker = self._start(name, "worker.Worker", *options, self.url)
        self._wait_for(name, "Successfully registered with master")
        return worker

    def kill_worker(self, number: int) -> None:
        """kill -9 of a worker and of the executor that runs below it."""
        worker = self.workers[number]
        victims = [*_children(worker.pid), worker.pid]
        assert len(victims) > 1, "the worker runs no executor, so its end would prove nothing"
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        worker.wait()

    def restart_worker(self, number: int) -> None:
        self.workers[number] = self.start_worker(number)

    def close(self) -> None:
        for process in (*self.workers, self.master):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _start(self, name: str, role: str, *options: str) -> subprocess.Popen[bytes]:
        command = [str(SPARK_HOME / "bin" / "spark-class"), f"{_DEPLOY}.{role}", "--host", "127.0.0.1", *options]
        with (self.folder / f"{name}.log").open("wb") as log:
            environ = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(SPARK_HOME)}
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environ)

    def _wait_for(self, name: str, words: str, *, seconds: int = 60) -> None:
        log = self.folder / f"{name}.log"
        until = time.monotonic() + seconds
        while words not in log.read_text(errors="replace"):
            if time.monotonic() > until:
                raise TimeoutError(f"{name} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.2)


def _children(pid: int) -> list[int]:
    """Every process below ``pid``, deepest first."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        direct = [int(child) for child in text.split()]
    except FileNotFoundError:
        direct = []
    # The JVM starts children from any of its threads.
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        direct += [int(child) for child in task.read_text().split()]
    found: list[int] = []
    for child in dict.fromkeys(direct):
        found += [*_children(child), child]
    return found


def _free_port() -> int:
    for port in range(18310, 18390):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise RuntimeError("no free port for the Spark master")
