// Decides where in the page the host element stands: at the end of the body; in the page's modal dialog, or the element that
// takes the whole screen, while the panel is wanted inside one, because everything outside of it is inert; and back again when
// a router, a hydration or a closed dialog has taken it away.

export interface Place {
  /** Puts the host where it belongs now. */
  take_(): void;
  leave_(): void;
}

export const place = (
  host: HTMLElement,
  signal: AbortSignal,
  wanted: () => string,
  /** The host was moved, which closes a popover. */
  moved: () => void,
): Place => {
  // Straight from the callback it could fight with an observer of the page's own without end; a timer gives way.
  const watch = new MutationObserver(() => host.isConnected || setTimeout(take, 50));
  const leave = () => {
    watch.disconnect();
    host.remove();
  };
  const take = () => {
    // An inline form stands where its element does.
    if (signal.aborted || host.dataset.inline) return;
    const dialog = [...document.querySelectorAll(':modal')].pop();
    const home = (wanted() && dialog) || document.body;
    for (const end of ['close', 'fullscreenchange'])
      dialog?.addEventListener(end, take, { signal, once: true });
    if (host.parentNode !== home) {
      home.append(host);
      moved();
    }
    for (const seen of [document.documentElement, document.body]) watch.observe(seen, { childList: true });
  };
  signal.onabort = leave;
  return { take_: take, leave_: leave };
};
