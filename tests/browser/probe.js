// Runs before every page's own scripts and keeps what a page cannot be asked afterwards.
(() => {
  const seen = { violations: [], shift: 0, writes: [], keys: [], events: [], restored: false };
  Object.defineProperty(window, 'seen', { value: seen });
  addEventListener('securitypolicyviolation', (event) => {
    seen.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}`);
  });
  for (const type of ['keydown', 'keypress', 'keyup'])
    document.addEventListener(type, (event) => seen.keys.push(`${type} ${event.key}`));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.shift += entry.hadRecentInput ? 0 : entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  addEventListener('pageshow', (event) => {
    seen.restored ||= event.persisted;
  });
  // What is sent within a second of opening is taken for a machine's, and a test is quicker than a person: on its pages' clock
  // a hundredth of a second is a second.
  const began = Date.now();
  Date.now = () => began + Math.round(performance.now() * 100);
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    seen.writes.push(key);
    return set.call(this, key, value);
  };
  for (const name of ['ready', 'shown', 'opened', 'closed', 'scored', 'sent', 'offered', 'answered', 'queued'])
    document.addEventListener(`lukewarm:${name}`, (event) => {
      seen.events.push({ name, detail: event.detail });
    });
})();
