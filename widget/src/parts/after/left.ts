// Decides what is sent of a form: whose it is, where it stood, how it was marked. A form that was pressed while this part
// was not there is the same response here, on the page that holds it, and on every page that finds it on the device.

import type { Reply } from '../../send';
import type { Entry } from '../../store';
import { type Attributes, type Content, pageOf } from '../../wire';
import { identified } from '../privacy';
import type { Began, Left } from '../tools';
import { letter, type Packed } from './letter';
import { bits, uuid } from './uuid';

export interface Begun {
  /** What has to be posted so that this is the response's content. */
  pack_(said: Omit<Content, 'language'>): Packed;
  heard_(reply: Reply): void;
  /** The last of the presses that were left. */
  press_: Packed | undefined;
}

/** Nothing of it where there is nothing, or where the visitor wants privacy. */
const shared = (attributes: Attributes): Attributes | undefined =>
  navigator.globalPrivacyControl || !Object.keys(attributes)[0] ? undefined : attributes;

/** `tools` are those of this page, for a core that does not hand them over. */
export const begun = (left: Left | Began, tools?: Left[3]): Begun => {
  const [at, page, mark, given, ...presses] = left as Left;
  const of = given ?? (tools as Left[3]);
  const { base, site, settings, attributes } = of;
  const { next_, heard_ } = letter(`${base}/v1/sites/${site}/responses`, {
    id: uuid(at, presses[0] && bits(mark)),
    survey: settings.survey,
    page: pageOf(new URL(page)),
    // A page may name its visitor while the form is open.
    get identity() {
      return identified(of.identity);
    },
  });
  const pack = (said: object) =>
    next_({ language: settings.language, attributes: shared(attributes), ...said });
  return { pack_: pack, heard_, press_: presses.map(pack).pop() };
};

/** A line that the core left, as it waits to be sent; nothing where nothing is recorded. */
export const entry = (line: string): Entry[] => {
  const left: Left = JSON.parse(line);
  const packed = 'test' in left[3].said ? undefined : begun(left).press_;
  return packed ? [{ at: left[0], ...packed }] : [];
};
