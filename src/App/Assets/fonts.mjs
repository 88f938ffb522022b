// Cuts the two variable fonts to the letters and weights that the pages use. Latin covers English; the second file of each, which
// a browser fetches only when a page has such a letter, holds Latin Extended-A: Lithuanian and the languages around it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import subset from "subset-font";

const latin = [[0x20, 0x7e], [0xa0, 0xff], [0x131, 0x131], [0x152, 0x153], [0x2010, 0x2015], [0x2018, 0x201e], [0x2020, 0x2022],
  [0x2026, 0x2026], [0x202f, 0x202f], [0x2030, 0x2030], [0x2032, 0x2033], [0x2039, 0x203a], [0x20ac, 0x20ac], [0x2122, 0x2122],
  [0x2190, 0x2193], [0x2212, 0x2212], [0x2260, 0x2260], [0x2264, 0x2265]];
const extended = [[0x100, 0x130], [0x132, 0x151], [0x154, 0x17f], [0x218, 0x21b]];

const cuts = [
  { out: "onest-latin", from: "onest/files/onest-latin-wght-normal.woff2", ranges: latin, wght: { min: 400, max: 700 } },
  { out: "onest-latin-ext", from: "onest/files/onest-latin-ext-wght-normal.woff2", ranges: extended, wght: { min: 400, max: 700 } },
  { out: "bricolage-latin", from: "bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2", ranges: latin,
    wght: { min: 650, max: 800 } },
  { out: "bricolage-latin-ext", from: "bricolage-grotesque/files/bricolage-grotesque-latin-ext-wght-normal.woff2", ranges: extended,
    wght: { min: 650, max: 800 } },
];

const letters = ranges => ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))
  .map(code => String.fromCodePoint(code)).join("");

/** Returns the file of each cut font by name. A cut takes a second, so it is kept, under a key of font and recipe, until one changes. */
export async function fonts(modules, folder) {
  mkdirSync(folder, { recursive: true });
  const recipe = readFileSync(fileURLToPath(import.meta.url));
  const cut = new Map();
  await Promise.all(cuts.map(async ({ out, from, ranges, wght }) => {
    const font = readFileSync(join(modules, "@fontsource-variable", from));
    const key = createHash("sha256").update(recipe).update(font).digest("hex").slice(0, 16);
    const file = join(folder, `${out}.${key}.woff2`);
    if (!existsSync(file)) {
      const draft = `${file}.${process.pid}`;
      writeFileSync(draft, await subset(font, letters(ranges), { targetFormat: "woff2", variationAxes: { wght } }));
      renameSync(draft, file);
    }
    cut.set(out, file);
  }));
  return cut;
}
