import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { LogOut, Moon, Sun } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { urlOf } from './api/ask.ts';
import { meQuery } from './api/queries.ts';
import { seesAnalytics } from './analytics/seen-by.ts';
import { givesBadges } from './batches/seen-by.ts';
import { useLanguage } from './language.ts';
import { mayOperate } from './operation/roles.ts';
import { seesPeople } from './people/seen-by.ts';
import { seesProgress } from './progress/seen-by.ts';
import { maySeeRules } from './studio/may-write.ts';
import { useTheme } from './theme.ts';

const LINK = 'inline-flex min-h-11 shrink-0 items-center whitespace-nowrap rounded-card px-3 text-sm text-quiet hover:text-ink data-[status=active]:font-semibold data-[status=active]:text-ink';
const ICON = 'inline-flex size-11 items-center justify-center rounded-card text-quiet hover:text-ink';

/** What is around every page: where one is, where one can go, language and colours. */
export const Shell = () => {
  const { t, language, change } = useLanguage();
  const [theme, setTheme] = useTheme();
  const { data: me } = useQuery(meQuery());
  const isWide = useMatches({ select: (matches) => matches.some(({ staticData }) => staticData.isWide === true) });
  const width = isWide ? 'max-w-[110rem]' : 'max-w-6xl';
  const other = theme === 'dark' ? 'light' : 'dark';
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // On a phone the links are wider than it: where one is, is in sight.
  useEffect(() => {
    const show = (): void => {
      const link = nav.current?.querySelector<HTMLElement>('[aria-current=page]');
      if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.offsetLeft - (nav.current.clientWidth - link.clientWidth) / 2;
    };
    show();
    // Links have their widths once their letters are there.
    let isHere = true;
    void document.fonts.ready.then(() => isHere && show());
    return () => void (isHere = false);
  }, [path, me, language]);
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" onClick={(event) => (event.preventDefault(), document.getElementById('content')?.focus())} className="sr-only focus:not-sr-only focus:fixed focus:left-4 focus:top-4 focus:z-10 focus:rounded-card focus:bg-surface focus:p-3">
        {t('skip')}
      </a>
      <header className="border-b bg-surface">
        <div className={`mx-auto flex w-full flex-wrap items-center gap-x-1 px-4 sm:px-6 ${width}`}>
          <Link to="/" className="mr-2 inline-flex min-h-14 items-center gap-2 font-semibold tracking-tight">
            <span aria-hidden="true" className="grid size-6 place-items-center rounded-full border-2 border-accent text-xs leading-none text-accent">✓</span>
            {t('product')}
          </Link>
          <nav ref={nav} aria-label={t('nav.menu')} className="order-last -mx-3 flex w-full overflow-x-auto sm:order-none sm:mx-0 sm:w-auto">
            {me?.kind === 'person' && me.learner !== undefined && (
              <Link to="/learners/$learner" params={{ learner: me.learner }} activeOptions={{ exact: true, includeSearch: false }} className={LINK}>
                {t('nav.path')}
              </Link>
            )}
            {me?.kind === 'person' && me.learner !== undefined && (
              <Link to="/learners/$learner/data" params={{ learner: me.learner }} className={LINK}>
                {t('data.title')}
              </Link>
            )}
            {me && seesProgress(me) && (
              <Link to="/progress" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('nav.progress')}
              </Link>
            )}
            {me && seesAnalytics(me) && (
              <Link to="/analytics" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('analytics.title')}
              </Link>
            )}
            {maySeeRules(me) && (
              <Link to="/rules" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('nav.rules')}
              </Link>
            )}
            {me && (
              <Link to="/badges" className={LINK}>
                {t('nav.badges')}
              </Link>
            )}
            {me && givesBadges(me) && (
              <Link to="/batches" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('nav.batches')}
              </Link>
            )}
            {me && seesPeople(me) && (
              <Link to="/people" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('nav.people')}
              </Link>
            )}
            {mayOperate(me) && (
              <Link to="/operation" activeOptions={{ includeSearch: false }} className={LINK}>
                {t('nav.operation')}
              </Link>
            )}
          </nav>
          <div className="ml-auto flex items-center">
            <button type="button" lang={language === 'ko' ? 'en' : 'ko'} className={LINK} onClick={() => change(language === 'ko' ? 'en' : 'ko')}>
              {t('nav.language')}
            </button>
            <button type="button" className={ICON} onClick={() => setTheme(other)} aria-label={`${t('nav.theme')}: ${t(`nav.${other}`)}`} title={t(`nav.${other}`)}>
              {theme === 'dark' ? <Sun size={18} aria-hidden="true" /> : <Moon size={18} aria-hidden="true" />}
            </button>
            {me ? (
              <form method="post" action={urlOf('/sign-out')}>
                <button className={ICON} aria-label={t('nav.signOut')} title={t('nav.signOut')}>
                  <LogOut size={18} aria-hidden="true" />
                </button>
              </form>
            ) : (
              me === null && (
                <a href={urlOf('/sign-in?to=/app/')} className={LINK}>
                  {t('nav.signIn')}
                </a>
              )
            )}
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className={`mx-auto w-full grow px-4 py-6 outline-none sm:px-6 sm:py-10 ${width}`}>
        <Outlet />
      </main>
    </div>
  );
};
