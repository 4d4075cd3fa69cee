import type { Drawing, Scene } from './scene.js';

/** A page in two layers, the lower one of which many certificates have in common: paper, engraving, the badge. */
export interface Layers {
  readonly ground: Scene;
  readonly ink: Scene;
}

const isVector = (drawing: Drawing): boolean => drawing.kind === 'picture' && 'svg' in drawing.content;

/** Pictures, and the shapes that stand among them, are the ground; letters and what comes after the pictures are drawn upon it. */
export const layersOf = (scene: Scene): Layers => {
  const last = scene.drawings.findLastIndex(isVector);
  const isGround = (drawing: Drawing, place: number): boolean => place <= last && (drawing.kind === 'picture' || drawing.kind === 'shape');
  return {
    ground: { ...scene, drawings: scene.drawings.filter(isGround) },
    ink: { ...scene, paper: 'none', drawings: scene.drawings.filter((drawing, place) => !isGround(drawing, place)) },
  };
};
