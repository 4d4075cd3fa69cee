import { openDecoder, type Decode } from './decoder.ts';
import { readScanned } from './scanned.ts';

/*
 * The camera on the page to verify a badge. The page works without: the server has put everything else there, and what is said here stands in
 * its markup, in its language. Pictures stay in this browser.
 */

/** More pixels than this cost time and find no more. */
const WIDEST = 640;
/** So long a camera rests between two looks, milliseconds. */
const REST_MS = 120;

const place = document.getElementById('scan');
const [start, stop] = place?.querySelectorAll('button') ?? [];
const [view, video, status] = [place?.querySelector('div'), place?.querySelector('video'), place?.querySelector('p')];

let stream: MediaStream | undefined;

/** Why there is no picture, by what the browser calls it. */
const WHY: Readonly<Record<string, string>> = { NotAllowedError: 'refused', SecurityError: 'refused', NotFoundError: 'none', OverconstrainedError: 'none', NotReadableError: 'busy', AbortError: 'busy' };

const say = (what: string, more = ''): void => {
  if (status) status.textContent = `${place?.dataset[what] ?? ''}${more && ` ${more}`}`;
};

const end = (): void => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  if (view) view.hidden = true;
  if (start) start.hidden = false;
};

const pictureOf = (from: HTMLVideoElement, canvas: HTMLCanvasElement): boolean => {
  const scale = Math.min(1, WIDEST / from.videoWidth);
  canvas.width = Math.round(from.videoWidth * scale);
  canvas.height = Math.round(from.videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || canvas.width === 0) return false;
  context.drawImage(from, 0, 0, canvas.width, canvas.height);
  return true;
};

/** Looks until a code is found or the camera is off. */
const look = async (from: HTMLVideoElement, decode: Decode, of: MediaStream): Promise<string | undefined> => {
  const canvas = document.createElement('canvas');
  while (stream === of) {
    const found = from.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && pictureOf(from, canvas) ? await decode(canvas) : undefined;
    if (found !== undefined && found !== '') return found;
    await new Promise((rested) => setTimeout(rested, REST_MS));
  }
  return undefined;
};

const scan = async (): Promise<void> => {
  if (!place || !start || !stop || !view || !video) return;
  say('starting');
  start.hidden = true;
  try {
    const [opened, decode] = await Promise.all([navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }), openDecoder()]);
    stream = opened;
    video.srcObject = opened;
    view.hidden = false;
    stop.focus();
    await video.play();
    say('looking');
    const text = await look(video, decode, opened);
    if (text === undefined) return;
    end();
    const scanned = readScanned(text, (place.dataset['root'] ?? '').replace(/\/$/, ''), [location.origin, place.dataset['origin'] ?? location.origin]);
    if ('page' in scanned) {
      say('found');
      location.assign(`${scanned.page}?via=qr&lang=${document.documentElement.lang}`);
      return;
    }
    say('foreign', scanned.foreign);
    start.focus();
  } catch (error) {
    end();
    say(WHY[(error as Partial<DOMException>).name ?? ''] ?? 'failed');
    start.focus();
  }
};

if (place && typeof navigator.mediaDevices?.getUserMedia === 'function') {
  place.hidden = false;
  start?.addEventListener('click', () => void scan());
  stop?.addEventListener('click', () => {
    end();
    say('stopped');
    start?.focus();
  });
  // Nobody is looked at from a page that is not seen.
  document.addEventListener('visibilitychange', () => document.hidden && stream && (end(), say('stopped')));
}
