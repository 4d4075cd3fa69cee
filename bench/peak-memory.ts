// Loaded into a measured process before its program: tells the peak of its resident memory, in bytes, on file
// descriptor 3 when it ends. The kernel's own high-water mark misses nothing, as looking now and then would.
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const KIB = 1024;

const peakKiB = (): number => {
  // Where there is no /proc: this one may also hold the peak of the process that started us, if that was higher.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
};

if (isMainThread) process.once('exit', () => writeSync(3, String(peakKiB() * KIB)));
