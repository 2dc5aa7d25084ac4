// A site's own script: shortcuts that fire wherever somebody types, as many sites have them.
window.shortcuts = [];
document.addEventListener('keydown', (event) => {
  if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
  window.shortcuts.push(event.key);
});
