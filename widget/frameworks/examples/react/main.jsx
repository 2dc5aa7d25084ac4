import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Lukewarm } from '../../react.js';

function App() {
  const [here, setHere] = useState(true);
  const [plan, setPlan] = useState('free');
  const [said, setSaid] = useState('nothing yet');
  return (
    <>
      <button type="button" onClick={() => setHere(!here)}>
        {here ? 'Leave' : 'Come back'}
      </button>
      <button type="button" onClick={() => setPlan('pro')}>
        Upgrade
      </button>
      <button type="button" onClick={() => setPlan('')}>
        Sign out
      </button>
      <output>{said}</output>
      {here && (
        <Lukewarm
          src={process.env.LUKEWARM_SRC}
          attributes={plan ? { plan } : undefined}
          onOpened={() => setSaid('opened')}
          onSent={({ score }) => setSaid(`sent ${score}`)}
        />
      )}
    </>
  );
}

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
