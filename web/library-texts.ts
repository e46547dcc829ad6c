/** The texts of the scenarios that come with the page: a file of their own, so that they do not count as script. */

export const texts: Readonly<Record<string, string>> = import.meta.glob<string>('../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});
