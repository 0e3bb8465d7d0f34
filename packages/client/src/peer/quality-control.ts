import type { ParticipantId } from '@callbox/contract';
import {
  limitsBesideScreen,
  startBesideScreen,
  stepBesideScreen,
  type BesideScreen,
  type ScreenSample,
} from '../logic/beside-screen.ts';
import { judgeQuality, newScore, scoreLink, steadyScore, type SteadyScore } from '../logic/link-quality.ts';
import { readLinkStatistics, type LinkReading } from '../logic/link-statistics.ts';
import { noVoiceLoss, stepVoiceLoss, type VoiceLoss } from '../logic/voice-loss.ts';
import { addData, noData } from '../logic/traffic.ts';
import { planScreen, planSending, type SendingPlan, type Wanted } from '../logic/sending-plan.ts';
import { describeUplink, isTight, sampleUplink } from '../logic/uplink-sample.ts';
import { createUplink, keepPictures, stepUplink, thriftOf } from '../logic/uplink.ts';
import type {
  DataUsed,
  LinkQuality,
  LinkStatistics,
  StatisticsPace,
  UplinkState,
} from '../statistics-types.ts';

export interface QualityControlOptions {
  /** One look at the connection to a participant; null when there is none that media can go by now. */
  readonly read: (id: ParticipantId) => Promise<LinkReading | null>;
  /** What each connection may send from now on. */
  readonly onPlans: (plans: ReadonlyMap<ParticipantId, SendingPlan>) => void;
  readonly onQuality: (id: ParticipantId, quality: LinkQuality) => void;
  readonly onUplink: (state: UplinkState) => void;
  /** All connections have been looked at. */
  readonly onLooked: () => void;
}

/** Divides this person's way up among the others, by what they want and by what the statistics show. */
export interface QualityControl {
  add(id: ParticipantId): void;
  remove(id: ParticipantId): void;
  /** How large a participant shows the pictures of this person. */
  setWanted(id: ParticipantId, wanted: Wanted): void;
  setOwn(own: { readonly camera: boolean; readonly screen: boolean }): void;
  /** What the last look at a connection showed. */
  statistics(id: ParticipantId): LinkStatistics | null;
  /** By all connections, those to participants who have left included. */
  dataUsed(): DataUsed;
  setPace(pace: StatisticsPace): void;
  /** Sends pictures again, and goes on to do so for a while whatever is lost. */
  keepPictures(): void;
  stop(): void;
}

const intervalsMs: Readonly<Record<StatisticsPace, number>> = { calm: 10_000, normal: 2_000, close: 1_000 };

/** What is known of one connection. */
interface Watched {
  wanted: Wanted | null;
  reading: LinkReading | null;
  statistics: LinkStatistics | null;
  used: DataUsed;
  score: SteadyScore;
  voiceLoss: VoiceLoss;
}

