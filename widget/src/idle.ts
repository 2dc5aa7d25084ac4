// When nobody waits for the page.

/** Within some seconds also where nothing ever moves or something always does: Chromium holds such callbacks back there. */
export const idle = (act: () => unknown): void => {
  // Safari has no idle callbacks; its timer takes what is no number for none.
  (window.requestIdleCallback ?? setTimeout)(act, { timeout: 3e3 } as number & IdleRequestOptions);
};
