// node glyphs.mjs names.txt out.json: the outlines of the named Phosphor fill icons as {name: path data}, for badge art.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [names, out] = process.argv.slice(2);
const icons = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@phosphor-icons/core/assets/fill');
const glyphs = {};
for (const name of readFileSync(names, 'utf8').split(/\r?\n/).map(line => line.trim()).filter(Boolean).sort()) {
  const svg = readFileSync(join(icons, `${name}-fill.svg`), 'utf8');
  const paths = [...svg.matchAll(/<path d="([^"]+)"/g)].map(match => match[1]);
  // Badge art draws one path: an icon of circles or with opacities would come out wrong without a word.
  if (paths.length === 0 || /<(circle|rect|ellipse|line|poly)|opacity/.test(svg)) throw new Error(`${name} is not made of plain paths`);
  glyphs[name] = paths.join('');
}
mkdirSync(dirname(out), { recursive: true });
// Written beside and renamed, so that a build running at the same time never reads half a file.
const draft = `${out}.${process.pid}`;
writeFileSync(draft, JSON.stringify(glyphs, null, 1) + '\n');
renameSync(draft, out);