export function createQualityControl(options: QualityControlOptions): QualityControl {
  const links = new Map<ParticipantId, Watched>();
  let own = { camera: false, screen: false };
  let plans: ReadonlyMap<ParticipantId, SendingPlan> = new Map();
  /** Null while no screen is shown. */
  let beside: BesideScreen | null = null;
  let uplink = createUplink();
  let tightFor = 0;
  let told: UplinkState = 'good';
  let pace: StatisticsPace = 'normal';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let usedByLeavers = noData;
  let stopped = false;
  lookLater();

  function plan(): void {
    const receivers = [...links].map(([id, { wanted, voiceLoss }]) => ({
      id,
      wanted,
      losesVoice: voiceLoss.isHigh,
    }));
    const besideScreen = beside === null ? null : limitsBesideScreen(beside);
    plans = planSending(receivers, besideScreen, thriftOf(uplink));
    options.onPlans(plans);
  }

  function sampleScreen(): ScreenSample {
    const lookers = [...links.values()].filter(({ wanted }) => wanted?.screen !== 0).length;
    const available = [...links.values()].map(({ statistics }) => statistics?.availableBitsPerSecond ?? null);
    return {
      lookers,
      screenBitsPerSecond: planScreen(lookers + 1).maxBitsPerSecond,
      availableBitsPerSecond: available.reduce<number | null>(
        (sum, bits) => (sum === null || bits === null ? null : sum + bits),
        available.length === 0 ? null : 0,
      ),
    };
  }

  /** @returns whether the camera's share has changed. */
  function followScreen(): boolean {
    if (beside === null) return false;
    const { level } = beside;
    beside = stepBesideScreen(beside, sampleScreen(), performance.now());
    return beside.level !== level;
  }

  function lookLater(): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void look(), intervalsMs[pace]);
  }

  async function look(): Promise<void> {
    const changes = await Promise.all([...links].map(([id, link]) => lookAt(id, link)));
    if (stopped) return;
    if (changes.includes(true)) plan();
    tellQuality();
    followUplink();
    options.onLooked();
    lookLater();
  }

  /** @returns whether the voice is to be sent otherwise from now on. */
  async function lookAt(id: ParticipantId, link: Watched): Promise<boolean> {
    // A connection that is closed meanwhile may refuse to be asked.
    const reading = await options.read(id).catch(() => null);
    link.statistics = null;
    if (reading === null) return false;
    link.statistics = readLinkStatistics(link.reading, reading, link.used, Date.now());
    const { bytesSent, bytesReceived } = link.statistics;
    link.used = { bytesSent, bytesReceived };
    link.reading = reading;
    link.score = steadyScore(link.score, scoreLink(link.statistics));
    const { isHigh } = link.voiceLoss;
    link.voiceLoss = stepVoiceLoss(link.voiceLoss, link.statistics.sent.audio?.lossShare ?? null);
    return link.voiceLoss.isHigh !== isHigh;
  }

  function tellQuality(): void {
    const seen = [...links].filter(([, { statistics }]) => statistics !== null);
    const qualities = judgeQuality(new Map(seen.map(([id, { score }]) => [id, score])));
    for (const [id, quality] of qualities) options.onQuality(id, quality);
  }

  function followUplink(): void {
    const statistics = [...links.values()].flatMap(({ statistics: known }) => known ?? []);
    if (statistics.length === 0) return;
    const sample = sampleUplink(statistics, [...plans.values()], own);
    tightFor = isTight(statistics, sample) ? tightFor + 1 : 0;
    const before = uplink;
    uplink = stepUplink(uplink, sample, performance.now());
    const screenChanged = followScreen();
    if (screenChanged || uplink.step !== before.step || uplink.processorStep !== before.processorStep) plan();
    tellUplink();
  }

  function tellUplink(): void {
    const state = describeUplink(uplink, tightFor);
    if (state === told) return;
    told = state;
    options.onUplink(state);
  }

  return {
    add(id) {
      links.set(id, {
        wanted: null,
        reading: null,
        statistics: null,
        used: noData,
        score: newScore,
        voiceLoss: noVoiceLoss,
      });
      plan();
    },
    remove(id) {
      const link = links.get(id);
      if (link === undefined) return;
      usedByLeavers = addData(usedByLeavers, link.used);
      links.delete(id);
      plan();
    },
    setWanted(id, wanted) {
      const link = links.get(id);
      if (link === undefined) return;
      link.wanted = wanted;
      plan();
    },
    setOwn(next) {
      if (next.screen !== own.screen) beside = next.screen ? startBesideScreen(sampleScreen()) : null;
      own = next;
      plan();
    },
    statistics: (id) => links.get(id)?.statistics ?? null,
    dataUsed: () => [...links.values()].reduce((sum, { used }) => addData(sum, used), usedByLeavers),
    setPace(next) {
      if (next === pace) return;
      pace = next;
      lookLater();
    },
    keepPictures() {
      uplink = keepPictures(uplink, performance.now());
      plan();
      tellUplink();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
