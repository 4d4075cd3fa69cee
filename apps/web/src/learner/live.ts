import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { urlOf } from '../api/ask.ts';

/** Loads a learner's page anew when something about them is new, as long as it is open. */
export const useLive = (learner: string): void => {
  const queries = useQueryClient();
  useEffect(() => {
    const stream = new EventSource(urlOf(`/v1/learners/${encodeURIComponent(learner)}/changes`));
    const renew = (): void => {
      for (const key of ['growth-path', 'timeline', 'explanation', 'award']) void queries.invalidateQueries({ queryKey: [key] });
    };
    stream.addEventListener('changed', renew);
    return () => stream.close();
  }, [learner, queries]);
};
