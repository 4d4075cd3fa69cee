import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AskError } from './api/ask.ts';
import { openLanguage } from './language.ts';
import { openRouter } from './router.tsx';
import { openTheme } from './theme.ts';
import './styles.css';

// What the server says is so does not become otherwise by asking again at once.
const retry = (failures: number, error: Error): boolean => failures < 2 && !(error instanceof AskError && error.status < 500);

openTheme();
await openLanguage();
const queries = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5_000 } } });
const router = openRouter(queries);
const page = document.getElementById('page');
if (!page) throw new Error('the document has no place for the page');
createRoot(page).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
