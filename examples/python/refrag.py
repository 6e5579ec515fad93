"""Submit, await and read jobs with refrag, from Python.

One file, nothing but the standard library: copy it beside your code. It calls the program `refrag` with `--json` and gives what it prints
as values; it decides nothing itself. Members that a newer refrag adds are in `data` of each value.

    from refrag import Refrag

    batch = Refrag("env=awsbatch", "env.region=eu-west-1")
    job = batch.run("env.gpus=1", command=["python3", "train.py", "lr=0.1"])
    if job.wait().succeeded:
        job.pull("home")

A failure is a RefragError with the code of the problem, such as RF2003. A job that fails is no error: see `JobEnd.succeeded`, or call
`JobEnd.check()`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field, fields
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Type, TypeVar

__all__ = ["Cause", "JobEnd", "JobFailed", "JobState", "Job", "LogLine", "Metrics", "Problem", "Refrag", "RefragError", "StoredFile",
           "Sweep", "SweepJob", "Use", "WaitTimeout"]

_TIMED_OUT = 124
_HAS_CAUSE = 2
T = TypeVar("T")
Metrics = Mapping[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong: a stable code, one sentence, why, and what helps. docs/reference/problems.md lists the codes."""

    code: str
    what: str
    cause: Optional[str] = None
    cure: Optional[str] = None


class RefragError(Exception):
    """refrag has refused or failed. The problems are all that it reported, the first is mostly the reason."""

    def __init__(self, command: Sequence[str], exit_code: int, text: str) -> None:
        self.command: Tuple[str, ...] = tuple(command)
        self.exit_code: int = exit_code
        self.text: str = text
        self.problems: Tuple[Problem, ...] = tuple(_problems(text))
        first = self.problems[0] if self.problems else None
        super().__init__(f"{first.code} {first.what}" if first else f"{' '.join(command)}: exit code {exit_code}\n{text}".rstrip())

    @property
    def code(self) -> Optional[str]:
        """The code of the first problem, such as RF2003; None if refrag reported none."""
        return self.problems[0].code if self.problems else None


class WaitTimeout(RefragError, TimeoutError):
    """Not all jobs had ended by then. They continue."""


class JobFailed(Exception):
    """A job has ended and has not succeeded."""

    def __init__(self, end: JobEnd) -> None:
        self.end: JobEnd = end
        super().__init__(f"{end.job_name or end.job_id}: {end.status}, exit code {end.exit_code}"
                         + (f" ({end.status_reason})" if end.status_reason else ""))


@dataclass(frozen=True)
class JobEnd:
    """How a job ended."""

    job_id: str
    status: str
    job_name: Optional[str] = None
    status_reason: Optional[str] = None
    exit_code: Optional[int] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def succeeded(self) -> bool:
        """Whether it succeeded."""
        return self.status == "SUCCEEDED"

    def check(self) -> JobEnd:
        """Raises JobFailed if it has not succeeded."""
        if not self.succeeded:
            raise JobFailed(self)
        return self


@dataclass(frozen=True)
class Use:
    """What a job has used; None for what is not known. Peaks are of samples, except memory_kernel_peak_mib."""

    seconds: float
    samples: int
    final: bool
    vcpus_average: Optional[float] = None
    vcpus_peak: Optional[float] = None
    memory_average_mib: Optional[int] = None
    memory_peak_mib: Optional[int] = None
    memory_kernel_peak_mib: Optional[int] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class JobState:
    """A job as it is now; times as refrag prints them, in ISO 8601."""

    job_id: str
    job_name: str
    status: str
    job_queue: Optional[str] = None
    status_reason: Optional[str] = None
    exit_code: Optional[int] = None
    created_at: Optional[str] = None
    started_at: Optional[str] = None
    stopped_at: Optional[str] = None
    array_size: Optional[int] = None
    nodes: Optional[int] = None
    cost_usd: Optional[float] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.status in ("SUCCEEDED", "FAILED")

    @property
    def use(self) -> Optional[Use]:
        """What it has used; None if that is not known."""
        used = self.data.get("used")
        return _value(Use, used) if used else None


@dataclass(frozen=True)
class LogLine:
    """A line that a job printed."""

    text: str
    attempt: int
    at: Optional[str] = None
    part: Optional[int] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class StoredFile:
    """A file that a job has stored; bytes is None for a symbolic link."""

    job_id: str
    path: str
    attempt: int
    bytes: Optional[int] = None
    sha256: Optional[str] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Cause:
    """Why a job waits or failed, how sure that is (certain, likely, possible), and what helps."""

    code: str
    what: str
    confidence: str
    evidence: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class SweepJob:
    """One job of a sweep, and the last line of its metrics.jsonl; None if it has stored none."""

    job: int
    overrides: Sequence[str]
    status: Optional[str] = None
    job_id: Optional[str] = None
    metrics: Optional[Metrics] = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


