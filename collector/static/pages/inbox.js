// Keys for the inbox and a response's page. Everything that a key does, a link or a button does too.

/** @type {() => HTMLAnchorElement[]} */
const rows = () => [...document.querySelectorAll('.line > a')];

/** The row that has the focus, or was left last. */
let last = 0;

/** @param {number} step */
function move(step) {
  const all = rows();
  const now = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement?.closest('.line')?.querySelector('a')));
  const wanted = now < 0 ? last : now + step;
  if (wanted >= 0 && wanted < all.length) all[wanted].focus();
  else way(step);
}

/** Goes on to the page before or after. @param {number} step */
function way(step) {
  const link = document.querySelector(step > 0 ? 'a[rel="next"]' : 'a[rel="prev"]');
  if (link instanceof HTMLAnchorElement) link.click();
}

/** The box of the row that has the focus. */
function box() {
  const found = document.activeElement?.closest('.line')?.querySelector('input[type="checkbox"]');
  return found instanceof HTMLInputElement ? found : null;
}

function count() {
  const chosen = document.querySelectorAll('.line input:checked').length;
  const told = document.querySelector('[data-count]');
  if (told) told.textContent = `${chosen} chosen`;
}

/** Chooses the row that has the focus, unless others are chosen, and goes to what is done with them. @param {string} to */
function withChosen(to) {
  const own = box();
  if (own && !document.querySelector('.line input:checked')) own.checked = true;
  count();
  const found = document.querySelector(to);
  if (!(found instanceof HTMLElement) || !found.offsetParent) return;
  if (found instanceof HTMLButtonElement) found.click();
  else found.focus();
}

/** On the list the bar for those chosen, on a response's page its panel. @param {string} bar @param {string} panel */
const press = (bar, panel) => withChosen(document.querySelector('.lines') ? bar : panel);

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => (rows().length ? move(1) : way(1)),
  k: () => (rows().length ? move(-1) : way(-1)),
  o: () => {
    const row = document.activeElement?.closest('.line')?.querySelector('a');
    if (row instanceof HTMLAnchorElement) row.click();
  },
  x: () => {
    const own = box();
    if (own) own.click();
  },
  u: () => {
    const up = document.querySelector('a[data-up]');
    if (up instanceof HTMLAnchorElement) up.click();
  },
  e: () => press('.bulk button[value="close"]', 'form[action$="/state"] button[value="done"]'),
  a: () => press('.bulk select[name="owner"]', 'form[action$="/owner"] select'),
  l: () => press('.bulk input[name="name"]', 'form[action$="/tags"] input[name="name"]'),
  '/': () => {
    const field = document.querySelector('input[name="text"]');
    if (field instanceof HTMLInputElement) field.select();
  },
  '?': () => {
    const list = document.getElementById('keys');
    if (list instanceof HTMLDialogElement) list.showModal();
  },
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const at = event.target instanceof Element ? event.target : null;
  if (event.key === 'Escape' && at?.closest('.filter, .bulk') && at instanceof HTMLElement) {
    at.blur();
    return;
  }
  // A dialog that was closed holds the focus until the page is drawn again.
  if (at?.closest('select, textarea, dialog[open], [contenteditable]')) return;
  if (at instanceof HTMLInputElement && at.type !== 'checkbox') return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener('focusin', (event) => {
  const row = event.target instanceof Element ? event.target.closest('.line')?.querySelector('a') : null;
  if (row instanceof HTMLAnchorElement) last = Math.max(0, rows().indexOf(row));
});

document.addEventListener('change', (event) => {
  if (event.target instanceof Element && event.target.closest('.line')) count();
});

// What the filter says of itself is shown too: that a field is wrong.
document.addEventListener('htmx:beforeSwap', (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  if (detail.xhr.status === 422) detail.shouldSwap = true;
});

document.addEventListener('htmx:afterSwap', () => {
  last = 0;
});

for (const button of document.querySelectorAll('[data-keys]')) {
  if (!(button instanceof HTMLElement)) continue;
  button.hidden = false;
  button.addEventListener('click', KEYS['?']);
}
