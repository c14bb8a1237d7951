import type { MarkProps } from './mark';
import { filterText } from './read';

/** Words between charts: the text cells of the frame, a blank line starts a paragraph. Nothing in it is markup. */
export function TextNote({ item, frame }: MarkProps) {
  const text = frame.values.flat().map(filterText).filter(Boolean).join('\n\n');
  const paragraphs = (text || item.why).split(/\n\s*\n/).filter((p) => p.trim());
  return (
    // Reachable by keyboard, because a small panel scrolls it.
    <div class="textnote" role="group" aria-label={item.title} tabIndex={0}>
      {paragraphs.map((p, i) => (
        <p key={`${i} ${p.slice(0, 24)}`}>{p.trim()}</p>
      ))}
    </div>
  );
}
