// Checks every page of a site: node check.mjs SITE_FOLDER
//
// At 320, 390 and 1280 pixels, light and dark: axe-core and pa11y find nothing, nothing scrolls
// sideways, everything can be reached with the keyboard, no script complains, and no request
// leaves the machine. Every report answers what is asked first in the first screen of a phone and
// of a laptop, and prints on two pages; on paper pages are numbered and no heading stands alone at
// a foot. On the files themselves: html-validate. Prints each finding, exits 1 if any.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import pa11y from "pa11y";
import { startBrowser } from "./browser.mjs";

const WIDTHS = [320, 390, 1280];
const SCREENS = [
  [390, 844],
  [1280, 800],
];
const FACTS = ["happened", "people", "compared", "sure", "years", "ask"];
const AT_ONCE = 3;
const SCHEMES = ["light", "dark"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VALIDATION = {
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "long-title": ["error", { maxlength: 70 }],
    // one file a page, so that it opens from disk and can be handed on
    "require-csp-nonce": "off",
    "void-style": ["error", { style: "omit" }],
  },
};

const folder = resolve(process.argv[2] ?? "");
const pages = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".html"))
  .sort()
  .map((name) => join(folder, name));
const findings = [];
let opened = 0;
// what stands in the margin of every sheet, and across a draft
const FOOT = /^(Page \d+ of \d+|Justice Data Lab|Draft)$/;

function found(page, where, what) {
  findings.push(what);
  console.error(`${relative(folder, page)} [${where}] ${what}`);
}

function isLocal(url) {
  return url.startsWith("data:") || url.startsWith(pathToFileURL(folder).href);
}

async function newTab(browser, page, where) {
  const tab = await browser.newPage();
  await tab.setRequestInterception(true);
  // several pages are looked at at once: each believes that it has the focus
  const session = await tab.createCDPSession();
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: true });
  tab.on("request", (request) => {
    if (isLocal(request.url())) return request.continue();
    found(page, where, `asks for ${request.url()}`);
    return request.abort();
  });
  tab.on("pageerror", (error) => found(page, where, `script: ${error.message}`));
  tab.on("console", (message) => {
    if (message.type() === "error") found(page, where, `console: ${message.text()}`);
  });
  tab.on("dialog", (dialog) => {
    found(page, where, `a dialog opened: ${dialog.message()}`);
    dialog.dismiss();
  });
  return tab;
}

async function show(tab, page, width, scheme) {
  await tab.setViewport({ width, height: 900 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await tab.goto(pathToFileURL(page).href);
  await tab.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
  opened += 1;
}

async function checkAxe(tab, page, where) {
  await tab.evaluate(AXE);
  const result = await tab.evaluate(() =>
    globalThis.axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  for (const rule of result.violations) {
    const first = rule.nodes[0];
    const many = `${rule.nodes.length} times, first: ${first.html.slice(0, 150)}`;
    found(page, where, `axe ${rule.id}: ${rule.help} (${many})`);
  }
}

async function checkPa11y(browser, tab, page, where) {
  const result = await pa11y(pathToFileURL(page).href, {
    browser,
    page: tab,
    ignoreUrl: true,
    standard: "WCAG2AA",
    includeWarnings: false,
  });
  for (const issue of result.issues) {
    found(page, where, `pa11y ${issue.code}: ${issue.message} (${issue.selector})`);
  }
}

async function checkLayout(tab, page, where) {
  const wide = await tab.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? root.scrollWidth : 0;
  });
  if (wide) found(page, where, `the page scrolls sideways: ${wide} pixels wide`);
  const broken = await tab.evaluate(async () => {
    const images = [...document.images];
    await Promise.all(images.map((image) => image.decode().catch(() => null)));
    return images.filter((image) => !image.naturalWidth || !image.alt.trim()).length;
  });
  if (broken) found(page, where, `${broken} pictures are broken or without words`);
}

// Tab through the page: everything that can be used gets the focus once, in the order of the
// page, visibly, and the walk leaves the page again.
async function checkKeyboard(tab, page, where) {
  const expected = await tab.evaluate(() => {
    const usable = "a[href], button, select, input, summary, [tabindex='0']";
    const all = [...document.querySelectorAll(usable)].filter((e) => e.checkVisibility());
    all.forEach((element, place) => (element.dataset.place = place));
    document.activeElement?.blur();
    return all.length;
  });
  const reached = [];
  for (let step = 0; step <= expected; step += 1) {
    await tab.keyboard.press("Tab");
    const focus = await tab.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      const look = getComputedStyle(element);
      return {
        place: Number(element.dataset.place),
        isSeen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
        isMarked: look.outlineStyle !== "none" || look.boxShadow !== "none",
        name: element.outerHTML.slice(0, 80),
      };
    });
    if (!focus || focus.place === reached[0]) break;
    reached.push(focus.place);
    if (!focus.isSeen) found(page, where, `focus out of sight: ${focus.name}`);
    if (!focus.isMarked) found(page, where, `focus not marked: ${focus.name}`);
  }
  const wanted = Array.from({ length: expected }, (_, place) => place);
  if (reached.join() !== wanted.join()) {
    found(page, where, `keyboard reaches ${reached.length} of ${expected} things, or in disorder`);
  }
}

