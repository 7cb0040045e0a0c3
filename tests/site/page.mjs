// The offline page in Chromium, without a network: its replies are those of `jdl check`.
// node page.mjs PAGE FILES: the folder of the page, and what intake.page_files wrote.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [folder, given] = process.argv.slice(2).map((name) => path.resolve(name));
const LARGE = "ten_thousand_records";
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
  protocolTimeout: 300_000,
});
const page = await browser.newPage();
await page.setOfflineMode(true);
const inside = pathToFileURL(folder).href;
const outside = [];
page.on("request", (request) => {
  if (!/^(data|blob|about):/.test(request.url()) && !request.url().startsWith(inside)) {
    outside.push(request.url());
  }
});
await page.goto(`${inside}/index.html`, { timeout: 120_000, waitUntil: "domcontentloaded" });
await page.evaluate(() => globalThis.jdlReady.then(() => true));

function without(reply) {
  // two files have no folder, and so no name, in a browser
  const { request_id: _, ...rest } = reply;
  return rest;
}

let failed = 0;
let passed = 0;
for (const name of fs.readdirSync(path.join(given, "uploads")).sort()) {
  const upload = path.join(given, "uploads", name);
  const isFolder = fs.statSync(upload).isDirectory();
  const files = isFolder ? fs.readdirSync(upload).map((file) => path.join(upload, file)) : [upload];
  const wanted = path.join(given, "replies", `${path.parse(name).name}.json`);
  const input = await page.$("#files");
  const before = Date.now();
  await input.uploadFile(...files);
  const reply = await page.evaluate(async () => (await globalThis.jdlLast()).json);
  const seconds = (Date.now() - before) / 1000;
  if (name === LARGE) console.log(`10,000 records: ${seconds.toFixed(1)} s`);
  try {
    assert.deepEqual(without(reply), without(JSON.parse(fs.readFileSync(wanted, "utf-8"))));
    passed += 1;
  } catch (error) {
    failed += 1;
    console.log(`${name}: the page says something else\n${error.message}`);
  }
}
await browser.close();
if (outside.length) {
  failed += 1;
  console.log(`the page asked for ${outside[0]}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
