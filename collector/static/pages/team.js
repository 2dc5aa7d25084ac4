// What the team's pages do beyond what HTML does by itself. Every page works without it, where a form can.

/** Copies the text of the element that a button names with `data-copies`, and says so. */
async function copy(button) {
  const text = document.getElementById(button.dataset.copies)?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text.trim());
    say('Copied.');
  } catch {
    say('The browser did not let us copy. Select the text and copy it by hand.');
  }
}

/** Puts a sentence into the status line, where screen readers hear it. */
export function say(sentence) {
  const line = document.getElementById('status');
  if (line) line.textContent = sentence;
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-copies]') : null;
  if (button instanceof HTMLElement) copy(button);
});

// Times are shown in the zone of the member's clock from the first page on.
for (const zone of document.querySelectorAll('input[data-zone]')) {
  if (zone instanceof HTMLInputElement) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

// A form that came back: whoever cannot see the marks is at the first of them. Whoever pressed something that is done hears so, and
// goes on from there. Browsers complain in the console when the focus is taken before their own autofocus, which a frame comes after.
requestAnimationFrame(() => {
  const marked = document.querySelector('main [aria-invalid="true"]');
  const done = document.getElementById('status');
  if (marked instanceof HTMLElement) marked.focus();
  else if (done?.textContent.trim() && document.activeElement === document.body) {
    done.tabIndex = -1;
    done.focus();
  }
});

// A menu made of <details> closes as menus do.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
  }
});
document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? document.querySelector('details.menu[open]') : null;
  if (menu) {
    menu.removeAttribute('open');
    menu.querySelector('summary')?.focus();
  }
});
