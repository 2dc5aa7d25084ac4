// Forms that a passkey answers: shown where the browser has passkeys, and sent with what the device said.

const FAULTS = {
  NotAllowedError: 'No passkey was chosen. You can try again.',
  InvalidStateError: 'This device keeps a passkey of yours for this place. Choose another device.',
  SecurityError: 'Passkeys work only at the address that this installation is set up for.',
  TooMany: 'There were many tries. Try again in a few minutes.',
};
const OTHER = 'That did not work. Try again, or use your password.';

/** What the form asks the device for: it stands in the page, or is fetched at the press, because it is good for minutes only. */
async function asked(form) {
  if (form.dataset.asked) return JSON.parse(form.dataset.asked);
  const reply = await fetch(form.dataset.start, { method: 'POST' });
  if (reply.ok) return reply.json();
  throw new DOMException('', reply.status === 429 ? 'TooMany' : 'NetworkError');
}

/** Lets the device answer, and sends the form. */
async function answer(form) {
  const options = await asked(form);
  const said = options.user
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.said.value = JSON.stringify(said);
  form.submit();
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const note of document.querySelectorAll('[data-no-passkeys]')) note.remove();
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const fault = form.querySelector('[role=alert]');
    const button = form.querySelector('button');
    form.hidden = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      fault.hidden = true;
      button.disabled = true;
      try {
        await answer(form);
      } catch (error) {
        fault.textContent = FAULTS[error?.name] ?? OTHER;
        fault.hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }
}
