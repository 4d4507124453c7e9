// Builds ../toolkit/explorer/built/explorer.js and explorer.css: one ES module for the widget and for the page.
import { build } from "esbuild";

const result = await build({
  entryPoints: { explorer: "src/main.ts" },
  outdir: "../toolkit/explorer/built",
  bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", metafile: true,
  legalComments: "none", logLevel: "warning",
});
await build({ entryPoints: ["src/explorer.css"], outdir: "../toolkit/explorer/built", minify: true, target: "es2022", logLevel: "warning" });
for (const [path, { bytes }] of Object.entries(result.metafile.outputs)) {
  if (bytes > 200_000) throw new Error(`${path} has ${bytes} bytes, more than 200 kB`);
  console.log(path, bytes, "bytes");
}
