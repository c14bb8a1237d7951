import { kindOf, type Look, tickText } from '../lib/format';

/** The top label of an axis says what it counts: "120 birdstrikes", "140 kn". Money and percent say it by their sign. */
export function withNoun(v: number, look: Look, noun: string): string {
  if (kindOf(look) !== 'number') return tickText(v, look, true);
  if (look.unit) return tickText(v, look, true);
  return noun ? `${tickText(v, look)} ${noun}` : tickText(v, look);
}