class Refrag:
    """The program, with the overrides that say where jobs run, such as env=awsbatch.

    program    its name on PATH, or its path; a list if arguments belong to it
    folder     the folder that it is called in; None for this one
    variables  variables beside those of this process
    echo       whether what it reports is also written to standard error while it runs
    """

    def __init__(self, *where: str, program: str | Sequence[str] = "refrag", folder: Optional[str] = None,
                 variables: Optional[Mapping[str, str]] = None, echo: bool = False) -> None:
        self.where: Tuple[str, ...] = where
        self.echo: bool = echo
        self._program = [program] if isinstance(program, str) else list(program)
        self._folder = folder
        self._variables = dict(variables or {})

    def run(self, *overrides: str, command: Sequence[str] = ()) -> Job:
        """Submits a job: an app, as run("app=train"), or a command. With env=local it has ended when this returns."""
        arguments = ["run", *self.where, *overrides, "--json", *(["--", *command] if command else [])]
        lines, exit_code, text = self._call(arguments)
        submitted = next((line for line in lines if "jobId" in line), None)
        if submitted is None:
            raise self._error(arguments, exit_code, text)
        return Job(self, submitted["jobId"], submitted)

    def sweep(self, *overrides: str, command: Sequence[str] = (), manifest: str) -> Sweep:
        """Submits a job for each combination of values, as in sweep("lr=0.1,0.01", command=[…], manifest="sweep.jsonl").

        With env=local they have ended when this returns; jobs that failed are in its jobs().
        """
        arguments = ["run", "-m", *self.where, *overrides, "--manifest", manifest, "--json", *(["--", *command] if command else [])]
        _, exit_code, text = self._call(arguments)
        if exit_code != 0 and not os.path.exists(os.path.join(self._folder or "", manifest)):
            raise self._error(arguments, exit_code, text)
        return Sweep(self, manifest)

    def job(self, job_id: str) -> Job:
        """A job by its id, its beginning, or its name: then the newest of that name."""
        return Job(self, job_id)

    def jobs(self, *patterns: str, status: Optional[str] = None, since: Optional[str] = None) -> List[JobState]:
        """The jobs of all queues, newest first. status may be "active"; since is an age, as "8h", or a date."""
        options = [*(["--status", status] if status else []), *(["--since", since] if since else [])]
        return [_value(JobState, line) for line in self._lines("jobs", *patterns, *options)]

    def wait(self, *jobs: Job | str, timeout: Optional[float] = None) -> List[JobEnd]:
        """Waits until jobs have ended, and gives their ends in that order. WaitTimeout after so many seconds."""
        ids = [job.id if isinstance(job, Job) else job for job in jobs]
        options = ["--timeout", f"{max(1, round(timeout))}s"] if timeout is not None else []
        arguments = ["wait", *ids, *self.where, *options, "--json"]
        lines, exit_code, text = self._call(arguments)
        if exit_code == _TIMED_OUT:
            raise WaitTimeout(arguments, exit_code, text)
        if not lines or "state" not in lines[-1]:
            raise self._error(arguments, exit_code, text)
        return [_value(JobEnd, line) for line in lines if "status" in line]

    def _lines(self, *arguments: str, ok: Sequence[int] = (0,)) -> List[Dict[str, Any]]:
        whole = [*arguments, *self.where, "--json"]
        lines, exit_code, text = self._call(whole)
        if exit_code not in ok:
            raise self._error(whole, exit_code, text)
        return lines

    def _call(self, arguments: Sequence[str]) -> Tuple[List[Dict[str, Any]], int, str]:
        with self._start(arguments) as process:
            text: List[str] = []
            # Both pipes are read at once: a full one would stop the program.
            errors = threading.Thread(target=self._read_errors, args=(process, text), daemon=True)
            errors.start()
            output = process.stdout.read() if process.stdout else ""
            errors.join()
        return [json.loads(line) for line in output.splitlines() if line.startswith("{")], process.returncode, "".join(text)

    def _follow(self, arguments: Sequence[str]) -> Iterator[Dict[str, Any]]:
        process = self._start(arguments)
        text: List[str] = []
        errors = threading.Thread(target=self._read_errors, args=(process, text), daemon=True)
        errors.start()
        try:
            for line in process.stdout or ():
                yield json.loads(line)
            errors.join()
            if process.wait() != 0:
                raise self._error(arguments, process.returncode, "".join(text))
        finally:
            # Whoever stops reading ends the program, and not the job.
            if process.poll() is None:
                process.terminate()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def _read_errors(self, process: subprocess.Popen[str], text: List[str]) -> None:
        for line in process.stderr or ():
            text.append(line)
            if self.echo:
                sys.stderr.write(line)
        if process.stderr:
            process.stderr.close()

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[str]:
        command = [*self._program, *arguments]
        try:
            return subprocess.Popen(command, cwd=self._folder, env={**os.environ, **self._variables}, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
        except FileNotFoundError as fault:
            raise RefragError(command, 127, f"{command[0]} is not there: {fault}") from fault

    def _error(self, arguments: Sequence[str], exit_code: int, text: str) -> RefragError:
        return RefragError([*self._program, *arguments], exit_code, text)


class Job:
    """One job."""

    def __init__(self, refrag: Refrag, job_id: str, submitted: Optional[Mapping[str, Any]] = None) -> None:
        self._refrag = refrag
        self.id: str = job_id
        self.submitted: Mapping[str, Any] = submitted or {}

    def __repr__(self) -> str:
        return f"Job({self.id!r})"

    def state(self) -> JobState:
        """How it is now."""
        return _value(JobState, self._refrag._lines("job", self.id)[0])

    def wait(self, timeout: Optional[float] = None) -> JobEnd:
        """Waits for its end. WaitTimeout after so many seconds; the job continues."""
        if "exitCode" in self.submitted:
            return _value(JobEnd, self.submitted)
        return self._refrag.wait(self, timeout=timeout)[-1]

    def logs(self, follow: bool = False) -> Iterator[LogLine]:
        """The lines that it printed; with follow, until it has ended. Stop reading to stop following."""
        arguments = ["logs", self.id, *self._refrag.where, *(["--follow"] if follow else []), "--json"]
        return (_value(LogLine, line) for line in self._refrag._follow(arguments))

    def files(self) -> List[StoredFile]:
        """The files that it has stored (env.results)."""
        return [_value(StoredFile, line) for line in self._refrag._lines("outputs", self.id)]

    def pull(self, folder: str) -> str:
        """Brings its files into a folder, and gives the folder."""
        return str(self._refrag._lines("pull", self.id, "--to", folder)[0]["folder"])

    def why(self) -> List[Cause]:
        """Why it waits or failed, the surest first; empty if nothing was found."""
        found = self._refrag._lines("why", self.id, ok=(0, _HAS_CAUSE))[0]
        return [_value(Cause, cause) for cause in found["causes"]]

    def fit(self) -> Dict[str, Any]:
        """The smaller request that is enough for what it used, as `refrag fit --from --json` prints it."""
        return self._refrag._lines("fit", "--from", self.id)[0]

    def terminate(self, reason: str = "ended from Python") -> None:
        """Ends it."""
        self._refrag._lines("terminate", self.id, "--yes", "--reason", reason)


class Sweep:
    """The jobs of one sweep, by its manifest."""

    def __init__(self, refrag: Refrag, manifest: str) -> None:
        self._refrag = refrag
        self.manifest: str = manifest

    def jobs(self) -> List[SweepJob]:
        """Each job: what distinguishes it, its state, and the last line of its metrics.jsonl."""
        return [_value(SweepJob, line) for line in self._refrag._lines("sweep", "show", self.manifest)]

    def wait(self, timeout: Optional[float] = None) -> List[SweepJob]:
        """Waits for all of them, and gives jobs()."""
        self._refrag.wait(self.manifest, timeout=timeout)
        return self.jobs()

    def best(self, metric: str, largest: bool = False) -> Optional[SweepJob]:
        """The job whose last line has the smallest, or the largest, number under a name; None if none has one."""
        found = [job for job in self.jobs() if isinstance((job.metrics or {}).get(metric), (int, float))]
        return (max if largest else min)(found, key=lambda job: job.metrics[metric], default=None)  # type: ignore[index]


def _value(kind: Type[T], data: Mapping[str, Any]) -> T:
    """An object of JSON as a value: the members that it has a field for, and all of them as data."""
    names = {_snake(name): value for name, value in data.items()}
    known = {one.name: names[one.name] for one in fields(kind) if one.name in names}  # type: ignore[arg-type]
    return kind(**{**known, "data": data})


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda letter: "_" + letter.group(1).lower(), name.replace("MiB", "Mib").replace("GB", "Gb"))


_PROBLEM = re.compile(r"^(?:warning )?(RF\d{4}) (.*)$")


def _problems(text: str) -> Iterator[Problem]:
    """The problems in what refrag writes for people: a line with the code, then cause and cure, indented."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        head = _PROBLEM.match(line)
        if not head or line.startswith("warning "):
            continue
        rest: Dict[str, str] = {}
        for below in lines[at + 1:]:
            if not below.startswith("  "):
                break
            name, colon, value = below.strip().partition(":")
            if colon and name in ("cause", "cure"):
                rest[name] = value.strip()
        yield Problem(head.group(1), head.group(2), rest.get("cause"), rest.get("cure"))
