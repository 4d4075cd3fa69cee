import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useLanguage } from '../language.ts';
import { heightOf, scaleOf, type Bar } from './bars.ts';
import { dayBefore, daysBetween, type Interval } from './days.ts';
import type { Filter } from './search.ts';
import { useWidth } from './width.ts';

const [HEIGHT, TOP, BOTTOM, CHARACTER] = [220, 8, 26, 8];
const A_LABEL = 96;

/** The days that a bar is about, as far as they were asked for; with what else was asked. */
export const rowsBehind = ({ start, end }: Bar, { from, to, ...of }: Filter): Filter => {
  const last = dayBefore(end);
  return { ...of, from: from !== undefined && from > start ? from : start, to: to !== undefined && to < last ? to : last };
};

/** Bars over time, true to the days they are about; the table beside it says the same. */
export const BarChart = ({ bars, interval, filter, name }: { readonly bars: readonly Bar[]; readonly interval: Interval; readonly filter: Filter; readonly name: (bar: Bar) => string }) => {
  const { t, day, number } = useLanguage();
  const [ref, width] = useWidth<HTMLDivElement>();
  const hatch = useId();
  const [first, last] = [bars[0]?.start ?? '', bars.at(-1)?.end ?? ''];
  const scale = scaleOf(Math.max(...bars.map(heightOf)));
  const top = scale.at(-1) ?? 1;
  const left = 8 + CHARACTER * number(top).length;
  const along = (at: string): number => left + ((width - left) * daysBetween(first, at)) / Math.max(1, daysBetween(first, last));
  const up = (amount: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * amount) / top;
  const style = interval === 'month' || daysBetween(first, last) > 366 ? 'short-month' : 'short';
  // As many days are named as have the room, each where a bar begins.
  let free = left;
  const named = bars.filter(({ start }) => {
    const at = along(start);
    if (at < free || at > width - A_LABEL / 2) return false;
    free = at + A_LABEL;
    return true;
  });
  return (
    <div ref={ref} style={{ height: HEIGHT }}>
      {width > 0 && (
        <svg aria-hidden="true" width={width} height={HEIGHT} className="block overflow-visible text-xs">
          <defs>
            <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" className="fill-surface" />
              <rect width="3" height="6" className="fill-chart" />
            </pattern>
          </defs>
          {scale.map((amount) => (
            <g key={amount}>
              <line x1={left} x2={width} y1={up(amount)} y2={up(amount)} className={amount === 0 ? 'stroke-quiet' : 'stroke-line'} />
              <text x={left - 8} y={up(amount)} dy="0.32em" textAnchor="end" className="fill-quiet">
                {number(amount)}
              </text>
            </g>
          ))}
          {bars.map((bar) => {
            const [from, to] = [along(bar.start), along(bar.end)];
            const gap = Math.min(2, (to - from) / 5);
            const height = up(0) - up(heightOf(bar));
            return (
              <Link key={bar.start} to="/awards" search={rowsBehind(bar, filter)} tabIndex={-1} preload={false}>
                <title>{`${name(bar)}: ${bar.amount === null ? t('analytics.untold') : number(bar.amount)}`}</title>
                <rect x={from} y={TOP} width={to - from} height={HEIGHT - TOP - BOTTOM} className="fill-transparent hover:fill-line/60" />
                {height > 0 && <rect x={from + gap / 2} y={up(0) - height} width={Math.max(1, to - from - gap)} height={height} className={`pointer-events-none ${bar.intervals > 1 ? 'stroke-chart' : 'fill-chart'}`} {...(bar.intervals > 1 && { fill: `url(#${hatch})` })} />}
                {bar.amount === null && <line x1={from + gap / 2} x2={to - gap / 2} y1={up(0) - 3} y2={up(0) - 3} strokeDasharray="3 3" strokeWidth={2} className="pointer-events-none stroke-quiet" />}
              </Link>
            );
          })}
          {named.map(({ start }) => (
            <g key={start}>
              <line x1={along(start)} x2={along(start)} y1={up(0)} y2={up(0) + 5} className="stroke-quiet" />
              <text x={along(start)} y={HEIGHT - 4} className="fill-quiet">
                {day(start, style)}
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
};
