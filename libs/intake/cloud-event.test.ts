import fc from 'fast-check';
import { COURSE_FACT_TYPES, CORRECTION_TYPES, LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { cloudEventType, readCloudEvent, structured } from './cloud-event.js';
import { readProofmark } from './proofmark-format.js';

const data = { learner: 'ada', course: 'c', activity: 's1', status: 'present' };
const event = { specversion: '1.0', id: 'e1', source: 'lms', type: 'proofmark.attendance-marked', time: '2026-02-01T09:00:00+01:00', data };
const plain = { id: 'e1', source: 'lms', type: 'AttendanceMarked', time: '2026-02-01T08:00:00Z', ...data };

describe('learning events as CloudEvents', () => {
  it('says what the same event says in our own format', () => {
    expect(readCloudEvent(JSON.stringify(event))).toEqual(readProofmark(plain));
    expect(readCloudEvent(Buffer.from(JSON.stringify(event)))).toEqual(readProofmark(plain));
    expect(readProofmark(plain).ok).toBe(true);
  });

  it('names types by hyphens, each its own', () => {
    const types = [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES];
    expect(cloudEventType('AttendanceMarked')).toBe('proofmark.attendance-marked');
    expect(new Set(types.map(cloudEventType)).size).toBe(types.length);
    const correction = { ...event, type: 'proofmark.fact-retracted', data: { learner: 'ada', target: 'e0' } };
    expect(readCloudEvent(correction)).toMatchObject({ ok: true, events: [{ type: 'FactRetracted', target: 'e0' }] });
  });

  it.each([
    ['lms', 'lms'], ['https://lms.example.org', 'lms.example.org'], ['http://LMS.example.org/', 'lms.example.org'],
  ])('takes the source %s as %s', (source, name) => {
    expect(readCloudEvent({ ...event, source })).toMatchObject({ ok: true, events: [{ source: name }] });
  });

  it('lets the data name the source, and repeat what the attributes say', () => {
    const more = { ...data, id: 'e1', type: 'AttendanceMarked', time: '2026-02-01T08:00:00Z', source: 'lms' };
    expect(readCloudEvent({ ...event, source: 'https://lms.example.org/courses/7', data: more })).toEqual(readProofmark(plain));
  });

  it('takes data in base64, types of JSON, and extensions', () => {
    const { data: _data, ...rest } = event;
    expect(readCloudEvent({ ...rest, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') })).toEqual(readProofmark(plain));
    for (const datacontenttype of ['application/json', 'application/json; charset=utf-8', 'application/vnd.school+json', 'text/json']) {
      expect(readCloudEvent({ ...event, datacontenttype, traceparent: 'x', partitionkey: 't:ada', dataschema: 'https://example.org' }).ok).toBe(true);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['no object', [event], /one JSON object/],
    ['another version', { ...event, specversion: '0.3' }, /specversion/],
    ['no version', { ...event, specversion: undefined }, /specversion/],
    ['no data', { ...event, data: undefined }, /data must be one JSON object/],
    ['text as data', { ...event, data: 'x' }, /data must be one JSON object/],
    ['data twice', { ...event, data_base64: 'e30=' }, /not both/],
    ['bad base64', { ...event, data: undefined, data_base64: '%' }, /base64/],
    ['base64 of no JSON', { ...event, data: undefined, data_base64: 'eA==' }, /data_base64: not JSON/],
    ['another content type', { ...event, datacontenttype: 'application/xml' }, /datacontenttype/],
  ])('calls %s malformed', (_what, delivery, detail) => {
    expect(readCloudEvent(delivery)).toMatchObject({ ok: false, reason: 'malformed', detail: expect.stringMatching(detail) as string });
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown type', { ...event, type: 'proofmark.unknown' }, /type: must be/],
    ['a type without its prefix', { ...event, type: 'AttendanceMarked' }, /type: must be/],
    ['an address with a path as source', { ...event, source: 'https://lms.example.org/a' }, /source: must be/],
    ['no id', { ...event, id: undefined }, /id: is required/],
    ['another id in the data', { ...event, data: { ...data, id: 'e2' } }, /id: the data says otherwise/],
    ['another type in the data', { ...event, data: { ...data, type: 'Enrolled' } }, /type: the data says otherwise/],
    ['another time in the data', { ...event, data: { ...data, time: '2026-02-02' } }, /time: the data says otherwise/],
    ['a field that is none', { ...event, data: { ...data, extra: 1 } }, /extra/],
    ['a reserved name', JSON.stringify(event).replace('"learner"', '"__proto__":{"a":1},"learner"'), /__proto__/],
  ])('calls %s invalid', (_what, delivery, detail) => {
    expect(readCloudEvent(delivery)).toMatchObject({ ok: false, reason: 'invalid', detail: expect.stringMatching(detail) as string });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array(), fc.object().map((members) => ({ ...event, ...members }))), (delivery) => void readCloudEvent(delivery)));
  });
});

describe('CloudEvents whose attributes come beside the data', () => {
  const { data: _data, ...attributes } = event;

  it('become the same in one text', () => {
    expect(readCloudEvent(structured(attributes, Buffer.from(JSON.stringify(data))))).toEqual(readProofmark(plain));
  });

  it('keep data that is no JSON', () => {
    const text = structured(attributes, Uint8Array.of(0xff, 0x00));
    expect(JSON.parse(text)).toEqual({ ...attributes, data_base64: '/wA=' });
    expect(readCloudEvent(text)).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('let no attribute take the place of the data', () => {
    const text = structured({ ...attributes, data: 'x', data_base64: 'eA==' }, Buffer.from(JSON.stringify(data)));
    expect(readCloudEvent(text).ok).toBe(true);
    expect(readCloudEvent(structured(attributes, Buffer.from('1,"id":"other"'))).ok).toBe(false);
  });
});
