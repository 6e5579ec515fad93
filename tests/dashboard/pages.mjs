// Drives the real page in Chromium on the real servers. Each check prints its name; the end is "N passed, N failed".
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { Servers, until } from "./servers.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = process.env.PICTURES;
const only = process.argv[2];
const hostile = '</script><img src=x onerror="window.broken=1"><b>bold</b>\u202e\u2028"\'&`${1}';

let [passed, failed] = [0, 0];
async function check(name, work) {
  if (only && !name.includes(only)) return;
  const from = Date.now();
  try {
    await work();
    passed++;
    console.log(`ok   ${name} (${Date.now() - from} ms)`);
  } catch (failure) {
    failed++;
    console.log(`FAIL ${name}: ${failure.stack}`);
  }
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const servers = new Servers();

/** A page that was let in, which fails the check that it is in if it says anything wrong or asks anywhere else. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (fault) => page.faults.push(String(fault)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|ERR_/.test(message.text())) page.faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(servers.entrance).origin)) page.faults.push(`asks ${request.url()}`);
  });
  return page;
}

let entrance;
let sweepPath = "sweeps";
async function enter(options) {
  const page = await open(options);
  await page.goto(entrance);
  // The next address is printed when one was used.
  entrance = await until(() => /For another browser: (\S+)/.exec(servers.log.splice(0).join(""))?.[1], "the next address");
  await page.waitForSelector("#title");
  return page;
}

async function accessible(page, what) {
  // Evaluated in a world of its own: the page's policy forbids scripts that are not its own.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map((one) => `${what}: ${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" | ")}`),
    [],
  );
}

const row = (page, name) => page.locator(".rows .row", { has: page.locator(".c-name a").getByText(name, { exact: true }) });
const sees = (page, text) => page.waitForFunction((wanted) => document.body.innerText.includes(wanted), text, { timeout: 60_000 });

try {
  await servers.serve();
  entrance = await servers.dashboard();
  await servers.define("sleep", ["sleep", "600"]);
  await servers.define("echo", ["sh", "-c", `printf '%s\\n' "$0"; printf '\\033[31mred\\033[0m plain\\n'; seq 1 3000`, hostile]);
  await servers.define("false", ["sh", "-c", "echo it fails; exit 3"], { parameters: { text: hostile } });
  const tags = (user, team) => ({ tags: { app: "train", user, team } });
  const runs = await servers.submit("runs-long", "sleep", tags("ann", "vision"));
  const waits = await servers.submit("waits", "sleep", { ...tags("ann", "vision"), dependsOn: [{ jobId: runs }] });
  const ended = await servers.submit("has-printed", "echo", tags("bob", "speech"));
  const fails = await servers.submit("has-failed", "false", { ...tags("bob", "speech"), parameters: { text: hostile } });
  const array = await servers.submit("an-array", "sleep", { ...tags("ann", "speech"), dependsOn: [{ jobId: runs }], arrayProperties: { size: 8 } });
  await until(async () => (await servers.status(ended)) === "SUCCEEDED" && (await servers.status(fails)) === "FAILED");
  await until(async () => (await servers.status(runs)) === "RUNNING");
  servers.write("conf/budgets.yaml", "budgets:\n- {name: everything, usd: 2000}\n- {name: each-user, user: \"*\", usd: 0.00001}\n");

  await check("the first address opens the page once", async () => {
    const first = entrance;
    const page = await enter();
    assert.equal(new URL(page.url()).search, "", "the token leaves the address");
    await sees(page, "has-printed");
    const other = await open();
    await other.goto(first);
    await sees(other, "RF8197");
    assert.deepEqual(page.faults, []);
    await Promise.all([page.context().close(), other.context().close()]);
  });

  let page = await enter();

  await check("the table shows jobs, filters them, and the address keeps it", async () => {
    await sees(page, "an-array");
    await page.fill("#filter", "state:FAILED app:train");
    await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 1);
    await row(page, "has-failed").waitFor();
    assert.match(decodeURIComponent(page.url()), /q=state:FAILED\+app:train/);
    await page.reload();
    await row(page, "has-failed").waitFor();
    assert.equal(await page.inputValue("#filter"), "state:FAILED app:train");
    await page.fill("#filter", "tag:team=vis*");
    await row(page, "waits").waitFor();
    assert.equal(await row(page, "has-failed").count(), 0);
    await page.fill("#filter", "nothing-is-called-so");
    await sees(page, "No job is as the filter wants");
    await page.fill("#filter", "");
  });

  await check("groups fold and count", async () => {
    await page.selectOption(".by select", "user");
    await page.locator(".row.group", { hasText: "ann" }).waitFor();
    assert.equal(await row(page, "waits").count(), 0);
    await page.locator(".row.group", { hasText: "ann" }).click();
    await row(page, "waits").waitFor();
    await page.goBack();
    await page.waitForFunction(() => document.querySelectorAll(".row.group").length === 0);
  });

  await check("the keyboard alone does everything", async () => {
    await page.keyboard.press("Escape");
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press("/");
    await page.keyboard.type("runs-long");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 1);
    await page.keyboard.press("j");
    await page.waitForSelector(".row.cursor");
    await page.keyboard.press("x");
    await sees(page, "1 job selected");
    await page.keyboard.press("c");
    // It runs, and cancelling does nothing then.
    await sees(page, "1 job left alone: it is RUNNING");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
    await page.keyboard.press("Enter");
    await sees(page, "Attempt 1");
    await page.keyboard.press("]");
    await page.waitForSelector("#tab-why[aria-selected=true]");
    await page.keyboard.press("g");
    await page.keyboard.press("q");
    await sees(page, "refrag-gpu-job-queue");
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.waitForSelector("#jobs");
    await page.keyboard.press("?");
    await sees(page, "Keys and filters");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.querySelector("dialog[open]"));
  });

  await check("jobs are ended and repeated after a question", async () => {
    const victims = [await servers.submit("victim", "sleep"), await servers.submit("victim", "sleep")];
    await page.goto(new URL("/#/jobs?q=victim", page.url()).href);
    await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 2);
    await page.keyboard.press("a");
    await sees(page, "2 jobs selected");
    await page.locator(".actions button", { hasText: "Terminate" }).click();
    await page.locator("dialog button.primary", { hasText: "Terminate 2 jobs" }).click();
    await sees(page, "Batch has accepted 2 requests");
    await page.locator("dialog button", { hasText: "Close" }).click();
    for (const id of victims) await until(async () => (await servers.status(id)) === "FAILED");
    await page.waitForFunction(() => document.querySelectorAll(".rows .s-failed").length === 2);
    await row(page, "victim").first().click();
    await page.keyboard.press("x");
    await page.keyboard.press("r");
    await page.locator("dialog button.primary", { hasText: "Retry 1 job" }).click();
    await sees(page, "1 job submitted");
    await page.locator("dialog button", { hasText: "Close" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".rows .row").length === 3);
    // This machine has few cores: those that a check leaves behind would keep the next from starting.
    for (const one of (await servers.ask("listjobs", { jobQueue: "refrag-cpu-job-queue", filters: [{ name: "JOB_NAME", values: ["victim"] }] })).jobSummaryList)
      await servers.ask("terminatejob", { jobId: one.jobId, reason: "end" });
  });

  await check("a job has its band, log, causes, use, request and tags; text is never markup", async () => {
    await page.goto(new URL(`/#/job/${ended}`, page.url()).href);
    await sees(page, "3,002 lines, complete");
    await page.fill("#log-search", "onerror");
    await sees(page, "1 line of 3,002");
    assert.match(await page.locator(".lines").innerText(), /<img src=x onerror="window.broken=1">/);
    await page.fill("#log-search", "red plain");
    await page.waitForSelector(".lines .a-red");
    await page.locator("#tab-request").click();
    await page.waitForSelector(".json");
    await page.locator("#tab-tags").click();
    await sees(page, "speech");
    await page.goto(new URL(`/#/job/${fails}/why`, page.url()).href);
    await page.waitForSelector(".why .card");
    await sees(page, "exit code 3");
    await page.goto(new URL(`/#/job/${array}/children`, page.url()).href);
    await page.waitForFunction(() => document.querySelectorAll(".cell").length === 8);
    await page.locator(".cells").focus();
    await page.keyboard.press("ArrowRight");
    await sees(page, "Child 1:");
    assert.equal(await page.evaluate(() => window.broken), undefined);
    assert.equal(await page.locator("main b", { hasText: "bold" }).count(), 0);
  });

  await check("a live log grows while it is watched", async () => {
    await servers.define("ticks", ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do echo tick $i; sleep 1; done"]);
    const ticks = await servers.submit("ticks", "ticks");
    await page.goto(new URL(`/#/job/${ticks}`, page.url()).href);
    await sees(page, "tick 2");
    await sees(page, "tick 8");
    await sees(page, "8 lines, complete");
  });

  await check("hostile text in every field of the table and of a job is shown as text", async () => {
    // Batch allows few characters in names; another endpoint may answer any.
    const evil = await enter();
    const id = "00000000-0000-0000-0000-000000000000";
    const job = {
      id, name: hostile, queue: hostile, status: hostile, reason: hostile, created: 1, share: hostile,
      tags: { app: hostile, user: hostile, [hostile]: hostile, constructor: hostile, __proto__: hostile }, milliVcpus: 1, memoryMiB: 1,
      attempts: 1, children: { [hostile]: 1 }, size: 1,
    };
    const send = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    const status = { at: Date.now(), queues: 1, problem: { code: hostile, what: hostile, cause: hostile, cure: hostile } };
    await evil.route("**/api/jobs", (route) => route.fulfill({
      contentType: "text/event-stream", body: send("snapshot", { sequence: 1, total: 1, first: true, last: true, rows: [job], status }),
    }));
    await evil.route("**/api/job/*/live", (route) => route.fulfill({
      contentType: "text/event-stream",
      body: send("job", {
        job, definition: hostile, needs: hostile, image: hostile, command: hostile, parameters: { [hostile]: hostile },
        lanes: [{ number: 1, from: 1, started: 2, stopped: 3, reason: hostile, host: hostile, exit: 1 }],
        moments: [{ at: 1, what: hostile }], dependsOn: [hostile], chain: [hostile, hostile], request: { [hostile]: hostile },
        cost: { usd: 1, billed: 0, measured: 1, assumed: 0, failed: 0, basis: hostile, sources: [hostile] },
        use: { parts: 1, attempt: 1, seconds: 1, samples: 1, final: true, lines: [{ name: hostile, unit: hostile, asked: 1, peak: 1 }] },
        start: { askedAt: 1, earliest: 2, level: 90, assumptions: [hostile] },
      }),
    }));
    await evil.route("**/why", (route) => route.fulfill({
      json: {
        summary: hostile, notChecked: [hostile], part: hostile,
        causes: [{ code: hostile, what: hostile, confidence: hostile, evidence: [hostile], cures: [{ text: hostile, command: hostile, checked: hostile }] }],
      },
    }));
    await evil.reload();
    await sees(evil, "onerror");
    await evil.selectOption(".by select", "app");
    await evil.waitForSelector(".row.group");
    for (const tab of ["log", "why", "use", "cost", "request", "tags"]) {
      await evil.goto(new URL(`/#/job/${id}/${tab}`, evil.url()).href);
      await evil.waitForSelector(`#tab-${tab}[aria-selected=true]`);
      await evil.waitForTimeout(300);
    }
    assert.equal(await evil.evaluate(() => window.broken), undefined);
    assert.equal(await evil.locator("main img, main script, main b:text('bold')").count(), 0);
    assert.deepEqual(evil.faults, []);
    await evil.context().close();
  });

  await check("100,000 rows: all are counted, and few are drawn", async () => {
    const big = await enter();
    const states = ["RUNNABLE", "RUNNING", "SUCCEEDED", "FAILED"];
    const rows = Array.from({ length: 100_000 }, (_, i) => ({
      id: `${String(i).padStart(8, "0")}-0000-0000-0000-000000000000`, name: `job-${i}`, queue: `queue-${i % 5}`, status: states[i % 4],
      created: Date.now() - i * 1000, started: i % 4 ? Date.now() - i * 900 : undefined, tags: { app: "train", user: `user-${i % 20}` },
      milliVcpus: 1000, memoryMiB: 2048, attempts: 0,
    }));
    let body = "";
    for (let at = 0; at < rows.length; at += 2000)
      body += `event: snapshot\ndata: ${JSON.stringify({
        sequence: 1, total: rows.length, first: at === 0, last: at + 2000 >= rows.length, rows: rows.slice(at, at + 2000), status: { at: Date.now(), queues: 5 },
      })}\n\n`;
    await big.route("**/api/jobs", (route) => route.fulfill({ contentType: "text/event-stream", body }));
    await big.goto(new URL("/#/queues", big.url()).href);
    await big.reload();
    await sees(big, "Queues");
    await big.goto(new URL("/#/jobs", big.url()).href);
    await row(big, "job-0").first().waitFor();
    await sees(big, "100,000 jobs of 100,000");
    await big.locator(".rows").evaluate((element) => (element.scrollTop = element.scrollHeight));
    await row(big, "job-99999").waitFor();
    assert.ok((await big.locator(".rows .row").count()) < 80, "few rows are drawn");
    await big.fill("#filter", "user:user-7 state:FAILED");
    await sees(big, "5,000 jobs of 100,000");
    await big.selectOption(".by select", "queue");
    await big.waitForFunction(() => document.querySelectorAll(".row.group").length > 0);
    assert.deepEqual(big.faults, []);
    await big.context().close();
  });

  await check("a gap in the changes asks for a snapshot", async () => {
    const gap = await enter();
    let asked = 0;
    const send = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    const one = (name) => ({ id: name, name, queue: "q", status: "RUNNING", created: 1 });
    await gap.route("**/api/jobs", (route) => {
      asked++;
      const snapshot = send("snapshot", { sequence: asked, total: 1, first: true, last: true, rows: [one(`first-${asked}`)], status: { at: 1, queues: 1 } });
      // Of the first answer the change before this one is missing.
      return route.fulfill({
        contentType: "text/event-stream",
        body: asked === 1 ? snapshot + send("change", { sequence: 9, changed: [one("never-shown")] }) : snapshot,
      });
    });
    await gap.reload();
    await row(gap, "first-2").waitFor();
    assert.equal(await row(gap, "never-shown").count(), 0);
    await gap.context().close();
  });

  await check("a paused table does not move", async () => {
    await page.goto(new URL("/#/jobs", page.url()).href);
    await sees(page, "runs-long");
    await page.locator("button", { hasText: "Pause" }).click();
    const before = await page.locator(".rows").innerText();
    const late = await servers.submit("came-late", "false");
    await until(async () => (await servers.status(late)) === "FAILED");
    await page.waitForTimeout(5000);
    assert.equal((await page.locator(".rows").innerText()).split("\n")[1], before.split("\n")[1]);
    assert.equal(await row(page, "came-late").count(), 0);
    await page.locator("button", { hasText: "Resume" }).click();
    await row(page, "came-late").waitFor();
  });

  await check("fleets show instances with their jobs, and a reclaim takes them", async () => {
    await page.goto(new URL("/#/fleets", page.url()).href);
    await page.waitForSelector(".instance .placed");
    await page.locator("button", { hasText: "Reclaim all of Spot" }).click();
    await sees(page, "every Spot instance is reclaimed");
    await until(async () => (await servers.ask("describejobs", { jobs: [runs] })).jobs[0].attempts?.length > 0 || (await servers.status(runs)) === "FAILED");
  });

  await check("an empty history says which command fills it, and is filled", async () => {
    await page.goto(new URL("/#/queues", page.url()).href);
    await sees(page, "The history has nothing of this time");
    await sees(page, "refrag history watch env=awsbatch");
    await servers.run("history watch", "--once");
    await page.locator("[aria-label='Longest wait in refrag-cpu-job-queue in the history']").waitFor({ timeout: 60_000 });
    const depth = page.locator("[aria-label='Depth of refrag-cpu-job-queue in the history']");
    await depth.focus();
    await page.keyboard.press("Home");
    assert.match(await depth.getAttribute("aria-valuetext"), /waiting \d+, running \d+/);
    await page.selectOption(".bar-top select", "1");
    await page.waitForFunction(() => location.hash.includes("hours=1"));
    await page.goto(new URL("/#/fleets", page.url()).href);
    await page.locator("[aria-label='vCPUs of refrag-cpu-compute-env in the history']").waitFor();
    await page.locator("[aria-label='Instances of refrag-cpu-compute-env in the history']").waitFor();
  });

  await check("costs by tag and day are those of cost report and budget, measured and assumed apart", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.locator("table caption", { hasText: "By app, in USD" }).waitFor({ timeout: 60_000 });
    await page.selectOption(".bar-top select >> nth=0", "user");
    // The days have a table too, above it and folded.
    const groups = (by) => page.locator(".cost table.plain", { has: page.locator("caption", { hasText: `By ${by}, in USD` }) });
    const ann = groups("user").locator("tr", { hasText: "ann" });
    await ann.waitFor({ timeout: 60_000 });
    assert.ok((await page.locator("svg.days rect title").count()) > 0, "a day has costs");
    const line = (await servers.run("cost report", "--by", "user", "--since", "30d", "--json")).split("\n").map((text) => text.startsWith("{") && JSON.parse(text)).find((one) => one.key === "ann");
    assert.equal(await ann.locator("td").nth(4).innerText(), String(line.jobs));
    assert.equal((await ann.locator("td").nth(2).innerText()).includes("measured"), line.basis.includes("measured"));
    await sees(page, "taken above the budget");
    assert.match(await page.locator(".burn >> nth=0").getAttribute("aria-label"), /spent, measured .*, spent, assumed .*forecast/);
    assert.match(await servers.run("budget"), /everything +all jobs +\$2000.00/);
    await page.selectOption(".bar-top select >> nth=0", "tag");
    await page.waitForFunction(() => location.hash.includes("by=team"));
    await groups("team").getByText("vision").waitFor({ timeout: 60_000 });
    await ann.waitFor({ state: "detached" });
    await page.locator(".cost table a", { hasText: "speech" }).click();
    await page.waitForSelector("#jobs");
    assert.match(decodeURIComponent(page.url()), /q=tag:team=speech/);
  });

  await check("a sweep is sorted, plotted, and read by keys", async () => {
    await servers.run("run -m", `env.results=${servers.results}`, "env.vcpus=1", "env.memory=64MiB", "--", "sh", "-c",
      'printf "{\\"loss\\":%s,\\"note\\":\\"a,b\\"}\\n" "${1#lr=}" >"$REFRAG_OUTPUT_DIR/metrics.jsonl"', "sh", "lr=0.3,0.01,2");
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.locator("table.plain a", { hasText: ".jsonl" }).click();
    await page.waitForFunction(() => document.querySelectorAll("svg.scatter .point").length === 3, undefined, { timeout: 120_000 });
    const first = () => page.locator("table.sweep tbody tr >> nth=0").innerText();
    const loss = page.locator("table.sweep thead button", { hasText: "loss" });
    await loss.click();
    assert.match(await first(), /0.01/);
    await loss.click();
    await page.waitForFunction(() => document.querySelector("table.sweep tbody tr")?.innerText.includes("2"));
    assert.match(decodeURIComponent(page.url()), /sort=-m:loss/);
    await page.reload();
    await page.waitForSelector("table.sweep");
    assert.match(await first(), /^2\s.*2/);
    await page.keyboard.press("j");
    await sees(page, "Job 2, SUCCEEDED: lr 2, loss 2, note a,b");
    assert.equal(await page.locator("svg.scatter .point.chosen").count(), 1);
    sweepPath = new URL(page.url()).hash.split("?")[0].slice(2);
    await page.keyboard.press("Enter");
    await sees(page, "Attempt 1");
    await page.goto(new URL("/#/sweeps/none.jsonl", page.url()).href);
    await sees(page, "RF8240");
  });

  await check("a sweep of 20,000 jobs with a word each: few points are drawn, the rest is said, and time alone draws nothing again", async () => {
    const big = await enter();
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      job: i, id: `id-${i}`, status: "SUCCEEDED", overrides: { word: `word-${(i * 7919) % 20_000}` }, metrics: { loss: i === 777 ? -1 : (i % 97) / 97 },
    }));
    const page = { at: Date.now(), path: "outputs/sweeps/big.jsonl", keys: ["word"], metrics: ["loss"], rows, total: 25_000 };
    await big.route("**/api/sweep/*", (route) => route.fulfill({ contentType: "text/event-stream", body: `event: sweep\ndata: ${JSON.stringify(page)}\n\n` }));
    await big.goto(new URL("/#/sweeps/big.jsonl", big.url()).href);
    await sees(big, "25,000 jobs, the first 20,000 of them");
    await big.waitForSelector("svg.scatter .point");
    const points = await big.locator("svg.scatter .point").count();
    assert.ok(points <= 2000, `${points} points`);
    await sees(big, `${(20_000 - points).toLocaleString("en-US")} jobs with one are left out of it, evenly`);
    assert.equal(await big.locator("svg.scatter .point title", { hasText: "Job 777," }).count(), 1, "the lowest is drawn");
    // The answer has ended and is asked for again; until then the second of "read … ago" passes.
    await big.route("**/api/sweep/*", () => {});
    await big.evaluate(() => {
      window.changes = 0;
      new MutationObserver((all) => (window.changes += all.length)).observe(document.querySelector("svg.scatter"), { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const read = await big.locator(".foot").innerText();
    await big.waitForFunction((before) => document.querySelector(".foot").innerText !== before, read);
    assert.equal(await big.evaluate(() => window.changes), 0);
    await big.locator("table.sweep thead button", { hasText: "loss" }).click();
    await big.keyboard.press("j");
    await sees(big, "Job 777, SUCCEEDED");
    assert.deepEqual(big.faults, []);
    await big.context().close();
  });

  await check("a what-if shows worlds side by side, with the figures of refrag simulate", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("w");
    await page.locator("table caption", { hasText: "The worlds" }).waitFor({ timeout: 60_000 });
    await page.selectOption(".whatif form select >> nth=0", "1");
    await page.fill("[aria-label='World A: the most vCPUs of refrag-cpu-compute-env']", "2");
    await page.selectOption("[aria-label='World A: market of refrag-cpu-compute-env']", "false");
    await page.locator("button", { hasText: "Another world" }).click();
    await page.selectOption("[aria-label='World B: market of refrag-cpu-compute-env']", "true");
    await page.fill("input[placeholder='0']", "3");
    await page.locator("button", { hasText: "Simulate" }).click();
    await sees(page, "The commands that simulate the same");
    const cells = (text) => page.locator("table.whatif tr", { hasText: text }).locator("td").evaluateAll((all) => all.map((one) => one.querySelector(".num")?.innerText ?? one.innerText));
    await page.waitForFunction(() => !document.querySelector("table.whatif").innerText.includes("…"), undefined, { timeout: 90_000 });
    assert.match(decodeURIComponent(page.url()), /load=1&reclaims=3&seeds=5&a=refrag-cpu-compute-env.max_vcpus=2/);
    const shown = await cells("Cost of instances");
    await page.locator("summary", { hasText: "The commands" }).click();
    const commands = await page.locator("details .copy code").allInnerTexts();
    assert.equal(commands.length, 3);
    assert.match(commands[1], /^refrag simulate --history=\S+ --since 1d --set refrag-cpu-compute-env.max_vcpus=2 .*--seeds 5 env=awsbatch/);
    for (const [at, command] of commands.entries()) {
      // The places of an address are as the command prints them.
      const words = command.split(" ").slice(2).filter((word) => !word.startsWith("env"));
      const line = JSON.parse((await servers.run("simulate", ...words, "--json")).split("\n").find((one) => one.startsWith("{")));
      const cost = Number(shown[at].replace("$", "").split(" ")[0]);
      assert.ok(Math.abs(cost - line.usd.mean) <= 0.005001, `world ${at}: ${shown[at]}, and the command has ${line.usd.mean}`);
    }
    await page.reload();
    await page.waitForSelector("[aria-label='World A: the most vCPUs of refrag-cpu-compute-env']");
    assert.equal(await page.inputValue("[aria-label='World A: the most vCPUs of refrag-cpu-compute-env']"), "2");
    await page.fill("[aria-label='World A: the most vCPUs of refrag-cpu-compute-env']", "7");
  });

  await check("hostile text in costs, budgets, series and sweeps is shown as text", async () => {
    const evil = await enter();
    const send = (name, data) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    const answers = (path, name, data) => evil.route(path, (route) => route.fulfill({ contentType: "text/event-stream", body: send(name, data) }));
    const problem = { code: hostile, what: hostile, cause: hostile, cure: hostile };
    const cost = { key: hostile, jobs: 1, attempts: 1, ran: 1, measured: 1, assumed: 1, failed: 0, basis: hostile, unpriced: 0, remembered: 0 };
    await answers("**/api/cost*", "cost", {
      at: 1, problem, by: hostile, span: ["2026-11-29", "2026-11-30"], rows: [cost], sum: cost, sources: [hostile], month: hostile, isLocal: false,
      days: [{ day: "2026-11-30", key: hostile, measured: 1, assumed: 1 }], budgetProblems: [problem], leftOut: [{ name: hostile, count: 1 }],
      budgets: [{ name: hostile, of: hostile, usd: 1, measured: 1, assumed: 1, running: 1, waiting: 1, forecast: 9, perDay: 1, unpriced: 1, refuses: true }],
    });
    await answers("**/api/sweeps", "sweeps", { at: 1, problem, sweeps: [{ name: hostile, path: hostile, changed: 1 }] });
    await answers("**/api/sweep/*", "sweep", {
      at: 1, problem, path: hostile, keys: [hostile, "constructor"], metrics: [hostile, "__proto__", "loss"], total: 1,
      rows: [{ job: 0, id: hostile, status: hostile, overrides: { [hostile]: hostile }, metrics: { [hostile]: hostile, loss: 1 } }],
    });
    await evil.route("**/api/whatif/form", (route) => route.fulfill({
      json: { environments: [{ name: hostile, spot: true, minVcpus: 0, maxVcpus: 1, types: [hostile] }], mostJobs: 1, mostSeconds: 1 },
    }));
    const world = { seeds: 1, figures: { cost: { text: hostile, mean: 1 } }, neverStarted: 1, blocked: [hostile], unpriced: [hostile], instances: 1, reclaimed: 0, command: hostile };
    await evil.route(/\/api\/whatif\?/, (route) => route.fulfill({
      contentType: "text/event-stream",
      body: send("load", { source: hostile, jobs: 1, gpuJobs: 0, notes: [hostile] }) + send("world", { ...world, number: 0 }) + send("world", { ...world, number: 1 })
        + send("problem", problem) + send("end", { unfinished: [] }),
    }));
    await evil.goto(new URL("/#/whatif", evil.url()).href);
    await evil.locator("button", { hasText: "Simulate" }).click();
    await sees(evil, "The commands that simulate the same");
    for (const [view, text] of [["cost", "onerror"], ["sweeps", "onerror"], [`sweeps/${encodeURIComponent("<b>bold</b>")}`, "against"]]) {
      await evil.goto(new URL(`/#/${view}`, evil.url()).href);
      await sees(evil, text);
      assert.deepEqual(evil.faults, [], view);
    }
    assert.equal(await evil.evaluate(() => window.broken), undefined);
    assert.equal(await evil.locator("main img, main script, main b:text-is('bold')").count(), 0);
    assert.deepEqual(evil.faults, []);
    await evil.context().close();
  });

  await check("every view is accessible, in light and dark", async () => {
    for (const colorScheme of ["light", "dark"]) {
      const reader = await enter({ colorScheme });
      // axe is not the page's own script, which its policy forbids; all else stays as it is.
      for (const [view, text] of [
        ["jobs", "an-array"], ["jobs?group=state", "SUCCEEDED"], [`job/${fails}/why`, "exit code 3"], [`job/${ended}/log`, "complete"],
        [`job/${array}/children`, "Child 0"], [`job/${ended}/request`, "jobName"], [`job/${ended}/tags`, "speech"],
        [`job/${ended}/use`, "Submitted"], [`job/${ended}/cost`, "Submitted"], ["queues", "in the history"], ["fleets", "in the history"],
        ["cost?by=user", "taken above"], ["sweeps", "sweep"], [sweepPath, "against"], ["whatif", "The worlds"],
      ]) {
        await reader.goto(new URL(`/#/${view}`, reader.url()).href);
        await sees(reader, text);
        if (view === "whatif") {
          await reader.selectOption(".whatif form select >> nth=0", "1");
          await reader.locator("button", { hasText: "Simulate" }).click();
          await sees(reader, "The commands that simulate the same");
        }
        await accessible(reader, `${colorScheme} ${view}`);
      }
      await reader.goto(new URL("/#/jobs", reader.url()).href);
      await row(reader, "has-failed").first().click();
      await reader.keyboard.press("x");
      await reader.keyboard.press("t");
      await sees(reader, "left alone");
      await accessible(reader, `${colorScheme} question`);
      await reader.context().close();
    }
  });

  await check("nothing is wider than a telephone", async () => {
    const small = await enter({ viewport: { width: 360, height: 740 } });
    for (const view of ["jobs", `job/${ended}/log`, `job/${fails}/why`, `job/${array}/children`, "queues", "fleets", "cost?by=user", "sweeps", sweepPath, "whatif?load=1"]) {
      await small.goto(new URL(`/#/${view}`, small.url()).href);
      await small.waitForSelector("#title");
      if (view.startsWith("whatif")) await small.locator("button", { hasText: "Simulate" }).click();
      await small.waitForTimeout(500);
      assert.ok(await small.evaluate(() => document.querySelector("main").scrollWidth <= innerWidth), `${view} is too wide`);
    }
    await small.context().close();
  });

  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    for (const [width, height] of [[360, 740], [1280, 800], [2560, 1440]])
      for (const colorScheme of ["light", "dark"]) {
        const painter = await enter({ viewport: { width, height }, colorScheme });
        for (const [name, view] of [
          ["jobs", "jobs"], ["groups", "jobs?group=user"], ["log", `job/${ended}`], ["why", `job/${fails}/why`], ["children", `job/${array}/children`],
          ["queues", "queues"], ["fleets", "fleets"], ["cost", "cost?by=user"], ["sweeps", "sweeps"], ["sweep", sweepPath],
          ["whatif", "whatif?load=1&reclaims=3&a=refrag-cpu-compute-env.max_vcpus=2&b=refrag-cpu-compute-env.spot=false"],
        ]) {
          await painter.goto(new URL(`/#/${view}`, painter.url()).href);
          await painter.waitForSelector("#title");
          if (name === "whatif") await painter.locator("button", { hasText: "Simulate" }).click();
          await painter.waitForTimeout(1500);
          await painter.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
        }
        await painter.context().close();
      }
  }

  await check("Batch away and back: the page says so, with code and cure, and recovers", async () => {
    await page.goto(new URL("/#/jobs", page.url()).href);
    await sees(page, "has-printed");
    await servers.killBatch();
    await page.waitForSelector(".problem");
    assert.match(await page.locator(".problem").innerText(), /RF3\d{3}/);
    // What was read stays in sight.
    assert.ok((await page.locator(".rows .row").count()) > 0);
    await servers.serve(servers.url);
    await page.waitForFunction(() => !document.querySelector(".problem"), undefined, { timeout: 60_000 });
    await servers.submit("after-the-kill", "false");
    await row(page, "after-the-kill").waitFor({ timeout: 60_000 });
  });

  await check("the page's server killed and back: not connected, then let in by the new address", async () => {
    const origin = new URL(page.url()).origin;
    await servers.killPage();
    await sees(page, "not connected");
    entrance = await servers.dashboard(["--read-only"], origin);
    // Another process knows no cookie of the first.
    await sees(page, "RF8197");
    await page.goto(entrance);
    await sees(page, "read-only");
    await sees(page, "live");
    await row(page, "has-printed").first().click();
    await page.keyboard.press("x");
    await sees(page, "Read-only: nothing is changed from here");
    assert.equal(await page.locator(".actions button", { hasText: "Terminate" }).count(), 0);
  });

  await check("no page has met a fault, and none has asked elsewhere", async () => {
    assert.deepEqual(page.faults.filter((fault) => !/401|403|ERR_CONNECTION/.test(fault)), []);
  });
} catch (failure) {
  failed++;
  console.log(`FAIL ${failure.stack}\n${servers.log.join("")}`);
} finally {
  await browser.close();
  await servers.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
