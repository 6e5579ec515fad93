"""A plugin of pytest: moto's own tests, with Batch answered by `refrag serve`, a fresh one for each test, and the rest by moto.

`moto-tests` loads it. REFRAG names the program; MOTO_VERDICTS the list of the tests that need not pass, with the reason of each.
"""
import os
import re
import select
import shutil
import subprocess
import tempfile
import time

import boto3
import botocore.httpsession
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ACCOUNT = "123456789012"  # moto's
SERVICES = ("BATCH", "CLOUDWATCH_LOGS", "ECS")
NOT_ENDED = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
LIMIT = 60  # seconds, for whatever is waited for
outcomes = {}
requests_of = {}


class Server:
    def __init__(self):
        self.url, self.regions = None, set()
        self.folder = tempfile.mkdtemp(prefix="refrag-moto-")
        self.process = subprocess.Popen(
            [os.environ["REFRAG"], "serve", "--bare", "--urls", "http://127.0.0.1:0", "--state", self.folder + "/state",
             "--runner", "process", "--account", ACCOUNT, "--allow-any-credentials"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline() if select.select([self.process.stdout], [], [], LIMIT)[0] else ""
        if not line.startswith("Listening on "):
            self.stop()
            raise RuntimeError("refrag serve did not start: " + line)
        self.url = line.split()[-1]

    def jobs(self):
        """Client and id of each job that has not ended, in the regions that the test used."""
        found = []
        for region in self.regions:
            batch = boto3.Session(aws_access_key_id="any", aws_secret_access_key="any", region_name=region).client(
                "batch", endpoint_url=self.url, config=Config(connect_timeout=10, read_timeout=10, retries={"total_max_attempts": 1}))
            for queue in batch.get_paginator("describe_job_queues").paginate().search("jobQueues[].jobQueueArn"):
                for status in NOT_ENDED:
                    jobs = batch.get_paginator("list_jobs").paginate(jobQueue=queue, jobStatus=status).search("jobSummaryList[].jobId")
                    found += [(batch, job) for job in jobs]
        return found

    def end_jobs(self):
        end, terminated = time.monotonic() + LIMIT, set()
        while (left := self.jobs()) and time.monotonic() < end:
            for batch, job in left:
                if job not in terminated:
                    batch.terminate_job(jobId=job, reason="The test has ended.")
                    terminated.add(job)
            time.sleep(0.1)

    def stop(self):
        # The programs of jobs outlast the server.
        try:
            if self.url:
                self.end_jobs()
        except (BotoCoreError, ClientError) as error:
            print("jobs were left:", error)
        finally:
            self.process.terminate()
            try:
                self.process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process.stdout.close()
            shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def batch_at_refrag(request, monkeypatch):
    server = Server()
    sent = requests_of[request.node.nodeid] = []
    send = botocore.httpsession.URLLib3Session.send

    def counted(session, prepared):
        if prepared.url.startswith(server.url):
            sent.append(prepared.url)
            # Signed: Credential=KEY/DATE/REGION/SERVICE/aws4_request.
            if signed := re.search(r"/\d{8}/([^/]+)/batch/", str(prepared.headers.get("Authorization"))):
                server.regions.add(signed[1])
        return send(session, prepared)

    try:
        # The requests of stop are not the test's.
        with monkeypatch.context() as patch:
            patch.setattr(botocore.httpsession.URLLib3Session, "send", counted)
            for service in SERVICES:
                patch.setenv("AWS_ENDPOINT_URL_" + service, server.url)
            yield
    finally:
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
