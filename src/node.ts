// What needs Node and, some of it, packages of its own: the second entry, `wgrad/node`.
// The first, `wgrad`, runs in browsers too and needs no other package.

export {
  type EventImage,
  type Events,
  type EventsOptions,
  openEvents,
} from './io/tensorboard/index.ts';
export * as report from './report/index.ts';
