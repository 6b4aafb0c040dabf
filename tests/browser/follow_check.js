// follow_check MODULES URL SENTENCE COMMAND...: opens a page of `wrkbook html --serve`, runs the command,
// which changes the database, and waits for the sentence to appear. Prints points as page_check does.
"use strict";
const path = require("path"), { execFileSync } = require("child_process");
const [modules, url, sentence, ...command] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "node_modules", "playwright-core"));

function point(good, name, why) {
  console.log((good ? "ok " : "not ok ") + name + (good ? "" : ": " + why));
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage(), said = [], asked = [];
  page.on("console", (message) => { if (message.type() === "error") said.push(message.text()); });
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  await page.locator("table").first().locator("thead th").nth(1).locator("button").click();
  await page.locator("#theme").click();
  const before = await page.locator("body").innerText();
  point(!before.includes(sentence), "before the change the page does not say it", before.slice(0, 200));
  execFileSync(command[0], command.slice(1), { stdio: "ignore" });
  try {
    await page.getByText(sentence).first().waitFor({ timeout: 15000 });
    point(true, "the page follows the database");
  } catch (error) {
    point(false, "the page follows the database", String(error));
  }
  const sorted = await page.locator("table").first().locator("thead th").nth(1).getAttribute("aria-sort");
  const theme = await page.evaluate(() => document.documentElement.dataset.theme);
  point(sorted === "descending" && theme === "dark", "what the reader chose stays: order and theme", sorted + " " + theme);
  point(asked.every((one) => one.startsWith(url)), "no request to anywhere else", asked.join(" "));
  point(said.length === 0, "no complaint in the console", said.join("; "));
  await browser.close();
})().catch((error) => { console.log("not ok the browser: " + error); process.exit(1); });
