// The English of what comes after the press; the survey's language is laid over it.

import { widget } from '../../../../collector/surveys/languages/en.json';

export const english = {
  refused: widget.refused,
  sent: widget.sent,
  optional: widget.optional,
  areas: widget.areas,
  answer: widget.answer,
  answered: widget.answered,
  skip: widget.skip,
  pickArea: widget.pickArea,
  thanks: widget.thanks,
  next: widget.next,
  queued: widget.queued,
  manage: widget.manage,
};

export type Words = typeof english & Record<string, string>;
