import { DeviceLostError } from 'wgrad';
import type { Settings } from '../settings/settings.ts';
import { stopDownloading } from './data-sets.ts';
import type { Emit } from './emit.ts';
import { forgetDevice } from './open-device.ts';
import { Session } from './session.ts';
import { turn } from './turn.ts';

/** Devices lost one after the other without a step in between: there is none to be had. */
const MOST_LOSSES = 3;

/** The session there is: replaced where other settings are asked for, and where its device is lost. */
export class CurrentSession {
  readonly #emit: Emit;
  #session: Promise<Session> | undefined;
  #losses = 0;
  #stepsAtLoss = -1;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  get session(): Promise<Session> {
    if (!this.#session) throw new Error('Nothing is set up yet.');
    return this.#session;
  }

  /** `others` is what uses the device of before, and is waited for. */
  setUp(settings: Settings, others: readonly Promise<unknown>[]): Promise<Session> {
    const former = this.#session;
    stopDownloading();
    return this.#replace(async () => {
      await (await former?.catch(() => undefined))?.trainer.stop();
      await Promise.allSettled(others);
      return settings;
    });
  }

  /**
   * Goes on from the last weights on a device opened anew, if it is this session that has lost its own;
   * the session that goes on.
   */
  async recover(lost: Promise<Session>, error: DeviceLostError): Promise<Session> {
    if (lost !== this.#session) return this.session;
    const former = await lost;
    const { steps } = former.trainer.done;
    this.#losses = steps === this.#stepsAtLoss ? this.#losses + 1 : 1;
    this.#stepsAtLoss = steps;
    if (this.#losses > MOST_LOSSES) throw error;
    const stepsLeft = former.trainer.stepsLeft;
    void former.trainer.stop();
    forgetDevice();
    const session = await this.#replace(async () => former.settings, former);
    const { reason } = session.facts.device;
    this.#emit('recovered', { why: error.message, reason });
    await turn(); // what has waited for the session comes first
    if (stepsLeft > 0) session.trainer.train(stepsLeft);
    return session;
  }

  #replace(settled: () => Promise<Settings>, former?: Session): Promise<Session> {
    const session: Promise<Session> = settled().then((settings) =>
      Session.open(settings, this.#emit, (error) => void this.#fail(session, error), former),
    );
    this.#session = session;
    return session;
  }

  /** Where a training ends in an error. */
  async #fail(session: Promise<Session>, error: unknown): Promise<void> {
    if (session !== this.#session) return;
    try {
      if (!(error instanceof DeviceLostError)) throw error;
      await this.recover(session, error);
    } catch (failure) {
      this.#emit('failed', failure instanceof Error ? failure.message : String(failure));
    }
  }
}
