// Look at every page of a built site with axe: wide and narrow, all that folds unfolded; colours in the dark, too.
// node check.mjs BROWSER SITE [SCREENSHOTS]: exit status 1 where axe finds a violation.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const VIEWS = [1400, 400].flatMap((width) => [[width, "light", RULES], [width, "dark", ["color-contrast"]]]);
const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [browserPath, site, screenshots] = process.argv.slice(2);

const isDark = (colour) => colour && colour.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 80);

const server = http.createServer((request, response) => {
  const asked = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  let file = path.join(site, path.normalize(asked));
  if (asked.endsWith("/")) file = path.join(file, "index.html");
  if (!fs.existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(response);
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const home = `http://127.0.0.1:${server.address().port}/`;
const pages = fs.readdirSync(site, { recursive: true }).filter((name) => name.endsWith(".html")).sort();
if (!pages.includes("index.html")) throw new Error(`${site} is no built site: it has no index.html`);

const browser = await puppeteer.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
let violations = 0;
let passes = 0;
for (const [width, scheme, rules] of VIEWS) {
  const context = await browser.createBrowserContext(); // the theme remembers what it was told
  const tab = await context.newPage();
  await tab.setViewport({ width, height: 1000 });
  await tab.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" }, // a colour on its way to another is neither
  ]);
  for (const page of pages) {
    await tab.goto(home + page, { waitUntil: "load" });
    await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    const shown = await tab.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches &&
      getComputedStyle(document.body).backgroundColor);
    if (scheme === "dark" && !isDark(shown)) throw new Error(`${page} has no dark colours: ${shown}`);
    if (screenshots) {
      const name = `${page.replace(/(\/?index)?\.html$/, "").replace(/\W+/g, "-") || "home"}-${width}-${scheme}.png`;
      await tab.screenshot({ path: path.join(screenshots, name) });
    }
    await new Promise((settled) => setTimeout(settled, 700)); // the theme goes on after it is loaded
    await tab.evaluate(AXE);
    const found = await tab.evaluate((runOnly) => axe.run(document, { runOnly }), rules);
    if (!found.passes.length) throw new Error(`axe has looked at nothing of ${page}`);
    passes += found.passes.length;
    for (const { id, impact, help, nodes } of found.violations) {
      violations += nodes.length;
      console.log(`${page} (${width}, ${scheme}): ${id}, ${impact}: ${help}: ${nodes.length}`);
      for (const node of nodes.slice(0, 3)) {
        console.log(`    ${node.target.join(" ")}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message}`);
      }
    }
  }
  await context.close();
}
await browser.close();
server.close();
console.log(`${pages.length} pages, ${VIEWS.length} views, ${passes} rules passed, ${violations} violations`);
process.exitCode = violations ? 1 : 0;
