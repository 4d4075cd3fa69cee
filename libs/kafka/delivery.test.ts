import { MAX_RAW_BYTES } from '#intake/delivery.js';
import { readCloudEvent } from '#intake/cloud-event.js';
import { deadLetterOf, shortened } from './dead-letter.js';
import { deliveryOf } from './delivery.js';
import type { Headers, KafkaMessage } from './message.js';

const FROM = { topic: 'learning-events', partition: 7 };
const event = { id: 'e1', source: 'lms', type: 'AssignmentGraded', learner: 'ada:1', course: 'c', activity: 'a', time: '2026-02-01', score: 1, max: 1 };
const message = (key: string | null, value: unknown, headers?: Headers): KafkaMessage => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  offset: '42', timestamp: '1000', ...(headers && { headers }),
});
const read = (key: string | null, value: unknown, headers?: Headers) => deliveryOf(message(key, value, headers), FROM, { tenant: 't', rule: 'learner' });

describe('a message as a delivery', () => {
  it('is our own format, with its place as origin', () => {
    expect(read('t:ada:1', event)).toMatchObject({ format: 'proofmark', origin: 'kafka:learning-events/7/42', mapped: { ok: true, events: [{ id: 'e1' }] } });
  });

  const { id, source, type: _type, time: _time, ...data } = event;
  const attributes = { specversion: '1.0', id, source, type: 'proofmark.assignment-graded', time: '2026-02-01T00:00:00Z' };

  it('is a CloudEvent where its content type says so', () => {
    for (const type of ['application/cloudevents+json', 'Application/CloudEvents+JSON; charset=UTF-8']) {
      expect(read('t:ada:1', { ...attributes, data }, { 'content-type': Buffer.from(type) })).toMatchObject({ format: 'cloudevent', mapped: { ok: true, events: [{ id: 'e1', type: 'AssignmentGraded' }] } });
    }
    expect(read('t:ada:1', [{}], { 'content-type': 'application/cloudevents-batch+json' }).mapped).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('is a CloudEvent where its headers are one, kept whole so that it can be read again', () => {
    const headers = { ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, Buffer.from(value)])), 'content-type': 'application/json', other: 'x' };
    const delivery = read('t:ada:1', data, headers);
    expect(delivery).toMatchObject({ format: 'cloudevent', mapped: { ok: true, events: [{ id: 'e1' }] } });
    expect(readCloudEvent(delivery.raw)).toEqual(delivery.mapped);
    expect(read('t:ada:1', data, { ...headers, 'content-type': 'text/plain' }).mapped).toMatchObject({ ok: false, detail: expect.stringContaining('datacontenttype') as string });
    expect(read('t:ada:1', data, { ...headers, ce_specversion: ['1.0', '0.3'] }).mapped.ok).toBe(true);
  });

  it('may have headers without a value', () => {
    expect(read('t:ada:1', event, { 'content-type': null, ce_time: null }).mapped.ok).toBe(true);
    expect(read('t:ada:1', data, { ce_specversion: null }).mapped).toMatchObject({ ok: false, reason: 'malformed' });
    expect(read('t:ada:1', data, { ce_specversion: [null, '1.0'] }).mapped).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('is held to its key', () => {
    expect(read(null, event).mapped.ok).toBe(true);
    expect(read('t:bob', event)).toMatchObject({ format: 'proofmark', mapped: { ok: false, reason: 'invalid', fields: [{ field: 'key' }] } });
    expect(read('u:ada:1', event)).toMatchObject({ format: 'kafka-foreign', mapped: { ok: false, reason: 'invalid', fields: [{ field: 'key' }] } });
    expect(read('t', event).format).toBe('kafka-foreign');
    expect(read('t:bob', '{').mapped).toMatchObject({ ok: false, reason: 'malformed' });
    const course = { id: 'c1', source: 'lms', type: 'CourseOpened', course: 'c', time: '2026-01-01' };
    expect(read('t:c', course).mapped.ok).toBe(true);
    expect(deliveryOf(message('t:c:lms/c1', course), FROM, { tenant: 't', rule: 'tenant' }).mapped.ok).toBe(true);
    expect(deliveryOf(message('u:c', course), FROM, { tenant: 't', rule: 'tenant' }).mapped.ok).toBe(false);
  });

  it('without a value is malformed', () => {
    expect(read('t:ada', null)).toMatchObject({ raw: '', mapped: { ok: false, reason: 'malformed', detail: expect.stringContaining('tombstone') as string } });
  });

  it('that is too long keeps only its start', () => {
    const long = deliveryOf({ ...message('t:ada', ''), value: Buffer.alloc(MAX_RAW_BYTES + 1, 'x') }, FROM, { tenant: 't', rule: 'learner' });
    expect(long.raw).toHaveLength(64 * 1024);
    expect(long.oversize).toEqual({ bytes: MAX_RAW_BYTES + 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(deliveryOf({ ...message('t:ada', ''), value: Buffer.alloc(MAX_RAW_BYTES, 'x') }, FROM, { tenant: 't', rule: 'learner' }).oversize).toBeUndefined();
  });
});

describe('a dead letter', () => {
  const rejection = { outcome: 'rejected', reason: 'invalid', detail: 'score: must be 0 or more', letter: 'l1' } as const;

  it('keeps key, value and headers, says why and where from, and goes where its key goes', () => {
    const letter = deadLetterOf(message('t:ada', 'x', { traceparent: 'abc' }), FROM, rejection, 12);
    expect(letter).toEqual({
      key: Buffer.from('t:ada'), value: Buffer.from('x'), partition: 7,
      headers: {
        traceparent: 'abc', 'proofmark-reason': 'invalid', 'proofmark-detail': 'score: must be 0 or more', 'proofmark-letter': 'l1',
        'proofmark-source-topic': 'learning-events', 'proofmark-source-partition': '7', 'proofmark-source-offset': '42', 'proofmark-source-timestamp': '1000',
      },
    });
    expect(deadLetterOf(message(null, null), FROM, rejection, 4)).toMatchObject({ key: null, value: null, partition: 3 });
  });

  it('lets no header of the sender say where it is from', () => {
    expect(deadLetterOf(message('t:ada', 'x', { 'proofmark-source-offset': '1' }), FROM, rejection, 1).headers?.['proofmark-source-offset']).toBe('42');
  });

  it('can be made short enough for any topic', () => {
    const letter = deadLetterOf(message('t:ada', 'x'.repeat(500_000), { much: 'y'.repeat(500_000), 'proofmark-signature': 'z'.repeat(500_000) }), FROM, rejection, 12);
    const short = shortened(letter);
    expect(short.value).toHaveLength(64 * 1024);
    for (const name of ['much', 'proofmark-signature']) expect(Object.keys(short.headers ?? {})).not.toContain(name);
    expect(short).toMatchObject({ key: letter.key, partition: 7, headers: { 'proofmark-bytes': '500000', 'proofmark-letter': 'l1' } });
  });
});
