// Who the visitor is, unless their browser asks that they be nobody (Global Privacy Control).

import type { Identity } from '../wire';

export const identified = (identity: Identity | undefined): Identity | undefined =>
  navigator.globalPrivacyControl ? undefined : identity;
