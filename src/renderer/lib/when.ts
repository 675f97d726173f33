/** Moments as a person says them. Times are milliseconds since 1970. */

const minute = 60_000;
const hour = 60 * minute;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** A moment to come: '27 Nov 02:00'. */
export function formatMoment(time: number): string {
  const at = new Date(time);
  return `${day.format(at)} ${clock.format(at)}`;
}

/** 'just now', '5 min ago', 'today 14:02', 'yesterday 09:30', '3 Nov 18:20', '3 Nov 2024'. */
export function formatWhen(time: number, now: number): string {
  const age = now - time;
  // Of a clock that was set back since.
  if (age < -minute) return formatMoment(time);
  if (age < minute) return 'just now';
  if (age < hour) return `${Math.floor(age / minute)} min ago`;
  const at = new Date(time);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (time >= midnight) return `today ${clock.format(at)}`;
  if (time >= new Date(midnight - hour).setHours(0, 0, 0, 0))
    return `yesterday ${clock.format(at)}`;
  if (at.getFullYear() !== new Date(now).getFullYear()) return dayOfYear.format(at);
  return formatMoment(time);
}
