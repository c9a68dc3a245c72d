import { FIELDS, NAMES, type Settings, settingsFrom } from './settings.ts';

/** Settings as the part of a link behind its #: those alone that are not standard. */
export function toHash(settings: Settings): string {
  const said = new URLSearchParams();
  for (const name of NAMES) {
    if (settings[name] !== FIELDS[name].standard) said.set(name, String(settings[name]));
  }
  return said.toString();
}

/** The settings that a link carries; what is missing there or makes no sense is standard. */
export function fromHash(hash: string): Settings {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  return settingsFrom((name) => said.get(name) ?? undefined);
}
