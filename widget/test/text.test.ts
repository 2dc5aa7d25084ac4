import assert from 'node:assert/strict';
import test from 'node:test';
import { closest, language, words } from '../src/text';

test('the tag decides, then the page, then the browser', () => {
  assert.equal(language('fr', 'de', 'en-GB'), 'fr');
  assert.equal(language(undefined, 'de', 'en-GB'), 'de');
  assert.equal(language(undefined, '', 'en-GB'), 'en-GB');
});

test('an underscore is read as a hyphen', () => {
  assert.equal(language('pt_BR', '', 'en'), 'pt-BR');
  assert.equal(language(undefined, 'zh_Hans_CN', 'en'), 'zh-Hans-CN');
});

test('a language that lacks a line shows the English one', () => {
  assert.equal(words({ send: 'Senden' }).send, 'Senden');
  assert.equal(words({ send: 'Senden' }).close, words().close);
  assert.ok(words().close);
});

test('of the languages that are there, the exact one, its base, or the site’s own', () => {
  const there = { fr: 'French', 'pt-BR': 'Brazilian', pt: 'Portuguese', de: 'German' };
  assert.equal(closest(there, 'pt-br'), 'Brazilian');
  assert.equal(closest(there, 'pt-PT'), 'Portuguese');
  assert.equal(closest(there, 'de-AT'), 'German');
  assert.equal(closest(there, 'ja'), 'French');
  assert.equal(closest({}, 'ja'), undefined);
});
