import { createHash } from 'node:crypto';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand in HTML, in quoted attributes too. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf7;--surface:#fff;--ink:#1b1f2a;--quiet:#5b6270;--line:#e5e2da;--accent:#0b6e69;--met:#1d7a46;--near:#a15c00;--wrong:#b3261e;--shadow:0 1px 2px #1b1f2a14,0 8px 24px #1b1f2a0d}
@media (prefers-color-scheme:dark){:root{--paper:#12141a;--surface:#1a1d25;--ink:#eceae4;--quiet:#a3a9b6;--line:#2c313c;--accent:#4fc3ba;--met:#5bc98a;--near:#e0a458;--wrong:#f2897f;--shadow:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 Pretendard,system-ui,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans KR Variable",sans-serif;overflow-wrap:anywhere;word-break:keep-all}
main{max-width:45rem;margin:0 auto;padding:1.25rem 1rem 3rem}
@media (min-width:40rem){main{padding:3rem 1.5rem 4rem}}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:10px;box-shadow:var(--shadow);padding:1.5rem 1.25rem}
@media (min-width:40rem){.card{padding:2rem}}
header{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;margin:0 0 1rem;font-size:.875rem;color:var(--quiet)}
header a{color:inherit}
.top{display:grid;gap:1.25rem;justify-items:center;text-align:center}
.top img{width:min(13rem,60vw);height:auto}
@media (min-width:40rem){.top{grid-template-columns:13rem 1fr;text-align:left;justify-items:start;align-items:center;gap:2rem}.top img{width:13rem}}
.verdict{display:inline-flex;align-items:center;gap:.5rem;margin:0 0 .5rem;font-weight:600;color:var(--tone)}
.mark{display:inline-grid;place-items:center;width:1.5rem;height:1.5rem;border-radius:50%;background:var(--tone);color:var(--surface);font-size:.875rem;flex:none}
.good{--tone:var(--met)}.bad{--tone:var(--wrong)}.unsure{--tone:var(--near)}.open{--tone:var(--quiet)}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 .5rem}
h1.verdict{font-size:1.25rem}
h2{font-size:1rem;line-height:1.2;margin:2rem 0 .75rem}
p{margin:0 0 .75rem}
.lead{color:var(--quiet);margin:0}
.lead strong{color:var(--ink);font-weight:600}
details{border-top:1px solid var(--line)}
details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:.875rem 0;font-weight:600}
details>div{padding:0 0 1rem}
ul{list-style:none;margin:0;padding:0}
.facts{color:var(--quiet);font-size:.875rem;margin:.25rem 0 1rem;font-variant-numeric:tabular-nums}
.facts li{padding:.0625rem 0}
.asked{margin:0}
.reached{margin:.125rem 0;color:var(--quiet);font-size:.875rem;font-variant-numeric:tabular-nums}
.checks li{display:grid;grid-template-columns:1.5rem 1fr;gap:.75rem;padding:.5rem 0;align-items:start}
.checks .mark{width:1.25rem;height:1.25rem;font-size:.75rem;margin-top:.125rem}
.checks small{display:block;color:var(--quiet);font-size:.875rem}
.scan{margin:0 0 1.5rem}
.scan video{display:block;width:100%;max-height:60vh;border-radius:10px;background:#000;margin:0 0 .75rem;object-fit:cover}
.scan p{margin:.75rem 0 0;color:var(--quiet)}
.scan p:empty{margin:0}
[hidden]{display:none}
.badges li+li{border-top:1px solid var(--line)}
.badges{margin-top:1.25rem}
.badge{display:grid;grid-template-columns:auto 1fr;gap:1rem;align-items:center;padding:1rem 0;color:inherit;text-decoration:none}
.badge img{width:5rem;height:5rem}
@media (min-width:40rem){.badge{gap:1.5rem}.badge img{width:6rem;height:6rem}}
.badge .lead,.name,.state{display:block}
.name{font-size:1.125rem}
.badge:hover .name{text-decoration:underline}
.state{display:flex;gap:.5rem;align-items:center;margin-top:.375rem;font-size:.875rem;font-weight:600;color:var(--tone)}
.state .mark{width:1.25rem;height:1.25rem;font-size:.75rem}
.links{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;margin:0 0 1rem}
.code{font-variant-numeric:tabular-nums;letter-spacing:.08em;font-weight:600;white-space:nowrap}
form{display:grid;gap:.75rem;margin:0 0 2rem}
label{font-weight:600}
input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:.75rem;width:100%;min-width:0}
button,.go{font:inherit;font-weight:600;color:var(--surface);background:var(--accent);border:0;border-radius:10px;padding:.75rem 1.25rem;justify-self:start;cursor:pointer;min-height:44px}
.go{display:inline-block;text-decoration:none}
.choice{display:block;width:100%;text-align:left;font-weight:400;color:inherit;background:none;border:1px solid var(--line)}
.choice:hover{border-color:var(--accent)}
.choice strong{display:block;font-weight:600}
.choice span{color:var(--quiet);font-size:.875rem}
.choices form{margin:0 0 .75rem}
footer{margin-top:1.5rem;color:var(--quiet);font-size:.875rem}
`;

/**
 * What a device's own families lack comes with the pages: where one that is named before has a letter, no part is loaded for it. At the end of
 * the body, since what stands above it is shown without waiting.
 */
const FONTS = '<link rel="stylesheet" href="/app/fonts.css">';

/** The source expression that lets the pages' own style through their content security policy. */
export const PAGE_STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** What stands around the content of a page. */
export interface Page {
  readonly language: string;
  readonly title: string;
  /** Elements for the head, as HTML. */
  readonly head?: string;
  /** As HTML. */
  readonly body: string;
}

/** A page for people that needs no script. */
export const page = ({ language, title, head = '', body }: Page): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" type="image/svg+xml" href="/app/favicon.svg"><title>${escapeHtml(title)}</title>
<meta name="robots" content="noindex">${head}<style>${STYLE}</style></head>
<body><main>
${body}
</main>${FONTS}</body></html>
`;

/** A page whose own addresses stand below a path of the server: that of a tenant beside the engine's own. Foreign text has no quotes in HTML. */
export const below = (root: string, html: string): string => html.replaceAll('="/', `="${root}/`);
