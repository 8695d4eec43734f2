// Runs the tests of the pages' pure functions: node --test Tests/XAIReportsTests/JavaScript
//
// The same files run in the browser test, so that nothing here may need node.
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { runInThisContext } from "node:vm";

const here = new URL(".", import.meta.url);
const scripts = new URL("../../../Sources/XAIReports/Resources/", here);
const pure = ["numbers", "scales", "marks", "chart", "ordering", "pixels", "choices"];

globalThis.test = test;
const run = (url) => runInThisContext(readFileSync(url, "utf8"), { filename: url.pathname });
for (const name of pure) run(new URL(`${name}.js`, scripts));
run(new URL("harness.js", here));
for (const name of readdirSync(here).filter((name) => name.endsWith(".tests.js")).sort()) {
  run(new URL(name, here));
}
