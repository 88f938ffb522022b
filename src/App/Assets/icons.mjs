// One sprite of the icons named in icons.json, Phosphor bold, or fill where the name ends in -fill, and Laurel's mark.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function icons(here) {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
  const symbols = names.map(name => {
    const file = join(here, "node_modules/@phosphor-icons/core/assets",
      name.endsWith("-fill") ? `fill/${name}.svg` : `bold/${name}-bold.svg`);
    if (!existsSync(file)) throw new Error(`icons.json names "${name}", which Phosphor does not have.`);
    const inside = readFileSync(file, "utf8").replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    return `<symbol id="${name}" viewBox="0 0 256 256">${inside}</symbol>`;
  });
  const mark = readFileSync(join(here, "mark.svg"), "utf8").replace(/^<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
  symbols.push(`<symbol id="mark" viewBox="0 0 64 64">${mark}</symbol>`);
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
