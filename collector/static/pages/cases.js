// What cases do beyond HTML: all on a page at once, keys, and where the eye and the focus are after something was pressed.

import { say } from './team.js';

/** Wires what a swap may have brought anew. */
function wire() {
  const all = document.getElementById('case-all');
  if (all) all.hidden = false;
}

/** @returns {HTMLElement[]} the lines of the list */
const lines = () => [...document.querySelectorAll('.case-line')];

/** The place in the list where the focus is, or where something was pressed last. */
let place = -1;

/** @param {Element | null} element */
function note(element) {
  const line = element?.closest('.case-line');
  if (line instanceof HTMLElement) place = lines().indexOf(line);
}

/** @param {number} to */
function go(to) {
  const found = lines();
  if (!found.length) return;
  place = Math.min(Math.max(to, 0), found.length - 1);
  found[place].querySelector('.case-link')?.focus();
}

document.addEventListener('focusin', (event) => note(event.target instanceof Element ? event.target : null));

document.addEventListener('change', (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.closest('#case-all')) return;
  for (const one of document.querySelectorAll('.case-choose input')) one.checked = box.checked;
});

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !lines().length) return;
  if (event.target instanceof Element && event.target.closest('input:not([type=checkbox]), select, textarea')) return;
  const line = lines()[place];
  if (event.key === 'j') go(place + 1);
  else if (event.key === 'k') go(place - 1);
  else if (event.key === 'x') line?.querySelector('.case-choose input')?.click();
  else if (event.key === 'e') line?.querySelector(':scope > button')?.click();
  else return;
  event.preventDefault();
});

// A form that came back with something marked is shown, and not thrown away as an error.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.xhr.status !== 422) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// What is being written stays in its field while other parts of the panel are swapped, and goes when it is stored.
document.addEventListener('htmx:afterRequest', (event) => {
  const { xhr, successful } = event.detail;
  const text = document.getElementById('case-text');
  if (successful && xhr.responseURL.includes('case=noted') && text instanceof HTMLTextAreaElement) text.value = '';
});

/** Where the last press came from: the address of its form. */
let pressed = '';
document.addEventListener('htmx:beforeRequest', (event) => {
  pressed = event.detail.elt.getAttribute('action') ?? '';
});

document.addEventListener('htmx:afterSettle', () => {
  wire();
  const wrong = document.querySelector('#case [aria-invalid="true"]');
  if (wrong instanceof HTMLElement) wrong.focus();
  else if (document.activeElement !== document.body) return;
  else if (lines().length) go(place);
  else {
    const form = document.querySelector(`#case form[action="${pressed}"]`) ?? document.getElementById('case');
    form?.querySelector('input:not([type=hidden]), select, textarea, button')?.focus();
  }
});

for (const name of ['htmx:responseError', 'htmx:sendError']) {
  document.addEventListener(name, () => say('That did not work, and nothing was changed. Load the page again and repeat it.'));
}

wire();
