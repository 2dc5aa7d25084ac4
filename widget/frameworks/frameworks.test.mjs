// What holds of the wrappers without a browser: they stay small, and rendering on a server touches no window.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { render } from 'svelte/server';
import { createSSRApp } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { svelte } from './examples/svelte.mjs';
import { Lukewarm as ReactForm } from './react.js';
import { Lukewarm as VueForm } from './vue.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const props = { src: 'https://feedback.example.com/w/1/site_x.js', attributes: { plan: 'pro' } };

test('each wrapper, and what they share, stays under 60 lines', async () => {
  const names = (await readdir(here)).filter((name) => /^\w+\.(js|svelte)$/.test(name));
  assert.deepEqual(names.sort(), ['Lukewarm.svelte', 'mount.js', 'react.js', 'vue.js']);
  for (const name of names) {
    const text = await readFile(here + name, 'utf8');
    assert.ok(text.split('\n').length < 60, name);
  }
});

test('React renders nothing on a server', () => {
  assert.equal(renderToString(createElement(ReactForm, props)), '');
});

test('Vue renders nothing but a comment on a server', async () => {
  assert.match(await renderVue(createSSRApp(VueForm, props)), /^<!--.*-->$/);
});

test('Svelte renders nothing but comments on a server', async () => {
  const out = `${here}../.test/Lukewarm.server.mjs`;
  await build({
    entryPoints: [`${here}Lukewarm.svelte`],
    outfile: out,
    bundle: true,
    packages: 'external',
    format: 'esm',
    plugins: [svelte({ generate: 'server' })],
  });
  const { default: SvelteForm } = await import(out);
  assert.match(render(SvelteForm, { props }).body, /^(<!--[^>]*-->)*$/);
});
