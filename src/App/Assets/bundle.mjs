// app.css, app.js and what these load: fonts and rarely needed modules. The latter carry a hash of their content in the name,
// because URLs inside CSS and modules cannot be versioned by the page (an import map would be an inline script).
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const options = {
  bundle: true, minify: true, write: false, legalComments: "none", logLevel: "silent", entryNames: "[name]",
  chunkNames: "[name]-[hash]", assetNames: "[name]-[hash]",
};

/** Returns [name, bytes] of every file. `fonts` maps the name used in css url("font:name.woff2") to a file. */
export async function bundle(here, fonts) {
  const font = {
    name: "font",
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^font:/ }, ({ path }) => ({ path: path.slice("font:".length), namespace: "font" }));
      onLoad({ filter: /.*/, namespace: "font" }, ({ path }) =>
        ({ contents: readFileSync(fonts.get(path.replace(".woff2", ""))), loader: "file" }));
    },
  };
  const style = await build({ ...options, entryPoints: [join(here, "css/app.css")], outdir: here, plugins: [font], target: "chrome125" });
  const script = await build({ ...options, entryPoints: [join(here, "js/app.js")], outdir: here, format: "esm", splitting: true, target: "es2022" });
  return [...style.outputFiles, ...script.outputFiles].map(({ path, contents }) => [basename(path), Buffer.from(contents)]);
}
