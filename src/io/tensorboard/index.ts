export type { EventImage } from './image.ts';
export { type Events, type EventsOptions, openEvents } from './open-events.ts';
