/** A day in the format that a chat template asks for, as Python's `strftime` writes it whatever the language of the machine. */
import { timeFormatLocale } from 'd3-time-format';

/** Python's C locale. */
const locale = timeFormatLocale({
  dateTime: '%a %b %e %H:%M:%S %Y',
  date: '%m/%d/%y',
  time: '%H:%M:%S',
  periods: ['AM', 'PM'],
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  shortDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  shortMonths: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
});

/** @param date '2026-11-26'; the time of day is midnight */
export function strftime(date: string, format: string): string {
  // A date without a time is midnight in UTC.
  return locale.utcFormat(format)(new Date(date));
}
