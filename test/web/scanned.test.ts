import { readScanned } from '../../apps/web/src/verify/scanned.js';

const ORIGINS = ['https://badges.school.example', 'http://127.0.0.1:3000'];
const CODE = '7K3M9QTX2HBW5RZC';

describe('what a QR code says', () => {
  it.each([
    [`https://badges.school.example/v/${CODE}?via=qr`, `/v/${CODE}`],
    [`http://127.0.0.1:3000/v/${CODE}`, `/v/${CODE}`],
    [`https://badges.school.example/t/saebyeok/v/${CODE}?via=qr`, `/t/saebyeok/v/${CODE}`],
    ['7K3M-9QTX-2HBW-5RZC', `/t/own/v/${CODE}`],
    [` ${CODE.toLowerCase()}\n`, `/t/own/v/${CODE}`],
  ])('leads to the page of a badge on this server: %s', (text, page) => {
    expect(readScanned(text, '/t/own', ORIGINS)).toEqual({ page });
  });

  it.each([
    [`https://elsewhere.example/v/${CODE}`, 'elsewhere.example'],
    [`https://badges.school.example.evil.example/v/${CODE}`, 'badges.school.example.evil.example'],
    [`https://badges.school.example@evil.example/v/${CODE}`, 'evil.example'],
    [`https://badges.school.example/sign-in?to=/v/${CODE}`, 'badges.school.example'],
    [`https://badges.school.example/v/../sign-out`, 'badges.school.example'],
    ['javascript:alert(1)', 'javascript:alert(1)'],
    ['WIFI:S:guest;;', 'WIFI:S:guest;;'],
    ['x'.repeat(500), 'x'.repeat(80)],
  ])('leads nowhere else: %s', (text, foreign) => {
    expect(readScanned(text, '', ORIGINS)).toEqual({ foreign });
  });
});
