import { expect, test } from 'vitest';
import { readViews, withView, writeViews } from './views';

test('the set-up of panels is written into an address and read back', () => {
  let views = readViews('?range=90d&v.trend.hide=a,b&v.data.sort=-x&v.=1&v.a=2&v.a.b.c=3');
  expect(views).toEqual({ trend: { hide: 'a,b' }, data: { sort: '-x' } });
  views = withView(views, 'data', 'q', 'Tea & "x"');
  expect(readViews(writeViews(views))).toEqual(views);
  expect(withView(views, 'data', 'q', 'Tea & "x"')).toBe(views);
  views = withView(withView(views, 'data', 'q', null), 'data', 'sort', null);
  expect(views).toEqual({ trend: { hide: 'a,b' } });
  expect(withView(views, 'none', 'x', null)).toBe(views);
});
