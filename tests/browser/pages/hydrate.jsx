// A site that is rendered on a server and taken over by React, the whole document, as frameworks do it. The server said
// another thing than the browser, so React throws its nodes away and renders all of them anew.
import { StrictMode, useState } from 'react';
import { hydrateRoot } from 'react-dom/client';

function Site() {
  const [count, setCount] = useState(0);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <title>A document that React hydrates, and that differs</title>
      </head>
      <body>
        <main>
          <h1>Prices of the browser</h1>
          <button id="count" type="button" onClick={() => setCount(count + 1)}>
            {count}
          </button>
        </main>
      </body>
    </html>
  );
}

const start = () =>
  hydrateRoot(
    document,
    <StrictMode>
      <Site />
    </StrictMode>,
    { onRecoverableError: () => (window.recovered = true) },
  );
// The test says when, so that the widget is there before.
window.hydrate = start;
