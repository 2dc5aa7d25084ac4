// Who the visitor is, unless their browser asks that they be nobody (Global Privacy Control).

import type { Identity } from '../wire';
import type { Tools } from './tools';

export const identified = ({ identity }: Tools): Identity | undefined =>
  navigator.globalPrivacyControl ? undefined : identity;
