// A colour that is picked is meant.
document.querySelector('#look input[type=color]')?.addEventListener('input', ({ target }) => {
  target.form.elements.own_colour.checked = true;
});

// On a narrow screen the tabs are a strip that scrolls: the one that is open should be in sight.
document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
