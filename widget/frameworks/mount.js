// What the wrappers share: brings the site's script in once, puts the form on the page, and takes it away again.

export const EVENTS = [
  'ready',
  'shown',
  'opened',
  'closed',
  'scored',
  'sent',
  'offered',
  'answered',
  'queued',
];

const call = (...command) => {
  // Until the script has come it is a queue, which the script then works off.
  window.lukewarm ??= (...early) => {
    window.lukewarm.q ??= [];
    window.lukewarm.q.push(early);
  };
  window.lukewarm(...command);
};

/** Puts the form on the page; one at a time. `tell(event, detail)` hears of what happens to it. */
export const mount = ({ test, ...options }, tell) => {
  const stop = new AbortController();
  for (const name of EVENTS)
    document.addEventListener(`lukewarm:${name}`, ({ detail }) => tell(name, detail), stop);
  call('start', test ? { ...options, test: '' } : options);
  // Not a script element: nothing for a policy with Trusted Types to object to. Bundlers leave the address alone.
  import(/* webpackIgnore: true */ /* @vite-ignore */ options.src).catch((why) =>
    console.warn('lukewarm:', why),
  );
  let names = {};
  let known;
  return {
    /** Says who the visitor is and what is known of them; what is no longer there is forgotten. */
    update(identity, attributes) {
      if (identity || known) call('identify', identity);
      const gone = Object.fromEntries(Object.keys(names).map((name) => [name, undefined]));
      call('set', { ...gone, ...attributes });
      known = identity;
      names = { ...attributes };
    },
    destroy() {
      stop.abort();
      call('destroy');
    },
  };
};
