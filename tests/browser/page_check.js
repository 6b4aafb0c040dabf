// page_check MODULES PAGE LARGE HOSTILE INJECTED OUT: looks at pages of `wrkbook html` in Chromium as
// readers do. Prints "ok NAME" or "not ok NAME: why", one line a point; OUT gets a PDF and pictures.
"use strict";
const path = require("path");
const [modules, page1, large, hostile, injected, out] = process.argv.slice(2);
const { chromium } = require(path.join(modules, "node_modules", "playwright-core"));
const axe = require("fs").readFileSync(path.join(modules, "node_modules", "axe-core", "axe.min.js"), "utf8");

function point(good, name, why) {
  console.log((good ? "ok " : "not ok ") + name + (good ? "" : ": " + why));
}

// A page with all that it complains of and asks for; the checker goes in past the content policy.
async function open(browser, file, options, check) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, bypassCSP: false, ...options });
  const page = await context.newPage(), said = [], asked = [];
  page.on("console", (message) => { if (message.type() === "error") said.push(message.text()); });
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("file://" + file);
  await check(page, said, asked);
  await context.close();
}

async function violations(browser, file, colorScheme) {
  const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 1000, height: 900 } });
  const page = await context.newPage();
  await page.goto("file://" + file);
  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(() => window.axe.run());
  await page.screenshot({ path: path.join(out, colorScheme + ".png"), fullPage: true });
  await context.close();
  return found.violations.map((v) => v.id + " at " + v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", "));
}

// The column's texts and exact values, top to bottom.
function column(page, table, index) {
  return page.locator("table").nth(table).locator("tbody tr").evaluateAll(
    (rows, i) => rows.map((row) => ({ text: row.cells[i].textContent, v: row.cells[i].dataset.v })), index);
}

function isSorted(cells, down) {
  let last = null, ended = false;
  for (const cell of cells) {
    if (cell.v === undefined) { ended = true; continue; }
    if (ended) return false;
    const v = Number(cell.v);
    if (last !== null && (down ? v > last : v < last)) return false;
    last = v;
  }
  return cells.some((cell) => cell.v !== undefined);
}

async function checkSort(page) {
  const head = page.locator("table").first().locator("thead th").nth(4);
  await head.locator("button").click();
  point(isSorted(await column(page, 0, 4), true), "a click sorts, the largest first, cells without figure last", JSON.stringify(await column(page, 0, 4)));
  point(await head.getAttribute("aria-sort") === "descending", "the order is told to who cannot see it", await head.getAttribute("aria-sort"));
  await head.locator("button").focus();
  await page.keyboard.press("Enter");
  point(isSorted(await column(page, 0, 4), false), "the keyboard sorts the other way, cells without figure still last", JSON.stringify(await column(page, 0, 4)));
}

async function checkPage(browser) {
  await open(browser, page1, {}, async (page, said, asked) => {
    point(said.length === 0, "no complaint in the console", said.join("; "));
    point(asked.length === 1, "no request but for the page itself", asked.join(" "));
    await checkSort(page);
    await page.locator("#theme").click();
    const first = await page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]);
    await page.locator("#theme").click();
    const second = await page.evaluate(() => [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]);
    point(first[0] === "dark" && second[0] === "light" && first[1] !== second[1], "the switch goes from light to dark and back", first + " " + second);
    await page.pdf({ path: path.join(out, "print.pdf"), format: "A4" });
    point(said.length === 0, "nor afterwards", said.join("; "));
  });
  await open(browser, page1, { javaScriptEnabled: false }, async (page) => {
    point(await page.locator("tbody tr").count() > 10 && await page.locator("button:visible").count() === 0, "without JavaScript all rows are there, and nothing that does not work", "");
  });
  await open(browser, page1, { viewport: { width: 400, height: 800 } }, async (page) => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    point(width <= 400, "400 px are wide enough: tables scroll in their own boxes", "the page is " + width + " px wide");
    await page.screenshot({ path: path.join(out, "narrow.png"), fullPage: true });
  });
  for (const scheme of ["light", "dark"]) {
    const found = await violations(browser, page1, scheme);
    point(found.length === 0, "axe finds nothing, " + scheme, found.join("; "));
  }
}

async function checkLarge(browser) {
  await open(browser, large, {}, async (page, said) => {
    const table = page.locator("table").filter({ has: page.locator("tbody tr:nth-child(900)") }).first();
    const rows = await table.locator("tbody tr").count();
    const ms = await table.evaluate((node) => {
      const begin = performance.now();
      node.tHead.rows[0].cells[2].querySelector("button").click();
      node.getBoundingClientRect();
      return performance.now() - begin;
    });
    console.log("# " + rows + " rows sorted in " + ms.toFixed(0) + " ms");
    const box = page.locator(".table").filter({ has: page.locator("tbody tr:nth-child(900)") }).first();
    await box.locator("input").fill("server7 framework3");
    const said2 = await box.locator("output").textContent();
    const shown = await box.locator("tbody tr:visible").count();
    point(shown > 0 && shown < rows && said2 === shown + " of " + rows + " rows", "a filter leaves what fits, and says how many", said2 + ", visible " + shown);
    await box.locator("input").fill("");
    point(await box.locator("tbody tr:visible").count() === rows, "an empty filter shows all again", "");
    point(said.length === 0, "1,000 rows: no complaint", said.join("; "));
  });
}

async function checkHostile(browser) {
  await open(browser, hostile, {}, async (page, said) => {
    const text = await page.locator("body").innerText();
    for (const name of ["a|b", "<script>", "it's", '"q"', "$(id)", "100%", "_*~^#&{}"])
      point(text.includes(name), "a hostile name is shown as it is: " + name, "not in the text");
    point(await page.evaluate(() => document.scripts.length) === 1, "no script but the page's own", "");
    point(said.length === 0, "hostile names: no complaint", said.join("; "));
  });
  await open(browser, injected, {}, async (page, said) => {
    point(await page.evaluate(() => window.wbInjected) === undefined, "an injected script and handler do not run", "they ran");
    point(said.length > 0, "and the browser says that it refused them", "it said nothing");
  });
}

(async () => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await checkPage(browser);
    await checkLarge(browser);
    await checkHostile(browser);
  } finally {
    await browser.close();
  }
})().catch((error) => { console.log("not ok the browser: " + error); process.exit(1); });
