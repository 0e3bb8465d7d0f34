import { recordStatistics, type Room, type StatisticsRecord } from '@callbox/client';
import { useEffect, useMemo } from 'preact/hooks';
import { useIsSeen } from './use-is-seen.ts';

/**
 * Keeps the figures of the call from its start, so that who asks for them sees what led there.
 *
 * @param areShown looked at now: then they are taken more often.
 */
export function useStatistics(room: Room, areShown: boolean): StatisticsRecord {
  const isSeen = useIsSeen();
  const record = useMemo(() => recordStatistics(room), [room]);
  useEffect(() => () => record.stop(), [record]);
  useEffect(() => {
    room.setStatisticsPace(!isSeen ? 'calm' : areShown ? 'close' : 'normal');
  }, [room, isSeen, areShown]);
  return record;
}
