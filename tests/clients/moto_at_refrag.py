"""A plugin of pytest: moto's own tests, with Batch answered by `refrag serve`, a fresh one for each test, and the rest by moto.

`moto-tests` loads it. REFRAG names the program; MOTO_VERDICTS the list of the tests that need not pass, with the reason of each.
"""
import os
import re
import shutil
import subprocess
import tempfile

import botocore.httpsession
import pytest

ACCOUNT = "123456789012"  # moto's
SERVICES = ("BATCH", "CLOUDWATCH_LOGS", "ECS")
outcomes = {}
requests_of = {}


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="refrag-moto-")
        self.process = subprocess.Popen(
            [os.environ["REFRAG"], "serve", "--bare", "--urls", "http://127.0.0.1:0", "--state", self.folder + "/state",
             "--runner", "process", "--account", ACCOUNT, "--allow-any-credentials"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("Listening on "):
            raise RuntimeError("refrag serve did not start: " + line)
        self.url = line.split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def batch_at_refrag(request, monkeypatch):
    server = Server()
    sent = requests_of[request.node.nodeid] = []
    send = botocore.httpsession.URLLib3Session.send

    def counted(session, prepared):
        if prepared.url.startswith(server.url):
            sent.append(prepared.url)
        return send(session, prepared)

    monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", counted)
    for service in SERVICES:
        monkeypatch.setenv("AWS_ENDPOINT_URL_" + service, server.url)
    yield
    server.stop()


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        outcomes[report.nodeid] = report.outcome


def name(nodeid):
    """The test, by its path in moto's folder of tests."""
    return re.sub(r"^.*?tests/", "", nodeid)


def verdicts():
    """Side and reason by test, from lines of `test<TAB>side<TAB>reason`."""
    with open(os.environ["MOTO_VERDICTS"], encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


def must_fail(known, test):
    """Whether a test is listed, but for those that pass where jobs start fast or slowly enough."""
    side = known.get(name(test), [""])[0]
    return side != "" and not side.endswith("sometimes")


def pytest_terminal_summary(terminalreporter):
    known, wrong = verdicts(), []
    reached = {test for test, sent in requests_of.items() if sent}
    elsewhere = [test for test in outcomes if test not in reached]
    failed = [test for test, outcome in outcomes.items() if outcome == "failed" and test in reached]
    passed = [test for test, outcome in outcomes.items() if outcome == "passed" and test in reached]
    for test in failed:
        side, reason = known.get(name(test), ("NOT EXPECTED", ""))
        terminalreporter.write_line(f"{side}\t{name(test)}\t{reason}")
        if name(test) not in known:
            wrong.append(test)
    stale = [test for test in passed if must_fail(known, test)]
    for test in stale:
        terminalreporter.write_line(f"listed, and passes\t{name(test)}")
    terminalreporter.write_line(
        f"moto: {len(outcomes)} tests; {len(elsewhere)} send Batch no request (they test moto's own code); {len(passed)} pass, "
        f"{len(failed)} do not; {len(failed) - len(wrong)} of them are listed with the side that AWS is on")
    terminalreporter.write_line(f"moto: {len(passed) - len(stale)} passed, {len(wrong) + len(stale)} failed")


def pytest_sessionfinish(session):
    known = verdicts()
    unexpected = [test for test, outcome in outcomes.items()
                  if requests_of.get(test) and (name(test) not in known if outcome == "failed" else must_fail(known, test))]
    session.exitstatus = 1 if unexpected else 0
