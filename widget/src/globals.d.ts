/** Whether this is a site's own script, with everything in it, or the one for all sites: the build says. */
declare const SITE: boolean;

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
