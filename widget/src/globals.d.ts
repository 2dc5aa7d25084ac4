// What the browsers have and TypeScript's own list of them has not yet, and what pages may have.

interface Navigator {
  globalPrivacyControl?: boolean;
}

interface Document {
  prerendering?: boolean;
}

interface Window {
  dataLayer?: object[];
}
