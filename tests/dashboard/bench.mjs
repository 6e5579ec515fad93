// Measures the page with many jobs; bench/dashboard.sh starts it. Prints a table.
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { chromium } from "playwright-core";
import { Servers, until } from "./servers.mjs";

const jobs = Number(process.argv[2] ?? 100_000);
const [rounds, idleSeconds, lanes] = [5, 60, 16];
const whole = `${jobs.toLocaleString("en-US")} jobs of ${jobs.toLocaleString("en-US")}`;
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (text) => console.error(`${text} (load ${loadavg()[0].toFixed(1)})`);

/** CPU of a process so far, in seconds. (proc_pid_stat(5); a tick is 10 ms on Linux) */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const memoryOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

async function idle(pid) {
  const [from, at] = [cpuOf(pid), performance.now()];
  await new Promise((done) => setTimeout(done, idleSeconds * 1000));
  return (100 * (cpuOf(pid) - from)) / ((performance.now() - at) / 1000);
}

async function fill(servers) {
  const environment = [{ name: "REFRAG_SIM_SECONDS", value: "100000" }];
  const resourceRequirements = [{ type: "VCPU", value: "1" }, { type: "MEMORY", value: "64" }];
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let i = next++; i < jobs; i = next++)
      await servers.submit(`job-${i}`, "refrag-cpu-job-def", {
        tags: { app: `app-${i % 10}`, user: `user-${i % 50}` }, containerOverrides: { environment, resourceRequirements },
      });
  }));
}

const servers = new Servers();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  await servers.serve("http://127.0.0.1:0", "simulated", []);
  await fill(servers);
  say(`${jobs} jobs submitted`);
  const entrance = await servers.dashboard();
  const pid = servers.page.pid;
  const start = memoryOf(pid);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const sees = (page) => page.waitForFunction((text) => document.body.innerText.includes(text), whole, { timeout: 600_000, polling: 50 });
  const first = await context.newPage();
  let at = performance.now();
  await first.goto(entrance);
  await first.waitForSelector(".rows .row", { timeout: 600_000 });
  const coldRow = performance.now() - at;
  await sees(first);
  const coldWhole = performance.now() - at;
  say("read from Batch");
  // Tags come after the rows: what is measured next is not beside their reading.
  await first.waitForFunction(() => !/tags of .* to come/.test(document.body.innerText), undefined, { timeout: 600_000 }).catch(() => {});
  const origin = new URL(first.url()).origin;
  await first.close();

  const [rows, alls, heaps] = [[], [], []];
  let sizes = 0;
  for (let round = 0; round < rounds; round++) {
    // A context's cookies, and no cache: each is a first view.
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
    let bytes = 0;
    const urls = new Map();
    devtools.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response.url));
    devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (!urls.get(requestId)?.includes("/api/")) bytes += encodedDataLength;
    });
    at = performance.now();
    await page.goto(origin, { waitUntil: "commit" });
    await page.waitForSelector(".rows .row", { timeout: 600_000 });
    rows.push(performance.now() - at);
    await sees(page);
    alls.push(performance.now() - at);
    sizes = bytes;
    const { metrics } = await devtools.send("Performance.enable").then(() => devtools.send("Performance.getMetrics"));
    heaps.push(metrics.find((one) => one.name === "JSHeapUsedSize").value / 2 ** 20);
    await page.close();
    say(`round ${round + 1}: ${seconds(rows.at(-1))}, ${seconds(alls.at(-1))}`);
  }
  await new Promise((done) => setTimeout(done, 5000));
  const closed = await idle(pid);
  const watcher = await context.newPage();
  await watcher.goto(origin);
  await sees(watcher);
  const open = await idle(pid);
  const end = memoryOf(pid);

  console.log(`${jobs.toLocaleString("en-US")} jobs; ${cpus().length} cores, load ${loadavg().map((one) => one.toFixed(1)).join(" ")} at the end\n`);
  console.log("| what | measured | goal |\n|---|---|---|");
  for (const [what, value, goal] of [
    [`first rows, the server has them (median of ${rounds})`, seconds(median(rows)), "below 1 s"],
    ["all rows counted then (median)", seconds(median(alls)), ""],
    ["first rows, the server begins to read", seconds(coldRow), ""],
    ["all rows counted then", seconds(coldWhole), ""],
    ["the page on its way, compressed, with headers", `${(sizes / 1000).toFixed(0)} kB`, "below 150 kB"],
    [`CPU of the server, no page open (${idleSeconds} s)`, `${closed.toFixed(2)} % of a core`, "below 1 %"],
    [`CPU of the server, a page open and all jobs waiting (${idleSeconds} s)`, `${open.toFixed(2)} % of a core`, ""],
    ["memory of the server, at its start", `${start.toFixed(0)} MiB`, ""],
    ["memory of the server, with all jobs", `${end.toFixed(0)} MiB`, ""],
    ["memory of the page's script (median)", `${median(heaps).toFixed(0)} MiB`, ""],
  ]) console.log(`| ${what} | ${value} | ${goal} |`);
} finally {
  await browser.close();
  await servers.close();
}
