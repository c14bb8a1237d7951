import { t } from '../lib/words';
import type { Frame } from '../wire';
import type { MarkProps } from './mark';
import { Table } from './Table';

/** Any frame as a table: "show as table" of every chart, and the answer to a mark that this page does not know. */
export function Twin(props: MarkProps) {
  // The rows behind a chart are its own; those of the file are another question, so nothing is fetched.
  const { fetchRows: _, ...rest } = props;
  const frame: Frame = { ...props.frame, facts: { rows: props.frame.facts?.rows ?? 0 } };
  const encoding = { columns: props.frame.columns.map((c) => c.name) };
  return <Table {...rest} frame={frame} item={{ ...props.item, encoding }} />;
}

export function Unknown(props: MarkProps) {
  return (
    <>
      <p class="mark-note">{t('unknownMark', { mark: props.item.mark })}</p>
      <Twin {...props} />
    </>
  );
}
