import { watchdog } from './watchdog.js';

const at = (position: number, end: number, excused = false) => [{ topic: 'a', partition: 0, position, end, excused }];

describe('the watch on partitions that do not move', () => {
  it('answers one that has messages and stands still for too long', () => {
    const dog = watchdog(100);
    expect(dog.observe(0, at(5, 9))).toEqual([]);
    expect(dog.observe(99, at(5, 20))).toEqual([]);
    expect(dog.observe(100, at(5, 20))).toEqual([{ topic: 'a', partition: 0 }]);
  });

  it.each([
    ['moves', at(6, 9)],
    ['has nothing to read', at(5, 5)],
    ['waits for the store or is at work', at(5, 9, true)],
    ['is somebody else\'s', []],
  ])('begins to count anew after one that %s', (_why, between) => {
    const dog = watchdog(100);
    dog.observe(0, at(5, 9));
    dog.observe(90, between);
    expect(dog.observe(110, at(between[0]?.position ?? 5, 9))).toEqual([]);
    expect(dog.observe(250, at(between[0]?.position ?? 5, 9))).toHaveLength(1);
  });

  it('tells partitions and topics apart', () => {
    const dog = watchdog(100);
    const all = (moving: number) => [
      { topic: 'a', partition: 0, position: 1, end: 2, excused: false },
      { topic: 'a', partition: 1, position: moving, end: 9, excused: false },
      { topic: 'b', partition: 0, position: 1, end: 2, excused: false },
    ];
    dog.observe(0, all(1));
    expect(dog.observe(100, all(2))).toEqual([{ topic: 'a', partition: 0 }, { topic: 'b', partition: 0 }]);
  });
});
