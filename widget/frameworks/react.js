'use client';
// <Lukewarm src="https://HOST/w/1/KEY.js" onSent={({ score }) => …} />, for React 18 and newer. It renders nothing.

import { useEffect, useRef } from 'react';
import { mount } from './mount.js';

export function Lukewarm({ identity, attributes, ...rest }) {
  const handlers = useRef(rest);
  const form = useRef();
  // By value: objects are made anew at every rendering. Functions are not part of it.
  const options = JSON.stringify(rest);
  const visitor = JSON.stringify({ identity, attributes });

  useEffect(() => {
    handlers.current = rest;
  });

  useEffect(() => {
    form.current = mount(JSON.parse(options), (event, detail) =>
      handlers.current[`on${event[0].toUpperCase()}${event.slice(1)}`]?.(detail),
    );
    return () => form.current.destroy();
  }, [options]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a form that was mounted anew knows nobody.
  useEffect(() => {
    const now = JSON.parse(visitor);
    form.current.update(now.identity, now.attributes);
  }, [options, visitor]);

  return null;
}
