// A picture of a page: node picture.mjs PAGE.html OUT.png [width] [height] [dark]
import { pathToFileURL } from "node:url";
import { startBrowser } from "./browser.mjs";

const [page, out, width = "1280", height = "1600", scheme = "light"] = process.argv.slice(2);
const browser = await startBrowser();
const tab = await browser.newPage();
await tab.setViewport({ width: Number(width), height: Number(height === "full" ? 800 : height) });
await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
await tab.goto(pathToFileURL(page).href);
if (out.endsWith(".pdf")) {
  await tab.pdf({ path: out, format: "A4", preferCSSPageSize: true });
} else {
  await tab.screenshot({ path: out, fullPage: height === "full" });
}
await browser.close();
