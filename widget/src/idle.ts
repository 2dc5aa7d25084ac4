// When nobody waits for the page.

/** Safari has no idle callbacks. */
export const idle = (act: () => unknown): void => {
  (window.requestIdleCallback ?? setTimeout)(act);
};
