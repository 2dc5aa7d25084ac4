// Builds the example pages: `LUKEWARM_SRC=https://HOST/w/1/KEY.js node build.mjs FOLDER` writes FOLDER/react.html, its
// script and so on. In development's way, in which React mounts everything twice.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { svelte } from './svelte.mjs';

const EXAMPLES = { react: 'react/main.jsx', vue: 'vue/main.js', svelte: 'svelte/main.js' };

const page = (name) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${name}</title>
<link rel="icon" href="data:,">
<main id="app"></main>
<script type="module" src="${name}.js"></script>
</html>
`;

const [, , folder] = argv;
await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: EXAMPLES,
  outdir: folder,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  conditions: ['development', 'browser'],
  plugins: [svelte({ dev: true })],
  define: {
    'process.env.LUKEWARM_SRC': JSON.stringify(env.LUKEWARM_SRC),
    'process.env.NODE_ENV': '"development"',
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  logLevel: 'warning',
});
for (const name of Object.keys(EXAMPLES)) await writeFile(join(folder, `${name}.html`), page(name));
