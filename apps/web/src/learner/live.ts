import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { urlOf } from '../api/ask.ts';

const SHOWS_LEARNER = ['growth-path', 'timeline', 'explanation', 'award'];

/** Loads a learner's page anew when something about them is new, as long as it is open. @param shownAt the log position that the page shows, once it shows something */
export const useLive = (learner: string, shownAt: number | undefined): void => {
  const queries = useQueryClient();
  const [told, setTold] = useState(0);
  const asked = useRef(0);
  useEffect(() => {
    const stream = new EventSource(urlOf(`/v1/learners/${encodeURIComponent(learner)}/changes`));
    stream.addEventListener('changed', ({ data }: MessageEvent<string>) => setTold((JSON.parse(data) as { readonly position: number }).position));
    return () => stream.close();
  }, [learner]);
  useEffect(() => {
    // The stream begins with where the record is, which the page mostly shows already; and what was asked for once need not be again.
    if (shownAt === undefined || told <= shownAt || told <= asked.current) return;
    asked.current = told;
    for (const key of SHOWS_LEARNER) void queries.invalidateQueries({ queryKey: [key] });
  }, [told, shownAt, queries]);
};
