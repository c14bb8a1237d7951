/** One dispatched message of an event stream. */
export interface Message {
  event: string;
  data: string;
  /** The last event id as of this message: it outlives the message that set it. */
  id: string;
}

/**
 * A parser of text/event-stream by the WHATWG rules, fed with text in pieces of any size. Lines end with CR, LF or
 * CRLF, also where a piece ends between CR and LF; a byte order mark at the start goes; an id with NUL is ignored;
 * a message without data is not dispatched; what stands unfinished when the stream ends is dropped.
 */
export function createParser(onMessage: (m: Message) => void, onRetry: (ms: number) => void = () => {}) {
  let rest = '';
  let started = false;
  let skipLineFeed = false;
  let event = '';
  let data: string[] = [];
  let id = '';

  function line(text: string): void {
    if (text === '') {
      if (data.length) onMessage({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    let value = colon < 0 ? '' : text.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id') {
      if (!value.includes('\0')) id = value;
    } else if (field === 'retry' && /^[0-9]+$/.test(value)) onRetry(Number(value));
  }

  return {
    feed(chunk: string): void {
      if (chunk === '') return;
      if (!started) {
        started = true;
        if (chunk.startsWith('\uFEFF')) chunk = chunk.slice(1);
      }
      if (skipLineFeed && chunk.startsWith('\n')) chunk = chunk.slice(1);
      if (chunk !== '') skipLineFeed = false;
      const text = rest + chunk;
      let from = 0;
      for (let i = rest.length; i < text.length; i++) {
        const c = text.charCodeAt(i);
        if (c !== 10 && c !== 13) continue;
        line(text.slice(from, i));
        if (c === 13) {
          if (i + 1 === text.length) skipLineFeed = true;
          else if (text.charCodeAt(i + 1) === 10) i++;
        }
        from = i + 1;
      }
      rest = text.slice(from);
    },
    /** The id to resume from. */
    get lastId(): string {
      return id;
    },
  };
}
