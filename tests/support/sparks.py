"""
A standalone cluster of Spark on loopback: a master, workers, and a session that asks.

All that it logs lies in one folder, and every process ends with the block.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Condition, Thread
from typing import Any, Final

from children import unmeasured
from needed import needs

# Spark ends when its standard input does, also where the tests are killed.
_ENDS: Final = 'trap "kill 0" EXIT; "$@" & read -r _'
_LOGGING: Final = """\
rootLogger.level = info
rootLogger.appenderRef.all.ref = all
appender.all.name = all
appender.all.layout.type = PatternLayout
appender.all.layout.pattern = %d %p %c{1}: %m%n%ex
"""
_TO_STDERR: Final = "appender.all.type = Console\nappender.all.target = SYSTEM_ERR\n"
# For a session of Python, Spark lets no more than warnings through to the other.
_TO_FILE: Final = "appender.all.type = File\nappender.all.fileName = "
# What a short run needs not: pages for people, much memory, the best compiler.
_LOGS: Final = "-Dlog4j2.configurationFile"
_QUICK: Final = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def cluster(
    folder: Path, *, of_workers: Mapping[str, str], settings: Mapping[str, str]
) -> Iterator[Any]:
    """
    Start a cluster of two workers with a core each, and give a session of Spark on it.

    Args:
        folder: Where it keeps its files; `written` of it is all that it logged.

        of_workers: Variables that only the workers have.

        settings: More settings of Spark.
    """
    import pyspark  # noqa: PLC0415  # an extra, as here alone
    from pyspark.sql import SparkSession  # noqa: PLC0415  # as above

    java = needs("java", "default-jre-headless")
    for name in ("conf", "events", "logs", "local", "work"):
        (folder / name).mkdir()
    master = f"spark://127.0.0.1:{_free_port()}"
    logging = folder / "conf/driver.properties"
    conf = {
        "spark.master": master,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.driver.extraJavaOptions": f"{_QUICK} {_LOGS}={logging}",
        "spark.executor.extraJavaOptions": _QUICK,
        "spark.executor.memory": "512m",
        "spark.executor.cores": "1",
        "spark.eventLog.compress": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": (folder / "warehouse").as_uri(),
        "spark.log.level": "INFO",
        "spark.task.maxFailures": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # What crosses between machines, and what lies on their disks, is encrypted.
        "spark.authenticate": "true",
        "spark.authenticate.secret": "of these tests",
        "spark.network.crypto.enabled": "true",
        "spark.io.encryption.enabled": "true",
        **settings,
    }
    lines = [f"{name} {value}\n" for name, value in conf.items()]
    (folder / "conf/spark-defaults.conf").write_text("".join(lines), "utf-8")
    (folder / "conf/log4j2.properties").write_text(_LOGGING + _TO_STDERR, "utf-8")
    to_file = f"{_TO_FILE}{folder / 'logs/driver-log'}\n"
    logging.write_text(_LOGGING + to_file, "utf-8")
    home = Path(pyspark.__file__).parent
    environment = {
        **unmeasured(),
        "JAVA_HOME": str(Path(java).resolve().parents[1]),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_CONF_DIR": str(folder / "conf"),
        "SPARK_DAEMON_JAVA_OPTS": _QUICK,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with ExitStack() as stack:

        def start(name: str, class_: str, *words: str, **more: str) -> _Service:
            at = ("--host", "127.0.0.1", "--webui-port", "0")
            class_ = f"org.apache.spark.deploy.{class_}"
            command = [str(home / "bin/spark-class"), class_, *at, *words]
            log = folder / "logs" / name
            service = _Service(log, command, {**environment, **more})
            stack.callback(service.end)
            return service

        port = master.rpartition(":")[2]
        start("master", "master.Master", "--port", port).wait("I have been elected")
        has = ("--cores", "1", "--memory", "600m", master)
        workers = []
        for name in ("worker-1", "worker-2"):
            work = ("--work-dir", str(folder / "work" / name))
            made = start(name, "worker.Worker", *work, *has, **of_workers)
            workers.append(made)
        session = stack.enter_context(_session(SparkSession, folder, environment))
        # Without one of them a session waits for ever.
        for worker in workers:
            worker.wait("registered with master")
        yield session


class _Service:
    """
    A process of Spark that logs to a file, and ends with the tests.
    """

    def __init__(self, log: Path, command: list[str], env: Mapping[str, str]) -> None:
        self._log, self._ended = log, False
        self._seen: list[bytes] = []
        self._more = Condition()
        self._process = subprocess.Popen(
            [needs("bash", "bash"), "-c", _ENDS, log.name, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=env,
            start_new_session=True,
        )
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._log.open("wb") as log, self._process.stderr as lines:
            for line in lines:
                log.write(line)
                with self._more:
                    self._seen.append(line)
                    self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def wait(self, until: str) -> None:
        """
        Wait until it logs a line with this text.

        Raises:
            RuntimeError: If it ends before.
        """

        def said() -> bool:
            return any(until.encode() in line for line in self._seen)

        with self._more:
            self._more.wait_for(lambda: self._ended or said())
            if not said():
                raise RuntimeError(f"spark: {self._log.name} ended: {self._seen[-3:]}")

    def end(self) -> None:
        """
        End it, with all that it started.
        """
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._thread.join()


@contextmanager
def _session(
    sessions: Any,  # noqa: ANN401  # an extra
    folder: Path,
    environment: Mapping[str, str],
) -> Iterator[Any]:
    import pyspark  # noqa: PLC0415  # as above

    before = dict(os.environ)
    os.environ.update(environment)
    stderr = os.dup(2)
    try:
        # The driver's Java logs to the standard error that it was started with.
        with (folder / "logs/driver").open("wb") as log:
            os.dup2(log.fileno(), 2)
            session = sessions.builder.getOrCreate()
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.environ.clear()
        os.environ.update(before)
    try:
        yield session
    finally:
        gateway = pyspark.SparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


def written(folder: Path) -> dict[str, bytes]:
    """
    Return all that a cluster logged: of master, workers, driver, executors; its events.
    """
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("events", "logs", "work")
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }
