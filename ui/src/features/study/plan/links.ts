// Lines of the timeline from what a milestone needs to the milestone: level and upright, past marks.
import type { EntityId, PlanRow } from '../../../platform/contract.gen';
import { MARK, ROW, yOf, type LaneBox } from './geometry';

interface Point {
  x: number;
  y: number;
}

export interface Link {
  /** Corners of a line of level and upright pieces. */
  points: Point[];
  id: string;
}

/** How far beside a mark a line passes. Units: pixels. */
const BESIDE = MARK + 4;
/** How many places for the upright piece are tried, farther and farther from the mark. */
const TRIES_MAX = 6;

/** Down into the gap below (or above) the row, along it, and upright to the mark, past the others. */
function route(from: Point, to: Point, marks: Point[]): Point[] {
  const side = to.y < from.y ? -1 : 1;
  const gap = from.y + (side * ROW) / 2;
  const [top, bottom] = [Math.min(gap, to.y), Math.max(gap, to.y)];
  const isClear = (x: number) =>
    marks.every((one) => one.y < top || one.y > bottom || Math.abs(one.x - x) > MARK + 1);
  const tries = Array.from({ length: TRIES_MAX }, (_, n) => to.x - BESIDE - 4 * n);
  const x = tries.find(isClear) ?? to.x - BESIDE;
  return [
    { x: from.x, y: from.y + side * MARK },
    { x: from.x, y: gap },
    { x, y: gap },
    { x, y: to.y },
    { x: to.x - MARK, y: to.y },
  ];
}

/** Lines from what a milestone needs to the milestone, of those that `wanted` names. */
export function linksOf(boxes: LaneBox[], wanted: (row: PlanRow) => boolean): Link[] {
  const places = new Map<EntityId, Point>();
  for (const box of boxes)
    for (const mark of box.marks) places.set(mark.row.id, { x: mark.x, y: yOf(box, mark.at) });
  const marks = [...places.values()];
  return boxes.flatMap((box) =>
    box.marks
      .filter((mark) => wanted(mark.row))
      .flatMap((mark) =>
        mark.row.needs.flatMap((need): Link[] => {
          const from = places.get(need);
          const to = places.get(mark.row.id);
          return from && to
            ? [{ points: route(from, to, marks), id: `${need} ${mark.row.id}` }]
            : [];
        }),
      ),
  );
}
