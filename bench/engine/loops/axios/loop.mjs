// Node with axios, an agent for each check, as Uptime Kuma does it. URLS COUNT IN_FLIGHT; prints what it used, as JSON.
// The authority of the targets comes by NODE_EXTRA_CA_CERTS: as an option of each agent, all would be parsed each time.
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import axios from "axios";

const [urlsFile, count, inFlight] = process.argv.slice(2);
const urls = fs.readFileSync(urlsFile, "utf8").trim().split("\n");

async function passes(url) {
  try {
    const response = await axios.request({
      url,
      timeout: 10000,
      maxRedirects: 10,
      responseType: "text",
      proxy: false,
      validateStatus: (status) => status === 200,
      httpAgent: new http.Agent({ keepAlive: false }),
      httpsAgent: new https.Agent({ keepAlive: false, maxCachedSessions: 0 }),
    });
    return response.data.length > 0;
  } catch {
    return false;
  }
}

let next = 0;
let passed = 0;

async function worker() {
  while (next < Number(count)) {
    if (await passes(urls[next++ % urls.length])) passed++;
  }
}

function memory(field) {
  const line = fs.readFileSync("/proc/self/status", "utf8").match(new RegExp(`^${field}:\\s+(\\d+)`, "m"));
  return Number(line[1]) * 1024;
}

await passes(urls[0]);
const resting = memory("VmRSS");
const began = process.cpuUsage();
await Promise.all(Array.from({ length: Number(inFlight) }, worker));
const { user, system } = process.cpuUsage(began);
console.log(JSON.stringify({ passed, processor: (user + system) / 1e6, resting, peak: memory("VmHWM") }));
