// Svelte's compiler as a plugin of esbuild's.

import { readFile } from 'node:fs/promises';
import { compile } from 'svelte/compiler';

/** `options` are the compiler's own, such as `{ generate: 'server' }`. */
export const svelte = (options = {}) => ({
  name: 'svelte',
  setup: (esbuild) =>
    esbuild.onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { js, warnings } = compile(await readFile(path, 'utf8'), { filename: path, ...options });
      return { contents: js.code, warnings: warnings.map(({ message }) => ({ text: message })) };
    }),
});
