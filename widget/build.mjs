// Builds collector/static/widget/widget.js and its manifest. Both are committed, so that neither an operator nor a
// Python contributor needs Node; `--check` writes nothing and says whether they still belong to their sources.
//
// manifest.json: "sources" is the SHA-256 over, for each source file in the sorted order of its path relative to the
// repository's root: path + "\0" + bytes + "\0". In Python, with `root` a pathlib.Path:
//
//   names = ["collector/surveys/languages/en.json"]
//   names += [f"widget/{n}" for n in ("build.mjs", "package-lock.json", "package.json", "tsconfig.json")]
//   names += [p.relative_to(root).as_posix() for p in (root / "widget/src").rglob("*") if p.is_file()]
//   digest = hashlib.sha256()
//   for name in sorted(names):
//       digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
//   digest.hexdigest()
//
// "integrity" is what a script tag's attribute of that name takes. "bytes" is for people: compressed sizes differ
// between Node versions, so `--check` compares the widget, the sources and the integrity, and holds the budget.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const BUDGET = 6000; // bytes of brotli 11
const root = new URL('../', import.meta.url);
const out = new URL('collector/static/widget/', root);
const fixed = ['build.mjs', 'package-lock.json', 'package.json', 'tsconfig.json'];

const inlineSheet = {
  name: 'style sheet as one minified string',
  setup: (esbuild) =>
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: 'css', minify: true });
      // esbuild keeps the blanks around a custom property's value.
      return {
        contents: code
          .trim()
          .replace(/(--[\w-]+): /g, '$1:')
          .replaceAll(', ', ','),
        loader: 'text',
      };
    }),
};

async function sourcesDigest() {
  const entries = await readdir(new URL('widget/src/', root), { recursive: true, withFileTypes: true });
  const base = fileURLToPath(root);
  const source = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      `${entry.parentPath ?? entry.path}/${entry.name}`.replaceAll('\\', '/').replaceAll('//', '/'),
    )
    .map((path) => path.slice(base.replaceAll('\\', '/').length));
  const names = ['collector/surveys/languages/en.json', ...fixed.map((name) => `widget/${name}`), ...source];
  const digest = createHash('sha256');
  for (const name of names.sort())
    digest
      .update(`${name}\0`)
      .update(await readFile(new URL(name, root)))
      .update('\0');
  return digest.digest('hex');
}

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL('widget/', root)),
  entryPoints: ['src/main.ts'],
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  tsconfigRaw: {},
  plugins: [inlineSheet],
  write: false,
});
const code = Buffer.from(outputFiles[0].contents);
const brotli = brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const manifest = {
  sources: await sourcesDigest(),
  integrity: `sha384-${createHash('sha384').update(code).digest('base64')}`,
  bytes: { raw: code.length, gzip: gzipSync(code, { level: 9 }).length, brotli },
};
console.log(
  `widget.js: ${code.length} bytes raw, ${manifest.bytes.gzip} gzip 9, ${brotli} brotli 11 (at most ${BUDGET})`,
);

const wrong = [];
if (brotli > BUDGET)
  wrong.push(`The widget is ${brotli - BUDGET} bytes over its budget of ${BUDGET} bytes of brotli.`);
if (process.argv.includes('--check')) {
  const there = await readFile(new URL('widget.js', out)).catch(() => Buffer.alloc(0));
  const said = JSON.parse(await readFile(new URL('manifest.json', out), 'utf8').catch(() => '{}'));
  if (!there.equals(code)) wrong.push('collector/static/widget/widget.js is not what its sources build.');
  for (const key of ['sources', 'integrity'])
    if (said[key] !== manifest[key])
      wrong.push(`collector/static/widget/manifest.json has another "${key}".`);
  if (wrong.length) wrong.push('Run `npm ci && npm run build` in widget/ and commit what it writes.');
} else if (!wrong.length) {
  await mkdir(out, { recursive: true });
  await writeFile(new URL('widget.js', out), code);
  await writeFile(new URL('manifest.json', out), `${JSON.stringify(manifest, null, 2)}\n`);
}
for (const sentence of wrong) console.error(sentence);
process.exitCode = wrong.length ? 1 : 0;
