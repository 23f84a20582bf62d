import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/table.css';
import './styles/frame.css';
import './styles/forms.css';
import './shared/theme.ts';
import { errorRegistry } from '@shebao/contract';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSessionEnds } from './shared/client.ts';
import { notify } from './shared/notify.tsx';
import { queryClient } from './shared/query.ts';
import { forgetSession } from './shared/session.tsx';
import { router } from './shell/router.tsx';

whenSessionEnds((reason) => {
  const { pathname } = router.state.location;
  const start = pathname.startsWith('/office') ? '/office' : '/';
  if (reason === 'signedOut') forgetSession();
  if (pathname === start) return;
  void router.navigate({ to: start, replace: true }).then(() => {
    if (reason === 'signedOut') notify.refusal(errorRegistry.NOT_SIGNED_IN[1]);
  });
});

const container = document.getElementById('root');
if (!container) throw new Error('index.html has no #root');
createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

// After the first paint, so that it delays nothing where a Chinese font is installed.
void import('./styles/fallback-font.ts');
