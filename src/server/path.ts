/** Rules for the paths of znodes (TREE-15, VAL-17, TREE-29). */

/** `/`, `/zookeeper` and its two nodes cannot be deleted (VAL-02). */
const specialPaths: ReadonlySet<string> = new Set(['/', '/zookeeper', '/zookeeper/quota', '/zookeeper/config']);

export function isSpecialPath(path: string): boolean {
  return specialPaths.has(path);
}

/** The text before the last '/', which is '' for the root; null when the path has no '/' or holds a NUL. */
export function parentOf(path: string): string | null {
  const slash = path.lastIndexOf('/');
  return slash === -1 || path.includes('\0') ? null : path.slice(0, slash);
}

/** The text after the last '/'. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** TREE-15, by UTF-16 unit. */
export function isValidPath(path: string): boolean {
  if (path === '/') return true;
  if (!path.startsWith('/') || path.endsWith('/')) return false;
  let start = 1;
  for (let i = 1; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit === 0x2f) {
      if (!isValidComponent(path, start, i)) return false;
      start = i + 1;
    } else if (isRefused(unit)) return false;
  }
  return isValidComponent(path, start, path.length);
}

/** Neither empty nor '.' nor '..'. */
function isValidComponent(path: string, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return false;
  if (length > 2 || path.charCodeAt(start) !== 0x2e) return true;
  return length === 2 && path.charCodeAt(start + 1) !== 0x2e;
}

function isRefused(unit: number): boolean {
  if (unit < 0x7f) return unit <= 0x1f;
  return unit <= 0x9f || (unit >= 0xd800 && unit <= 0xf8ff) || unit >= 0xfff0;
}

/** TREE-10: as Java prints `%010d`, sign included in the width. */
export function sequenceSuffix(cversion: number): string {
  return cversion < 0 ? `-${String(-cversion).padStart(9, '0')}` : String(cversion).padStart(10, '0');
}
