// Compiles docs/styles/site.scss and docs/assets/*.js into SITE/assets: node assets.mjs SITE
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { globSync } from "node:fs";
import { join } from "node:path";
import { buildSync, transformSync } from "esbuild";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const site = process.argv[2];
const assets = join(site, "assets");
const target = ["chrome111", "firefox113", "safari16.4"]; // what knows oklch() and :has()

// KERN counts on 16 px for 1 rem, Material sets 20 px.
const kern = sass
  .compile("docs/styles/kern.scss", { loadPaths: ["node_modules"], quietDeps: true, logger: sass.Logger.silent })
  .css.replace(/(\d*\.?\d+)rem\b/g, (_, size) => `${+(size * 0.8).toFixed(4)}rem`);
const material = readFileSync(join(assets, "stylesheets", readdirSync(join(assets, "stylesheets")).find((name) => /^main\..*css$/.test(name))), "utf8");
const own = readdirSync("docs/styles").filter((name) => name.endsWith(".css")).sort().map((name) => readFileSync(join("docs/styles", name), "utf8"));

const pages = globSync("**/*.html", { cwd: site }).map((name) => join(site, name));
const content = [...pages, ...globSync("docs/assets/**/*.js")];
// PurgeCSS does not see body:not(…) inside :is(), where KERN hangs its colours.
const safelist = { greedy: [/:is\(body/] };
const [components] = await new PurgeCSS().purge({ content, css: [{ raw: `${material}\n${kern}` }], safelist });
const [styles] = await new PurgeCSS().purge({
  content,
  css: [{ raw: [components.css, ...own].join("\n") }],
  variables: true, // only now: the own styles use variables too
  keyframes: true,
  safelist: { ...safelist, standard: [/./], variables: [] },
});
const banner = "/*! Holds parts of Material for MkDocs (MIT, squidfunk.github.io/mkdocs-material) and of KERN UX @kern-ux/native (EUPL-1.2, gitlab.opencode.de/kern-ux) */\n";
writeFileSync(join(assets, "site.css"), banner + transformSync(styles.css, { loader: "css", minify: true, target, legalComments: "none" }).code);

for (const name of readdirSync("docs/assets").filter((name) => name.endsWith(".js"))) {
  const options = { bundle: true, minify: true, format: "esm", target, legalComments: "none", write: true };
  buildSync({ ...options, entryPoints: [join("docs/assets", name)], outfile: join(assets, name), allowOverwrite: true });
  rmSync(join(assets, name.replace(/\.js$/, "")), { recursive: true, force: true });
}
