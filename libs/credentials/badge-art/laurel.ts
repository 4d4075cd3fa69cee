import { around, short, type Point } from './path.js';

const leaf = (root: Point, lean: number, length: number, width: number): string => {
  const at = (along: number, aside: number): string =>
    `${short(root[0] + along * Math.sin(lean) + aside * Math.cos(lean))} ${short(root[1] - along * Math.cos(lean) + aside * Math.sin(lean))}`;
  return `M${at(0, 0)}C${at(length * 0.3, -width)} ${at(length * 0.75, -width * 0.7)} ${at(length, 0)}C${at(length * 0.75, width * 0.7)} ${at(length * 0.3, width)} ${at(0, 0)}Z`;
};

/** Two branches of laurel around the middle that rise from the bottom and leave the top open: one path to fill. */
export const laurel = (radius: number, size: number, pairs: number): string => {
  const [from, to] = [Math.PI * 0.94, Math.PI * 0.2];
  const leaves: string[] = [];
  for (const side of [1, -1]) {
    for (let index = 0; index < pairs; index += 1) {
      const at = index / (pairs - 1);
      const angle = from + (to - from) * at;
      const length = size * (1 - 0.28 * at);
      // A leaf points along the branch, towards the top, and away from it to one side and the other.
      for (const away of [0.52, -0.46]) {
        const root = around(side * angle, radius);
        leaves.push(leaf(root, side * (angle - Math.PI / 2 + away), length, length * 0.2));
      }
    }
    leaves.push(leaf(around(side * to, radius), side * (to - Math.PI / 2), size * 0.7, size * 0.14));
  }
  return leaves.join('');
};
