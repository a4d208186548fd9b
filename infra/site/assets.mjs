// Compiles docs/styles and docs/assets/*.js: node assets.mjs MATERIAL_CSS TARGET
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildSync, transformSync } from "esbuild";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const [materialCss, out] = process.argv.slice(2);
const target = ["chrome111", "firefox113", "safari16.4"]; // what knows oklch() and :has()
const read = (path) => readFileSync(path, "utf8");
mkdirSync(out, { recursive: true });

// KERN counts on 16 px for 1 rem, Material sets 20 px.
const kern = sass
  .compile("docs/styles/kern.scss", { loadPaths: ["node_modules"], quietDeps: true, logger: sass.Logger.silent })
  .css.replace(/:is\(body,[^{]*kern-level-0 \{/, "body {") // PurgeCSS does not understand :is(body…):not(…), where all colours hang
  .replace(/(\d*\.?\d+)rem\b/g, (_, size) => `${+(size * 0.8).toFixed(4)}rem`);
const material = read(materialCss).replace(/\.md-tabs__item:nth-child[^}]*\}/g, ""); // delays of a motion that ours lack
const own = globSync("docs/styles/*.css").sort().map(read);

// The sources, not the pages: so this runs while MkDocs does. Markdown adds a few names of its own.
const sources = globSync(["docs/theme/**/*.html", "docs/**/*.md", "docs/assets/**/*.js", "infra/site/words.py", "infra/site/shots.py"]);
const fromMarkdown = { raw: "<html><body><h1><h2><h3><p><ul><ol><li><dl><dt><dd><strong><code><table><thead><tbody><tr><th><td><br><hr><main><div class='admonition admonition-title note'>", extension: "html" };
const content = [...sources, fromMarkdown];
const blocklist = ["tip", "success", "question", "failure", "quote", "keys"]; // kinds of notes that no page has, but words that some do
const [parts] = await new PurgeCSS().purge({ content, css: [{ raw: `${material}\n${kern}` }], keyframes: true, blocklist });
// Unused variables only now: the own styles use some of the parts'.
const [styles] = await new PurgeCSS().purge({
  content,
  css: [{ raw: [parts.css, ...own].join("\n") }],
  variables: true,
  safelist: [/./],
});
const banner =
  "/*! Holds parts of Material for MkDocs (MIT, https://github.com/squidfunk/mkdocs-material)" +
  " and of KERN UX, @kern-ux/native (EUPL-1.2, https://gitlab.opencode.de/kern-ux/kern-ux-plain) */\n";
const minified = transformSync(styles.css, { loader: "css", minify: true, target, legalComments: "none" });
writeFileSync(join(out, "site.css"), banner + minified.code);

for (const script of globSync("docs/assets/*.js")) {
  const result = buildSync({ entryPoints: [script], bundle: true, minify: true, format: "esm", target, legalComments: "none", write: false });
  writeFileSync(join(out, basename(script)), result.outputFiles[0].text);
}
