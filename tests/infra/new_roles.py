"""new_roles.py TARGET: AWS Batch in front of TARGET, as it is in the first seconds of a role. Prints its URL.

A new compute environment is INVALID, for Batch cannot use its role yet, and stays so until it is updated; a job queue is created on VALID
environments only. (AWS Batch User Guide, INVALID compute environment; API CreateJobQueue, computeEnvironmentOrder)
"""

import http.server
import json
import sys
import urllib.error
import urllib.request

target = sys.argv[1]
invalid = set()
REASON = "CLIENT_ERROR - User: arn:aws:sts::123456789012:assumed-role/batch/aws-batch is not authorized to perform: ecs:ListClusters"


def name_of(environment):
    return environment.rsplit("/", 1)[-1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = json.loads(body or b"{}") if self.command == "POST" else {}
        operation = self.path.rsplit("/", 1)[-1]
        if operation == "createjobqueue":
            for order in request.get("computeEnvironmentOrder", []):
                if name_of(order["computeEnvironment"]) in invalid:
                    self.reply(400, {"message": f"{order['computeEnvironment']} is not VALID"}, "ClientException")
                    return
        if operation == "createcomputeenvironment":
            invalid.add(request["computeEnvironmentName"])
        if operation == "updatecomputeenvironment":
            invalid.discard(name_of(request["computeEnvironment"]))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length", "connection", "accept-encoding")}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(target + self.path, data=body or None, headers=headers, method=self.command), timeout=60
            ) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        answered = json.loads(text) if text.startswith(b"{") else {}
        for environment in answered.get("computeEnvironments", []):
            if environment["computeEnvironmentName"] in invalid:
                environment.update(status="INVALID", statusReason=REASON)
        self.reply(status, answered, None)

    def reply(self, status, answer, error):
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if error:
            self.send_header("X-Amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = forward

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
