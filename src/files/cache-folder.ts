/**
 * The folder for files that wgrad can fetch again: `$XDG_CACHE_HOME/wgrad` where that is set, else
 * what the system calls a cache (`~/.cache/wgrad`, `~/Library/Caches/wgrad`,
 * `%LOCALAPPDATA%\wgrad\Cache`). Nothing is created. Node only.
 */
export async function cacheFolder(
  environment: Record<string, string | undefined> = process.env,
  platform: string = process.platform,
): Promise<string> {
  const { homedir } = await import('node:os');
  const path = await import('node:path');
  const { isAbsolute, join } = platform === 'win32' ? path.win32 : path.posix;
  const xdg = environment.XDG_CACHE_HOME;
  // The XDG specification says that a relative path is to be ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'wgrad');
  if (platform === 'win32') {
    const local = environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
    return join(local, 'wgrad', 'Cache');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'wgrad');
  return join(homedir(), '.cache', 'wgrad');
}
