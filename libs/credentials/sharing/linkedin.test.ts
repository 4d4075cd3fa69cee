import { addToProfileUrl, linkedInShareUrl } from './linkedin.js';

const CERTIFICATE = {
  name: 'SQL & Data: 실무 + 100%', organization: 'Hanbit Academy', issuedAt: Date.UTC(2026, 11, 31, 23, 59), url: 'https://badges.school.example/v/0123456789ABCDEF', code: '0123-4567-89AB-CDEF',
};

describe('LinkedIn', () => {
  it('is given every field of its form, in its names', () => {
    const { origin, pathname, search } = new URL(addToProfileUrl({ ...CERTIFICATE, expiresAt: Date.UTC(2028, 0, 1) }));
    expect(origin + pathname).toBe('https://www.linkedin.com/profile/add');
    expect([...new URLSearchParams(search)]).toEqual([
      ['startTask', 'CERTIFICATION_NAME'], ['name', CERTIFICATE.name], ['organizationName', 'Hanbit Academy'], ['issueYear', '2026'], ['issueMonth', '12'],
      ['expirationYear', '2028'], ['expirationMonth', '1'], ['certUrl', CERTIFICATE.url], ['certId', CERTIFICATE.code],
    ]);
    expect(search).not.toContain('+');
  });

  it('shows the organisation with its page where its number is known, and no expiry where there is none', () => {
    const fields = new URL(addToProfileUrl({ ...CERTIFICATE, organizationId: '1337' })).searchParams;
    expect([fields.get('organizationId'), fields.has('organizationName'), fields.has('expirationYear'), fields.has('expirationMonth')]).toEqual(['1337', false, false, false]);
  });

  it('is not given endless texts', () => {
    expect([...(new URL(addToProfileUrl({ ...CERTIFICATE, name: '🎯'.repeat(5_000) })).searchParams.get('name') ?? '')]).toHaveLength(255);
  });

  it('shares a page by its address alone', () => {
    expect(linkedInShareUrl(CERTIFICATE.url)).toBe('https://www.linkedin.com/sharing/share-offsite/?url=https%3A%2F%2Fbadges.school.example%2Fv%2F0123456789ABCDEF');
  });
});
