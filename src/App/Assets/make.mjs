// Makes src/App/wwwroot/made out of npm packages and the sources beside this file. Two builds may do so at once: the result
// depends on the inputs only, and each file is written under another name and then renamed, so nobody reads half of one.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.mjs";
import { fonts } from "./fonts.mjs";
import { icons } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const made = join(here, "../wwwroot/made");

const cuts = await fonts(join(here, "node_modules"), join(here, "../obj/fonts"));
const files = new Map([["icons.svg", Buffer.from(icons(here))], ...await bundle(here, cuts)]);
mkdirSync(made, { recursive: true });
for (const [name, bytes] of files) {
  const path = join(made, name);
  // What did not change keeps its time stamp, so that later build steps are not repeated for nothing.
  if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
  const draft = join(made, `.${name}.${process.pid}`);
  writeFileSync(draft, bytes);
  renameSync(draft, path);
}
for (const name of readdirSync(made)) if (!files.has(name) && !name.startsWith(".")) rmSync(join(made, name));
writeFileSync(join(made, ".made"), "");
