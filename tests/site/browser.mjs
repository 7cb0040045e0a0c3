// Debian's Chromium, started so that it asks for nothing on its own account.
import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export async function startBrowser() {
  if (!existsSync(CHROMIUM)) {
    console.error(`make test-site: no Chromium at ${CHROMIUM}; install Debian's package chromium`);
    process.exit(2);
  }
  return puppeteer.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
