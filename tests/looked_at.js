// Looks at pages as people do: `node tests/looked_at.js MODULES FILE...` prints what is wrong with
// them, as JSON: by axe-core in Chromium, light and dark, and by html-validate.
const { createRequire } = require("node:module");
const path = require("node:path");

const [modules, ...files] = process.argv.slice(2);
const installed = createRequire(path.join(modules, "from-here.js"));

const RULES = {
  extends: ["html-validate:recommended"],
  rules: {
    "no-inline-style": "off", // a message has no other way
    "no-deprecated-attr": "off", // as mail readers need them
    "long-title": "off",
    "prefer-tbody": "off",
    "valid-id": ["error", { relaxed: true }], // arXiv's ids begin with a digit
  },
};

async function byAxe(browser, file, colorScheme) {
  const context = await browser.newContext({ colorScheme, bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`file://${path.resolve(file)}`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  await page.addScriptTag({ path: installed.resolve("axe-core/axe.min.js") });
  const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  const wide = [];
  for (const width of [1280, 700, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const scrolls = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (scrolls) wide.push(`wider than a window of ${width} pixels`);
  }
  await context.close();
  const wrong = found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 120)} ${one.nodes[0].failureSummary}`);
  return [...wrong, ...wide];
}

async function main() {
  const { chromium } = installed("playwright-core");
  const { HtmlValidate, StaticConfigLoader } = installed("html-validate");
  const validator = new HtmlValidate(new StaticConfigLoader(RULES));
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync"];
  const browser = await chromium.launch({ executablePath, args: options });
  const wrong = {};
  for (const file of files) {
    const report = await validator.validateFile(file);
    const markup = report.results.flatMap((one) => one.messages.filter((m) => m.severity > 1));
    wrong[file] = {
      light: await byAxe(browser, file, "light"),
      dark: await byAxe(browser, file, "dark"),
      markup: markup.map((one) => `${one.line}: ${one.ruleId}: ${one.message}`),
    };
  }
  await browser.close();
  process.stdout.write(JSON.stringify(wrong, null, 1));
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
