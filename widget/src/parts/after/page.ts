// When a view of the page ends and another begins: by hiding, by a route, by coming back from the back/forward cache.

export const page = (signal: AbortSignal, hidden: () => void, anew: () => void): void => {
  let here = location.href;
  const listen = (target: EventTarget, name: string, heard: (event: never) => void) =>
    target.addEventListener(name, heard as EventListener, { signal });
  // An entry changes for a new state at the same address too, which is no new view.
  const routed = () => {
    if (here === location.href) return;
    hidden();
    here = location.href;
    anew();
  };
  listen(document, 'visibilitychange', () => document.hidden && hidden());
  listen(window, 'pagehide', hidden);
  listen(window, 'pageshow', (event: PageTransitionEvent) => event.persisted && anew());
  if (window.navigation) listen(navigation, 'currententrychange', routed);
  else for (const name of ['popstate', 'hashchange']) listen(window, name, routed);
};
