import type { Faults } from './faults.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

/** Whether the account may write to people who have not written first. */
export function timelock({ reachoutTimelock }: Faults): object {
  return {
    is_active: reachoutTimelock !== undefined,
    ...(reachoutTimelock && {
      time_enforcement_ends: unixTime(reachoutTimelock.until),
      enforcement_type: reachoutTimelock.type ?? 'BIZ_QUALITY',
    }),
  };
}

/** The monthly quota for messages to people who do not answer; -1 stands for none. */
export function newChatCap({ newChatCap: cap }: Faults): object {
  if (!cap) {
    return { capping_status: 'NONE', total_quota: -1, used_quota: 0 };
  }
  return {
    capping_status: cap.status,
    total_quota: cap.total,
    used_quota: cap.used,
    cycle_end_timestamp: unixTime(cap.cycleEnds),
  };
}

/** Both as the server tells them of its own accord. */
export function limitUpdates(faults: Faults): readonly Stanza[] {
  return [
    update('NotificationUserReachoutTimelockUpdate', { xwa2_notify_account_reachout_timelock: timelock(faults) }),
    update('MessageCappingInfoNotification', {
      xwa2_notify_new_chat_messages_capping_info_update: newChatCap(faults),
    }),
  ];
}

function update(name: string, data: object): Stanza {
  return stanza('update', { op_name: name }, Buffer.from(JSON.stringify({ data })));
}
