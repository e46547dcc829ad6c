/** Numbers and times as Java prints them: what tools parse in the answers for operators. */
import { compareInt64Unsigned, type Int64 } from '../base/int64.ts';
import type { Zxid } from '../base/zxid.ts';

/** Double.toString of a number that is not negative: at least one decimal, and an exponent outside 10^-3 to 10^7. */
export function doubleText(value: number): string {
  if (value !== 0 && (value < 1e-3 || value >= 1e7)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** AvgMinMaxCounter.getAvg: four decimals, half up. */
export function averageOf(total: number, count: number): number {
  return count === 0 ? 0 : Math.round((total / count) * 10_000) / 10_000;
}

/** Long.toHexString: no zeros in front. */
export function hexText(value: Int64): string {
  return value.replace(/^0+(?=.)/, '');
}

/** The same of a zxid; -1 is all ones. */
export function zxidHexText(zxid: Zxid): string {
  return zxid < 0 ? 'f'.repeat(16) : zxid.toString(16);
}

/** Sessions in the order of their ids. */
export function bySession(a: Int64, b: Int64): number {
  return compareInt64Unsigned(a, b);
}

const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const daysOf400Years = 146_097;

/** Date.toString in UTC: `Mon Nov 30 23:50:48 UTC 2026`. */
export function dateText(ms: number): string {
  const day = Math.floor(ms / 86_400_000);
  const seconds = Math.floor(ms / 1000) % 86_400;
  const { year, month, date } = civilOf(day);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits).join(':');
  return `${days[day % 7]} ${months[month]} ${twoDigits(date)} ${clock} UTC ${year}`;
}

/** The Gregorian calendar by days since 1970, with years that begin in March. */
function civilOf(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / daysOf400Years);
  const ofEra = shifted - era * daysOf400Years;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  const year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
  return { year, month, date: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