// The filter, by keyboard alone, and what a reader without script sees.
async function checkFilter(browser, page) {
  const tab = await newTab(browser, page, "filter");
  await show(tab, page, 1280, "light");
  const count = () =>
    tab.evaluate(() => [...document.querySelectorAll(".result")].filter((e) => !e.hidden).length);
  const all = await count();
  await tab.focus("#need");
  await tab.keyboard.press("ArrowDown");
  const fewer = await count();
  const said = await tab.$eval("#shown", (element) => element.textContent);
  if (!(fewer > 0 && fewer < all)) found(page, "filter", `shows ${fewer} of ${all}`);
  if (!said.startsWith(`${fewer} of ${all} `)) found(page, "filter", `says "${said}"`);
  await tab.keyboard.press("ArrowUp");
  if ((await count()) !== all) found(page, "filter", "does not come back to all");
  await tab.close();
  const plain = await newTab(browser, page, "no script");
  await plain.setJavaScriptEnabled(false);
  await plain.goto(pathToFileURL(page).href);
  const shown = (await plain.$$(".result")).length;
  const isOffered = await plain.$("#filter:not([hidden])");
  if (shown !== all || isOffered) found(page, "no script", `shows ${shown} of ${all}`);
  await plain.close();
}

function isReport(page) {
  return relative(folder, page).startsWith(`requests${sep}`);
}

// What a reader asks first is whole in the first screen, before anything is touched.
async function checkFacts(browser, page) {
  for (const [width, height] of SCREENS) {
    const where = `${width} x ${height}`;
    const tab = await newTab(browser, page, where);
    await tab.setViewport({ width, height });
    await tab.goto(pathToFileURL(page).href);
    const facts = await tab.$$eval("[data-fact]", (elements) =>
      elements.map((element) => ({
        name: element.dataset.fact,
        words: element.innerText.trim().split(/\s+/).length,
        bottom: element.getBoundingClientRect().bottom,
      })),
    );
    if (facts.map((fact) => fact.name).join() !== FACTS.join()) {
      found(page, where, `answers ${facts.map((fact) => fact.name).join()}`);
    }
    for (const fact of facts) {
      if (fact.bottom > height || !fact.words) {
        found(page, where, `"${fact.name}" ends at ${Math.round(fact.bottom)} of ${height}`);
      }
    }
    await tab.close();
  }
}

// On paper: two pages for a report, a number on each page, and no heading alone at a foot.
async function checkPrint(browser, page, paper) {
  const tab = await newTab(browser, page, "print");
  await tab.goto(pathToFileURL(page).href);
  const headings = new Set(
    await tab.$$eval(":is(h1, h2, h3, h4, caption, summary):not(:has(a))", (elements) =>
      elements.map((element) => element.textContent.replace(/\s+/g, " ").trim()),
    ),
  );
  const file = join(paper, `${relative(folder, page).replaceAll(sep, "-")}.pdf`);
  await tab.pdf({ path: file, preferCSSPageSize: true });
  await tab.close();
  const sheets = execFileSync("pdftotext", [file, "-"], { encoding: "utf8" }).split("\f");
  sheets.pop();
  if (isReport(page) && sheets.length !== 2) found(page, "print", `${sheets.length} pages, not 2`);
  sheets.forEach((sheet, place) => {
    const lines = sheet.split("\n").map((line) => line.trim());
    const number = `Page ${place + 1} of ${sheets.length}`;
    if (!lines.includes(number)) found(page, "print", `page ${place + 1} has no "${number}"`);
    const text = lines.filter((line) => line && !FOOT.test(line));
    if (headings.has(text.at(-1)) && place + 1 < sheets.length) {
      found(page, "print", `page ${place + 1} ends with the heading "${text.at(-1)}"`);
    }
  });
}

async function checkFile(validator, page) {
  const report = await validator.validateFile(page);
  for (const result of report.results) {
    for (const message of result.messages) {
      found(page, "html", `line ${message.line}: ${message.message} (${message.ruleId})`);
    }
  }
}

if (!pages.length) {
  console.error(`${folder}: holds no page; write one with jdl report`);
  process.exit(2);
}
async function checkPage(browser, validator, page, paper) {
  await checkFile(validator, page);
  await checkPrint(browser, page, paper);
  if (isReport(page)) await checkFacts(browser, page);
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      const where = `${width} ${scheme}`;
      const tab = await newTab(browser, page, where);
      await show(tab, page, width, scheme);
      await checkAxe(tab, page, where);
      await checkLayout(tab, page, where);
      if (scheme === "light") await checkKeyboard(tab, page, where);
      await checkPa11y(browser, tab, page, where);
      await tab.close();
    }
  }
}

const validator = new HtmlValidate(VALIDATION);
const browser = await startBrowser();
const paper = mkdtempSync(join(tmpdir(), "site-"));
const left = [...pages];
async function work() {
  for (let page = left.shift(); page; page = left.shift()) {
    await checkPage(browser, validator, page, paper);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
await checkFilter(browser, join(folder, "index.html"));
await browser.close();
rmSync(paper, { recursive: true });
console.log(`${pages.length} pages, opened ${opened} times: ${findings.length} findings`);
process.exit(findings.length ? 1 : 0);
