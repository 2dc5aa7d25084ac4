// Decides whether the form comes up by itself, with a verdict on every rule. The twin of collector/surveys/verdicts.py,
// which also reads what an owner set; tests/contract/targeting.json holds both to the same verdicts.

import type { Line } from '../tools';

type Value = string | number | boolean;

export type Trigger =
  | { kind: 'seconds'; after: number }
  | { kind: 'scroll'; percent: number }
  | { kind: 'views'; count: number }
  | { kind: 'exit' }
  | { kind: 'event'; name: string }
  | { kind: 'element'; selector: string };

export interface PageRule {
  kind: string;
  value: string;
}

/** What is left out stands for its default. */
export interface When {
  triggers: Trigger[];
  pages?: { include?: PageRule[]; exclude?: PageRule[] };
  share?: number;
  devices?: string[];
  languages?: string[];
  attributes?: { name: string; kind: string; value?: Value }[];
  /** Seconds. */
  settle?: number;
  again_after_days?: number;
  later_days?: number;
  rest_days?: number;
}

/** What is known of a visitor at this moment; null where it is not known. */
export interface Facts {
  survey: string;
  path: string | null;
  language: string | null;
  device: string | null;
  attributes: Record<string, Value> | null;
  /** In [0, 1). */
  draw: number | null;
  /** By survey: what became of its form, and how many seconds ago. */
  asked: Record<string, { verdict: string; seconds: number }> | null;
  /** The places of the triggers that went off. */
  fired: number[] | null;
}

/** Decoded where that makes text, in one form of Unicode. */
const plain = (path: string): string =>
  path
    .replace(/(%[\da-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    })
    .normalize();

/** The pieces stand in the path in their order, the first at its start and the last at its end. */
const wildcard = (path: string, pieces: string[]): boolean => {
  let at = 0;
  return (
    pieces.every((piece, index) => {
      const found =
        index && index === pieces.length - 1 ? path.length - piece.length : path.indexOf(piece, at);
      const fits = found >= at && path.startsWith(piece, found) && (index > 0 || !found);
      at = found + piece.length;
      return fits;
    }) && at === path.length
  );
};

const bare = (path: string): string => path.replace(/(.)\/$/s, '$1');

/** Nothing where it cannot be said. The server has let no pattern through that could take long on 256 characters. */
const fits = ({ kind, value }: PageRule, path: string): boolean | null => {
  if (kind === 'regex')
    try {
      return [...path].length > 256 ? null : new RegExp(value, 'su').test(path);
    } catch {
      return null;
    }
  const wanted = plain(value);
  return kind === 'equals'
    ? bare(path) === bare(wanted)
    : kind === 'starts'
      ? path.startsWith(wanted)
      : kind === 'contains'
        ? path.includes(wanted)
        : wildcard(path, wanted.split('*'));
};

const number = (value?: Value): number =>
  typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(value as string) ? +(value as Value) : NaN;

/** Texts letter by letter; a number, true and false also as text: many pages have nothing but text. */
const same = (value?: Value, wanted?: Value): boolean =>
  typeof value === typeof wanted || typeof value === 'boolean' || typeof wanted === 'boolean'
    ? `${value}` === `${wanted}`
    : number(value) === number(wanted);

const holds = (kind: string, value?: Value, wanted?: Value): boolean =>
  kind === 'exists'
    ? value !== undefined
    : kind === 'is'
      ? same(value, wanted)
      : kind === 'is_not'
        ? !same(value, wanted)
        : kind === 'contains'
          ? typeof value === 'string' && value.includes(wanted as string)
          : kind === 'greater'
            ? number(value) > number(wanted)
            : number(value) < number(wanted);

/** One line for each rule, in the order of the settings. */
export const verdicts = (when: When, facts: Facts): Line[] => {
  const { survey, path, language, device, attributes, draw, asked, fired } = facts;
  const { triggers, pages, share = 1, devices, languages } = when;
  const lines: Line[] = [];
  const say = (rule: string, met: boolean | null | undefined, ...why: unknown[]) =>
    lines.push({ rule, verdict: met == null ? 'unknown' : met ? 'met' : 'not met', why: why.join(' ') });

  triggers.forEach((trigger, at) => {
    say(`triggers/${at}`, fired?.includes(at), ...Object.values(trigger));
  });
  for (const side of ['include', 'exclude'] as const)
    pages?.[side]?.forEach((rule, at) => {
      const found = path === null ? null : fits(rule, plain(path));
      say(
        `pages/${side}/${at}`,
        found === null ? found : found === (side === 'include'),
        path,
        rule.kind,
        rule.value,
      );
    });
  say('share', share >= 1 || (draw === null ? null : draw < share), draw, '<', share);
  if (devices?.[0]) say('devices', device === null ? null : devices.includes(device), device, 'in', devices);
  if (languages?.[0]) {
    const tag = language?.replace(/_/g, '-').toLowerCase();
    const met =
      tag === undefined ? null : languages.some((one) => `${tag}-`.startsWith(`${one.toLowerCase()}-`));
    say('languages', met, language, 'in', languages);
  }
  when.attributes?.forEach(({ name, kind, value }, at) => {
    const theirs = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    say(`attributes/${at}`, attributes && holds(kind, theirs, value), name, theirs, kind, value);
  });

  const own = asked?.[survey];
  const later = own?.verdict === 'later';
  const others = Object.entries(asked ?? {}).filter(([key]) => key !== survey);
  const since = (rule: string, seconds = Infinity, days: number) =>
    say(
      rule,
      asked && seconds >= days * 86400,
      seconds < Infinity ? `asked ${(seconds / 86400).toFixed(1)} days ago,` : 'not asked,',
      'wait',
      days,
    );
  say('never', asked && !Object.values(asked).some(({ verdict }) => verdict === 'never'));
  since('later_days', later ? own.seconds : Infinity, when.later_days ?? 7);
  since('again_after_days', own && !later ? own.seconds : Infinity, when.again_after_days ?? 90);
  since('rest_days', Math.min(...others.map(([, { seconds }]) => seconds)), when.rest_days ?? 30);
  return lines;
};

/** One of the triggers, one of the pages included, and everything else are met; what is unknown holds the form back. */
export const allowed = (lines: Line[]): boolean =>
  lines.every(({ rule, verdict }) => {
    const group = rule.slice(0, 7);
    const several = group === 'trigger' || group === 'pages/i';
    return (
      verdict === 'met' ||
      (several && lines.some((one) => one.verdict === 'met' && one.rule.startsWith(group)))
    );
  });

/** In [0, 1), the same each time for one person and survey: FNV-1a, stirred by the last step of MurmurHash3. */
export const draw = (survey: string, person: string): number => {
  const text = `${survey}\0${person}`;
  let drawn = 2166136261;
  for (let at = 0; at < text.length; at++) drawn = Math.imul(drawn ^ text.charCodeAt(at), 16777619);
  drawn = Math.imul(drawn ^ (drawn >>> 16), 0x85ebca6b);
  drawn = Math.imul(drawn ^ (drawn >>> 13), 0xc2b2ae35);
  return ((drawn ^ (drawn >>> 16)) >>> 0) / 2 ** 32;
};
