// Builds the cores (widget.js for all sites, site.js for a site's own script) and their parts (when.js, scales.js …)
// into collector/static/widget/, with manifest.json.
// All are committed, so that neither an operator nor a Python contributor needs Node; `--check` writes nothing and
// says whether they still belong to their sources.
//
// manifest.json: "files" holds for each its "hash" (the 16 hexadecimal digits of its immutable address: the beginning
// of its SHA-256), its "integrity" (what a script tag's attribute of that name takes) and its sizes. "integrity" and
// "bytes" at the top are widget.js's. "sources" is the SHA-256 over, for each source file in the sorted order of its
// path relative to the repository's root: path + "\0" + bytes + "\0". In Python, with `root` a pathlib.Path:
//
//   names = ["collector/surveys/languages/en.json"]
//   names += [f"widget/{n}" for n in ("build.mjs", "package-lock.json", "package.json", "tsconfig.json")]
//   names += [p.relative_to(root).as_posix() for p in (root / "widget/src").rglob("*") if p.is_file()]
//   digest = hashlib.sha256()
//   for name in sorted(names):
//       digest.update(name.encode() + b"\0" + (root / name).read_bytes() + b"\0")
//   digest.hexdigest()
//
// "bytes" is for people: compressed sizes differ between Node versions, so `--check` compares the files, the sources
// and the integrity, and holds the budgets.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

// Source and budget: bytes of brotli 11, for the cores of gzip 9 as well. `site` is the constant SITE. A part is a folder or file in src/parts/.
const CORES = {
  widget: { source: 'src/main.ts', brotli: 5000, gzip: 5600, site: false },
  // With the settings of a survey that nobody has changed it has to stay under 5,000 and 5,600: tests/widget says so.
  site: { source: 'src/main.ts', brotli: 4600, gzip: 5200, site: true },
};
const PARTS = {
  accent: { source: 'src/parts/accent.ts', brotli: 150 },
  after: { source: 'src/parts/after/index.ts', brotli: 3450 },
  contact: { source: 'src/parts/contact.ts', brotli: 1100 },
  languages: { source: 'src/parts/languages.ts', brotli: 200 },
  inline: { source: 'src/parts/inline.ts', brotli: 900 },
  proof: { source: 'src/parts/proof/index.ts', brotli: 600 },
  scales: { source: 'src/parts/scales.ts', brotli: 800 },
  when: { source: 'src/parts/when/index.ts', brotli: 2700 },
};
// Replaced by the server in the per-site script; nothing is baked into the plain file.
const BAKED = '"lukewarm:baked"';

const root = new URL('../', import.meta.url);
const out = new URL('collector/static/widget/', root);
const fixed = ['build.mjs', 'package-lock.json', 'package.json', 'tsconfig.json'];

const inlineSheet = {
  name: 'style sheet as one minified string',
  setup: (esbuild) =>
    esbuild.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path), { loader: 'css', minify: true });
      // esbuild keeps the blanks around a custom property's value and a slash.
      return {
        contents: code
          .trim()
          .replace(/(--[\w-]+): /g, '$1:')
          .replaceAll(', ', ',')
          .replaceAll(' / ', '/'),
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

const bundle = async (source, site = false) => {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('widget/', root)),
    entryPoints: [source],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    define: { SITE: `${site}` },
    legalComments: 'none',
    tsconfigRaw: {},
    plugins: [inlineSheet],
    write: false,
  });
  return outputFiles[0].text;
};

// Property names are the wire's, the page's and the parts': they stay. Only those that end in _ are the core's own.
const squeeze = async (code) => {
  const options = {
    ecma: 2022,
    // `unsafe` writes `${one}` as ""+one and the like: nothing here has a valueOf or a toString of its own.
    // Without it an expression that nobody takes the value of is dropped.
    compress: { passes: 3, expression: true, unsafe: true },
    mangle: { properties: { regex: /_$/ } },
    format: { quote_style: 2 },
  };
  return (await minify(code, options)).code;
};

/**
 * A classic script that works as a module too: nothing of it is left in the global scope. Engines that know the comment
 * compile all of it while it comes in, beside the page; else each function is compiled at its first call, in the page's way.
 */
const core = async ({ source, site }) =>
  `//# allFunctionsCalledOnLoad\n${await squeeze(`(()=>{${await bundle(source, site)}})()`)}`;

/** Exactly `export default EXPRESSION`, so that the server can put the expression into a per-site script. */
const part = async (source) => {
  const text = await bundle(source);
  const [, code, name] = /^(.*)export\{(\w+|\$) as default\};?\s*$/s.exec(text) ?? [];
  if (!name) throw new Error(`${source} has to have one default export, and no other.`);
  const expression = (await squeeze(`(()=>{${code}return ${name}})()`)).replace(/;?\s*$/, '');
  new Script(`(${expression})`);
  return `export default ${expression}`;
};

const made = [];
for (const [name, budget] of Object.entries(CORES)) made.push([`${name}.js`, await core(budget), budget]);
for (const [name, budget] of Object.entries(PARTS))
  made.push([`${name}.js`, await part(budget.source), budget]);

const wrong = [];
const files = {};
for (const [name, text, budget] of made) {
  const code = Buffer.from(text);
  const bytes = {
    raw: code.length,
    gzip: gzipSync(code, { level: 9 }).length,
    brotli: brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
  };
  files[name] = {
    hash: createHash('sha256').update(code).digest('hex').slice(0, 16),
    integrity: `sha384-${createHash('sha384').update(code).digest('base64')}`,
    bytes,
  };
  console.log(
    `${name.padEnd(12)} ${bytes.raw} raw, ${bytes.gzip} gzip 9 (at most ${budget.gzip ?? '-'}), ` +
      `${bytes.brotli} brotli 11 (at most ${budget.brotli})`,
  );
  for (const kind of ['gzip', 'brotli'])
    if (bytes[kind] > budget[kind])
      wrong.push(`${name} is ${bytes[kind] - budget[kind]} bytes over its budget of ${kind}.`);
  const seen = text.split(BAKED).length - 1;
  if (seen !== +(name === 'site.js')) wrong.push(`${name} holds ${BAKED} ${seen} times.`);
  if (!(name.slice(0, -3) in CORES) && !text.startsWith('export default '))
    wrong.push(`${name} is not one default export.`);
}
const { integrity, bytes } = files['widget.js'];
const manifest = { sources: await sourcesDigest(), integrity, bytes, files };

if (process.argv.includes('--check')) {
  for (const [name, text] of made)
    if ((await readFile(new URL(name, out), 'utf8').catch(() => '')) !== text)
      wrong.push(`collector/static/widget/${name} is not what its sources build.`);
  const said = JSON.parse(await readFile(new URL('manifest.json', out), 'utf8').catch(() => '{}'));
  const held = ({ sources, files }) => [
    sources,
    Object.entries(files ?? {}).map(([name, { hash, integrity }]) => [name, hash, integrity]),
  ];
  if (JSON.stringify(held(said)) !== JSON.stringify(held(manifest)))
    wrong.push('collector/static/widget/manifest.json tells of other files.');
  if (wrong.length) wrong.push('Run `npm ci && npm run build` in widget/ and commit what it writes.');
} else if (!wrong.length || process.argv.includes('--over')) {
  await mkdir(out, { recursive: true });
  for (const [name, text] of made) await writeFile(new URL(name, out), text);
  await writeFile(new URL('manifest.json', out), `${JSON.stringify(manifest, null, 2)}\n`);
}
for (const sentence of wrong) console.error(sentence);
process.exitCode = wrong.length ? 1 : 0;
