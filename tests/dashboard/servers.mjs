// The real servers: `refrag serve --fleet` with a state of its own, and `refrag dashboard` in front of it.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const program = process.env.REFRAG ?? join(root, "artifacts/bin/Refrag.Cli/debug/Refrag.Cli");
const limit = 120_000;

/** Waits until a question has an answer. */
export async function until(question, what = String(question)) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`This does not come: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

// A project of its own, whose budgets and sweeps are those of the checks.
const projectOf = (folder) => join(folder, "project");

const spawnIn = (folder, args) =>
  spawn(program, args, {
    cwd: projectOf(folder),
    env: {
      ...process.env,
      XDG_STATE_HOME: join(folder, "user"),
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "none",
      AWS_REGION: "us-east-1",
    },
  });

function start(folder, args, pattern, log) {
  const child = spawnIn(folder, args);
  child.stderr.on("data", (text) => log.push(String(text)));
  return new Promise((done, fail) => {
    let output = "";
    child.on("exit", (code) => fail(new Error(`${args[0]} has ended with ${code}: ${output}${log.join("")}`)));
    child.stdout.on("data", (text) => {
      output += text;
      const found = pattern.exec(output);
      if (found) done({ child, found: found[1] });
    });
  });
}

const stop = (child, signal) =>
  new Promise((done) => {
    child.removeAllListeners("exit");
    child.on("exit", done);
    child.kill(signal);
  });

export class Servers {
  #folder = mkdtempSync(join(tmpdir(), "refrag-dashboard-"));
  log = [];

  constructor() {
    mkdirSync(projectOf(this.#folder));
    cpSync(join(root, "conf"), join(projectOf(this.#folder), "conf"), { recursive: true });
  }

  /** A folder for results. */
  get results() {
    return `file://${join(this.#folder, "results")}`;
  }

  write = (name, text) => writeFileSync(join(projectOf(this.#folder), name), text);

  /** A command to its end, on the server: its output. */
  run(verb, ...words) {
    const where = ["env=awsbatch", "env.region=us-east-1", `env.endpoint_url=${this.url}`];
    const child = spawnIn(this.#folder, [...verb.split(" "), ...where, ...words]);
    return new Promise((done, fail) => {
      let [output, errors] = ["", ""];
      child.stdout.on("data", (text) => (output += text));
      child.stderr.on("data", (text) => (errors += text));
      child.on("exit", (code) => (code === 0 ? done(output + errors) : fail(new Error(`${verb} has ended with ${code}: ${output}${errors}`))));
    });
  }

  /** `refrag serve`: any credentials, on loopback. */
  async serve(url = "http://127.0.0.1:0", runner = "process") {
    const args = ["serve", "--fleet", "--runner", runner, "--allow-any-credentials", "--urls", url, "--state", join(this.#folder, "state")];
    const { child, found } = await start(this.#folder, args, /Listening on (\S+)/, this.log);
    [this.batch, this.url] = [child, found];
  }

  /** `refrag dashboard` in front of it. */
  async dashboard(options = [], url = "http://127.0.0.1:0") {
    const args = ["dashboard", "env=awsbatch", "env.region=us-east-1", `env.endpoint_url=${this.url}`, "--url", url, ...options];
    const { child, found } = await start(this.#folder, args, /Open (\S+)/, this.log);
    [this.page, this.entrance] = [child, found];
    return found;
  }

  killBatch = () => stop(this.batch, "SIGKILL");
  killPage = () => stop(this.page, "SIGKILL");

  async ask(operation, body) {
    const answer = await fetch(`${this.url}/v1/${operation}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/batch/aws4_request, SignedHeaders=host, Signature=0",
      },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  }

  define = (name, command, more = {}) =>
    this.ask("registerjobdefinition", {
      jobDefinitionName: name,
      type: "container",
      containerProperties: {
        image: "busybox",
        command,
        resourceRequirements: [
          { type: "VCPU", value: "1" },
          { type: "MEMORY", value: "64" },
        ],
      },
      ...more,
    });

  submit = async (jobName, jobDefinition, more = {}) =>
    (await this.ask("submitjob", { jobName, jobDefinition, jobQueue: "refrag-cpu-job-queue", ...more })).jobId;

  status = async (id) => (await this.ask("describejobs", { jobs: [id] })).jobs[0]?.status;

  async close() {
    for (const child of [this.page, this.batch]) if (child && child.exitCode === null && child.signalCode === null) await stop(child, "SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
