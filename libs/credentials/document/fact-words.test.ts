import type { Fact } from '#domain/facts.js';
import { zoneOf } from '#rules/calendar.js';
import { NO_NAMES } from '#rules/words.js';
import { factWords } from './fact-words.js';

const NAMES = { ...NO_NAMES, badge: () => ({ en: 'Data Workshop', ko: '데이터 워크숍' }) };

const words = (values: Fact['values']) => {
  const fact: Fact = { id: 'batch/1', type: 'ApprovalGiven', course: 'c', activity: 'workshop', occurrence: 'hr-kim', time: Date.parse('2026-03-01T20:00:00Z'), values, correctedBy: [] };
  return factWords(fact, NAMES, zoneOf('Asia/Seoul'));
};

describe('an approval as evidence', () => {
  it('says why, and where the evidence is, and never who approved', () => {
    expect(words({ attributes: { reason: 'Presented a finding', evidence: 'https://x.example/1', room: 'B' } })).toEqual({
      en: '2026-03-02: Data Workshop, approved: Presented a finding (https://x.example/1)',
      ko: '2026-03-02: 데이터 워크숍, 승인: Presented a finding (https://x.example/1)',
    });
    expect(words({}).en).toBe('2026-03-02: Data Workshop, approved');
    expect(words({ attributes: { evidence: 'https://x.example/1', reason: 7 } }).en).toBe('2026-03-02: Data Workshop, approved (https://x.example/1)');
  });
});
