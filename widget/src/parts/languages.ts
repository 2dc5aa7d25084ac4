// Which of the languages in a site's own script the visitor reads; where there is only one, nobody asks.

import { closest, language } from '../text';
import type { Said, Settings } from '../wire';

export default (surveys: Record<string, Settings>, said: Said): Settings | undefined =>
  closest(surveys, language(said.language, document.documentElement.lang, navigator.language));
