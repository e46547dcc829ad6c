/** Epochs as people tell them apart: a hue from a list that colour-blind eyes can tell apart too, and always the number beside it. */

/** How many hues there are before they come round again. */
export const HUES = 6;

/** Index of the epoch's hue, from 1; 0 for no epoch yet. */
export function hueOf(epoch: number): number {
  return epoch <= 0 ? 0 : ((epoch - 1) % HUES) + 1;
}
