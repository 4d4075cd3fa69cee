import { linksOf } from './paging.js';
import { serviceDescription } from './service-description.js';
import { statusInfo } from './status-info.js';

const ADDRESS = 'https://badges.school.example/ims/ob/v3p0/credentials?learner=a%26b';
const links = (offset: number, total: number, limit = 2): Readonly<Record<string, string>> =>
  Object.fromEntries([...linksOf({ address: ADDRESS, limit, offset, total }).matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, href = '', relation = '']) => {
    const { searchParams } = new URL(href);
    expect([searchParams.get('learner'), searchParams.get('limit')]).toEqual(['a&b', String(limit)]);
    return [relation, searchParams.get('offset') ?? ''];
  }));

describe('links of the Open Badges 3.0 API', () => {
  it('have the first and the last part always, the next and the previous where there is one', () => {
    expect(links(0, 5)).toEqual({ next: '2', last: '4', first: '0' });
    expect(links(2, 5)).toEqual({ next: '4', last: '4', first: '0', prev: '0' });
    expect(links(4, 5)).toEqual({ last: '4', first: '0', prev: '2' });
    expect(links(1, 4)).toEqual({ next: '3', last: '2', first: '0', prev: '0' });
    expect(links(0, 0)).toEqual({ last: '0', first: '0' });
    expect(links(0, 4)).toEqual({ next: '2', last: '2', first: '0' });
    expect(links(2, 4)).toEqual({ last: '2', first: '0', prev: '0' });
    expect(links(100, 4)).toEqual({ last: '2', first: '0', prev: '98' });
  });
});

describe('the service description', () => {
  it('has all that the specification requires: the scheme with its addresses and the four scopes', () => {
    const { openapi, info, components, paths, servers } = serviceDescription({ base: 'https://badges.school.example', name: 'Proofmark', version: '1' }) as unknown as Record<string, Record<string, unknown>>;
    expect(openapi).toMatch(/^3\.0\./);
    expect(info).toMatchObject({ title: expect.any(String) as string, version: '1', termsOfService: expect.any(String) as string, 'x-imssf-privacyPolicyUrl': expect.any(String) as string });
    expect(servers).toEqual([{ url: 'https://badges.school.example/ims/ob/v3p0' }]);
    expect(Object.keys(paths ?? {})).toEqual(['/discovery', '/credentials', '/profile']);
    const { OAuth2ACG } = components?.['securitySchemes'] as Record<string, Record<string, unknown>>;
    const address = expect.stringMatching(/^https:/) as string;
    expect(OAuth2ACG).toMatchObject({ type: 'oauth2', 'x-imssf-registrationUrl': address, flows: { authorizationCode: { authorizationUrl: address, tokenUrl: address, refreshUrl: address } } });
    const { scopes } = (OAuth2ACG?.['flows'] as { authorizationCode: { scopes: object } }).authorizationCode;
    expect(Object.keys(scopes)).toEqual(['credential.readonly', 'credential.upsert', 'profile.readonly', 'profile.update'].map((scope) => `https://purl.imsglobal.org/spec/ob/v3p0/scope/${scope}`));
  });
});

describe('an error', () => {
  it('is an Imsx_StatusInfo', () => {
    expect(statusInfo(404, 'why')).toMatchObject({ imsx_codeMajor: 'failure', imsx_severity: 'error', imsx_description: 'why', imsx_codeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldValue: 'unknownobject' }] } });
  });
});
