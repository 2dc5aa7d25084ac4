// When nobody waits for the page.

/** Safari has no idle callbacks. */
export const idle = (act: () => void): void => {
  (window.requestIdleCallback ?? setTimeout)(act);
};
