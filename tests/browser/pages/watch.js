// Keeps what a browser says once and never again, for browsers that are driven without a script before the page's own.
window.violations = [];
window.thrown = [];
addEventListener('securitypolicyviolation', (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
addEventListener('error', (event) => thrown.push(event.message));
addEventListener('unhandledrejection', (event) => thrown.push(`${event.reason}`));
addEventListener('pageshow', (event) => {
  window.restored ||= event.persisted;
});
