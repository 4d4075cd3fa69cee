import { placeAt } from '../../apps/web/src/studio/place.js';

/** Where a text has its mark. */
const placeIn = (marked: string) => {
  const { path, isKey, written } = placeAt(marked.replace('|', ''), marked.indexOf('|'));
  return [path.join('.'), isKey ? 'key' : 'value', written];
};

const HEAD = 'badge: a\nname:\n  en: A\ncriteria:\n';

describe('where one writes in a rule', () => {
  it.each([
    ['|', '', 'key', ''],
    ['badge: a\nwh|', '', 'key', 'wh'],
    ['badge: a\nwhen-corrected: |', 'when-corrected', 'value', ''],
    ['when-corrected: re|', 'when-corrected', 'value', 're'],
    ['name:\n  |', 'name', 'key', ''],
    ['name: { en: A, |', 'name', 'key', ''],
    ['decides:\n  at-close: c|', 'decides.at-close', 'value', 'c'],
    [`${HEAD}  |`, 'criteria', 'key', ''],
    [`${HEAD}  all:\n    - |`, 'criteria.all.0', 'key', ''],
    [`${HEAD}  all:\n    - count: { of: missions, at-least: 3 }\n    # so\n\n    - me|`, 'criteria.all.1', 'key', 'me'],
    [`${HEAD}  all:\n    - count:\n        of: missions\n        tag: |`, 'criteria.all.0.count.tag', 'value', ''],
    [`${HEAD}  all:\n    - count:\n        of: missions\n    - mean:\n        late:\n          pe|`, 'criteria.all.1.mean.late', 'key', 'pe'],
    [`${HEAD}  all:\n    - count: { of: mi|`, 'criteria.all.0.count.of', 'value', 'mi'],
    [`${HEAD}  all:\n    - count: { of: missions, at|`, 'criteria.all.0.count', 'key', 'at'],
    [`${HEAD}  all:\n    - count: { of: attendance, status: [present, l|`, 'criteria.all.0.count.status', 'value', 'l'],
    [`${HEAD}  some:\n    at-least: 2\n    of:\n      - any:\n          - not:\n              str|`, 'criteria.some.of.0.any.0.not', 'key', 'str'],
    [`${HEAD}  all:\n  - score:\n      at-least: 80\n  - |`, 'criteria.all.1', 'key', ''],
    [`${HEAD}  all:\n    - count: { of: missions }\nhold: |`, 'hold', 'value', ''],
    [`tags: [a, b]\nvalidity: { for: 7 days, renewal: |`, 'validity.renewal', 'value', ''],
  ])('%#', (text, path, kind, written) => expect(placeIn(text)).toEqual([path, kind, written]));
});
