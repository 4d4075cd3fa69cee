import { ownPath } from './own-path.js';

describe('where to go on', () => {
  it.each(['/', '/v1/awards?learner=ann&limit=2', '/v/8EJ3?lang=ko#x'])('may be %s', (path) => expect(ownPath(path)).toBe(path));

  it.each(['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example', '/ /evil', '', '/a\\..\\b', '/한', undefined, 5])(
    'is the bare address instead of %j',
    (path) => {
      expect(ownPath(path)).toBe('/');
      expect(new URL(ownPath(path), 'http://here.example').host).toBe('here.example');
    },
  );
});
